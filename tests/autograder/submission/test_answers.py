"""Which cell is taken for the answer to an exercise."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import BadSubmission
from autograder.submission.answers import answers_in


def cell(source, cell_id="c1", grade_id=None):
    made = new_code_cell(source, id=cell_id)
    if grade_id:
        made.metadata["nbgrader"] = {"grade_id": grade_id, "schema_version": 3, "solution": True, "points": 0}
    return made


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ([cell("graded", grade_id="scale"), cell("def scale(x): pass", "scale")], "graded"),
        ([cell("one", "a", "scale"), cell("two", "b", "scale")], "two"),
        ([cell("by id", "scale"), cell("def scale(x): pass")], "by id"),
        (
            [cell("import x\ndef scale (x): pass"), cell("def scales(x): pass", "c2")],
            "import x\ndef scale (x): pass",
        ),
        ([cell("  def scale(x): pass"), cell("scale = 3", "c2")], None),
        ([new_markdown_cell("def scale(x): pass", id="scale")], None),
    ],
    ids=["grade id", "the last", "cell id", "definition", "none", "text"],
)
def test_the_cell_of_an_exercise_is_found(tmp_path, cells, answer):
    path = tmp_path / "n.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    assert answers_in(path, ["scale", "repeat"]) == ({"scale": answer} if answer else {})


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "elsewhere")
    for name in ("link.ipynb", "nowhere.ipynb"):
        with pytest.raises(BadSubmission, match=name):
            answers_in(tmp_path / name, ["scale"])
