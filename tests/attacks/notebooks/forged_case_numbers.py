# Answers to cases that were not asked, with numbers of every kind.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    begin(name)
    for case in (5, -1, "0", None, [0], {"case": 0}, 1e999, 2**70):
        send({"type": "answer", "case": case, "status": "returned", "value": {"value": 1}})
        assert receive()["type"] == "closed"


speak_instead_of_probe(speech)
