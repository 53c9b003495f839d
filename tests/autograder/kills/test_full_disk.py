"""A disk that is full or read-only stops a run with one line; with space again the run goes on."""

import contextlib
import ctypes
import os
import re
import shutil
import subprocess

import pytest

from autograder.cli.demo import hand_in
from tests.autograder.kills.class_factory import FEEDBACK, GRADE, Victim, copy, make_class, state

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk"),
]

CLONE_NEWNS = 0x00020000
SIZE = 4 << 20
ROOM = (0, 4, 12, 24, 48, 96, 192)
"""Kilobytes that are left on a full disk: where a run stops depends on it."""


@pytest.fixture(scope="module")
def own_mounts():
    """Give this process mounts of its own for a while."""
    libc, here = ctypes.CDLL(None, use_errno=True), os.getcwd()
    with open("/proc/self/ns/mnt") as before:
        if libc.unshare(CLONE_NEWNS) != 0:
            pytest.skip(f"no mounts of its own: {os.strerror(ctypes.get_errno())}")
        try:
            if subprocess.run(["mount", "--make-rprivate", "/"], check=False).returncode != 0:
                pytest.skip("mounting is not allowed here")
            yield
        finally:
            assert libc.setns(before.fileno(), CLONE_NEWNS) == 0
            os.chdir(here)


@pytest.fixture(scope="module")
def victim(own_mounts, tmp_path_factory):
    with Victim(tmp_path_factory.mktemp("victim")) as started:
        yield started


def copied(course, folder):
    """Copy a course whose gradebook has a folder of its own."""
    return copy(course, folder, f"sqlite:///{folder}/database/gradebook.db")


@pytest.fixture(scope="module")
def changed(victim, tmp_path_factory, copy_small, scaling):
    """A graded course whose gradebook has a folder of its own; a submission is better now, and one is new."""
    folder = tmp_path_factory.mktemp("changed")
    small = copy_small(folder / "small")
    for name in ("database", "feedback"):
        (small.root / name).mkdir()
    course = copied(small, folder / "course")
    make_class(course, scaling, ["ann", "bob"])
    code, said, _ = victim.run(course.root, GRADE, folder / "outcomes")
    assert code == 0, said
    shutil.rmtree(course.root / "submitted/bob")
    hand_in(course, "scaling", "bob", scaling)
    hand_in(course, "scaling", "eve", {"repeat": scaling["repeat"]})
    return course


@pytest.fixture
def on_disk(changed, tmp_path):
    """A function that copies the course, with one of its folders on a small disk; it returns that folder."""
    mounted = []

    def put(folder):
        course = copied(changed, tmp_path / f"course{len(mounted)}")
        place, aside = course.root / folder, tmp_path / "aside"
        place.rename(aside)
        place.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
        mounted.append(place)
        shutil.copytree(aside, place, dirs_exist_ok=True)
        shutil.rmtree(aside)
        return course, place

    yield put
    for place in mounted:
        subprocess.run(["umount", "-l", place], check=True)


def fill(place, kilobytes):
    """Fill a disk, but for some space."""
    with (place / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(place / "filler", max(0, (place / "filler").stat().st_size - 1024 * kilobytes))


def check_line(said):
    """Whether it is one line after those of progress: what cannot be written, why, and what to do."""
    *progress, last = said.splitlines()
    assert re.fullmatch(r"seqlab: \S+ cannot be written: .*; what is graded is kept: .*", last), said
    assert all(re.match(r"\d/\d |\d graded already", line) for line in progress), said


@pytest.fixture
def expected(victim, changed, tmp_path):
    undisturbed = copied(changed, tmp_path / "undisturbed")
    outcomes = tmp_path / "outcomes"
    assert victim.run(copied(changed, tmp_path / "first").root, GRADE, outcomes)[0] == 0
    assert victim.run(undisturbed.root, GRADE, outcomes)[0] == 0
    return state(undisturbed)


@pytest.mark.parametrize("folder", [".", "database", "autograded", ".seqlab"])
def test_a_full_disk(victim, on_disk, expected, tmp_path, folder):
    stopped = 0
    for kilobytes in ROOM:
        course, place = on_disk(folder)
        before = state(course)
        fill(place, kilobytes)
        code, said, _ = victim.run(course.root, GRADE, tmp_path / "outcomes")
        (place / "filler").unlink()
        if code != 0:
            assert code == 3
            check_line(said)
            lost = before[0]["scores"] - state(course)[0]["scores"]
            assert not {student for student, *_ in lost} - {"bob"}, "only he may have new ones"
            stopped += 1
            code, said, _ = victim.run(course.root, GRADE, tmp_path / "outcomes")
            assert code == 0, said
        assert state(course) == expected
    assert stopped


@pytest.mark.parametrize("folder", [".", "database", "autograded", ".seqlab"])
def test_a_read_only_disk(victim, on_disk, expected, tmp_path, folder):
    course, place = on_disk(folder)
    before = state(course)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    code, said, _ = victim.run(course.root, GRADE, tmp_path / "outcomes")
    assert code == 3
    check_line(said)
    assert state(course)[0] == before[0]
    subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    code, said, _ = victim.run(course.root, GRADE, tmp_path / "outcomes")
    assert code == 0, said
    assert state(course) == expected


def test_feedback_on_a_full_disk(victim, changed, on_disk, tmp_path):
    """nbgrader itself says what is wrong; its next run makes the pages."""
    undisturbed = copied(changed, tmp_path / "undisturbed")
    assert victim.run(undisturbed.root, FEEDBACK)[0] == 0
    for kilobytes in (0, 100):
        course, place = on_disk("feedback")
        fill(place, kilobytes)
        assert victim.run(course.root, FEEDBACK)[0] != 0
        (place / "filler").unlink()
        code, said, _ = victim.run(course.root, FEEDBACK)
        assert code == 0, said
        assert state(course) == state(undisturbed)
