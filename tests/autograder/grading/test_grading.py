"""Grading one submission: what is deleted, what runs out of time, what stands beside it, blank and right."""

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from autograder import settings
from autograder.cli.demo import fill_in
from autograder.errors import GraderError, SandboxError, UsageError
from autograder.grading.grader import Grader, Task
from autograder.referee import Session, draw
from autograder.run import Run
from autograder.sandbox import ForkServer, Isolation, Limits
from autograder.settings import Settings, require_isolation

pytestmark = pytest.mark.slow

NBGRADER = Path(sys.executable).parent / "nbgrader"
CELLS = ["title", "scale", "test_scale", "repeat", "test_repeat"]


@pytest.fixture(scope="module")
def grader(small_built):
    settings = Settings(Isolation.LIMITS, Limits(cell_seconds=1), figures=False)
    with Grader(Run(small_built, "scaling", settings, seed=7)) as grader:
        yield grader


@pytest.fixture
def submit(small_built, scaling, tmp_path, grader):
    """A function that grades a solved notebook after an edit; returns the record and the notebook."""

    def run(edit=lambda nb: None, **functions):
        release = nbformat.read(small_built.root / "release/scaling/scaling.ipynb", 4)
        nb = fill_in(release, {**scaling, **functions})
        edit(nb)
        nbformat.write(nb, tmp_path / "scaling.ipynb")
        outcome = grader(Task("ann", tmp_path / "scaling.ipynb"))
        return outcome.result, outcome.notebook

    return run


def points(result):
    assert result.status == "graded", result.reason
    return {verdict.name: verdict.points for verdict in result.exercises}


@pytest.mark.parametrize(
    "deleted",
    [(name,) for name in CELLS] + list(pairwise(CELLS)) + [tuple(CELLS)],
    ids="+".join,
)
def test_whatever_is_deleted_the_verdicts_are_all_there(submit, deleted):
    def delete(nb):
        nb.cells = [cell for cell in nb.cells if cell.id not in deleted]

    if deleted == tuple(CELLS):  # nothing is left by which the lab could be known
        result, _ = submit(delete)
        assert result.status == "bad submission"
        assert "belongs to no lab of this course" in result.reason
        return
    result, notebook = submit(delete)
    # `repeat` calls `scale`, and is graded with a right one where that is missing.
    assert points(result) == {
        "scale": 0 if "scale" in deleted else 4,
        "repeat": 0 if "repeat" in deleted else 6,
    }
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.metadata.nbgrader.grade_id for cell in tests] == ["test_scale", "test_repeat"]
    assert [float(cell.outputs[-1].data["text/plain"]) for cell in tests] == list(points(result).values())
    for verdict in result.exercises:
        if verdict.name in deleted:
            assert "is not defined" in verdict.message


def test_all_cells_are_put_back_into_a_notebook_that_is_known_by_a_function_alone(submit):
    def delete(nb):
        nb.cells = [cell for cell in nb.cells if cell.id not in CELLS] + [
            nbformat.v4.new_code_cell("def scale(): pass")
        ]

    result, _ = submit(delete)
    assert points(result) == {"scale": 0, "repeat": 0}
    assert all(verdict.message for verdict in result.exercises)


@pytest.mark.parametrize(
    ("scale", "words"),
    [
        ("def scale(x, w):\n    while True: pass", "time limit"),
        ("def scale(x, w):\n    import os\n    os._exit(0)", "ended by itself"),
        ("def scale(x, w):\n    import ctypes\n    ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_function_that_ends_badly_costs_its_points_and_says_why(submit, scale, words):
    result, notebook = submit(scale=scale)
    first = result.exercises[0]
    assert first.points == 0
    assert words in first.message
    assert {case.status for case in first.cases} == {"not run"}
    assert len(result.exercises) == 2
    outputs = [c.outputs[-1] for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert all(output.output_type == "execute_result" for output in outputs)


def test_the_time_of_an_exercise_is_known_if_its_test_cell_ran(submit):
    result, _ = submit()
    assert 0 < sum(verdict.seconds for verdict in result.exercises) <= result.seconds
    result, _ = submit(scale="def scale(x, w):\n    import os\n    os._exit(0)")
    first, second = (verdict.seconds for verdict in result.exercises)
    assert first > 0
    assert second is None


def test_an_own_function_that_hangs_leaves_time_for_the_lent_one(submit, scaling):
    hangs = "while sys._getframe(1).f_code.co_name == 'repeat': pass"
    scale = f"import sys\ndef scale(x, w):\n    {hangs}\n    return x, 0.0\n"
    result, _ = submit(scale=scale)
    assert points(result) == {"scale": 0, "repeat": 6}
    assert result.exercises[1].note == "Graded with a correct `scale`, so that its mistake costs only once."


def test_a_warning_and_writing_to_stderr_cost_nothing(submit):
    noisy = "import sys, warnings\n    warnings.warn('w')\n    print('e', file=sys.stderr)"
    result, notebook = submit(scale=f"def scale(x, w):\n    {noisy}\n    return x * w, (x * w).sum()")
    assert points(result) == {"scale": 4, "repeat": 6}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert [o.output_type for o in cell.outputs] == ["display_data", "execute_result"]


def test_the_student_s_own_files_and_folders_are_left_as_they_are(submit, tmp_path):
    writes = "def scale(x, w):\n    open('mine.txt', 'w').write('x')\n    return x * w, (x * w).sum()"
    result, _ = submit(scale=writes)
    assert points(result) == {"scale": 4, "repeat": 6}
    assert [path.name for path in tmp_path.iterdir()] == ["scaling.ipynb"]


def test_one_grader_does_not_carry_anything_from_one_submission_to_the_next(submit):
    leaves = "import builtins\nbuiltins.left = 1\ndef scale(x, w):\n    return x * w, (x * w).sum()"
    finds = "import builtins\ndef scale(x, w):\n    assert builtins.left\n    return x * w, (x * w).sum()"
    assert points(submit(scale=leaves)[0])["scale"] == 4
    assert points(submit(scale=finds)[0])["scale"] == 0


def test_a_seed_repeats_the_cases_and_another_seed_changes_them(small_built):
    def drawn(seed):
        cases = draw(small_built.lab("scaling"), seed)
        return [case.packed for exercise in cases.values() for case in exercise]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_an_unknown_lab(small_built):
    with pytest.raises(UsageError, match="there is no lab 'x'; there are scaling, unrelated"):
        Grader(Run(small_built, "x", Settings(), seed=1))


def test_without_a_sandbox_grading_refuses_and_says_how_to_go_on(monkeypatch):
    monkeypatch.setattr(settings, "why_not", lambda isolation: "bubblewrap is not installed: `apt-get ...`")
    with pytest.raises(GraderError, match=r"is not installed: `apt-get ...`; or, .* `--isolation limits`"):
        require_isolation(Settings())


# ---------------------------------------------------------------- faults of the grader


def test_a_fault_of_the_referee_is_a_grader_error_not_a_zero(submit, monkeypatch):
    def breaks(self, header, arrays):
        raise ZeroDivisionError("in the referee")

    monkeypatch.setattr(Session, "answer", breaks)
    result, notebook = submit()
    assert (result.status, result.exercises, result.max_points) == ("grader error", [], 10)
    assert result.reason == "the grader failed: ZeroDivisionError: in the referee"
    assert notebook is None
    monkeypatch.undo()
    assert points(submit()[0]) == {"scale": 4, "repeat": 6}, "the same grader goes on"


def test_a_sandbox_that_does_not_start_is_a_grader_error_not_a_zero(submit, monkeypatch):
    def breaks(self):
        raise SandboxError("no process can be started")

    monkeypatch.setattr(ForkServer, "fork", breaks)
    result, notebook = submit()
    assert (result.status, result.reason) == ("grader error", "no process can be started")
    assert notebook is None


# ---------------------------------------------------------------- the lab `cells`


@pytest.mark.sandbox
def test_the_lab_blank_is_0_and_solved_is_100(course, release, solved, tmp_path):
    shutil.copytree(course.root / "release/cells", tmp_path / "cells")
    path = tmp_path / "cells/cells.ipynb"
    settings = Settings(limits=Limits().with_changes(course.lab("cells").lab.limits))
    with Grader(Run(course, "cells", settings, seed=11)) as grader:
        for notebook, wanted in ((release(), 0), (solved(), 100)):
            nbformat.write(notebook, path)
            result = grader(Task("ann", path)).result
            assert (result.status, result.points, result.repairs) == ("graded", wanted, []), result.reason


@pytest.mark.slow
def test_nbgrader_validate_tells_blank_and_wrong_from_right(course, release, solved, right, tmp_path):
    """`nbgrader validate` ends with 0 whatever it finds: what it prints is looked at."""
    shutil.copytree(course.root / "release/cells", tmp_path / "cells")
    wrong = right["lstm_cell_forward"].replace("ft * c_prev + it * cct", "it * c_prev + ft * cct")
    assert wrong != right["lstm_cell_forward"]
    notebooks = {"blank": release(), "wrong": solved(lstm_cell_forward=wrong), "right": solved()}
    for name, notebook in notebooks.items():
        nbformat.write(notebook, tmp_path / f"cells/{name}.ipynb")
    run = subprocess.run(
        [NBGRADER, "validate", *(f"{name}.ipynb" for name in notebooks)],
        cwd=tmp_path / "cells",
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    blank, wrong, solved_text = re.split(r"^(?=VALIDATION FAILED|Success)", run.stdout, flags=re.MULTILINE)[
        1:
    ]
    assert solved_text.strip() == "Success! Your notebook passes all the tests."
    assert blank.startswith("VALIDATION FAILED ON 4 CELL(S)!")
    # The wrong cell fails its own check and that of the loop over it, and no other.
    assert wrong.startswith("VALIDATION FAILED ON 2 CELL(S)!")
    for text in (blank, wrong):
        assert "CheckFailed: " in text
        assert "__seqlab_grade__" not in text


# ---------------------------------------------------------------- functions that are not there


LEFT = 'raise NotImplementedError("scale: replace this line with your code, between START and END CODE HERE")'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("x * w", "x * “w”", "SyntaxError: invalid character '“' (U+201C) (line "),
        ("x * w", "x\u00a0* w", "SyntaxError: invalid non-printable character"),
        ("y = x * w", "y = x * w; print y", "SyntaxError: Missing parentheses"),
        ("y = x * w", "y = x * w\n\tz = 1", "TabError: inconsistent use of tabs"),
        ("x * w", "(x * w", "SyntaxError: '(' was never closed (line "),
        ("y = x * w", f"y = x * w\n    {LEFT}", "`scale` raises NotImplementedError (line "),
        ("y = x * w", "raise SyntaxError", "`scale` raised SyntaxError (line "),
        ("y = x * w", "raise SyntaxError(5)", "`scale` raised SyntaxError: 5 (line "),
        ("x * w", "x * float(input())", "`scale` asks for input (line "),
        ("y = x * w", "__import__('pdb').set_trace()\n    y = x * w", "`scale` starts a debugger (line "),
    ],
)  # fmt: skip
def test_what_a_function_lacks_is_said_as_it_is(submit, scaling, old, new, said):
    result, _ = submit(scale=scaling["scale"].replace(old, new))
    assert points(result)["scale"] == 0
    assert points(result)["repeat"] == 6
    if not said.startswith("`"):
        said = f"`scale` is not defined: its cell raised {said}"
    assert result.exercises[0].message.startswith(said)


def test_a_breakpoint_is_passed_as_in_a_kernel_without_a_front_end(submit, scaling):
    result, _ = submit(scale=scaling["scale"].replace("y = x * w", "breakpoint()\n    y = x * w"))
    assert points(result)["scale"] == 4


def test_a_missing_package_is_named_in_the_cell_that_imports_it(submit, scaling):
    def edit(nb):
        nb.cells.insert(0, nbformat.v4.new_code_cell("import no_such_package\nimport statistics as st"))

    result, _ = submit(edit, scale=scaling["scale"].replace("x * w", "x * st.mean([w])"))
    said = "`scale` needs `st`, which is not defined: the cell that defines it raised ModuleNotFoundError: "
    assert result.exercises[0].message.startswith(f"{said}No module named 'no_such_package' (line 1: import")
