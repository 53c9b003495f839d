"""Reading a lab's text."""

import re
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import LabError
from autograder.lab import text as labtext
from autograder.lab.text import exercise_points, python_of, read_text, reference_namespace, reference_source

TINY = Path(__file__).parents[2] / "files/labs/tiny/tiny.py"


@pytest.fixture
def tiny():
    return read_text(TINY)


def edited(tmp_path, *edits):
    """Write the tiny lab with (old, new) edits and return its path."""
    text = TINY.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path = tmp_path / "tiny.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_ids_come_from_grade_ids_else_from_content_and_ordinal(tiny):
    ids = [cell.id for cell in tiny.cells]
    assert ids[0] == "intro"
    assert [i for i in ids if not i.startswith("c")] == [
        "intro", "shift", "test_shift", "why_walk", "walk", "test_walk", "squash", "test_squash",
    ]  # fmt: skip
    twins = [cell.id for cell in tiny.cells if cell.source == "1 + 1"]
    assert [i[-2:] for i in twins] == ["-0", "-1"]
    assert twins[0][:-2] == twins[1][:-2]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", i) for i in ids)
    assert ids == [cell.id for cell in read_text(TINY).cells]


def test_ids_of_other_cells_survive_an_edit(tmp_path, tiny):
    changed = read_text(edited(tmp_path, ("# Some prose", "# Other prose")))
    before, after = ([cell.id for cell in nb.cells] for nb in (tiny, changed))
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_the_notebook_holds_the_kernel_and_nothing_of_jupytext(tiny):
    assert dict(tiny.metadata) == {"kernelspec": labtext.KERNELSPEC}
    assert (tiny.nbformat, tiny.nbformat_minor) == (4, 5)
    assert {key for cell in tiny.cells for key in cell.metadata} == {"nbgrader"}
    assert tiny.cells[1].source.startswith("%matplotlib inline")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    ### END CODE HERE ###\n", "", "cell 'shift', line 3: .*START.* without an .*END"),
        ("    ### START CODE HERE ###\n", "", "cell 'shift', line 10: .*END.* without a .*START"),
        ("    # and double", "    ### START CODE HERE ###", "line 9: .*START.* inside a region"),
        ("### START CODE HERE ###\n    # add", "# add", "cell 'shift', line .*END.* without"),
        ('"grade_id": "walk"', '"grade_id": "shift"', "'shift' is used twice"),
        ('"grade_id": "walk"', '"grade_id": "a b"', "grade_id 'a b' must be"),
        ('"grade_id": "walk", ', "", "grade_id None must be"),
        ('"solution": true, "task": false}\ndef walk', '"solution": false, "task": false}\ndef walk',
         "cell 'walk': has .*START.* not marked"),
        ('"locked": true, "points": 3', '"locked": 1, "points": 3', "'locked' must be true or false"),
        ('"points": 3, ', "", "test_walk.* needs its points"),
        ('"points": 3, ', '"points": true, ', "test_walk.* needs its points"),
        ('"schema_version": 3', '"schema_version": 2', '"schema_version": 3'),
        ('{"grade": true,', '{"grade" true,', "not valid JSON"),
        ("format_version: '1.3'", "format_version: ]", "jupytext can read"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_named(tmp_path, old, new, message):
    with pytest.raises(LabError, match=message) as caught:
        read_text(edited(tmp_path, (old, new)))
    assert "tiny.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_solution_cell_needs_a_region(tmp_path):
    path = edited(
        tmp_path,
        ("    ### START CODE HERE ###\n    y", "    y"),
        ("y = sigmoid(x)\n    ### END CODE HERE ###\n", "y = sigmoid(x)\n"),
    )
    with pytest.raises(LabError, match="cell 'squash': a solution cell needs"):
        read_text(path)


def test_files_that_are_no_text(tmp_path):
    with pytest.raises(LabError, match="no such file"):
        read_text(tmp_path / "none.py")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LabError, match="UTF-8"):
        read_text(tmp_path / "binary.py")


def test_points_and_names_come_from_the_test_cells(tiny):
    assert exercise_points(tiny) == {"shift": 2.0, "walk": 3.0, "squash": 1.5}
    for cell in tiny.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "test_walk":
            cell.metadata.nbgrader.grade_id = "q7"
    assert labtext.test_cells(tiny) == {"test_shift": "shift", "q7": "walk", "test_squash": "squash"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('__seqlab_grade__("walk")', '__seqlab_grade__("walk"); __seqlab_grade__("walk")', "2 times"),
        ('__seqlab_grade__("walk")', '__seqlab_grade__("run")', "grades 'run', but no solution"),
        ('__seqlab_grade__("walk")', '__seqlab_grade__("shift")', "already graded"),
        ('__seqlab_grade__("walk")', "__seqlab_grade__(name)", "'test_walk'"),
        ('__seqlab_grade__("walk")', "__seqlab_grade__(", "'test_walk', line "),
    ],
)
def test_a_test_cell_grades_one_exercise(tmp_path, old, new, message):
    with pytest.raises(LabError, match=message):
        labtext.test_cells(read_text(edited(tmp_path, (old, new))))


def test_the_reference_runs_with_the_imports_it_needs(tiny):
    namespace = reference_namespace(tiny)
    assert namespace.keys() == {"__name__", "__builtins__", "np", "sigmoid", "shift", "walk", "squash"}
    assert namespace["walk"](0, 3) == [1, 2, 3]
    np.testing.assert_allclose(namespace["squash"](np.zeros(2)), [0.5, 0.5])


def test_one_function_can_be_replaced(tiny):
    source = reference_source(tiny)["shift"]
    assert source.startswith("def shift(x, step=1):\n")
    assert source.endswith("    return moved, twice\n")
    assert labtext.BEGIN in source
    wrong = source.replace("        step,  # how far", "        2 * step,")
    assert wrong != source
    assert reference_namespace(tiny, replace={"shift": wrong})["walk"](0, 3) == [2, 4, 6]
    assert reference_namespace(tiny)["walk"](0, 3) == [1, 2, 3]


@pytest.mark.parametrize(
    ("replace", "message"),
    [
        ({"run": "def run(): pass"}, "no solution cell defines run"),
        ({"walk": "def walk(:"}, "another version of walk, line 1"),
        ({"walk": "def walk(x=missing): pass"}, "walk: the reference cannot be executed .NameError"),
    ],
)
def test_a_wrong_replacement_is_named(tiny, replace, message):
    with pytest.raises(LabError, match=message):
        reference_namespace(tiny, replace=replace)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("def walk(", "def run(", "must define the function walk once, not 0 times"),
        ("import numpy as np", "from numpy import *", "name what is imported"),
        ("import numpy as np", "import no_such_module as np", "cannot be executed .ModuleNotFoundError"),
    ],
)
def test_a_wrong_reference_is_named(tmp_path, old, new, message):
    with pytest.raises(LabError, match=message):
        reference_namespace(read_text(edited(tmp_path, (old, new))))


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls\n    y = 2", "if x:\n    pass\n    y = 2"),
        ("%%timeit\nx = 1\n", "\n\n"),
        ("x = (7\n%y)", "x = (7\n%y)"),
    ],
)
def test_magics_give_way_to_plain_python(source, plain):
    assert python_of(source) == plain
