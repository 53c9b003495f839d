"""What a trace records of a call, and that it changes nothing of it."""

import functools
import sys
import time

import numpy as np
import pytest

from course_utils.judging.trace import RETURNED, event_of, events_of, rows_of, trace


def names(found):
    return [event.name for event in found.events if event.name != RETURNED]


def same(one, other):
    return (one.form, one.size, one.sums) == (other.form, other.size, other.sums)


def test_successive_values_are_recorded_in_the_order_of_change():
    def function(x):
        y = x + 1
        for k in range(3):
            y = y * 2
        return y

    found = trace(function, [np.arange(4.0)])
    assert found.complete
    assert names(found) == ["y", "k", "y", "k", "y", "k", "y"]
    values = [event for event in found.events if event.name == "y"]
    right = [(np.arange(4.0) + 1) * 2**k for k in range(4)]
    assert all(same(event, event_of("y", value)) for event, value in zip(values, right, strict=True))
    assert [event.times for event in values] == [1, 1, 2, 3]


def test_what_is_written_in_place_counts():
    def function(x):
        total = np.zeros(3)
        parts = {"a": np.zeros(3)}
        kept = []
        for k in range(2):
            total += x
            parts["a"][k] = 5.0
            kept.append(x.copy())
        x[0] = 7.0

    assert names(trace(function, [np.ones(3)])) == [
        *("total", "parts", "kept"),
        *("k", "total", "parts", "kept") * 2,
        "x",
    ]


def test_what_changes_in_a_container_or_in_a_shape_counts():
    def function(x):
        held = {"a": np.zeros(3), "n": 0}
        row = [1, 2, x]
        held["n"] = 1
        held["a"] = np.ones(3)
        held["a"] += 1
        row[1] = 5
        row.append(6)
        x.shape = 3, 1
        view = x.T
        x[:] = 2
        return row, view

    assert names(trace(function, [np.ones(3)])) == [
        *("held", "row", "held", "held", "held", "row", "row"),
        *("x", "row", "view", "x", "row", "view"),
    ]


def test_equal_values_by_another_way_are_the_same_and_others_are_not():
    array = np.random.default_rng(0).standard_normal((3, 4))
    one = event_of("a", array)
    assert same(one, event_of("a", array.copy("F")))
    assert same(one, event_of("a", list(array)))
    assert not same(one, event_of("a", array.T))
    assert not same(one, event_of("a", array[:, ::-1]))
    assert same(event_of("n", 3), event_of("n", np.array([3.0])))
    assert same(event_of("d", {"a": 1.5, "b": array}), event_of("d", {"b": array, "a": 1.5}))
    assert same(event_of("t", (1, array)), event_of("t", [1, array]))
    assert not same(event_of("a", np.array([1.0, np.nan])), event_of("a", np.array([1.0, 0.0])))
    assert event_of("f", print) is None


def test_zeros_and_few_whole_numbers_tell_nothing():
    assert not any(event_of("a", a).tells for a in (np.zeros((3, 4)), np.eye(5), 3, 0.5, np.full(6, 0.3)))
    assert event_of("a", np.linspace(0, 1, 5)).tells


def fails(x):
    y = x + 1
    return y / "no"


def leaves_early(x):
    y = x + 1
    if y.any():
        return y
    z = y
    return z


def deletes(x):
    y = x + 1
    del y
    z = x * 2
    return z


def traces_itself(x):
    y = x + 1
    sys.settrace(None)
    z = y * 2
    return z


def generator_inside(x):
    y = sum(k for k in (value + 1 for value in x))
    return y


def recursive(x, depth=0):
    y = x + depth
    return y if depth == 3 else recursive(x, depth + 1)


@pytest.mark.parametrize(
    ("function", "wanted", "complete"),
    [
        (fails, ["y"], False),
        (leaves_early, ["y"], True),
        (deletes, ["y", "z"], True),
        (traces_itself, ["y"], False),
        (generator_inside, ["y"], True),
        (recursive, ["y"], True),
    ],
)
def test_functions_of_odd_kinds(function, wanted, complete):
    before = sys.gettrace()
    found = trace(function, [np.ones(3)])
    assert sys.gettrace() is before
    assert names(found) == wanted
    assert found.complete == complete


def test_the_earlier_tracer_is_restored_and_other_functions_are_not_traced():
    def helper(x):
        inside = x * 2
        return inside

    def function(x):
        y = helper(x)
        return y

    def earlier(*_):
        return None

    before = sys.gettrace()
    sys.settrace(earlier)
    try:
        found = trace(function, [1.0])
        assert sys.gettrace() is earlier
    finally:
        sys.settrace(before)
    assert names(found) == ["y"]


class Callable:
    def __call__(self, x):
        y = x + 1
        return y


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        outer = args
        return function(*outer)

    return wrapper


@decorated
def wrapped(x):
    y = x + 1
    return y


def of_two(z, x):
    y = x + z
    return y


@pytest.mark.parametrize("function", [Callable(), wrapped, functools.partial(of_two, 1), Callable().__call__])
def test_the_code_under_a_wrapping_is_traced(function):
    assert names(trace(function, [1.0])) == ["y"]


def test_a_function_without_code_is_not_called():
    assert trace(len, [[1]]).events == []


def test_a_loop_that_never_ends_is_stopped():
    def helper(n):
        return n + 1

    def function():
        n = 0
        while True:
            n = helper(n)

    begun = time.monotonic()
    found = trace(function, [], 0.2)
    assert time.monotonic() - begun < 5
    assert not found.complete


def test_much_is_bounded_and_the_last_value_is_kept():
    def function():
        k, box = 0, []
        while k < 1000:
            k += 1
            box.append(np.zeros(50))
        return k

    found = trace(function, [])
    assert len(found.events) < 200
    many = trace(lambda: [k for k in range(10**5)], [])
    assert many.complete

    def short():
        for k in range(200):
            y = k * 2.0
        return y

    last = [event for event in trace(short, []).events if event.name == "y"][-1]
    assert same(last, event_of("y", 398.0))


def test_classes_of_a_student_are_not_looked_into():
    calls = []

    class Odd(np.ndarray):
        def __array_finalize__(self, _):
            calls.append(1)

        def __eq__(self, _):
            raise ValueError

    def function(x):
        y = x.view(Odd)
        z = [y]
        return z

    trace(function, [np.ones(3)])
    assert len(calls) == 1


def test_the_random_numbers_of_a_function_are_those_without_a_trace():
    def function():
        y = np.random.random(3)
        return y

    np.random.seed(3)
    right = np.random.random(3)
    np.random.seed(3)
    found = trace(function, [])
    assert same(found.events[0], event_of("y", right))


def test_events_are_read_back_from_their_table():
    events = trace(deletes, [np.linspace(0, 1, 5)]).events
    back = events_of(*rows_of(events))
    assert [event[:6] for event in back] == [event[:6] for event in events]


@pytest.mark.parametrize(
    ("listed", "rows"),
    [
        (None, np.zeros((1, 8))),
        (["a"], None),
        (["a"], np.zeros((1, 7))),
        (["a"], np.zeros(8)),
        (["a"], np.full((1, 8), np.inf)),
        (["a"], np.ones((1, 8))),
        (["a"], -np.ones((1, 8))),
        (["a"] * 1000, np.zeros((1, 8))),
        ([b"a"], np.zeros((1, 8))),
        (["a"], np.zeros((1, 8), np.float32)),
        (["a"], np.zeros((10**5, 8))),
    ],
)
def test_a_malformed_table_is_refused(listed, rows):
    with pytest.raises(ValueError, match=r"name|table"):
        events_of(listed, rows)
