"""The known mistakes of the lab `cells`: small edits of the reference, each with the help a student reads.

Those of the LSTM are in mistakes_lstm.py.
"""

import runpy
from pathlib import Path

from autograder import Mistake


RESULTS = {"a": "states", "y": "predictions", "c": "memories"}
"""What an array of all steps holds, by the first letter of its name."""


def prediction(W: str) -> list[Mistake]:
    """The mistakes of the last line of both cells; ``W`` is the name of the weights."""
    scores = f"np.dot({W}, a_next) + by"
    return [
        Mistake(
            "no-output-bias",
            ((scores, f"np.dot({W}, a_next)"),),
            "The bias `by` is missing from the scores that go into `softmax`.",
        ),
        Mistake(
            "prediction-from-old-state",
            ((f"np.dot({W}, a_next)", f"np.dot({W}, a_prev)"),),
            "The prediction is made from `a_prev`, the state before the step; it should see the new one.",
        ),
        Mistake(
            "output-bias-alone",
            ((scores, "by + np.zeros((1, xt.shape[1]))"),),
            "The prediction does not depend on the state: of the scores only `by` is there.",
        ),
        Mistake(
            "output-bias-subtracted",
            (("+ by)", "- by)"),),
            "The bias `by` is subtracted from the scores: it is added.",
        ),
        Mistake(
            "bias-outside-softmax",
            ((f"{scores})", f"np.dot({W}, a_next)) + by"),),
            "The bias `by` is added after `softmax`: it belongs to the scores that go in.",
        ),
        Mistake(
            "sigmoid-for-softmax",
            (("softmax(", "(lambda z: 1 / (1 + np.exp(-z)))("),),
            "`yt_pred` went through a sigmoid: its columns do not add up to 1, so they are no "
            "probabilities over the classes.",
        ),
        Mistake(
            "tanh-for-softmax",
            (("softmax(", "np.tanh("),),
            "`yt_pred` went through tanh: a prediction is made of probabilities, each column adding up to 1.",
        ),
        Mistake(
            "softmax-over-batch",
            ((f"softmax({scores})", f"softmax(({scores}).T).T"),),
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
            "softmax-twice",
            (("softmax(", "softmax(softmax("), ("+ by)", "+ by))")),
            "`softmax` is applied twice: the second time takes the probabilities for scores, and makes them nearly equal.",
        ),
        Mistake(
            "raw-scores",
            ((f"softmax({scores})", f"({scores})"),),
            "`yt_pred` holds the raw scores: they are not yet turned into probabilities.",
        ),
        Mistake(
            "likeliest-class-alone",
            ((f"softmax({scores})", f"np.eye(len(by))[:, np.argmax({scores}, axis=0)]"),),
            "`yt_pred` says yes to the likeliest class and no to all others: the probabilities themselves are asked for.",
        ),
    ]


rnn_cell = [
    Mistake(
        "no-hidden-bias",
        (("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt))"),),
        "The bias `ba` is missing from the new hidden state: each unit has an offset of its own.",
    ),
    *prediction("Wya"),
    Mistake(
        "prediction-before-tanh",
        (("np.dot(Wya, a_next)", "np.dot(Wya, np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"),),
        "The prediction is made from the sum inside the activation: it should be made from the finished state `a_next`.",
    ),
    Mistake(
        "bias-outside-tanh",
        (("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt)) + ba"),),
        "The bias `ba` is added after the activation: it belongs inside, with the two products.",
    ),
    Mistake(
        "bias-subtracted",
        (("+ ba)", "- ba)"),),
        "The bias `ba` is subtracted: the three terms of the sum are added.",
    ),
    Mistake(
        "bias-summed",
        (("+ ba)", "+ ba.sum())"),),
        "All units get the same offset: each entry of `ba` belongs to one unit.",
    ),
    Mistake(
        "no-recurrence",
        (("np.dot(Waa, a_prev) + ", ""),),
        "The new state does not depend on `a_prev`: without the old state, nothing is remembered.",
    ),
    Mistake(
        "no-recurrent-weights",
        (("np.dot(Waa, a_prev)", "a_prev"),),
        "`a_prev` is added as it is: its weights `Waa` are missing.",
    ),
    Mistake(
        "no-input",
        ((" + np.dot(Wax, xt)", ""),),
        "The new state does not depend on `xt`: the input of this step is missing from the sum.",
    ),
    Mistake(
        "input-subtracted",
        (("+ np.dot(Wax, xt)", "- np.dot(Wax, xt)"),),
        "What comes from `xt` is subtracted: the three terms of the sum are added.",
    ),
    Mistake(
        "terms-multiplied",
        (("np.dot(Waa, a_prev) + np", "np.dot(Waa, a_prev) * np"),),
        "What comes from `a_prev` and from `xt` is multiplied: the three terms of the sum are added.",
    ),
    Mistake(
        "input-of-the-first-example",
        (("np.dot(Wax, xt)", "np.dot(Wax, xt[:, :1])"),),
        "Every example gets the input of the first one: each column of `xt` belongs to one example.",
    ),
    Mistake(
        "hidden-weights-transposed",
        (("np.dot(Waa, a_prev)", "np.dot(Waa.T, a_prev)"),),
        "`Waa` is transposed. It is square, so either way fits; the weights are stored so that no transpose is needed.",
    ),
    Mistake(
        "sigmoid-for-tanh",
        (("np.tanh(", "(lambda z: 1 / (1 + np.exp(-z)))("),),
        "`a_next` went through a sigmoid: its values lie between 0 and 1. An RNN's state uses "
        "the activation whose values lie between -1 and 1.",
    ),
    Mistake(
        "softmax-for-tanh",
        (("np.tanh(", "softmax("),),
        "`a_next` went through `softmax`: its columns add up to 1. Only the prediction is made of probabilities.",
    ),
    Mistake(
        "relu-for-tanh",
        (("np.tanh(", "np.maximum(0, "),),
        "In `a_next` whatever was negative is 0: an RNN's state uses the activation whose values lie between -1 and 1.",
    ),
    Mistake(
        "clipped-for-tanh",
        (
            (
                "np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)",
                "np.clip(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba, -1, 1)",
            ),
        ),
        "`a_next` is cut off at -1 and 1: the activation squeezes the sum smoothly instead.",
    ),
    Mistake(
        "tanh-twice",
        (("np.tanh(", "np.tanh(np.tanh("), ("+ ba)", "+ ba))")),
        "`a_next` went through the activation twice.",
    ),
    Mistake(
        "no-activation",
        (("np.tanh(", "("),),
        "`a_next` has no activation: the sum itself is stored, and can grow without bound.",
    ),
    Mistake(
        "state-negated",
        (("a_next = np.tanh(", "a_next = -np.tanh("),),
        "`a_next` has the wrong sign.",
    ),
    Mistake(
        "cache-order",
        (("cache = (a_next, a_prev,", "cache = (a_prev, a_next,"),),
        "`cache` has the old and the new state in the wrong order: the new one comes first.",
    ),
    Mistake(
        "cache-input-before-old-state",
        (("a_prev, xt, parameters)\n    return", "xt, a_prev, parameters)\n    return"),),
        "`cache` has `xt` before `a_prev`: the old state comes first.",
    ),
    Mistake(
        "cache-parameters-before-input",
        (("a_prev, xt, parameters)\n    return", "a_prev, parameters, xt)\n    return"),),
        "`cache` has `parameters` before `xt`: they come last.",
    ),
    Mistake(
        "cache-new-state-twice",
        (("cache = (a_next, a_prev,", "cache = (a_next, a_next,"),),
        "In `cache` the old state equals the new one. Was `a_prev` overwritten, or the new state put in twice?",
    ),
    Mistake(
        "cache-old-state-twice",
        (("cache = (a_next, a_prev,", "cache = (a_prev, a_prev,"),),
        "`cache` has the old state in the place of the new one, which comes first.",
    ),
    Mistake(
        "outputs-swapped",
        (("return a_next, yt_pred,", "return yt_pred, a_next,"),),
        "The prediction is returned first: the state `a_next` comes before `yt_pred`.",
    ),
]


def sequence(*arrays: str) -> list[Mistake]:
    """The mistakes that the loops of the RNN and the LSTM share.

    ``arrays`` are the names of the arrays for the states, the predictions and, with an LSTM, the memories.
    """
    values = dict(zip(arrays, ("a_next", "yt_pred", "c_next"), strict=False))
    stored = {name: f"        {name}[:, :, t] = {value}\n" for name, value in values.items()}
    several = " and ".join([", ".join(f"`{name}`" for name in arrays[:-1]), f"`{arrays[-1]}`"])

    def afterwards(code: str) -> tuple[tuple[str, str], ...]:
        """Edits that do something with each array before the caches are put together."""
        lines = "".join(f"    {name} = {code.format(name)}\n" for name in arrays)
        return (("    caches = (caches, x)\n", f"{lines}    caches = (caches, x)\n"),)

    def early(*names: str) -> tuple[tuple[str, str], ...]:
        return tuple((stored[name], stored[name].replace("t]", "t - 1]")) for name in names)

    return [
        Mistake(
            "initial-state-every-step",
            (("x[:, :, t], a_next,", "x[:, :, t], a0,"),),
            "Every step starts from `a0`: the state that a step gives is not handed on to the next.",
        ),
        Mistake(
            "state-of-zeros",
            (("x[:, :, t], a_next,", "x[:, :, t], a[:, :, t],"),),
            "Every step starts from a state of zeros. Is `a` read at a place that no step has written yet?",
        ),
        Mistake(
            "starts-from-zero",
            (("a_next = a0", "a_next = np.zeros((n_a, m))"),),
            "The sequence starts from a state of zeros: the given `a0` is never used.",
        ),
        Mistake(
            "state-before-the-first",
            (("x[:, :, t], a_next,", "x[:, :, t], a[:, :, t - 1],"),),
            "The first step takes its state from the end of `a`, and the index -1 is no step before it: it starts from `a0`.",
        ),
        Mistake(
            "first-step-every-time",
            (("x[:, :, t]", "x[:, :, 0]"),),
            "Every step reads the input of the first step: the slice of `x` does not move with `t`.",
        ),
        Mistake(
            "inputs-one-late",
            (("x[:, :, t]", "x[:, :, t - 1]"),),
            "Each step reads the input of the step before it, and the first step that of the last: `x` is cut one step late.",
        ),
        Mistake(
            "inputs-scrambled",
            (("x[:, :, t]", "x.reshape(T_x, n_x, m)[t]"),),
            "The numbers of `x` are in wrong places: `reshape` changes the shape and does not move axes.",
        ),
        Mistake(
            "backwards",
            (("in range(T_x)", "in reversed(range(T_x))"),),
            "`x` is read from its end: step 0 comes first, because each step needs the state before it.",
        ),
        Mistake(
            "last-step-missing",
            (("in range(T_x)", "in range(T_x - 1)"),),
            f"The loop stops one step early: the last entries of {several} are still zero.",
        ),
        Mistake(
            "first-step-missing",
            (("in range(T_x)", "in range(1, T_x)"),),
            f"The loop starts with the second step: the first entries of {several} are still zero.",
        ),
        *(
            Mistake(
                f"{RESULTS[name[0]]}-not-stored",
                ((line, ""),),
                f"`{name}` is still all zeros: the {RESULTS[name[0]]} of the steps are never put into it.",
            )
            for name, line in stored.items()
        ),
        *(
            Mistake(
                f"{RESULTS[name[0]]}-stored-one-early",
                early(name),
                f"`{name}` is one step early: what a step gives is stored in the place of the step before.",
            )
            for name in arrays
        ),
        Mistake(
            "stored-one-early",
            early(*arrays),
            "What a step gives is stored in the place of the step before: steps and places both count from 0, so `t` is the place.",
        ),
        Mistake(
            "results-scrambled",
            afterwards("{0}.transpose(2, 0, 1).reshape({0}.shape)"),
            "The results of the steps are right, and in wrong places: `reshape` changes the shape and does not move axes.",
        ),
        Mistake(
            "last-step-everywhere",
            afterwards("{0}[:, :, [-1] * T_x]"),
            "All steps have the result of the last one: step `t` has a place of its own on the third axis.",
        ),
        Mistake(
            "first-example-alone",
            tuple(
                (line, line.replace("[:, :, t]", "[:, 0, t]").replace("\n", "[:, 0]\n"))
                for line in stored.values()
            ),
            "Only the first example is stored: the second axis belongs to the examples, and step `t` has a value for each.",
        ),
        Mistake(
            "caches-without-x",
            (("caches = (caches, x)", "caches = caches"),),
            "`caches` is the bare list: it should be a pair of that list and `x`.",
        ),
        Mistake(
            "caches-after-x",
            (("caches = (caches, x)", "caches = (x, caches)"),),
            "`caches` has `x` first: the list of the steps comes before it.",
        ),
        Mistake(
            "last-cache-only",
            (("\n        caches.append(cache)", "\n    caches.append(cache)"),),
            "`caches` has a single entry: the cache of every step is needed, not only that of the last one.",
        ),
        Mistake(
            "last-cache-unlisted",
            (("caches = (caches, x)", "caches = (cache, x)"),),
            "In place of the list, `caches` has the cache of the last step: that of every step is needed.",
        ),
        Mistake(
            "no-caches",
            (("        caches.append(cache)\n", ""),),
            "The list in `caches` is empty: the cache of every step goes into it.",
        ),
        Mistake(
            "caches-flat",
            (("caches.append(cache)", "caches.extend(cache)"),),
            "The list in `caches` has the entries of all steps one after the other: the cache of a step stays one entry.",
        ),
        Mistake(
            "caches-reversed",
            (("caches.append(cache)", "caches.insert(0, cache)"),),
            "The list in `caches` begins with the last step: the first step comes first.",
        ),
        Mistake(
            "one-cache-throughout",
            (("caches.append(cache)", "caches.append(caches[0] if caches else cache)"),),
            "`caches` has the cache of the first step at all steps: each step has its own.",
        ),
        Mistake(
            "outputs-swapped",
            ((f"return a, {arrays[1]},", f"return {arrays[1]}, a,"),),
            f"The predictions are returned first: the states `a` come before `{arrays[1]}`.",
        ),
        Mistake(
            "state-stored-one-late",
            ((stored["a"], ""), ("        a_next, ", f"{stored['a']}        a_next, ")),
            "`a` is one step late: what is stored for a step is the state before it.",
        ),
    ]


rnn = [
    *sequence("a", "y_pred"),
    Mistake(
        "examples-for-steps",
        (("x[:, :, t]", "x[:, t, :]"),),
        "`x` is cut along the wrong axis: the slice is one example at all steps, not all examples at one step.",
    ),
]

lstm = runpy.run_path(str(Path(__file__).with_name("mistakes_lstm.py")))

mistakes = {
    "rnn_cell_forward": rnn_cell,
    "rnn_forward": rnn,
    "lstm_cell_forward": [*lstm["cell"], *prediction("Wy")],
    "lstm_forward": [*lstm["loop"], *sequence("a", "y", "c")],
}
