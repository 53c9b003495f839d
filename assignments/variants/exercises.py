"""The hidden cases of the lab `variants`: what is drawn, and what each output is worth."""

import numpy as np

from autograder import Alternative, Exercise, Lab

LARGEST = 200
"""No size of a case is larger."""


def layer(rng, n_x, n_h, gates):
    """The weights of the documents' lists for some gates: for each one W_x, W_h and b, rows being examples."""
    found = []
    for _ in range(gates):
        found.append(rng.standard_normal((n_x, n_h)) / n_x**0.5)
        found.append(rng.standard_normal((n_h, n_h)) / n_h**0.5)
        found.append(rng.standard_normal(n_h))
    return found


def readout(rng, n_h, n_q):
    return [rng.standard_normal((n_h, n_q)), rng.standard_normal(n_q)]


def steps(rng, T, m, n_x):
    return [rng.standard_normal((m, n_x)) for _ in range(T)]


def one_hot_steps(rng, T, m, n_x):
    """One-hot rows of whole numbers."""
    return [np.eye(n_x, dtype=int)[rng.integers(n_x, size=m)] for _ in range(T)]


def network(rng, T, m, n_x, n_h, n_q, gates=1, states=1):
    """The inputs of one network: with as many states as asked for, all of one size."""
    return {
        "inputs": steps(rng, T, m, n_x),
        "state": tuple(rng.standard_normal((m, n_h)) for _ in range(states)),
        "params": [*layer(rng, n_x, n_h, gates), *readout(rng, n_h, n_q)],
    }


def with_large_sums(rng, inputs, units=2):
    """Move the sums of two units to about 900 and -900, in each gate: a careless sigmoid or tanh overflows."""
    for b in inputs["params"][2:-2:3]:
        b[:units] = rng.uniform(800.0, 1000.0) * np.array([1.0, -1.0])
    return inputs


def with_wide_scores(inputs):
    """Move the scores of the first output up and of the last one down: a bound on the scores is seen."""
    inputs["params"][-1][[0, -1]] += np.array([12.0, -12.0])
    return inputs


def check_network(inputs, state, params):
    """Raise ValueError where the arguments of a lent `rnn` do not fit together."""
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    (n_x, n_h), n_q = W_xh.shape, W_hq.shape[1]
    if max(n_x, n_h, n_q, len(inputs), len(H)) > LARGEST:
        raise ValueError("larger than any case of this lab")
    if H.shape != (len(H), n_h) or W_hh.shape != (n_h, n_h) or b_h.size != n_h:
        raise ValueError("the state and its weights do not fit together")
    if W_hq.shape[0] != n_h or b_q.size != n_q or any(X.shape != (len(H), n_x) for X in inputs):
        raise ValueError("the inputs or the readout do not fit")


# ---------------------------------------------------------------- the simple RNN, in rows

rnn = Exercise(
    "rnn",
    outputs={"outputs": 3, "state": 1},
    check_call=check_network,
)


@rnn.case
def rnn_distinct(rng):
    """all sizes different"""
    return with_wide_scores(network(rng, T=5, m=7, n_x=4, n_h=6, n_q=3))


@rnn.case
def rnn_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return network(rng, T=11, m=3, n_x=8, n_h=5, n_q=9)


@rnn.case(group="edges", share=0.2)
def rnn_one_example(rng):
    """a batch of one example, with one-hot rows of whole numbers"""
    return {**network(rng, T=4, m=1, n_x=5, n_h=3, n_q=5), "inputs": one_hot_steps(rng, 4, 1, 5)}


@rnn.case(group="edges")
def rnn_one_step(rng):
    """a single step, sums so large that a careless tanh overflows"""
    return with_large_sums(rng, network(rng, T=1, m=4, n_x=3, n_h=5, n_q=2))


# ---------------------------------------------------------------- the GRU

gru = Exercise(
    "gru",
    outputs={"outputs": 3, "state": 1},
    alternatives=(
        Alternative(
            "paper",
            (("R * np.dot(H, W_hh)", "np.dot(R * H, W_hh)"),),
            "You wrote the form of the paper (Cho et al. 2014): the reset gate scales the state before the product.",
        ),
    ),
)


@gru.case
def gru_distinct(rng):
    """all sizes different"""
    return with_wide_scores(network(rng, T=5, m=7, n_x=4, n_h=6, n_q=3, gates=3))


@gru.case
def gru_longer(rng):
    """more steps than examples, states beyond -1 to 1"""
    inputs = network(rng, T=11, m=3, n_x=8, n_h=5, n_q=9, gates=3)
    return {**inputs, "state": (3.0 * inputs["state"][0],)}


@gru.case(group="edges", share=0.2)
def gru_one_example(rng):
    """a batch of one example, with one-hot rows of whole numbers"""
    return {**network(rng, T=4, m=1, n_x=5, n_h=3, n_q=5, gates=3), "inputs": one_hot_steps(rng, 4, 1, 5)}


@gru.case(group="edges")
def gru_one_step(rng):
    """a single step, sums so large that a careless sigmoid overflows"""
    return with_large_sums(rng, network(rng, T=1, m=4, n_x=3, n_h=5, n_q=2, gates=3))


# ---------------------------------------------------------------- from the lectures' notation

NAMES = ("W_xz", "W_hz", "b_z", "W_xr", "W_hr", "b_r", "W_xh", "W_hh", "b_h", "W_hq", "b_q")

from_lectures = Exercise(
    "from_lectures",
    outputs={name: 1 for name in NAMES},
    may_alias=NAMES,
    loose=tuple(name for name in NAMES if name.startswith("b_")),
)


def lectures(rng, n_x, n_a, n_y):
    parameters = {}
    for gate in "cur":
        parameters[f"W{gate}"] = rng.standard_normal((n_a, n_a + n_x))
        parameters[f"b{gate}"] = rng.standard_normal((n_a, 1))
    parameters["Wy"] = rng.standard_normal((n_y, n_a))
    parameters["by"] = rng.standard_normal((n_y, 1))
    return {"parameters": parameters}


@from_lectures.case
def lectures_distinct(rng):
    """all sizes different"""
    return lectures(rng, n_x=4, n_a=6, n_y=3)


@from_lectures.case
def lectures_wide(rng):
    """more inputs than hidden units"""
    return lectures(rng, n_x=8, n_a=3, n_y=5)


@from_lectures.case(group="edges", share=0.2)
def lectures_square(rng):
    """as many inputs as hidden units, and as predictions"""
    return lectures(rng, n_x=4, n_a=4, n_y=4)


# ---------------------------------------------------------------- the LSTM

lstm = Exercise(
    "lstm",
    outputs={"outputs": 2, "state": 1},
)


@lstm.case
def lstm_distinct(rng):
    """all sizes different"""
    return with_wide_scores(network(rng, T=5, m=7, n_x=4, n_h=6, n_q=3, gates=4, states=2))


@lstm.case
def lstm_longer(rng):
    """more steps than examples, memories beyond -1 to 1"""
    inputs = network(rng, T=11, m=3, n_x=8, n_h=5, n_q=9, gates=4, states=2)
    return {**inputs, "state": (inputs["state"][0], 4.0 * inputs["state"][1])}


@lstm.case(group="edges", share=0.2)
def lstm_one_example(rng):
    """a batch of one example, with one-hot rows of whole numbers"""
    inputs = network(rng, T=4, m=1, n_x=5, n_h=3, n_q=5, gates=4, states=2)
    return {**inputs, "inputs": one_hot_steps(rng, 4, 1, 5)}


@lstm.case(group="edges")
def lstm_one_step(rng):
    """a single step, sums and memories so large that a careless activation overflows"""
    inputs = with_large_sums(rng, network(rng, T=1, m=4, n_x=3, n_h=5, n_q=2, gates=4, states=2))
    inputs["state"][1][:, 0] = rng.uniform(900.0, 1100.0) * np.array([1.0, -1.0, 1.0, -1.0])
    return inputs


# ---------------------------------------------------------------- several layers

deep_rnn = Exercise(
    "deep_rnn",
    outputs={"outputs": 3, "state": 1},
    calls=("rnn",),
)


def deep(rng, T, m, n_x, n_hs, n_q):
    """Layers of the sizes ``n_hs``, from below."""
    params = []
    for below, n_h in zip((n_x, *n_hs), n_hs):
        params += layer(rng, below, n_h, 1)
    state = tuple(rng.standard_normal((m, n_h)) for n_h in n_hs)
    return {"inputs": steps(rng, T, m, n_x), "state": state, "params": [*params, *readout(rng, n_hs[-1], n_q)]}


@deep_rnn.case
def deep_two(rng):
    """two layers, all sizes different"""
    return with_wide_scores(deep(rng, T=5, m=7, n_x=4, n_hs=(6, 8), n_q=3))


@deep_rnn.case
def deep_three(rng):
    """three layers, smaller from each to the next"""
    return deep(rng, T=6, m=2, n_x=9, n_hs=(7, 5, 4), n_q=3)


@deep_rnn.case
def deep_equal(rng):
    """four layers of one size, as large as an input"""
    return deep(rng, T=4, m=3, n_x=5, n_hs=(5, 5, 5, 5), n_q=6)


@deep_rnn.case(group="edges", share=0.2)
def deep_one(rng):
    """a single layer"""
    return deep(rng, T=4, m=1, n_x=3, n_hs=(5,), n_q=2)


@deep_rnn.case(group="edges")
def deep_one_step(rng):
    """a single step"""
    return deep(rng, T=1, m=4, n_x=3, n_hs=(6, 5), n_q=2)


# ---------------------------------------------------------------- both directions

bidirectional_rnn = Exercise(
    "bidirectional_rnn",
    outputs={"outputs": 3, "state": 1},
    calls=("rnn",),
)


def bidirectional(rng, T, m, n_x, n_h, n_b, n_q):
    """A forward layer of n_h units and a backward one of n_b."""
    params = [*layer(rng, n_x, n_h, 1), *layer(rng, n_x, n_b, 1), *readout(rng, n_h + n_b, n_q)]
    state = rng.standard_normal((m, n_h)), rng.standard_normal((m, n_b))
    return {"inputs": steps(rng, T, m, n_x), "state": state, "params": params}


@bidirectional_rnn.case
def bidirectional_equal(rng):
    """as many units in either direction"""
    return with_wide_scores(bidirectional(rng, T=5, m=7, n_x=4, n_h=6, n_b=6, n_q=3))


@bidirectional_rnn.case
def bidirectional_unequal(rng):
    """more units backward than forward"""
    return bidirectional(rng, T=8, m=3, n_x=6, n_h=4, n_b=5, n_q=7)


@bidirectional_rnn.case(group="edges", share=0.2)
def bidirectional_one_step(rng):
    """a single step of a single example"""
    return bidirectional(rng, T=1, m=1, n_x=3, n_h=5, n_b=4, n_q=2)


@bidirectional_rnn.case(group="edges")
def bidirectional_two_steps(rng):
    """two steps"""
    return bidirectional(rng, T=2, m=4, n_x=5, n_h=3, n_b=6, n_q=2)


# ---------------------------------------------------------------- perplexity


def check_perplexity(outputs, Y):
    if len(outputs) > LARGEST or Y.shape[1] != len(outputs) or max(outputs[0].shape) > LARGEST:
        raise ValueError("the scores and Y do not fit together, or are larger than any case of this lab")
    if any(scores.shape != (len(Y), outputs[0].shape[1]) for scores in outputs):
        raise ValueError("the scores of the steps are of several shapes")
    if Y.min() < 0 or Y.max() >= outputs[0].shape[1]:
        raise ValueError("Y holds a number that no score belongs to")


perplexity = Exercise("perplexity", outputs={"ppl": 1}, loose=("ppl",), check_call=check_perplexity)


def scores(rng, T, m, n_q, scale=1.5):
    return {
        "outputs": [scale * rng.standard_normal((m, n_q)) for _ in range(T)],
        "Y": rng.integers(n_q, size=(m, T)),
    }


@perplexity.case
def perplexity_distinct(rng):
    """all sizes different"""
    return scores(rng, T=5, m=7, n_q=12)


@perplexity.case
def perplexity_longer(rng):
    """more steps than examples"""
    return scores(rng, T=9, m=2, n_q=5)


@perplexity.case
def perplexity_square(rng):
    """as many steps as examples"""
    return scores(rng, T=6, m=6, n_q=8)


@perplexity.case(group="edges", share=0.3)
def perplexity_large_scores(rng):
    """scores so large that a careless exponential overflows"""
    inputs = scores(rng, T=4, m=3, n_q=6)
    rows = np.arange(3)
    for step, y in zip(inputs["outputs"], inputs["Y"].T):
        step[rows, y] += 900.0
        step[rows, (y + rng.integers(1, 5)) % 6] += 900.0  # as likely as the right one, about
        step[rows, (y + 5) % 6] -= 2000.0
        step += rng.permuted([[0.0], [1000.0], [-1000.0]])  # no common level for all rows
    return inputs


@perplexity.case(group="edges")
def perplexity_one(rng):
    """one step of one example, as good as impossible"""
    inputs = scores(rng, T=1, m=1, n_q=4)
    inputs["outputs"][0][0, inputs["Y"][0, 0]] -= 60.0
    return inputs


# ---------------------------------------------------------------- batches of a text


def text(rng, length, n=60):
    """A text as numbers, no two neighbours alike."""
    return np.cumsum(rng.integers(1, n, length)) % n


def batches_inputs(rng, length, batch_size, num_steps, **more):
    corpus = text(rng, length).tolist()
    return {"corpus_indices": corpus, "batch_size": batch_size, "num_steps": num_steps, **more}


data_iter_random = Exercise("data_iter_random", outputs={"batches": 1}, may_alias=("batches",))


@data_iter_random.case
def random_some_left(rng):
    """windows that do not fill the last batch, characters left at the end"""
    return batches_inputs(rng, 98, batch_size=4, num_steps=6, seed=int(rng.integers(1, 10_000)))


@data_iter_random.case
def random_larger_batches(rng):
    """more rows than steps"""
    return batches_inputs(rng, 90, batch_size=7, num_steps=4, seed=int(rng.integers(1, 10_000)))


@data_iter_random.case
def random_exact(rng):
    """a last window whose target would lie behind the text"""
    return batches_inputs(rng, 60, batch_size=1, num_steps=5, seed=int(rng.integers(1, 10_000)))


@data_iter_random.case(group="edges", share=0.2)
def random_array(rng):
    """a text that is an array, one batch of all windows"""
    inputs = batches_inputs(rng, 25, batch_size=6, num_steps=4, seed=int(rng.integers(1, 10_000)))
    return {**inputs, "corpus_indices": np.array(inputs["corpus_indices"])}


@data_iter_random.case(group="edges")
def random_nothing(rng):
    """a text that is too short for a batch"""
    return batches_inputs(rng, 20, batch_size=5, num_steps=4, seed=int(rng.integers(1, 10_000)))


data_iter_consecutive = Exercise("data_iter_consecutive", outputs={"batches": 1}, may_alias=("batches",))


@data_iter_consecutive.case
def consecutive_some_left(rng):
    """characters left at the end of the text and of each row"""
    return batches_inputs(rng, 103, batch_size=4, num_steps=6)


@data_iter_consecutive.case
def consecutive_larger_batches(rng):
    """more rows than steps"""
    return batches_inputs(rng, 120, batch_size=7, num_steps=3)


@data_iter_consecutive.case
def consecutive_exact(rng):
    """a row whose last target would lie in the next one"""
    return batches_inputs(rng, 60, batch_size=3, num_steps=5)


@data_iter_consecutive.case(group="edges", share=0.2)
def consecutive_array(rng):
    """a text that is an array, read as one row"""
    inputs = batches_inputs(rng, 26, batch_size=1, num_steps=5)
    return {**inputs, "corpus_indices": np.array(inputs["corpus_indices"])}


@data_iter_consecutive.case(group="edges")
def consecutive_nothing(rng):
    """a text that is too short for a batch"""
    return batches_inputs(rng, 20, batch_size=5, num_steps=4)


# ---------------------------------------------------------------- clipping by norm

grad_clipping = Exercise("grad_clipping", outputs={"norm": 1}, effects={"grads": 3}, loose=("norm",))


def gradients(rng, n_x, n_h, n_q, norm):
    """Gradients of a simple RNN, whose norm is as asked for, in no array alone."""
    grads = [*layer(rng, n_x, n_h, 1), *readout(rng, n_h, n_q)]
    total = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return [grad * (norm / total) for grad in grads]


@grad_clipping.case
def clipping_large(rng):
    """a norm beyond the threshold"""
    return {"grads": gradients(rng, 4, 6, 3, norm=rng.uniform(20.0, 60.0)), "theta": 5.0}


@grad_clipping.case
def clipping_fraction(rng):
    """a threshold below one, a norm just beyond it"""
    return {"grads": gradients(rng, 7, 3, 5, norm=rng.uniform(0.4, 0.6)), "theta": 0.35}


@grad_clipping.case
def clipping_only_together(rng):
    """beyond the threshold all together, no array alone"""
    return {"grads": [0.6 * grad / np.linalg.norm(grad) for grad in gradients(rng, 5, 4, 6, 1.0)], "theta": 1}


@grad_clipping.case
def clipping_not_needed(rng):
    """a norm below the threshold"""
    return {"grads": gradients(rng, 3, 5, 4, norm=rng.uniform(0.5, 0.9)), "theta": 1}


@grad_clipping.case(group="edges", share=0.2)
def clipping_zero(rng):
    """gradients of zero"""
    return {"grads": [0 * grad for grad in gradients(rng, 3, 4, 2, norm=1.0)], "theta": 0.01}


@grad_clipping.case(group="edges")
def clipping_one_array(rng):
    """a single array"""
    return {"grads": gradients(rng, 3, 4, 2, norm=9.0)[:1], "theta": 0.01}


# ---------------------------------------------------------------- one step of truncated backpropagation

truncated_step = Exercise(
    "truncated_step",
    outputs={"loss": 1, "grads": 6, "state": 1},
    calls=("rnn", "perplexity"),
    loose=("loss",),
)


def window(rng, T, m, n_x, n_h, n_q):
    inputs = network(rng, T, m, n_x, n_h, n_q)
    targets = rng.integers(n_q, size=(m, T))
    return {"inputs": inputs["inputs"], "targets": targets, "state": inputs["state"], "params": inputs["params"]}


@truncated_step.case
def step_distinct(rng):
    """all sizes different"""
    return window(rng, T=5, m=7, n_x=4, n_h=6, n_q=3)


@truncated_step.case
def step_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return window(rng, T=9, m=3, n_x=8, n_h=4, n_q=5)


@truncated_step.case(group="edges", share=0.2)
def step_one_step(rng):
    """a window of one step"""
    return window(rng, T=1, m=4, n_x=3, n_h=5, n_q=6)


@truncated_step.case(group="edges")
def step_one_example(rng):
    """a batch of one example, with one-hot rows of whole numbers"""
    return {**window(rng, T=6, m=1, n_x=5, n_h=4, n_q=5), "inputs": one_hot_steps(rng, 6, 1, 5)}


lab = Lab(
    exercises=(
        rnn,
        gru,
        from_lectures,
        lstm,
        deep_rnn,
        bidirectional_rnn,
        perplexity,
        data_iter_random,
        data_iter_consecutive,
        grad_clipping,
        truncated_step,
    ),
    modules=("activations", "break_it", "checks", "explore", "language_model", "nn", "plots", "tables", "verse", "watch"),
    # The demos train for a moment only while a notebook is graded.
    limits={"cell_seconds": 15},
)
