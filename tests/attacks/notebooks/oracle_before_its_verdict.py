# Asks the referee to compute functions that are not lent: their own exercise's, earlier ones and later ones.
# scores: 0 0 0
# with: pipe
# shows: got: []
# %% first
got = []


def speech(name):
    begin(name)
    for other in ("mix", "walk", "slope", "numpy", None, ["mix"], "__import__"):
        for args in ({"list": []}, {"list": [{"list": [{"value": 1}]}, {"dict": []}]}):
            send({"type": "call", "function": other, "args": args})
            kind = receive()["type"]
            if kind == "result" or (kind != "closed" and (name, other) != ("walk", "mix")):
                got.append((name, other, kind))


speak_instead_of_probe(speech)
# %% last
print("got:", got)
