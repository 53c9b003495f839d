"""What the comparison accepts, and in which words it says what is wrong."""

import re
from typing import Any

import numpy as np
import pytest

from autograder.referee import compare
from course_utils.judging.compare import leaves
from course_utils.judging.values import Other

RTOL = 1e-10
WANT = np.random.default_rng(0).standard_normal((3, 4))
SQUARE, EVEN = (
    np.random.default_rng(2).standard_normal((4, 4)),
    np.random.default_rng(2).standard_normal((2, 3, 3)),
)
LETTERS = [3, 1, 4, 1, 5, 9, 2, 6]
CUBE = np.random.default_rng(1).standard_normal((2, 3, 4))


def fault(got: Any, want: Any = WANT, rtol: float = RTOL) -> tuple[str, str]:
    found = compare(got, want, "a_next", rtol)
    assert found is not None, "accepted"
    assert found.message.startswith(f"`{found.path}` ")
    return found.kind, found.message


def hole(value: float) -> np.ndarray:
    got = WANT.copy()
    got[1, 2] = value
    return got


@pytest.mark.parametrize(
    ("got", "want", "kind", "words"),
    [
        (None, WANT, "missing", "is None: was the stub's None filled in?"),
        (WANT.tolist(), WANT, "type", "of type list; it should be a NumPy array"),
        (1.5, WANT, "type", "of type float; it should be a NumPy array"),
        ("text", 1.5, "type", "of type str; it should be a number"),
        (Other("Tensor"), WANT, "type", "of type Tensor; it should be a NumPy array"),
        (WANT + 1j, WANT, "type", "complex128 values; they should be real"),
        (WANT.T, WANT, "shape", "shape (4, 3); it should be (3, 4): it is transposed"),
        (CUBE.transpose(1, 0, 2), CUBE, "shape", "its axes are in another order"),
        (CUBE.swapaxes(1, 2), CUBE, "shape", "its second and third axis (batch and time) are swapped"),
        (WANT[:, 0], WANT[:, :1], "shape", "shape (3,); it should be (3, 1): an axis of length 1 is lost"),
        (
            WANT[:1],
            WANT[:, :1],
            "shape",
            "shape (1, 4); it should be (3, 1): was it summed over the wrong axis?",
        ),
        (CUBE.T, CUBE, "shape", "it is transposed"),
        (WANT.ravel(), WANT, "shape", "shape (12,); it should be (3, 4): as many numbers"),
        (WANT[:, None], WANT, "shape", "a lost or an added axis"),
        (WANT[0], WANT, "shape", "shape (4,); it should be (3, 4): an axis is missing"),
        (WANT[:2], WANT, "shape", "shape (2, 4); it should be (3, 4)"),
        (np.zeros((3, 0)), WANT, "shape", "shape (3, 0)"),
        (hole(np.nan), WANT, "finite", "has the right shape but holds nan, in some entries"),
        (hole(np.inf), WANT, "finite", "has the right shape but holds infinity, in some entries"),
        (WANT * np.nan, WANT, "finite", "holds nan, everywhere"),
        (np.where(np.arange(4) < 2, CUBE, np.nan), CUBE, "finite", "holds nan, from t = 2 on"),
        (hole(-np.inf), WANT, "finite", "holds infinity"),
        (WANT.astype(np.float32), WANT, "values", "computed in float32: keep float64"),
        (WANT.astype(np.float32) * 2, WANT, "values", "by more than 5%"),
        (np.zeros((3, 4)), WANT, "values", "right shape, but its values are off by more than 5%"),
        (1e9 * WANT, WANT, "values", "by more than 5% of their size: all by the same factor"),
        (-WANT, WANT, "values", "by more than 5% of their size: the sign is wrong"),
        (WANT / 7, WANT, "values", "each is 1/7 of what it should be (a mean instead of a sum?)"),
        (-WANT * 6, WANT, "values", "each is -6 times what it should be (a sum instead of a mean?)"),
        (SQUARE.T, SQUARE, "values", "5% of their size: it is transposed"),
        (EVEN.swapaxes(1, 2), EVEN, "values", "its second and third axis (batch and time) are swapped"),
        (np.roll(EVEN, 1, axis=2), EVEN, "values", "it is one step late"),
        (np.roll(EVEN, -1, axis=2), EVEN, "values", "it is one step early"),
        (EVEN[:, :, ::-1], EVEN, "values", "its steps are in reverse order"),
        ([0, *LETTERS[:-1]], LETTERS, "values", "not right from the first on: they come one position late"),
        ([WANT], (WANT,), "type", "of type list; it should be a tuple"),
        ((WANT,), [WANT], "type", "of type tuple; it should be a list"),
        (None, (WANT,), "missing", "is None: was the stub's None filled in?"),
        ((WANT,), (WANT, WANT), "length", "has 1 element; it should have 2"),
        ((WANT,) * 3, (WANT, WANT), "length", "has 3 elements; it should have 2"),
        ([("W", WANT)], {"W": WANT}, "type", "it should be a dictionary"),
        ({"W": WANT}, {"W": WANT, "b": WANT, "c": WANT}, "keys", "lacks 'b', 'c'"),
        ({"W": WANT, "b": 1}, {"W": WANT}, "keys", "entries that do not belong there: 'b'"),
        ("ab", "abc", "values", "is not what it should be"),
        (1, True, "values", "is not what it should be"),
    ],
)
def test_each_kind_of_fault_has_its_words(got, want, kind, words):
    said = fault(got, want)
    assert said[0] == kind
    assert words in said[1]


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (WANT * 1.5 + 1e-3, WANT),
        (np.array([3.0]), np.array([1.5])),  # of one number a factor says nothing
        (np.array([0.0, 3.0]), np.array([0.0, 1.5])),
        (np.roll(EVEN, 1, axis=1), EVEN),
        (SQUARE[::-1], SQUARE),
        (WANT * (1 + 1e-7), WANT),
    ],
)
def test_what_fits_no_pattern_is_said_plainly(got, want):
    assert fault(got, want)[1].partition("off by ")[2].partition(" (")[0] in (
        "more than 5% of their size",
        "hardly more than rounding",
    )


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        (np.zeros((2, 3, 3)), EVEN, "it is zero everywhere"),
        (np.full((4, 4), 0.5), SQUARE, "it is the same everywhere"),
        (WANT * 0 + np.arange(WANT.size).reshape(WANT.shape), WANT, 'it is a copy of `p["x"]`'),
        (np.zeros(5, int), np.arange(5), "it is zero everywhere"),
        ([3, 3, 3], [1, 3, 4], "it is the same everywhere"),
        (np.float64(0), np.float64(2), "it is zero"),
    ],
)
def test_values_that_tell_nothing_are_called_so(got, want, words):
    """Zeros, a constant or a copy of an input may come from many mistakes: none is guessed."""
    given = {"y": np.arange(2.0), "p": {"x": np.arange(float(WANT.size)).reshape(WANT.shape), "k": 2}}
    found = compare(got, want, "a", 1e-10, inputs=given)
    assert found is not None
    assert found.message.endswith(words)
    assert found.pattern == words


def test_an_error_has_one_of_four_sizes_in_words():
    """With more, a hidden value could be found by handing in zeros and small changes of them."""
    largest = np.max(np.abs(WANT))
    said = [
        fault(WANT + 3 * 10.0**exponent * largest, rtol=1e-12)[1].partition("off by ")[2]
        for exponent in range(-12, 14)  # more, and all are the same
    ]
    assert list(dict.fromkeys(said)) == [
        "little more than rounding (is a derivative measured by differences, "
        "or something tiny added to a denominator?)",
        "hardly more than rounding (is a part of it in float32, "
        "or something small added to a denominator or a logarithm?)",
        "less than 5% of their size",
        "more than 5% of their size",
    ]


def test_a_fault_within_a_tree_names_the_place():
    want = ([{"W": WANT, 2: WANT}], WANT)
    got = ([{"W": WANT, 2: 2 * WANT}], WANT)
    found = compare(got, want, "caches", RTOL)
    assert found is not None
    assert found.path == "caches[0][0][2]"
    assert compare(want, want, "caches", RTOL) is None


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (2.0, np.float64(2.0)),
        (2, 2.0),
        (True, 1.0),
        (np.array([[2.0]]), 2.0),
        (np.float64(2.0), 2),
        (np.array([[1, 2]]), np.array([[1.0, 2.0]])),
        (np.array([[True, False]]), np.array([[1.0, 0.0]])),
        (np.asfortranarray(WANT), WANT),
        (WANT.astype(np.longdouble), WANT),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        ({"b": WANT, "W": CUBE}, {"W": CUBE, "b": WANT}),
        ((), ()),
        (None, None),
        ("abc", "abc"),
        (True, True),
    ],
)
def test_what_is_equal_is_accepted_in_any_dress(got, want):
    assert compare(got, want, "value", RTOL) is None


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_another_order_of_summation_passes_and_1e_9_does_not(size):
    rng = np.random.default_rng(2)
    W, x = rng.standard_normal((6, 500)), rng.standard_normal((500, 4))
    want = size * (W @ x)
    backwards = size * (W[:, ::-1] @ x[::-1])
    one_by_one = size * sum(np.outer(W[:, k], x[k]) for k in range(500))
    assert np.any(one_by_one != want)
    for got in (backwards, one_by_one, want * (1 + 1e-13)):
        assert compare(got, want, "z", RTOL) is None
    assert fault(want * (1 + 1e-9), want)[0] == "values"
    assert fault(want + 1e-9 * np.max(np.abs(want)), want)[0] == "values"


def test_an_error_counts_against_the_largest_value_and_zeros_against_one():
    want = np.array([1e6, 1e-6])
    assert compare(want + 1e-5, want, "z", RTOL) is None
    assert fault(want + 1e-3, want)[0] == "values"
    assert compare(np.full(3, 1e-11), np.zeros(3), "z", RTOL) is None
    assert fault(np.full(3, 1e-9), np.zeros(3))[0] == "values"


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_finite_values_never_equal_strange_ones(strange):
    assert fault(WANT, hole(strange))[0] == "values"
    assert compare(hole(strange), hole(strange), "z", RTOL) is None


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_strange_values_equal_the_same_ones_alone(strange):
    want = {"a": np.array([1.0, strange, 3.0])}
    assert compare({"a": want["a"].copy()}, want, "a", 1e-6) is None
    assert compare({"a": np.array([1.0, strange, 3.0 + 1e-9])}, want, "a", 1e-6) is not None


def test_same_bytes_of_another_type_or_shape_are_not_the_same():
    want = [np.zeros((2, 3))]
    assert compare([np.zeros((2, 3))], want, "a", 1e-6) is None
    assert compare([np.zeros((3, 2))], want, "a", 1e-6) is not None
    assert compare([-want[0]], want, "a", 0.0) is None  # zeros of the other sign
    assert compare([np.full((2, 3), b"\0" * 8)], want, "a", 1e-6) is not None


def test_huge_and_tiny_types_neither_crash_nor_pass():
    for kind in (np.float16, np.int8, np.uint64, np.longdouble):
        assert fault(np.full((3, 4), np.array(100).astype(kind)))[0] == "values"
    assert fault(np.full((3, 4), np.finfo(np.longdouble).max))[0] == "values"


def test_strange_keys_are_cut_short():
    got = {"W": WANT, **{f"{n}" * 500: 1 for n in range(100)}}
    assert len(fault(got, {"W": WANT})[1]) < 1000


def test_no_message_holds_a_value_of_the_expected_array():
    rng = np.random.default_rng(3)
    for _ in range(300):
        shape = tuple(int(n) for n in rng.integers(1, 5, size=rng.integers(0, 4)))
        want = np.asarray(rng.standard_normal(shape) * 10.0 ** rng.integers(-6, 7))
        others = [
            want.T,
            want.ravel(),
            want[..., None],
            want * (1 + 10.0 ** rng.integers(-9, 3)),
            np.where(rng.random(shape) < 0.5, np.nan, want),
            want.astype(np.float32),
            np.zeros(shape),
            [want],
            None,
            {"a": want},
        ]
        for got in others:
            for path, left, right in [
                ("z", got, want),
                ("z", (got, 1), (want, 1)),
                ("z", [got], {"a": want}),
            ]:
                found = compare(left, right, path, RTOL)
                words = found.message if found else ""
                for shape_text in (str(np.shape(want)), str(np.shape(got)) if got is not None else ""):
                    words = words.replace(shape_text, "")
                # what is left: an index of the path, a length, a type's size, a factor, an order of magnitude
                numbers = re.findall(r"\d[\d.]*(?:e[+-]?\d+)?", words)
                assert all(re.fullmatch(r"\d{1,3}|1e-?\d+", number) for number in numbers), words


def test_leaves_are_all_numbers_of_a_tree():
    tree = {"W": WANT, "more": [1, (2.5, np.float64(3)), None, "text", True]}
    assert [leaf.shape for leaf in leaves(tree)] == [(3, 4), (), (), ()]
