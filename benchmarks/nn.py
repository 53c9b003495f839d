"""How long `course_utils.nn` takes to train the network of the lab `jazz`, against Keras in the same run.

``KERAS_BACKEND=jax python -m benchmarks.nn [--kind gru] [--layers 2] [--epochs N] [--rounds R]`` prints
seconds and ratios. Both start from the same weights, see the same 60 sequences of 30 random one-hot values as
one batch, and take the same steps of Adam in float32; the time that Keras needs to compile is given apart.
After ten epochs their losses agree to 1e-4, or this ends with exit code 1 (later, rounding drives any two
runs apart). Keras is no part of this project's environment: make one for it.
"""

import argparse
import importlib.util
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from course_utils.nn import (
    Adam,
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    gru_layer,
    gru_layer_backward,
    gru_parameters,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
    stack,
    stack_backward,
)

MISSING = """Keras is not installed beside this Python. In an environment of its own:
    python -m venv keras-env && keras-env/bin/pip install numpy keras jax     (or torch)
    KERAS_BACKEND=jax keras-env/bin/python -m benchmarks.nn                   (or torch)"""
M, T_X, N_VALUES, N_A = 60, 30, 78, 64
SETTINGS = {"learning_rate": 0.01, "decay": 0.01}

LAYERS = {"lstm": (lstm_layer, lstm_layer_backward), "gru": (gru_layer, gru_layer_backward)}

Parameters = dict[str, np.ndarray]


@dataclass(frozen=True)
class Network:
    """Recurrent layers of one kind, one over the other, and a dense softmax layer."""

    kind: str
    layers: int

    def data(self) -> tuple[np.ndarray, np.ndarray, list[Parameters], Parameters]:
        """Return X and Y, both (m, T_x, n_values), and the weights that both sides start from."""
        rng = np.random.default_rng(0)
        values = np.eye(N_VALUES, dtype=np.float32)[rng.integers(0, N_VALUES, (2, M, T_X))]
        make = lstm_parameters if self.kind == "lstm" else gru_parameters
        recurrent = [make(N_A if number else N_VALUES, N_A, rng, np.float32) for number in range(self.layers)]
        return values[0], values[1], recurrent, dense_parameters(N_A, N_VALUES, rng, np.float32)

    def train_ours(self, epochs: int) -> float:
        """Train, and return the loss of the last epoch."""
        X, Y, recurrent, dense = self.data()
        layer, backward = LAYERS[self.kind]
        parameters = {"layers": {str(number): one for number, one in enumerate(recurrent)}, "dense": dense}
        optimizer = Adam(**SETTINGS)
        for _ in range(epochs):
            a, cache = stack(layer, X, parameters["layers"])
            y_hat, dense_cache = dense_softmax(a, dense)
            loss, dz = cross_entropy(y_hat, Y)
            gradients = {"dense": dense_softmax_backward(dz, dense_cache)}
            gradients["layers"] = stack_backward(backward, gradients["dense"]["da"], cache, dx=False)
            optimizer.update(parameters, gradients)
        return loss

    def keras_weights(self) -> list[np.ndarray]:
        """Return the weights of the start in the order and form of Keras."""
        _, _, recurrent, dense = self.data()
        found = []
        # Keras keeps the state by what we call 1 - u: the weights of that gate have the other sign.
        gates = {"lstm": [("i", 1), ("f", 1), ("c", 1), ("o", 1)], "gru": [("u", -1), ("r", 1), ("c", 1)]}[
            self.kind
        ]
        for parameters in recurrent:
            weights = [sign * parameters[f"W{gate}"].T for gate, sign in gates]
            found += [
                np.concatenate([one[N_A:] for one in weights], axis=1),
                np.concatenate([one[:N_A] for one in weights], axis=1),
                np.concatenate([sign * parameters[f"b{gate}"].ravel() for gate, sign in gates]),
            ]
        return [*found, dense["Wy"].T, dense["by"].ravel()]

    def keras_trainer(self, keras: Any) -> Callable[[int], float]:
        """Return a function that trains the same network from the same start, compiled beforehand."""
        X, Y, _, _ = self.data()
        layer = keras.layers.LSTM if self.kind == "lstm" else partial(keras.layers.GRU, reset_after=False)
        model = keras.Sequential(
            [
                keras.Input((T_X, N_VALUES)),
                *(layer(N_A, return_sequences=True) for _ in range(self.layers)),
                keras.layers.Dense(N_VALUES, activation="softmax"),
            ]
        )
        rate = keras.optimizers.schedules.InverseTimeDecay(SETTINGS["learning_rate"], 1, SETTINGS["decay"])
        model.compile(
            optimizer=keras.optimizers.Adam(rate),
            loss="categorical_crossentropy",
            loss_weights=[float(T_X)],
        )
        fit: dict[str, Any] = {"batch_size": M, "shuffle": False, "verbose": 0}
        model.fit(X, Y, epochs=1, **fit)

        def train(epochs: int) -> float:
            model.set_weights(self.keras_weights())
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
    parser.add_argument("--kind", choices=sorted(LAYERS), default="lstm")
    parser.add_argument("--layers", type=int, default=1)
    options = parser.parse_args()
    if importlib.util.find_spec("keras") is None:
        sys.exit(MISSING)
    os.environ.setdefault("KERAS_BACKEND", "jax" if importlib.util.find_spec("jax") else "torch")
    import keras

    start = time.perf_counter()
    network = Network(options.kind, options.layers)
    train_ours, theirs = network.train_ours, network.keras_trainer(keras)
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
    print(
        f"{options.epochs} epochs, {options.layers} {options.kind} on {M} x {T_X} x {N_VALUES}, n_a = {N_A}; "
        "same losses after ten epochs"
    )
    print(f"course_utils.nn: {statistics.median(our_time):.2f} s, best {min(our_time):.2f} s")
    print(
        f"Keras {keras.__version__} on {keras.backend.backend()}: {statistics.median(their_time):.2f} s, "
        f"best {min(their_time):.2f} s, and {compiling:.1f} s to compile"
    )
    print(f"ratio of the times: {spread(our_time, their_time)}")
    print(f"ratio of the processor times: {spread(our_cpu, their_cpu)}")


if __name__ == "__main__":
    main()
