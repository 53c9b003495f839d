"""Notebooks and labs for the tests of the referee; the playing itself is `autograder.audit.play`."""

import json
import linecache
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.audit.play import Frame, grade, through_bytes
from autograder.audit.play import play as play_honestly
from autograder.lab.course import LabFolder
from autograder.lab.text import reference_source
from autograder.referee import Session
from course_utils import rnn_utils

__all__ = ["Frame", "edited", "grade", "mistaken_source", "play", "student", "through_bytes", "write_lab"]


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


class Forged:
    """A session that hears other frames than the probe sends."""

    def __init__(self, session: Session, forge: Callable[[Frame], Frame]) -> None:
        self.exercise, self._session, self._forge = session.exercise, session, forge

    def answer(self, header: dict[str, Any], arrays: list[bytes]) -> list[Frame]:
        return self._session.answer(*self._forge((header, arrays)))


def play(
    session: Session, names: dict[str, Any], forge: Callable[[Frame], Frame] | None = None
) -> list[Frame]:
    """Play a session; ``forge`` changes the frames that leave the sandbox."""
    return play_honestly(Forged(session, forge) if forge else session, names)


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
    imports = "from autograder.lab.exercise import Exercise, Lab, Mistake\nimport numpy as np\n\n"
    (folder / "exercises.py").write_text(imports + textwrap.dedent(exercises), "utf-8")
    if mistakes:
        (folder / "mistakes.py").write_text(imports + textwrap.dedent(mistakes), "utf-8")
    if published is not None:
        (folder / "published.json").write_text(json.dumps(published), "utf-8")
    return LabFolder(folder)
