"""Writes and reads open_cases.json: cases that students may see, with their right outputs.

The file lies beside the notebook. For each exercise it has its `Form`, the earlier exercises that it may
call, and its cases. Arrays are listed once, each as dtype, shape and numbers; a case refers to them by
number. Numbers are written so that they are read back to the last bit. If an exercise has other right forms,
their outputs for the same cases follow.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.judging.form import CORE, Form, SolvedCase
from course_utils.judging.outputs import differ
from course_utils.judging.values import KINDS, is_key

__all__ = [
    "OPEN_CASES",
    "OpenCases",
    "Unusable",
    "Variant",
    "entry_of",
    "read",
    "read_text",
    "same",
    "text_of",
]

OPEN_CASES = "open_cases.json"
LARGEST = 1_000_000
"""The largest number of entries of an array: a damaged shape must not fill the memory."""


class Unusable(ValueError):
    """A file is missing, damaged or incomplete; the message says what to do."""


@dataclass(frozen=True)
class Variant:
    """A right form of an exercise: the same cases with its outputs, and what a student is told of it.

    ``published`` are its values for the rows of published.json. ``label`` tells it from others.
    """

    label: str
    says: str
    cases: tuple[SolvedCase, ...]
    published: tuple[Any, ...] = ()


@dataclass(frozen=True)
class OpenCases:
    """What is open of one exercise: its form, the names of those that it may call, and its cases."""

    form: Form
    calls: tuple[str, ...]
    cases: tuple[SolvedCase, ...]
    others: tuple[Variant, ...] = ()
    """What is right as well, if it is so in all cases."""

    def all(self) -> tuple[Variant, ...]:
        """Return the forms of the exercise, that of the reference first: it has no label."""
        return Variant("", "", self.cases), *self.others


def entry_of(name: str, label: str) -> str:
    """Return under what name hints.json and places.json have a form of an exercise."""
    return f"{name} ({label})" if label else name


def read(folder: Path) -> dict[str, OpenCases]:
    """Return the open cases beside a notebook, by exercise. Raises Unusable with what is wrong."""
    try:
        return read_text((folder / OPEN_CASES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unusable(
            f"{OPEN_CASES} is not in the notebook's folder: copy it there from the released lab"
        ) from None
    except (OSError, ValueError):
        raise Unusable(
            f"{OPEN_CASES} in the notebook's folder cannot be read: copy it again from the released lab"
        ) from None


def read_text(text: str) -> dict[str, OpenCases]:
    """Return the open cases that a text holds; raises ValueError for anything malformed."""
    try:
        entries = json.loads(text)
        return {name: _entry(name, entry) for name, entry in entries.items()}
    except (TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError) as error:
        raise ValueError(f"malformed ({type(error).__name__})") from None


def text_of(opened: Mapping[str, OpenCases]) -> str:
    """Return the text of open_cases.json."""
    return "{\n" + ",\n".join(_lines(name, one) for name, one in opened.items()) + "\n}\n"


def same(one: Mapping[str, OpenCases], other: Mapping[str, OpenCases], share: float) -> bool:
    """Whether two sets of open cases are the same, their numbers up to a share of each form's tolerance."""
    return list(one) == list(other) and all(
        _same(one[name], other[name], share * one[name].form.rtol) for name in one
    )


def _same(one: OpenCases, other: OpenCases, rtol: float) -> bool:
    def parts(case: SolvedCase) -> list[Any]:
        return [dict(case.inputs), list(case.outputs), case.random]

    (mine, cases), (theirs, others) = (
        (
            [(form.label, form.says, list(map(_flat, form.published))) for form in opened.others],
            [*opened.cases, *(case for form in opened.others for case in form.cases)],
        )
        for opened in (one, other)
    )
    return (
        (one.form, one.calls, len(cases)) == (other.form, other.calls, len(others))
        and all(_frame(a) == _frame(b) for a, b in zip(cases, others, strict=True))
        and not any(differ(parts(a), parts(b), "case", rtol) for a, b in zip(cases, others, strict=True))
        and not differ(mine, theirs, "forms", rtol)
    )


def _flat(value: Any) -> np.ndarray:
    return np.asarray(value, float)


def _frame(case: SolvedCase) -> tuple[Any, ...]:
    """Return what must be equal of two cases."""
    return case.name, case.group, list(case.inputs), dict(case.first), case.seed, dict(case.files)


# ---------------------------------------------------------------- writing


def _lines(name: str, opened: OpenCases) -> str:
    form, arrays = opened.form, _Arrays()
    head = {
        "outputs": list(form.outputs),
        "returns": form.returns.__name__,
        "effects": list(form.effects),
        "may_mutate": list(form.may_mutate),
        "may_alias": list(form.may_alias),
        "seeds": form.seeds,
        "loose": list(form.loose),
        "rtol": form.rtol,
        **({"observer": form.observer} if form.observer else {}),
        "calls": list(opened.calls),
    }
    cases = [
        {
            "name": case.name,
            "group": case.group,
            "inputs": {name: arrays.node(value) for name, value in case.inputs.items()},
            "outputs": [arrays.node(value) for value in case.outputs],
            "first": dict(case.first),
            "seed": case.seed,
            "random": arrays.node(case.random),
            "files": dict(case.files),
        }
        for case in opened.cases
    ]
    parts = {"form": [_json(head)], "arrays": arrays.lines, "cases": [_json(case) for case in cases]}
    if opened.others:
        parts["others"] = [_json(_other_node(form, arrays)) for form in opened.others]
    body = ",\n".join(
        f"  {_json(key)}: [\n   " + ",\n   ".join(lines) + "\n  ]" for key, lines in parts.items()
    )
    return f" {_json(name)}: {{\n{body}\n }}"


def _other_node(form: Variant, arrays: "_Arrays") -> dict[str, Any]:
    return {
        "label": form.label,
        "says": form.says,
        "outputs": [[arrays.node(value) for value in case.outputs] for case in form.cases],
        "random": [arrays.node(case.random) for case in form.cases],
        "published": list(form.published),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class _Arrays:
    """Collects the distinct arrays of an exercise, each as a line of JSON."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[tuple[str, tuple[int, ...], bytes], int] = {}

    def node(self, value: Any) -> Any:
        """Return the JSON that stands for a value."""
        if isinstance(value, (np.ndarray, np.generic)) and not isinstance(value, np.str_):
            return {"array": self._number(np.asarray(value))}
        if isinstance(value, Mapping):
            return {"dict": [[key, self.node(item)] for key, item in value.items()]}
        if type(value) in (list, tuple):
            return {type(value).__name__: [self.node(item) for item in value]}
        if isinstance(value, str):
            return str(value)
        if value is None or type(value) in (bool, int, float):
            return value
        raise ValueError(f"a value of type {type(value).__name__} cannot be written")

    def _number(self, array: np.ndarray) -> int:
        if array.dtype.kind not in KINDS:
            raise ValueError(f"an array of {array.dtype} cannot be written")
        array = np.ascontiguousarray(array).reshape(array.shape)
        key = array.dtype.str, array.shape, array.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self.lines)
            numbers = array.reshape(-1)
            if array.dtype.kind == "c":
                numbers = numbers.view(numbers.real.dtype)
            self.lines.append(_json([array.dtype.str, list(array.shape), numbers.tolist()]))
        return self._numbers[key]


# ---------------------------------------------------------------- reading


def _entry(name: str, entry: Mapping[str, Any]) -> OpenCases:
    (head,) = entry["form"]
    form = Form(
        name,
        outputs=dict.fromkeys(_texts(head["outputs"]), 1.0),
        returns={"tuple": tuple, "dict": dict}[head["returns"]],
        effects=dict.fromkeys(_texts(head["effects"]), 1.0),
        may_mutate=_texts(head["may_mutate"]),
        may_alias=_texts(head["may_alias"]),
        seeds=_typed(head["seeds"], bool),
        loose=_texts(head["loose"]),
        rtol=_typed(head["rtol"], float),
        observer=_typed(head.get("observer", ""), str),
    )
    arrays = [_array(*parts) for parts in entry["arrays"]]
    cases = tuple(_case(form, arrays, case) for case in entry["cases"])
    if not form.outputs or not any(case.group == CORE for case in cases):
        raise ValueError("no outputs, or no case of the core group")
    others = tuple(_other(form, arrays, cases, other) for other in entry.get("others", ()))
    return OpenCases(form, _texts(head["calls"]), cases, others)


def _other(
    form: Form, arrays: Sequence[np.ndarray], cases: Sequence[SolvedCase], other: Mapping[str, Any]
) -> Variant:
    if not len(cases) == len(other["outputs"]) == len(other["random"]):
        raise ValueError("another form with another number of cases")
    found = []
    for case, nodes, random in zip(cases, other["outputs"], other["random"], strict=True):
        outputs, drawn = tuple(_value(node, arrays) for node in nodes), _value(random, arrays)
        if len(outputs) != len(form.weights) or (form.seeds and not isinstance(drawn, np.ndarray)):
            raise ValueError("a case of another form with another number of outputs, or no random state")
        found.append(replace(case, outputs=outputs, random=drawn))
    published = _typed(other["published"], list)
    for value in published:
        np.array(value, dtype=float)
    return Variant(_typed(other["label"], str), _typed(other["says"], str), tuple(found), tuple(published))


def _case(form: Form, arrays: Sequence[np.ndarray], case: Mapping[str, Any]) -> SolvedCase:
    inputs = {_typed(name, str): _value(node, arrays) for name, node in case["inputs"].items()}
    outputs = tuple(_value(node, arrays) for node in case["outputs"])
    random = _value(case["random"], arrays)
    first = {name: _typed(count, int) for name, count in case["first"].items()}
    if len(outputs) != len(form.weights) or not form.effects.keys() <= inputs.keys():
        raise ValueError("a case with another number of outputs")
    if form.seeds and not (type(case["seed"]) is int and isinstance(random, np.ndarray)):
        raise ValueError("a case without its random state")
    files = {_typed(path, str): _typed(text, str) for path, text in case["files"].items()}
    if any(not path or Path(path).name != path for path in files):
        raise ValueError("a file outside of the folder")
    named = _typed(case["name"], str), _typed(case["group"], str)
    return SolvedCase(*named, inputs, outputs, first, case["seed"], random, files)


def _array(code: str, shape: list[int], numbers: list[Any]) -> np.ndarray:
    dtype = np.dtype(code)
    if dtype.kind not in KINDS or math.prod(shape) > LARGEST:
        raise ValueError(f"an array of {code}, or one that is too large")
    if dtype.kind == "c":
        return np.array(numbers, float).view(complex).astype(dtype).reshape(shape)
    return np.array(numbers, dtype).reshape(shape)


def _value(node: Any, arrays: Sequence[np.ndarray], depth: int = 0) -> Any:
    """Return the value of a node; each mention of an array makes one, since a function may write to it."""
    if node is None or type(node) in (bool, int, float, str):
        return node
    ((word, content),) = node.items()
    if depth > 40 or type(word) is not str:
        raise ValueError("nested too deeply")
    if word == "array":
        if not 0 <= _typed(content, int) < len(arrays):
            raise ValueError("no such array")
        return arrays[content].copy()
    if word in ("list", "tuple"):
        items = [_value(item, arrays, depth + 1) for item in content]
        return items if word == "list" else tuple(items)
    if word == "dict" and all(is_key(key) for key, _ in content):
        return {key: _value(item, arrays, depth + 1) for key, item in content}
    raise ValueError("not a value")


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_typed(value, str) for value in _typed(values, list))


def _typed(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{type(value).__name__} where there should be {kind.__name__}")
    return value
