"""From a lab's text to source/ and release/."""

import copy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from traitlets.utils.importstring import import_item

from autograder.errors import LabError, OutOfDate, UsageError
from autograder.lab.course import load_config
from autograder.release.build import build

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests/files/labs/tiny"
NBGRADER = Path(sys.executable).parent / "nbgrader"


@pytest.fixture
def course(tmp_path):
    """A course with the tiny lab, not built."""
    root = tmp_path / "a course"
    shutil.copytree(TINY, root / "assignments/tiny")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


@pytest.fixture
def built(course):
    build(course)
    return course


def tree(root, *folders):
    """Return relative path -> (bytes, time of change) of the files in some folders."""
    return {
        path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def contents(root, *folders):
    return {name: data for name, (data, _) in tree(root, *folders).items()}


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_notebook(root, edit):
    """Apply a function to the source notebook of the tiny lab, as JupyterLab would save it."""
    path = root / "source/tiny/tiny.ipynb"
    nb = nbformat.read(path, as_version=4)
    edit(nb)
    nbformat.write(nb, path)


def cell(nb, cell_id):
    return next(c for c in nb.cells if c.id == cell_id)


def nbgrader(root, *arguments):
    """Run nbgrader by its path, with no environment activated."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(root), "JUPYTER_PREFER_ENV_PATH": "1"}
    return subprocess.run(
        [NBGRADER, *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_build_makes_source_and_release(course):
    (course / "assignments/tiny/published.json").write_text("{}")
    report = build(course)
    files = ["data/numbers.txt", "published.json", "tiny.ipynb"]
    assert report.labs == ["tiny"]
    assert sorted(contents(course, "source", "release")) == sorted(report.changed)
    assert sorted(report.written) == [f"{s}/tiny/{f}" for s in ("release", "source") for f in files]
    assert not (course / "gradebook.db").exists()
    source, release = (nbformat.read(course / s / "tiny/tiny.ipynb", 4) for s in ("source", "release"))
    assert [c.id for c in source.cells] == [c.id for c in release.cells]
    assert "moved = np.add(" in cell(source, "shift").source
    assert "moved = None" in cell(release, "shift").source
    assert dict(release.metadata) == {"kernelspec": dict(source.metadata.kernelspec)}
    assert source.metadata.seqlab.keys() == {"built"}


def test_a_second_build_touches_nothing(built):
    before = tree(built, "source", "release", "assignments")
    report = build(built, ["tiny"])
    assert report.changed == []
    assert tree(built, "source", "release", "assignments") == before
    build(built, check=True)


@pytest.mark.slow
def test_nbgrader_makes_the_same_release(built):
    before = contents(built, "release")
    done = nbgrader(built, "generate_assignment", "tiny", "--force")
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr.replace("WARNING] Removing existing assignment", "")
    assert contents(built, "release") == before
    build(built, check=True)


@pytest.mark.parametrize(
    "path", ["source/tiny/tiny.ipynb", "release/tiny/tiny.ipynb", "release/tiny/data/numbers.txt"]
)
def test_check_names_what_is_out_of_date(built, path):
    (built / path).write_text("{}")
    before = tree(built, "source", "release")
    with pytest.raises(OutOfDate, match=f"out of date: {path}; run") as caught:
        build(built, check=True)
    assert caught.value.exit_code == 1
    assert tree(built, "source", "release") == before


def test_check_sees_a_changed_text_and_files_too_many_or_too_few(built):
    change(built / "assignments/tiny/tiny.py", "# Some prose", "# More prose")
    (built / "release/tiny/stray.txt").write_text("x")
    (built / "source/tiny/data/numbers.txt").unlink()
    with pytest.raises(OutOfDate) as caught:
        build(built, check=True)
    for name in ("release/tiny/stray.txt", "release/tiny/tiny.ipynb", "source/tiny/data/numbers.txt"):
        assert name in str(caught.value)


def test_a_text_file_beside_the_text_lies_beside_the_notebook(built):
    (built / "assignments/tiny/names.txt").write_text("rex\n")
    (built / "assignments/tiny/notes.md").write_text("for us alone")
    assert sorted(build(built).written) == ["release/tiny/names.txt", "source/tiny/names.txt"]
    assert (built / "release/tiny/names.txt").read_text() == "rex\n"


def test_a_file_deleted_from_data_vanishes(built):
    (built / "assignments/tiny/data/numbers.txt").unlink()
    report = build(built)
    assert report.removed == ["release/tiny/data/numbers.txt", "source/tiny/data/numbers.txt"]
    assert [p.name for s in ("source", "release") for p in (built / s / "tiny").iterdir()] == [
        "tiny.ipynb"
    ] * 2


def test_what_jupyter_adds_is_no_edit(built):
    before = contents(built, "source", "release")

    def run(nb):
        nb.metadata.language_info = {"name": "python", "version": "3.11"}
        nb.cells[1].execution_count = 1
        nb.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
        nb.cells[1].metadata.trusted = True

    edit_notebook(built, run)
    (built / "source/tiny/.ipynb_checkpoints").mkdir()
    (built / "source/tiny/.ipynb_checkpoints/tiny-checkpoint.ipynb").write_text("{}")
    assert build(built).written == ["source/tiny/tiny.ipynb"]
    shutil.rmtree(built / "source/tiny/.ipynb_checkpoints")
    assert contents(built, "source", "release") == before


def better_prose(nb):
    cell(nb, "shift").source = cell(nb, "shift").source.replace("# add the step", "# add one step")
    nb.cells[1].metadata.trusted = True


def test_an_edited_notebook_stops_the_build(built):
    edit_notebook(built, better_prose)
    before = contents(built, "source", "release")
    with pytest.raises(LabError) as caught:
        build(built)
    first, *diff = str(caught.value).splitlines()
    assert "source/tiny/tiny.ipynb was edited" in first
    assert "`seqlab build tiny --from-notebook`" in first
    assert [line for line in diff if line[:1] in "+-"] == [
        "--- assignments/tiny/tiny.py",
        "+++ source/tiny/tiny.ipynb",
        "-    # add the step",
        "+    # add one step",
    ]
    assert contents(built, "source", "release") == before


def test_a_long_difference_is_cut(built):
    edit_notebook(built, lambda nb: setattr(nb.cells[0], "source", "\n".join(map(str, range(99)))))
    with pytest.raises(LabError, match="more lines") as caught:
        build(built)
    assert len(str(caught.value).splitlines()) < 30


def test_an_edit_goes_back_into_the_text(built):
    text = built / "assignments/tiny/tiny.py"
    before = text.read_text(encoding="utf-8")
    edit_notebook(built, better_prose)
    report = build(built, ["tiny"], from_notebook=True)
    assert text.read_text(encoding="utf-8") == before.replace("# add the step", "# add one step")
    assert set(report.written) == {
        "assignments/tiny/tiny.py",
        "source/tiny/tiny.ipynb",
        "release/tiny/tiny.ipynb",
    }
    assert build(built, from_notebook=True).changed == []
    build(built, check=True)


def test_new_cells_and_their_metadata_go_back_into_the_text(built):
    def add(nb):
        nb.cells.insert(3, nbformat.v4.new_markdown_cell("A hint.", metadata={"tags": ["hint"]}))
        cell(nb, "test_walk").metadata.nbgrader.points = 4

    edit_notebook(built, add)
    build(built, from_notebook=True)
    text = (built / "assignments/tiny/tiny.py").read_text(encoding="utf-8")
    assert '# %% [markdown] tags=["hint"]\n# A hint.\n' in text
    assert '"points": 4' in text


def test_an_edit_that_breaks_the_lab_is_not_carried_back(built):
    text = built / "assignments/tiny/tiny.py"
    before = text.read_bytes()
    edit_notebook(built, lambda nb: setattr(cell(nb, "walk"), "source", "def walk(): pass"))
    with pytest.raises(LabError, match="solution cell needs"):
        build(built, from_notebook=True)
    assert text.read_bytes() == before


def test_what_programs_add_to_cells_stays_out_of_the_text(built):
    text = built / "assignments/tiny/tiny.py"
    before = text.read_text(encoding="utf-8")

    def edit(nb):
        better_prose(nb)
        for number, one in enumerate(nb.cells):
            one.metadata.update(id=f"a{number}", colab={"height": 35}, executionInfo={"status": "ok"})
            one.metadata.update(outputId="b", cellView="form", vscode={"languageId": "python"})

    edit_notebook(built, edit)
    build(built, from_notebook=True)
    assert text.read_text(encoding="utf-8") == before.replace("# add the step", "# add one step")


def split(nb):
    """Split a cell as JupyterLab does: both parts keep the metadata."""
    lower = cell(nb, "shift")
    upper = copy.deepcopy(lower)
    upper.id, upper.source = "upper", "import math"
    nb.cells.insert(nb.cells.index(lower), upper)


def merge(nb):
    """Merge a solution with its test, as JupyterLab does: the first cell's metadata is kept."""
    test = cell(nb, "test_shift")
    cell(nb, "shift").source += f"\n\n{test.source}"
    nb.cells.remove(test)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (split, "source/tiny/tiny.ipynb: cell .*: the grade id 'shift' is used twice; .* split or copied"),
        (
            merge,
            "source/tiny/tiny.ipynb: cell 'shift': has '### BEGIN HIDDEN TESTS' but is not marked as a test",
        ),
    ],
)
def test_a_cell_split_or_merged_is_not_carried_back(built, edit, message):
    text = built / "assignments/tiny/tiny.py"
    before = text.read_bytes()
    edit_notebook(built, edit)
    with pytest.raises(LabError, match=message):
        build(built, from_notebook=True)
    assert text.read_bytes() == before


def test_two_different_edits_are_left_to_the_author(built):
    edit_notebook(built, better_prose)
    change(built / "assignments/tiny/tiny.py", "# Some prose", "# More prose")
    with pytest.raises(LabError, match=r"both assignments/tiny/tiny.py and source/tiny/tiny.ipynb changed"):
        build(built, from_notebook=True)


def test_the_same_edit_in_both_is_fine(built):
    edit_notebook(built, better_prose)
    change(built / "assignments/tiny/tiny.py", "# add the step", "# add one step")
    assert build(built).changed == ["release/tiny/tiny.ipynb", "source/tiny/tiny.ipynb"]


@pytest.mark.parametrize(
    ("stray", "message"),
    [
        ("source/other/other.ipynb", "source/other: there is no assignments/other/other.py"),
        ("release/other/other.ipynb", "release/other: there is no assignments/other/other.py"),
        ("source/tiny/second.ipynb", r"source/tiny/second.ipynb: no text builds this notebook"),
        ("source/header.ipynb", r"source/header.ipynb: no text builds this notebook"),
        ("release/tiny/deep/tiny.ipynb", r"release/tiny/deep/tiny.ipynb: no text"),
        ("assignments/tiny/data/x.ipynb", "a lab's data cannot hold a notebook"),
    ],
)
def test_strays_are_named(built, stray, message):
    (built / stray).parent.mkdir(parents=True, exist_ok=True)
    (built / stray).write_text("{}")
    for check in (False, True):
        with pytest.raises(LabError, match=message):
            build(built, check=check)
    assert (built / stray).exists()


def test_wrong_usage_is_named(course, tmp_path):
    with pytest.raises(UsageError, match="unknown lab big, other; the labs are tiny"):
        build(course, ["other", "tiny", "big"])
    with pytest.raises(UsageError, match="`seqlab new LAB` makes one"):
        build(tmp_path)
    with pytest.raises(UsageError, match="use one of them"):
        build(course, check=True, from_notebook=True)
    with pytest.raises(UsageError, match="no edit to carry back"):
        build(course, from_notebook=True)
    (course / "nbgrader_config.py").unlink()
    with pytest.raises(UsageError, match=r"nbgrader_config.py: no such file"):
        build(course)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    y = sigmoid(x)\n", "    # only a comment\n", "cell 'squash'.*there is no code"),
        ("    y = sigmoid(x)\n", "    y = sigmoid(x\n", "cell 'squash'.*not valid Python"),
        ("# Some prose that is not locked.", "# %%\n# print(1", "does not compile"),
        ("### END HIDDEN TESTS", "", "No end hidden tests statement found"),
        ('__seqlab_grade__("walk")', "pass", "'test_walk' tests in the student's process"),
    ],
)
def test_a_lab_that_makes_no_release_is_named_in_one_line(course, old, new, message):
    change(course / "assignments/tiny/tiny.py", old, new.replace("# print", "print"))
    with pytest.raises(LabError, match=message) as caught:
        build(course)
    assert "\n" not in str(caught.value)
    assert not (course / "source").exists()


def test_a_source_notebook_that_is_none(built):
    (built / "source/tiny/tiny.ipynb").write_text("{")
    with pytest.raises(LabError, match=r"not a notebook .*; remove it and run `seqlab build`"):
        build(built)


def test_the_config_is_cheap_and_names_what_exists(course):
    config = load_config(course)
    assert config.CourseDirectory.course_id == "seqlab"
    names = [
        *config.GenerateAssignment.preprocessors,
        *config.Autograde.sanitize_preprocessors,
        *config.Autograde.autograde_preprocessors,
        config.Autograde.pre_convert_hook,
    ]
    assert all(callable(import_item(name)) for name in names)
    code = (
        "import sys; from traitlets.config.loader import PyFileConfigLoader as Loader; "
        f"Loader('nbgrader_config.py', {str(course)!r}).load_config(); "
        "print([m for m in sys.modules if m.startswith(('autograder', 'nbgrader'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
