"""Plays a submission in process: functions in a namespace, the real probe, the real referee, no sandbox.

Every frame goes through bytes, as it does through the pipe; an exercise is judged in milliseconds.
"""

import contextlib
import io
import warnings
from collections import deque
from collections.abc import Mapping
from typing import Any

from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.text import reference_namespace
from autograder.referee import Judge, Referee, Session
from autograder.results import Verdict
from autograder.sandbox.inside.probe import Probe
from autograder.sandbox.inside.wire import Reader, frame

__all__ = ["Frame", "grade", "judged", "namespace", "play", "through_bytes"]

Frame = tuple[dict[str, Any], list[bytes]]


def namespace(lab: LabFolder, replace: Mapping[str, str]) -> dict[str, Any]:
    """Return the functions of a lab's solution, some of them from other sources."""
    with importable(lab.folder.parent):
        return reference_namespace(lab.text, replace)


def through_bytes(sent: Frame) -> Frame:
    """Return a frame as the other side reads it."""
    reader = Reader()
    reader.feed(frame(*sent))
    received = reader.next()
    assert received is not None
    return received


def play(session: Session, names: dict[str, Any]) -> list[Frame]:
    """Let the probe answer a session's cases with the functions in ``names``; returns what it was sent."""
    queue: deque[Frame] = deque()
    inward: list[Frame] = []

    def send(header: dict[str, Any], arrays: Any = ()) -> None:
        queue.extend(map(through_bytes, session.answer(*through_bytes((header, list(arrays))))))

    def receive() -> Frame:
        inward.append(queue.popleft())
        return inward[-1]

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # in the sandbox a warning costs nothing
        Probe(names, send, receive)(session.exercise.name)
    return inward


def grade(judge: Judge | Referee, names: dict[str, Any], *exercises: str) -> dict[str, Verdict]:
    """Return the verdicts of some exercises (all when none is named), played in the lab's order."""
    if isinstance(judge, Referee):
        judge = judge.judge()
    verdicts = {}
    for name, exercise in judge.referee.lab.exercises.items():
        if name in exercises or not exercises:
            session = judge.open(exercise)
            play(session, names)
            verdicts[name] = session.close()
    return verdicts


def judged(referee: Referee, name: str, source: str) -> Verdict:
    """Return the verdict of one exercise in another version; all others are the reference's."""
    return grade(referee, namespace(referee.lab, {name: source}), name)[name]
