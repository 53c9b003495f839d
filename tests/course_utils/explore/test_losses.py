"""The loss is drawn in one output while a network is trained, and by nobody while it is graded."""

import builtins

import pytest

from course_utils import watch
from course_utils.explore import live_losses, losses, watching_losses


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test advances."""
    now = [0.0]
    monkeypatch.setattr(losses.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def outputs(monkeypatch, clock):
    """What is displayed."""
    shown = []
    monkeypatch.setattr(losses, "in_ipython", lambda: True)
    monkeypatch.setattr(losses, "attended", lambda: True)
    monkeypatch.setattr(losses, "display", lambda data, name, update: shown.append((data, name, update)))
    return shown


def test_one_output_is_drawn_again_and_ends_in_a_line(outputs, clock):
    found = []
    for step in live_losses(range(20), found, "epoch"):
        found.append(20.0 - step)
        clock[0] += 0.2
    assert len(outputs) > 2
    assert len({name for _, name, _ in outputs}) == 1
    assert [update for _, _, update in outputs] == [False] + [True] * (len(outputs) - 1)
    assert all("<svg" in data["text/html"] for data, _, _ in outputs[:-1])
    assert outputs[-1][0]["text/plain"] == "epoch 20: the loss went from 20.000 to 1.000"
    assert found == [20.0 - step for step in range(20)]


def test_recorded_losses_are_drawn_and_kept(outputs, clock):
    with watching_losses() as history:
        for step in range(20):
            clock[0] += 0.2
            watch.keep_loss(float(step), 0.0)
    assert outputs[0][0] == {"text/html": "", "text/plain": ""}  # its place, before anything is printed
    assert len({name for _, name, _ in outputs}) == 1
    assert type(history.losses) is list
    assert history.losses == [float(step) for step in range(20)]
    assert outputs[-1][0]["text/plain"] == "iteration 20: the loss went from 0.000 to 19.000"


def test_of_many_losses_the_last_line_tells_means(outputs, clock):
    found = []
    for step in live_losses(range(100), found):
        found.append(4.0 + step % 2)
        clock[0] += 0.2
    assert outputs[-1][0]["text/plain"] == "step 100: the mean of 2 losses went from 4.500 to 4.500"


def test_nothing_is_drawn_while_graded(outputs, clock, monkeypatch):
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    for _ in live_losses(range(9), [1.0]):
        clock[0] += 1
    assert outputs == []
