"""Where a function goes wrong, as a visible check says it, from fingerprints that give no value away."""

import json

import numpy as np
import pytest

from autograder.release.known_places import places_text
from autograder.release.open_cases import open_cases
from course_utils.judging.attempt import where
from course_utils.judging.examination import examine
from course_utils.judging.form import PUBLISHED, SolvedCase
from course_utils.judging.locate import Known, KnownCase, Located
from course_utils.judging.placing import PLACES, known_places, place, traced_cases
from course_utils.judging.trace import Trace


@pytest.fixture(scope="module")
def cells(course):
    return course.lab("cells")


@pytest.fixture(scope="module")
def written(cells, tmp_path_factory):
    folder = tmp_path_factory.mktemp("places")
    (folder / PLACES).write_text(places_text(cells, folder / "none"), "utf-8")
    return folder


def said(lab, folder, name, mistake):
    (found,) = [one for one in lab.mistakes[name] if one.name == mistake]
    return where(lab.mistaken(name, found), open_cases(lab)[name], known_places(folder, name))


@pytest.mark.parametrize(
    ("name", "mistake", "sentence"),
    [
        ("rnn_cell_forward", "no-output-bias", "`a_next` is right; `yt_pred` is the first that is not."),
        ("rnn_cell_forward", "no-hidden-bias", ""),
        (
            "lstm_cell_forward",
            "sigmoid-candidate",
            "`concat`, `ft` and `it` are right; `cct` is the first that is not.",
        ),
        ("rnn_forward", "initial-state-every-step", "`a_next` is right after step 1, wrong after step 2."),
        ("rnn_forward", "last-step-missing", "The loop over `t` ends too early."),
    ],
)
def test_the_check_says_what_the_hidden_tests_say(cells, written, name, mistake, sentence):
    assert said(cells, written, name, mistake) == sentence


def test_the_place_is_said_before_the_numbers(cells, written):
    name = "rnn_cell_forward"
    (found,) = [one for one in cells.mistakes[name] if one.name == "no-output-bias"]
    examined = examine(
        cells.mistaken(name, found),
        name,
        cells.published[name],
        open_cases(cells),
        known=lambda entry: ((), known_places(written, entry)),
    )
    assert "`yt_pred` is the first that is not. `yt_pred[1]` differs in 10 of" in examined.problem


def test_what_is_wrong_later_is_not_called_right(course, tmp_path):
    """Without the bias the scores are the first to go wrong, in the second step; then `W` does, an output."""
    lab = course.lab("emojify")
    (tmp_path / PLACES).write_text(places_text(lab, tmp_path / "none"), "utf-8")
    sentence = said(lab, tmp_path, "model", "bias-not-used")
    assert sentence == "`dz`, `dW`, `W` and `b` are still right when `z` goes wrong."


def test_nothing_is_said_of_right_answers(cells, written):
    for name, opened in open_cases(cells).items():
        assert where(cells.reference[name], opened, known_places(written, name)) == ""


def test_the_random_state_stays_as_it_is(cells, written):
    np.random.seed(4)
    right = np.random.random(2)
    np.random.seed(4)
    said(cells, written, "rnn_cell_forward", "no-output-bias")
    assert np.array_equal(np.random.random(2), right)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"rnn_cell_forward": 3}', '{"rnn_cell_forward": {"cases": 1}}']
)
def test_a_missing_or_damaged_file_says_nothing(cells, tmp_path, text):
    assert known_places(tmp_path, "rnn_cell_forward") is None
    (tmp_path / PLACES).write_text(text, "utf-8")
    assert known_places(tmp_path, "rnn_cell_forward") is None
    assert where(cells.reference["rnn_cell_forward"], open_cases(cells)["rnn_cell_forward"], None) == ""


def test_the_file_shows_no_value_of_an_intermediate_quantity(cells, written):
    """The gates of an LSTM and what is made from them: no number of theirs is among those of the file."""
    name = "lstm_cell_forward"
    (core, *_) = traced_cases(open_cases(cells)[name].cases)
    gates = np.concatenate([np.ravel(gate) for gate in core.outputs[3][4:8]])
    numbers = np.array(
        [n for case in entry(written, name)["cases"] for row in case["rows"] for n in row[3:7]]
    )
    apart = np.abs(np.abs(numbers[:, None]) - np.abs(gates)[None, :])
    assert apart.min() > 1e-9


def entry(folder, name):
    return json.loads((folder / PLACES).read_text("utf-8"))[name]


def test_a_build_keeps_an_earlier_file_that_agrees_up_to_rounding(cells, written):
    text = (written / PLACES).read_text("utf-8")
    assert places_text(cells, written / PLACES) == text
    made = json.loads(text)
    for one in made.values():
        for case in one["cases"]:
            for row in case["rows"]:
                row[4:7] = [number * (1 + 1e-12) for number in row[4:7]]
    moved = written / "moved.json"
    moved.write_text(json.dumps(made), "utf-8")
    assert places_text(cells, moved) == moved.read_text("utf-8")
    made["rnn_forward"]["claimed"] = []
    moved.write_text(json.dumps(made), "utf-8")
    assert places_text(cells, moved) == text


KNOWN = Known((), counters={"t": "t", "a": "t", "name": "name", "b": "name"})


@pytest.mark.parametrize(
    ("located", "sentence"),
    [
        (Located("x", 0, (), True), "`x` is the first quantity that is not right."),
        (Located("x", 0, ("u",), True), "`u` is right; `x` is the first that is not."),
        (Located("x", 0, tuple("uvw"), True), "`u`, `v` and `w` are right; `x` is the first that is not."),
        (Located("out", 0, (), True), ""),
        (
            Located("a", 1, (), True),
            "`a` is the first quantity that is not right, already after the first step.",
        ),
        (Located("a", 2, ("u",), True), "`a` is right after step 1, wrong after step 2."),
        (Located("a", 3, (), True), "`a` is right after steps 1 and 2, wrong after step 3."),
        (Located("a", 6, (), True), "`a` is right after steps 1 to 5, wrong after step 6."),
        (Located("b", 3, (), True), "`b` is right after passes 1 and 2, wrong after pass 3."),
        (
            Located("a", 1, ("u",), True, backward=True),
            "`u` is right; `a` is the first that is not, already after the last step.",
        ),
        (
            Located("a", 2, (), True, backward=True),
            "`a` is right after the last step, wrong after the one before.",
        ),
        (
            Located("a", 4, (), True, backward=True),
            "`a` is right after the last 3 steps, wrong after the one before.",
        ),
        (Located("t", 5, (), True, missing=True), "The loop over `t` ends too early."),
        (Located("x", 0, ("u",), True, later=True), "`u` is still right when `x` goes wrong."),
        (Located("x", 0, tuple("uv"), True, later=True), "`u` and `v` are still right when `x` goes wrong."),
        (Located("t", 0, (), True), "The loop over `t` takes other values than it should."),
        (Located("t", 1, (), True), "The loop over `t` begins with another value than it should."),
        (Located("t", 3, (), True), "The loop over `t` takes other values than it should, from pass 3 on."),
    ],
)
def test_the_sentence(located, sentence):
    assert place(KNOWN, located, ["out"]) == sentence


def case_of(name, group):
    return SolvedCase(name, group, {}, ())


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        (["core", "core", "core", "core"], [0, 1, 2]),
        (["core", "core", "core", "edges", "edges", PUBLISHED], [0, 1, 3]),
        (["core", "core", "edges", "sizes", "others", "edges"], [0, 2, 3]),
        (["core", "sizes", "edges", "sizes", "core"], [0, 1, 2]),
        (["core", PUBLISHED], [0]),
    ],
)
def test_a_case_of_each_group_is_traced_and_at_most_three(groups, numbers):
    cases = [case_of(str(number), group) for number, group in enumerate(groups)]
    assert traced_cases(cases) == [cases[number] for number in numbers]


def test_a_trace_that_is_not_cut_off_is_compared_first():
    cases = [KnownCase(Trace([], complete), ()) for complete in (False, True, False, True)]
    assert Known(tuple(cases)).order() == [1, 3, 0, 2]
