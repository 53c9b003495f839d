"""How well the two models of the lab `emojify` do on its test set, over several seeds.

``python -m benchmarks.emojify [--seeds N]`` runs the lab's text with its own solutions, then trains both
models again for each seed: the first with another order of the sentences, the second with another start,
other batches and other dropout. It prints means with 95% intervals (Student's t over the seeds), by kind of
sentence too, and CPU seconds. On a busy machine set OPENBLAS_NUM_THREADS=1: threads that wait for each other
cost more than they help.
"""

import argparse
import contextlib
import io
import os
import time
from pathlib import Path
from typing import Any

import jupytext
import numpy as np

LAB = Path(__file__).parents[1] / "assignments" / "emojify"
LAST = "def train("
"""The last cell that is run defines the training loop, and trains once."""
T_95 = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}
"""Quantiles of Student's t for 95%, by the number of seeds."""


def notebook() -> dict[str, Any]:
    """Run the lab's text up to the training of the second model; returns its names."""
    names: dict[str, Any] = {}
    for cell in jupytext.read(LAB / "emojify.py").cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, "<emojify>", "exec"), names)
            if LAST in cell.source:
                return names
    raise SystemExit(f"no cell with {LAST!r} in {LAB / 'emojify.py'}")


def first_model(names: dict[str, Any], seed: int) -> tuple[np.ndarray, float]:
    """Train on another order of the sentences; returns the test predictions and the training accuracy."""
    order = np.random.default_rng(seed).permutation(len(names["X_train"]))
    X, Y = [names["X_train"][i] for i in order], names["Y_train"][order]
    pred, W, b = names["model"](X, Y, names["word_to_vec_map"], 0.01, 200)
    tested = names["predict"](names["X_test"], names["Y_test"], W, b, names["word_to_vec_map"])
    return tested, np.mean(pred == Y)


def second_model(names: dict[str, Any], seed: int) -> tuple[np.ndarray, float]:
    """Train from another start; returns the test predictions and the training accuracy."""
    parameters, _ = names["train"](
        names["train_indices"], names["Y_train"], names["emb_matrix"], 50 * 32, seed
    )
    pred = {
        data: names["Emojify_V2"](names[f"{data}_indices"], names["emb_matrix"], parameters).argmax(axis=1)
        for data in ("train", "test")
    }
    return pred["test"], np.mean(pred["train"] == names["Y_train"])


def interval(shares: list[float]) -> str:
    """Return mean and 95% interval as text."""
    half = T_95[len(shares)] * np.std(shares, ddof=1) / len(shares) ** 0.5
    return f"{100 * np.mean(shares):5.1f}% +- {100 * half:.1f}"


def main() -> None:
    """Train, test, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, choices=sorted(T_95))
    seeds = range(parser.parse_args().seeds)
    os.chdir(LAB)
    with contextlib.redirect_stdout(io.StringIO()):
        names = notebook()
    Y, kinds, pairs = names["Y_test"], np.array(names["kinds"]), names["pairs"]
    print(f"{len(names['Y_train'])} sentences to train, {len(Y)} to test, {len(seeds)} seeds")
    for title, run in (("first model (average)", first_model), ("second model (LSTM)", second_model)):
        began = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            results = [run(names, seed) for seed in seeds]
        seconds = (time.process_time() - began) / len(seeds)
        right = [pred == Y for pred, _ in results]
        print(f"{title}: training {interval([train for _, train in results])}, {seconds:.1f} s CPU a run")
        each = ", ".join(f"{100 * r.mean():.1f}" for r in right)
        print(f"  test     {interval([r.mean() for r in right])}   ({each})")
        for kind in sorted(set(names["kinds"])):
            of_kind = kinds == kind
            print(f"  {kind:8} {interval([r[of_kind].mean() for r in right])}   of {of_kind.sum()}")
        apart = [np.mean([pred[i] != pred[j] for i, j in pairs]) for pred, _ in results]
        print(f"  pairs told apart {interval(apart)}   of {len(pairs)}")


if __name__ == "__main__":
    main()
