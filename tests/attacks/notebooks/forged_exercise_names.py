# Begins the sessions of other exercises and of none, within a test cell and without.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    for other in ("mix", "walk", "slope", None, 1, [name], {"name": name}, name.upper(), ""):
        if other != name:
            send({"type": "begin", "exercise": other})
            assert receive()["type"] == "closed"


speech("")
speak_instead_of_probe(speech)
