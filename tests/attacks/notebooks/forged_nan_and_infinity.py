# Well-formed arrays of NaN, infinity, signalling NaN and numbers that no processor makes.
# scores: 0 0 0
# with: pipe
# %% first
def array(kind, data, shape):
    return npy(repr({"descr": kind, "fortran_order": False, "shape": shape}), data)


def speech(name):
    send({"type": "begin", "exercise": name})
    receive()
    header = receive()
    patterns = [b"\xff" * 8, b"\x00\x00\x00\x00\x00\x00\xf0\x7f", b"\x01\x00\x00\x00\x00\x00\xf0\x7f"]
    for case, shape in enumerate(
        {"mix": [(3, 5), (6, 2), (4, 1), (2, 3)], "walk": [(3, 2, 3), (2, 4, 7)], "slope": [(6,), (3, 4)]}[
            name
        ]
    ):
        size = int(np.prod(shape))
        one = array("<f8", patterns[case % 3] * size, shape)
        # A float of 80 bits without its leading one, and all of a complex number.
        other = array("<f16", (b"\x00" * 7 + b"\x40\xff\x3f" + bytes(6)) * shape[-1], shape[-1:])
        value = {"tuple": [{"array": 0}, {"array": 1}]} if name == "mix" else {"array": 0}
        send({"type": "answer", "case": case, "status": "returned", "value": value}, one, other)
        receive()


speak_instead_of_probe(speech)
