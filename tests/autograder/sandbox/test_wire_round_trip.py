"""Values and frames that cross the wall come out as they went in."""

import io
import math

import numpy as np
import pytest

from autograder.sandbox.inside.wire import MAX_FRAME, MAX_HEADER, Reader, WireError, frame, pack, unpack
from course_utils.judging.values import Other


def there_and_back(value, known_there=(), known_here=()):
    packed = pack(known_there)
    node = packed(value)
    reader = Reader()
    reader.feed(frame({"node": node}, packed.arrays))
    header, arrays = reader.next()
    return unpack(arrays, known_here)(header["node"])


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(10.0)[::-2],
        np.broadcast_to(np.float64(3.0), (2, 2)),
        np.zeros((0, 3)),
        np.zeros((2, 0, 4)),
        np.array(2.5),
        np.array([True, False]),
        np.arange(3, dtype=np.int8),
        np.arange(3, dtype=np.uint64),
        np.arange(3, dtype=np.float16),
        np.arange(3, dtype=np.float32),
        np.arange(3, dtype=np.longdouble),
        np.arange(3, dtype=">f8"),
        np.array([1 + 2j, -1j]),
        np.array([math.nan, math.inf, -math.inf, -0.0]),
    ],
    ids=lambda array: f"{array.dtype.str}{array.shape}",
)
def test_arrays(array):
    got = there_and_back(array)
    assert type(got) is np.ndarray
    assert got.dtype == array.dtype
    assert got.shape == array.shape
    assert got.tobytes() == array.tobytes()
    assert got.flags.writeable
    assert got.flags.aligned


@pytest.mark.parametrize("shape", [(), (0,), (7,), (2, 3), (1,) * 16, (0, 10**17)])
@pytest.mark.parametrize("kind", ["|b1", "|i1", "<u4", ">i8", "<f2", "<f8", ">f4", "<c16"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_are_npy_files(shape, kind, order):
    array = np.ones(shape, kind, order=order)
    packed = pack()
    packed(array)
    ours, numpys = packed.arrays[0], io.BytesIO()
    np.save(numpys, array)
    assert len(ours) % 64 == array.nbytes % 64
    for got in (np.load(io.BytesIO(ours)), unpack([numpys.getvalue()])({"array": 0})):
        assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())
        assert got.flags.f_contiguous == array.flags.f_contiguous


@pytest.mark.parametrize("array", [np.zeros((2, 3), order="F"), np.zeros((2, 3), order="C")])
def test_arrays_keep_their_order(array):
    assert there_and_back(array).flags.f_contiguous == array.flags.f_contiguous


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -(2**63) + 1,
        2**63 - 1,
        0.1,
        math.inf,
        "",
        "ä 😀 \x00 \\ud800 \"'",
        [],
        (),
        {},
        [1, (2.0, [None, "x"]), {"a": (True,), 7: {}}],
    ],
)
def test_plain_values(value):
    got = there_and_back(value)
    assert got == value
    assert repr(got) == repr(value)  # True is not 1, and a tuple is no list


def test_nan_stays_nan():
    assert math.isnan(there_and_back(math.nan))


def test_numpy_scalars_become_arrays_without_axes():
    got = there_and_back([np.float64(1.5), np.int32(7), np.bool_(True)])
    assert [(a.shape, a.dtype, a.item()) for a in got] == [
        ((), np.float64, 1.5),
        ((), np.int32, 7),
        ((), np.bool_, True),
    ]


def test_an_array_that_occurs_twice_is_sent_once():
    a, b = np.arange(4.0), np.arange(4.0)
    packed = pack()
    node = packed((a, [a, b], {"again": a}))
    assert len(packed.arrays) == 2
    first, (second, other), box = unpack(packed.arrays)(node)
    assert first is second
    assert first is box["again"]
    assert other is not first


def test_known_arrays_are_referred_to():
    there, here = [np.arange(3.0), np.arange(4.0)], [np.full(3, 9.0), np.full(4, 8.0)]
    new = np.ones(2)
    packed = pack(there)
    node = packed([there[1], new, there[0]])
    assert len(packed.arrays) == 1
    values = unpack(packed.arrays, known=here)
    got = values(node)
    assert got[0] is here[1]
    assert got[2] is here[0]
    assert np.array_equal(got[1], new)
    assert [id(a) for a in values.received] == [id(here[0]), id(here[1]), id(got[1])]
    assert [id(a) for a in packed.sent] == [id(there[0]), id(there[1]), id(new)]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (object(), "object"),
        (2**63, "very large int"),
        (1j, "complex"),
        (b"x", "bytes"),
        ("x" * (1 << 21), "very long str"),
        ({1}, "set"),
        ({(1, 2): 3}, "dict with keys that are neither text nor small numbers"),
        ({True: 3}, "dict with keys that are neither text nor small numbers"),
        ({2**70: 3}, "dict with keys that are neither text nor small numbers"),
        (np.array([object()]), "array of object"),
        (np.array(["text"]), "array of <U4"),
        (np.zeros(2, "M8[s]"), "array of datetime64[s]"),
        (np.zeros(2, [("a", "f8")]), "array of [('a', '<f8')]"),
    ],
    ids=range(13),
)
def test_what_has_no_word_arrives_as_other(value, kind):
    got = there_and_back([value, 1])
    assert isinstance(got[0], Other)
    assert got[0].kind == kind
    assert got[1] == 1


def test_a_subclass_is_not_taken_for_what_it_derives_from():
    class Always(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    assert isinstance(there_and_back(Always(3.0)), Other)


def test_lone_surrogates_do_not_arrive():
    got = there_and_back(["a\ud800b", {"\udfff": 1}])
    assert got == ["a?b", {"?": 1}]


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_frames_are_cut_out_of_any_pieces(step):
    sent = [({"type": "a"}, [b"xyz", b""]), ({"type": "ü"}, []), ({"type": "c"}, [b"1"])]
    stream = b"".join(frame(header, arrays) for header, arrays in sent)
    reader, got = Reader(), []
    for start in range(0, len(stream), step):
        reader.feed(stream[start : start + step])
        while (found := reader.next()) is not None:
            got.append(found)
    assert [(header["type"], arrays) for header, arrays in got] == [
        (header["type"], arrays) for header, arrays in sent
    ]
    assert reader.next() is None


def test_too_much_is_refused_by_the_sender():
    with pytest.raises(WireError, match="64 MB"):
        frame({}, [bytes(MAX_FRAME)])
    with pytest.raises(WireError, match="8 MB"):
        frame({"text": "x" * MAX_HEADER})
    with pytest.raises(WireError, match="64 MB"):
        pack()(np.broadcast_to(0.0, (1 << 30,)))
    endless: list = []
    endless.append(endless)
    with pytest.raises(WireError, match="nested"):
        pack()(endless)
    with pytest.raises(WireError, match="too many"):
        pack()([0] * 100_001)
