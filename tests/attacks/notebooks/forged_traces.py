# Traces with huge, undefined and very many numbers, names and values of script; and answers after a trace was asked for.
# scores: 0 0 0
# with: pipe
# shows: mix: ['closed', 'end', 'trace']
# shows: slope: ['closed', 'end', 'trace']
# %% first
got = {}
NAMES = ["y", "total", "gradient", "path", "<script>attacked</script>", "\r\n\x1b[2J99 of 99", "\ud800"]
SCRIPT = "<script>attacked</script>"
HUGE = [[0, 1e308, -1e308, 1e308, 1e308, -1e308, 1e308, 2]] * 3600


def table(rows):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 8), }\n" % len(rows)
    return npy(header, np.array(rows, "<f8").tobytes())


def traced(number, rows, names=NAMES, **answer):
    header = {"type": "traced", "case": number, "status": "traced", "names": names, "complete": True}
    send({**header, "rows": {"array": 0}, "answer": answer}, table(rows), table(rows))
    return receive()["type"]


def right(number, shape, data):
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }\n" % (shape,)
    value = {"tuple": [{"array": 0}, {"array": 1}]}
    send(
        {"type": "answer", "case": number, "status": "returned", "value": value},
        npy(header, data),
        npy(header, data),
    )
    return receive()["type"]


def speech(name):
    kinds, number = set(), 0
    send({"type": "begin", "exercise": name})
    assert receive()["type"] == "open"
    sent = receive()
    while sent["type"] == "case":
        send({"type": "answer", "case": sent["case"], "status": "returned", "value": {"value": 1}})
        sent = receive()
    kinds.add(sent["type"])
    kinds.update(right(number, (3, 5), bytes(120)) for number in range(7))  # too late
    many = [[n % 6, 2392254482, 15, 1, 0, 0, 0, 1] for n in range(3600)]  # all of one form
    kinds.add(traced(1, many[:9]))  # not the one that was asked for
    kinds.add(traced(-1, many[:9]))
    kinds.add(traced("0", many[:9]))
    kinds.add(
        traced(
            0,
            many if name == "mix" else HUGE,
            value={"tuple": [{"array": 0}, {"value": SCRIPT}]},
            status=SCRIPT,
        )
    )
    kinds.add(traced(0, many[:9]))  # a second time
    kinds.add(
        traced(1, [[float("nan")] * 8], [SCRIPT] * 60)
        if name == "mix"
        else traced(1, many, [SCRIPT], value={"array": 7})
    )
    kinds.add(traced(2, many[:9]))  # one more than was asked for
    send({"type": "call", "function": "mix", "args": {"tuple": [{"list": []}, {"dict": []}]}})
    kinds.add(receive()["type"])
    got[name] = sorted(kinds)


speak_instead_of_probe(speech)
# %% last
print("attacked")
for name, kinds in got.items():
    print(f"{name}: {kinds}")
