"""Visible checks: the published values of a function beside what the student's version gives.

The values stand in ``published.json`` next to the notebook. A failed check shows its table and
then raises `CheckFailed`, which a notebook renders as one line.
"""

import ast
import builtins
import json
import linecache
import re
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from course_utils.tables import CheckTable, Row, show, words

__all__ = ["CheckFailed", "check_shape", "visible_check"]

PUBLISHED = "published.json"
FILL_IN = "fill in between START and END CODE HERE"
TOLERANCE = 1e-8
"""Largest difference from a published value, absolute or relative: the documents print 8 digits."""

TYPE, SHAPE, FINITE, VALUES = range(4)
"""The stages of a comparison, in order: the first one that fails is the one reported."""


class CheckFailed(AssertionError):
    """A visible check did not hold; the message is one line and says what to look at."""

    def _render_traceback_(self) -> list[str]:
        """Give IPython one line instead of a traceback through this module."""
        return [f"CheckFailed: {self}"]


def visible_check(function: Any) -> None:
    """Run the published example of ``function`` and show expected and actual values side by side.

    The name of the function selects the entry of published.json in the current folder. NumPy's
    random state is left as it was. Raises `CheckFailed` when anything is missing or differs.
    """
    name = getattr(function, "__name__", type(function).__name__)
    entry = _published(name)
    state = np.random.get_state()
    try:
        outputs = _outputs(function, name, entry)
    finally:
        np.random.set_state(state)
    rows = [_row(value["expression"], value["value"], outputs) for value in entry["values"]]
    failed = [row for row in rows if row.problem]
    if not failed:
        show(CheckTable(f"{name}: visible checks passed. The hidden tests use other inputs.", rows))
        return
    show(CheckTable(f"{name}: {len(failed)} of {len(rows)} visible checks do not hold.", rows))
    first = min(failed, key=lambda row: (row.stage, not row.expression.endswith(".shape")))
    raise CheckFailed(f"{name}: {first.problem}")


def check_shape(name: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise `CheckFailed`, naming the variable, unless ``array`` is a NumPy array of this shape."""
    if array is None:
        raise CheckFailed(f"`{name}` is still None: {FILL_IN}")
    problem = _wrong_type(name, array)
    if not problem and array.shape != tuple(shape):
        problem = f"`{name}` has shape {array.shape}, expected {tuple(shape)}"
    if problem:
        raise CheckFailed(problem)


def _published(name: str) -> Mapping[str, Any]:
    """Return the entry of one function, or say in one line what is wrong with the file."""
    try:
        entry = json.loads(Path(PUBLISHED).read_text(encoding="utf-8"))[name]
        entry["inputs"], entry["outputs"], entry["values"]
    except FileNotFoundError:
        problem = f"{PUBLISHED} is not in the notebook's folder: copy it there from the released lab"
    except (OSError, ValueError, TypeError):
        problem = f"{PUBLISHED} in the notebook's folder cannot be read: copy it again from the released lab"
    except KeyError:
        problem = f"{PUBLISHED} has no complete entry for {name}: is the function's name unchanged?"
    else:
        return entry
    raise CheckFailed(problem)


def _outputs(function: Any, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Run the recipe of an entry and return what the function returned, by name.

    The last line of a recipe is ``variables = function(arguments)``; the lines before make the
    arguments. ``outputs`` of the entry has the names inside the function, for messages.
    """
    names = list(entry["outputs"])
    try:
        *before, last = ast.parse("\n".join(entry["inputs"])).body
        if not isinstance(last, ast.Assign):
            raise TypeError("the last line of a recipe is an assignment")
        variables = [node.id for node in ast.walk(last.targets[0]) if isinstance(node, ast.Name)]
        namespace: dict[str, Any] = {"np": np, name: function}
        exec(compile(ast.Module(before, []), PUBLISHED, "exec"), namespace)
        call = compile(ast.Expression(last.value), PUBLISHED, "eval")
    except Exception:
        message = (
            f"the recipe of {name} in {PUBLISHED} does not run: copy the file again from the released lab"
        )
        raise CheckFailed(message) from None
    try:
        returned = eval(call, namespace)
    except Exception as error:
        raise CheckFailed(_explain(error, function, name)) from None
    if len(names) == 1:
        returned = (returned,)
    if not isinstance(returned, tuple | list) or len(returned) != len(names):
        several = isinstance(returned, tuple | list)
        count = f"{len(returned)} values" if several else "None" if returned is None else "one value"
        raise CheckFailed(f"{name} returns {count}, expected {len(names)}: {', '.join(names)}")
    for label, value in zip(names, returned, strict=True):
        if value is None:
            raise CheckFailed(f"`{label}` is still None: {FILL_IN}")
        empty = [key for key, entry in value.items() if entry is None] if isinstance(value, dict) else []
        if empty:
            raise CheckFailed(f'`{label}["{empty[0]}"]` is still None: {FILL_IN}')
    return dict(zip(variables, returned, strict=True))


def _explain(error: Exception, function: Any, name: str) -> str:
    """Say in one line what the student's code raised and where."""
    if isinstance(error, CheckFailed):
        return str(error)
    frame, number = _student_frame(error, function)
    where = frame.f_code.co_name if frame else name
    if isinstance(error, NotImplementedError):
        return f"{where} is not written yet: {FILL_IN}"
    try:
        text = str(error)
    except Exception:
        text = ""
    text = " ".join(text.split())
    message = f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__
    if frame is None:
        return f"{name} raised {message}"
    source = linecache.getline(frame.f_code.co_filename, number).strip()
    line = number - frame.f_code.co_firstlineno + 1
    message += f" (line {line} of {where}{': ' + source if source else ''})"
    empty = [word for word in re.findall(r"[A-Za-z_]\w*", source) if frame.f_locals.get(word, word) is None]
    return message + (f"; `{empty[0]}` is None there" if empty else "")


def _student_frame(error: Exception, function: Any) -> tuple[FrameType | None, int]:
    """Return the deepest frame of the notebook's own code in a traceback, with its line number."""
    found: tuple[FrameType | None, int] = (None, 0)
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_globals is getattr(function, "__globals__", None):
            found = step.tb_frame, step.tb_lineno
        step = step.tb_next
    return found


def _row(expression: str, expected: Any, outputs: Mapping[str, Any]) -> Row:
    """Compare one published value: type, then shape, then finiteness, then values."""
    length = re.fullmatch(r"len\((.+)\)", expression)
    shape = re.fullmatch(r"(.+)\.shape", expression)
    subject = (length or shape or [expression, expression])[1]
    if not length:
        expected = tuple(expected) if shape else np.array(expected, dtype=float)
    row = Row(expression, expected)
    compare = _compare_length if length else _compare_shape if shape else _compare_values
    try:
        return compare(row, subject, eval(subject, {"np": np, **outputs}))
    except Exception as error:
        root = next((name for name in re.findall(r"\w+", subject) if name in outputs), subject)
        problem = f"`{expression}` cannot be read ({type(error).__name__}): {_form(root, outputs.get(root))}"
        return _fail(row, SHAPE, "cannot be read", problem)


def _compare_length(row: Row, subject: str, value: Any) -> Row:
    if not isinstance(value, tuple | list):
        row.actual = value
        return _fail(row, TYPE, "wrong type", f"`{subject}` should be a tuple, yours is {words(value)}")
    row.actual = len(value)
    if row.actual != row.expected:
        return _fail(
            row, SHAPE, "wrong length", f"`{subject}` holds {row.actual} things, expected {row.expected}"
        )
    return row


def _compare_shape(row: Row, subject: str, value: Any) -> Row:
    problem = _wrong_type(subject, value)
    if problem:
        row.actual = value
        return _fail(row, TYPE, "wrong type", problem)
    row.actual = value.shape
    if row.actual != row.expected:
        text = f"`{subject}` has shape {row.actual}, expected {row.expected}"
        return _fail(row, SHAPE, "wrong shape", text)
    if not np.isfinite(value).all():
        return _fail(row, FINITE, "not finite", _not_finite(subject, value))
    return row


def _compare_values(row: Row, subject: str, value: Any) -> Row:
    row.actual = value
    if not isinstance(value, int | float):
        problem = _wrong_type(subject, value, "a NumPy array or number")
        if problem:
            return _fail(row, TYPE, "wrong type", problem)
    row.actual = actual = np.asarray(value, dtype=float)
    if actual.shape != row.expected.shape:
        text = f"`{subject}` has shape {actual.shape}, expected {row.expected.shape}"
        return _fail(row, SHAPE, "wrong shape", text)
    if not np.isfinite(actual).all():
        row.wrong = ~np.isfinite(actual)
        return _fail(row, FINITE, "not finite", _not_finite(subject, actual))
    error = np.abs(actual - row.expected)
    row.wrong = error > TOLERANCE * np.maximum(1.0, np.abs(row.expected))
    if row.wrong.any():
        at = np.unravel_index(np.argmax(error), error.shape)
        place = subject + "".join(f"[{int(k)}]" for k in at)
        wanted, given = words(float(row.expected[at])), words(float(actual[at]))
        text = (
            f"`{subject}` differs in {int(row.wrong.sum())} of {error.size} numbers; "
            f"largest error {error[at]:.2g} in `{place}`: expected {wanted}, yours {given}"
        )
        if error.size == 1:
            text = f"`{subject}` is {given}, expected {wanted}: an error of {error[at]:.2g}"
        return _fail(row, VALUES, "differs", text)
    return row


def _fail(row: Row, stage: int, verdict: str, problem: str) -> Row:
    row.stage, row.verdict, row.problem = stage, verdict, problem
    return row


def _wrong_type(name: str, value: Any, wanted: str = "a NumPy array") -> str:
    """Return what is wrong unless ``value`` is an array of real numbers."""
    if not isinstance(value, np.ndarray | np.generic):
        return f"`{name}` should be {wanted}, yours is {words(value)}"
    if value.dtype.kind not in "fiu":
        return f"`{name}` should hold real numbers, yours holds {value.dtype.name}"
    return ""


def _not_finite(name: str, value: Any) -> str:
    bad = ~np.isfinite(value)
    place = "".join(f"[{int(k)}]" for k in np.argwhere(bad)[0])
    return f"`{name}` holds {int(bad.sum())} NaN or infinite numbers, the first in `{name}{place}`"


def _form(name: str, value: Any) -> str:
    """Describe an output in a few words: its shape if it has one."""
    if isinstance(value, np.ndarray):
        return f"`{name}` has shape {value.shape}"
    return f"`{name}` is {words(value)}"


def _graded_later(name: str) -> None:
    """Stand in for the grader's call where no grader is listening."""
    print(f"{name}: graded later")


if not hasattr(builtins, "__seqlab_grade__"):
    builtins.__seqlab_grade__ = _graded_later  # type: ignore[attr-defined]
