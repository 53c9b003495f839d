"""Reads the corpus of the lab `jazz` into arrays for training."""

import os

import numpy as np

from course_utils.music.grammar import lengths, to_values
from course_utils.music.theory import BAR
from course_utils.music.tune import read_tune

__all__ = ["load_music_utils"]

OWN = "data/solo.mid"
"""The lab's own tune, in the notebook's folder."""
M, T_X = 60, 30
"""The number of sequences, and of values in each."""


def load_music_utils(
    path: str | os.PathLike[str] = OWN,
) -> tuple[np.ndarray, np.ndarray, int, dict[int, str]]:
    """Return a tune as 60 sequences of 30 values, from which to learn to predict the next value.

    Returns X (60, 30, n_values), Y (30, 60, n_values), n_values and indices_values, which maps each index
    to its value. Y[t] is a value as a one-hot vector and X[:, t] the value before it, so X[:, t + 1] equals
    Y[t]; before the first value of the tune X is zero. Each sequence of Y begins at a bar line, and these
    bars are spread evenly over the tune. Raises what `read_tune` raises, and ValueError for a tune of fewer
    than 30 values.
    """
    corpus = to_values(read_tune(path))
    if len(corpus) < T_X:
        raise ValueError(f"{path} has {len(corpus)} values, but a sequence needs {T_X}")
    indices_values = dict(enumerate(sorted(set(corpus))))
    n_values = len(indices_values)
    index = {value: number for number, value in indices_values.items()}
    numbers = np.array([index[value] for value in corpus])
    one_hot = np.vstack([np.zeros(n_values), np.eye(n_values)[numbers]])  # row 0: before the first value
    windows = _starts(corpus)[:, None] + np.arange(T_X)
    X, Y = one_hot[windows], one_hot[windows.T + 1]
    return X, Y, n_values, indices_values


def _starts(corpus: list[str]) -> np.ndarray:
    """Return the index of the first value of each sequence, (60,)."""
    times = np.cumsum([0, *lengths(corpus)[:-1]])
    bars = times // BAR
    first = np.flatnonzero(np.diff(bars, prepend=-1))  # values with which a bar begins
    first = first[first <= len(corpus) - T_X]
    chosen: np.ndarray = first[np.linspace(0, len(first) - 1, M).round().astype(int)]
    return chosen
