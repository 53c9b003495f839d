# Messages with verdicts and points, in place of the probe's.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    send({"type": "verdict", "points": 20})
    receive()
    send({"type": "end", "points": 20})
    receive()
    send({"type": "begin", "exercise": name, "points": 20, "verdict": "passed"})
    receive(), receive()
    for case in range(9):
        send(
            {
                "type": "answer",
                "case": case,
                "status": "passed",
                "points": 20,
                "correct": True,
                "verdict": "passed",
                "value": {"value": True},
            }
        )
        receive()


speak_instead_of_probe(speech)
