"""What grading remembers of a submission, and how it knows one again."""

import json
import os

import pytest

from autograder.errors import UsageError
from autograder.gradebook import records
from autograder.gradebook.records import (
    begin_again,
    changes,
    from_before,
    load,
    load_all,
    path_of,
    save,
    was_graded,
)
from autograder.lab.course import Course
from autograder.results import CaseResult, Finding, Result, Verdict
from autograder.run import Run
from autograder.settings import Settings
from autograder.submission import files
from autograder.submission.files import folder_digest


@pytest.fixture
def folder(tmp_path):
    """A submission of two files."""
    folder = tmp_path / "ann/scaling"
    (folder / "data").mkdir(parents=True)
    (folder / "scaling.ipynb").write_text("{}")
    (folder / "data/x.txt").write_text("1")
    return folder


def result(student="ann", status="graded", **others):
    verdict = Verdict("scale", 2.5, 4.0, [CaseResult("a case", "failed", "why")], "a message", "adds", True)
    verdict.findings = [Finding("a message", ["a case"])]
    return Result("p", student, "scaling", status, exercises=[verdict], points=2.5, max_points=4, **others)


def run_of(course, seed, lab="scaling"):
    return Run(course, lab, Settings(), seed=seed)


# ---------------------------------------------------------------- the digest


def test_a_digest_is_of_places_and_contents_alone(folder, tmp_path):
    first = folder_digest(folder)
    os.utime(folder / "scaling.ipynb", (1, 1))
    (folder / "scaling.ipynb").chmod(0o600)
    (folder / "an empty folder").mkdir()
    assert folder_digest(folder) == first
    folder.rename(tmp_path / "elsewhere")
    assert folder_digest(tmp_path / "elsewhere") == first


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "scaling.ipynb").write_text("{ }"),
        lambda folder: (folder / "data/x.txt").write_text("2"),
        lambda folder: (folder / "data/x.txt").rename(folder / "x.txt"),
        lambda folder: (folder / "new.txt").touch(),
        lambda folder: (folder / "data/x.txt").unlink(),
        lambda folder: (folder / "caf\udce9").write_text("a name that is no text"),
    ],
    ids=["other notebook", "other data", "moved", "new file", "file gone", "bytes in a name"],
)
def test_any_change_gives_another_digest(folder, change):
    before = folder_digest(folder)
    change(folder)
    assert folder_digest(folder) != before


def test_content_that_moves_from_one_file_to_the_next_is_a_change(folder):
    (folder / "a").write_text("12")
    (folder / "b").write_text("3")
    before = folder_digest(folder)
    (folder / "a").write_text("1")
    (folder / "b").write_text("23")
    assert folder_digest(folder) != before


def test_links_and_pipes_are_not_looked_into(folder, tmp_path):
    before = folder_digest(folder)
    (folder / "link").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "a link to a file").symlink_to(folder / "scaling.ipynb")
    os.mkfifo(folder / "pipe")
    assert folder_digest(folder) == before


def test_a_large_file_is_known_by_its_size_and_time(folder, monkeypatch):
    monkeypatch.setattr(files, "LARGE", 1)
    path = folder / "scaling.ipynb"
    os.utime(path, (1, 1))
    before = folder_digest(folder)
    path.write_text("[]")
    os.utime(path, (1, 1))
    assert folder_digest(folder) == before, "it was not read"
    os.utime(path, (2, 2))
    assert folder_digest(folder) != before


# ---------------------------------------------------------------- the record


@pytest.mark.parametrize(
    "student", ["ann", "Zoë Ångström", "../../x", "a/b", ".", "%2E", "x" * 250, "é" * 80]
)
def test_what_is_saved_is_loaded(small, student):
    save(
        run_of(small, 3), result(student, reason="r", repairs=["one"], seconds=1.5, isolation="limits"), "abc"
    )
    (path,) = (small.root / ".seqlab/scaling/results").iterdir()
    assert path == path_of(small, "scaling", student)
    assert load(path) == result(student, reason="r", repairs=["one"], seconds=1.5, isolation="limits")
    assert load_all(small, "scaling") == [load(path)]


def test_long_ids_that_begin_alike_have_records_of_their_own(small):
    names = ["x" * 250 + end for end in "ab"]
    assert len({path_of(small, "scaling", name) for name in names}) == 2
    assert all(len(path_of(small, "scaling", name).with_suffix(".new").name) <= 255 for name in names)


def test_graded_is_the_same_files_with_the_same_seed(small):
    assert not was_graded(run_of(small, 3), "ann", "abc")
    save(run_of(small, 3), result(), "abc")
    assert was_graded(run_of(small, 3), "ann", "abc")
    assert not was_graded(run_of(small, 4), "ann", "abc")
    assert not was_graded(run_of(small, 3), "ann", "abd")
    assert not was_graded(run_of(small, 3), "bob", "abc")
    assert not was_graded(run_of(small, 3, "unrelated"), "ann", "abc")


@pytest.mark.parametrize("status", ["bad submission", "grader error"])
def test_what_got_no_score_is_not_graded(small, status):
    save(run_of(small, 3), result(status=status), "abc")
    assert not was_graded(run_of(small, 3), "ann", "abc")


def test_points_of_an_earlier_grading_are_marked_as_stale(small):
    failed = result(status="grader error", reason="it failed")
    save(run_of(small, 3), failed, "abc")
    assert load_all(small, "scaling")[0].stale == "", "there is no earlier one"
    save(run_of(small, 3), result(), "abc")
    save(run_of(small, 4), result(status="grader error", reason="it failed"), "abc")
    save(run_of(small, 5), result(status="bad submission", reason="cut off"), "abd")
    assert load_all(small, "scaling")[0].stale == "the 2.5 points in the gradebook are of an earlier grading"
    save(run_of(small, 5), result(), "abc")
    assert load_all(small, "scaling")[0].stale == ""


def test_a_record_that_cannot_be_written_leaves_the_old_one(small, monkeypatch):
    save(run_of(small, 3), result(), "abc")

    def full(self, other):
        raise OSError("no space left")

    monkeypatch.setattr(type(small.root), "replace", full)
    with pytest.raises(OSError, match="no space left"):
        save(run_of(small, 4), result(reason="new"), "abd")
    assert load_all(small, "scaling") == [result()]
    assert was_graded(run_of(small, 3), "ann", "abc")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"cases": "x"}', '{"cases": "x", "submission": "", "result": {"path": 1}}'],
)
def test_a_record_that_is_none_is_named(small, text):
    save(run_of(small, 3), result(), "abc")
    path = path_of(small, "scaling", "ann")
    path.write_text(text)
    words = "is no record of a grading: delete it and grade the student again"
    for call in (lambda: load(path), lambda: was_graded(run_of(small, 3), "ann", "abc")):
        with pytest.raises(UsageError, match=words):
            call()


def test_records_are_plain_json(small):
    save(run_of(small, 3), result("Zoë"), "abc")
    record = json.loads(path_of(small, "scaling", "Zoë").read_text("utf-8"))
    assert (record["cases"], record["submission"]) == ("seed 3", "abc")
    assert record["result"] == result("Zoë").to_json()


# ---------------------------------------------------------------- what a later grading changes


def scored(*points, student="ann", status="graded"):
    verdicts = [Verdict(f"exercise {n}", p, 4.0) for n, p in enumerate(points)]
    return Result("p", student, "scaling", status, exercises=verdicts)


def save_all(course, *results):
    for one in results:
        save(run_of(course, 3), one, "abc")


def test_the_first_grading_changes_nothing(small):
    save_all(small, scored(4.0, 0.5))
    assert changes(small, "scaling", ["ann"]) == {}


def test_points_that_moved_are_said_with_the_total(small):
    save_all(
        small, scored(4.0, 0.5), scored(4.0, 2.5), scored(1.0, student="bob"), scored(1.0, student="bob")
    )
    assert changes(small, "scaling", ["ann", "bob"]) == {"ann": "exercise 1 0.5 → 2.5, total 4.5 → 6.5"}
    assert changes(small, "scaling", ["bob"]) == {}


def test_a_grading_that_failed_in_between_is_no_score(small):
    failed = scored(status="grader error")
    save_all(small, scored(4.0), failed)
    assert changes(small, "scaling", ["ann"]) == {}
    save_all(small, failed, scored(3.0))
    assert changes(small, "scaling", ["ann"]) == {"ann": "exercise 0 4 → 3, total 4 → 3"}


# ---------------------------------------------------------------- what has changed since


def edited(course, name, old, new):
    """Edit a file of the lab, which a course that is opened anew reads again."""
    path = course.root / "assignments/scaling" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    os.utime(path, ns=(1, hash(new) % 10**9))
    return Course(course.root)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("scaling.py", "def scale(", "def  scale("),
        ("exercises.py", "lab = Lab(", "lab  = Lab("),
        ("mistakes.py", "mistakes = ", "mistakes  = "),
    ],
)
def test_a_change_of_the_lab_makes_a_grading_one_from_before(small, name, old, new):
    save(run_of(small, 3), result(), "abc")
    assert from_before(run_of(small, 3), {"ann", "bob"}) == []
    changed = run_of(edited(small, name, old, new), 3)
    assert not was_graded(changed, "ann", "abc")
    assert from_before(changed, {"ann", "bob"}) == [
        "1 of 1 scores is from before the lab changed: `seqlab autograde scaling` grades it again"
    ]
    save(changed, result(), "abc")
    assert was_graded(changed, "ann", "abc")


@pytest.mark.parametrize(
    "change",
    [
        lambda course: edited(course, "scaling.py", "for tests.", "for some tests."),
        lambda course: (course.root / "assignments/scaling/wrong.py").write_text("wrong = {}"),
    ],
    ids=["prose", "proofs"],
)
def test_what_decides_no_outcome_is_no_change(small, change):
    save(run_of(small, 3), result(), "abc")
    change(small)
    assert was_graded(run_of(Course(small.root), 3), "ann", "abc")


def test_other_limits_are_a_change_and_figures_are_none(small):
    save(run_of(small, 3), result(), "abc")
    plain = Settings()
    without = Run(small, "scaling", Settings(figures=False, isolation="limits"), seed=3)
    assert was_graded(without, "ann", "abc")
    other = Run(small, "scaling", Settings(limits=plain.limits.with_changes({"cell_seconds": 1})), seed=3)
    assert not was_graded(other, "ann", "abc")
    assert "1 of 1 scores is from before the configuration changed" in from_before(other, {"ann", "bob"})[0]


def test_grading_only_what_is_graded_is_a_change_and_then_the_marks_are(small):
    only_graded = Settings(demonstrations=False)
    save(run_of(small, 3), result(), "abc")
    other = Run(small, "scaling", only_graded, seed=3)
    assert not was_graded(other, "ann", "abc")
    assert "before the configuration changed" in from_before(other, {"ann", "bob"})[0]
    save(other, result(), "abc")
    assert was_graded(other, "ann", "abc")
    assert not was_graded(run_of(small, 3), "ann", "abc")
    edited(small, "scaling.py", "# %%\n", '# %% tags=["demonstration"]\n')
    marked = Run(Course(small.root), "scaling", only_graded, seed=3)
    assert not was_graded(marked, "ann", "abc")
    assert "before the lab changed" in from_before(marked, {"ann", "bob"})[0]


def test_a_forced_run_that_was_cut_off_goes_on_where_it_stopped(small):
    run = run_of(small, 3)
    for student in ("ann", "bob"):
        save(run, result(student), "abc")
    begin_again(run, {"ann", "bob"})
    assert not any(was_graded(run, student, "abc") for student in ("ann", "bob"))
    save(run, result("ann"), "abc")
    begin_again(run, {"ann", "bob"})
    assert was_graded(run, "ann", "abc"), "it was graded by the run that goes on"
    assert not was_graded(run, "bob", "abc")
    assert from_before(run, {"ann", "bob"}) == [
        "1 of 2 scores is from before the last `--force`: `seqlab autograde scaling` grades it again"
    ]
    save(run, result("bob"), "abc")
    begin_again(run, {"ann", "bob"})
    assert not any(was_graded(run, student, "abc") for student in ("ann", "bob"))


def test_another_version_of_seqlab_is_told_and_grades_nothing_again(small, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(records, "VERSION", "0.0.1")
        save(run_of(small, 3), result(), "abc")
    (line,) = from_before(run_of(small, 3), {"ann", "bob"})
    assert line.startswith("1 of 1 scores is by SeqLab 0.0.1, not ")
    assert was_graded(run_of(small, 3), "ann", "abc")


def test_a_submission_that_has_gone_keeps_no_forced_run_from_beginning(small):
    run = run_of(small, 3)
    for student in ("ann", "bob"):
        save(run, result(student), "abc")
    for _ in range(2):
        begin_again(run, {"ann"})
        assert not was_graded(run, "ann", "abc")
        save(run, result("ann"), "abc")


def test_of_a_submission_that_has_gone_no_regrade_is_promised(small, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(records, "VERSION", "0.0.1")
        for student in ("ann", "bob", "cyd", "dan"):
            save(run_of(small, 3), result(student), "abc")
    changed = run_of(edited(small, "scaling.py", "def scale(", "def  scale("), 3)
    for student in ("ann", "dan"):
        save(changed, result(student), "abc")
    assert from_before(changed, {"ann", "bob"}) == [
        "1 of 4 scores is from before the lab changed: `seqlab autograde scaling` grades it again",
        f"1 of 4 scores is by SeqLab 0.0.1, not {records.VERSION}: "
        "`seqlab autograde scaling --force` grades all again",
        "1 of 4 scores is out of date and cannot be graded again: the submission is no longer in submitted/",
    ]
    (line,) = from_before(changed, ())
    assert line.startswith("2 of 4 scores are out of date and cannot be graded again: the submissions are no")


@pytest.mark.parametrize("text", ["", "many", "1.5"])
def test_a_count_of_forced_runs_that_cannot_be_read_is_none(small, text):
    save(run_of(small, 3), result(), "abc")
    (small.root / ".seqlab/scaling/generation").write_text(text)
    assert was_graded(run_of(small, 3), "ann", "abc")
