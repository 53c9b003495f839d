"""A failed visible check names a known mistake, which it recognises by fingerprints of the outputs."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.attempt import try_cases
from course_utils.judging.fingerprints import (
    Named,
    agree,
    fingerprint,
    fingerprints,
    known_mistakes,
    named_mistake,
)
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.open_cases import read

NO_BIAS = ("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt))")
CACHE = ("cache = (a_next, a_prev,", "cache = (a_prev, a_next,")
FLAT = ("    return a_next,", "    a_next = a_next.ravel()\n    return a_next,")
HELP = "The bias `ba` is missing."


@pytest.fixture
def hints(lab, student):
    """Write hints.json for one mistake of rnn_cell_forward."""

    def write(*edits, said=HELP):
        opened = read(Path())["rnn_cell_forward"]
        tried = try_cases(student("rnn_cell_forward", *edits), opened.form, opened.cases)
        first = tried.attempts[0]
        made = fingerprints(opened.form, first.case, first.call.outputs, first.call.random)
        outputs = {name: made[name] for name in first.faults}
        fails = [number for number, one in enumerate(tried.attempts) if one.faults]
        entry = {"help": said, "case": 0, "fails": fails, "outputs": outputs}
        Path("hints.json").write_text(json.dumps({"rnn_cell_forward": [entry]}))

    return write


def failure(function):
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    return str(caught.value)


def test_the_mistake_is_named_before_the_difference(student, hints):
    without = failure(student("rnn_cell_forward", NO_BIAS))
    hints(NO_BIAS)
    message = failure(student("rnn_cell_forward", NO_BIAS))
    difference = without.removeprefix("rnn_cell_forward: ")
    assert message == f"rnn_cell_forward: Likely cause: {HELP} {difference}"
    assert "\n" not in message


def test_another_mistake_and_the_right_answer_are_not_named(student, hints):
    hints(NO_BIAS)
    visible_check(student("rnn_cell_forward"))
    assert "cause" not in failure(student("rnn_cell_forward", ("np.tanh(", "(")))


def test_a_mistake_that_explains_a_part_only_is_said_to(student, hints):
    hints(NO_BIAS)
    softmax = ("softmax(np.dot(Wya, a_next) + by)", "np.dot(Wya, a_next)")
    message = failure(student("rnn_cell_forward", NO_BIAS, softmax))
    assert message.startswith(f"rnn_cell_forward: Likely cause, among others: {HELP} `")


def test_a_mistake_that_fails_where_the_answer_passes_is_not_named(student, hints):
    hints(NO_BIAS)
    branch = (
        "    return a_next,",
        "    if xt.shape[1] != 1: a_next = np.tanh(Waa @ a_prev + Wax @ xt)\n    return a_next,",
    )
    assert "cause" not in failure(student("rnn_cell_forward", branch))


def test_a_wrong_shape_is_reported_too(student, hints):
    hints(FLAT)
    assert failure(student("rnn_cell_forward", FLAT)) == (
        f"rnn_cell_forward: Likely cause: {HELP} `a_next` has shape (50,), expected (5, 10)."
    )


def test_a_mistake_that_the_values_shown_do_not_reveal(student, hints, capsys):
    hints(CACHE, said="The new state comes first.")
    message = failure(student("rnn_cell_forward", CACHE))
    assert message.startswith("rnn_cell_forward: Likely cause: The new state comes first. `cache")
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "rnn_cell_forward: the published values are right, but not all else is."


@pytest.mark.parametrize(
    "text", [None, "{", "[]", "{}", '{"rnn_cell_forward": [{}]}', '{"rnn_cell_forward": [{"help": 1}]}']
)
def test_without_the_file_nothing_is_named(student, hints, text):
    hints(NO_BIAS)
    Path("hints.json").unlink()
    if text is not None:
        Path("hints.json").write_text(text)
    assert not known_mistakes(Path(), "rnn_cell_forward")
    visible_check(student("rnn_cell_forward"))
    assert "cause" not in failure(student("rnn_cell_forward", NO_BIAS))


def test_an_output_that_raises_is_not_named(student, hints):
    hints(NO_BIAS)
    evil = "    class E:\n        def __getattr__(self, name): raise RuntimeError\n    return E(), E(), E()"
    message = failure(student("rnn_cell_forward", ("    return a_next, yt_pred, cache", evil)))
    assert message == "rnn_cell_forward: `a_next` should be a NumPy array, yours is a value of type E."


def test_zeros_constants_and_copies_have_no_fingerprint():
    given = {"x": np.linspace(0, 1, 20), "p": {"w": np.linspace(1, 2, 20)}}
    case, form = SolvedCase("a case", "core", given, ()), Form("f", {"y": 1})
    for value in (np.zeros(20), np.full(20, 0.5), given["x"].copy(), given["p"]["w"]):
        assert fingerprints(form, case, [value], None) == {"y": None}
    assert fingerprints(form, case, [np.linspace(0, 2, 20)], None)["y"]


# ---------------------------------------------------------------- fingerprints


def of(value):
    return fingerprint(value)


def test_a_fingerprint_is_the_same_everywhere():
    form, *sums = of({"b": [np.linspace(0, 1, 7).reshape(1, 7), None], "a": "text"})
    assert form == 1054839883
    np.testing.assert_allclose(sums, [45.637646215849216, 12.650760713037831, -5.644736883894793], rtol=1e-12)


@pytest.mark.parametrize(
    "value",
    [
        np.array([0.5, np.nan]),
        [np.inf, 0.5],
        np.array([0.5j]),
        np.array(["a"]),
        [0.5, object()],
        np.full(100_001, 0.5),
        np.zeros(0),
        None,
        3,
        np.arange(15),
        np.zeros((4, 5)),
        np.array([1e308, 1e308, -1e308, 1e308] * 9) * 1.7,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_without_a_fingerprint(value):
    assert of(value) is None


@pytest.mark.parametrize(
    "value",
    [[np.arange(50_000.0)] * 200 + [None], {"a": [(np.arange(90_000.0),)] * 100, "b": "text"}],
    ids=["in a list", "nested"],
)
def test_sizes_are_added_up_before_an_array_is_copied(value):
    tracemalloc.start()
    try:
        assert fingerprint(value) is None
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_equal_values_agree_whatever_their_type():
    array = np.linspace(-1, 1, 20)
    for same in (array.tolist(), tuple(array), array * (1 + 1e-12), list(array)):
        assert agree(of(array), of(same))
    assert agree(of(np.arange(20)), of(list(range(20))))
    assert agree(of(0.5), of(np.array(0.5)))


def test_other_values_and_structures_do_not_agree():
    array = np.linspace(-1, 1, 20)
    other = array.copy()
    other[7] += 1e-5
    for value in (
        other,
        array.reshape(4, 5),
        array[::-1],
        [array],
        (array,),
        {"x": array},
        -array,
        array[:19],
    ):
        assert not agree(of(array), of(value))
    assert not agree(of([array]), of((array,)))
    assert not agree(of(array), None)


A, B, C = np.linspace(0, 1, 5), np.linspace(2, 3, 5), np.linspace(5, 7, 5)


def known(**mistakes):
    """Return hints: a mistake is given by the case, the cases in which it fails, and its values there."""
    return [
        {"help": name, "case": case, "fails": fails, "outputs": {k: of(v) for k, v in values.items()}}
        for name, (case, fails, values) in mistakes.items()
    ]


def first(**values):
    return 0, [0], values


@pytest.mark.parametrize(
    ("mistakes", "values", "said"),
    [
        ({"one": first(a=A, b=B)}, {"a": A, "b": B}, ("one", True)),
        ({"one": first(a=A, b=B)}, {"a": A, "b": C}, ("one", False)),
        ({"one": first(a=A, b=B), "two": first(a=A)}, {"a": A, "b": C}, ("two", False)),
        ({"one": first(a=A), "two": first(a=A, b=B)}, {"a": A, "b": B}, ("two", True)),
        ({"one": first(a=A), "two": first(b=B)}, {"a": A, "b": B}, None),
        ({"one": first(a=A), "two": first(a=A)}, {"a": A, "b": B}, None),
        ({"one": first(a=A, b=B), "two": first(a=A, b=C)}, {"a": A, "b": A}, None),
        ({"one": first(a=A)}, {"a": B}, None),
        ({"one": (0, [0, 1], {"a": A})}, {"a": A}, None),
        ({"one": (5, [5], {"a": A})}, {"a": A}, None),
        ({}, {"a": A}, None),
    ],
)
def test_which_mistake_is_named(mistakes, values, said):
    """All outputs of the answer are wrong in the first of two cases, and right in the second."""
    made = [{name: of(value) for name, value in values.items()}, {}]
    assert named_mistake(known(**mistakes), made, [set(values), set()]) == (said and Named(*said))


def test_of_two_mistakes_that_give_the_same_the_one_that_fails_as_the_answer_does_is_named():
    mistakes = known(one=(0, [0], {"a": A}), two=(0, [0, 1], {"a": A}))
    made = [{"a": of(A)}, {"a": of(B)}]
    assert named_mistake(mistakes, made, [{"a"}, {"a"}]) == Named("two", True)
    assert named_mistake(mistakes, made, [{"a"}, set()]) == Named("one", True)
