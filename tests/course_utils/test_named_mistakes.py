"""A failed visible check names a known mistake, which it recognises by fingerprints of the outputs."""

import json
from pathlib import Path

import numpy as np
import pytest

from course_utils.checks import CheckFailed, agree, fingerprint, named_mistake, run_recipe, visible_check

NO_BIAS = ("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt))")
CACHE = ("cache = (a_next, a_prev,", "cache = (a_prev, a_next,")
FLAT = ("    return a_next,", "    a_next = a_next.ravel()\n    return a_next,")
HELP = "The bias `ba` is missing."


@pytest.fixture
def hints(lab, student):
    """Write hints.json for one mistake of rnn_cell_forward."""

    def write(*edits, outputs=("a_next", "yt_pred", "cache"), said=HELP):
        entry = json.loads(Path("published.json").read_text())["rnn_cell_forward"]
        right, wrong = (
            run_recipe(student("rnn_cell_forward", *e), "rnn_cell_forward", entry) for e in ((), edits)
        )
        made = {name: fingerprint(name, wrong) for name in outputs}
        made = {name: f for name, f in made.items() if not agree(f, fingerprint(name, right))}
        Path("hints.json").write_text(json.dumps({"rnn_cell_forward": [{"help": said, "outputs": made}]}))

    return write


def failure(function):
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    return str(caught.value)


def test_the_mistake_is_named_after_the_difference(student, hints):
    without = failure(student("rnn_cell_forward", NO_BIAS))
    hints(NO_BIAS)
    message = failure(student("rnn_cell_forward", NO_BIAS))
    assert message == f"{without}. A known mistake gives the same: {HELP}"
    assert "\n" not in message


def test_another_mistake_and_the_right_answer_are_not_named(student, hints):
    hints(NO_BIAS)
    visible_check(student("rnn_cell_forward"))
    assert "known" not in failure(student("rnn_cell_forward", ("np.tanh(", "(")))


def test_a_wrong_shape_is_reported_first(student, hints):
    hints(FLAT, outputs=["a_next"])
    assert failure(student("rnn_cell_forward", FLAT)) == (
        "rnn_cell_forward: `a_next` has shape (50,), expected (5, 10). "
        f"A known mistake gives the same: {HELP}"
    )


def test_a_mistake_that_the_values_shown_do_not_reveal(student, hints, capsys):
    visible_check(student("rnn_cell_forward", CACHE))
    capsys.readouterr()
    hints(CACHE, said="The new state comes first.")
    assert failure(student("rnn_cell_forward", CACHE)) == (
        "rnn_cell_forward: the values shown are right, others are not. "
        "A known mistake gives the same: The new state comes first."
    )
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "rnn_cell_forward: these values are right, but not all that is returned."


@pytest.mark.parametrize("text", [None, "{", "[]", "{}", '{"rnn_forward": []}'])
def test_without_the_file_nothing_is_named(student, hints, text):
    hints(NO_BIAS)
    Path("hints.json").unlink()
    if text is not None:
        Path("hints.json").write_text(text)
    visible_check(student("rnn_cell_forward"))
    assert "known" not in failure(student("rnn_cell_forward", NO_BIAS))


def test_an_output_that_raises_is_not_named(student, hints):
    hints(NO_BIAS)
    evil = "    class E:\n        def __getattr__(self, name): raise RuntimeError\n    return E(), E(), E()"
    message = failure(student("rnn_cell_forward", ("    return a_next, yt_pred, cache", evil)))
    assert message == "rnn_cell_forward: `a_next` should be a NumPy array, yours is a value of type E"


def test_variables_of_the_recipe_and_the_generator_are_there_after_the_call():
    def add(x):
        x += np.random.random()
        return x.sum()

    entry = {"inputs": ["np.random.seed(4)", "z = np.ones(3)", "s = add(z)"], "outputs": ["total"]}
    np.random.seed(4)
    before = np.random.random(7)
    np.random.seed(9)
    values = run_recipe(add, "add", entry)
    np.testing.assert_array_equal(values["z"], 1 + before[:1].repeat(3))
    np.testing.assert_array_equal(values["_random"], before[1:4])
    assert values["s"] == values["total"] == values["z"].sum()
    assert "add" not in values
    np.random.seed(9)
    state = np.random.get_state()
    run_recipe(add, "add", entry)
    assert np.array_equal(np.random.get_state()[1], state[1])


# ---------------------------------------------------------------- fingerprints


def of(value):
    return fingerprint("x", {"x": value})


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


def test_a_failing_expression_has_none():
    assert fingerprint("x[5]", {"x": [1]}) is None
    assert fingerprint("x +", {"x": [1]}) is None


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


def known(**mistakes):
    return [
        {"help": name, "outputs": {k: of(v) for k, v in values.items()}} for name, values in mistakes.items()
    ]


A, B, C = np.linspace(0, 1, 5), np.linspace(2, 3, 5), np.linspace(5, 7, 5)


@pytest.mark.parametrize(
    ("mistakes", "values", "said"),
    [
        ({"one": {"a": A, "b": B}}, {"a": A, "b": B}, "one"),
        ({"one": {"a": A, "b": B}}, {"a": A, "b": C}, "one"),
        ({"one": {"a": A, "b": B}, "two": {"a": A}}, {"a": A, "b": C}, "two"),
        ({"one": {"a": A}, "two": {"a": A, "b": B}}, {"a": A, "b": B}, "two"),
        ({"one": {"a": A}, "two": {"b": B}}, {"a": A, "b": B}, "one"),
        ({"one": {"a": A}, "two": {"a": A}}, {"a": A, "b": B}, ""),
        ({"one": {"a": A, "b": B}, "two": {"a": A, "b": C}}, {"a": A, "b": A}, ""),
        ({"one": {"a": A}}, {"a": B}, ""),
        ({}, {"a": A}, ""),
    ],
)
def test_which_mistake_is_named(mistakes, values, said):
    assert named_mistake(known(**mistakes), values) == said
