"""How long training on names takes, against a plain loop over the characters, in the same run.

``python -m benchmarks.sampling [--names FILE] [--iterations N] [--rounds R]`` prints seconds and ratios.
The plain loop is written as one reads the equations: a one-hot vector and a few products for each
character. Both runs print the same losses and names, to the last digit, or this ends with exit code 1.
"""

import argparse
import contextlib
import io
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.lab.course import Course
from autograder.lab.text import reference_namespace
from course_utils.names import load_names

OWN = "assignments/sampling/dinos.txt"


def plain_forward(X: list[Any], Y: list[int], a0: np.ndarray, parameters: Mapping[str, np.ndarray]) -> Any:
    """Return the loss and the cache: inputs, states and probabilities, each a dictionary by step."""
    Wax, Waa, Wya, b, by = (parameters[name] for name in ("Wax", "Waa", "Wya", "b", "by"))
    x: dict[int, np.ndarray] = {}
    a, y_hat, loss = {-1: np.copy(a0)}, {}, 0.0
    for t in range(len(X)):
        x[t] = np.zeros((len(by), 1))
        if X[t] is not None:
            x[t][X[t]] = 1
        a[t] = np.tanh(np.dot(Wax, x[t]) + np.dot(Waa, a[t - 1]) + b)
        scores = np.dot(Wya, a[t]) + by
        powers = np.exp(scores - np.max(scores))
        y_hat[t] = powers / powers.sum(axis=0)
        loss -= np.log(y_hat[t][Y[t], 0])
    return loss, (x, a, y_hat)


def plain_backward(X: list[Any], Y: list[int], parameters: Mapping[str, np.ndarray], cache: Any) -> Any:
    """Return the gradients and the states."""
    x, a, y_hat = cache
    gradients = {f"d{name}": np.zeros_like(value) for name, value in parameters.items()}
    da_next = np.zeros_like(a[0])
    for t in reversed(range(len(X))):
        dy = np.copy(y_hat[t])
        dy[Y[t]] -= 1
        gradients["dWya"] += np.dot(dy, a[t].T)
        gradients["dby"] += dy
        dz = (1 - a[t] * a[t]) * (np.dot(parameters["Wya"].T, dy) + da_next)
        gradients["db"] += dz
        gradients["dWax"] += np.dot(dz, x[t].T)
        gradients["dWaa"] += np.dot(dz, a[t - 1].T)
        da_next = np.dot(parameters["Waa"].T, dz)
    return gradients, a


def trained(model: Callable[..., Any], data: str, iterations: int) -> tuple[float, str]:
    """Return the seconds that a run takes, and what it prints."""
    chars = sorted(set(data))
    ix_to_char = dict(enumerate(chars))
    char_to_ix = {ch: i for i, ch in ix_to_char.items()}
    printed = io.StringIO()
    start = time.perf_counter()
    with contextlib.redirect_stdout(printed):
        model(data, ix_to_char, char_to_ix, iterations, vocab_size=len(chars))
    return time.perf_counter() - start, printed.getvalue()


def main() -> None:
    """Measure, round by round, and print medians with their spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=Path, help="another file of names, one to a line")
    parser.add_argument("--iterations", type=int, default=3500)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    course = Course.find(Path(__file__).parent)
    data = load_names(options.names or course.root / OWN)
    # two namespaces: `Lab.reference` is cached, and would be the same functions twice
    ours, plain = (reference_namespace(course.lab("sampling").text)["model"] for _ in range(2))
    plain.__globals__.update(rnn_forward=plain_forward, rnn_backward=plain_backward)
    ratios, seconds = [], []
    for number in range(options.rounds):
        first, other = ((ours, plain), (plain, ours))[number % 2]  # in turn, since machines drift
        runs = {model: trained(model, data, options.iterations) for model in (first, other)}
        if runs[ours][1] != runs[plain][1]:
            sys.exit(f"the two runs print different things:\n{runs[plain][1]}\n{runs[ours][1]}")
        seconds.append(runs[ours][0])
        ratios.append(runs[ours][0] / runs[plain][0])
    print(f"{options.iterations} iterations on {len(data.splitlines())} names, {options.rounds} rounds")
    print(f"course_utils.cllm_utils: {statistics.median(seconds):.2f} s")
    spread = f"({min(ratios):.2f} to {max(ratios):.2f})"
    print(f"ratio to the plain loop: {statistics.median(ratios):.2f}  {spread}; what they print is equal")


if __name__ == "__main__":
    main()
