"""Valid documents, and strategies that draw any JSON, and documents with a few changes."""

import copy
import json
from typing import Any

from hypothesis import strategies as st

from autograder.sandbox.inside.wire import frame, pack
from tests.autograder.report import report_factory

DEEP = "{deep}"
"""Stands for brackets inside each other, more than a parser takes."""
NUMBERS = [0, -1, 0.5, 1e308, 1e999, -1e999, float("nan"), 2**63, 10**30, 10**400]
TEXTS = ["", "\ud800", "a\nb", "\u2028", "\x00", "<b>", "1", "x" * 300]
ODD = [*NUMBERS, *TEXTS, DEEP, True, None, [], {}, [[]], ["x"], {"x": 1}]
LEAVES = st.one_of(st.sampled_from(ODD), st.integers(), st.floats(), st.text(max_size=8), st.booleans())
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
BYTES = st.one_of(st.binary(max_size=60), VALUES.map(lambda value: encoded(value)))


def encoded(value: Any, *, escape: bool = True) -> bytes:
    """Return JSON as bytes."""
    text = json.dumps(value, ensure_ascii=escape).replace(json.dumps(DEEP), "[" * 3000 + "]" * 3000)
    return text.encode("utf-8", "surrogatepass")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each place in a document, as (list or dictionary, index or key)."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *places(value[key])]]


@st.composite
def changed(draw: st.DrawFn, documents: list[Any], values: st.SearchStrategy[Any] = VALUES) -> bytes:
    """Draw one of some documents with up to three values in it replaced, left out, doubled or swapped."""
    value = [copy.deepcopy(draw(st.sampled_from(documents)))]
    for _ in range(draw(st.integers(0, 3))):
        if not (found := places(value)):
            break
        box, key = draw(st.sampled_from(found))
        match draw(st.sampled_from(["replace", "vary", "vary", "leave out", "double", "swap", "rename"])):
            case "vary" if type(box[key]) in (int, float, str):
                box[key] = draw(st.sampled_from(TEXTS if type(box[key]) is str else NUMBERS))
            case "replace":
                box[key] = copy.deepcopy(draw(values))
            case "leave out":
                del box[key]
            case "double" if isinstance(box, list):
                box.insert(key, copy.deepcopy(box[key]))
            case "swap":
                other, place = draw(st.sampled_from(found))
                box[key] = copy.deepcopy(other[place]) if place in places_of(other) else None
            case "rename" if isinstance(box, dict):
                box[draw(st.text(max_size=4))] = box.pop(key)
    data = encoded(value[0] if value else None, escape=draw(st.booleans()))
    if draw(st.integers(0, 7)) == 0 and data:
        start = draw(st.integers(0, len(data)))
        data = data[:start] + draw(st.binary(max_size=4)) + data[start + draw(st.integers(0, 9)) :]
    return data


def places_of(box: Any) -> Any:
    return box.keys() if isinstance(box, dict) else range(len(box))


RECORDS = [
    {"cases": "seed 1", "submission": "0" * 64, "result": result.to_json(), "before": before}
    for result in report_factory.everyone()
    for before in (None, {"rnn_cell_forward": 12.5})
]


def stream(values, headers):
    """A stream of frames that hold these values, and of frames with these headers."""
    made = b""
    for value in values:
        packed = pack()
        node = packed(value)
        made += frame({"node": node, "arrays": 0}, packed.arrays)
    for header in headers:
        made += len(header).to_bytes(4, "big") + bytes(4) + header
    return made
