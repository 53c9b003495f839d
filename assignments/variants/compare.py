"""Compares recurrent networks of equal size, and writes data/comparison.json: python compare.py [--pilot] [PART ...]

Parts: "verse" predicts the next character, "missing" a masked one, "recall" names a symbol after T steps, and
"adding" adds two marked numbers. Every figure is a mean over SEEDS with the half width of its 95 % interval
(Student's t). A seed decides initial weights, batches, dropout and masks; the split of the poems is the same for
all. ``--pilot`` trains with each rate of RATES and PILOT, a seed of its own, and writes nothing: RATE holds what it
found best. One thread: set OPENBLAS_NUM_THREADS=1.
"""

import argparse
import hashlib
import json
import platform
import re
import time
from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from networks import KINDS, Network, count, step

from course_utils import nn

SEEDS = (101, 102, 103, 104, 105)
T_95 = 2.7764  # Student's t for 4 degrees of freedom, two-sided
PILOT = 7
RATES = (0.001, 0.003, 0.01)
DATA = Path(__file__).parent / "data"
OUT = DATA / "comparison.json"


# ---------------------------------------------------------------- verse


VECTORS, DROP, M, T_X = 64, 0.3, 16, 32
BUDGET = 300_000
EPOCHS = {"verse": 24, "missing": 40}
SHARE = 0.15  # of the characters are masked
RARE = 3  # characters that the training poems have less often count as one, the unknown
VERSE = {
    "RNN": Network("RNN"),
    "GRU": Network("GRU"),
    "LSTM": Network("LSTM"),
    "GRU, two layers": Network("GRU", layers=2),
    "LSTM, two layers": Network("LSTM", layers=2),
}
MISSING = {"GRU, left to right": Network("GRU"), "GRU, both ways": Network("GRU", both=True)}


def corpus():
    """Return the streams of training, validation and test poems as indices, the vocabulary, and a description."""
    path = DATA / "verse.txt"
    poems = path.read_text("utf-8").strip().split("\n\n")
    order = np.random.default_rng(0).permutation(len(poems))
    bounds = 0, round(0.8 * len(poems)), round(0.9 * len(poems)), len(poems)
    texts = ["\n\n".join(poems[k] for k in order[a:b]) + "\n\n" for a, b in zip(bounds, bounds[1:], strict=False)]
    known = ["□", *sorted(c for c, n in Counter(texts[0]).items() if n >= RARE)]
    number = {c: k for k, c in enumerate(known)}
    streams = [np.array([number.get(c, 0) for c in text]) for text in texts]
    about = {
        "file": "verse.txt",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "poems": [b - a for a, b in zip(bounds, bounds[1:], strict=False)],
        "characters": [len(stream) for stream in streams],
        "vocabulary": len(known),
        "unknown": [round(float((stream == 0).mean()), 4) for stream in streams],
    }
    return streams, known, about


def windows(stream, start=0):
    """Return consecutive windows of T_X + 1 characters that overlap by one: (windows, T_X + 1)."""
    n = (len(stream) - 1 - start) // T_X
    return stream[start + T_X * np.arange(n)[:, None] + np.arange(T_X + 1)]


def next_character(rows, rng):
    """Return inputs, where to predict, and what."""
    everywhere = np.ones((len(rows), T_X), bool)
    return rows[:, :-1], everywhere, rows[:, 1:][everywhere]


def masked_character(rows, rng, mask):
    """Return inputs in which some characters are replaced by a mask, where, and what they were."""
    x = rows[:, :-1].copy()
    hidden = rng.random(x.shape) < SHARE
    hidden[0, 0] = True  # never none
    wanted = x[hidden]
    x[hidden] = mask
    return x, hidden, wanted


def on_verse(task, network, n_a, rate, seed, epochs, log):
    """Train, and return what is measured after each epoch, and the test at the epoch that was best in validation."""
    streams, known, _ = corpus()
    n_y = len(known)
    take = next_character if task == "verse" else partial(masked_character, mask=n_y)
    rng = np.random.default_rng(seed)
    parameters = network.parameters(VECTORS, n_a, n_y, n_y + 1, rng)
    optimizer, one = nn.Adam(rate), np.eye(n_y, dtype=np.float32)
    table = parameters["input"]["table"]
    found = {"curve": [], "train_curve": [], "seconds": []}
    best = np.inf
    for epoch in range(epochs):
        start, total, seen = time.process_time(), 0.0, 0
        rows = windows(streams[0], rng.integers(T_X))
        for batch in nn.minibatches(len(rows), M, rng):
            x, where, wanted = take(rows[batch], rng)
            vectors, first = nn.dropout(nn.embed(x, table), DROP, rng)
            a, cache = network.forward(vectors, parameters)
            dropped, second = nn.dropout(a[where], DROP, rng)
            y_hat, dense = nn.dense_softmax(dropped, parameters["output"])
            loss, dz = nn.cross_entropy(y_hat, one[wanted])
            output = nn.dense_softmax_backward(dz, dense)
            da = np.zeros_like(a)
            da[where] = nn.dropout_backward(output["da"], second)
            gradients = network.backward(da, cache, dx=True) | {"output": output}
            dx = nn.dropout_backward(gradients["dx"], first)
            gradients["input"] = {"dtable": nn.embed_backward(dx, x, len(table))}
            step(optimizer, parameters, gradients)
            total, seen = total + loss * len(wanted), seen + len(wanted)
        found["seconds"].append(time.process_time() - start)
        found["train_curve"].append(float(np.exp(total / seen)))
        validation, _ = held_out(network, parameters, take, streams[1])
        found["curve"].append(validation)
        if validation < best:
            best, found["best_epoch"] = validation, epoch + 1
            found["test"], found["accuracy"] = held_out(network, parameters, take, streams[2])
    found["seconds"] = float(np.median(found["seconds"]))
    log(f"validation {best:.1f} after {found['best_epoch']}, test {found['test']:.1f}, "
        f"accuracy {found['accuracy']:.4f}, {found['seconds']:.2f} s an epoch")  # fmt: skip
    return found


def held_out(network, parameters, take, stream):
    """Return perplexity and share of right first guesses; masks are always the same."""
    x, where, wanted = take(windows(stream), np.random.default_rng(1))
    a, _ = network.forward(nn.embed(x, parameters["input"]["table"]), parameters)
    y_hat, _ = nn.dense_softmax(a[where], parameters["output"])
    right = y_hat[np.arange(len(wanted)), wanted].astype(float)
    return float(np.exp(-np.log(right).mean())), float((y_hat.argmax(axis=1) == wanted).mean())


def baselines():
    """Return the test perplexity of single characters and of pairs, mixed with the weight that suits validation."""
    (train, validation, test), known, _ = corpus()
    single = np.bincount(train, minlength=len(known)) + 1.0
    single /= single.sum()
    pairs = np.zeros((len(known), len(known)))
    np.add.at(pairs, (train[:-1], train[1:]), 1)
    pairs /= np.maximum(pairs.sum(axis=1, keepdims=True), 1)

    def perplexity(stream, share):
        rows = windows(stream)
        before, after = rows[:, :-1], rows[:, 1:]
        p = share * pairs[before, after] + (1 - share) * single[after]
        return float(np.exp(-np.log(p).mean()))

    share = min(np.arange(0, 1, 0.05), key=lambda share: perplexity(validation, share))
    return {"unigram": short(perplexity(test, 0)), "bigram": short(perplexity(test, share))}


# ---------------------------------------------------------------- long-range tasks


KEPT, NOISE = 8, 8


def slow_gates(parameters, T, rng):
    """Set the biases so that at first units forget within 1 to T - 1 steps (Tallec and Ollivier 2018)."""
    times = np.log(rng.uniform(1, T - 1, parameters["bc"].shape))
    if "bf" in parameters:
        parameters["bf"][:], parameters["bi"][:] = times, -times
    else:
        parameters["bu"][:] = -times


def small_weights(parameters, T, rng):
    """Set all weights as the lab `sampling` does: normally distributed, of standard deviation 0.01."""
    parameters["Wa"][:] = 0.01 * rng.standard_normal(parameters["Wa"].shape)


PLAIN = {kind: Network(kind) for kind in KINDS}
STARTED = {
    "RNN, small weights": Network("RNN", start=small_weights),
    "GRU, slow gates": Network("GRU", start=slow_gates),
    "LSTM, slow gates": Network("LSTM", start=slow_gates),
}
SEQUENCES = {"recall": PLAIN | STARTED, "adding": PLAIN}
STEPS = {"recall": (5, 10, 20, 40, 80, 160), "adding": (10, 20, 40, 80)}
UPDATES = {"recall": 800, "adding": 1500}
SIZES = {"recall": (KEPT + NOISE + 1, KEPT, 7000), "adding": (2, 1, 5670)}
BATCH, TESTS = 50, 1000


def recall(m, T, rng):
    """A symbol to keep, T others, and the question: which was it? Returns x and the answers, one-hot."""
    kept = rng.integers(KEPT, size=m)
    symbols = np.column_stack((kept, KEPT + rng.integers(NOISE, size=(m, T)), np.full(m, KEPT + NOISE)))
    return np.eye(KEPT + NOISE + 1, dtype=np.float32)[symbols], np.eye(KEPT, dtype=np.float32)[kept]


def adding(m, T, rng):
    """Numbers from -1 to 1, one marked in each half: 0.5 + their sum / 4 (Hochreiter and Schmidhuber 1997, but T
    and the halves are fixed, and the ends are not marked)."""
    values, marks = rng.uniform(-1, 1, (m, T)), np.zeros((m, T))
    every = np.arange(m)
    marks[every, rng.integers(T // 2, size=m)] = 1
    marks[every, T // 2 + rng.integers(T - T // 2, size=m)] = 1
    wanted = 0.5 + (values * marks).sum(axis=1, keepdims=True) / 4
    return np.stack((values, marks), axis=2).astype(np.float32), wanted.astype(np.float32)


def on_sequences(task, network, n_a, rate, seed, T, log):
    """Train on fresh sequences, and return accuracy (and mean squared error) on others."""
    draw = {"recall": recall, "adding": adding}[task]
    n_x, n_y, _ = SIZES[task]
    rng = np.random.default_rng((seed, T))
    parameters = network.parameters(n_x, n_a, n_y, 0, rng)
    if network.start:
        network.start(parameters["layers"]["layer1"], T, rng)
    optimizer, output = nn.Adam(rate), parameters["output"]
    start = time.process_time()
    for _ in range(UPDATES[task]):
        x, wanted = draw(BATCH, T, rng)
        a, cache = network.forward(x, parameters)
        last = a[:, -1]
        dz = answer(task, last, output) - wanted  # the softmax with cross-entropy, or half the squared error
        dz /= BATCH
        gradients = network.backward(dz @ output["Wy"], cache, dx=False)
        gradients["output"] = {"dWy": dz.T @ last, "dby": dz.sum(axis=0)[:, None]}
        step(optimizer, parameters, gradients)
    seconds = time.process_time() - start
    x, wanted = draw(TESTS, T, np.random.default_rng((1, T)))
    y = answer(task, network.forward(x, parameters)[0][:, -1], output)
    found = {"seconds": seconds}
    if task == "recall":
        found["accuracy"] = float((y.argmax(axis=1) == wanted.argmax(axis=1)).mean())
    else:
        found["accuracy"] = float((np.abs(y - wanted) < 0.04).mean())
        found["error"] = float(((y - wanted) ** 2).mean())
    log(f"T = {T}: " + ", ".join(f"{name} {value:.4g}" for name, value in found.items()))
    return found


def answer(task, last, output):
    if task == "recall":
        return nn.dense_softmax(last, output)[0]
    return last @ output["Wy"].T + output["by"].ravel()


# ---------------------------------------------------------------- figures


def summary(runs):
    """Return mean and half width of the interval of numbers, or of lists of numbers, one for each seed."""
    values = np.array(runs, dtype=float)
    half = T_95 * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return {"mean": short(values.mean(axis=0)), "half": short(half)}


def short(value):
    """Return a number, or a list of numbers, with four significant digits."""
    return [short(v) for v in value] if np.ndim(value) else float(f"{value:.4g}")


def full(runs):
    return summary(runs) | {"runs": short(np.array(runs))}


def differences(runs):
    """Return the differences of each two models, paired by seed; separated if the interval leaves out zero."""
    found = []
    names = list(runs)
    for number, first in enumerate(names):
        for second in names[number + 1 :]:
            entry = summary(np.array(runs[first]) - np.array(runs[second]))
            apart = abs(entry["mean"]) > entry["half"]
            found.append({"first": first, "second": second, **entry, "separated": bool(apart)})
    return found


# ---------------------------------------------------------------- running


RATE = {
    "verse": {"RNN": 0.001, "GRU": 0.01, "LSTM": 0.01, "GRU, two layers": 0.01, "LSTM, two layers": 0.01},
    "missing": {"GRU, left to right": 0.003, "GRU, both ways": 0.003},
    "recall": {
        **{"RNN": 0.003, "GRU": 0.003, "LSTM": 0.001},
        **{"RNN, small weights": 0.01, "GRU, slow gates": 0.003, "LSTM, slow gates": 0.003},
    },
    "adding": {"RNN": 0.003, "GRU": 0.003, "LSTM": 0.003},
}
"""The rate of RATES with the lowest validation perplexity, or the highest accuracy over T = 20 and 40, in the
pilot; of equal ones 0.003. The pilot's verse had 20 epochs."""


def trainers(part):
    """Return the networks of a part with their sizes, and how to train one: (name, rate, seed, ...) -> figures."""
    if part in STEPS:
        n_x, n_y, budget = SIZES[part]
        networks, rows, train = SEQUENCES[part], 0, partial(on_sequences, part)
    else:
        n_y = len(corpus()[1])
        networks = {"verse": VERSE, "missing": MISSING}[part]
        n_x, rows, budget, train = VECTORS, n_y + 1, BUDGET, partial(on_verse, part)
    sizes = {}
    for name, network in networks.items():
        n_a = network.width(n_x, n_y, rows, budget)
        learned = count(network.parameters(n_x, n_a, n_y, rows, np.random.default_rng(0)))
        assert abs(learned / budget - 1) < 0.01, (name, learned)
        sizes[name] = {"layers": network.layers, "n_a": n_a, "parameters": learned}

    def run(name, rate, seed, *rest):
        def log(line):
            print(f"{part}, {name}, n_a {sizes[name]['n_a']}, rate {rate}, seed {seed}: {line}", flush=True)

        return train(networks[name], sizes[name]["n_a"], rate, seed, *rest, log)

    return sizes, run


def pilot(part):
    """Train with each rate once, and print what comes out."""
    sizes, run = trainers(part)
    for name in sizes:
        for rate in RATES:
            for T in STEPS.get(part, (EPOCHS.get(part),)):
                if part in EPOCHS or T in (20, 40):
                    run(name, rate, PILOT, T)


def measure(part):
    """Return the figures of a part."""
    sizes, run = trainers(part)
    models, found = {}, {}
    for name, size in sizes.items():
        rate = RATE[part][name]
        if part in EPOCHS:
            runs = [run(name, rate, seed, EPOCHS[part]) for seed in SEEDS]
            keys = {"curve": summary, "train_curve": summary, "test": full, "accuracy": full, "best_epoch": full}
        else:
            by_T = [[run(name, rate, seed, T) for T in STEPS[part]] for seed in SEEDS]
            runs = [{key: [r[key] for r in row] for key in row[0]} for row in by_T]
            keys = {"accuracy": full} | ({"error": full} if part == "adding" else {})
        found[name] = runs
        models[name] = {**size, "rate": rate}
        for key, form in (keys | {"seconds": summary}).items():
            models[name][key] = form([r[key] for r in runs])

    def of(key, *at):
        return differences({name: [r[key][at[0]] if at else r[key] for r in runs] for name, runs in found.items()})

    if part in EPOCHS:
        about = {"epochs": list(range(1, EPOCHS[part] + 1))}
        about["baselines"] = baselines() if part == "verse" else {}
        return about | {"models": models, "differences": of("test"), "differences_accuracy": of("accuracy")}
    chance = 1 / KEPT if part == "recall" else 1 - (1 - 0.08) ** 2
    apart = {str(T): of("accuracy", k) for k, T in enumerate(STEPS[part])}
    return {"T": STEPS[part], "updates": UPDATES[part], "chance": short(chance), "models": models, "differences": apart}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(RATE)}; all by default")
    parser.add_argument("--pilot", action="store_true", help="try the rates of RATES, and write nothing")
    options = parser.parse_args()
    parts = options.parts or list(RATE)
    if options.pilot:
        for part in parts:
            pilot(part)
        return
    for part in parts:
        start = time.process_time()
        found = measure(part)
        # read only now: another process may have written other parts
        results = json.loads(OUT.read_text("utf-8")) if OUT.exists() else {"provenance": {"cpu_seconds": {}}}
        results[part] = found
        results["provenance"] |= {
            "script": "assignments/variants/compare.py",
            "seeds": SEEDS,
            "interval": "95 %, Student's t over the seeds: half its width is `half`",
            "date": date.today().isoformat(),
            "versions": {"python": platform.python_version(), "numpy": np.__version__},
            "corpus": corpus()[2],
        }
        results["provenance"]["cpu_seconds"][part] = round(time.process_time() - start)
        text = json.dumps(results, ensure_ascii=False, indent=1)
        text = re.sub(r"\[[^][{}]*\]|\{[^][{}]*\}", lambda flat: " ".join(flat[0].split()), text)
        OUT.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
