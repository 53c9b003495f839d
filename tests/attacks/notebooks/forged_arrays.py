# Arrays of objects, of 2^40 elements, of negative and of empty shape, shorter and longer than they say.
# scores: 0 0 0
# with: pipe
# %% first
heads = ["", "{", "__import__('os').system('true')"]
for kind, order, shape in [
    ("|O", False, "(1,)"),
    ("<f8", False, "(1099511627776,)"),
    ("<f8", False, f"(0, {2**70})"),
    ("<f8", False, "(-1,)"),
    ("<f8", False, "(0, 7)"),
    ("<f8", False, "(1000,)"),
    ("<c16", False, "(0,)"),
    ("<u8", True, "(0, 0)"),
    ("|V9999999999", False, "(1,)"),
]:
    heads.append(repr({"descr": kind, "fortran_order": order, "shape": 0}).replace("0}", shape + "}"))


def speech(name):
    begin(name)
    for case in range(6):
        send(
            {
                "type": "answer",
                "case": case,
                "status": "returned",
                "value": {"tuple": [{"array": case}, {"array": case + 6}]}
                if name == "mix"
                else {"array": case},
                "inputs": {"array": case},
                "shared": [[0, "x"]] * 99,
            },
            *(npy(head, bytes(16)) for head in heads),
        )
        receive()


speak_instead_of_probe(speech)
