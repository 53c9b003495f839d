"""Grading without demonstrations: what is run, what is said instead, and that scores are the same."""

from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell

from tests.autograder.sandbox.cells_notebook import FAST, grade, points

pytestmark = pytest.mark.slow

ONLY_GRADED = replace(FAST, demonstrations=False)
NOT_RUN = "Not run while grading: a demonstration.\n"


@pytest.fixture
def handed_in(course, solved):
    """A function that grades a right notebook of ``cells`` after an edit of its demonstrations."""
    text = course.lab("cells").text
    shown = [cell.source for cell in text.cells if "demonstration" in cell.metadata.get("tags", [])]

    def ready(edit=lambda cells: None):
        book = solved()
        for cell, whole in zip(book.cells, text.cells, strict=True):  # with the hidden tests
            cell.source = whole.source if cell.metadata.get("nbgrader", {}).get("grade") else cell.source
        edit([cell for cell in book.cells if cell.source in shown])
        return book

    return ready


def texts(graded):
    """The text of the outputs of each code cell that prints, by the cell's first line."""
    found = {}
    for cell in graded.notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader"):
            found[cell.source.partition("\n")[0]] = "".join(o.get("text", "") for o in cell.outputs)
    return found


def test_demonstrations_are_not_run_and_scores_are_the_same(handed_in, referee_of):
    book, referee = handed_in(), referee_of("cells", 5)
    bare = grade(book, referee, ONLY_GRADED)
    said = texts(bare)
    assert sum(text == NOT_RUN for text in said.values()) == len(said) - 1 > 10  # all but the imports
    counts = [cell.execution_count for cell in bare.notebook.cells if cell.cell_type == "code"]
    assert sum(count is not None for count in counts) == 9  # imports, four functions, four tests
    assert set(points(bare).values()) == {20.0, 30.0}
    whole = grade(handed_in(), referee)
    assert NOT_RUN not in texts(whole).values()
    assert points(whole) == points(bare)


def test_an_edited_demonstration_is_run_with_those_that_it_needs(handed_in, referee_of):
    def edit(cells):
        kick = next(cell for cell in cells if cell.source.startswith("kick ="))
        kick.source += "\nprint('mine', tiny['Waa'])"
        kick.pop("id")

    said = texts(grade(handed_in(edit), referee_of("cells", 5), ONLY_GRADED))
    assert "mine [[0.5]]" in next(text for line, text in said.items() if line.startswith("kick ="))
    assert "new state:" in said["tiny = {"]
    assert said["first_differs = np.zeros((1, 2, 25))  # two examples, 25 steps"] == NOT_RUN


def test_a_function_that_uses_a_demonstrations_name_gets_it(handed_in, referee_of):
    book = handed_in()
    cell = next(cell for cell in book.cells if cell.source.startswith("def rnn_cell_forward"))
    cell.source = cell.source.replace("    ### START", "    assert sentences and rng\n    ### START", 1)
    graded = grade(book, referee_of("cells", 5), ONLY_GRADED)
    # `rng` is bound after the function's test, so that it fails there, as with everything run.
    assert "`rng`" in repr(graded.verdicts[0]) or "'rng'" in repr(graded.verdicts[0])
    said = texts(graded)
    assert said['vocabulary = ["rain", "snow", "falls", "again"]'].startswith("shape (n_x, m, T_x)")


def test_a_figure_is_drawn_though_none_was_expected(handed_in, referee_of):
    book = handed_in()
    book.cells.append(new_code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"))
    settings = replace(ONLY_GRADED, figures=True)
    (shown,) = grade(book, referee_of("cells", 5), settings).notebook.cells[-1].outputs
    assert "image/png" in shown.data
