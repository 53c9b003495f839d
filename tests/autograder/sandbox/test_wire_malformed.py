"""Whatever arrives from a sandbox: a value, or WireError, soon and without large allocations."""

import copy
import io
import json
import random
import struct
import tracemalloc

import numpy as np
import pytest

from autograder.sandbox.inside.wire import Reader, WireError, frame, pack, unpack
from course_utils.judging.compare import compare


def read(data):
    reader = Reader()
    reader.feed(data)
    return reader.next()


def raw(head, body=b""):
    """A frame with any bytes as its header."""
    return struct.pack("!II", len(head), len(body)) + head + body


def npy(header, data=b"", version=(1, 0)):
    """An array in the npy format with any text as its header."""
    text = header if isinstance(header, bytes) else header.encode()
    return b"\x93NUMPY" + bytes(version) + struct.pack("<H", len(text)) + text + data


def described(descr="'<f8'", shape="(2,)", fortran="False", data=bytes(16)):
    return npy(f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n", data)


# ---------------------------------------------------------------- frames


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("!II", 2**32 - 1, 2**32 - 1),
        struct.pack("!II", 1, 64 << 20),
        struct.pack("!II", (64 << 20) + 1, 0),
        struct.pack("!II", (8 << 20) + 1, 0),
        raw(b""),
        raw(b"{"),
        raw(b"\x00\xff\xfe"),
        raw(b"null"),
        raw(b"3"),
        raw(b'"arrays"'),
        raw(b"[]"),
        raw(b'["arrays"]'),
        raw(b"{}"),
        raw(b'{"arrays": null}'),
        raw(b'{"arrays": 0}'),
        raw(b'{"arrays": "0"}'),
        raw(b'{"arrays": {"0": 0}}'),
        raw(b'{"arrays": [1]}'),
        raw(b'{"arrays": []}', b"x"),
        raw(b'{"arrays": [2, -1]}', b"x"),
        raw(b'{"arrays": [true]}', b"x"),
        raw(b'{"arrays": [1.0]}', b"x"),
        raw(b'{"arrays": [NaN]}', b"x"),
        raw(b'{"arrays": [Infinity]}', b"x"),
        raw(b'{"arrays": ["1"]}', b"x"),
        raw(b'{"arrays": [[1]]}', b"x"),
        raw(b'{"arrays": [1' + b"0" * 5000 + b"]}"),
        raw(b'{"arrays": [], "x": ' + b"1" * 5000 + b"}"),
        raw(b'{"arrays": [], "x": "\xed\xa0\x80"}'),
        raw('{"arrays": []}'.encode("utf-16")),
        raw(b'{"arrays": [], "x": ' + b"[" * 300 + b"]" * 300 + b"}"),
        raw(b'{"arrays": [], "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        raw(b'{"arrays": [], "x": ' + b'{"a":' * 300 + b"0" + b"}" * 300 + b"}"),
    ],
    ids=lambda data: repr(data[8:48]),
)
def test_a_malformed_frame(data):
    with pytest.raises(WireError):
        read(data)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 20])
def test_a_truncated_frame_waits(size):
    assert read(frame({"type": "x"}, [b"abc"])[:size]) is None


def test_a_length_alone_allocates_nothing():
    tracemalloc.start()
    try:
        reader = Reader()
        reader.feed(struct.pack("!II", 1 << 20, 60 << 20))
        assert reader.next() is None
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_escaped_surrogates_are_replaced():
    header, _ = read(raw(rb'{"arrays": [], "x": ["\ud800", "\uDFFF", "\ud83d\ude00"]}'))
    assert header["x"] == ["?", "?", "😀"]


def test_what_is_read_can_be_shown_and_written():
    deep = b"[" * 190 + b"]" * 190
    header, _ = read(raw(b'{"arrays": [], "x": ' + deep + b"}"))
    assert len(repr(header)) > 380
    json.dumps(header)


# ---------------------------------------------------------------- arrays


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x93NUMPY",
        b"PK\x03\x04" + bytes(100),
        npy(""),
        npy("{}"),
        npy("[" * 4000),
        npy("(" * 90 + ")" * 90),
        npy("-" * 4000 + "1"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}" + " " * 5000 + "\n", bytes(16)),
        npy(b"\xff\xfe\x00"),
        npy("__import__('os').system('true')"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}", bytes(16)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2L,)}", bytes(24)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", bytes(16), version=(2, 0)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", bytes(16), version=(3, 0)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", bytes(16), version=(9, 9)),
        struct.pack("6sBBH", b"\x93NUMPY", 1, 0, 65535),
        described("'|O'"),
        described("'O'"),
        described("'<U2'"),
        described("'|S8'"),
        described("'|V8'"),
        described("'|V9999999999'"),
        described("'<M8[s]'"),
        described("'<m8[s]'"),
        described("'<c64'"),
        described("'nonsense'"),
        described("'<f3'"),
        described("'<f128'"),
        described("'<f8 '"),
        described("1"),
        described("None"),
        described("[('a', '<f8')]"),
        described("[('a', '|O')]"),
        described("('<f8', (1099511627776,))", "()", data=b""),
        described("('<f8', (2,))", "(1,)"),
        described(shape="(1099511627776,)"),
        described(shape="(1099511627776, 1099511627776)"),
        described(shape="(-2,)"),
        described(shape="(-1, -2)"),
        described(shape="(2.0,)"),
        described(shape="(True, 2)"),
        described(shape="2"),
        described(shape="(2)"),
        described(shape="(2,),"),
        described(shape="(1 + 1,)"),
        described(shape="(²,)"),
        described(shape="[2]"),
        described(shape="('2',)"),
        described(shape=f"(0, {2**62})", data=b""),
        described(shape=f"(0, {2**63})", data=b""),
        described(shape=f"({2**70}, 0)", data=b""),
        described(shape=f"({'1, ' * 17})", data=bytes(8)),
        described(shape=f"({'1, ' * 100})", data=bytes(8)),
        described(fortran="'no'"),
        described(fortran="2"),
        described(data=bytes(15)),
        described(data=bytes(17)),
        described(data=b""),
        described("'|b1'", "(16, 2)"),
    ],
    ids=lambda data: repr(data[6:90]),
)
def test_a_malformed_array(data):
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            unpack([data])({"array": 0})
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_pickled_arrays_are_refused():
    out = io.BytesIO()
    np.lib.format.write_array(out, np.array([print]), allow_pickle=True)
    with pytest.raises(WireError):
        unpack([out.getvalue()])({"array": 0})


# ---------------------------------------------------------------- values


def nested(word, depth):
    node = {"value": 1}
    for _ in range(depth):
        node = {word: [node]}
    return node


@pytest.mark.parametrize(
    "node",
    [
        None,
        1,
        "value",
        [],
        {},
        {"value": 1, "list": []},
        {"value": []},
        {"value": {}},
        {"value": 2**63},
        {"value": -(10**400)},
        {"array": 1},
        {"array": -1},
        {"array": True},
        {"array": False},
        {"array": 0.0},
        {"array": "0"},
        {"array": None},
        {"array": 2**70},
        {"list": None},
        {"list": {}},
        {"list": [1]},
        {"list": "ab"},
        {"tuple": {"0": {"value": 1}}},
        {"dict": {}},
        {"dict": [1]},
        {"dict": [["a"]]},
        {"dict": [["a", {"value": 1}, 2]]},
        {"dict": [[None, {"value": 1}]]},
        {"dict": [[True, {"value": 1}]]},
        {"dict": [[[1], {"value": 1}]]},
        {"dict": [[2**64, {"value": 1}]]},
        {"dict": ["ab"]},
        {"other": 1},
        {"other": None},
        {"Value": 1},
        {"unknown": 1},
        nested("list", 41),
        nested("tuple", 60),
        {"list": [{"value": 0}] * 100_000},
    ],
    ids=lambda node: repr(node)[:40],
)
def test_a_malformed_value(node):
    zero = described(data=bytes(16))
    with pytest.raises(WireError):
        unpack([zero])(node)


def test_the_deepest_and_the_longest_value_that_are_read():
    value = unpack([])(nested("list", 40))
    for _ in range(40):
        (value,) = value
    assert value == 1
    assert len(unpack([])({"list": [{"value": 0}] * 99_999})) == 99_999


# ---------------------------------------------------------------- anything at all


def valid_frames():
    packed = pack()
    shared = np.arange(6.0).reshape(2, 3)
    node = packed(
        [shared, (1, None, "text", 2.5), {"a": shared, 3: np.zeros((0, 2)), "i": np.arange(3, dtype="i4")}]
    )
    yield frame({"type": "answer", "case": 0, "value": node, "shared": [[0, "x"]]}, packed.arrays)
    yield frame({"type": "output", "msg_type": "stream", "content": {"name": "stdout", "text": "ä😀"}})


def mutate(data, rng):
    """Change, drop, insert, repeat or copy some bytes."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[at] = rng.randrange(256)
            case 1:
                del data[at : at + rng.randint(1, 4)]
            case 2:
                data[at:at] = rng.choice([b"0", b"-", b"[", b"{", b'"', b"\\ud800", b"1e999", b"9" * 30])
            case 3:
                data[at:at] = data[at : at + rng.randint(1, 40)]
            case 4:
                data[at] ^= 1 << rng.randrange(8)
        data = data or bytearray(b"x")
    return bytes(data)


JUNK = [
    None,
    True,
    -1,
    0,
    7,
    2**63,
    -(10**30),
    1e999,
    "array",
    "\ud800",
    [],
    {},
    [[]],
    {"array": 1},
    {"list": 3},
]


def rearrange(data, rng):
    """Put other nodes in some places of a frame's header, so that it stays JSON."""
    head, _ = struct.unpack_from("!II", data)
    header = json.loads(data[8 : 8 + head])
    for _ in range(rng.randint(1, 3)):
        box = header
        while True:
            key = rng.choice(sorted(box)) if type(box) is dict else rng.randrange(len(box))
            if type(box[key]) not in (dict, list) or not box[key] or rng.random() < 0.15:
                break
            box = box[key]
        box[key] = rng.choice([*copy.deepcopy(JUNK), box[key], [box[key]], {"list": [box[key]]}])
    return raw(json.dumps(header).encode(), data[8 + head :])


def test_mutated_frames_give_values_or_wire_errors():
    rng = random.Random(0)
    frames = list(valid_frames())
    read_well = refused = 0
    for number in range(6000):
        change = mutate if number % 3 == 0 else rearrange
        try:
            found = read(change(frames[number % len(frames)], rng))
            if found is None:
                continue
            header, arrays = found
            values = unpack(arrays)
            value = values(header.get("value"))
            _ = values.received
        except WireError:
            refused += 1
            continue
        compare(value, [np.zeros((2, 3)), (1, None, "text", 2.5), {"a": np.zeros((2, 3))}], "value", 1e-9)
        json.dumps(header, ensure_ascii=False).encode()
        read_well += 1
    # Were nearly all refused, or nearly all read, the mutations would test little.
    assert read_well > 500
    assert refused > 1000


def test_mutated_arrays_give_arrays_or_wire_errors():
    rng = random.Random(1)
    packed = pack()
    packed([np.arange(6.0).reshape(2, 3), np.zeros(3, "i4", order="F"), np.array(1 + 2j)])
    read_well = refused = 0
    for number in range(6000):
        data = mutate(packed.arrays[number % 3], rng)
        try:
            array = unpack([data])({"array": 0})
        except WireError:
            refused += 1
            continue
        assert array.nbytes <= len(data)
        assert array.dtype.kind in "biufc"
        read_well += 1
    assert read_well > 100
    assert refused > 1000
