"""Judges functions in this process, with the real probe and the real referee but no sandbox.

Frames are encoded and decoded as on the socket. Judging an exercise takes milliseconds.
"""

import contextlib
import io
import warnings
from collections import deque
from collections.abc import Mapping
from typing import Any

from autograder.lab.course import LabFolder
from autograder.referee import Judge, Referee, Session
from autograder.results import Verdict
from autograder.sandbox.inside.probe import Probe
from autograder.sandbox.inside.wire import Reader, frame
from autograder.scratch import Scratch

__all__ = ["Frame", "fitted", "grade", "judged", "namespace", "play", "through_bytes"]

Frame = tuple[dict[str, Any], list[bytes]]


def namespace(lab: LabFolder, replace: Mapping[str, str]) -> dict[str, Any]:
    """Return the functions of a lab's solution, with the sources in ``replace`` in place of some."""
    return lab.solution(replace)


def through_bytes(sent: Frame) -> Frame:
    """Encode a frame and return it as the other side decodes it."""
    reader = Reader()
    reader.feed(frame(*sent))
    received = reader.next()
    assert received is not None
    return received


def play(session: Session, names: dict[str, Any]) -> list[Frame]:
    """Let the probe answer a session with the functions in ``names``; return the frames that it was sent."""
    queue: deque[Frame] = deque()
    inward: list[Frame] = []

    def send(header: dict[str, Any], arrays: Any = ()) -> None:
        queue.extend(map(through_bytes, session.answer(*through_bytes((header, list(arrays))))))

    def receive() -> Frame:
        inward.append(queue.popleft())
        return inward[-1]

    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        if session.exercise.files:  # which the probe writes, where other processes may play as well
            stack.enter_context(contextlib.chdir(stack.enter_context(Scratch())))
        warnings.simplefilter("ignore")  # in the sandbox a warning costs nothing
        Probe(names, send, receive)(session.exercise.name)
    return inward


def grade(judge: Judge | Referee, names: dict[str, Any], *exercises: str) -> dict[str, Verdict]:
    """Return the verdicts of the named exercises, or of all, judged in the lab's order."""
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
    """Return the verdict of one exercise with another source; the other exercises keep the reference's."""
    return fitted(referee, name, source)[0]


def fitted(referee: Referee, name: str, source: str) -> tuple[Verdict, LabFolder]:
    """Return also the variant of the lab by which the source was judged."""
    judge = referee.judge()
    verdict = grade(judge, namespace(referee.lab, {name: source}), name)[name]
    return verdict, judge.fitted[name]
