"""Whose submission of which lab a file or folder is, in the layouts of nbgrader and of learning platforms."""

import shutil
from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.grading.files import NOBODY, check_files, expand

NOTEBOOKS = Path(__file__).parents[2] / "files/notebooks"


@pytest.fixture
def lay(tmp_path):
    """A function that lays out notebooks: relative path -> one of tests/files/notebooks, "" for a folder."""

    def put(files):
        for place, name in files.items():
            path = tmp_path / "in" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            if name:
                shutil.copy(NOTEBOOKS / f"{name}.ipynb", path)
            else:
                path.mkdir()
        return tmp_path / "in"

    return put


def found(course, root, *paths):
    """Return (student, lab, place) of all that was handed in; the place is below the folder of all."""
    handed = expand(course, [root / path for path in paths] or [root])
    return [(task.student, lab, task.path.relative_to(root).as_posix()) for lab, task in handed]


def test_in_nbgrader_s_layout_the_student_is_the_folder_whatever_the_file_is_called(small_built, lay):
    root = lay(
        {
            "ann/scaling/scaling.ipynb": "right",
            "ann/scaling/scaling-Copy1.ipynb": "blank",
            "ann/unrelated/x.ipynb": "other_lab",
            "bob/Scaling/homework.ipynb": "right",
            "cyd/scaling/data": "",
            "dan": "",
            "eve/scaling/scaling.ipynb": "other_lab",
            "eve/scaling/data/more.txt": "prose",
        }
    )
    wanted = [
        ("ann", "scaling", "ann/scaling"),
        ("ann", "unrelated", "ann/unrelated"),
        ("bob", "scaling", "bob/Scaling"),
        ("cyd", "scaling", "cyd/scaling"),
        ("dan", "", "dan"),
        ("eve", "scaling", "eve/scaling"),
    ]
    assert found(small_built, root) == wanted
    each = [place for _, _, place in wanted]
    assert found(small_built, root, *each) == wanted
    assert found(small_built, root, "ann") == wanted[:2]
    assert found(small_built, root, "ann/scaling/scaling.ipynb", ".") == wanted, "named twice, graded once"
    copy = found(small_built, root, "ann/scaling/scaling-Copy1.ipynb")
    assert copy == [("ann", "scaling", "ann/scaling/scaling-Copy1.ipynb")], "it was asked for by name"


def test_in_a_learning_platform_s_layout_there_is_a_row_for_each_folder(small_built, lay):
    root = lay(
        {
            "Surname, Given (123)/scaling.ipynb": "right",
            "Other, Given/scaling (1).ipynb": "right",
            "Other, Given/.ipynb_checkpoints/scaling-checkpoint.ipynb": "right",
            "Both/a.ipynb": "right",
            "Both/b.ipynb": "other_lab",
            "Cap/Scaling.ipynb": "right",
            "Cap/Untitled.ipynb": "no_lab",
            "None": "",
            "__MACOSX/._scaling.ipynb": "prose",
            "scaling.ipynb": "right",
            "._scaling.ipynb": "prose",
        }
    )
    assert found(small_built, root) == [
        ("scaling", "", "scaling.ipynb"),
        ("Both", "scaling", "Both"),
        ("Both", "unrelated", "Both"),
        ("Cap", "scaling", "Cap"),
        ("None", "", "None"),
        ("Other, Given", "scaling", "Other, Given"),
        ("Surname, Given (123)", "scaling", "Surname, Given (123)"),
    ]
    (bare,) = [task for _, task in expand(small_built, [root]) if task.note]
    assert (bare.path.name, bare.note) == ("scaling.ipynb", NOBODY)
    assert found(small_built, root, "Cap") == [("Cap", "scaling", "Cap")]
    assert found(small_built, root, "Other, Given/scaling (1).ipynb")[0][0] == "Other, Given"


def test_notebooks_that_lie_together_are_named_after_their_files(small_built, lay):
    root = lay({"flat/ann.ipynb": "right", "flat/bob.ipynb": "blank", "flat/data/x.txt": "prose"})
    assert found(small_built, root, "flat") == [("ann", "", "flat/ann.ipynb"), ("bob", "", "flat/bob.ipynb")]
    root = lay({"scaling/ann.ipynb": "right", "scaling/bob.ipynb": "blank"})
    assert [student for student, *_ in found(small_built, root, "scaling")] == ["ann", "bob"]


def test_sections_of_a_class(small_built, lay):
    root = lay({"a/ann/scaling/scaling.ipynb": "right", "b/ann/scaling/scaling.ipynb": "blank"})
    assert found(small_built, root) == [
        ("ann", "scaling", "a/ann/scaling"),
        ("ann", "scaling", "b/ann/scaling"),
    ]


def test_a_class_in_a_folder_of_the_lab(small_built, lay):
    root = lay({"scaling/ann/scaling.ipynb": "right", "scaling/bob/x.ipynb": "right"})
    assert [student for student, *_ in found(small_built, root, "scaling")] == ["ann", "bob"]


def test_a_folder_that_holds_nothing(small_built, lay):
    root = lay({"empty": "", "ann/scaling/scaling.ipynb": "right"})
    with pytest.raises(UsageError, match="empty holds no notebooks"):
        expand(small_built, [root / "empty"])
    with pytest.raises(UsageError, match="nowhere does not exist"):
        expand(small_built, [root / "nowhere"])
    assert found(small_built, root, "ann", "empty") == [
        ("ann", "scaling", "ann/scaling"),
        ("empty", "", "empty"),
    ]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"x": ""}, "there is no notebook: the notebook is missing"),
        ({"x/a.zip": "prose"}, "there is no notebook: a.zip is an archive: unpack it"),
        ({"x/scaling.ipynb.txt": "right"}, "does not end in .ipynb: rename it to <lab>.ipynb"),
        ({"x/a.ipynb": "no_lab", "x/b.ipynb": "no_lab"}, "none of a.ipynb, b.ipynb belongs to a lab"),
    ],
)
def test_a_folder_without_a_lab_is_a_bad_submission(small_built, lay, files, reason):
    root = lay({**files, "y/scaling/scaling.ipynb": "right"})
    handed = [(lab, task) for lab, task in expand(small_built, [root]) if task.student == "x"]
    (outcome,) = check_files(small_built, handed, lambda lab: None)
    assert outcome.result.status == "bad submission"
    assert reason in outcome.result.reason
