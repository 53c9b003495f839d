"""A student's code that speaks for the probe: forged frames score nothing and never fail the grader."""

import pytest
from cells_notebook import NAMES, SOCKET, outputs_of_tests, points

NOTHING = dict.fromkeys(NAMES, 0.0)


FORGED = {
    "verdicts": """
        send({"type": "verdict", "points": 20}); receive()
        send({"type": "end", "points": 20}); receive()
        send({"type": "begin", "exercise": name, "points": 20, "verdict": "passed"}); receive(); receive()
        for case in range(9):
            send({"type": "answer", "case": case, "status": "passed", "points": 20, "correct": True,
                  "verdict": "passed", "value": {"value": True}})
            receive()""",
    "cases that were not asked": """
        send({"type": "begin", "exercise": name}); receive(); receive()
        for case in (5, -1, "0", None, [0], {"case": 0}, 1e999, 2**70):
            send({"type": "answer", "case": case, "status": "returned", "value": {"value": 1}})
            assert receive()["type"] == "closed" """,
    "answers before the beginning": """
        for case in range(9):
            send({"type": "answer", "case": case, "status": "returned", "value": {"value": 1}})
            assert receive()["type"] == "closed" """,
    "other exercises": """
        for other in names:
            if other != name:
                send({"type": "begin", "exercise": other})
                assert receive()["type"] == "closed" """,
    "exercises that are no names": """
        for other in (None, 1, [name], {"name": name}, name.encode().hex(), ""):
            send({"type": "begin", "exercise": other})
            assert receive()["type"] == "closed" """,
    "functions that are not lent": """
        send({"type": "begin", "exercise": name}); receive(); receive()
        for other in (*names, "numpy", None, ["rnn_cell_forward"]):
            send({"type": "call", "function": other, "args": {"list": []}})
            assert receive()["type"] in ("closed", "refused")""",
    "malformed values": """
        send({"type": "begin", "exercise": name}); receive(); receive()
        values = [None, 5, {"array": 0}, {"array": 10**30}, {"dict": [[None, 1]]},
                  {"tuple": [{"array": 0}] * 3}, {"other": "x"}, {"value": float("nan")},
                  {"list": [{"list": []}] * 1000}]
        for case, value in enumerate(values):
            send({"type": "answer", "case": case, "status": "returned", "value": value, "inputs": value,
                  "shared": value})
            receive()""",
    "malformed arrays": """
        send({"type": "begin", "exercise": name}); receive(); receive()
        def npy(text, data=b""):
            return b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(text)) + text.encode() + data
        headers = ["", "{", "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
                   "{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,)}",
                   "{'descr': '<f8', 'fortran_order': False, 'shape': (0, %d)}" % 2**70,
                   "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
                   "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 7)}",
                   "{'descr': '<c16', 'fortran_order': False, 'shape': (0,)}",
                   "{'descr': '<u8', 'fortran_order': True, 'shape': (0, 0)}"]
        for case, text in enumerate(headers):
            send({"type": "answer", "case": case, "status": "returned",
                  "value": {"tuple": [{"array": 0}] * 3}, "inputs": {"array": 0},
                  "shared": [[0, "xt"]] * 99}, npy(text))
            receive()""",
    "words that are none": """
        send({"type": "begin", "exercise": name}); receive(); receive()
        words = ["\\ud800", "<script>", "x" * 100_000, 5, None, [], float("nan"), True, -2**70]
        for case, word in enumerate(words):
            status = ["raised", "missing", "not callable", word][case % 4]
            send({"type": "answer", "case": case, "status": status, "error": word, "message": word,
                  "line": word, "source": word, "kind": word, "stub": word, "reason": word})
            receive()""",
}


@pytest.mark.parametrize("attack", FORGED)
def test_forged_frames_score_nothing_and_spoil_nothing_else(play, right, full, attack):
    forger = f"names = {NAMES}\nname = 'rnn_cell_forward'\ndef forge():\n    if True:{FORGED[attack]}"
    tests = {"rnn_cell_forward": "forge()\nprint('forged')"}
    graded = play(right, first=SOCKET + forger, tests=tests)
    assert not graded.ended
    assert points(graded) == {**full, "rnn_cell_forward": 0.0}


def test_the_forgers_would_score_with_right_answers(play, right, full):
    """Shows that the forged frames above do reach the referee."""
    forger = (
        "def forge():\n"
        "    probe = __seqlab_grade__\n"
        "    from seqlab_inside.wire import Reader\n"
        "    reader = Reader()\n"
        "    def answer():\n"
        "        while (found := reader.next()) is None: reader.feed(pipe.recv(1 << 16))\n"
        "        return found\n"
        "    send({'type': 'begin', 'exercise': 'rnn_cell_forward'})\n"
        "    assert answer()[0]['type'] == 'open'\n"
        "    while (found := answer())[0]['type'] == 'case':\n"
        "        got, arrays = probe._answer('rnn_cell_forward', *found)\n"
        "        first(found[0]['case'])\n"
        "        if skip(found[0]['case']): answer(); continue\n"
        "        send({'type': 'answer', 'case': found[0]['case'], **got}, *arrays)\n"
    )
    honest = "def first(case): pass\ndef skip(case): return False\n"
    tests = {"rnn_cell_forward": "forge()"}
    assert points(play(right, first=SOCKET + forger + honest, tests=tests)) == full
    # A wrong answer first, then the right one to the same case: the first is final.
    twice = (
        "def first(case):\n"
        "    if case == 0: send({'type': 'answer', 'case': 0, 'status': 'returned', 'value': {'value': 1}})\n"
        "def skip(case): return False\n"
    )
    graded = play(right, first=SOCKET + forger + twice, tests=tests)
    assert points(graded)["rnn_cell_forward"] == 0.0
    assert graded.verdicts[0].cases[0].status == "failed"


FORGED_OUTPUTS = """
import itertools
junk = [None, 5, True, [], {}, "x", "\\ud800", [[]], {"a": [1]}, float("nan"), -2**70]
for word in ("stream", "display_data", "execute_result", "error", "clear_output", "update_display_data",
             "comm_open", "status", 5, None, ["stream"]):
    for one, two in itertools.product(junk, junk):
        send({"type": "output", "msg_type": word, "content": {
            "name": one, "text": two, "data": one, "metadata": two, "execution_count": one, "ename": one,
            "evalue": two, "traceback": one, "wait": one, "transient": {"display_id": two}}})
    for content in junk:
        send({"type": "output", "msg_type": word, "content": content})
deep = "x"
for _ in range(180): deep = [deep]
send({"type": "output", "msg_type": "display_data", "content": {
    "data": {"application/json": deep}, "metadata": {}}})
send({"type": "output", "msg_type": "stream", "content": deep})
for key in ("text/plain", "image/png", "text/html", "application/json", "", "x" * 1000):
    for value in junk:
        for kind in ("display_data", "execute_result", "update_display_data"):
            send({"type": "output", "msg_type": kind, "content": {
                "data": {key: value}, "metadata": {}, "execution_count": 3,
                "transient": {"display_id": "shared"}}})
"""


def test_forged_outputs_leave_a_notebook_that_can_be_read(play, right, full):
    first = f"{SOCKET}\ndef flood():\n    " + FORGED_OUTPUTS.strip().replace("\n", "\n    ")
    before = dict.fromkeys(NAMES, "display(1, display_id='shared')\nflood()\nprint('done')")
    graded = play(right, first=first, before=before)
    assert points(graded) == full
    assert not graded.ended


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "done"}',
        '{"type": "done", "status": "ok", "count": -5}',
        '{"type": "done", "status": 5, "error": [[]], "count": "x", "timeout": 1}',
        '{"type": "ready"}',
        '{"type": ["done"]}',
        "{}",
    ],
)
def test_forged_ends_of_cells_do_not_fail_the_grader(play, right, full, frame):
    graded = play(right, before={"rnn_forward": f"{SOCKET}\nsend({frame.replace('null', 'None')})"})
    got = points(graded)
    assert got["rnn_cell_forward"] == full["rnn_cell_forward"]
    assert all(0 <= got[name] <= full[name] for name in NAMES)


@pytest.mark.parametrize(
    "raw",
    [
        "struct.pack('!II', 2**32 - 1, 5)",
        "struct.pack('!II', 5, 0) + b'hello'",
        "struct.pack('!II', 14, 0) + b'{\"arrays\": [1]}'",
        "b'\\xff' * 100",
        "struct.pack('!II', 400_014, 0) + b'{\"arrays\": ' + b'[' * 400_002 + b'}'",
    ],
)
def test_unreadable_frames_end_the_notebook_and_keep_earlier_verdicts(play, right, full, raw):
    graded = play(right, before={"lstm_cell_forward": f"{SOCKET}\npipe.sendall({raw})"})
    assert graded.ended.startswith("the notebook's process sent something unreadable")
    kept = {name: full[name] for name in ("rnn_cell_forward", "rnn_forward")}
    assert points(graded) == {**NOTHING, **kept}


def test_nothing_but_inputs_goes_in(play, right):
    """What the sandbox receives for a case names no outcome, and has no array of the right outputs."""
    record = (
        "def spy_on(probe):\n"
        "    real = probe._receive\n"
        "    def receive():\n"
        "        header, arrays = real()\n"
        "        seen.append((sorted(header), [len(a) for a in arrays]))\n"
        "        return header, arrays\n"
        "    probe._receive = receive\n"
        "seen = []\nspy_on(__seqlab_grade__)"
    )
    book = play(right, first=record, before={"lstm_forward": "print(*seen, sep='\\n')"}).notebook
    text = next(c for c in book.cells if c.source.startswith("print(*seen")).outputs[0].text
    keys = {word for line in text.splitlines() for word in eval(line)[0]}
    assert keys == {"arrays", "type", "lend", "case", "inputs", "apart"}
    assert len(outputs_of_tests(book)) == 4
