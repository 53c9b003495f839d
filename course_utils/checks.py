"""Visible checks: the published values of a function beside those of the student's version.

The published values are in ``published.json`` next to the notebook. A check that fails shows its table
and raises `CheckFailed`, which a notebook renders as one line. If the answer equals that of a known
mistake, the line names the mistake: ``hints.json`` has a fingerprint of each mistake's outputs.
"""

import ast
import builtins
import json
import linecache
import re
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from course_utils.tables import CheckTable, Row, show, words

__all__ = [
    "HINTS",
    "CheckFailed",
    "agree",
    "check_shape",
    "fingerprint",
    "graded_later",
    "named_mistake",
    "run_recipe",
    "visible_check",
]

PUBLISHED, HINTS = "published.json", "hints.json"
FILL_IN = "fill in between START and END CODE HERE"
TOLERANCE = 1e-8
"""Largest difference from a published value, absolute or relative: the sources print 8 digits."""

FEWEST, MOST = 16, 100_000
"""A fingerprint needs at least FEWEST numbers if all are whole, and takes too long for more than MOST."""

Fingerprint = Sequence[float]
"""A hash of the structure of a value (shapes, keys), and three random projections of its numbers."""

TYPE, SHAPE, FINITE, VALUES = range(4)
"""The stages of a comparison, in order; the first that fails is reported."""


class CheckFailed(AssertionError):
    """A visible check failed; the message is one line and says what to look at."""

    def _render_traceback_(self) -> list[str]:
        """Show one line in IPython instead of a traceback through this module."""
        return [f"CheckFailed: {self}"]


def visible_check(function: Any) -> None:
    """Run the published example of ``function`` and show expected and actual values side by side.

    The function's name selects the entry of published.json in the current folder. NumPy's random state
    is restored. Raises `CheckFailed` when anything is missing or differs, and when the answer is that of
    a known mistake even though all values shown are right.
    """
    name = getattr(function, "__name__", type(function).__name__)
    entry = _published(name)
    values = run_recipe(function, name, entry)
    rows = [_row(value["expression"], value["value"], values) for value in entry["values"]]
    failed = [row for row in rows if row.problem]
    known = named_mistake(_hints(name), values)
    hint = f" A known mistake gives the same: {known}" if known else ""
    if failed:
        show(CheckTable(f"{name}: {len(failed)} of {len(rows)} visible checks do not hold.", rows))
        first = min(failed, key=lambda row: (row.stage, not row.expression.endswith(".shape")))
        raise CheckFailed(f"{name}: {first.problem}{'.' if hint else ''}{hint}")
    if hint:
        show(CheckTable(f"{name}: these values are right, but not all that is returned.", rows))
        raise CheckFailed(f"{name}: the values shown are right, others are not.{hint}")
    show(CheckTable(f"{name}: visible checks passed. The hidden tests use other inputs.", rows))


def check_shape(name: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise `CheckFailed`, naming the variable, unless ``array`` is a NumPy array of this shape."""
    if array is None:
        raise CheckFailed(f"`{name}` is still None: {FILL_IN}")
    problem = _wrong_type(name, array)
    if not problem and array.shape != tuple(shape):
        problem = f"`{name}` has shape {array.shape}, expected {tuple(shape)}"
    if problem:
        raise CheckFailed(problem)


def run_recipe(function: Any, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Run the recipe of an entry; return its variables after the call, and the outputs, by name.

    ``_random`` has the next values of NumPy's random generator, whose state is then restored. Raises
    `CheckFailed` when the recipe or the function fails, or when an output is missing.
    """
    state = np.random.get_state()
    try:
        return {**_outputs(function, name, entry), "_random": np.random.random(3)}
    finally:
        np.random.set_state(state)


def named_mistake(known: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> str:
    """Return the help text of the known mistake that gives these values, or "" if none does.

    ``known`` lists, for each mistake, the fingerprints of its wrong outputs by expression. The mistake
    with the most outputs that agree wins, then the one with the fewest that do not. On a tie, in the
    same outputs, between different help texts the answer is "".
    """
    made: dict[str, Fingerprint | None] = {}
    best, most, saying = (0, 0), frozenset[str](), {""}
    for mistake in known:
        outputs = mistake["outputs"]
        made |= {name: fingerprint(name, values) for name in outputs if name not in made}
        equal = frozenset(name for name in outputs if agree(made[name], outputs[name]))
        rank = (len(equal), len(equal) - len(outputs))
        if rank > best:
            best, most, saying = rank, equal, {mistake["help"]}
        elif (rank, equal) == (best, most):
            saying |= {mistake["help"]}
    return saying.pop() if len(saying) == 1 else ""


def fingerprint(expression: str, values: Mapping[str, Any]) -> Fingerprint | None:
    """Return the fingerprint of an expression over some variables.

    The weights of the projections are random but fixed. Returns None when the expression fails; when its
    value is anything but finite numbers, text, None, and lists, tuples and dictionaries of these; when
    there are too many numbers; and when unrelated mistakes could easily give the same value, such as
    zeros or a few whole numbers.
    """
    numbers: list[np.ndarray] = []
    try:
        form = _form_of(eval(expression, {"np": np, **values}), numbers)
        flat = np.concatenate([*numbers, np.zeros(0)])
        few = flat.size < FEWEST and (flat == np.round(flat)).all()
        if few or not flat.any() or flat.size > MOST or not np.isfinite(flat).all():
            return None
    except Exception:  # whatever a student's objects raise
        return None
    with np.errstate(all="ignore"):
        sums = (np.random.RandomState(0).random_sample((3, flat.size)) - 0.5) @ flat
    return [zlib.crc32(form.encode()), *sums.tolist()] if np.isfinite(sums).all() else None


def agree(one: Fingerprint | None, other: Fingerprint | None, tolerance: float = 1e-7) -> bool:
    """Return whether two fingerprints belong to the same value, up to rounding."""
    if one is None or other is None or one[0] != other[0]:
        return False
    sums = np.array([one[1:], other[1:]])
    return bool(np.abs(sums[0] - sums[1]).max() <= tolerance * np.abs(sums).max())


def _form_of(value: Any, numbers: list[np.ndarray]) -> str:
    """Return the structure of a value as text, and append its numbers to ``numbers``."""
    if isinstance(value, dict):
        parts = [f"{key!r}:{_form_of(value[key], numbers)}" for key in sorted(value, key=str)]
        return f"{{{','.join(parts)}}}"
    if isinstance(value, tuple | list) and not all(isinstance(x, int | float | np.number) for x in value):
        return f"{type(value).__name__}({','.join(_form_of(part, numbers) for part in value)})"
    if value is None:
        return "None"
    array = np.asarray([ord(letter) for letter in value] if isinstance(value, str) else value)
    if array.dtype.kind not in "biuf":
        raise TypeError("no real numbers")
    numbers.append(array.astype(float).ravel())
    return f"{'text' if isinstance(value, str) else ''}{array.shape}"


def _hints(name: str) -> Sequence[Mapping[str, Any]]:
    """Return the known mistakes of a function; none if their file is missing, since it is optional."""
    try:
        known: Sequence[Mapping[str, Any]] = json.loads(Path(HINTS).read_text(encoding="utf-8"))[name]
        return known
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ()


def _published(name: str) -> Mapping[str, Any]:
    """Return the entry of one function. Raises `CheckFailed` with what is wrong with the file."""
    try:
        entry: Mapping[str, Any] = json.loads(Path(PUBLISHED).read_text(encoding="utf-8"))[name]
        _check(entry)
    except FileNotFoundError:
        problem = f"{PUBLISHED} is not in the notebook's folder: copy it there from the released lab"
        here = Path.cwd()
        if above := next((folder for folder in here.parents if (folder / PUBLISHED).is_file()), None):
            problem = (
                f"the current folder is {here.relative_to(above)}/, and {PUBLISHED} is in a folder above it: "
                "take os.chdir or %cd out, or move the notebook beside its files"
            )
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        problem = f"{PUBLISHED} in the notebook's folder cannot be read: copy it again from the released lab"
    except KeyError:
        problem = f"{PUBLISHED} has no complete entry for {name}: is the function's name unchanged?"
    else:
        return entry
    raise CheckFailed(problem)


def _check(entry: Mapping[str, Any]) -> None:
    """Raise one of several exceptions where an entry lacks a part, or has one of a wrong type."""
    "".join([*entry["inputs"], *entry["outputs"]])
    for value in entry["values"]:
        np.array(value["value"], dtype=float)
        if value["expression"].endswith(".shape"):
            tuple(value["value"])


def _outputs(function: Any, name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of a recipe, and the function's outputs by their names inside the function.

    The last line of a recipe is ``variables = function(arguments)``; the lines before it make the
    arguments. The entry's ``outputs`` lists the names inside the function.
    """
    names = list(entry["outputs"])
    try:
        *before, last = ast.parse("\n".join(entry["inputs"])).body
        if not isinstance(last, ast.Assign):
            raise TypeError("the last line of a recipe is an assignment")
        variables = [node.id for node in ast.walk(last.targets[0]) if isinstance(node, ast.Name)]
        if len(variables) != len(names):
            raise TypeError("it assigns another number of variables than there are outputs")
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
    del namespace["np"], namespace[name]
    return {
        **namespace,
        **dict(zip(names, returned, strict=True)),
        **dict(zip(variables, returned, strict=True)),
    }


def _explain(error: Exception, function: Any, name: str) -> str:
    """Return one line that says what the student's code raised, and where."""
    if isinstance(error, CheckFailed):
        return str(error)
    frame, number = _student_frame(error, function)
    where = frame.f_code.co_name if frame else name
    if type(error) is NotImplementedError:  # not what `input()` raises where nobody can answer
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
    """Return the innermost frame of the notebook's own code in a traceback, and its line number."""
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
            row, SHAPE, "wrong length", f"`{subject}` has length {row.actual}, expected {row.expected}"
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
    """Return what is wrong with the type of ``value``; "" for an array of real numbers."""
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
    """Describe an output briefly: by its shape, if it has one."""
    if isinstance(value, np.ndarray):
        return f"`{name}` has shape {value.shape}"
    return f"`{name}` is {words(value)}"


def graded_later(name: str) -> None:
    """Stand in for the grader's call where no grader runs."""
    print(f"{name}: graded later")


if not hasattr(builtins, "__seqlab_grade__"):
    builtins.__seqlab_grade__ = graded_later  # type: ignore[attr-defined]
