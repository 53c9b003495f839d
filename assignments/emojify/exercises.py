"""The hidden cases of the lab `emojify`: what is drawn, and what each output is worth.

Core cases have known words in lower case only, and vectors of 50 numbers: code that splits sentences at spaces
and has the 50 written in, as the documents describe it, earns the core share. Other words and other sizes are
groups of their own, with 35% of the points of an exercise at most.
"""

import numpy as np

from autograder import Exercise, Lab

WORDS = (
    "cucumber the i we you she not no more happy sad love kiss ball game team goal soup bread hungry cook fun "
    "cry good bad day home never play eat heart smile tears friend park table"
).split()
MARKS = (".", "!", " ?", " ...", ",", "")
SIZE = 50
"""Numbers in a vector, as in the notebook and in the documents."""


def vectors(rng, words, n_x=SIZE):
    """A vector for each word, in no particular order; long ones are as large as those of six numbers."""
    scale = min(1.0, (6 / n_x) ** 0.5)
    return {str(word): scale * rng.standard_normal(n_x) for word in rng.permutation(words)}


def numbers(rng, words):
    """The words numbered from 1, in no particular order."""
    return {str(word): number for number, word in enumerate(rng.permutation(words), 1)}


def sentence(rng, words, count):
    return " ".join(rng.choice(words, count))


def loud(rng, text):
    """The same words with capitals and punctuation."""
    first, *others = text.split()
    rest = "".join(str(rng.choice(MARKS)) + " " + word for word in others)
    return f"{first.title()}{rest.upper()}!"


def check_vectors(word_to_vec_map):
    sizes = {np.shape(vector) for vector in word_to_vec_map.values()}
    if len(sizes) != 1 or len(word_to_vec_map) > 200 or len(sizes.pop()) != 1:
        raise ValueError("word_to_vec_map must give each word a vector of one size")


# ---------------------------------------------------------------- sentence_to_avg


def check_average(sentence, word_to_vec_map):
    check_vectors(word_to_vec_map)
    if not isinstance(sentence, str) or len(sentence) > 1000:
        raise ValueError("sentence must be text, and no longer than any of this lab")


sentence_to_avg = Exercise("sentence_to_avg", outputs={"avg": 1}, check_call=check_average)


@sentence_to_avg.case
def average_ordinary(rng):
    """known words, one of them twice"""
    chosen = ["i", *rng.choice(WORDS[3:], 9, replace=False)]
    return {"sentence": " ".join([*chosen[1:], chosen[0], chosen[3]]), "word_to_vec_map": vectors(rng, WORDS)}


@sentence_to_avg.case
def average_short(rng):
    """a few known words"""
    words = WORDS[:20]
    return {"sentence": " ".join(rng.choice(words, 3, replace=False)), "word_to_vec_map": vectors(rng, words)}


@sentence_to_avg.case(group="punctuation", share=0.12)
def average_loud(rng):
    """capitals, punctuation and a contraction"""
    words = [word for word in WORDS[:24] if word != "i"]  # the first known word comes once
    text = f"I don't {loud(rng, ' '.join(rng.choice(words, 5)))} It's..."
    return {"sentence": text, "word_to_vec_map": vectors(rng, [*WORDS[:24], "do", "n't", "it", "'s"])}


@sentence_to_avg.case(group="sizes", share=0.06)
def average_one_word(rng):
    """a single word, with three numbers"""
    return {"sentence": str(rng.choice(WORDS)), "word_to_vec_map": vectors(rng, WORDS, 3)}


@sentence_to_avg.case(group="unknown words", share=0.12)
def average_unknown(rng):
    """some words without a vector"""
    known, unknown = WORDS[:20], WORDS[20:]
    first, last, *others = rng.choice(known, 4, replace=False)
    mixed = rng.permutation([*others, *rng.choice(unknown, 3)])
    return {"sentence": " ".join([first, *mixed, last]), "word_to_vec_map": vectors(rng, known)}


@sentence_to_avg.case(group="nothing known", share=0.05)
def average_nothing_known(rng):
    """no word has a vector"""
    return {"sentence": sentence(rng, WORDS[9:], 4), "word_to_vec_map": vectors(rng, WORDS[:9])}


@sentence_to_avg.case(group="nothing known")
def average_empty(rng):
    """an empty sentence"""
    return {"sentence": "", "word_to_vec_map": vectors(rng, WORDS[:6])}


# ---------------------------------------------------------------- predict


def check_predict(X, Y, W, b, word_to_vec_map):
    check_vectors(word_to_vec_map)
    n_x = len(next(iter(word_to_vec_map.values())))
    if len(X) > 200 or len(Y) != len(X) or W.shape != (len(b), n_x):
        raise ValueError("X and Y must be of one length, at most 200, and W of shape (n_y, n_x)")


predict = Exercise("predict", outputs={"pred": 1}, calls=("sentence_to_avg",), check_call=check_predict)


def predict_inputs(rng, m, n_x=SIZE, n_y=5, words=WORDS[:24]):
    """Sentences of which no class has most; the first is of class 1, the last neither of 0 nor of 1.

    So a sentence left out is never right by luck. Of b the entry of largest size is negative.
    """
    word_to_vec_map, W = vectors(rng, words, n_x), rng.standard_normal((n_y, n_x))
    X = [sentence(rng, words, int(rng.integers(2, 6))) for _ in range(m)]
    averages = [np.mean([word_to_vec_map[word] for word in text.split()], axis=0) for text in X]
    b = 0.5 * rng.standard_normal(n_y) - np.mean(averages @ W.T, axis=0)
    b -= (b.max() + b.min()) / 2 + 0.05
    classes = np.argmax(averages @ W.T + b, axis=1)
    turn = 1 - classes[0]
    W, b = np.roll(W, turn, axis=0), np.roll(b, turn)
    for other in np.flatnonzero((classes + turn) % n_y > 1)[:1]:
        X[other], X[-1] = X[-1], X[other]
    return {"X": X, "Y": rng.integers(0, n_y, m), "W": W, "b": b, "word_to_vec_map": word_to_vec_map}


@predict.case
def predict_many(rng):
    """forty sentences"""
    return predict_inputs(rng, m=40)


@predict.case
def predict_below_zero(rng):
    """all scores below zero"""
    inputs = predict_inputs(rng, m=30)
    return {**inputs, "b": inputs["b"] - 30.0}


@predict.case(group="other words", share=0.15)
def predict_other_words(rng):
    """capitals, punctuation, and sentences with no known word: there the bias alone decides"""
    inputs = predict_inputs(rng, m=16, words=WORDS[:20])
    # By the bias it is neither the first class, nor the last, nor the most frequent one.
    best, wanted = int(np.argmax(inputs["b"])), int(rng.integers(1, 4))
    inputs |= {name: np.roll(inputs[name], wanted - best, axis=0) for name in ("W", "b")}
    inputs["Y"] = (wanted + rng.integers(1, 5, 16)) % 5
    unknown = ["", *(sentence(rng, WORDS[20:], 3) for _ in range(3))]
    return {**inputs, "X": unknown + [loud(rng, text) for text in inputs["X"][4:]]}


@predict.case(group="sizes", share=0.15)
def predict_sizes(rng):
    """seven classes, vectors of six numbers; scores so large that 32 bits are too few"""
    inputs = predict_inputs(rng, m=25, n_x=6, n_y=7)
    large = 1e8  # the same in all vectors, and in all scores: no class is another by it
    inputs["word_to_vec_map"] = {word: vector + large for word, vector in inputs["word_to_vec_map"].items()}
    inputs["b"] = inputs["b"] - large * inputs["W"].sum(axis=1) + large
    return inputs


@predict.case(group="sizes")
def predict_one(rng):
    """a single sentence, three classes"""
    return predict_inputs(rng, m=1, n_x=4, n_y=3)


# ---------------------------------------------------------------- model

model = Exercise(
    "model",
    outputs={"pred": 1, "W": 3, "b": 2},
    needs={"pred": ("W", "b")},
    calls=("sentence_to_avg", "predict"),
)


def model_inputs(rng, m, learning_rate, num_iterations, n_x=SIZE, words=WORDS[:24]):
    return {
        "X": [sentence(rng, words, int(rng.integers(2, 7))) for _ in range(m)],
        "Y": rng.permutation(np.arange(m) % 5),
        "word_to_vec_map": vectors(rng, words, n_x),
        "learning_rate": learning_rate,
        "num_iterations": num_iterations,
    }


@model.case
def model_ordinary(rng):
    """twenty-five sentences, some rounds"""
    return model_inputs(rng, m=25, learning_rate=0.4, num_iterations=12)


@model.case
def model_large_steps(rng):
    """large steps, few rounds"""
    return model_inputs(rng, m=18, learning_rate=0.8, num_iterations=8)


@model.case(group="other words", share=0.15)
def model_one_round(rng):
    """a single round, with words that have no vector"""
    inputs = model_inputs(rng, m=20, learning_rate=0.2, num_iterations=1)
    known = dict(list(inputs["word_to_vec_map"].items())[:16])
    return {**inputs, "word_to_vec_map": known, "X": [*inputs["X"][:-1], "quite unheard of"]}


@model.case(group="sizes", share=0.15)
def model_one_sentence(rng):
    """a single sentence, vectors of three numbers"""
    return model_inputs(rng, m=1, learning_rate=0.3, num_iterations=5, n_x=3)


@model.case(group="sizes")
def model_large_scores(rng):
    """scores so large that a careless softmax overflows"""
    inputs = model_inputs(rng, m=1, learning_rate=0.3, num_iterations=3, n_x=4)
    return {**inputs, "word_to_vec_map": large_and_wrong(inputs["X"][0], inputs["word_to_vec_map"])}


def large_and_wrong(text, word_to_vec_map):
    """The vectors, so large that scores reach thousands, with a sign by which the first weights are wrong.

    The label is 0. From the first step on it is predicted with certainty.
    """
    avg = np.mean([word_to_vec_map[word] for word in text.split()], axis=0)
    W = np.random.RandomState(1).randn(5, len(avg))
    scale = 3000 / np.abs(W @ avg).max() * (-1 if np.argmax(W @ avg) == 0 else 1)
    return {word: scale * vector for word, vector in word_to_vec_map.items()}


# ---------------------------------------------------------------- sentences_to_indices

sentences_to_indices = Exercise("sentences_to_indices", outputs={"X_indices": 1})


def indices_inputs(rng, m, max_len, longest, words=WORDS, known=WORDS):
    lengths = [longest, *rng.integers(1, longest + 1, m - 1)]
    return {
        "X": [" ".join(rng.choice(words, int(length), replace=False)) for length in lengths],
        "word_to_index": numbers(rng, known),
        "max_len": max_len,
    }


@sentences_to_indices.case
def indices_ordinary(rng):
    """sentences of known words, the longest with a word twice"""
    inputs = indices_inputs(rng, m=6, max_len=15, longest=13)
    longest, *others = inputs["X"]
    return {**inputs, "X": [f"{longest} {longest.split()[2]}", *others]}


@sentences_to_indices.case
def indices_full(rng):
    """a sentence that just fits"""
    inputs = indices_inputs(rng, m=4, max_len=12, longest=12)
    return {**inputs, "X": inputs["X"][::-1]}


@sentences_to_indices.case(group="punctuation", share=0.1)
def indices_loud(rng):
    """capitals, punctuation and a contraction"""
    inputs = indices_inputs(rng, m=4, max_len=12, longest=6, known=[*WORDS, "do", "n't"])
    return {**inputs, "X": [f"{loud(rng, text)} Don't {WORDS[4].title()}" for text in inputs["X"]]}


@sentences_to_indices.case(group="too long", share=0.1)
def indices_too_long(rng):
    """sentences longer than max_len"""
    return indices_inputs(rng, m=5, max_len=4, longest=9)


@sentences_to_indices.case(group="unknown words", share=0.1)
def indices_unknown(rng):
    """words without a number in between; the known ones just fit"""
    inputs = indices_inputs(rng, m=4, max_len=7, longest=5, words=WORDS[:24], known=WORDS[:24])
    return {**inputs, "X": [f"oh {WORDS[0]} well {text} hm {WORDS[3]}" for text in inputs["X"]]}


@sentences_to_indices.case(group="empty", share=0.05)
def indices_empty(rng):
    """an empty sentence among others"""
    inputs = indices_inputs(rng, m=3, max_len=7, longest=4)
    return {**inputs, "X": [inputs["X"][0], "", "...", inputs["X"][1]]}


# ---------------------------------------------------------------- pretrained_embedding_layer

pretrained_embedding_layer = Exercise("pretrained_embedding_layer", outputs={"emb_matrix": 1})


def embedding_inputs(rng, words, n_x=SIZE, without=0):
    """Vectors of some words, and the numbers of all but a few of them."""
    return {
        "word_to_vec_map": vectors(rng, words, n_x),
        "word_to_index": numbers(rng, words[without:]),
    }


@pretrained_embedding_layer.case
def embedding_ordinary(rng):
    """a small vocabulary"""
    return embedding_inputs(rng, WORDS[:9])


@pretrained_embedding_layer.case
def embedding_part(rng):
    """more vectors than numbered words"""
    return embedding_inputs(rng, [*WORDS[5:13], WORDS[0], *WORDS[13:30]], without=8)


@pretrained_embedding_layer.case(group="sizes", share=0.2)
def embedding_one_word(rng):
    """a single word, with five numbers"""
    return embedding_inputs(rng, WORDS[3:4], 5)


@pretrained_embedding_layer.case(group="sizes")
def embedding_large(rng):
    """all words, two numbers each"""
    return embedding_inputs(rng, WORDS, 2)


# ---------------------------------------------------------------- Emojify_V2

Emojify_V2 = Exercise(
    "Emojify_V2",
    outputs={"y_hat": 1},
    effects={"caches": 1},
    needs={"caches": ("y_hat",)},  # where nothing is to be kept, that alone says nothing
)


def lstm(rng, n_x, n_a):
    """Weights with which the states react to what is read."""
    layer = {f"W{gate}": rng.standard_normal((n_a, n_a + n_x)) / n_a**0.5 for gate in "fico"}
    return layer | {f"b{gate}": rng.standard_normal((n_a, 1)) for gate in "fico"}


def network_inputs(rng, m, T_x, n_x, n_a, vocab=11, n_y=5, rate=0.0, caches=None):
    """Indices with padding at the end of each row, a table and the parameters of both layers.

    Without dropout the seed is of no account, and nothing is kept unless ``caches`` is a list.
    """
    X_indices = rng.integers(1, vocab, (m, T_x))
    X_indices[np.arange(T_x) >= rng.integers(1, max(T_x, 2), (m, 1))] = 0
    emb_matrix = rng.standard_normal((vocab, n_x))
    emb_matrix[0] = 0
    dense = {"Wy": 2 * rng.standard_normal((n_y, n_a)), "by": rng.standard_normal((n_y, 1))}
    parameters = {"lstm1": lstm(rng, n_x, n_a), "lstm2": lstm(rng, n_a, n_a), "dense": dense}
    inputs = {"X_indices": X_indices, "emb_matrix": emb_matrix, "parameters": parameters}
    return {**inputs, "rate": rate, "seed": int(rng.integers(1, 1000)), "caches": caches}


@Emojify_V2.case
def network_predicts(rng):
    """four sentences of up to twelve words, no dropout"""
    return network_inputs(rng, m=4, T_x=12, n_x=5, n_a=3)


@Emojify_V2.case
def network_more_units(rng):
    """more hidden units than numbers in a vector, no padding, no dropout"""
    inputs = network_inputs(rng, m=3, T_x=5, n_x=4, n_a=7)
    return {**inputs, "X_indices": rng.integers(1, 11, (3, 5))}


@Emojify_V2.case(group="caches", share=0.2)
def network_keeps_caches(rng):
    """while training, with another rate, and what the way back needs is kept"""
    return network_inputs(rng, m=2, T_x=7, n_x=6, n_a=8, rate=0.25, caches=[])


@Emojify_V2.case(group="training", share=0.3)
def network_drops_half(rng):
    """while training, half of the entries dropped"""
    return network_inputs(rng, m=5, T_x=4, n_x=3, n_a=6, rate=0.5)


@Emojify_V2.case(group="sizes", share=0.1)
def network_one_sentence(rng):
    """a single sentence, seven classes"""
    return network_inputs(rng, m=1, T_x=8, n_x=4, n_a=5, n_y=7)


@Emojify_V2.case(group="sizes")
def network_one_step(rng):
    """a single step, three classes, vectors of large numbers"""
    inputs = network_inputs(rng, m=6, T_x=1, n_x=3, n_a=4, n_y=3)
    return {**inputs, "X_indices": rng.permutation(10)[:6, None] + 1, "emb_matrix": 4 * inputs["emb_matrix"]}


lab = Lab(
    exercises=(sentence_to_avg, predict, model, sentences_to_indices, pretrained_embedding_layer, Emojify_V2),
    modules=("activations", "checks", "embeddings", "emojify", "explore", "nn", "plots", "tables", "watch"),
    # The demos train for a moment only while a notebook is graded.
    limits={"cell_seconds": 15},
)
