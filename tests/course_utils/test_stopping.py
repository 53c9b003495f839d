"""Checks of functions that do not end, and interrupted ones."""

import _thread
import builtins
import threading
import time

import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.stopping import Stopped, stoppable

A_NEXT = "a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"
ENDLESS = "\n    while True:\n        xt = xt + 0"


def message_of(function, monkeypatch, seconds=0.3) -> str:
    monkeypatch.setattr(checks, "stoppable", lambda work, function: stoppable(work, function, seconds))
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    assert caught.value.__suppress_context__
    return str(caught.value)


def test_a_check_of_an_endless_loop_stops_by_itself(student, monkeypatch):
    message = message_of(student("rnn_cell_forward", (A_NEXT, A_NEXT + ENDLESS)), monkeypatch)
    assert message.startswith("Stopped after 0.3 s in line 2")
    assert message.endswith(" of `rnn_cell_forward`: does the loop end?")


def test_an_interrupt_says_the_line(student, monkeypatch):
    function = student("rnn_cell_forward", (A_NEXT, f"{A_NEXT}\n    interrupt(){ENDLESS}"))
    function.__globals__["interrupt"] = _thread.interrupt_main
    message = message_of(function, monkeypatch, 20)
    assert message.startswith("Stopped in line 2")
    assert "of `rnn_cell_forward`: does the loop end?" in message


def test_a_loop_that_calls_another_function_names_both(student, monkeypatch):
    edit = ("### START CODE HERE ###", "### START CODE HERE ###\n    while True: waits()")
    function = student("rnn_cell_forward", edit)
    exec("def waits():\n    for _ in range(10 ** 9):\n        pass", function.__globals__)
    message = message_of(function, monkeypatch)
    assert " of `waits`, called in line 2" in message
    assert message.endswith(" of `rnn_cell_forward`: does the loop end?")


def endless():
    while True:
        pass


def test_it_works_in_another_thread_and_if_the_first_exception_is_caught():
    found = []

    def stubborn():
        for _ in range(2):
            try:
                endless()
            except BaseException as error:
                found.append(type(error).__name__)
        endless()

    def run():
        try:
            stoppable(stubborn, stubborn, 0.1)
        except Stopped as error:
            found.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert found[:2] == ["_TimeOver", "_TimeOver"]
    assert found[2].startswith("Stopped after 0.1 s in line ")
    assert found[2].endswith("does the loop end?")


def test_nothing_is_raised_after_the_block():
    for _ in range(20):
        with pytest.raises(Stopped):
            stoppable(endless, endless, 0.001)
    assert stoppable(lambda: 7, endless, 0.05) == 7
    time.sleep(0.1)


def test_the_grader_s_limit_is_passed_on(student, monkeypatch):
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    function = student("rnn_cell_forward", (A_NEXT, "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        visible_check(function)


def test_validate_shows_the_whole_message(monkeypatch):
    error = CheckFailed("clip: " + "Likely cause: the limits are swapped. " * 5)
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
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
