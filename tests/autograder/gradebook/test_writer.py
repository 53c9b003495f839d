"""Graded submissions on their way into nbgrader: its settings, steps and hooks hold, rows are its own."""

import shutil

import nbformat
import pytest
from nbformat.warnings import DuplicateCellId, MissingIDFieldWarning
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from autograder.cli.demo import hand_in
from autograder.errors import GraderError, UsageError
from autograder.gradebook.register import register
from autograder.gradebook.writer import Writer

pytestmark = pytest.mark.slow


@pytest.fixture
def registered(small):
    """A course whose lab stands in its gradebook."""
    register(small.root, "scaling", url(small))
    return small


@pytest.fixture
def save(registered, scaling):
    """Hand in and save a notebook whose test cells say 1.5 and 2.0 points."""

    def save(student="ann", **files):
        shutil.rmtree(registered.root / "submitted" / student, ignore_errors=True)
        path = hand_in(registered, "scaling", student, scaling)
        for name, content in files.items():
            (path.parent / name.replace("_", ".")).write_text(content)
        notebook, points = nbformat.read(path, 4), iter((1.5, 2.0))
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                number = {"text/plain": str(next(points))}
                cell.outputs = [nbformat.v4.new_output("execute_result", number, execution_count=1)]
        Writer(registered, "scaling").save(student, path, notebook)
        return registered.root / "autograded" / student / "scaling"

    return save


def url(course):
    return f"sqlite:///{course.root}/gradebook.db"


def configure(course, lines):
    with (course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(lines)


def add_module(course, patch, name, text, lines):
    """Put a module of the course's own beside nbgrader_config.py, which imports it, and go there."""
    (course.root / f"{name}.py").write_text(text)
    here = "sys.path.insert(0, os.path.dirname(os.path.abspath('nbgrader_config.py')))"
    configure(course, f"{here}\nimport {name}\n{lines}\n")
    patch.chdir(course.root)


def rows(course, student="ann"):
    """Return what nbgrader's own class reads of a submission: its time, its grades and its comments."""
    with Gradebook(url(course), "seqlab") as book:
        submission = book.find_submission("scaling", student)
        (notebook,) = submission.notebooks
        grades = [(g.name, g.auto_score, g.manual_score, g.needs_manual_grade) for g in notebook.grades]
        comments = [(c.name, c.auto_comment, c.manual_comment) for c in notebook.comments]
        return str(submission.timestamp), sorted(grades), sorted(comments)


def test_the_notebook_and_its_grades(registered, save):
    folder = save()
    text = (folder / "scaling.ipynb").read_text("utf-8")
    notebook = nbformat.reads(text, 4)
    assert [cell.source for cell in notebook.cells] == [
        cell.source
        for cell in nbformat.read(registered.root / "submitted/ann/scaling/scaling.ipynb", 4).cells
    ]
    assert text.count("\n") == len(notebook.cells) + 3, "a line for each cell"
    _, grades, comments = rows(registered)
    assert grades == [("test_repeat", 2.0, None, False), ("test_scale", 1.5, None, False)]
    assert {name for name, *_ in comments} == {"scale", "repeat"}


@pytest.mark.parametrize("text", ["2026-11-20 11:00:00 UTC", "2026-11-20T11:00:00+00:00"])
def test_the_time_of_handing_in(registered, save, text):
    folder = save(timestamp_txt=text)
    assert rows(registered)[0] == "2026-11-20 11:00:00"
    assert (folder / "timestamp.txt").read_text() == text


@pytest.mark.parametrize(
    "text",
    ["\ufeff2026-11-20 11:00:00 UTC\r\n", "2026-11-20 12:00:00 Europe/Berlin", "2026-11-20 13:00 CEST"],
)
def test_a_time_that_nbgrader_misreads_is_written_as_it_reads_it(registered, save, text):
    folder = save(timestamp_txt=text)
    time = rows(registered)[0]
    assert time == "2026-11-20 11:00:00"
    assert str(parse_utc((folder / "timestamp.txt").read_text().strip())) == time


@pytest.mark.parametrize(
    "text", ["", "yesterday", "\0", "2026-11-20" + " " * 100 + "11:00 UTC", "2026-11-20 11:00 XST"]
)
def test_no_time_is_made_of_nonsense(registered, save, text):
    folder = save(timestamp_txt=text)
    assert rows(registered)[0] == "None"
    assert not (folder / "timestamp.txt").exists()


def test_files_go_along_under_the_lab_s_own(registered, save):
    source = registered.root / "source/scaling"
    for name in ("shared.txt", "theirs.txt", "module.pyc", ".hidden.txt"):
        (source / name).write_text("ours")
    (source / "linked.txt").symlink_to(source / "shared.txt")
    configure(registered, "c.Autograde.exclude_overwriting = {'scaling': ['theirs.txt']}\n")
    folder = save(shared_txt="changed", theirs_txt="changed", more_txt="more", linked_txt="changed")
    found = {p.name: p.read_text() for p in folder.iterdir() if p.suffix in (".txt", ".pyc")}
    ours = dict.fromkeys(("shared.txt", ".hidden.txt", "linked.txt"), "ours")
    assert found == {**ours, "theirs.txt": "changed", "more.txt": "more"}


def test_what_was_saved_before_is_replaced_whole(registered, save):
    folder = save(old_txt="x")
    (folder.parent / ".scaling.new").write_text("what a killed run leaves")
    folder.rename(folder.with_name(".scaling.old"))
    folder = save(new_txt="y")
    assert sorted(p.name for p in folder.glob("*.txt")) == ["new.txt"]
    assert [p.name for p in folder.parent.iterdir()] == ["scaling"]


@pytest.mark.parametrize(
    "failing",
    [
        "nbformat.validate",
        "pathlib.Path.write_text",
        "sqlalchemy.orm.Session.commit",
        "sqlalchemy.orm.Session.flush",
    ],
)
def test_a_failure_leaves_all_as_it_was(registered, save, monkeypatch, failing):
    folder = save()
    before = rows(registered), (folder / "scaling.ipynb").read_text("utf-8")
    path = hand_in_again(registered)
    notebook, writer = nbformat.read(path, 4), Writer(registered, "scaling")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(failing, full)
    with pytest.raises(GraderError, match="cannot be written: No space left on device; what"):
        writer.save("ann", path, notebook)
    monkeypatch.undo()
    assert (rows(registered), (folder / "scaling.ipynb").read_text("utf-8")) == before
    assert [p.name for p in folder.parent.iterdir()] == ["scaling"]
    writer.save("ann", path, notebook)
    assert rows(registered)[0] == "2026-11-20 12:00:00", "the same writer goes on"


def hand_in_again(course):
    """Hand in for ann at another time; returns the notebook's path."""
    path = course.root / "submitted/ann/scaling/scaling.ipynb"
    (path.parent / "timestamp.txt").write_text("2026-11-20 12:00 UTC")
    return path


def test_hooks_of_the_course_run(registered, save, monkeypatch):
    note = (
        "def note(assignment, student, notebooks):\n"
        "    with open('said.txt', 'a') as file:\n"
        "        print(assignment, student, len(notebooks), file=file)\n"
    )
    hooks = "c.Autograde.pre_convert_hook = c.Autograde.post_convert_hook = hooks_of_course.note"
    add_module(registered, monkeypatch, "hooks_of_course", note, hooks)
    save()
    assert (registered.root / "said.txt").read_text() == "scaling ann 1\n" * 2


def test_students_may_have_to_be_known(registered, save):
    configure(registered, "c.Autograde.create_student = False\n")
    with pytest.raises(GraderError, match="MissingEntry: No such student: ann"):
        save()
    with Gradebook(url(registered), "seqlab") as book:
        book.add_student("ann")
    save()
    assert rows(registered)[1][0][1] == 2.0


def test_steps_of_the_course_s_own_hold(registered, save):
    """Else a course that adds one to nbgrader_config.py would find it in plain nbgrader alone."""
    save("bob")
    configure(
        registered,
        'c.Autograde.autograde_preprocessors.remove("nbgrader.preprocessors.SaveAutoGrades")\n',
    )
    save()
    scores = {student: [score for _, score, *_ in rows(registered, student)[1]] for student in ("ann", "bob")}
    assert scores == {"ann": [None, None], "bob": [2.0, 1.5]}


def test_steps_do_not_remember_the_student_before(registered, save, monkeypatch):
    counts = (
        "from nbgrader.preprocessors import NbGraderPreprocessor\n"
        "class Counts(NbGraderPreprocessor):\n"
        "    seen = 0\n"
        "    def preprocess(self, nb, resources):\n"
        "        self.seen += 1\n"
        "        nb.metadata['seen'] = self.seen\n"
        "        return nb, resources\n"
    )
    step = "c.Autograde.autograde_preprocessors.append(steps_of_course.Counts)"
    add_module(registered, monkeypatch, "steps_of_course", counts, step)
    writer = Writer(registered, "scaling")
    for student in ("ann", "bob"):
        save(student)
        source = registered.root / "submitted" / student / "scaling/scaling.ipynb"
        writer.save(student, source, nbformat.read(source, 4))
        graded = nbformat.read(registered.root / "autograded" / student / "scaling/scaling.ipynb", 4)
        assert graded.metadata["seen"] == 1


def test_a_step_that_does_not_exist_is_named(registered):
    configure(registered, "c.Autograde.autograde_preprocessors.append('no_module.Step')\n")
    with pytest.raises(UsageError, match=r"nbgrader_config.py, c\.Autograde: .*no_module"):
        Writer(registered, "scaling")


def test_a_notebook_that_is_none_is_not_saved(registered, save, monkeypatch):
    """nbgrader's pages would show what stands in it as it is."""
    monkeypatch.setattr("nbgrader.preprocessors.LimitOutput.preprocess", forge)
    with pytest.raises(GraderError, match="ValidationError"):
        save()
    assert not (registered.root / "autograded/ann/scaling").exists()


def test_what_was_valid_once_says_nothing_of_what_comes_later(registered, save, monkeypatch):
    """Cells that were validated in this class are not validated again."""
    save()
    path, writer = registered.root / "submitted/ann/scaling/scaling.ipynb", Writer(registered, "scaling")
    writer.save("ann", path, nbformat.read(path, 4))
    with monkeypatch.context() as forged:
        forged.setattr("nbgrader.preprocessors.LimitOutput.preprocess", forge)
        for _ in range(2):
            with pytest.raises(GraderError, match="ValidationError"):
                writer.save("bob", path, nbformat.read(path, 4))
    broken = nbformat.read(path, 4)
    broken.metadata.kernelspec = "<script>"
    with pytest.raises(GraderError, match="ValidationError"):
        writer.save("bob", path, broken)
    writer.save("bob", path, nbformat.read(path, 4))
    texts = [registered.root / "autograded" / who / "scaling/scaling.ipynb" for who in ("ann", "bob")]
    assert texts[0].read_bytes() == texts[1].read_bytes()


@pytest.mark.parametrize(
    ("spoil", "warning"),
    [
        (lambda cell: cell.pop("id"), MissingIDFieldWarning),
        (lambda cell: cell.update(id="same"), DuplicateCellId),
    ],
)
def test_cells_get_ids_of_their_own(registered, save, spoil, warning):
    save()
    path, writer = registered.root / "submitted/ann/scaling/scaling.ipynb", Writer(registered, "scaling")
    writer.save("ann", path, nbformat.read(path, 4))
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells[:2]:
        spoil(cell)
    with pytest.warns(warning):
        writer.save("ann", path, notebook)
    written = nbformat.read(registered.root / "autograded/ann/scaling/scaling.ipynb", 4)
    assert len({cell.id for cell in written.cells}) == len(written.cells) == len(notebook.cells)


def forge(self, nb, resources):
    next(cell for cell in nb.cells if cell.cell_type == "code").execution_count = "<script>"
    return nb, resources
