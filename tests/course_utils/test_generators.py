"""A function that yields is judged by what it yields."""

import itertools

import numpy as np

from course_utils.judging.attempt import attempt
from course_utils.judging.form import CORE, Form, SolvedCase
from course_utils.judging.trace import trace
from course_utils.judging.values import listed

FORM = Form("rows", outputs={"rows": 1})
CASE = SolvedCase(
    "two rows", CORE, {"x": np.arange(6.0).reshape(2, 3)}, ([np.arange(3.0), np.arange(3.0, 6.0)],)
)


def rows(x):
    for k in range(len(x)):
        row = x[k].copy()
        yield row


def test_what_is_yielded_counts_as_a_list():
    assert not attempt(rows, FORM, CASE).faults
    assert attempt(lambda x: rows(x[::-1]), FORM, CASE).faults["rows"].kind == "values"


def test_an_exception_while_yielding_is_one_of_the_call():
    def failing(x):
        yield x[0].copy()
        raise KeyError("second")

    fault = attempt(failing, FORM, CASE).faults["rows"]
    assert fault.kind == "raised"
    assert "KeyError" in fault.message


def test_a_generator_without_end_cannot_be_judged():
    assert attempt(lambda x: (n for n in itertools.count()), FORM, CASE).faults["rows"].kind == "unsendable"


def test_variables_are_traced_while_values_are_yielded():
    found = trace(rows, [CASE.inputs["x"]])
    assert found.complete
    assert [event.name for event in found.events if event.name in ("k", "row")] == ["k", "row", "k", "row"]
    (value,) = found.value
    np.testing.assert_array_equal(value, CASE.inputs["x"])


def test_other_values_stay_as_they_are():
    for value in (None, [1], (1, 2), {"a": 1}, np.zeros(2), range(3), iter([1])):
        assert listed(value) is value
