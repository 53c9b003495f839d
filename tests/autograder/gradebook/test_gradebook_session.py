"""One gradebook that stays open for nbgrader's steps, and one transaction for each submission."""

import contextlib
import os
import shutil
import sqlite3

import nbgrader.api
import pytest
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import autograde
from nbgrader.preprocessors import latesubmissions, overwritecells, overwritekernelspec, saveautogrades

from autograder.gradebook.register import register
from autograder.gradebook.session import OpenGradebook

pytestmark = pytest.mark.slow

STEPS = (autograde, latesubmissions, overwritecells, overwritekernelspec, saveautogrades)


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


@pytest.fixture
def book(url):
    return OpenGradebook(url, "seqlab")


def opened(url):
    """Open a gradebook as nbgrader's steps do: by the name that their modules know."""
    return saveautogrades.Gradebook(url, "seqlab")


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


def add(book, *names):
    with book.transaction():
        for name in names:
            book.add_student(name)


# ---------------------------------------------------------------- nbgrader's steps are given it


def test_within_a_transaction_each_step_is_given_the_open_one(url, book):
    with book.transaction():
        assert all(module.Gradebook(url, "seqlab") is book for module in STEPS)
        with opened(url) as given:
            given.add_student("ann")
        with opened(url) as given:  # closing it has ended nothing
            assert given.find_student("ann").id == "ann"
        assert nbgrader.api.Gradebook is Gradebook, "whoever else opens a gradebook opens it as ever"
    assert students(url) == ["ann"]


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt])
def test_afterwards_nbgrader_is_itself_again(url, book, error):
    with contextlib.suppress(RuntimeError, KeyboardInterrupt), book.transaction():
        if error:
            raise error
    assert [module.Gradebook for module in STEPS] == [Gradebook] * len(STEPS)
    with opened(url) as given:
        given.add_student("ann")
        assert students(url) == ["ann"], "each step commits for itself"


def test_what_others_have_put_in_its_place_is_put_back(book, monkeypatch):
    mine = type("Mine", (Gradebook,), {})
    monkeypatch.setattr(saveautogrades, "Gradebook", mine)
    with book.transaction():
        pass
    assert saveautogrades.Gradebook is mine


# ---------------------------------------------------------------- the file


def test_what_others_write_is_seen(url, book):
    add(book, "ann")
    with Gradebook(url, "seqlab") as other:
        other.add_student("bob")
    with book.transaction():
        assert sorted(student.id for student in book.students) == ["ann", "bob"]


def test_between_transactions_no_file_is_open_and_nothing_is_locked(book, tmp_path):
    assert open_files(tmp_path) == []
    with book.transaction():
        book.add_student("ann")
        assert open_files(tmp_path), "within, it is open: or this test would see nothing"
    assert open_files(tmp_path) == []
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db", timeout=0)) as other:
        other.execute("BEGIN EXCLUSIVE")


def test_each_course_of_a_gradebook_is_known(url):
    for course in ("one", "two", "one"):
        OpenGradebook(url, course)
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        assert {("one",), ("two",)} <= set(file.execute("SELECT id FROM course"))


def test_a_file_that_was_replaced_is_opened_anew(url, book, tmp_path):
    add(book, "ann")
    shutil.copy(tmp_path / "gradebook.db", tmp_path / "earlier.db")
    add(book, "bob")
    (tmp_path / "earlier.db").replace(tmp_path / "gradebook.db")
    with book.transaction():
        assert [student.id for student in book.students] == ["ann"]
        with pytest.raises(MissingEntry):
            book.find_student("bob")
        book.add_student("eve")
    assert students(url) == ["ann", "eve"]


def test_a_file_that_was_deleted_and_made_anew(url, book, tmp_path, new_gradebook):
    """Its number may be that of the old file: what counts is what stands in it."""
    add(book, "ann")
    (tmp_path / "gradebook.db").unlink()
    shutil.copy(new_gradebook, tmp_path)
    with Gradebook(url, "seqlab") as other:
        other.add_student("bob")
    add(book, "eve")
    assert students(url) == ["bob", "eve"]


# ---------------------------------------------------------------- one transaction


def test_nothing_is_there_for_others_before_the_end(url, book):
    with book.transaction():
        with opened(url) as given:
            given.add_student("ann")
        assert students(url) == []
        with opened(url) as given:
            given.find_student("ann")
            given.add_student("bob")
    assert students(url) == ["ann", "bob"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_what_raises_leaves_nothing(url, book, error):
    add(book, "ann")

    def add_and_fail():
        with book.transaction():
            book.add_student("bob")
            book.remove_student("ann")
            raise error

    with pytest.raises(error):
        add_and_fail()
    assert students(url) == ["ann"]
    add(book, "eve")
    assert students(url) == ["ann", "eve"]


def test_writing_that_fails_leaves_nothing_and_no_lock(url, tmp_path):
    """Another process writes to the gradebook and does not end: the writer gives up, whole."""
    book = OpenGradebook(f"{url}?timeout=0.01", "seqlab")
    add(book, "ann")
    with contextlib.closing(sqlite3.connect(tmp_path / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InvalidEntry, match="locked"):
            add(book, "bob")
    assert students(url) == ["ann"]
    add(book, "bob")
    assert students(url) == ["ann", "bob"]
    assert open_files(tmp_path) == []
