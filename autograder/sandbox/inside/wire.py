"""Encodes and decodes what enters and leaves the sandbox: frames of JSON and plain npy, never pickle.

A frame is two big-endian unsigned 32-bit lengths, a JSON header, and arrays in the npy format, whose
sizes in bytes are the header's ``arrays``. Python values become a small tree of JSON nodes (`pack`), in
which a number stands for an array: an array object that occurs twice is sent once.

Both sides use this module; the reading side trusts nothing (`WireError` says what is wrong).
See docs/protocol.md.
"""

import functools
import json
import math
import re
import struct
from typing import Any, Literal

import numpy as np

from course_utils.judging.values import KINDS, MAX_DEPTH, MAX_INT, MAX_NODES, MAX_TEXT, Other, is_key

__all__ = [
    "MAX_FRAME",
    "MOST_TRACED",
    "Reader",
    "WireError",
    "frame",
    "pack",
    "random_state",
    "set_random_state",
    "unpack",
]

MAX_FRAME = 64 << 20
"""Largest frame in bytes, header and arrays together."""
MAX_HEADER = 8 << 20
"""Largest JSON header in bytes: parsed, it may take twenty times as much memory."""
MAX_JSON_DEPTH = 200
MOST_TRACED = 8 << 20
"""Bytes of the arrays that a traced call returned, beyond which it is not told."""
MAX_NPY_HEADER = 4096
_LENGTHS = struct.Struct("!II")
_dumps, _loads = json.JSONEncoder(ensure_ascii=False).encode, json.loads
_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_HEADER = re.compile(
    re.escape(_MAGIC) + rb"..\{'descr': '([<>|][biufc]\d\d?)', 'fortran_order': (True|False), "
    rb"'shape': \((|\d{1,19},|\d{1,19}(?:, \d{1,19}){1,15})\)(?:, )?\} *\n?",
    re.DOTALL,
)
"""The header of a plain array, as NumPy writes it."""
_asarray, _ndarray, _dtype = np.asarray, np.ndarray, np.dtype
_get_state, _set_state = np.random.get_state, np.random.set_state


class WireError(Exception):
    """A frame or a value that breaks the format."""


def frame(header: dict[str, Any], arrays: list[bytes] | tuple[bytes, ...] = ()) -> bytes:
    """Return a frame as bytes; raises WireError when it is too large to be read back."""
    text = _dumps({**header, "arrays": [len(a) for a in arrays]})
    head, body = text.encode("utf-8", "replace"), b"".join(arrays)
    if len(head) > MAX_HEADER or len(head) + len(body) > MAX_FRAME:
        raise WireError(f"larger than {(MAX_HEADER if len(head) > MAX_HEADER else MAX_FRAME) >> 20} MB")
    return _LENGTHS.pack(len(head), len(body)) + head + body


class Reader:
    """Splits a stream of bytes into frames: `feed` it what arrives, then take the `next` frame."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> None:
        """Append bytes of the stream."""
        self._bytes += data

    def next(self) -> tuple[dict[str, Any], list[bytes]] | None:
        """Return the next frame as (header, arrays), or None if it is incomplete. Raises WireError."""
        if len(self._bytes) < _LENGTHS.size:
            return None
        head, body = _LENGTHS.unpack_from(self._bytes)
        if head > MAX_HEADER or head + body > MAX_FRAME:
            raise WireError(f"a frame of {head} + {body} bytes")
        end = _LENGTHS.size + head + body
        if len(self._bytes) < end:
            return None
        data = bytes(memoryview(self._bytes)[_LENGTHS.size : end])
        del self._bytes[:end]
        try:
            header = _header(data[:head])
            sizes = header["arrays"]
            if not all(type(n) is int and n >= 0 for n in sizes) or sum(sizes) != body:
                raise ValueError("array sizes do not add up")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise WireError(f"an unreadable frame ({type(error).__name__})") from None
        arrays, at = [], head
        for n in sizes:
            arrays.append(data[at : at + n])
            at += n
        return header, arrays


def _header(data: bytes) -> Any:
    """Parse JSON so that it can be shown and written again: lone surrogates replaced, nesting limited."""
    text = data.decode("utf-8")
    value = _loads(text)
    # With fewer brackets in all, nesting cannot exceed the limit.
    level = [value] if text.count("[") + text.count("{") > MAX_JSON_DEPTH else []
    for _ in range(MAX_JSON_DEPTH):
        boxes = [box.values() if type(box) is dict else box for box in level if type(box) in (dict, list)]
        level = [item for box in boxes for item in box]
        if not level:
            break
    else:
        raise ValueError("nested too deeply")
    if "\\ud" in text or "\\uD" in text:
        value = _loads(_dumps(value).encode("utf-8", "replace"))
    return value


class pack:
    """Turns Python values into JSON nodes, collecting the arrays they hold.

    Values that the format cannot express become ``{"other": type name}``.
    """

    def __init__(self, known: list[np.ndarray] | tuple[np.ndarray, ...] = ()) -> None:
        """Start with arrays that the other side already has: they are sent as numbers only."""
        self.arrays: list[bytes] = []
        self._index: dict[int, int] = {id(array): n for n, array in enumerate(known)}
        self._alive: list[Any] = list(known)
        self._nodes = self._bytes = 0

    @property
    def sent(self) -> list[Any]:
        """The arrays in the order of their numbers."""
        return self._alive

    def __call__(self, value: Any, depth: int = 0) -> dict[str, Any]:
        """Return the node of one value; raises WireError if the values are too large or too deep."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("nested too deeply or too many values")
        kind = type(value)
        if value is None or kind in (bool, float):
            return {"value": value}
        if kind in (str, np.str_):
            return {"value": str(value)} if len(value) <= MAX_TEXT else {"other": "very long str"}
        if kind is int:
            return {"value": value} if abs(value) < MAX_INT else {"other": "very large int"}
        if kind in (list, tuple):
            return {kind.__name__: [self(item, depth + 1) for item in value]}
        if kind is dict:
            if all(is_key(key) for key in value):
                return {"dict": [[key, self(item, depth + 1)] for key, item in value.items()]}
            return {"other": "dict with keys that are neither text nor small numbers"}
        if isinstance(value, (_ndarray, np.generic)):
            return self._array(value)
        return {"other": kind.__name__[:80]}

    def _array(self, value: Any) -> dict[str, Any]:
        known = self._index.get(id(value))
        if known is not None:
            return {"array": known}
        plain = _asarray(value)
        if plain.dtype.kind not in KINDS or plain.dtype.itemsize > 16:
            return {"other": f"array of {str(plain.dtype)[:40]}"}
        self._bytes += plain.nbytes
        if self._bytes > MAX_FRAME:
            raise WireError(f"arrays of more than {MAX_FRAME >> 20} MB")
        fortran = plain.flags.f_contiguous and not plain.flags.c_contiguous
        header = _written_header(plain.dtype, fortran, plain.shape)
        self._index[id(value)] = number = len(self._alive)
        self._alive.append(value)
        self.arrays.append(header + plain.tobytes("F" if fortran else "C"))
        return {"array": number}


class unpack:
    """Turns nodes and npy bytes back into values; raises WireError for anything malformed.

    A value that the format cannot express comes back as `Other`.
    """

    def __init__(self, arrays: list[bytes], known: list[np.ndarray] | tuple[np.ndarray, ...] = ()) -> None:
        self._raw = arrays
        self._known = len(known)
        self._made: dict[int, np.ndarray] = dict(enumerate(known))
        self._nodes = 0

    @property
    def received(self) -> list[np.ndarray]:
        """All arrays, in the order of their numbers."""
        return [self._array(number) for number in range(self._known + len(self._raw))]

    def _array(self, number: int) -> np.ndarray:
        if number not in self._made:
            self._made[number] = _read_array(self._raw[number - self._known])
        return self._made[number]

    def __call__(self, node: Any, depth: int = 0) -> Any:
        """Return the value of one node."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("nested too deeply or too many values")
        if type(node) is not dict or len(node) != 1:
            raise WireError("not a value")
        ((word, content),) = node.items()
        if word == "array" and type(content) is int and 0 <= content < self._known + len(self._raw):
            return self._array(content)
        if word == "value" and (content is None or type(content) in (bool, float) or is_key(content)):
            return content
        if word in ("list", "tuple") and type(content) is list:
            items = [self(item, depth + 1) for item in content]
            return items if word == "list" else tuple(items)
        if word == "dict" and type(content) is list:
            pairs = [pair for pair in content if type(pair) is list and len(pair) == 2]
            if len(pairs) == len(content) and all(is_key(key) for key, _ in pairs):
                return {key: self(item, depth + 1) for key, item in pairs}
        if word == "other" and type(content) is str:
            return Other(content[:100])
        raise WireError("not a value")


def _read_array(data: bytes) -> np.ndarray:
    """Read npy bytes; the header is checked against their number before anything is allocated."""
    start = 10 + int.from_bytes(data[8:10], "little")
    if not 10 < start <= min(len(data), 10 + MAX_NPY_HEADER):
        raise WireError("an array header of impossible length")
    shape, order, dtype, size = _read_header(data[:start])
    if size != len(data) - start:
        raise WireError("an array whose shape does not match its bytes")
    try:
        array = _ndarray(shape, dtype, data, start, None, order)
    except Exception as error:
        raise WireError(f"an array that cannot be made ({type(error).__name__})") from None
    return array.copy("K")


# Cached: most arrays of a notebook have one of a few shapes.
@functools.lru_cache(maxsize=1024)
def _read_header(header: bytes) -> tuple[tuple[int, ...], Literal["C", "F"], np.dtype[Any], int]:
    """Return the shape, memory order, dtype and size in bytes of an array."""
    found = _NPY_HEADER.fullmatch(header)
    if found is None:
        raise WireError("an unreadable array header, or one of an array that is not plain")
    kind, fortran, sizes = found.groups()
    try:
        dtype = _dtype(kind.decode())
    except TypeError:
        raise WireError(f"an array of {kind.decode()}") from None
    if dtype.itemsize > 16:
        raise WireError(f"an array of {kind.decode()}")
    shape = tuple(map(int, sizes.replace(b",", b" ").split()))
    return shape, "F" if fortran == b"True" else "C", dtype, math.prod(shape) * dtype.itemsize


@functools.lru_cache(maxsize=1024)
def _written_header(dtype: np.dtype[Any], fortran: bool, shape: tuple[int, ...]) -> bytes:
    text = f"{{'descr': '{dtype.str}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"  # the data starts at a multiple of 64 bytes
    return _MAGIC + len(text).to_bytes(2, "little") + text.encode()


def random_state() -> list[Any]:
    """Return the state of NumPy's global generator as a value that can be packed."""
    _, *state = _get_state(legacy=True)
    return state


def set_random_state(value: Any) -> None:
    """Set the state of NumPy's global generator as `random_state` gave it; WireError for anything else."""
    if type(value) is not list or len(value) != 4:
        raise WireError("not a random state")
    keys, position, gauss, cached = value
    # NumPy does not check the position, and would read beyond the keys.
    if (
        not isinstance(keys, _ndarray)
        or (keys.dtype, keys.shape) != (np.uint32, (624,))
        or type(position) is not int
        or not 0 <= position <= 624
        or type(gauss) is not int
        or gauss not in (0, 1)
        or type(cached) is not float
    ):
        raise WireError("not a random state")
    _set_state(("MT19937", keys, position, gauss, cached))
