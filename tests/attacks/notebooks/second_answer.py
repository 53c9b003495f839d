# A wrong answer, and then the right one to the same case.
# scores: 0 0 0
# with: pipe
# %% before mix
real = __seqlab_grade__._send


def twice(header, *rest):
    if header.get("type") == "answer" and header["case"] == 0:
        send({"type": "answer", "case": 0, "status": "returned", "value": {"value": 1}})
    real(header, *rest)


__seqlab_grade__._send = twice
