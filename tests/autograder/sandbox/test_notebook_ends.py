"""A notebook whose process ends half-way: what students read, and what earlier cells keep."""

import pytest
from cells_notebook import NAMES, grade, notebook, points

from autograder.sandbox import Isolation, Limits, executor
from autograder.settings import Settings

pytestmark = pytest.mark.slow

ISOLATIONS = [
    pytest.param(Isolation.BUBBLEWRAP, marks=pytest.mark.sandbox, id="bubblewrap"),
    pytest.param(Isolation.LIMITS, id="limits"),
]


@pytest.mark.parametrize("isolation", ISOLATIONS)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("import os; os._exit(1)", "the notebook's process ended by itself (exit code 1)"),
        (
            "import ctypes; ctypes.string_at(0)",
            "the notebook's process was ended by SIGSEGV (out of memory, or a crash)",
        ),
    ],
)
def test_a_function_that_ends_the_process(lab, right, referee, isolation, body, reason):
    functions = {**right, "lstm_cell_forward": f"def lstm_cell_forward(*args):\n    {body}"}
    book = notebook(lab, functions, before={"lstm_forward": "print('never')"})
    graded = grade(book, referee, Settings(isolation, Limits(cell_seconds=10), figures=False))
    assert graded.ended == f"{reason}, in the test cell `test_lstm_cell_forward`"
    got = points(graded)
    assert got == {name: lab.points[name] if name.startswith("rnn") else 0.0 for name in NAMES}
    third, fourth = graded.verdicts[2:]
    assert reason[1:] in third.message
    assert reason[1:] in fourth.message
    assert {case.status for case in fourth.cases} == {"not run"}
    later = next(cell for cell in book.cells if "never" in cell.source)
    assert (later.outputs, later.execution_count) == ([], None)


def test_an_ordinary_cell_that_ends_the_process_says_so(lab, right, referee):
    book = notebook(lab, right, before={"rnn_forward": "import os\nprint('before')\nos._exit(0)"})
    graded = grade(book, referee)
    cell = next(cell for cell in book.cells if "_exit" in cell.source)
    assert cell.outputs[-1].evalue == (
        "the notebook's process ended by itself (exit code 0), in the cell that begins with `import os`; "
        "the cells after this one did not run"
    )
    assert list(points(graded).values()) == [lab.points[NAMES[0]], 0.0, 0.0, 0.0]


def test_a_function_that_never_ends_costs_its_own_points_only(lab, right, referee):
    functions = {**right, "lstm_cell_forward": "def lstm_cell_forward(*args):\n    while True: pass"}
    graded = grade(
        notebook(lab, functions), referee, Settings(Isolation.LIMITS, Limits(cell_seconds=1.5), figures=False)
    )
    assert not graded.ended
    got = points(graded)
    assert got == {**lab.points, "lstm_cell_forward": 0.0}
    assert "he time limit of 1.5 s was reached: does a loop never end?" in graded.verdicts[2].message
    assert graded.verdicts[3].carried_forward


def test_a_function_that_never_ends_and_cannot_be_stopped(lab, right, referee, monkeypatch):
    monkeypatch.setattr(executor, "GRACE", 0.7)
    body = "import time\n    while True:\n        try: time.sleep(9)\n        except BaseException: pass"
    functions = {**right, "lstm_cell_forward": f"def lstm_cell_forward(*args):\n    {body}"}
    graded = grade(
        notebook(lab, functions), referee, Settings(Isolation.LIMITS, Limits(cell_seconds=1), figures=False)
    )
    stopped = "a cell ran past its limit of 1 s and could not be stopped"
    assert graded.ended == f"{stopped}, in the test cell `test_lstm_cell_forward`"
    assert list(points(graded).values()) == [*[lab.points[name] for name in NAMES[:2]], 0.0, 0.0]


def test_output_of_a_cell_is_cut_and_says_so(lab, right, referee):
    book = notebook(lab, right, before={"rnn_forward": "for _ in range(100): print('x' * 10_000)"})
    graded = grade(book, referee)
    cell = next(cell for cell in book.cells if "10_000" in cell.source)
    text = "".join(output.text for output in cell.outputs)
    assert text.endswith("... cut after 256 kB\n")
    assert len(text) < 300 << 10
    assert points(graded) == dict(lab.points)


@pytest.mark.parametrize(
    "code", ["await __import__('asyncio').sleep(0)", "%matplotlib inline", "!true", "# only"]
)
def test_kinds_of_cells_between_tests(lab, right, referee, code):
    graded = grade(notebook(lab, right, before=dict.fromkeys(NAMES, code)), referee)
    assert points(graded) == dict(lab.points)
