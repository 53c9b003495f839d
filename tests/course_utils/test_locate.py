"""Which quantity of a wrong function is the first that is not right, from two traces."""

import numpy as np
import pytest

from course_utils.judging.locate import Known, KnownCase, locate
from course_utils.judging.trace import trace

X = np.random.default_rng(3).standard_normal((3, 4))


def known_of(function, **more):
    """What is known of a right function that is traced on X: all its names may be called wrong."""
    found = trace(function, [X.copy()])
    names = frozenset(event.name for event in found.events)
    case = KnownCase(found, (0,) * len(found.events))
    return Known((case,), **{"claimed": names, "shown": names, **more})


def first_wrong(known, function):
    found = locate(known, 0, trace(function, [X.copy()]))
    return None if found is None else found.name


def rows(x):
    total = np.zeros(4)
    for t in range(3):
        row = np.tanh(x[t])
        total = total + row
    return total


def rows_but_the_first(x):
    total = np.zeros(4)
    for t in range(1, 3):
        row = np.tanh(x[t])
        total = total + row
    return total


def test_a_counter_that_may_not_be_called_wrong_is_passed_over():
    counters = {"t": "t", "row": "t", "total": "t"}
    assert first_wrong(known_of(rows, counters=counters), rows_but_the_first) == "t"
    claimed = frozenset({"row", "total"})
    known = known_of(rows, counters=counters, claimed=claimed)
    assert first_wrong(known, rows_but_the_first) in claimed
    assert first_wrong(known_of(rows, claimed=claimed), rows_but_the_first) is None  # not known as one


def parts(x):
    """What is in ``both`` is written to by way of its parts."""
    both = {"a": x[0], "b": x[1]}
    a, b = both["a"], both["b"]
    for part in (a, b):
        np.tanh(part, out=part)
    both = {"a": a, "b": b}
    return both


def parts_swapped(x):
    both = {"a": x[0], "b": x[1]}
    a, b = both["a"], both["b"]
    for part in (a, b):
        np.tanh(part, out=part)
    both = {"a": b, "b": a}
    return both


def test_what_was_made_before_does_not_disprove_what_is_wrong_afterwards():
    known = known_of(parts, uses={"a": frozenset({"both"}), "b": frozenset({"both"})})
    assert first_wrong(known, parts) is None
    assert first_wrong(known, parts_swapped) == "both"


def scores(x):
    z = x @ x.T
    return np.exp(z)


def flat_scores(x):
    z = (x @ x.T).ravel()
    return np.exp(z)[1:]


def other_scores(x):
    z = (x @ x.T).ravel() + 1
    return np.exp(z)


@pytest.mark.parametrize(
    ("reshaped", "function", "name"),
    [
        ((), flat_scores, "z"),
        (("z",), flat_scores, None),
        (("z",), other_scores, "z"),
        (("z",), scores, None),
    ],
)
def test_the_same_numbers_in_another_shape_are_right_where_others_have_them_so(reshaped, function, name):
    assert first_wrong(known_of(scores, reshaped=frozenset(reshaped)), function) == name


def test_what_is_known_is_read_back():
    known = known_of(rows, reshaped=frozenset({"row"}), counters={"t": "t"})
    again = Known.from_json(known.to_json())
    assert (again.reshaped, again.claimed, again.counters) == (known.reshaped, known.claimed, {"t": "t"})
    assert first_wrong(again, rows_but_the_first) == first_wrong(known, rows_but_the_first)
