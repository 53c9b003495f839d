"""The cache of results: what is found again, what is not, and what a damaged entry does. No code runs."""

import os
import shutil
import time
from dataclasses import replace

import pytest

from autograder.grading.cache import KEPT, Cache, grade_changed
from autograder.grading.grader import Outcome, Task
from autograder.results import CaseResult, Finding, Result, Verdict
from autograder.run import Run
from autograder.sandbox import Isolation, Limits
from autograder.settings import Settings


@pytest.fixture
def task(tmp_path):
    """A submission of two files."""
    folder = tmp_path / "handed-in/ann/scaling"
    folder.mkdir(parents=True)
    (folder / "scaling.ipynb").write_text("{}")
    (folder / "data.txt").write_text("1")
    return Task("ann", folder)


def run_of(course, seed=None, **settings):
    return Run(course, "scaling", Settings(isolation=Isolation.LIMITS, **settings), seed=seed)


def outcome_of(task, status="graded", **others):
    verdict = Verdict("scale", 0.1 + 0.2, 4.0, [CaseResult("a case", "failed", "why")], "a message", "adds")
    verdict.findings = [Finding("a message", ["a case"])]
    path = str(task.path / "scaling.ipynb")
    result = Result(path, "ann", "scaling", status, points=0.1 + 0.2, max_points=4.0, exercises=[verdict])
    return Outcome(replace(result, seconds=1.5, isolation="limits", seed=2**47 + 1), **others)


def keep(run, task, outcome=None):
    """Keep an outcome as grading does; return the files of entries."""
    cache = Cache(run)
    assert cache.find(task) is None
    cache.keep(task, outcome or outcome_of(task))
    return list(cache.folder.iterdir())


def test_what_is_unchanged_is_found_as_it_was_graded(small, task):
    (entry,) = keep(run_of(small), task)
    cache = Cache(run_of(small))
    found = cache.find(task)
    assert found.kept
    assert found.result.to_json() == outcome_of(task).result.to_json()
    assert (cache.found, cache.notes) == (1, [])
    assert entry.parent.stat().st_mode & 0o777 == 0o700


def test_a_class_from_the_cache_starts_nothing(small, task, monkeypatch):
    keep(run_of(small), task)
    monkeypatch.setattr(
        "autograder.grading.cache.require_isolation", lambda _: pytest.fail("it was asked for")
    )
    monkeypatch.setattr("autograder.grading.cache.grade_all", lambda *_: pytest.fail("it was graded"))
    (found,) = grade_changed(run_of(small), [task], Cache(run_of(small)))
    assert found.result == outcome_of(task).result


def edit(path, text):
    path.write_text(path.read_text("utf-8") + text, "utf-8")


@pytest.mark.parametrize(
    "change",
    [
        lambda task, course: edit(task.path / "scaling.ipynb", " "),
        lambda task, course: edit(task.path / "data.txt", "2"),
        lambda task, course: (task.path / "new.txt").touch(),
        lambda task, course: (task.path / "a link").symlink_to("data.txt"),
        lambda task, course: edit(course.root / "assignments/scaling/exercises.py", "# changed\n"),
        lambda task, course: edit(course.root / "assignments/scaling/scaling.py", "\n# %%\n1 + 1\n"),
        lambda task, course: edit(course.root / "source/scaling/scaling.ipynb", "\n"),
        lambda task, course: edit(course.root / "nbgrader_config.py", "\n# changed\n"),
        lambda task, course: (course.root / ".seqlab/secret").write_text("ab" * 32),
    ],
    ids=["notebook", "data", "new file", "link", "cases", "lab", "source", "configuration", "secret"],
)
def test_what_has_changed_is_not_found(small, task, change):
    keep(run_of(small), task)
    change(task, small)
    cache = Cache(run_of(small))
    assert cache.find(task) is None
    assert cache.notes == []


@pytest.mark.parametrize(
    ("seed", "settings"),
    [(4, {}), (None, {"limits": Limits(cell_seconds=1.0)}), (None, {"feedback": "points"})],
)
def test_other_seeds_and_settings_find_nothing(small, task, seed, settings):
    keep(run_of(small), task)
    assert Cache(run_of(small, seed, **settings)).find(task) is None


def test_other_isolation_finds_nothing(small, task):
    run = run_of(small)
    keep(run, task)
    assert (
        Cache(replace(run, settings=replace(run.settings, isolation=Isolation.BUBBLEWRAP))).find(task) is None
    )


def test_another_version_of_a_package_finds_nothing(small, task, monkeypatch):
    keep(run_of(small), task)
    monkeypatch.setattr("autograder.versions.version", lambda name: "0")
    assert Cache(run_of(small)).find(task) is None


def test_another_student_finds_nothing(small, task):
    keep(run_of(small), task)
    assert Cache(run_of(small)).find(replace(task, student="bob")) is None


def full_marks(entry):
    signature, _, text = entry.read_bytes().partition(b"\n")
    return signature + b"\n" + text.replace(b'"points": 0.30000000000000004', b'"points": 4.0')


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: entry.read_bytes()[:-20],
        lambda entry: b"",
        lambda entry: b"\x00" + entry.read_bytes()[1:],
        full_marks,
        lambda entry: entry.read_bytes().partition(b"\n")[2],
    ],
    ids=["cut off", "empty", "other bytes", "more points", "unsigned"],
)
def test_a_damaged_or_forged_entry_is_said_and_removed(small, task, damage):
    (entry,) = keep(run_of(small), task)
    before = entry.read_bytes()
    entry.write_bytes(damage(entry))
    assert entry.read_bytes() != before
    cache = Cache(run_of(small))
    assert cache.find(task) is None
    (note,) = cache.notes
    assert "damaged or forged" in note
    assert "ann is graded again" in note
    assert not entry.exists()


def test_the_entry_of_one_submission_is_no_entry_of_another(small, task):
    (entry,) = keep(run_of(small), task)
    other = replace(task, student="bob")
    new = next(path for path in keep(run_of(small), other) if path != entry)
    shutil.copy(entry, new)
    cache = Cache(run_of(small))
    assert cache.find(other) is None
    assert len(cache.notes) == 1


def test_a_grader_error_is_not_kept(small, task):
    assert keep(run_of(small), task, outcome_of(task, "grader error")) == []


def test_a_bad_submission_is_kept(small, task):
    assert len(keep(run_of(small), task, outcome_of(task, "bad submission"))) == 1


def test_what_was_written_to_meanwhile_is_not_kept(small, task):
    cache = Cache(run_of(small))
    cache.find(task)
    edit(task.path / "data.txt", "2")
    cache.keep(task, outcome_of(task))
    assert list(cache.folder.iterdir()) == []


def test_an_entry_that_nobody_asked_for_is_removed_in_the_end(small, task):
    (entry,) = keep(run_of(small), task)
    os.utime(entry, (time.time() - KEPT - 60,) * 2)
    assert Cache(run_of(small)).find(task) is None
    assert not entry.exists()


def test_with_a_seed_and_no_secret_none_is_drawn(small, task):
    keep(run_of(small, 3), task)
    assert Cache(run_of(small, 3)).find(task) is not None
    assert not small.has_secret
