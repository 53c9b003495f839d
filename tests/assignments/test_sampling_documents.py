"""Answers of the lab `sampling` in the documents' habits, graded whole: a module name, a file of names."""

import nbformat
import pytest

from autograder.cli.demo import fill_in
from autograder.grading.grader import Grader, Task
from autograder.run import Run
from autograder.sandbox import Isolation, Limits
from autograder.settings import Settings

LAB = "sampling"
pytestmark = pytest.mark.slow


def test_the_helpers_module_and_dinos_txt_are_there_while_a_notebook_is_graded(
    course, lab, right, answers, tmp_path
):
    source = {
        **right,
        "sample": answers["sample"]["a while loop with two counters"].replace("import cllm_utils\n", ""),
        "optimize": answers["optimize"]["by the module's name"].replace("import cllm_utils\n", ""),
        "model": answers["model"]["it opens the names itself"].replace("import cllm_utils\n", ""),
    }
    assert all("cllm_utils." in source[name] for name in ("sample", "optimize", "model"))
    nb = fill_in(nbformat.read(course.root / "release/sampling/sampling.ipynb", 4), source)
    cell = nbformat.v4.new_code_cell("from cllm_utils import *\nlen(open('dinos.txt').read().split()) > 1000")
    nb.cells.append(cell)
    nbformat.write(nb, tmp_path / "sampling.ipynb")
    settings = Settings(Isolation.LIMITS, Limits(cell_seconds=15), figures=False)
    with Grader(Run(course, "sampling", settings, seed=7)) as grader:
        outcome = grader(Task("ann", tmp_path / "sampling.ipynb"))
    assert [verdict.points for verdict in outcome.result.exercises] == [15, 35, 20, 30]
    (output,) = outcome.notebook.cells[-1].outputs
    assert output.data["text/plain"] == "True"
    errors = [
        out for one in outcome.notebook.cells for out in one.get("outputs", ()) if out.output_type == "error"
    ]
    assert not errors
