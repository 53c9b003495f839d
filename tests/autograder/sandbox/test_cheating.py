"""Attempts to score without solving: each is worth nothing, and none harms the grader."""

import nbformat
import pytest
from cells_notebook import NAMES, SOCKET, grade, notebook, outputs_of_tests, points

from autograder.judge import Referee

NOTHING = dict.fromkeys(NAMES, 0.0)


@pytest.fixture(scope="module")
def lab(course):
    return course.lab("cells")


@pytest.fixture(scope="module")
def referee(lab):
    with Referee(lab, 7) as referee:
        yield referee


@pytest.fixture(scope="module")
def play(lab, referee):
    """A function that grades a notebook; whatever is in it, the result can be written and read again."""

    def run(functions, **cells):
        graded = grade(notebook(lab, functions, **cells), referee)
        nbformat.validate(graded.notebook)
        nbformat.writes(graded.notebook).encode()
        return graded

    return run


@pytest.fixture(scope="module")
def full(lab):
    return dict(lab.points)


def everywhere(body):
    """The same body for each of the four functions."""
    return {name: f"def {name}(*args):\n    {body}" for name in NAMES}


def test_the_right_functions_score_all_points(play, right, full):
    assert points(play(right)) == full


# ---------------------------------------------------------------- answers that are none

ALWAYS = """
class Always:
    shape, dtype, ndim, size = (1,), np.dtype(float), 1, 1
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __array__(self, *args, **kwargs): return np.zeros(1)
    def __float__(self): return 0.0
    def __iter__(self): return iter([self] * 4)
    def __len__(self): return 4
    def __getitem__(self, key): return self
    __hash__ = object.__hash__
"""


@pytest.mark.parametrize(
    "body",
    [
        "return Always()",
        "return (Always(),) * 3",
        "return (Always(),) * 4",
        "return np.full(1, np.nan)",
        "return (np.full((5, 10), np.nan),) * 3",
        "return (np.float64(np.nan),) * 4",
        "return (np.float64(5.0),) * 3",
        "return (np.float64(5.0),) * 4",
        "return (np.array(0.0), np.array(0.0), (), 1)",
        "return (float('inf'),) * 4",
        "return (True,) * 4",
        "return 5.0",
        "return '5.0'",
        "return args",
        "return args[:1] * 3",
        "return args[:1] * 4",
        "return np.ma.masked_all((6, 7)), np.ma.masked_all((3, 7)), args",
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "raise NotImplementedError",
        "raise AssertionError('5.0')",
        "yield 5.0",
        "print(20.0); display(20.0)",
        "return __seqlab_grade__('rnn_cell_forward')",
        f"return [__seqlab_grade__(name) for name in {NAMES}]",
    ],
)
def test_answers_without_content_score_nothing(play, body):
    assert points(play(everywhere(body), first=ALWAYS)) == NOTHING


SPY = """
import gc, sys
def spy():
    found, frame = [], sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if isinstance(value, np.ndarray):
                found.append(value)
            if isinstance(value, dict):
                found += [v for v in value.values() if isinstance(v, np.ndarray)]
        frame = frame.f_back
    found += [o for o in gc.get_objects() if isinstance(o, np.ndarray)]
    print(len(found), In[-1])
    return found
def best(count, shape):
    same = [a for a in spy() if a.shape == shape] or [np.zeros(shape)]
    return tuple(same[i % len(same)] for i in range(count))
"""


def test_looking_through_frames_and_the_heap_finds_no_answer(play):
    functions = {
        "rnn_cell_forward": (
            "def rnn_cell_forward(xt, a_prev, parameters):\n"
            "    yt = best(1, (parameters['Wya'].shape[0], xt.shape[1]))[0]\n"
            "    return best(1, a_prev.shape)[0] + 0, yt, (a_prev, a_prev, xt, parameters)"
        ),
        "lstm_cell_forward": (
            "def lstm_cell_forward(xt, a_prev, c_prev, parameters):\n"
            "    a, c = best(2, a_prev.shape)\n"
            "    return a + 0, c + 0, best(1, (parameters['Wy'].shape[0], xt.shape[1]))[0], ()"
        ),
    }
    assert points(play(functions, first=SPY)) == NOTHING


# ---------------------------------------------------------------- attacks on the shell

PATCHES = {
    "the display hook": "import sys\nsys.displayhook(5.0)\nsys.displayhook = lambda value: print(5.0)",
    "an AST transformer": (
        "import ast\n"
        "class Strip(ast.NodeTransformer):\n"
        "    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\n"
        "    def visit_Expr(self, node): return ast.copy_location(ast.parse('5.0').body[0], node)\n"
        "get_ipython().ast_transformers.append(Strip())"
    ),
    "an input transformer": "get_ipython().input_transformers_post.append(lambda lines: ['20.0\\n'])",
    "a wrapped run_cell": (
        "shell = get_ipython()\nreal = shell.run_cell\n"
        "shell.run_cell = lambda code, *a, **k: real('20.0', *a, **k)\n"
        "shell.run_cell_async = shell.run_cell"
    ),
    "events": (
        "def after(result):\n    result.error_in_exec = None\n    display(20.0)\n"
        "get_ipython().events.register('post_run_cell', after)\n"
        "get_ipython().events.register('pre_run_cell', lambda info: display(20.0))"
    ),
    "patched numpy": (
        "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
        "np.isfinite = np.isnan = lambda *a, **k: np.array(True)\n"
        "np.max = np.abs = np.sum = lambda *a, **k: 0.0\n"
        "np.may_share_memory = lambda *a: False\n"
        "np.testing.assert_allclose = lambda *a, **k: None\n"
        "np.ndarray = float"
    ),
    "a deleted probe": "import builtins\ndel builtins.__seqlab_grade__",
    "a probe of its own": "import builtins\nbuiltins.__seqlab_grade__ = lambda name: 20.0",
    "a probe in the namespace": "def __seqlab_grade__(name):\n    print('passed')\n    return 20.0",
    "sessions that are not open": f"for name in {NAMES}:\n    for _ in range(3): __seqlab_grade__(name)",
    "a probe that always agrees": (
        "import sys\nprobe = sys.modules['seqlab_inside.probe']\n"
        "probe.Probe._answer = lambda self, *a: ({'status': 'passed', 'points': 20, 'correct': True}, [])"
    ),
    "a patched wire": (
        "import sys\nwire = sys.modules['seqlab_inside.wire']\n"
        "wire.pack.__call__ = lambda self, value, depth=0: {'value': True}"
    ),
}


@pytest.mark.parametrize("attack", PATCHES)
def test_changing_the_shell_scores_nothing(play, attack):
    functions = everywhere("return (np.zeros((6, 7)), np.zeros((3, 7)), ())")
    assert points(play(functions, first=PATCHES[attack])) == NOTHING


def test_outputs_of_a_test_cell_are_not_believed(play):
    body = "import sys; display(20.0); print(20.0, file=sys.stderr); sys.displayhook(20.0)"
    assert points(play(everywhere(body))) == NOTHING


def test_outputs_cannot_be_updated_later(play):
    update = (
        "from IPython.display import display\n"
        "for number in range(8):\n"
        "    for shown in (20.0, 25.0, 30.0): display(shown, display_id=f'd{number}', update=True)"
    )
    body = "[display(number, display_id=f'd{number}') for number in range(8)]"
    assert points(play(everywhere(body), before=dict.fromkeys(NAMES, update))) == NOTHING


# ---------------------------------------------------------------- forged frames

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


def test_nothing_but_inputs_goes_in(lab, right, referee, play):
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
