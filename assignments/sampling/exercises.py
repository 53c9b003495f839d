"""The hidden cases of the lab `sampling`: what is drawn, and what each output is worth."""

import functools
import itertools

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


def one_side(rng, n_a, n_x, sign):
    """Every array has entries of one sign only, the first of them beyond a threshold of 2."""
    drawn = {name: abs(gradient) for name, gradient in gradients(rng, n_a, n_x, 1.5).items()}
    for gradient in drawn.values():
        gradient.flat[0] = rng.uniform(3, 9)
    return {"gradients": {name: sign * gradient for name, gradient in drawn.items()}, "maxValue": 2}


@clip.case
def clip_fraction(rng):
    """a threshold that is no whole number"""
    return clip_inputs(rng, n_a=4, n_x=7, scale=1.0, maxValue=round(float(rng.uniform(0.4, 0.9)), 3))


@clip.case
def clip_below(rng):
    """entries too large on the negative side only"""
    return one_side(rng, n_a=6, n_x=4, sign=-1)


@clip.case
def clip_both_signs(rng):
    """entries too large on both sides"""
    return clip_inputs(rng, n_a=5, n_x=3, scale=8.0, maxValue=5)


@clip.case
def clip_above(rng):
    """entries too large on the positive side only"""
    return one_side(rng, n_a=3, n_x=6, sign=1)


@clip.case(group="edges", share=0.2)
def clip_zero(rng):
    """a threshold of zero"""
    drawn = gradients(rng, 3, 5, 4.0)
    for gradient in drawn.values():
        gradient.flat[:2] = rng.permuted([-1.5, 1.5])
    return {"gradients": drawn, "maxValue": 0}


@clip.case(group="edges")
def clip_nothing(rng):
    """nothing is too large"""
    return {"gradients": gradients(rng, 6, 4, 0.1), "maxValue": 50}


# ---------------------------------------------------------------- sample


def check_sample(parameters, char_to_ix, seed):
    check_sizes(parameters)
    if not 0 <= char_to_ix["\n"] < len(parameters["by"]) or not 0 <= seed < 2**31:
        raise ValueError("the number of the newline, or the seed, is out of range")


sample = Exercise("sample", outputs={"indices": 1}, seeds=True, check_call=check_sample)


LATIN = alphabet("abcdefghijklmnopqrstuvwxyz")
"""The alphabet of the notebook, in which the newline is number 0."""


def sample_inputs(rng, n_a, char_to_ix, newline_score, wanted, large=False):
    """A network and a seed with which the name, its newline included, has one of the wanted lengths.

    With ``large``, two of the hidden units get sums of about 900 and -900.
    """
    parameters, newline = weights(rng, n_a, len(char_to_ix)), char_to_ix["\n"]
    if large:
        parameters["b"][:2, 0] += rng.permuted([900.0, -900.0])
    parameters["Wya"][newline] = 0
    parameters["by"][newline] = newline_score
    for first in itertools.count(int(rng.integers(1, 1000)), TRIED):
        found = np.flatnonzero(np.isin(lengths(parameters, newline, first), wanted))
        if found.size:
            return {"parameters": parameters, "char_to_ix": char_to_ix, "seed": first + int(found[0])}


TRIED = 64
"""How many seeds are tried at a time."""


@functools.lru_cache(maxsize=50_000)
def throw(seed):
    """What NumPy throws first with a seed."""
    return np.random.RandomState(seed).random_sample()


def lengths(parameters, newline, first):
    """How many characters are drawn with each seed from the first on, up to a newline or to the fiftieth."""
    Wax, Waa, Wya, b, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "b", "by"))
    thrown = np.array([throw(seed) for seed in range(first, first + TRIED + 2 * 50)])
    a, heard = np.zeros((len(b), TRIED)), 0
    drawn = np.empty((50, TRIED), int)
    for step in range(50):
        a = np.tanh(heard + Waa @ a + b)
        chances = np.cumsum(np.exp(Wya @ a + by), axis=0)
        drawn[step] = (chances <= chances[-1] * thrown[2 * step :][:TRIED]).sum(axis=0)
        heard = Wax[:, drawn[step]]
    ends = drawn == newline
    return np.where(ends.any(axis=0), ends.argmax(axis=0) + 1, 50)


SOME = range(11, 20)
"""Lengths with which a name neither ends before an ordinary error shows nor comes near the limit."""


@sample.case
def sample_letters(rng):
    """the notebook's letters"""
    return sample_inputs(rng, 40, LATIN, newline_score=0.5, wanted=range(25, 40))


@sample.case
def sample_long(rng):
    """a newline comes shortly before the fiftieth character"""
    return sample_inputs(rng, 15, LATIN, newline_score=0.5, wanted=[49])  # any limit below shows


@sample.case(group="length", share=0.2)
def sample_fifty(rng):
    """no newline comes: it stops after 50 characters and appends one"""
    return sample_inputs(rng, 12, LATIN, newline_score=-60.0, wanted=[50])


@sample.case(group="length")
def sample_short(rng):
    """a newline comes early, from sums so large that a careless exponential overflows"""
    inputs = sample_inputs(rng, 8, LATIN, newline_score=3.5, wanted=[2, 3, 4], large=True)
    inputs["parameters"]["by"] += 900.0  # which changes no probability
    return inputs


@sample.case(group="length")
def sample_nothing(rng):
    """a newline comes at once"""
    return sample_inputs(rng, 7, LATIN, newline_score=3.5, wanted=[1])


@sample.case(group="alphabets", share=0.3)
def sample_other_alphabet(rng):
    """a hundred letters, among which the newline is not number 0"""
    letters = [chr(ord("Ā") + number) for number in range(100)]  # any small shift of chances shows
    return sample_inputs(rng, 20, alphabet(letters, newline=44), newline_score=3.5, wanted=SOME)


@sample.case(group="alphabets")
def sample_few_letters(rng):
    """fewer characters than hidden units, and the newline, the last of them, does not come"""
    return sample_inputs(rng, 24, alphabet("uvwxyz", newline=6), newline_score=-60.0, wanted=[50])


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
    Y = [*rng.integers(1, 31, 6).tolist(), 0]
    return {**optimize_inputs(rng, n_a=7, n_x=31, Y=Y), "learning_rate": 0.1}


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

def names_file(inputs):
    """The names of a case, in the file that the source documents' programs open themselves."""
    return {"dinos.txt": inputs["data"]}


# What it prints earns nothing, and so the loss that is smoothed for it: the parameters do not depend on it.
model = Exercise(
    "model",
    outputs={"Wax": 1, "Waa": 1, "Wya": 1, "b": 1, "by": 1},
    returns=dict,
    calls=("clip", "sample", "optimize"),
    files=names_file,
)


def model_inputs(rng, char_to_ix, names, num_iterations, n_a, dino_names=2):
    letters = [character for character in char_to_ix if character != "\n"]
    sizes = [6, *rng.integers(3, 7, names - 1)]
    drawn = ["".join(rng.choice(letters, size)) for size in sizes]
    return {
        "data": "\n".join(drawn),
        "ix_to_char": {number: character for character, number in char_to_ix.items()},
        "char_to_ix": char_to_ix,
        "num_iterations": num_iterations,
        "n_a": n_a,
        "dino_names": dino_names,
        "vocab_size": len(char_to_ix),
    }


@model.case
def model_rounds(rng):
    """more iterations than names"""
    return model_inputs(rng, alphabet("aeinorsux"), names=7, num_iterations=16, n_a=6)


@model.case
def model_few_names(rng):
    """two names, over and over"""
    return model_inputs(rng, alphabet("abcd"), names=2, num_iterations=18, n_a=9)


@model.case(group="edges", share=0.2)
def model_long_list(rng):
    """more names than iterations"""
    return model_inputs(rng, LATIN, names=25, num_iterations=9, n_a=5)


@model.case(group="edges")
def model_one_iteration(rng):
    """a single iteration, and no names to print"""
    return model_inputs(rng, alphabet("klmnopq"), names=3, num_iterations=1, n_a=4, dino_names=0)


@model.case(group="edges")
def model_other_alphabet(rng):
    """forty characters, among which the newline is not number 0"""
    char_to_ix = alphabet("abcdefghijklmnopqrstuvwxyz0123456789-'&", newline=17)
    return model_inputs(rng, char_to_ix, names=3, num_iterations=4, n_a=5)


@model.case(group="edges")
def model_untidy(rng):
    """names with capitals, and with spaces around them"""
    inputs = model_inputs(rng, alphabet("ghijk"), names=4, num_iterations=6, n_a=5)
    first, second, *others = inputs["data"].split("\n")
    return {**inputs, "data": "\n".join([first.title(), f" {second} ", *others])}


lab = Lab(
    exercises=(clip, sample, optimize, model),
    modules=("activations", "checks", "cllm_utils", "explore", "names", "nn", "plots", "tables", "watch"),
    # The demos train for a moment only while a notebook is graded.
    limits={"cell_seconds": 15},
)
