"""Says why an answer has no value: the function is missing, a stub, or raised an exception."""

import re

from autograder.lab.exercise import Exercise
from autograder.referee.answer import Answer

__all__ = ["redacted", "without_value"]

LONG = re.compile(r"\d[\d_]{3,}")
"""Numbers of more digits than a shape has."""
DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)

LONGEST = 300
"""The length to which the probe cuts an exception's text."""
ASKING = {"StdinNotImplementedError": "asks for input", "BdbQuit": "starts a debugger"}
"""The exceptions of `input()` and of debuggers while grading."""


def redacted(text: str) -> str:
    """Return an exception's text without numbers that may be inputs of a hidden case; shapes stay."""
    return LONG.sub("…", DECIMAL.sub("…", text))


def _whole(text: str) -> str:
    """Return a text on one line; where it may have been cut, up to the end of its last whole sentence."""
    line = " ".join(text.split())
    return line[: line.rfind(". ") + 1] or f"{line}…" if len(text) >= LONGEST else line


def without_value(exercise: Exercise, answer: Answer) -> str:
    """Return why an answer has no value: the function is missing, a stub, or raised."""
    said, name = answer.said, exercise.name
    if answer.status == "missing":
        return f"`{name}` is not defined: {said.get('cause') or 'run and keep the cell that defines it'}"
    if answer.status == "not callable":
        kind = said.get("kind", "unknown")
        return f"`{name}` is no longer a function but of type {kind}: choose another name for that variable"
    if answer.status == "raised" and said.get("stub"):
        return f"`{name}` is still a stub: fill in between START and END CODE HERE"
    if answer.status == "raised":
        owner = f" of `{said['function']}`" if said.get("function", name) != name else ""
        known = said.get("line") and said.get("source")
        where = f" (line {said['line']}{owner}: {said['source']})" if known else ""
        error = said.get("error", "an exception")
        if error in ASKING:
            return f"`{name}` {ASKING[error]}{where}, and nobody is there to answer: remove that"
        if cause := said.get("cause"):
            return f"`{name}` needs `{said['undefined']}`, which is not defined: {cause}"
        if error == "NotImplementedError" and said.get("source", "").startswith("raise NotImplementedError"):
            return f"`{name}` raises NotImplementedError{where}: remove that line where your code is complete"
        text = _whole(redacted(said.get("message", "")))
        message = f": {text}" if text else ""
        empty = f"; `{said['empty']}` is None there" if said.get("empty") else ""
        return f"`{name}` raised {error}{message}{where}{empty}"
    return f"what `{name}` returned cannot be read ({said.get('reason', 'no answer')})"
