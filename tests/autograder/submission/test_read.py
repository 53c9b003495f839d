"""What students hand in: one tiny notebook per behaviour, and a table of what becomes of each."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.errors import BadSubmission
from autograder.grading.grader import Grader, Task
from autograder.lab.course import Course
from autograder.run import Run
from autograder.sandbox import Isolation
from autograder.settings import Settings
from autograder.submission.choose import find_notebook, recognise
from autograder.submission.read import read_notebook
from tests.autograder.referee.referee_play import write_lab

pytestmark = pytest.mark.slow

NOTEBOOKS = Path(__file__).parents[2] / "files/notebooks"
BACK = "was missing; it was put back"
ABOVE = "is there more than once; the last one above its test counts"
LOST = "had lost nbgrader's metadata: recognised by its cell id"

# file: points (None for a bad submission), then words of the reason or of the repairs in their order
TABLE: dict[str, tuple[float | None, list[str]]] = {
    # nothing to mend
    "right": (10, []),
    "blank": (0, []),
    "byte_order_mark": (10, []),
    "other_kernel": (10, []),
    "without_cell_ids": (10, []),
    "same_id_everywhere": (10, []),
    "malformed_outputs": (10, []),
    "syntax_error": (6, []),
    "version_3": (10, []),
    # mended, and said so
    "missing_test_cell": (10, [f"'test_scale' {BACK}"]),
    "missing_test_cells": (10, [f"'test_scale' {BACK}", f"'test_repeat' {BACK}"]),
    "duplicated_test_cell": (10, ["'test_scale' is there more than once"]),
    "duplicated_solution_cell": (10, [f"'scale' {ABOVE}"]),
    "deleted_solution_cell": (6, ["the solution cell 'scale' is missing"]),
    "solution_in_own_cell": (10, ["the solution cell 'repeat' is missing"]),
    "edited_test_cell": (10, ["'test_scale' was edited though it is locked"]),
    "forged_test_cell": (10, ["unknown grade id 'test_bonus'"]),
    "changed_points": (0, ["put back from 400 to 4"]),
    "nan_points": (10, ["put back from nan to 4"]),
    "text_points": (10, [LOST]),
    "test_cell_as_markdown": (10, ["cell type put back from 'markdown' to 'code'"]),
    "solution_cell_as_raw": (10, ["cell type put back from 'raw' to 'code'"]),
    "cells_of_wrong_types": (10, ["4 malformed cells were left out"]),
    "old_metadata": (10, [LOST] * 5),
    "metadata_stripped": (10, [LOST] * 5),
    "metadata_and_ids_stripped": (10, [f"'title' {BACK}", "'scale' is missing", BACK, "'repeat'", BACK]),
    # split, merged, copied and moved in JupyterLab, where both parts of a split cell keep the metadata
    "split_above_the_function": (10, [f"'scale' {ABOVE}"]),
    "split_in_the_function": (6, [f"'scale' {ABOVE}"]),
    "split_below_the_function": (10, [f"'scale' {ABOVE}"]),
    "solution_in_a_new_cell_below": (10, []),
    "merged_solution_cells": (10, ["the solution cell 'repeat' is missing"]),
    "merged_solution_and_test": (10, [f"'test_scale' {BACK}"]),
    "merged_into_the_imports": (10, ["the solution cell 'scale' is missing"]),
    "copied_stub_below": (6, [f"'scale' {ABOVE}"]),
    "copied_wrong_at_the_end": (10, [f"'scale' {ABOVE}"]),
    "copied_empty_at_the_end": (10, [f"'scale' {ABOVE}"]),
    "moved_above_its_imports": (10, []),
    "default_moved_above_its_imports": (6, []),
    "imports_moved_to_the_end": (0, []),
    "solution_below_its_test": (6, []),
    "exercises_in_another_order": (4, []),
    "solution_cell_as_markdown": (10, ["cell type put back from 'markdown' to 'code'"]),
    "test_cell_as_raw": (10, ["cell type put back from 'raw' to 'code'"]),
    "imports_as_raw": (0, []),
    "cell_type_changed_and_back": (10, []),
    # saved by another program, or with errors
    "vscode": (10, []),
    "vscode_without_ids": (10, []),
    "colab": (10, []),
    "colab_shell_lines": (10, []),
    "errors_in_outputs": (10, []),
    "error_in_the_last_cell": (10, []),
    # bad submissions
    "truncated": (None, ["truncated.ipynb is not a notebook or was cut off: not JSON from line 80 on"]),
    "prose": (None, ["is not a notebook or was cut off: not JSON from line 1 on"]),
    "empty_file": (None, ["is empty: save the notebook"]),
    "latin1": (None, ["is not a notebook: it is not UTF-8 text"]),
    "json_list": (None, ["is JSON, but not a notebook"]),
    "json_object": (None, ["is JSON, but not a notebook"]),
    "deep_json": (None, ["is not a notebook: its JSON cannot be read"]),
    "no_cells": (None, ["has no cells"]),
    "cells_left_out": (None, ["has no cells"]),
    "version_3_broken": (None, ["is of the old notebook format 3 and cannot be converted"]),
    "version_5": (None, ["is of notebook format 5: open it in JupyterLab"]),
    "other_lab": (None, ["is a notebook of the lab 'unrelated', not of 'scaling'"]),
    "no_lab": (None, ["belongs to no lab of this course (scaling, unrelated)"]),
}


@pytest.fixture(scope="module")
def grader(small_built):
    with Grader(Run(small_built, "scaling", Settings(Isolation.LIMITS, figures=False), seed=7)) as grader:
        yield grader


def graded(outcome):
    """Return points (None for a bad submission) and the lines that a report shows of an outcome."""
    result = outcome.result
    assert result.max_points == 10
    assert "\n" not in "".join([result.reason, *result.repairs])
    assert result.status == ("bad submission" if outcome.notebook is None else "graded")
    if result.status == "graded":
        assert (result.reason, len(result.exercises)) == ("", 2)
        return result.points, result.repairs
    assert (result.points, result.exercises, result.repairs) == (0, [], [])
    return None, [result.reason]


@pytest.mark.parametrize("name", TABLE)
def test_each_notebook_is_graded_mended_or_refused_in_one_line(grader, name):
    points, said = graded(grader(Task("ann", NOTEBOOKS / f"{name}.ipynb")))
    wanted, words = TABLE[name]
    assert points == wanted
    assert len(said) == len(words), said
    for text, part in zip(said, words, strict=True):
        assert part in text


def test_the_table_has_every_notebook():
    assert set(TABLE) == {path.stem for path in NOTEBOOKS.glob("*.ipynb")}


def test_the_right_notebook_is_what_the_release_of_today_gives(small_built):
    """Else the table would test the notebooks of an older release."""
    handed = read_notebook(NOTEBOOKS / "blank.ipynb").notebook
    release = nbformat.read(small_built.root / "release/scaling/scaling.ipynb", 4)
    assert [c.source for c in handed.cells] == [c.source for c in release.cells]


def test_many_mended_cells_are_told_in_a_few_lines(grader, tmp_path):
    nb = nbformat.read(NOTEBOOKS / "right.ipynb", 4)
    for number in range(9):
        cell = nbformat.v4.new_code_cell("1", id=f"extra{number}")
        cell.metadata.nbgrader = dict(nb.cells[3].metadata.nbgrader, grade_id=f"extra{number}")
        nb.cells.append(cell)
    nbformat.write(nb, tmp_path / "many.ipynb")
    points, said = graded(grader(Task("ann", tmp_path / "many.ipynb")))
    assert points == 10
    assert len(said) == 6
    assert said[-1] == "and 4 more cells were repaired"


def test_50_megabytes_of_outputs_are_dropped(grader, tmp_path):
    nb = json.loads((NOTEBOOKS / "right.ipynb").read_text("utf-8"))
    text = {"output_type": "stream", "name": "stdout", "text": "x" * (50 << 20)}
    nb["cells"][1]["outputs"] = [text]
    path = tmp_path / "large.ipynb"
    path.write_text(json.dumps(nb), "utf-8")
    assert graded(grader(Task("ann", path))) == (10, ["50 MB of outputs were dropped"])
    path.write_bytes(b" ")
    os.truncate(path, 101 << 20)
    points, (said,) = graded(grader(Task("ann", path)))
    assert points is None
    assert said == "large.ipynb is larger than 100 MB: clear its outputs and hand it in again"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([{"cell_type": "markdown", "source": "x" * (5 << 20), "metadata": {}}], "more than 4 MB of text"),
        ([{"cell_type": "markdown", "source": "", "metadata": {}}] * 2001, "more than 2000 cells"),
    ],
)
def test_text_and_cells_without_end_are_refused(tmp_path, cells, words):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8")
    with pytest.raises(BadSubmission, match=words):
        read_notebook(path)


@pytest.mark.parametrize("name", ["Zoë’s lab (final) 2.ipynb", "ноутбук.ipynb", "[1].ipynb", "-x.ipynb"])
def test_any_name_will_do(grader, tmp_path, name):
    folder = tmp_path / "Zoë Ångström's folder"
    folder.mkdir()
    (folder / name).write_bytes((NOTEBOOKS / "right.ipynb").read_bytes())
    points, said = graded(grader(Task("Zoë Ångström", folder)))
    assert points == 10
    assert said == [f"the notebook is called {name}, not scaling.ipynb"]


def _link(folder):
    (folder / "scaling.ipynb").symlink_to(NOTEBOOKS / "right.ipynb")


def _dangling_link(folder):
    (folder / "scaling.ipynb").symlink_to("nowhere.ipynb")


def _folder(folder):
    (folder / "scaling.ipynb").mkdir()


def _pipe(folder):
    os.mkfifo(folder / "scaling.ipynb")


def _nothing(folder):
    pass


def _data_alone(folder):
    (folder / "scaling.txt").write_text("no notebook")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/scaling.ipynb").write_bytes((NOTEBOOKS / "right.ipynb").read_bytes())


def _two_others(folder):
    for name, content in (("a", "right"), ("b", "blank")):
        (folder / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{content}.ipynb").read_bytes())


def _two_of_no_lab(folder):
    for name in ("a", "b"):
        (folder / f"{name}.ipynb").write_bytes((NOTEBOOKS / "no_lab.ipynb").read_bytes())


def _renamed(folder):
    (folder / "scaling.ipynb.txt").write_bytes((NOTEBOOKS / "right.ipynb").read_bytes())


def _archive(folder):
    (folder / "scaling.ipynb.zip").write_bytes(b"PK")


def _exported(folder):
    (folder / "data.txt").touch()
    (folder / "Scaling.html").touch()


def _deeper(folder):
    (folder / "__MACOSX/x").mkdir(parents=True)
    (folder / "scaling").mkdir()
    for place in ("__MACOSX/x/scaling.ipynb", "scaling/._scaling.ipynb", "scaling/Scaling.ipynb"):
        (folder / place).write_bytes((NOTEBOOKS / "right.ipynb").read_bytes())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_link, "scaling.ipynb is not an ordinary file"),
        (_dangling_link, "scaling.ipynb is not an ordinary file"),
        (_folder, "scaling.ipynb is not an ordinary file"),
        (_pipe, "scaling.ipynb is not an ordinary file"),
        (_nothing, "there is no notebook: scaling.ipynb is missing"),
        (_data_alone, "there is no notebook: scaling.ipynb is missing"),
        (_two_others, "it is unclear which of a.ipynb, b.ipynb is meant: rename that one"),
        (_two_of_no_lab, "there is no scaling.ipynb, and none of a.ipynb, b.ipynb is of this lab"),
        (_renamed, "no notebook: scaling.ipynb.txt does not end in .ipynb: rename it to scaling.ipynb"),
        (_archive, "no notebook: scaling.ipynb.zip is an archive: unpack it"),
        (_exported, "no notebook: Scaling.html is an export: hand in scaling.ipynb itself"),
        (_deeper, "no notebook: scaling/Scaling.ipynb lies in a folder below: move it up"),
    ],
)
def test_a_folder_without_a_notebook_file_is_a_bad_submission(grader, tmp_path, make, words):
    make(tmp_path)
    points, (said,) = graded(grader(Task("ann", tmp_path)))
    assert points is None
    assert words in said


def test_the_lab_s_own_name_goes_before_other_notebooks(small_built, tmp_path):
    for name in ("a", "scaling", "z"):
        (tmp_path / f"{name}.ipynb").touch()
    assert find_notebook(tmp_path, small_built, "scaling") == (tmp_path / "scaling.ipynb", [])


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        ({"Scaling": "right", "Untitled": "no_lab", "._Scaling": "prose"}, "Scaling"),
        ({"a": "right", "b": "other_lab", "c": "truncated"}, "a"),
        ({"SCALING": "right", "old": "blank"}, "SCALING"),
        ({"scaling (1)": "right", "scaling (2)": "right"}, "scaling (1)"),
    ],
)
def test_the_only_notebook_of_the_lab_is_taken(grader, tmp_path, names, chosen):
    for name, content in names.items():
        (tmp_path / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{content}.ipynb").read_bytes())
    others = sorted(f"{name}.ipynb" for name in names if name != chosen and name[0] != ".")
    points, said = graded(grader(Task("ann", tmp_path)))
    assert points == 10
    assert said == [
        f"the notebook is called {chosen}.ipynb, not scaling.ipynb",
        f"not graded: {', '.join(others)}",
    ]


def test_an_archive_under_a_notebook_s_name_is_named(grader, tmp_path):
    with zipfile.ZipFile(tmp_path / "scaling.ipynb", "w") as archive:
        archive.write(NOTEBOOKS / "right.ipynb", "scaling.ipynb")
    points, (said,) = graded(grader(Task("ann", tmp_path)))
    assert points is None
    assert said == "scaling.ipynb is a ZIP archive: unpack it, and hand in the notebook that it holds"


def noted(grader, folder):
    """Grade a folder; return points, reason, and the text of the notebook's first cell."""
    outcome = grader(Task("ann", folder))
    assert outcome.result.status == "graded"
    return outcome.result.points, outcome.result.reason, outcome.notebook.cells[0].source


def test_a_copy_that_was_worked_on_is_named(grader, tmp_path):
    """nbgrader grades the notebook with the lab's name, and so do we."""
    for name, content in (("scaling", "blank"), ("scaling-Copy1", "right")):
        (tmp_path / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{content}.ipynb").read_bytes())
    points, reason, first = noted(grader, tmp_path)
    assert points == 0
    assert reason == (
        "scaling-Copy1.ipynb has answers that scaling.ipynb lacks (scale, repeat): scaling.ipynb alone was "
        "graded. Was scaling-Copy1.ipynb meant?"
    )
    assert reason in first


def test_a_copy_that_has_nothing_more_is_not_named(grader, tmp_path):
    for name, content in (("scaling", "right"), ("scaling-Copy1", "right"), ("scaling-Copy2", "blank")):
        (tmp_path / f"{name}.ipynb").write_bytes((NOTEBOOKS / f"{content}.ipynb").read_bytes())
    points, reason, first = noted(grader, tmp_path)
    assert (points, reason) == (10, "")
    assert "Notes on this grading" not in first


def test_a_notebook_that_is_run_from_the_notebook_is_said_not_to_be_read(grader, tmp_path):
    nb = nbformat.read(NOTEBOOKS / "right.ipynb", 4)
    nb.cells.insert(1, nbformat.v4.new_code_cell("x = 1\n%run -i helpers.ipynb"))
    nbformat.write(nb, tmp_path / "scaling.ipynb")
    shutil.copy(NOTEBOOKS / "no_lab.ipynb", tmp_path / "helpers.ipynb")
    points, reason, first = noted(grader, tmp_path)
    assert points == 10
    assert reason == (
        "`%run helpers.ipynb` found nothing: other notebooks are not read. "
        "Copy what you need into scaling.ipynb."
    )
    assert reason in first


@pytest.mark.parametrize("content", [b"2026-06-01 23:30:00 XST", b"next Monday", b""])
def test_a_time_that_cannot_be_read_is_said(grader, tmp_path, content):
    shutil.copy(NOTEBOOKS / "right.ipynb", tmp_path / "scaling.ipynb")
    (tmp_path / "timestamp.txt").write_bytes(content)
    points, reason, _ = noted(grader, tmp_path)
    assert points == 10
    assert re.fullmatch(r"the time in timestamp\.txt is not known: .*\. No lateness was counted\.", reason)


def test_the_cell_that_ends_the_process_is_named(grader, tmp_path):
    nb = nbformat.read(NOTEBOOKS / "right.ipynb", 4)
    nb.cells.insert(4, nbformat.v4.new_code_cell("# enough\n\nexit()\n"))
    nbformat.write(nb, tmp_path / "scaling.ipynb")
    points, reason, _ = noted(grader, tmp_path)
    assert points == 4
    assert reason == (
        "the notebook's process ended by itself (exit code 0), in the cell that begins with `exit()`"
    )


def test_a_file_that_may_not_be_read_is_a_bad_submission(tmp_path):
    with pytest.raises(BadSubmission, match=r"x\.ipynb cannot be read: No such file"):
        read_notebook(tmp_path / "x.ipynb")


@pytest.mark.parametrize(
    "name", ["right", "metadata_stripped", "metadata_and_ids_stripped", "without_cell_ids"]
)
def test_a_lab_is_recognised_by_what_is_left(small_built, name):
    assert recognise(small_built, read_notebook(NOTEBOOKS / f"{name}.ipynb").notebook) == "scaling"


def test_of_labs_that_share_exercises_it_is_the_one_with_no_others(tmp_path):
    one = {"scale": "def scale(x):\n    return 2 * x"}
    both = {**one, "shift": "def shift(x):\n    return x + 1"}
    (tmp_path / "nbgrader_config.py").touch()
    for lab, functions in {"a_long": both, "b_short": one}.items():
        exercises = [f"{name} = Exercise('{name}', outputs={{'y': 1}})" for name in functions]
        exercises.append(f"lab = Lab(exercises=({', '.join(functions)},), modules=())")
        write_lab(tmp_path / "assignments" / lab, functions, "\n".join(exercises))
    course = Course(tmp_path)
    for lab in course.labs:
        notebook = course.lab(lab).text
        assert recognise(course, notebook) == lab


@pytest.mark.parametrize("name", [n for n, (points, _) in TABLE.items() if points is not None])
def test_what_is_read_is_a_valid_notebook_without_outputs(name):
    notebook = read_notebook(NOTEBOOKS / f"{name}.ipynb").notebook
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert all(set(cell.metadata) <= {"nbgrader"} for cell in notebook.cells)


STRANGE = {
    "id": [None, 5, "", "a b", "a\n", "x" * 65, "same", "\ud800"],
    "source": [None, 5, {}, ["a\n", "b"], ["a", 5], "\ud800"],
    "metadata": [None, [], {"tags": 5}, {"nbgrader": {"grade_id": "x", "schema_version": 3, "points": {}}}],
    "attachments": [
        None,
        [],
        {"a": 5},
        {"a": {"image/png": "AAAA", "text/html": 5}},
        {"": {"image/gif": ["A"]}},
    ],
    "outputs": [None, 5, [5], [{"output_type": "odd"}]],
    "execution_count": ["1", -1, 1.5],
    "other": [None],
}


def test_cells_of_any_kind_come_out_valid(tmp_path):
    """Only a notebook's own metadata is validated: no cell may need it."""
    plain = {"source": "1", "metadata": {}, "id": "same"}
    cells = [
        {**plain, "cell_type": kind, name: value}
        for kind in ("code", "markdown", "raw")
        for name, values in STRANGE.items()
        for value in values
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook), "utf-8")
    found = read_notebook(tmp_path / "x.ipynb").notebook
    nbformat.validate(found)
    assert len(found.cells) == len(cells) - 3 * 4


WIDGETS = {"application/vnd.jupyter.widget-state+json": {"abc": {"model_name": "HBoxModel"}}}


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"display_name": "Python 3"}},
        {"kernelspec": {"name": "python3"}, "language_info": {"file_extension": ".py"}},
        {"kernelspec": 5, "language_info": {"name": 5}},
        {"authors": "Ann", "title": 5, "orig_nbformat": "x", "widgets": WIDGETS, "colab": {"gpuType": "T4"}},
        [],
    ],
)
def test_metadata_that_is_overwritten_or_not_needed_is_never_refused(tmp_path, metadata):
    cells = [{"cell_type": "code", "source": "1", "metadata": {}}]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    (tmp_path / "x.ipynb").write_text(json.dumps(notebook), "utf-8")
    found = read_notebook(tmp_path / "x.ipynb").notebook
    assert found.metadata == {}
    nbformat.validate(found)


def test_files_beside_the_notebook_can_be_read_and_links_cannot(grader, tmp_path):
    nb = nbformat.read(NOTEBOOKS / "right.ipynb", 4)
    nb.cells[2].source = nb.cells[2].source.replace("y = x * w", "y = x * w * int(open('one.txt').read())")
    nbformat.write(nb, tmp_path / "scaling.ipynb")
    (tmp_path / "one.txt").write_text("1")
    (tmp_path / "link.txt").symlink_to("/etc/hostname")
    points, said = graded(grader(Task("ann", tmp_path)))
    assert points == 10
    assert said == ["files left out, as links or too large: link.txt"]


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["right", "missing_test_cells", "truncated"])
def test_the_sandbox_says_the_same(small_built, name):
    with Grader(Run(small_built, "scaling", Settings(), seed=7)) as grader:
        outcome = grader(Task("ann", NOTEBOOKS / f"{name}.ipynb"))
        points, _ = graded(outcome)
    assert points == TABLE[name][0]
    if points is not None:
        assert outcome.result.isolation == "bubblewrap"
