"""Checks that do not end or are interrupted, messages under validate, and the count of passed checks."""

import _thread
import builtins
import time

import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.stopping import Stopped, stoppable

A_NEXT = "a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"
ENDLESS = "\n    while True:\n        xt = xt + 0"


def endless():
    while True:
        pass


def limited(monkeypatch, seconds):
    monkeypatch.setattr(checks, "stoppable", lambda work, function: stoppable(work, function, seconds))


def test_a_check_of_an_endless_loop_stops_by_itself(student, monkeypatch):
    limited(monkeypatch, 0.3)
    with pytest.raises(CheckFailed) as caught:
        visible_check(student("rnn_cell_forward", (A_NEXT, A_NEXT + ENDLESS)))
    assert caught.value.__suppress_context__
    assert str(caught.value).startswith("Stopped after 0.3 s in line 2")
    assert str(caught.value).endswith(" of `rnn_cell_forward`: does the loop end?")


def test_a_function_that_waits_is_stopped():
    def waits():
        time.sleep(60)

    with pytest.raises(Stopped, match=r"^Stopped after 0.1 s in line .*sleep"):
        stoppable(waits, waits, 0.1)


def test_a_function_that_catches_the_interrupt_is_interrupted_again():
    found = []

    def stubborn():
        try:
            endless()
        except BaseException as error:
            found.append(type(error).__name__)
        endless()

    with pytest.raises(Stopped, match=r"^Stopped after 0.1 s in line .*does the loop end"):
        stoppable(stubborn, stubborn, 0.1)
    assert found == ["KeyboardInterrupt"]


def test_nothing_is_interrupted_after_the_block():
    for _ in range(20):
        with pytest.raises(Stopped):
            stoppable(endless, endless, 0.001)
    assert stoppable(lambda: 7, endless, 0.05) == 7
    time.sleep(0.1)


def test_an_interrupt_says_the_line(student):
    function = student("rnn_cell_forward", (A_NEXT, f"{A_NEXT}\n    interrupt(){ENDLESS}"))
    function.__globals__["interrupt"] = _thread.interrupt_main
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    assert caught.value.__suppress_context__
    assert str(caught.value).startswith("Stopped in line 2")
    assert "of `rnn_cell_forward`: does the loop end?" in str(caught.value)


def test_a_loop_that_calls_another_function_names_both(student):
    edit = ("### START CODE HERE ###", "### START CODE HERE ###\n    while True: waits()")
    function = student("rnn_cell_forward", edit)
    function.__globals__["interrupt"] = _thread.interrupt_main
    exec("def waits():\n    interrupt()\n    for _ in range(10 ** 9):\n        pass", function.__globals__)
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    assert " of `waits`, called in line 2" in str(caught.value)
    assert str(caught.value).endswith(" of `rnn_cell_forward`: does the loop end?")


def test_the_grader_s_limit_is_passed_on(student, monkeypatch):
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    function = student("rnn_cell_forward", (A_NEXT, "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        visible_check(function)


def test_the_lines_of_a_message_are_short_enough_for_validate():
    error = CheckFailed("clip: " + "Likely cause: the limits are swapped. " * 5)
    lines = error._render_traceback_()
    assert max(map(len, lines)) + 4 <= 87
    assert " ".join(lines) == f"CheckFailed: {error}".rstrip()


def test_the_checks_that_passed_are_counted(student, monkeypatch, capsys):
    monkeypatch.setattr(checks, "_passed", {})
    function = student("rnn_cell_forward")
    run = function.__globals__
    run["checks_so_far"] = checks.checks_so_far
    exec("checks_so_far()", run)
    visible_check(function)
    exec("checks_so_far()", run)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("visible", "not"))]
    assert lines[0] == "visible checks: 0 of 4 exercises"
    assert lines[2] == "visible checks: 1 of 4 exercises"
    assert lines[3].endswith(": rnn_forward, lstm_cell_forward, lstm_forward")
    run["rnn_cell_forward"] = print  # written anew, and not checked yet
    exec("checks_so_far()", run)
    assert "visible checks: 0 of 4 exercises" in capsys.readouterr().out
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    exec("checks_so_far()", run)
    assert capsys.readouterr().out == ""
