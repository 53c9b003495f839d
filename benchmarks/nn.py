"""How long `course_utils.nn` takes to train the network of the lab `jazz`, against Keras in the same run.

``KERAS_BACKEND=jax python -m benchmarks.nn [--epochs N] [--rounds R]`` prints seconds and ratios. Both
start from the same weights, see the same 60 sequences of 30 random one-hot values as one batch, and take the
same steps of Adam in float32; the time that Keras needs to compile is given apart. After ten epochs their
losses agree to 1e-4, or this ends with exit code 1 (later, rounding drives any two runs apart). Keras is no
part of this project's environment: make one for it.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.nn import (
    Adam,
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
)

MISSING = """Keras is not installed beside this Python. In an environment of its own:
    python -m venv keras-env && keras-env/bin/pip install numpy keras jax     (or torch)
    KERAS_BACKEND=jax keras-env/bin/python -m benchmarks.nn                   (or torch)"""
M, T_X, N_VALUES, N_A = 60, 30, 78, 64
SETTINGS = {"learning_rate": 0.01, "decay": 0.01}

Parameters = dict[str, np.ndarray]


def data() -> tuple[np.ndarray, np.ndarray, Parameters]:
    """Return X and Y, both (m, T_x, n_values), and the weights that both sides start from."""
    rng = np.random.default_rng(0)
    values = np.eye(N_VALUES, dtype=np.float32)[rng.integers(0, N_VALUES, (2, M, T_X))]
    parameters = lstm_parameters(N_VALUES, N_A, rng, np.float32) | dense_parameters(
        N_A, N_VALUES, rng, np.float32
    )
    return values[0], values[1], parameters


def train_ours(epochs: int) -> float:
    """Train, and return the loss of the last epoch."""
    X, Y, parameters = data()
    optimizer = Adam(**SETTINGS)
    for _ in range(epochs):
        a, lstm_cache = lstm_layer(X, parameters)
        y_hat, dense_cache = dense_softmax(a, parameters)
        loss, dz = cross_entropy(y_hat, Y)
        gradients = dense_softmax_backward(dz, dense_cache)
        gradients |= lstm_layer_backward(gradients["da"], lstm_cache, dx=False)
        optimizer.update(parameters, gradients)
    return loss


def keras_trainer(keras: Any) -> Callable[[int], float]:
    """Return a function that trains the same network from the same start, compiled beforehand."""
    X, Y, parameters = data()
    model = keras.Sequential(
        [
            keras.Input((T_X, N_VALUES)),
            keras.layers.LSTM(N_A, return_sequences=True),
            keras.layers.Dense(N_VALUES, activation="softmax"),
        ]
    )
    by_gate = [parameters[f"W{gate}"].T for gate in "ifco"]  # the order of Keras
    start = [
        np.concatenate([weights[N_A:] for weights in by_gate], axis=1),
        np.concatenate([weights[:N_A] for weights in by_gate], axis=1),
        np.concatenate([parameters[f"b{gate}"].ravel() for gate in "ifco"]),
        parameters["Wy"].T,
        parameters["by"].ravel(),
    ]
    rate = keras.optimizers.schedules.InverseTimeDecay(SETTINGS["learning_rate"], 1, SETTINGS["decay"])
    model.compile(
        optimizer=keras.optimizers.Adam(rate), loss="categorical_crossentropy", loss_weights=[float(T_X)]
    )
    fit: dict[str, Any] = {"batch_size": M, "shuffle": False, "verbose": 0}
    model.fit(X, Y, epochs=1, **fit)

    def train(epochs: int) -> float:
        model.set_weights(start)
        for variable in model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape, variable.dtype))
        return float(model.fit(X, Y, epochs=epochs, **fit).history["loss"][-1])

    return train


def seconds(train: Callable[[int], float], epochs: int) -> tuple[float, float]:
    """Return how long a run takes, and the time of all cores that it takes."""
    start = time.perf_counter(), time.process_time()
    train(epochs)
    return time.perf_counter() - start[0], time.process_time() - start[1]


def spread(ours: list[float], theirs: list[float]) -> str:
    """Return the median of the ratios, round by round, and their range."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return f"{statistics.median(ratios):.2f}  ({min(ratios):.2f} to {max(ratios):.2f})"


def main() -> None:
    """Measure, round by round, and print medians with their spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if importlib.util.find_spec("keras") is None:
        sys.exit(MISSING)
    os.environ.setdefault("KERAS_BACKEND", "jax" if importlib.util.find_spec("jax") else "torch")
    import keras

    start = time.perf_counter()
    theirs = keras_trainer(keras)
    compiling = time.perf_counter() - start
    ours, other = train_ours(10), theirs(10)
    if abs(ours - other) > 1e-4 * other:
        sys.exit(f"after ten epochs the losses are {ours} and {other}")
    runs: dict[Callable[[int], float], list[tuple[float, float]]] = {train_ours: [], theirs: []}
    for number in range(options.rounds):
        order = (train_ours, theirs) if number % 2 else (theirs, train_ours)  # in turn, since machines drift
        for train in order:
            runs[train].append(seconds(train, options.epochs))
    (our_time, our_cpu), (their_time, their_cpu) = (
        [list(column) for column in zip(*runs[train], strict=True)] for train in (train_ours, theirs)
    )
    print(f"{options.epochs} epochs on {M} x {T_X} x {N_VALUES}, n_a = {N_A}; same losses after ten epochs")
    print(f"course_utils.nn: {statistics.median(our_time):.2f} s, best {min(our_time):.2f} s")
    print(
        f"Keras {keras.__version__} on {keras.backend.backend()}: {statistics.median(their_time):.2f} s, "
        f"best {min(their_time):.2f} s, and {compiling:.1f} s to compile"
    )
    print(f"ratio of the times: {spread(our_time, their_time)}")
    print(f"ratio of the processor times: {spread(our_cpu, their_cpu)}")


if __name__ == "__main__":
    main()
