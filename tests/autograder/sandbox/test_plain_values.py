"""A value in the notebook is judged as it would come out of the sandbox."""

import enum
from collections import OrderedDict, namedtuple

import numpy as np
import pytest

from autograder.audit.play import through_bytes
from autograder.sandbox.inside.wire import MAX_FRAME, WireError, pack, unpack
from course_utils.judging.values import MAX_ARRAYS, Other, Plain, Unreadable, plain

ARRAY = np.arange(12.0).reshape(3, 4)


class Colour(enum.IntEnum):
    RED = 1


class Words(str):
    __slots__ = ()


class Numbers(list):
    pass


VALUES = [
    None,
    True,
    3,
    -2.5,
    float("nan"),
    "text",
    "a lone \ud800 surrogate",
    "x" * ((1 << 20) + 1),
    np.str_("numpy's text"),
    2**63,
    -(2**63) + 1,
    np.float64(0.5),
    np.float32(0.5),
    np.int64(7),
    np.bool_(True),
    np.complex128(1j),
    np.datetime64("2020-01-01"),
    ARRAY,
    ARRAY.T,
    ARRAY[:, ::2],
    ARRAY[::-1],
    np.asfortranarray(ARRAY),
    np.broadcast_to(np.arange(3), (2, 3)),
    np.zeros((0, 3)),
    np.array(5.0),
    np.arange(3, dtype=">i4"),
    ARRAY.view(np.matrix),
    np.ma.masked_array([1.0, 2.0], [True, False]),
    np.array([1, "a"], dtype=object),
    np.array(["a", "bc"]),
    np.zeros(2, dtype=[("a", int)]),
    np.array([1.0], dtype=np.longdouble),
    [1, (2.0, [None, "a"]), {"k": ARRAY, 3: ()}],
    {},
    {"a \udfff": 1},
    {(1, 2): 3},
    {True: 1},
    {2**63: 1},
    {1.5: 1},
    OrderedDict(a=1),
    namedtuple("Point", "x y")(1, 2),
    Numbers([1, 2]),
    Words("abc"),
    Colour.RED,
    {1, 2},
    range(3),
    b"bytes",
    1j,
    object(),
    len,
    [ARRAY, ARRAY],
]


def same(one, other):
    """Whether two values are equal in all that the judging can see."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        kept = (one.dtype, one.shape, one.flags.f_contiguous, one.flags.c_contiguous)
        return kept == (other.dtype, other.shape, other.flags.f_contiguous, other.flags.c_contiguous) and (
            one.tobytes() == other.tobytes()
        )
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other or one != one


def sent(value):
    """Return a value as it comes out of the sandbox."""
    packed = pack()
    header, arrays = through_bytes(({"value": packed(value)}, packed.arrays))
    return unpack(arrays)(header["value"])


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_is_seen_as_the_wire_format_sees_it(value):
    assert same(plain(value), sent(value))


def test_an_array_that_occurs_twice_stays_one_and_nothing_is_shared_with_the_original():
    made = Plain()
    inputs, (one, other, third) = made({"x": ARRAY}), made((ARRAY, ARRAY, ARRAY.copy()))
    assert inputs["x"] is one is other
    assert third is not one
    assert not np.shares_memory(one, ARRAY)


@pytest.mark.parametrize("depth", [40, 41])
def test_the_same_depth_is_too_deep(depth):
    value = None
    for _ in range(depth):
        value = [value]
    if depth > 40:
        with pytest.raises(WireError) as refused:
            sent(value)
        with pytest.raises(Unreadable) as unreadable:
            plain(value)
        assert str(refused.value) == str(unreadable.value)
    else:
        assert same(plain(value), sent(value))


def test_what_is_too_large_is_refused_with_the_same_words():
    for value in ([0] * 100_001, [np.zeros(MAX_ARRAYS // 16 + 1), np.zeros(MAX_ARRAYS // 16)]):
        with pytest.raises(WireError) as refused:
            pack()(value)
        with pytest.raises(Unreadable) as unreadable:
            plain(value)
        assert str(refused.value) == str(unreadable.value)
    assert MAX_ARRAYS == MAX_FRAME


def test_other_values_are_equal_by_type():
    assert plain(object()) == plain(object()) == Other("object") != Other("set")
    assert len({Other("set"), Other("set")}) == 1
