"""The hidden cases of the lab `keras_emojify`: what is drawn, and what each output is worth.

Core cases have the sizes of the notebook: vectors of 50 numbers, sentences of ten words. Others are a group of
their own. Each vocabulary has the word cucumber, from which the documents read the size of a vector.
"""

import numpy as np

from autograder import Alternative, Exercise, Lab

WORDS = (
    "cucumber the i we you she not no more happy sad love kiss ball game team goal soup bread hungry cook fun "
    "cry good bad day home never play eat heart smile tears friend park table"
).split()
SIZE, LENGTH = 50, 10
"""Numbers in a vector, and words in a sentence, as in the notebook and in the documents."""


def numbers(rng, words):
    """The words numbered from 1, in no particular order."""
    return {str(word): number for number, word in enumerate(rng.permutation(words), 1)}


def vectors(rng, words, n_x):
    """A vector for each word, in no particular order."""
    return {str(word): rng.standard_normal(n_x) for word in rng.permutation(words)}


def padded_rows(rng, lengths, T_x, vocab):
    """Rows of different numbers from 1 to below ``vocab``, with zeros behind the first of these lengths."""
    lengths = np.array(lengths)[:, None]
    rows = 1 + rng.permuted(np.tile(np.arange(vocab - 1), (len(lengths), 1)), axis=1)[:, np.arange(T_x) % (vocab - 1)]
    return np.where(np.arange(T_x) < lengths, rows, 0)


# ---------------------------------------------------------------- padded_batches

padded_batches = Exercise("padded_batches", outputs={"batches": 3, "masks": 1})


def batches_inputs(rng, lengths, batch_size):
    """Rows of these lengths, and an order that is not theirs, nor its own inverse."""
    rows = [[int(number) for number in rng.integers(1, 1000, length)] for length in lengths]
    rows[0][0] = 1
    order = np.concatenate([[1, 2, 0], 3 + rng.permutation(len(rows) - 3)])
    return {"rows": rows, "order": order, "batch_size": batch_size}


@padded_batches.case
def batches_left_over(rng):
    """eleven sentences in batches of four: the last batch is smaller"""
    return batches_inputs(rng, rng.permutation([3, 9, 4, 7, 2, 8, 5, 6, 3, 4, 10]), 4)


@padded_batches.case
def batches_by_length(rng):
    """twelve sentences in batches of three, the shortest first"""
    inputs = batches_inputs(rng, rng.permutation([1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13]), 3)
    lengths = [len(row) for row in inputs["rows"]]
    return {**inputs, "order": np.argsort(lengths)}


@padded_batches.case(group="edges", share=0.3)
def batches_one(rng):
    """a batch with room for more sentences than there are"""
    return batches_inputs(rng, rng.permutation([4, 2, 7]), 5)


@padded_batches.case(group="edges")
def batches_of_one(rng):
    """batches of one sentence each: nothing is padded"""
    return batches_inputs(rng, rng.permutation([3, 6, 2, 5]), 1)


@padded_batches.case(group="edges")
def batches_empty_sentence(rng):
    """a sentence without known words among others"""
    return batches_inputs(rng, [5, 0, 3, 4], 4)


# ---------------------------------------------------------------- pretrained_embedding_layer

pretrained_embedding_layer = Exercise(
    "pretrained_embedding_layer",
    outputs={"emb_matrix": 6, "vectors": 3, "trainable": 1},
    needs={"trainable": ("emb_matrix",)},
    alternatives=(
        Alternative(
            "trained-too",
            (("trainable = False", "trainable = True"),),
            "Your layer is trained with the model. That takes no points, but training moves the vectors of the words in the "
            "training set alone: see what the text says of `trainable`.",
            written=((", trainable=False", ""),),
        ),
    ),
    rtol=1e-4,
    observer="frameworks.emojify.pretrained_embedding_layer",
)


def embedding_inputs(rng, words, n_x=SIZE, without=0):
    """Vectors of some words, the numbers of all but a few of them, and some numbers to look up."""
    word_to_index = numbers(rng, words[: len(words) - without])
    indices = padded_rows(rng, [4, 2, 1], 4, len(word_to_index) + 1)
    indices[0, 3] = len(word_to_index)
    return {"word_to_vec_map": vectors(rng, words, n_x), "word_to_index": word_to_index, "indices": indices}


@pretrained_embedding_layer.case
def embedding_ordinary(rng):
    """a small vocabulary, vectors of 50 numbers"""
    return embedding_inputs(rng, WORDS[:14])


@pretrained_embedding_layer.case
def embedding_part(rng):
    """more vectors than numbered words"""
    return embedding_inputs(rng, WORDS[:24], without=8)


@pretrained_embedding_layer.case(group="sizes", share=0.2)
def embedding_small(rng):
    """vectors of six numbers"""
    return embedding_inputs(rng, WORDS[:17], n_x=6)


# ---------------------------------------------------------------- Emojify_V2


DROP = "    X = Dropout(0.5)(X)\n"


def dropouts(number, said, *left_out):
    """An alternative that has fewer dropouts than two: no points rest on them."""
    return Alternative(
        f"{number}-dropouts",
        (("dropouts = 2", f"dropouts = {number}"),),
        f"Your model has {said}. That takes no points, since dropout is off when a model predicts, but a network of "
        "this size learns a thousand sentences by heart.",
        written=tuple((f"{DROP}    {comment}", f"    {comment}") for comment in left_out),
    )


Emojify_V2 = Exercise(
    "Emojify_V2",
    outputs={"y_hat": 6, "gradients": 3, "dropouts": 1},
    needs={"dropouts": ("y_hat",)},
    alternatives=(
        dropouts(1, "one dropout in place of two", "# scores"),
        dropouts(0, "no dropout", "# scores", "# the second"),
    ),
    rtol=1e-4,
    observer="frameworks.emojify.Emojify_V2",
)


def network_inputs(rng, lengths, T_x=LENGTH, n_x=SIZE, vocab=14):
    """Sentences of these lengths, padded to T_x, a vocabulary, the weights' seed and a loss."""
    emb_matrix = rng.standard_normal((vocab, n_x))
    emb_matrix[0] = 0
    word_to_index = numbers(rng, WORDS[: vocab - 1])
    return {
        "input_shape": (T_x,),
        "word_to_vec_map": {word: emb_matrix[k] for word, k in sorted(word_to_index.items())},
        "word_to_index": word_to_index,
        "emb_matrix": emb_matrix,
        "X_indices": padded_rows(rng, lengths, T_x, vocab),
        "seed": int(rng.integers(1, 1_000_000)),
        "G": rng.standard_normal((len(lengths), 5)),
    }


@Emojify_V2.case
def network_padded(rng):
    """four sentences of up to ten words, vectors of 50 numbers"""
    return network_inputs(rng, [7, 4, 9, int(rng.integers(2, 5))])


@Emojify_V2.case
def network_full(rng):
    """a sentence that just fits, one of a single word, and one without known words"""
    return network_inputs(rng, [10, 1, 0])


@Emojify_V2.case(group="sizes", share=0.2)
def network_short(rng):
    """sentences of up to four words, vectors of six numbers"""
    return network_inputs(rng, [4, 2, 3, 1, 2], T_x=4, n_x=6, vocab=18)


@Emojify_V2.case(group="sizes")
def network_long(rng):
    """sentences of up to thirteen words"""
    return network_inputs(rng, [8, 13], T_x=13, n_x=9, vocab=16)


lab = Lab(
    exercises=(padded_batches, pretrained_embedding_layer, Emojify_V2),
    modules=("activations", "checks", "embeddings", "emojify", "explore", "frameworks", "nn", "plots", "tables", "watch"),
    earlier=("emojify",),
    preload=("course_utils.frameworks.warm_keras",),
    extra="keras",
    # The demos train for a moment only while a notebook is graded.
    limits={"cell_seconds": 15},
)
