"""Where the time of a submission goes: the stages, the log, and what --verbose shows."""

import json
from datetime import datetime

import pytest

from autograder.cli.demo import hand_in
from autograder.gradebook.autograde import autograde, find_class
from autograder.grading.timing import Stages, in_words, log
from autograder.lab.course import load_config
from autograder.results import Result
from autograder.run import Run
from autograder.settings import settings_of

pytestmark = pytest.mark.slow

IN_ORDER = ["read", "sanitise", "files", "judge", "start", "cells", "verdicts", "end", "write"]


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved on."""

    class Clock:
        now = 0.0

    monkeypatch.setattr("time.perf_counter", lambda: Clock.now)
    return Clock


def test_times_of_one_stage_add_up(clock):
    stages = Stages()
    for seconds in (1, 2):
        with stages("cells"):
            clock.now += seconds
        with stages("judge"):
            clock.now += 0.5
    assert stages == {"cells": 3.0, "judge": 1.0}
    assert list(stages) == ["cells", "judge"]


def test_a_stage_that_raises_is_counted(clock):
    stages = Stages()

    def fail():
        with stages("cells"):
            clock.now += 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert stages == {"cells": 1.0}


def test_in_words():
    assert in_words({"read": 0.0123, "cells": 1.5}) == "read 12 ms, cells 1500 ms"
    assert in_words({}) == ""


def test_each_line_of_the_log_is_json(tmp_path):
    nasty = 'Zoë "Ångström"\n\x1b[31m'
    log(tmp_path / "log", Result("p", nasty, "cells", "graded", points=3, seconds=1.5), {"read": 0.12345})
    log(tmp_path / "log", Result("p", "ann", "cells", "bad submission", "not\njson"), {})
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    first, second = map(json.loads, lines)
    assert datetime.fromisoformat(first.pop("time")).tzinfo is not None
    assert first == {
        "student": nasty,
        "status": "graded",
        "reason": "",
        "points": 3,
        "seconds": 1.5,
        "stages": {"read": 0.1235},
    }
    assert (second["student"], second["reason"], second["stages"]) == ("ann", "not\njson", {})


@pytest.fixture(scope="module")
def logged(tmp_path_factory, copy_small, scaling):
    """The outcomes of a small class by student, and the lines of its log."""
    course = copy_small(tmp_path_factory.mktemp("stages") / "course")
    hand_in(course, "scaling", "ann", scaling)
    hand_in(course, "scaling", "bob", {})
    hand_in(course, "scaling", "cal", {})
    hand_in(course, "scaling", "eve", {}).write_text("no notebook")
    settings = settings_of(load_config(course.root), course.lab("scaling"))
    run = Run(course, "scaling", settings, seed=1)
    outcomes = {o.result.student: o for o in autograde(run, find_class(run).tasks)}
    return outcomes, (course.state("scaling") / "log.jsonl").read_text("utf-8").splitlines()


def test_all_stages_of_a_graded_submission(logged):
    outcomes, _ = logged
    for student in ("ann", "bob", "cal"):
        assert list(outcomes[student].stages) == IN_ORDER
    assert list(outcomes["eve"].stages) == ["read"]


def test_the_log_has_a_line_for_each_submission(logged):
    outcomes, lines = logged
    found = {entry["student"]: entry for entry in map(json.loads, lines)}
    assert len(lines) == len(found) == 4
    for student, entry in found.items():
        result = outcomes[student].result
        assert (entry["status"], entry["points"], entry["seconds"]) == (
            result.status,
            result.points,
            result.seconds,
        )
        assert entry["stages"] == {n: round(s, 4) for n, s in outcomes[student].stages.items()}
    assert found["eve"]["reason"].startswith("scaling.ipynb")
