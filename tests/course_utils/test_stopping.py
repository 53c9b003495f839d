"""Interrupted checks, messages under validate, and the count of checks that passed."""

import _thread
import builtins

import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, visible_check

A_NEXT = "a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"
ENDLESS = "\n    while True:\n        xt = xt + 0"


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
