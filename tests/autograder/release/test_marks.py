"""What building says of demonstrations that other cells may need."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import LabError
from autograder.release.marks import doubtful_marks, refuse_marked_exercises


def remarks(shown, other):
    """The remarks on a demonstration with another cell after it."""
    cells = [new_code_cell(shown, metadata={"tags": ["demonstration"]}), new_code_cell(other)]
    return doubtful_marks(new_notebook(cells=cells), "lab")


@pytest.mark.parametrize(
    ("shown", "other", "said"),
    [
        ("tiny = 1", "def f(x):\n    return tiny * x", "cell 2 uses `tiny`: it is run while grading"),
        ("import json\ndef h():\n    pass", "h(json)", "uses `h`, `json`"),
        ("np.dot = slow", "np.dot(a, b)", "uses `np`"),
        ("np.save('out/a.npy', x)", "np.load('out/a.npy')", "may read 'out/a.npy'"),
        ("open('a.txt', 'w').write(t)", "t = open('a.txt').read()", "may read 'a.txt'"),
        ("np.random.seed(3)", "print(np.random.rand(3))", "draws random numbers"),
        ("x = 1", "globals()", "uses names unseen"),
    ],
)
def test_what_another_cell_may_need_is_said(shown, other, said):
    (line,) = remarks(shown, other)
    assert line.startswith("lab: cell 1 is marked as a demonstration, but cell 2 ")
    assert said in line


@pytest.mark.parametrize(
    ("shown", "other"),
    [
        ("a, x = f(1)\nprint(a)", "def f(x):\n    a = 2 * x\n    return a"),
        ("np.random.seed(3)", "np.random.seed(4)\nnp.random.rand(3)"),
        ("rng = np.random.default_rng(1)", "def f(rng):\n    return rng.normal()"),
        ("np.load('a.npy')", "x = np.load('a.npy')"),
    ],
)
def test_what_no_cell_needs_is_not(shown, other):
    assert remarks(shown, other) == []


def test_the_labs_mark_nothing_that_another_cell_needs(course):
    for name in course.labs:
        assert doubtful_marks(course.lab(name).text, name) == []


def test_an_exercise_is_no_demonstration():
    marks = {"grade": True, "solution": False, "grade_id": "test_f"}
    marked = new_code_cell("f()", metadata={"tags": ["demonstration"], "nbgrader": marks})
    with pytest.raises(LabError, match="lab: cell 'test_f' counts: remove its tag 'demonstration'"):
        refuse_marked_exercises(new_notebook(cells=[marked]), "lab")
