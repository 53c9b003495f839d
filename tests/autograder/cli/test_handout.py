"""`seqlab release`: labs handed out one by one."""

import shutil
from pathlib import Path

import pytest

from autograder.cli.handout import hand_out
from autograder.errors import UsageError
from autograder.lab.course import Course

COURSE = Course(Path(__file__).parents[3])


def test_a_lab_comes_with_those_that_it_builds_on_and_no_other(tmp_path):
    lines = hand_out(COURSE, "backprop", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backprop", "cells"]
    assert lines == [
        f"{tmp_path / 'cells'}",
        f"{tmp_path / 'backprop'}: holds the solutions of an earlier lab (cells.py)",
    ]
    assert (tmp_path / "cells/cells.ipynb").read_bytes() == (
        COURSE.root / "release/cells/cells.ipynb"
    ).read_bytes()


def test_the_first_lab_holds_no_solution(tmp_path):
    assert hand_out(COURSE, "cells", tmp_path) == [f"{tmp_path / 'cells'}"]
    assert not list(tmp_path.rglob("*.py"))


def test_all_labs(tmp_path):
    assert len(hand_out(COURSE, None, tmp_path)) == len(COURSE.labs)


def test_what_a_student_added_stays(tmp_path):
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells/notes.txt").write_text("mine")
    hand_out(COURSE, "cells", tmp_path)
    assert (tmp_path / "cells/notes.txt").read_text() == "mine"


def test_a_lab_that_is_not_built_is_named(tmp_path):
    root = tmp_path / "course"
    shutil.copytree(COURSE.root / "assignments/cells", root / "assignments/cells")
    with pytest.raises(UsageError, match="not built yet: cells: `seqlab build` first"):
        hand_out(Course(root), None, tmp_path / "out")
    assert not (tmp_path / "out").exists()
