"""Says why an answer has no value: the function is missing, a stub, or raised an exception."""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["FILL_IN", "without_value"]

FILL_IN = "fill in between START and END CODE HERE"
LONGEST = 300
"""The length to which an exception's text is cut."""
ASKING = {"StdinNotImplementedError": "asks for input", "BdbQuit": "starts a debugger"}
"""The exceptions of `input()` and of debuggers where nobody can answer."""


def without_value(name: str, status: str, said: Mapping[str, Any], clean: Callable[[str], str] = str) -> str:
    """Return why a function gave no value: it is missing, a stub, or raised.

    ``said`` describes what came of it: of an exception what `course_utils.judging.raised.describe` says.
    ``clean`` removes from an exception's text what is not to be shown.
    """
    if status == "missing":
        return f"`{name}` is not defined: {said.get('cause') or 'run and keep the cell that defines it'}"
    if status == "not callable":
        kind = said.get("kind", "unknown")
        return f"`{name}` is no longer a function but of type {kind}: choose another name for that variable"
    if status == "raised" and said.get("stub"):
        return f"`{name}` is still a stub: {FILL_IN}"
    if status == "raised":
        owner = f" of `{said['function']}`" if said.get("function", name) not in (name, "") else ""
        source = f": {said['source']}" if said.get("source") else ""
        known = said.get("line") not in (None, "", "0", 0)
        where = f" (line {said['line']}{owner}{source})" if known else ""
        error = said.get("error", "an exception")
        if error in ASKING:
            return f"`{name}` {ASKING[error]}{where}, and nobody is there to answer: remove that"
        if cause := said.get("cause"):
            return f"`{name}` needs `{said['undefined']}`, which is not defined: {cause}"
        if error == "NotImplementedError" and said.get("source", "").startswith("raise NotImplementedError"):
            return f"`{name}` raises NotImplementedError{where}: remove that line where your code is complete"
        text = _whole(clean(said.get("message", "")))
        if error == "Unfit":
            return f"`{name}`: {text}"
        message = f": {text}" if text else ""
        empty = f"; `{said['empty']}` is None there" if said.get("empty") else ""
        return f"`{name}` raised {error}{message}{where}{empty}"
    return f"what `{name}` returned cannot be read ({said.get('reason', 'no answer')})"


def _whole(text: str) -> str:
    """Return a text on one line; where it may have been cut, up to the end of its last whole sentence."""
    line = " ".join(text.split())
    return line[: line.rfind(". ") + 1] or f"{line}…" if len(text) >= LONGEST else line
