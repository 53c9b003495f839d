"""The known mistakes of the lab `cells`: small edits of the reference, each with the help a student reads."""

from autograder import Mistake

mistakes = {
    "rnn_cell_forward": [
        Mistake(
            "no-hidden-bias",
            (("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt))"),),
            "The bias `ba` is missing from the new hidden state: each unit has an offset of its own.",
        ),
        Mistake(
            "no-output-bias",
            (("np.dot(Wya, a_next) + by", "np.dot(Wya, a_next)"),),
            "The bias `by` is missing from the scores that go into `softmax`.",
        ),
        Mistake(
            "bias-outside-tanh",
            (("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt)) + ba"),),
            "The bias `ba` is added after the activation: it belongs inside, with the two products.",
        ),
        Mistake(
            "no-recurrence",
            (("np.dot(Waa, a_prev) + ", ""),),
            "The new state does not depend on `a_prev`: without the old state, nothing is remembered.",
        ),
        Mistake(
            "no-input",
            ((" + np.dot(Wax, xt)", ""),),
            "The new state does not depend on `xt`: the input of this step is missing from the sum.",
        ),
        Mistake(
            "hidden-weights-transposed",
            (("np.dot(Waa, a_prev)", "np.dot(Waa.T, a_prev)"),),
            "`Waa` is transposed. It is square, so either way fits; the weights are stored so that no transpose is needed.",
        ),
        Mistake(
            "bias-outside-softmax",
            (("np.dot(Wya, a_next) + by)", "np.dot(Wya, a_next)) + by"),),
            "The bias `by` is added after `softmax`: it belongs to the scores that go in.",
        ),
        Mistake(
            "prediction-from-old-state",
            (("np.dot(Wya, a_next)", "np.dot(Wya, a_prev)"),),
            "The prediction is made from `a_prev`, the state before the step; it should see the new one.",
        ),
        Mistake(
            "sigmoid-for-tanh",
            (("np.tanh(", "(lambda z: 1 / (1 + np.exp(-z)))("),),
            "`a_next` went through a sigmoid: its values lie between 0 and 1. An RNN's state uses "
            "the activation whose values lie between -1 and 1.",
        ),
        Mistake(
            "no-activation",
            (("np.tanh(", "("),),
            "`a_next` has no activation: the sum itself is stored, and can grow without bound.",
        ),
        Mistake(
            "sigmoid-for-softmax",
            (("softmax(", "(lambda z: 1 / (1 + np.exp(-z)))("),),
            "`yt_pred` went through a sigmoid: its columns do not add up to 1, so they are no "
            "probabilities over the classes.",
        ),
        Mistake(
            "softmax-over-batch",
            (("softmax(np.dot(Wya, a_next) + by)", "softmax((np.dot(Wya, a_next) + by).T).T"),),
            "`softmax` runs along the batch: each column of `yt_pred` belongs to one example and should add up to 1.",
        ),
        Mistake(
            "softmax-over-all",
            (("softmax(", "(lambda z: np.exp(z - z.max()) / np.exp(z - z.max()).sum())("),),
            "All of `yt_pred` together adds up to 1: it is each column that should, since each example has its own probabilities.",
        ),
        Mistake(
            "softmax-overflows",
            (("softmax(", "(lambda z: np.exp(z) / np.exp(z).sum(axis=0))("),),
            "`yt_pred` is right until scores are large: then the exponentials overflow. The given `softmax` takes care of that.",
        ),
        Mistake(
            "raw-scores",
            (("softmax(np.dot(Wya, a_next) + by)", "(np.dot(Wya, a_next) + by)"),),
            "`yt_pred` holds the raw scores: they are not yet turned into probabilities.",
        ),
        Mistake(
            "cache-order",
            (("cache = (a_next, a_prev,", "cache = (a_prev, a_next,"),),
            "`cache` has the old and the new state in the wrong order: the new one comes first.",
        ),
    ],
    "rnn_forward": [
        Mistake(
            "initial-state-every-step",
            (
                (
                    "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next,",
                    "a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a0,",
                ),
            ),
            "Every step starts from `a0`: the state that a step gives is not handed on, so nothing is remembered.",
        ),
        Mistake(
            "first-step-every-time",
            (("x[:, :, t]", "x[:, :, 0]"),),
            "Every step reads the input of the first step: the slice of `x` does not move with `t`.",
        ),
        Mistake(
            "examples-for-steps",
            (("x[:, :, t]", "x[:, t, :]"),),
            "`x` is cut along the wrong axis: the slice is one example at all steps, not all examples at one step.",
        ),
        Mistake(
            "backwards",
            (("in range(T_x)", "in reversed(range(T_x))"),),
            "`x` is read from its end: step 0 comes first, because each step needs the state before it.",
        ),
        Mistake(
            "last-step-missing",
            (("in range(T_x)", "in range(T_x - 1)"),),
            "The loop stops one step early: the last entries of `a` and `y_pred` are still zero.",
        ),
        Mistake(
            "starts-from-zero",
            (("a_next = a0", "a_next = np.zeros((n_a, m))"),),
            "The sequence starts from a state of zeros: the given `a0` is never used.",
        ),
        Mistake(
            "caches-without-x",
            (("caches = (caches, x)", "caches = caches"),),
            "`caches` is the bare list: it should be a pair of that list and `x`.",
        ),
        Mistake(
            "last-cache-only",
            (("\n        caches.append(cache)", "\n    caches.append(cache)"),),
            "`caches` has a single entry: the cache of every step is needed, not only that of the last one.",
        ),
        Mistake(
            "states-not-stored",
            (("        a[:, :, t] = a_next\n", ""),),
            "`a` is still all zeros: the states of the steps are never put into it.",
        ),
        Mistake(
            "predictions-not-stored",
            (("        y_pred[:, :, t] = yt_pred\n", ""),),
            "`y_pred` is still all zeros: the predictions of the steps are never put into it.",
        ),
        Mistake(
            "state-stored-one-late",
            (
                ("a_next, yt_pred, cache =", "a[:, :, t] = a_next; a_next, yt_pred, cache ="),
                ("        a[:, :, t] = a_next\n", ""),
            ),
            "`a` is one step late: what is stored for a step is the state before it.",
        ),
    ],
    "lstm_cell_forward": [
        Mistake(
            "gates-swapped",
            (("c_next = ft * c_prev + it * cct", "c_next = it * c_prev + ft * cct"),),
            "Forget and update gate are swapped in `c_next`: the forget gate acts on what was remembered.",
        ),
        Mistake(
            "no-forget-gate",
            (("ft * c_prev", "c_prev"),),
            "`c_next` keeps all of `c_prev`: the forget gate is not applied to it.",
        ),
        Mistake(
            "no-update-gate",
            (("it * cct", "cct"),),
            "`c_next` takes in the whole candidate: the update gate is not applied to `cct`.",
        ),
        Mistake(
            "one-gate-for-both",
            (("it * cct", "(1 - ft) * cct"),),
            "`c_next` takes in what the forget gate leaves free. Other cells do that; in an LSTM the update gate decides.",
        ),
        Mistake(
            "memory-from-state",
            (("ft * c_prev", "ft * a_prev"),),
            "The forget gate acts on `a_prev`: what it keeps or drops is the old memory.",
        ),
        Mistake(
            "no-biases",
            (
                (" + bf", ""),
                (" + bi", ""),
                (" + bc", ""),
                (" + bo", ""),
            ),
            "The biases `bf`, `bi`, `bc` and `bo` are missing from the gates and the candidate.",
        ),
        Mistake(
            "update-gate-copied",
            (("np.dot(Wi, concat) + bi", "np.dot(Wf, concat) + bf"),),
            "The update gate `it` equals the forget gate: it has weights and a bias of its own.",
        ),
        Mistake(
            "concat-order",
            (("np.concatenate((a_prev, xt), axis=0)", "np.concatenate((xt, a_prev), axis=0)"),),
            "`concat` has the input on top of the hidden state: the weights expect the state first.",
        ),
        Mistake(
            "sigmoid-candidate",
            (("cct = np.tanh(", "cct = sigmoid("),),
            "The candidate `cct` went through a sigmoid: it must be able to lower the memory as well as raise it.",
        ),
        Mistake(
            "tanh-output-gate",
            (("ot = sigmoid(", "ot = np.tanh("),),
            "The output gate `ot` went through tanh: a gate is a share between 0 and 1.",
        ),
        Mistake(
            "no-output-gate",
            (("ot * np.tanh(c_next)", "np.tanh(c_next)"),),
            "`a_next` lets all of the memory out: the output gate is not applied to it.",
        ),
        Mistake(
            "no-tanh-of-memory",
            (("ot * np.tanh(c_next)", "ot * c_next"),),
            "`a_next` lets the memory out as it is: it is first squeezed to between -1 and 1.",
        ),
        Mistake(
            "sigmoid-of-memory",
            (("ot * np.tanh(c_next)", "ot * sigmoid(c_next)"),),
            "For `a_next` the memory went through a sigmoid, so the state is never negative: it should lie between -1 and 1.",
        ),
        Mistake(
            "tanh-of-old-memory",
            (("ot * np.tanh(c_next)", "ot * np.tanh(c_prev)"),),
            "`a_next` is made from `c_prev`: the output gate opens on the new memory.",
        ),
        Mistake(
            "prediction-from-memory",
            (("np.dot(Wy, a_next)", "np.dot(Wy, c_next)"),),
            "The prediction is made from the memory `c_next`: it should be made from the hidden state.",
        ),
        Mistake(
            "prediction-from-old-state",
            (("np.dot(Wy, a_next)", "np.dot(Wy, a_prev)"),),
            "The prediction is made from `a_prev`, the state before the step; it should see the new one.",
        ),
        Mistake(
            "no-output-bias",
            (("np.dot(Wy, a_next) + by", "np.dot(Wy, a_next)"),),
            "The bias `by` is missing from the scores that go into `softmax`.",
        ),
        Mistake(
            "sigmoid-for-softmax",
            (("softmax(", "sigmoid("),),
            "`yt_pred` went through a sigmoid: its columns do not add up to 1, so they are no "
            "probabilities over the classes.",
        ),
        Mistake(
            "raw-scores",
            (("softmax(np.dot(Wy, a_next) + by)", "(np.dot(Wy, a_next) + by)"),),
            "`yt_pred` holds the raw scores: they are not yet turned into probabilities.",
        ),
        Mistake(
            "cache-order",
            (
                (
                    "cache = (a_next, c_next, a_prev, c_prev, ft,",
                    "cache = (c_next, a_next, a_prev, c_prev, ft,",
                ),
            ),
            "`cache` begins with the memory: the hidden state `a_next` comes first.",
        ),
        Mistake(
            "state-and-memory-returned-swapped",
            (("return a_next, c_next,", "return c_next, a_next,"),),
            "The memory is returned first: the hidden state `a_next` comes before `c_next`.",
        ),
    ],
    "lstm_forward": [
        Mistake(
            "initial-state-every-step",
            (("x[:, :, t], a_next, c_next,", "x[:, :, t], a0, c_next,"),),
            "Every step starts from `a0`: the hidden state that a step gives is not handed on.",
        ),
        Mistake(
            "memory-not-carried",
            (("x[:, :, t], a_next, c_next,", "x[:, :, t], a_next, np.zeros((n_a, m)),"),),
            "Every step starts from an empty memory: the `c_next` that a step gives is not handed on.",
        ),
        Mistake(
            "starts-from-zero",
            (("a_next = a0", "a_next = np.zeros((n_a, m))"),),
            "The sequence starts from a state of zeros: the given `a0` is never used.",
        ),
        Mistake(
            "passed-in-swapped",
            (("x[:, :, t], a_next, c_next,", "x[:, :, t], c_next, a_next,"),),
            "The cell gets the memory as its state and the state as its memory: `a_next` comes before `c_next`.",
        ),
        Mistake(
            "unpacked-swapped",
            (("a_next, c_next, yt_pred, cache =", "c_next, a_next, yt_pred, cache ="),),
            "What the cell returns is unpacked in the wrong order: `a_next` comes before `c_next`.",
        ),
        Mistake(
            "memory-is-a-slice",
            (("c_next = np.zeros((n_a, m))", "c_next = c[:, :, 0]"),),
            "The starting memory is a slice of `c`, so it changes as soon as `c` is written, and the first cache with it.",
        ),
        Mistake(
            "memory-starts-at-state",
            (("c_next = np.zeros((n_a, m))", "c_next = a0"),),
            "The memory starts at `a0`: the hidden state has a given start, the memory starts at zero.",
        ),
        Mistake(
            "c-is-a",
            (("c[:, :, t] = c_next", "c[:, :, t] = a_next"),),
            "`c` holds the hidden states: it should hold the memory of each step.",
        ),
        Mistake(
            "first-step-every-time",
            (("x[:, :, t]", "x[:, :, 0]"),),
            "Every step reads the input of the first step: the slice of `x` does not move with `t`.",
        ),
        Mistake(
            "backwards",
            (("in range(T_x)", "in reversed(range(T_x))"),),
            "`x` is read from its end: step 0 comes first, because each step needs the state before it.",
        ),
        Mistake(
            "last-step-missing",
            (("in range(T_x)", "in range(T_x - 1)"),),
            "The loop stops one step early: the last entries of `a`, `c` and `y` are still zero.",
        ),
        Mistake(
            "caches-without-x",
            (("caches = (caches, x)", "caches = caches"),),
            "`caches` is the bare list: it should be a pair of that list and `x`.",
        ),
        Mistake(
            "last-cache-only",
            (("\n        caches.append(cache)", "\n    caches.append(cache)"),),
            "`caches` has a single entry: the cache of every step is needed, not only that of the last one.",
        ),
        Mistake(
            "states-not-stored",
            (("        a[:, :, t] = a_next\n", ""),),
            "`a` is still all zeros: the states of the steps are never put into it.",
        ),
        Mistake(
            "memories-not-stored",
            (("        c[:, :, t] = c_next\n", ""),),
            "`c` is still all zeros: the memories of the steps are never put into it.",
        ),
        Mistake(
            "predictions-not-stored",
            (("        y[:, :, t] = yt_pred\n", ""),),
            "`y` is still all zeros: the predictions of the steps are never put into it.",
        ),
        Mistake(
            "outputs-swapped",
            (("return a, y, c,", "return a, c, y,"),),
            "`y` and `c` are returned in the wrong order: the predictions come before the memories.",
        ),
    ],
}
