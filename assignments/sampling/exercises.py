"""The hidden cases of the lab `sampling`: what is drawn, and what each output is worth."""

import functools

import numpy as np

from autograder import Exercise, Lab


def sizes(n_a, n_x):
    """The shape of each parameter of a network that reads and predicts n_x characters."""
    return {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_x, n_a), "b": (n_a, 1), "by": (n_x, 1)}


def weights(rng, n_a, n_x):
    """Parameters that react to what they read, and yet shrink a rounding error from step to step."""
    parameters = {name: rng.standard_normal(shape) for name, shape in sizes(n_a, n_x).items()}
    parameters["Waa"] *= 0.5 / n_a**0.5
    parameters["Wya"] *= 2.0 / n_a**0.5
    return parameters


def alphabet(letters, newline=0):
    """Each letter with its number; the newline gets the number asked for."""
    characters = [*letters[:newline], "\n", *letters[newline:]]
    return {character: number for number, character in enumerate(characters)}


def check_sizes(parameters):
    n_a, n_x = parameters["Wax"].shape
    if n_a > 200 or n_x > 200:
        raise ValueError("larger than any case of this lab")
    for name, shape in sizes(n_a, n_x).items():
        if parameters[name].shape != shape:
            raise ValueError(f"{name} has shape {parameters[name].shape}")


# ---------------------------------------------------------------- clip


def check_clip(gradients, maxValue):
    if sum(np.size(gradient) for gradient in gradients.values()) > 200_000:
        raise ValueError("larger than any case of this lab")


clip = Exercise(
    "clip",
    outputs={"dWaa": 1, "dWax": 1, "dWya": 1, "db": 1, "dby": 1},
    returns=dict,
    may_mutate=("gradients",),
    may_alias=("dWaa", "dWax", "dWya", "db", "dby"),
    check_call=check_clip,
)


def gradients(rng, n_a, n_x, scale):
    return {f"d{name}": scale * rng.standard_normal(shape) for name, shape in sizes(n_a, n_x).items()}


def clip_inputs(rng, n_a, n_x, scale, maxValue):
    """Every array has an entry beyond the threshold on either side, and one within."""
    drawn = gradients(rng, n_a, n_x, scale)
    for gradient in drawn.values():
        gradient.flat[:3] = maxValue * rng.permuted([rng.uniform(2, 4), -rng.uniform(2, 4), 0.3])
    return {"gradients": drawn, "maxValue": maxValue}


@clip.case
def clip_both_signs(rng):
    """entries too large on both sides"""
    return clip_inputs(rng, n_a=5, n_x=3, scale=8.0, maxValue=5)


@clip.case
def clip_fraction(rng):
    """a threshold that is no whole number"""
    return clip_inputs(rng, n_a=4, n_x=7, scale=1.0, maxValue=round(float(rng.uniform(0.4, 0.9)), 3))


def one_side(rng, n_a, n_x, sign):
    """Every array has entries of one sign only, the first of them beyond a threshold of 2."""
    drawn = {name: abs(gradient) for name, gradient in gradients(rng, n_a, n_x, 1.5).items()}
    for gradient in drawn.values():
        gradient.flat[0] = rng.uniform(3, 9)
    return {"gradients": {name: sign * gradient for name, gradient in drawn.items()}, "maxValue": 2}


@clip.case
def clip_below(rng):
    """entries too large on the negative side only"""
    return one_side(rng, n_a=6, n_x=4, sign=-1)


@clip.case
def clip_above(rng):
    """entries too large on the positive side only"""
    return one_side(rng, n_a=3, n_x=6, sign=1)


@clip.case(group="edges", share=0.2)
def clip_nothing(rng):
    """nothing is too large"""
    return {"gradients": gradients(rng, 6, 4, 0.1), "maxValue": 50}


@clip.case(group="edges")
def clip_zero(rng):
    """a threshold of zero"""
    drawn = gradients(rng, 3, 5, 4.0)
    for gradient in drawn.values():
        gradient.flat[:2] = rng.permuted([-1.5, 1.5])
    return {"gradients": drawn, "maxValue": 0}


# ---------------------------------------------------------------- sample


def check_sample(parameters, char_to_ix, seed):
    check_sizes(parameters)
    if not 0 <= char_to_ix["\n"] < len(parameters["by"]) or not 0 <= seed < 2**31:
        raise ValueError("the number of the newline, or the seed, is out of range")


sample = Exercise("sample", outputs={"indices": 1}, seeds=True, check_call=check_sample)


def sample_inputs(rng, n_a, char_to_ix, newline_score, lengths):
    """A network and a seed with which the name, its newline included, has one of the lengths."""
    parameters, newline = weights(rng, n_a, len(char_to_ix)), char_to_ix["\n"]
    parameters["Wya"][newline] = 0
    parameters["by"][newline] = newline_score
    seed = int(rng.integers(1, 1000))
    while length(parameters, newline, seed) not in lengths:
        seed += 1
    return {"parameters": parameters, "char_to_ix": char_to_ix, "seed": seed}


@functools.lru_cache(maxsize=50_000)
def throw(seed):
    """What NumPy throws first with a seed."""
    return np.random.RandomState(seed).random_sample()


def length(parameters, newline, seed):
    """How many characters are drawn, up to the first newline or to the fiftieth."""
    Wya, by, a, heard = parameters["Wya"], parameters["by"], 0, 0
    for step in range(50):
        a = np.tanh(heard + np.dot(parameters["Waa"], a) + parameters["b"]) if step else np.tanh(parameters["b"])
        chances = np.cumsum(np.exp(np.dot(Wya, a) + by))
        drawn = np.searchsorted(chances, throw(seed + 2 * step) * chances[-1], side="right")
        if drawn == newline:
            return step + 1
        heard = parameters["Wax"][:, [drawn]]
    return 50


SOME = range(11, 20)
"""Lengths with which a name neither ends before an ordinary error shows nor comes near the limit."""


@sample.case
def sample_letters(rng):
    """a hundred letters and the newline"""
    letters = [chr(ord("Ā") + number) for number in range(100)]  # any small shift of chances shows
    return sample_inputs(rng, 20, alphabet(letters), newline_score=5.0, lengths=SOME)


@sample.case
def sample_other_alphabet(rng):
    """another alphabet, in which the newline is not number 0"""
    return sample_inputs(rng, 9, alphabet("aeioukrst", newline=4), newline_score=1.0, lengths=SOME)


@sample.case
def sample_few_letters(rng):
    """more hidden units than characters"""
    return sample_inputs(rng, 24, alphabet("uvwxyz", newline=6), newline_score=0.5, lengths=SOME)


@sample.case(group="length", share=0.3)
def sample_fifty(rng):
    """no newline comes: it stops after 50 characters and appends one"""
    return sample_inputs(rng, 12, alphabet("abcdefghijk"), newline_score=-60.0, lengths=[50])


@sample.case(group="length")
def sample_short(rng):
    """a newline comes early"""
    return sample_inputs(rng, 8, alphabet("abcdefgh", newline=8), newline_score=2.0, lengths=[2, 3, 4])


@sample.case(group="length")
def sample_nothing(rng):
    """a newline comes at once"""
    return sample_inputs(rng, 7, alphabet("abcdef", newline=2), newline_score=2.0, lengths=[1])


# ---------------------------------------------------------------- optimize


def check_optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    check_sizes(parameters)
    if len(X) > 200 or len(Y) != len(X) or a_prev.shape != (len(parameters["Waa"]), 1):
        raise ValueError("X and Y must be of one length, at most 200, and a_prev of shape (n_a, 1)")


optimize = Exercise(
    "optimize",
    outputs={"loss": 2, "gradients": 4, "a_last": 1},
    effects={"parameters": 5},
    calls=("clip",),
    check_call=check_optimize,
)


def optimize_inputs(rng, n_a, n_x, Y, first=None):
    return {
        "X": [first, *Y[:-1]],
        "Y": Y,
        "a_prev": np.tanh(rng.standard_normal((n_a, 1))),
        "parameters": weights(rng, n_a, n_x),
    }


@optimize.case
def optimize_clipped(rng):
    """a name whose gradients are clipped"""
    letter = int(rng.integers(1, 8))
    inputs = optimize_inputs(rng, n_a=10, n_x=9, Y=[*[letter] * 11, 8, 0])
    inputs["parameters"]["by"][letter] = -6.0  # the letter that comes all the time is thought unlikely
    return {**inputs, "learning_rate": 0.02}


@optimize.case
def optimize_ordinary(rng):
    """an ordinary name"""
    Y = [*rng.integers(1, 12, 6).tolist(), 0]
    return {**optimize_inputs(rng, n_a=7, n_x=12, Y=Y), "learning_rate": 0.1}


@optimize.case(group="edges", share=0.2)
def optimize_one_character(rng):
    """a name of nothing but its end"""
    return {**optimize_inputs(rng, n_a=5, n_x=4, Y=[0]), "learning_rate": 0.05}


@optimize.case(group="edges")
def optimize_default_rate(rng):
    """from a character on, with the learning rate by default"""
    Y = rng.integers(0, 6, 5).tolist()
    return optimize_inputs(rng, n_a=8, n_x=6, Y=Y, first=int(rng.integers(0, 6)))


# ---------------------------------------------------------------- model

model = Exercise(
    "model",
    outputs={"Wax": 1, "Waa": 1, "Wya": 1, "b": 1, "by": 1},
    returns=dict,
    calls=("clip", "sample", "optimize"),
)


def model_inputs(rng, letters, names, num_iterations, n_a):
    char_to_ix = alphabet(letters)
    sizes = [6, *rng.integers(3, 7, names - 1)]
    drawn = ["".join(rng.choice(list(letters), size)) for size in sizes]
    return {
        "data": "\n".join(drawn),
        "ix_to_char": {number: character for character, number in char_to_ix.items()},
        "char_to_ix": char_to_ix,
        "num_iterations": num_iterations,
        "n_a": n_a,
        "dino_names": 2,
        "vocab_size": len(char_to_ix),
    }


@model.case
def model_rounds(rng):
    """more iterations than names"""
    return model_inputs(rng, "aeinorsux", names=7, num_iterations=16, n_a=6)


@model.case
def model_few_names(rng):
    """two names, over and over"""
    return model_inputs(rng, "abcd", names=2, num_iterations=18, n_a=9)


@model.case(group="edges", share=0.2)
def model_long_list(rng):
    """more names than iterations"""
    return model_inputs(rng, "abcdefghijklmnopqrstuvwxyz", names=25, num_iterations=9, n_a=5)


@model.case(group="edges")
def model_one_iteration(rng):
    """a single iteration"""
    return model_inputs(rng, "klmnopq", names=3, num_iterations=1, n_a=4)


@model.case(group="edges")
def model_untidy(rng):
    """names with capitals, and with spaces around them"""
    inputs = model_inputs(rng, "ghijk", names=4, num_iterations=6, n_a=5)
    first, second, *others = inputs["data"].split("\n")
    return {**inputs, "data": "\n".join([first.title(), f" {second} ", *others])}


lab = Lab(
    exercises=(clip, sample, optimize, model),
    modules=("activations", "checks", "cllm_utils", "names", "plots", "tables", "watch"),
    # The demos train for a moment only while a notebook is graded.
    limits={"cell_seconds": 15},
)
