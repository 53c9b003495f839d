"""How a run is watched: lines where there is no terminal, a bar where there is one."""

import io

import pytest
from rich.console import Console

from autograder.cli.progress import watch
from autograder.grading.grader import Outcome
from autograder.grading.timing import Stages
from autograder.results import Result

STAGES = Stages(read=0.004, cells=0.25)


def outcome(student, status="graded", reason="", points=7.5):
    result = Result("p", student, "cells", status, reason, points=points, max_points=10, seconds=0.26)
    return Outcome(result, stages=STAGES)


CLASS = [outcome("ann"), outcome("bob", "bad submission", "cells.ipynb is empty"), outcome("Zoë")]


def console_on(screen, terminal):
    return Console(file=screen, force_terminal=terminal, width=100, highlight=False, emoji=False, _environ={})


def watched(outcomes, verbose=False, terminal=False, total=None):
    """Return the students that came through, and what was shown."""
    screen = io.StringIO()
    console = console_on(screen, terminal)
    results = list(watch(outcomes, total or len(outcomes), "graded", console, verbose))
    return [result.student for result in results], screen.getvalue()


def test_a_line_for_each_submission():
    students, shown = watched(CLASS)
    assert students == ["ann", "bob", "Zoë"]
    assert shown.splitlines() == [
        "1/3 ann: 7.5 of 10 in 0.3 s",
        "2/3 bob: bad submission: cells.ipynb is empty",
        "3/3 Zoë: 7.5 of 10 in 0.3 s",
    ]


def test_verbose_adds_the_stages():
    _, shown = watched(CLASS, verbose=True)
    first, second, _ = shown.splitlines()
    assert first == "1/3 ann: 7.5 of 10 in 0.3 s (read 4 ms, cells 250 ms)"
    assert second == "2/3 bob: bad submission: cells.ipynb is empty"


def test_on_a_terminal_a_bar_says_how_many_failed():
    students, shown = watched(CLASS, terminal=True)
    assert students == ["ann", "bob", "Zoë"]
    assert "graded, 1 failed" in shown
    assert "3/3" in shown
    assert "ann" not in shown


def test_on_a_terminal_verbose_adds_lines_above_the_bar():
    _, shown = watched(CLASS, terminal=True, verbose=True)
    assert "ann: 7.5 of 10 in 0.3 s (read 4 ms, cells 250 ms)" in shown
    assert "1/3 ann" not in shown, "the bar counts"


@pytest.mark.parametrize("terminal", [False, True])
def test_a_line_is_said_when_its_submission_is_done_not_later(terminal):
    screen = io.StringIO()
    console = console_on(screen, terminal)

    def grading():
        yield CLASS[0]
        assert "ann" in screen.getvalue()
        yield CLASS[2]

    assert len(list(watch(grading(), 2, "graded", console, verbose=True))) == 2


@pytest.mark.parametrize("terminal", [False, True])
def test_what_a_name_or_a_reason_holds_stays_one_line_of_plain_text(terminal):
    nasty = outcome("[red]x[/red]\n:smile:", "bad submission", "\x1b[31mred\x1b[0m\r\nand \u202emore")
    _, shown = watched([nasty], terminal=terminal, verbose=True)
    assert "[red]x[/red] :smile:: bad submission: red and \ufffdmore" in shown
    assert "\x1b[31m" not in shown
