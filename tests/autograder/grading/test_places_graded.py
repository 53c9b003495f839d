"""Where a function goes wrong, through the sandbox: what is said, and that a failing trace costs nothing."""

import nbformat
import pytest

from autograder.grading.grader import Grader, Task
from autograder.run import Run
from autograder.sandbox import Isolation, Limits
from autograder.settings import Settings

pytestmark = pytest.mark.slow

WRONG = ("np.dot(Wo, concat) + bo", "np.dot(Wi, concat) + bi")
TRACED = "    import sys, os\n    if sys.gettrace():\n        {}\n    Wf, bf"


@pytest.fixture(scope="module")
def graded(course, solved, right, tmp_path_factory):
    """A function that grades `cells` with edits of one function, and returns its verdict and the others'."""
    settings = Settings(Isolation.LIMITS, Limits(), figures=False)
    with Grader(Run(course, "cells", settings, seed=7)) as grader:

        def run(*edits):
            source = right["lstm_cell_forward"]
            for old, new in edits:
                assert source.count(old) == 1
                source = source.replace(old, new)
            path = tmp_path_factory.mktemp("handed in") / "cells.ipynb"
            nbformat.write(solved("cells", lstm_cell_forward=source), path)
            result = grader(Task("ann", path)).result
            return {verdict.name: verdict for verdict in result.exercises}

        yield run


def test_the_place_is_said(graded):
    found = graded(WRONG)["lstm_cell_forward"]
    assert found.place == "`concat`, `ft`, `it` and `cct` are right; `ot` is the first that is not."
    assert 0 < found.points < found.max_points


@pytest.mark.parametrize("line", ["os._exit(3)", "while True: pass", "raise KeyboardInterrupt"])
def test_a_trace_that_ends_badly_takes_no_points(graded, line):
    plain = graded(WRONG)
    found = graded(WRONG, ("    Wf, bf", TRACED.format(line)))
    assert found["lstm_cell_forward"].points == plain["lstm_cell_forward"].points
    assert found["lstm_cell_forward"].place == ""
    if line != "os._exit(3)":  # which ends the notebook
        assert found["lstm_forward"].points == plain["lstm_forward"].points
