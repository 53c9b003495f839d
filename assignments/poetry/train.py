"""Trains the start weights of the lab, data/start.npz, on data/verse.txt, and writes its log, train.log.

    python assignments/poetry/train.py [epochs]          from the root of the repository

The network is that of the lab. The lab's windows have one target each; this script, which has more to learn, takes
the loss of every step of a window: 64 characters, 64 targets. (The same weights then predict after 40.) Nothing was
chosen by data/tempest.txt, which is read after the last epoch. The log has the bits per character of data/dream.txt
after each epoch; they are printed to see that the training is sound, and no epoch is picked by them.
"""

import sys
import time
from pathlib import Path

import numpy as np

from course_utils.nn import (
    Adam,
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    dropout,
    dropout_backward,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
)

HERE = Path(__file__).parent
N_A, STEPS, BATCH, RATE, DROPPED, SEED = 192, 64, 32, 0.002, 0.2, 1
TX = 40


def read(name, char_indices=None):
    text = (HERE / f"data/{name}.txt").read_text(encoding="utf-8").lower()
    if char_indices is None:
        char_indices = {char: k for k, char in enumerate(sorted(set(text)))}
    return np.array([char_indices[char] for char in text]), char_indices


def predict(parameters, x):
    """Return the probabilities of the next character after each step."""
    a1, _ = lstm_layer(x, parameters["lstm1"])
    a2, _ = lstm_layer(a1, parameters["lstm2"])
    return dense_softmax(a2, parameters["dense"])[0]


def bits(parameters, numbers, n_x, stride=1):
    """Return the bits per character of numbers[TX:], each predicted from the 40 before it."""
    ends = np.arange(TX, len(numbers), stride)
    table, lost = np.eye(n_x, dtype=np.float32), 0.0
    for part in np.array_split(ends, max(1, len(ends) // 256)):
        x = table[numbers[part[:, None] + np.arange(-TX, 0)]]
        a1, _ = lstm_layer(x, parameters["lstm1"])
        a2, _ = lstm_layer(a1, parameters["lstm2"])
        y_hat, _ = dense_softmax(a2[:, -1], parameters["dense"])
        lost -= np.log2(y_hat[np.arange(len(part)), numbers[part]]).sum()
    return lost / len(ends)


def step(parameters, x, y, rng):
    """Return the loss of a minibatch, summed over its steps, and the gradients."""
    a1, cache1 = lstm_layer(x, parameters["lstm1"])
    d1, mask1 = dropout(a1, DROPPED, rng)
    a2, cache2 = lstm_layer(d1, parameters["lstm2"])
    d2, mask2 = dropout(a2, DROPPED, rng)
    y_hat, cache3 = dense_softmax(d2, parameters["dense"])
    loss, dz = cross_entropy(y_hat, y)
    dense = dense_softmax_backward(dz / STEPS, cache3)
    second = lstm_layer_backward(dropout_backward(dense["da"], mask2), cache2)
    first = lstm_layer_backward(dropout_backward(second["dx"], mask1), cache1, dx=False)
    return loss, {"lstm1": first, "lstm2": second, "dense": dense}


def save(parameters, char_indices):
    arrays = {
        f"{layer}_{name}": value.astype(np.float16)
        for layer, own in parameters.items()
        for name, value in own.items()
    }
    chars = np.frombuffer("".join(char_indices).encode(), np.uint8)
    np.savez_compressed(HERE / "data/start.npz", chars=chars, **arrays)
    return {
        layer: {name: value.astype(np.float16).astype(np.float32) for name, value in own.items()}
        for layer, own in parameters.items()
    }


def main(epochs=16):
    numbers, char_indices = read("verse")
    n_x, rng = len(char_indices), np.random.default_rng(SEED)
    parameters = {
        "lstm1": lstm_parameters(n_x, N_A, rng, np.float32),
        "lstm2": lstm_parameters(N_A, N_A, rng, np.float32),
        "dense": dense_parameters(N_A, n_x, rng, np.float32),
    }
    dream, tempest = (read(name, char_indices)[0] for name in ("dream", "tempest"))
    size = sum(value.size for own in parameters.values() for value in own.values())
    updates = len(numbers) // (STEPS * BATCH)
    adam, table, begun = Adam(RATE), np.eye(n_x, dtype=np.float32), time.monotonic()
    with open(HERE / "train.log", "w", encoding="utf-8", newline="\n") as log:

        def say(line):
            print(line, flush=True)
            print(line, file=log, flush=True)

        say(f"{len(numbers):,} characters, {n_x} different; {N_A} units, {size:,} weights; seed {SEED}")
        say(f"{epochs} epochs of {updates} updates with {BATCH} windows of {STEPS}; NumPy {np.__version__}")
        for epoch in range(epochs):
            losses = []
            for update in range(updates):
                done = (epoch + update / updates) / epochs
                adam.learning_rate = RATE * min(1.0, 2 * (1 - done)) + 1e-5
                places = rng.integers(0, len(numbers) - STEPS, BATCH)
                window = numbers[places[:, None] + np.arange(STEPS + 1)]
                loss, gradients = step(parameters, table[window[:, :-1]], table[window[:, 1:]], rng)
                adam.update(parameters, gradients)
                losses.append(loss / STEPS / np.log(2))
            save(parameters, char_indices)
            now = bits(parameters, dream, n_x, stride=5)
            say(
                f"epoch {epoch + 1:2}: training {np.mean(losses):.3f} bits (with dropout), "
                f"dream.txt {now:.3f} bits, {time.monotonic() - begun:.0f} s"
            )
        kept = save(parameters, char_indices)
        say(f"as float16: dream.txt {bits(kept, dream, n_x):.4f}, tempest.txt {bits(kept, tempest, n_x):.4f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
