"""Runs the published example of a function, and compares the values that the sources print."""

import ast
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.judging.attempt import nobody_answers
from course_utils.judging.files import lying_there
from course_utils.judging.form import Form
from course_utils.judging.observed import watched
from course_utils.judging.open_cases import Unusable
from course_utils.judging.outputs import WrongForm, as_outputs
from course_utils.judging.raised import tell
from course_utils.judging.values import Unreadable, listed, plain
from course_utils.judging.wording import FILL_IN, without_value
from course_utils.tables import Row, words

__all__ = [
    "PUBLISHED",
    "NoValue",
    "check_entry",
    "published_rows",
    "published_values",
    "read_published",
    "wrong_type",
]

PUBLISHED = "published.json"
TOLERANCE = 1e-8
"""Largest difference from a published value, absolute or relative: the sources print 8 digits."""

TYPE, SHAPE, FINITE, VALUES = range(4)
"""The stages of a comparison, in order; the first that fails is reported."""


class NoValue(ValueError):
    """A function gave no value that can be compared; the message is for the student."""


def read_published(folder: Path) -> Mapping[str, Any]:
    """Return the entries of published.json, by function. Raises Unusable with what is wrong."""
    try:
        entries = json.loads((folder / PUBLISHED).read_text(encoding="utf-8"))
        entries.keys()
    except FileNotFoundError:
        problem = f"{PUBLISHED} is not in the notebook's folder: copy it there from the released lab"
    except (OSError, ValueError, AttributeError, RecursionError):
        problem = f"{PUBLISHED} in the notebook's folder cannot be read: copy it again from the released lab"
    else:
        return dict(entries)
    raise Unusable(problem)


def check_entry(name: str, entry: Any) -> None:
    """Raise Unusable where the entry of a function lacks a part, or has one of a wrong type."""
    try:
        "".join([*entry["inputs"], *entry["outputs"]])
        for value in entry["values"]:
            np.array(value["value"], dtype=float)
            if value["expression"].endswith(".shape"):
                tuple(value["value"])
    except KeyError:
        problem = f"{PUBLISHED} has no complete entry for {name}: is the function's name unchanged?"
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        problem = f"{PUBLISHED} in the notebook's folder cannot be read: copy it again from the released lab"
    else:
        return
    raise Unusable(problem)


def published_values(function: Callable[..., Any], form: Form, entry: Mapping[str, Any]) -> list[Any]:
    """Return what a right function gives for the rows of an entry, as published.json would print it.

    NumPy's random state is restored. Raises Unusable and NoValue as `published_rows` does.
    """
    rows = published_rows(function, form, entry)
    return [
        list(row.actual) if type(row.actual) is tuple else np.asarray(row.actual).tolist() for row in rows
    ]


def published_rows(function: Callable[..., Any], form: Form, entry: Mapping[str, Any]) -> list[Row]:
    """Run the recipe of an entry with a function, and compare its values with those printed, row by row.

    NumPy's random state is restored. Raises Unusable when the recipe does not run, and NoValue when the
    function raises or leaves out an output.
    """
    state = np.random.get_state()
    try:
        values = _variables(function, form, entry)
    finally:
        np.random.set_state(state)
    first = entry["outputs"][0]
    if form.returns is dict:
        kept = {name: value for name, value in values[first].items() if name in form.loose}
        values[first] |= {
            name: _as_printed(f'{first}["{name}"]', value, entry) for name, value in kept.items()
        }
    for name, label in zip(form.outputs, entry["outputs"], strict=False):
        if name in form.loose and form.returns is not dict:
            values[label] = _as_printed(label, values[label], entry)
    return [_row(value["expression"], value["value"], values) for value in entry["values"]]


def _as_printed(label: str, value: Any, entry: Mapping[str, Any]) -> Any:
    """Return a loose output in the shape that is printed of it, if only axes of length 1 differ."""
    printed = {one["expression"]: one["value"] for one in entry["values"]}
    if f"{label}.shape" not in printed and label not in printed:
        return value
    shape = tuple(printed.get(f"{label}.shape", np.shape(printed.get(label, 0))))
    array = value if isinstance(value, np.ndarray) else None
    if array is None or [n for n in array.shape if n != 1] != [n for n in shape if n != 1]:
        return value
    return array.reshape(shape)


def _variables(function: Callable[..., Any], form: Form, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a recipe, and the function's outputs by their names inside the function.

    The last line of a recipe is ``variables = function(arguments)``; the lines before it make the
    arguments. The entry's ``outputs`` lists the names inside the function; its ``files``, if any, maps text
    files that the function may read to the variables with their contents.
    """
    name, names = form.name, list(entry["outputs"])
    try:
        *before, last = ast.parse("\n".join(entry["inputs"])).body
        if not isinstance(last, ast.Assign):
            raise TypeError("the last line of a recipe is an assignment")
        variables = [node.id for node in ast.walk(last.targets[0]) if isinstance(node, ast.Name)]
        wanted = 1 if form.returns is dict else len(form.outputs)
        if not len(variables) == len(names) == wanted:
            raise TypeError("it assigns another number of variables than there are outputs")
        namespace: dict[str, Any] = {"np": np, name: watched(function, form.observer)}
        exec(compile(ast.Module(before, []), PUBLISHED, "exec"), namespace)
        call = compile(ast.Expression(last.value), PUBLISHED, "eval")
        files = {file: namespace[variable] for file, variable in entry.get("files", {}).items()}
    except Exception:
        raise Unusable(
            f"the recipe of {name} in {PUBLISHED} does not run: copy the file again from the released lab"
        ) from None
    try:
        with nobody_answers(), lying_there(files):
            returned = plain(listed(eval(call, namespace)))
        as_outputs(returned, {}, form)
    except Unreadable as error:
        raise NoValue(without_value(name, "unsendable", {"reason": str(error)})) from None
    except WrongForm as error:
        raise NoValue(str(error)) from None
    except (Exception, SystemExit) as error:
        said = tell(error, function)
        whose = said["function"] if said["stub"] and said["function"] else name
        raise NoValue(without_value(whose, "raised", said)) from None
    outputs = returned if len(names) > 1 else (returned,)
    for label, value in zip(names, outputs, strict=True):
        if value is None:
            raise NoValue(f"`{label}` is still None: {FILL_IN}")
        empty = [key for key, part in value.items() if part is None] if isinstance(value, dict) else []
        if empty:
            raise NoValue(f'`{label}["{empty[0]}"]` is still None: {FILL_IN}')
    del namespace["np"], namespace[name]
    return {
        **namespace,
        **dict(zip(names, outputs, strict=True)),
        **dict(zip(variables, outputs, strict=True)),
    }


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
        return _fail(
            row, TYPE, "wrong type", f"`{subject}` should be a list or a tuple, yours is {words(value)}"
        )
    row.actual = len(value)
    if row.actual != row.expected:
        return _fail(
            row, SHAPE, "wrong length", f"`{subject}` has length {row.actual}, expected {row.expected}"
        )
    return row


def _compare_shape(row: Row, subject: str, value: Any) -> Row:
    problem = wrong_type(subject, value)
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
        problem = wrong_type(subject, value, "a NumPy array or number")
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


def wrong_type(name: str, value: Any, wanted: str = "a NumPy array") -> str:
    """Return what is wrong with the type of ``value``; "" for an array of real numbers."""
    if not isinstance(value, np.ndarray | np.generic):
        comma = ": is there a comma at the end of a line?" if type(value) is tuple and len(value) == 1 else ""
        return f"`{name}` should be {wanted}, yours is {words(value)}{comma}"
    if value.dtype.kind not in "fiu":
        return f"`{name}` should hold real numbers, yours holds {value.dtype.name}"
    return ""


def _not_finite(name: str, value: Any) -> str:
    bad = ~np.isfinite(value)
    place = "".join(f"[{int(k)}]" for k in np.argwhere(bad)[0])
    return f"`{name}` holds {int(bad.sum())} NaN or infinite numbers, the first in `{name}{place}`"


def _form(name: str, value: Any) -> str:
    """Describe an output briefly: by its shape, if it has one."""
    if isinstance(value, np.ndarray):
        return f"`{name}` has shape {value.shape}"
    return f"`{name}` is {words(value)}"
