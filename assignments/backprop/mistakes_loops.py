"""The known mistakes of the two loops in the lab `backprop`, rnn_backward and lstm_backward."""

import itertools

from autograder import Mistake

PUBLISHED_CREDIT = 0.5
"""The share of the points for an `lstm_backward` with the recursion that the source document has.

It hands on neither gradient. To hand on one of the two earns as much.
"""
PARTLY = " It earns part of the points."


def subsets(names):
    """All subsets of the names but the empty one, small ones first."""
    return itertools.chain(*(itertools.combinations(names, size) for size in range(1, len(names) + 1)))


def listed(names):
    """The names in backquotes, with commas and an "and"."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def loop(carried, credit=0.0):
    """The mistakes that the loops of the RNN and the LSTM share.

    ``carried`` says what travels from step to step; ``credit`` is for a state's gradient that does not.
    """
    return [
        Mistake(
            "state-gradient-not-carried",
            (("da[:, :, t] + da_prev", "da[:, :, t]"),),
            "`da_prev` of the step after is not added to `da`: every state acts on all later steps as well."
            + (PARTLY if credit else ""),
            credit=credit,
        ),
        Mistake(
            "only-the-carried",
            (("da[:, :, t] + da_prev", "(da[:, :, t] if t == T_x - 1 else da_prev)"),),
            "Only the last step of `da` is used: every state acts on the loss by itself too, not through later ones alone.",
        ),
        Mistake(
            "carried-subtracted",
            (("da[:, :, t] + da_prev", "da[:, :, t] - da_prev"),),
            "`da_prev` is subtracted from `da`: both say how the state acts on the loss, and are added.",
        ),
        Mistake(
            "loss-one-step-early",
            (("da[:, :, t] + da_prev", "da[:, :, t - 1] + da_prev"),),
            "Each step gets the `da` of the step before it: step `t` has its own.",
        ),
        Mistake(
            "last-step-added-twice",
            (("da_prev = np.zeros((n_a, m))", "da_prev = da[:, :, -1]"),),
            "The last step of `da` counts twice: nothing comes from the right there, so `da_prev` starts at zero.",
        ),
        Mistake(
            "carried-starts-at-one",
            (("da_prev = np.zeros((n_a, m))", "da_prev = np.ones((n_a, m))"),),
            "`da_prev` starts at 1: nothing comes from the right at the last step.",
        ),
        Mistake(
            "state-gradient-piles-up",
            (('da_prev = step["da_prev"]', 'da_prev = da_prev + step["da_prev"]'),),
            "`da_prev` grows from step to step: what a step hands back replaces what came before, it is not added to it.",
        ),
        Mistake(
            "forwards",
            (("in reversed(range(T_x))", "in range(T_x)"),),
            f"The loop goes from the first step to the last: {carried} must travel the other way.",
        ),
        Mistake(
            "first-step-missing",
            (("in reversed(range(T_x))", "in reversed(range(1, T_x))"),),
            "The loop stops before the first step: its column of `dx` is still zero, and `da0` is that of the step after.",
        ),
        Mistake(
            "last-step-missing",
            (("in reversed(range(T_x))", "in reversed(range(T_x - 1))"),),
            "The loop leaves the last step out: its column of `dx` is still zero.",
        ),
        Mistake(
            "caches-backwards",
            (("steps[t])", "steps[T_x - 1 - t])"),),
            "The caches are used from the first to the last while `da` is used from the last to the first: both belong to step `t`.",
        ),
        Mistake(
            "one-cache-throughout",
            (("steps[t])", "steps[0])"),),
            "All steps use the cache of the first one: step `t` has its own.",
        ),
        Mistake(
            "last-caches",
            (("steps[t])", "steps[t - T_x])"),),
            "Where `da` has fewer steps than `x`, the caches of the last steps are used: `da` belongs to the first ones.",
        ),
        Mistake(
            "inputs-not-stored",
            (('        dx[:, :, t] = step["dxt"]\n', ""),),
            "`dx` is still all zeros: the `dxt` of the steps are never put into it.",
        ),
        Mistake(
            "inputs-added-up",
            (('dx[:, :, t] = step["dxt"]', 'dx += step["dxt"][:, :, None]'),),
            "`dx` has the sum of all steps in every place: inputs differ from step to step, so each keeps its own gradient.",
        ),
        Mistake(
            "inputs-summed-up-to-here",
            (('dx[:, :, t] = step["dxt"]', 'dx[:, :, t:] += step["dxt"][:, :, None]'),),
            "In `dx` the steps pile up: the `dxt` of a step belongs in the place of that step alone.",
        ),
        Mistake(
            "inputs-backwards",
            (("dx[:, :, t] =", "dx[:, :, T_x - 1 - t] ="),),
            "`dx` begins with the last step: although the loop runs backwards, `t` is still the place of the step.",
        ),
        Mistake(
            "inputs-one-early",
            (("dx[:, :, t] =", "dx[:, :, t - 1] ="),),
            "`dx` is one step early: the `dxt` of step `t` belongs in the place `t`.",
        ),
        Mistake(
            "inputs-scrambled",
            (("    da0 = da_prev\n", "    da0, dx = da_prev, dx.transpose(2, 0, 1).reshape(dx.shape)\n"),),
            "The numbers of `dx` are right, and in wrong places: `reshape` changes the shape and does not move axes.",
        ),
        Mistake(
            "input-gradient-of-all-steps",
            (("dx = np.zeros((n_x, m, T_x))", "dx = np.zeros(x.shape)"),),
            "`dx` has the steps of `x`: where `da` has fewer, `dx` has as many steps as `da`.",
        ),
        Mistake(
            "first-state-from-loss",
            (("da0 = da_prev", "da0 = da[:, :, 0]"),),
            "`da0` is taken from `da`: the first state lies before the first step, and its gradient is what that step hands back.",
        ),
        Mistake(
            "first-state-zero",
            (("da0 = da_prev", "da0 = np.zeros((n_a, m))"),),
            "`da0` is still all zeros: it is what the first step hands back.",
        ),
        Mistake(
            "first-state-with-loss",
            (("da0 = da_prev", "da0 = da[:, :, 0] + da_prev"),),
            "`da` of the first step is added to `da0`: it belongs to the state after that step, and was used there.",
        ),
        Mistake(
            "first-state-from-last-step",
            (
                ("da_prev = np.zeros((n_a, m))", "da_prev, da0 = np.zeros((n_a, m)), None"),
                (
                    'da_prev = step["da_prev"]',
                    'da_prev = step["da_prev"]; da0 = da_prev if da0 is None else da0',
                ),
                ("    da0 = da_prev\n", ""),
            ),
            "`da0` is what the last step hands back: it has to travel through all steps, down to the first.",
        ),
        Mistake(
            "first-example-alone",
            (('dx[:, :, t] = step["dxt"]', 'dx[:, 0, t] = step["dxt"][:, 0]'),),
            "`dx` has the first example alone: the second axis belongs to the examples, and step `t` has a gradient for each.",
        ),
    ]


PARAMETERS = ("dWax", "dWaa", "dba")

rnn = [
    *(
        Mistake(
            f"{name}-without-the-first",
            ((f'{name} += step["{name}"]', f'{name} += step["{name}"] * (t > 0)'),),
            f"The first step is missing from `{name}`: it is the sum over all steps, and the first is used as well.",
        )
        for name in PARAMETERS
    ),
    *loop("`da_prev`"),
    *(
        Mistake(
            "of-one-step-" + "-".join(names),
            tuple((f'{name} += step["{name}"]', f'{name} = step["{name}"]') for name in names),
            f"{listed(names)} {'is that' if len(names) == 1 else 'are those'} of the first step alone: "
            "the same parameters act at every step.",
        )
        for names in subsets(PARAMETERS)
    ),
    *(
        Mistake(
            f"{name}-starts-at-one",
            ((f"{name} = np.zeros(", f"{name} = np.ones("),),
            f"`{name}` starts at 1: a sum starts at zero.",
        )
        for name in PARAMETERS
    ),
    Mistake(
        "parameters-of-last-step-twice",
        tuple((f'+= step["{name}"]', f'+= step["{name}"] * (1 + (t == T_x - 1))') for name in PARAMETERS),
        f"The last step is counted twice in {listed(PARAMETERS)}: each step is added once.",
    ),
    Mistake(
        "parameters-mean-over-steps",
        (("da0 = da_prev", "da0, dWax, dWaa, dba = da_prev, dWax / T_x, dWaa / T_x, dba / T_x"),),
        "`dWax`, `dWaa` and `dba` are means over the steps: the gradient is a sum over all uses of a parameter.",
    ),
]

lstm = [
    Mistake(
        "published-recursion",
        (("da[:, :, t] + da_prev, dc_prev, steps[t]", "da[:, :, t], np.zeros((n_a, m)), steps[t]"),),
        "This is what the source document's code does: each step is differentiated alone, and neither `da_prev` "
        "nor `dc_prev` is handed on. It earns part of the points; the box in the notebook explains it.",
        credit=PUBLISHED_CREDIT,
    ),
    Mistake(
        "memory-gradient-not-carried",
        (("da_prev, dc_prev, steps[t]", "da_prev, np.zeros((n_a, m)), steps[t]"),),
        "`dc_prev` is not handed on to the step before: only the state's gradient travels." + PARTLY,
        credit=PUBLISHED_CREDIT,
    ),
    Mistake(
        "travellers-swapped",
        (
            ('da_prev = step["da_prev"]', 'da_prev = step["dc_prev"]'),
            ('dc_prev = step["dc_prev"]', 'dc_prev = step["da_prev"]'),
        ),
        "`da_prev` and `dc_prev` are mixed up on their way to the step before: both have the same shape.",
    ),
    Mistake(
        "loss-added-to-memory",
        (("da_prev, dc_prev, steps[t]", "da_prev, da[:, :, t] + dc_prev, steps[t]"),),
        "`da` is added to the memory's gradient too: the loss looks at the states only.",
    ),
    Mistake(
        "everything-piles-up",
        (
            ('da_prev = step["da_prev"]', 'da_prev = da_prev + step["da_prev"]'),
            ('dc_prev = step["dc_prev"]', 'dc_prev = dc_prev + step["dc_prev"]'),
        ),
        "`da_prev` and `dc_prev` grow from step to step: what a step hands back replaces what came before.",
    ),
    Mistake(
        "memory-gradient-piles-up",
        (('dc_prev = step["dc_prev"]', 'dc_prev = dc_prev + step["dc_prev"]'),),
        "`dc_prev` grows from step to step: what a step hands back replaces what came before, it is not added to it.",
    ),
    Mistake(
        "state-gradient-for-both",
        (('dc_prev = step["dc_prev"]', 'dc_prev = step["da_prev"]'),),
        "The gradient of the state is handed on as that of the memory too: the memory's is `dc_prev`.",
    ),
    Mistake(
        "memory-gradient-for-both",
        (('da_prev = step["da_prev"]', 'da_prev = step["dc_prev"]'),),
        "The gradient of the memory is handed on as that of the state too: the state's is `da_prev`.",
    ),
    Mistake(
        "memory-gradient-starts-at-one",
        (("dc_prev = np.zeros((n_a, m))", "dc_prev = np.ones((n_a, m))"),),
        "`dc_prev` starts at 1: nothing comes from the right at the last step.",
    ),
    *(
        Mistake(
            f"{kind}-of-one-step",
            (("totals[name] += step[name]", f'totals[name] = step[name] + totals[name] * (name[1] != "{letter}")'),),
            f"{listed(f'd{letter}{gate}' for gate in 'fico')} are those of the first step alone: the same {kind} act at every step.",
        )
        for kind, letter in (("weights", "W"), ("biases", "b"))
    ),
    Mistake(
        "parameters-of-one-step",
        (("totals[name] += step[name]", "totals[name] = step[name]"),),
        "The gradients in `totals` are those of the first step alone: the same parameters act at every step.",
    ),
    Mistake(
        "parameters-of-last-step-twice",
        (("totals[name] += step[name]", "totals[name] += step[name] * (1 + (t == T_x - 1))"),),
        "The last step is counted twice in `totals`: each step is added once.",
    ),
    Mistake(
        "parameters-without-the-first",
        (("totals[name] += step[name]", "totals[name] += step[name] * (t > 0)"),),
        "The first step is missing from `totals`: they are sums over all steps.",
    ),
    Mistake(
        "parameters-mean-over-steps",
        (("totals[name] += step[name]", "totals[name] += step[name] / T_x"),),
        "The gradients in `totals` are means over the steps: a gradient is a sum over all uses of a parameter.",
    ),
    Mistake(
        "weights-only",
        (("totals[name] += step[name]", 'totals[name] += step[name] * (name[1] == "W")'),),
        "`dbf`, `dbi`, `dbc` and `dbo` are still zero: the biases are parameters like the weights.",
    ),
    Mistake(
        "first-state-is-memory",
        (("da0 = da_prev", "da0 = dc_prev"),),
        "`da0` is the gradient of the first memory: the two travellers have the same shape, but only one is a state's.",
    ),
    Mistake(
        "first-state-with-memory",
        (("da0 = da_prev", "da0 = da_prev + dc_prev"),),
        "The gradient of the memory is added to `da0`: the first memory is no state, and its gradient is not asked for.",
    ),
    *loop("`da_prev` and `dc_prev`", PUBLISHED_CREDIT),
]
