"""Plays a submission in process: functions in a namespace, the real probe, the real referee, no sandbox.

Every frame goes through bytes, as it does through the pipe; a whole lab is judged in milliseconds.
"""

import json
import linecache
import textwrap
import warnings
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course import LabFolder
from autograder.judge import Judge, Referee, Session
from autograder.labtext import reference_source
from autograder.results import Verdict
from autograder.sandbox.inside.probe import Probe
from autograder.sandbox.inside.wire import Reader, frame
from course_utils import rnn_utils

Frame = tuple[dict[str, Any], list[bytes]]


def student(*sources: str) -> dict[str, Any]:
    """Return the namespace of a notebook that has run its imports and then each source."""
    names: dict[str, Any] = {"__name__": "__main__", "np": np, "rnn_utils": rnn_utils}
    names |= {"sigmoid": rnn_utils.sigmoid, "softmax": rnn_utils.softmax}
    for source in sources:
        source = textwrap.dedent(source).lstrip("\n")
        file = f"<student {hash(source)}>"
        linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        exec(compile(source, file, "exec"), names)
    return names


def edited(source: str, *edits: tuple[str, str]) -> str:
    """Return a source with texts replaced; each must stand in it exactly once."""
    for old, new in edits:
        assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in\n{source}"
        source = source.replace(old, new)
    return source


def through_bytes(sent: Frame) -> Frame:
    """Return a frame as the other side reads it."""
    reader = Reader()
    reader.feed(frame(*sent))
    received = reader.next()
    assert received is not None
    return received


def play(
    session: Session, names: dict[str, Any], forge: Callable[[Frame], Frame] | None = None
) -> list[Frame]:
    """Let the probe answer a session's cases with the functions in ``names``; returns what it was sent.

    ``forge`` changes the frames that leave the sandbox.
    """
    queue: deque[Frame] = deque()
    inward: list[Frame] = []

    def send(header: dict[str, Any], arrays: Any = ()) -> None:
        sent = (header, list(arrays))
        queue.extend(map(through_bytes, session.answer(*through_bytes(forge(sent) if forge else sent))))

    def receive() -> Frame:
        inward.append(queue.popleft())
        return inward[-1]

    with warnings.catch_warnings():
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


def mistaken_source(lab: LabFolder, exercise: str, name: str) -> str:
    """Return the source of an exercise with a known mistake in it."""
    (mistake,) = [m for m in lab.mistakes[exercise] if m.name == name]
    return edited(reference_source(lab.text)[exercise], *mistake.edits)


def write_lab(
    folder: Path,
    functions: Mapping[str, str],
    exercises: str,
    mistakes: str = "",
    published: Mapping[str, Any] | None = None,
) -> LabFolder:
    """Write a small lab; each function's whole body is its solution, each exercise has 10 points."""
    cells = ["# %%\nimport numpy as np"]
    for name, source in functions.items():
        head, _, body = textwrap.dedent(source).strip().partition("\n")
        header = {"grade_id": name, "grade": False, "locked": False, "solution": True, "task": False}
        cells.append(
            f"# %% nbgrader={json.dumps({**header, 'schema_version': 3})}\n{head}\n"
            f"    ### START CODE HERE ###\n{body}\n    ### END CODE HERE ###"
        )
        header = {"grade_id": f"test_{name}", "grade": True, "locked": True, "solution": False, "points": 10}
        cells.append(
            f"# %% nbgrader={json.dumps({**header, 'task': False, 'schema_version': 3})}\n"
            f'### BEGIN HIDDEN TESTS\n__seqlab_grade__("{name}")\n### END HIDDEN TESTS'
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{folder.name}.py").write_text("\n\n".join(cells) + "\n", "utf-8")
    imports = "from autograder.exercise import Exercise, Lab, Mistake\nimport numpy as np\n\n"
    (folder / "exercises.py").write_text(imports + textwrap.dedent(exercises), "utf-8")
    if mistakes:
        (folder / "mistakes.py").write_text(imports + textwrap.dedent(mistakes), "utf-8")
    if published is not None:
        (folder / "published.json").write_text(json.dumps(published), "utf-8")
    return LabFolder(folder)
