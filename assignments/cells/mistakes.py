"""The known mistakes of the lab `cells`: small edits of the reference, each with the help a student reads."""

from autograder.exercise import Mistake

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
            "prediction-from-old-state",
            (("np.dot(Wya, a_next)", "np.dot(Wya, a_prev)"),),
            "The prediction is made from `a_prev`, the state before the step; it should see the new one.",
        ),
        Mistake(
            "sigmoid-for-tanh",
            (("np.tanh(", "(lambda z: 1 / (1 + np.exp(-z)))("),),
            "The hidden state went through a sigmoid: its values lie between 0 and 1. An RNN's state uses "
            "the activation whose values lie between -1 and 1.",
        ),
        Mistake(
            "no-activation",
            (("np.tanh(", "("),),
            "The hidden state has no activation: the sum itself is stored, and can grow without bound.",
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
            "backwards",
            (("in range(T_x)", "in reversed(range(T_x))"),),
            "The sequence is read from its end: step 0 comes first, because each step needs the state before it.",
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
            "no-tanh-of-memory",
            (("ot * np.tanh(c_next)", "ot * c_next"),),
            "`a_next` lets the memory out as it is: it is first squeezed to between -1 and 1.",
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
            "sigmoid-for-softmax",
            (("softmax(", "sigmoid("),),
            "`yt_pred` went through a sigmoid: its columns do not add up to 1, so they are no "
            "probabilities over the classes.",
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
            "The sequence is read from its end: step 0 comes first, because each step needs the state before it.",
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
    ],
}
