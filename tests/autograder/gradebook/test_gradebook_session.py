"""One gradebook that stays open for nbgrader's steps, and one commit for each submission."""

import contextlib
import importlib
import os
import shutil
import sqlite3

import pytest
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry

from autograder.gradebook import session as openbook
from autograder.gradebook.register import register
from autograder.gradebook.session import keep_open, one_commit, opened


@pytest.fixture(scope="module")
def new_gradebook(small_built, tmp_path_factory):
    """A gradebook without students. Read only."""
    path = tmp_path_factory.mktemp("book") / "gradebook.db"
    register(small_built.root, "scaling", f"sqlite:///{path}")
    return path


@pytest.fixture
def url(new_gradebook, tmp_path):
    shutil.copy(new_gradebook, tmp_path)
    return f"sqlite:///{tmp_path}/gradebook.db"


@pytest.fixture(autouse=True)
def none_open(monkeypatch):
    monkeypatch.setattr(openbook, "_books", {})


def students(url):
    """Return who stands in the file, as nbgrader's own class reads it."""
    with Gradebook(url, "seqlab") as book:
        return sorted(student.id for student in book.students)


def open_files(folder):
    """Return what this process holds open below a folder."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return [path for path in found if path.startswith(str(folder))]


# ---------------------------------------------------------------- one that stays open


def test_it_is_opened_once(url):
    with opened(url, "seqlab") as first, opened(url, "seqlab") as second:
        assert first is second


def test_what_is_written_is_there_for_others(url):
    with opened(url, "seqlab") as book:
        book.add_student("ann")
    assert students(url) == ["ann"]


def test_what_others_write_is_seen(url):
    with opened(url, "seqlab") as book:
        assert book.students == []
    with Gradebook(url, "seqlab") as other:
        other.add_student("ann")
    with opened(url, "seqlab") as book:
        assert [student.id for student in book.students] == ["ann"]


def test_closing_leaves_no_file_open_and_no_lock(url, tmp_path):
    with opened(url, "seqlab") as book:
        book.add_student("ann")
        book.find_student("ann")
        assert open_files(tmp_path), "within, it is open: or this test would see nothing"
    assert open_files(tmp_path) == []
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db", timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_each_course_of_a_gradebook_is_known(url):
    for course in ("one", "two", "one"):
        with opened(url, course):
            pass
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        assert {("one",), ("two",)} <= set(file.execute("SELECT id FROM course"))


def test_a_file_that_was_replaced_is_opened_anew(url, tmp_path):
    with opened(url, "seqlab") as book:
        book.add_student("ann")
    shutil.copy(tmp_path / "gradebook.db", tmp_path / "earlier.db")
    with opened(url, "seqlab") as book:
        book.add_student("bob")
    (tmp_path / "earlier.db").replace(tmp_path / "gradebook.db")
    with opened(url, "seqlab") as book:
        assert [student.id for student in book.students] == ["ann"]
        with pytest.raises(MissingEntry):
            book.find_student("bob")
        book.add_student("eve")
    assert students(url) == ["ann", "eve"]


def test_a_file_that_was_deleted_and_made_anew(url, tmp_path, new_gradebook):
    """Its number may be that of the old file: what counts is what stands in it."""
    with opened(url, "seqlab") as book:
        book.add_student("ann")
    (tmp_path / "gradebook.db").unlink()
    shutil.copy(new_gradebook, tmp_path)
    with Gradebook(url, "seqlab") as other:
        other.add_student("bob")
    with opened(url, "seqlab") as book:
        assert [student.id for student in book.students] == ["bob"]
        book.add_student("eve")
    assert students(url) == ["bob", "eve"]


def test_nbgrader_s_grading_uses_it(monkeypatch):
    modules = [importlib.import_module(name) for name in openbook.USERS]
    for module in modules:
        monkeypatch.setattr(module, "Gradebook", Gradebook)
    keep_open()
    assert all(module.Gradebook is opened for module in modules)


# ---------------------------------------------------------------- one commit


def test_nothing_is_there_for_others_before_the_end(url):
    opened(url, "seqlab")
    with one_commit(url):
        with opened(url, "seqlab") as book:
            book.add_student("ann")
        assert students(url) == []
        with opened(url, "seqlab") as book:
            book.find_student("ann")
            book.add_student("bob")
    assert students(url) == ["ann", "bob"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_raises_leaves_nothing(url, error):
    with opened(url, "seqlab") as book:
        book.add_student("ann")

    def add_and_fail():
        with one_commit(url):
            with opened(url, "seqlab") as book:
                book.add_student("bob")
                book.remove_student("ann")
            raise error

    with pytest.raises(error):
        add_and_fail()
    assert students(url) == ["ann"]


def test_afterwards_each_step_commits_again(url, tmp_path):
    with pytest.raises(RuntimeError), one_commit(url):
        raise RuntimeError
    with one_commit(url):
        pass
    with opened(url, "seqlab") as book:
        book.add_student("ann")
        assert students(url) == ["ann"]
    assert open_files(tmp_path) == []


def test_writing_that_fails_leaves_nothing_and_no_lock(url, tmp_path):
    """Another process writes to the gradebook and does not end: the writer gives up, whole."""

    def add():
        with one_commit(f"{url}?timeout=0.01"), opened(f"{url}?timeout=0.01", "seqlab") as book:
            book.add_student("bob")

    with opened(f"{url}?timeout=0.01", "seqlab") as book:
        book.add_student("ann")
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InvalidEntry, match="locked"):
            add()
    assert students(url) == ["ann"]
    add()
    assert students(url) == ["ann", "bob"]
    assert open_files(tmp_path) == []
