# Answers, calls and ends before the session has begun.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    for case in range(9):
        for kind in ("answer", "call", "end", "open", "case", "result", "cell", "start"):
            send({"type": kind, "case": case, "function": "mix", "status": "returned", "value": {"value": 1}})
            assert receive()["type"] == "closed"


speak_instead_of_probe(speech)
