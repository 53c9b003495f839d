"""The lab `keras_poetry`: which forms of an answer are right, and what is said of those that are unfit."""

import contextlib
import io
import runpy

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

import keras

from autograder.audit.play import grade, namespace
from autograder.lab.text import reference_source
from course_utils.poetry import load_start
from tests.plain import COURSE

LAB = "keras_poetry"
ANSWERS = runpy.run_path(str(COURSE.root / "assignments" / LAB / "answers.py"))["POETRY_MODEL"]


@pytest.fixture(scope="module")
def judged(labs, referee_of):
    """A function that grades an exercise with edits of its solution."""

    def judge(exercise, *edits):
        source = reference_source(labs.lab(LAB).text)[exercise]
        for old, new in edits:
            assert source.count(old) == 1, old
            source = source.replace(old, new)
        names = namespace(labs.lab(LAB), {exercise: source})
        with contextlib.redirect_stdout(io.StringIO()):
            return grade(referee_of(LAB), names, exercise)[exercise]

    return judge


def test_the_solution_has_all_points(labs, referee_of):
    verdicts = grade(referee_of(LAB), namespace(labs.lab(LAB), {}))
    assert {name: verdict.points for name, verdict in verdicts.items()} == dict(labs.lab(LAB).points)


@pytest.mark.parametrize("name", list(ANSWERS))
def test_other_ways_to_build_the_model_have_all_points(labs, referee_of, name):
    names = namespace(labs.lab(LAB), {"poetry_model": ANSWERS[name]})
    with contextlib.redirect_stdout(io.StringIO()):
        assert grade(referee_of(LAB), names, "poetry_model")["poetry_model"].correct


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("return_sequences=True", "return_sequences=False"), "an LSTM layer returns its last state alone"),
        (
            ("    X = LSTM(n_a)(X)\n", "    X = X[:, -1]\n"),
            "1 LSTM and 1 Dense, but 2 LSTM",
        ),
        (("X = LSTM(n_a)(X)", "X = keras.layers.GRU(n_a)(X)"), "in its place is a GRU"),
        (("model = Model(X_input, X)", "model = X"), "it returns no Keras model, but"),
        (("Input((Tx, n_x))", "Input((40, n_x))"), "input 1 of the model has the shape (None, 40, 6)"),
        (("model = Model(X_input, X)", "model = Model(X_input, [X, X])"), "the model has 2 outputs"),
    ],
)
def test_what_cannot_be_observed_is_said(judged, edit, said):
    verdict = judged("poetry_model", edit)
    assert verdict.points == 0
    assert said in verdict.message


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (
            ("callback = LambdaCallback(on_epoch_end=on_epoch_end)", "callback = on_epoch_end"),
            "no Keras callback",
        ),
        (("diary.append((epoch + 1, bits, text))", "pass"), "`diary` is still empty after 3 epochs"),
        (("(epoch + 1, bits, text)", "text"), "a tuple of three"),
        (("(epoch + 1, bits, text)", "(epoch + 1, bits, None)"), "should be a text, but is nothing"),
        (("(epoch + 1, bits, text)", '("one", bits, text)'), "should be numbers"),
        (("generate_output(model, ", "generate_output(None, "), "in place of `model`"),
    ],
)
def test_what_is_no_diary_is_said(judged, edit, said):
    verdict = judged("diary_callback", edit)
    assert verdict.points == 0
    assert said in verdict.message


def test_a_wrong_generate_output_costs_nothing_in_the_diary(labs, referee_of):
    wrong = "def generate_output(*arguments, **named):\n    return 'nothing'\n"
    names = namespace(labs.lab(LAB), {"generate_output": wrong})
    verdicts = grade(referee_of(LAB), names)
    assert not verdicts["generate_output"].points
    assert verdicts["diary_callback"].correct
    assert names["generate_output"](1) == "nothing"  # the stand-in is gone


def test_a_wrong_lstm_weights_costs_once(labs, referee_of):
    source = reference_source(labs.lab(LAB).text)["lstm_weights"].replace('"ifco"', '"fico"')
    verdicts = grade(referee_of(LAB), namespace(labs.lab(LAB), {"lstm_weights": source}))
    assert "order f, i, c, o" in verdicts["lstm_weights"].message
    assert verdicts["transplant"].correct


def test_keras_gives_what_numpy_gives(labs):
    """The lab's claim: the trained weights of `poetry` give the same probabilities in both."""
    functions, poetry = namespace(labs.lab(LAB), {}), labs.lab("poetry").reference
    parameters, chars = load_start(COURSE.root / "release" / LAB / "data/start.npz")
    model = functions["poetry_model"](40, len(chars), 192)
    functions["transplant"](model, parameters)
    x = np.eye(len(chars), dtype=np.float32)[np.random.default_rng(0).integers(0, len(chars), (4, 40))]
    x[0, :30] = 0
    found = keras.ops.convert_to_numpy(model(x))
    assert np.abs(found - poetry["predict"](x, parameters)).max() < 1e-5


def test_the_data_are_those_of_poetry():
    for name in ("start.npz", "dream.txt", "tempest.txt"):
        ours, theirs = (COURSE.root / "assignments" / lab / "data" / name for lab in (LAB, "poetry"))
        assert ours.is_symlink()
        assert ours.samefile(theirs)
        assert (COURSE.root / "release" / LAB / "data" / name).read_bytes() == theirs.read_bytes()
