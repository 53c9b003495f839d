"""The lab `keras_emojify`: which forms of an answer are right, and what is said of the others."""

import numpy as np
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from autograder.audit.play import grade, namespace
from autograder.lab.text import reference_source
from course_utils.frameworks.emojify import CLASSES, UNITS, drawn_weights
from course_utils.judging.examination import examine
from course_utils.judging.fingerprints import known_mistakes
from course_utils.judging.open_cases import OPEN_CASES, read_text

LAYER, MODEL = "pretrained_embedding_layer", "Emojify_V2"
SET = "    embedding_layer.set_weights([emb_matrix])\n"
# The lines that document 001 explains, with `for` for its `For`.
DOCUMENT_LAYER = """
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    vocab_len = len(word_to_index) + 1
    emb_dim = word_to_vec_map["cucumber"].shape[0]
    emb_matrix = np.zeros((vocab_len, emb_dim))
    for word, index in word_to_index.items():
        emb_matrix[index,:]= word_to_vec_map[word]
    embedding_layer = Embedding(vocab_len, emb_dim, trainable=False)
    embedding_layer.build((None,))
    embedding_layer.set_weights([emb_matrix])
    return embedding_layer
"""
SEQUENTIAL = """
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    model = keras.Sequential()
    model.add(pretrained_embedding_layer(word_to_vec_map, word_to_index))
    model.add(LSTM(128, return_sequences=True))
    model.add(Dropout(0.5))
    model.add(LSTM(128))
    model.add(Dropout(0.5))
    model.add(Dense(5, activation='softmax'))
    return model
"""


@pytest.fixture
def lab(labs):
    return labs.lab("keras_emojify")


@pytest.fixture
def referee(referee_of):
    return referee_of("keras_emojify")


def edited(lab, name, *edits):
    source = reference_source(lab.text)[name]
    for old, new in edits:
        assert source.count(old) == 1
        source = source.replace(old, new)
    return source


def verdict(referee, name, source):
    return grade(referee, namespace(referee.lab, {name: source}), name)[name]


def test_the_solution_scores_full_marks(referee):
    verdicts = grade(referee, namespace(referee.lab, {}))
    assert [one.correct for one in verdicts.values()] == [True, True, True]


def test_the_lines_of_the_document_earn_full_points(referee):
    assert verdict(referee, LAYER, DOCUMENT_LAYER).correct


def test_a_model_that_is_built_by_its_first_input_is_as_good(referee):
    assert verdict(referee, MODEL, SEQUENTIAL).correct


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (LAYER, ", trainable=False", "", "Your layer is trained with the model."),
        (MODEL, "    X = Dropout(0.5)(X)\n    # scores", "    # scores", "Your model has one dropout"),
    ],
)
def test_training_and_dropout_are_told_and_cost_nothing(lab, referee, name, old, new, says):
    found = verdict(referee, name, edited(lab, name, (old, new)))
    assert found.correct
    assert found.message.startswith(says)


@pytest.mark.parametrize(
    ("name", "edits", "says"),
    [
        (LAYER, [("    return embedding_layer", "    return emb_matrix")], "it returns no layer, but"),
        (LAYER, [(SET, "")], "`set_weights` has not put the vectors in"),
        (LAYER, [("    embedding_layer.build((None,))\n", "")], "`build` comes first"),
        (MODEL, [("LSTM(128, return_sequences=True)", "LSTM(128)")], "should return all its states"),
        (MODEL, [("return_sequences=False", "return_sequences=True")], "the last state alone goes on"),
        (
            MODEL,
            [("LSTM(128, return_sequences=True)", "LSTM(64, return_sequences=True)")],
            "the first LSTM has",
        ),
        (
            MODEL,
            [("pretrained_embedding_layer(word_to_vec_map, word_to_index)", "Embedding(14, 50)")],
            "a new one, whose numbers are random",
        ),
        (MODEL, [("    return model", "    return X")], "it returns no Keras model"),
        (MODEL, [("outputs=X", "outputs=[X, X]")], "2 outputs; one is asked for"),
    ],
)
def test_what_cannot_be_observed_is_named_and_earns_nothing(lab, referee, name, edits, says):
    found = verdict(referee, name, edited(lab, name, *edits))
    assert found.points == 0
    assert says in found.message


def test_a_wrong_embedding_layer_costs_the_model_nothing(lab, referee):
    wrong = edited(lab, LAYER, ("len(word_to_index) + 1", "len(word_to_index) + 2"))
    verdicts = grade(referee, namespace(lab, {LAYER: wrong}))
    assert not verdicts[LAYER].correct
    assert verdicts[MODEL].correct


def test_the_function_of_the_notebook_is_put_back(lab, referee):
    functions = namespace(lab, {})
    own = functions[LAYER]
    grade(referee, functions, MODEL)
    assert functions[MODEL].__globals__[LAYER] is own


@pytest.mark.parametrize("name", ["softmax-twice", "no-softmax", "sigmoid", "masked", "read-backwards"])
def test_mistakes_of_the_model_are_named(lab, referee, name):
    (mistake,) = [one for one in lab.mistakes[MODEL] if one.name == name]
    found = grade(referee, {**namespace(lab, {}), MODEL: lab.answered(MODEL, mistake)}, MODEL)[MODEL]
    assert found.points == 0
    assert found.mistake == name


def test_the_visible_check_names_a_mistake_though_keras_computes_in_float32(lab):
    folder = lab.folder.parents[1] / "release" / lab.name
    (mistake,) = [one for one in lab.mistakes[MODEL] if one.name == "sigmoid"]
    said = examine(
        lab.answered(MODEL, mistake),
        MODEL,
        lab.published[MODEL],
        read_text((folder / OPEN_CASES).read_text("utf-8")),
        lambda name: (known_mistakes(folder, name), None),
    ).problem
    assert f"Likely cause: {mistake.help[:40]}" in said


def test_weights_are_those_of_their_seed():
    one, other = drawn_weights(5, 7), drawn_weights(5, 7)
    assert all(np.array_equal(a, b) for name in one for a, b in zip(one[name], other[name], strict=True))
    assert [array.shape for array in one["lstm1"]] == [(7, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
    assert [array.shape for array in one["dense"]] == [(UNITS, CLASSES), (CLASSES,)]
    assert not np.allclose(one["dense"][0], drawn_weights(6, 7)["dense"][0])
