"""Attempts to score without solving: each is worth nothing, and none harms the grader."""

import pytest
from cells_notebook import NAMES, points

NOTHING = dict.fromkeys(NAMES, 0.0)


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


WITHOUT_CONTENT = [
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
]


@pytest.mark.parametrize("body", WITHOUT_CONTENT)
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
