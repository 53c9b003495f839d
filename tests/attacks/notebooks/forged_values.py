# Answers that are no values: wrong nodes, wrong numbers of arrays, NaN where a number of an array stands.
# scores: 0 0 0
# with: pipe
# %% first
def speech(name):
    begin(name)
    values = [
        {"array": 0},
        {"array": 10**30},
        {"dict": [[None, 1]]},
        {"tuple": [{"array": 0}] * 2},
        {"tuple": [{"other": "x"}, {"value": float("nan")}]},
        {"list": [{"list": []}] * 1000},
        {"value": float("inf")},
        None,
        5,
    ]
    for case, value in enumerate(values):
        answer = {"type": "answer", "case": case, "status": "returned"}
        send({**answer, "value": value, "inputs": value, "shared": value})
        receive()


speak_instead_of_probe(speech)
