"""The known mistakes of the LSTM in the lab `backprop`. What may go wrong in each gate is written once for all."""

import itertools

from autograder import Mistake

NAMES = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}
"""The gates and the candidate by the letter of their weights."""
ROLES = {"f": "the forget gate", "i": "the update gate", "c": "the candidate", "o": "the output gate"}
PARTS = {
    "f": ("dc", "c_prev", "ft * (1 - ft)"),
    "i": ("dc", "cct", "it * (1 - it)"),
    "c": ("dc", "it", "(1 - cct**2)"),
    "o": ("da_next", "np.tanh(c_next)", "ot * (1 - ot)"),
}
"""What comes back, the other factor of the product, and the slope."""
GATES = ("f", "i", "o")
OTHERS = [(gate, other) for gate in NAMES for other in NAMES if other != gate]


def subsets(names):
    """All subsets of the names but the empty one, small ones first."""
    return itertools.chain(*(itertools.combinations(names, size) for size in range(1, len(names) + 1)))


def listed(names):
    """The names in backquotes, with commas and an "and"."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def changed(gate, came=None, factor=None, slope=None):
    """The edit of one gate's line that replaces some of its parts; an empty text leaves a part out."""
    new = [old if part is None else part for old, part in zip(PARTS[gate], (came, factor, slope), strict=True)]
    return f"dz{gate} = {' * '.join(PARTS[gate])}", f"dz{gate} = {' * '.join(part for part in new if part)}"


def no_slopes(gates):
    what = "it comes" if len(gates) == 1 else "they come"
    return Mistake(
        f"no-slope-{''.join(gates)}",
        tuple(changed(gate, slope="") for gate in gates),
        f"The slope of the sigmoid is missing for {listed(NAMES[gate] for gate in gates)}: {what} out of one, "
        "so the gradient goes back through it.",
    )


def tanh_slopes(gates):
    what = "it comes" if len(gates) == 1 else "they come"
    return Mistake(
        f"tanh-slope-{''.join(gates)}",
        tuple(changed(gate, slope=f"(1 - {NAMES[gate]}**2)") for gate in gates),
        f"{listed(NAMES[gate] for gate in gates)} got the slope of a tanh: {what} out of a sigmoid.",
    )


def other_slope(gate, other, half):
    """The slope is that of another gate, or one of its two factors is."""
    mine, its = NAMES[gate], NAMES[other]
    said = (
        f"The slope for `{mine}` has `{its}` in one of its two places: both belong to the gate itself."
        if half
        else f"The slope for `{mine}` is made from `{its}`: it belongs to the gate itself."
    )
    slope = f"{mine if half else its} * (1 - {its})"
    return Mistake(f"{'half-' if half else ''}slope-of-{other}-for-{gate}", (changed(gate, slope=slope),), said)


def from_other(gate, came):
    why = {
        "dc_next": "it starts from all that reaches the memory, through the state as well",
        "da_next": "it acts on the memory, so it starts from all that reaches that",
    }[came]
    return Mistake(
        f"{came}-for-{gate}",
        (changed(gate, came=came),),
        f"The gradient of {ROLES[gate]} starts from `{came}`: {why}.",
    )


def other_factor(gate, factor, name, said):
    return Mistake(f"{name}-for-{gate}", (changed(gate, factor=factor),), f"The gradient of {ROLES[gate]} {said}.")


def alone(gate, name, said, **parts):
    return Mistake(f"{name}-{gate}", (changed(gate, **parts),), said)


cell = [
    *(no_slopes(gates) for gates in subsets(GATES)),
    alone("c", "no-slope", "The candidate `cct` comes out of a tanh: its slope is missing.", slope=""),
    Mistake(
        "no-slopes-at-all",
        tuple(changed(gate, slope="") for gate in NAMES),
        "The gradients stop in front of the activations: the slopes are missing from `dz`.",
    ),
    *(tanh_slopes(gates) for gates in subsets(GATES)),
    alone("c", "sigmoid-slope", "The candidate `cct` got the slope of a sigmoid: it comes out of a tanh.", slope="cct * (1 - cct)"),
    alone("c", "slope-without-square", "The slope for `cct` is not 1 minus the candidate: `cct` enters it squared.", slope="(1 - cct)"),
    *(
        alone(gate, "slope-first-half", f"Of the slope for `{NAMES[gate]}` only the gate itself is there: it is times what is missing to 1.", slope=NAMES[gate])
        for gate in GATES
    ),
    *(
        alone(gate, "slope-second-half", f"In the slope for `{NAMES[gate]}` the gate itself is missing: only what is left to 1 is there.", slope=f"(1 - {NAMES[gate]})")
        for gate in GATES
    ),
    *(other_slope(gate, other, half) for half in (False, True) for gate in GATES for other in GATES if other != gate),
    *(from_other(gate, came) for came in ("dc_next", "da_next") for gate in "fic"),
    alone("o", "from-dc", "The gradient of the output gate starts from that of the memory: `ot` acts on `a_next` alone.", came="dc"),
    alone("o", "from-dc-next", "The gradient of the output gate starts from `dc_next`: `ot` acts on `a_next` alone.", came="dc_next"),
    *(
        alone(gate, "no-factor", f"From the gradient of {ROLES[gate]} the other factor is missing: `{NAMES[gate]}` was multiplied by something.", factor="")
        for gate in NAMES
    ),
    other_factor("f", "c_next", "new-memory", "uses `c_next`: in the forward pass `ft` was multiplied by the old memory"),
    other_factor("f", "a_prev", "old-state", "uses `a_prev`: in the forward pass `ft` was multiplied by the old memory"),
    other_factor("f", "cct", "candidate", "uses `cct`: in the forward pass `ft` was multiplied by the old memory"),
    other_factor("i", "c_prev", "old-memory", "uses `c_prev`: in the forward pass `it` was multiplied by the candidate"),
    other_factor("i", "it", "update-gate", "uses `it` itself: the other factor of the product is the candidate"),
    other_factor("c", "cct", "candidate-itself", "uses `cct` itself: the other factor of the product is the update gate"),
    other_factor("c", "ft", "forget-gate", "uses `ft`: in the forward pass `cct` was multiplied by the update gate"),
    other_factor("c", "ot", "output-gate", "uses `ot`: in the forward pass `cct` was multiplied by the update gate"),
    other_factor("o", "c_next", "memory-itself", "uses `c_next` as it is: the gate was multiplied by its tanh"),
    other_factor("o", "np.tanh(c_prev)", "tanh-of-old-memory", "uses `c_prev`: the gate was multiplied by the tanh of the new memory"),
    other_factor("o", "a_next", "state", "uses `a_next`: there the gate is already in; it was multiplied by the tanh of the memory"),
    *(
        Mistake(
            f"sign-of-{gate}",
            ((f"dz{gate} = ", f"dz{gate} = -"),),
            f"The gradient of {ROLES[gate]} has the wrong sign: nothing on the way back to `{NAMES[gate]}` changes it.",
        )
        for gate in NAMES
    ),
    Mistake(
        "old-memory-from-dc-next",
        (("dc_prev = dc * ft", "dc_prev = dc_next * ft"),),
        "`dc_prev` starts from `dc_next`: it should start from all that reaches the memory, through the state as well.",
    ),
    Mistake(
        "memory-from-next-step-only",
        (("dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)", "dc = dc_next"),),
        "What reaches the memory is `dc_next` alone: the new memory also acts through `a_next`, and that part is missing.",
    ),
    Mistake(
        "old-memory-from-state",
        (("dc_prev = dc * ft", "dc_prev = (dc - dc_next) * ft"),),
        "`dc_next` is missing from `dc_prev`: the new memory acts on later steps, and not only through the state.",
    ),
    Mistake(
        "memory-from-state-only",
        (("dc = dc_next + da_next", "dc = da_next"),),
        "`dc_next` is not used: the memory acts on later steps too, not only through the state of this one.",
    ),
    Mistake(
        "no-output-gate-to-memory",
        (("da_next * ot * (1 - np.tanh", "da_next * (1 - np.tanh"),),
        "On its way from `da_next` to the memory the gradient passes the output gate: the factor `ot` is missing.",
    ),
    Mistake(
        "no-tanh-slope-to-memory",
        (("da_next * ot * (1 - np.tanh(c_next) ** 2)", "da_next * ot"),),
        "On its way from `da_next` to the memory the gradient passes a tanh: its slope at `c_next` is missing.",
    ),
    Mistake(
        "slope-without-tanh",
        (("(1 - np.tanh(c_next) ** 2)", "(1 - c_next**2)"),),
        "The slope on the way to the memory squares `c_next` itself: the memory has not been through the tanh yet.",
    ),
    Mistake(
        "slope-at-old-memory",
        (("(1 - np.tanh(c_next) ** 2)", "(1 - np.tanh(c_prev) ** 2)"),),
        "The slope on the way to the memory is taken at `c_prev`: the state was made from the new memory.",
    ),
    Mistake(
        "slope-at-state",
        (("(1 - np.tanh(c_next) ** 2)", "(1 - a_next**2)"),),
        "The slope on the way to the memory is made from `a_next`, in which the output gate is already: it is that of the tanh alone.",
    ),
    Mistake(
        "slope-to-memory-without-square",
        (("(1 - np.tanh(c_next) ** 2)", "(1 - np.tanh(c_next))"),),
        "In the slope on the way to the memory the tanh of `c_next` is not squared.",
    ),
    Mistake(
        "slope-to-memory-sign",
        (("(1 - np.tanh(c_next) ** 2)", "(1 + np.tanh(c_next) ** 2)"),),
        "The slope on the way to the memory is never above 1: check the sign before the square of the tanh of `c_next`.",
    ),
    *(
        Mistake(
            f"{other}-on-the-way-to-memory",
            (("da_next * ot * (1 - np.tanh", f"da_next * {NAMES[other]} * (1 - np.tanh"),),
            f"On its way from `da_next` to the memory the gradient passes the output gate, not `{NAMES[other]}`.",
        )
        for other in ("f", "i")
    ),
    Mistake(
        "update-and-candidate-swapped",
        (
            ("dc * cct * it * (1 - it)", "dc * it * it * (1 - it)"),
            ("dc * it * (1 - cct**2)", "dc * cct * (1 - cct**2)"),
        ),
        "For `it` and `cct` the wrong factor is used: a factor's gradient is made with the other factor of the product.",
    ),
    Mistake(
        "old-memory-not-gated",
        (("dc_prev = dc * ft", "dc_prev = dc"),),
        "`dc_prev` keeps all that reaches the new memory: the old one was multiplied by the forget gate.",
    ),
    Mistake(
        "old-memory-by-update-gate",
        (("dc_prev = dc * ft", "dc_prev = dc * it"),),
        "`dc_prev` is made with the update gate: the old memory was multiplied by `ft`.",
    ),
    Mistake(
        "stack-order",
        (("np.concatenate((dzf, dzi, dzc, dzo))", "np.concatenate((dzf, dzi, dzo, dzc))"),),
        "In the stack the candidate and the output gate have changed places: the rows must stand in the order of `W`.",
    ),
    Mistake(
        "stack-order-of-pairs",
        (("np.concatenate((dzf, dzi, dzc, dzo))", "np.concatenate((dzi, dzf, dzc, dzo))"),),
        "In the stack the forget and the update gate have changed places: the rows must stand in the order of `W`.",
    ),
    Mistake(
        "stack-order-of-the-middle",
        (("np.concatenate((dzf, dzi, dzc, dzo))", "np.concatenate((dzf, dzc, dzi, dzo))"),),
        "In the stack the update gate and the candidate have changed places: the rows must stand in the order of `W`.",
    ),
    Mistake(
        "gates-in-the-stack",
        (("np.dot(dz, concat.T)", "np.dot(np.concatenate((ft, it, cct, ot)), concat.T)"),),
        "In the gradients of the weights a gate stands in the place of its `dz`.",
    ),
    Mistake(
        "gradient-for-weights",
        (("np.dot(W.T, dz)", "np.dot(dW.T, dz)"),),
        "`dxt` and `da_prev` are made with `dW`: the way back goes through the weights `W` themselves.",
    ),
    *(
        Mistake(
            f"{gate}-missing-on-the-way-back",
            (("np.dot(W.T, dz)", f'np.dot(W.T, dz) - np.dot(parameters["W{gate}"].T, dz{gate})'),),
            f"In `dxt` and `da_prev` the part that comes through `W{gate}` is missing: they are sums of four.",
        )
        for gate in NAMES
    ),
    *(
        Mistake(
            f"W{other}-for-W{gate}-on-the-way-back",
            (
                (
                    "np.dot(W.T, dz)",
                    f'np.dot(W.T, dz) + np.dot((parameters["W{other}"] - parameters["W{gate}"]).T, dz{gate})',
                ),
            ),
            f"In `dxt` and `da_prev` the gradient of {ROLES[gate]} goes through `W{other}`: it goes through `W{gate}`.",
        )
        for gate, other in OTHERS
    ),
    Mistake(
        "concat-order",
        (("np.dot(dz, concat.T)", "np.dot(dz, np.concatenate((xt, a_prev)).T)"),),
        "In the gradients of the weights the input stands on top of the old state: in `concat` the state comes first.",
    ),
    Mistake(
        "one-example-in-weights",
        (("np.dot(dz, concat.T)", "np.dot(dz[:, :1], concat[:, :1].T)"),),
        "The gradients of the weights are those of the first example alone: the product of `dz` runs over all columns.",
    ),
    Mistake(
        "weights-mean",
        (("np.dot(dz, concat.T)", "np.dot(dz, concat.T) / xt.shape[1]"),),
        "`dWf`, `dWi`, `dWc` and `dWo` are divided by the number of examples: their gradients are sums.",
    ),
    Mistake(
        "bias-mean",
        (("np.sum(dz,", "np.mean(dz,"),),
        "`dbf`, `dbi`, `dbc` and `dbo` are means over the examples: their gradients are sums.",
    ),
    Mistake(
        "bias-of-one-example",
        (("np.sum(dz, axis=1, keepdims=True)", "dz[:, :1]"),),
        "The gradients of the biases are those of the first example alone: `dz` is summed over all columns.",
    ),
    Mistake(
        "bias-not-summed",
        (("np.sum(dz, axis=1, keepdims=True)", "dz"),),
        "The gradients of the biases have one column for each example: a bias serves all of them, so `dz` is summed.",
    ),
    Mistake(
        "bias-flat",
        (("axis=1, keepdims=True", "axis=1"),),
        "The gradients of the biases have lost their second axis: a gradient has the shape of what it belongs to, as `bf`.",
    ),
    Mistake(
        "input-and-state-swapped",
        (
            (
                '"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a]',
                '"dxt": dconcat[:-n_a], "da_prev": dconcat[-n_a:]',
            ),
        ),
        "`dxt` and `da_prev` are cut from the wrong ends: the old state stands on top of the input.",
    ),
    Mistake(
        "input-and-state-exchanged",
        (('"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a]', '"dxt": dconcat[:n_a], "da_prev": dconcat[n_a:]'),),
        "`dxt` and `da_prev` have changed places: the first rows belong to the old state.",
    ),
]
