"""The known mistakes of the LSTM in the lab `cells`. What may go wrong in each gate is written once for all."""

from autograder import Mistake

NAMES = {"f": "ft", "i": "it", "c": "cct", "o": "ot"}
"""The gates and the candidate by the letter of their weights."""
ROLES = {"f": "the forget gate", "i": "the update gate", "c": "the candidate", "o": "the output gate"}
LINES = {
    gate: f"{name} = {'np.tanh' if gate == 'c' else 'sigmoid'}(np.dot(W{gate}, concat) + b{gate})"
    for gate, name in NAMES.items()
}


def listed(names):
    """The names in backquotes, with commas and an "and"."""
    *first, last = (f"`{name}`" for name in names)
    return f"{', '.join(first)} and {last}" if first else last


def rewritten(gates, change):
    """Edits of the lines of some gates: ``change`` takes the gate's letter and its line."""
    return tuple((LINES[gate], change(gate, LINES[gate])) for gate in gates)


def no_bias(*gates):
    are, what = (
        ("is", "each unit has an offset of its own")
        if len(gates) == 1
        else ("are", "each has an offset for each unit")
    )
    return Mistake(
        f"no-bias-{''.join(gates)}",
        rewritten(gates, lambda gate, line: line.replace(f" + b{gate}", "")),
        f"The bias{'es' if len(gates) > 1 else ''} {listed('b' + gate for gate in gates)} {are} missing from "
        f"{listed(NAMES[gate] for gate in gates)}: {what}.",
    )


def no_activation(*gates):
    what = (
        "it must stay between -1 and 1"
        if gates == ("c",)
        else "a gate is a share between 0 and 1"
        if "c" not in gates
        else "gates are shares between 0 and 1, and what is written stays between -1 and 1"
    )
    return Mistake(
        f"no-activation-{''.join(gates)}",
        rewritten(gates, lambda gate, line: line.replace("np.tanh(np", "(np").replace("sigmoid(", "(")),
        f"{listed(NAMES[gate] for gate in gates)} {'has' if len(gates) == 1 else 'have'} no activation: {what}.",
    )


def by_tanh(*gates):
    return Mistake(
        f"tanh-{''.join(gates)}",
        rewritten(gates, lambda gate, line: line.replace("sigmoid(", "np.tanh(")),
        f"{listed(NAMES[gate] for gate in gates)} went through tanh: a gate is a share between 0 and 1.",
    )


def softmaxed(gate):
    return Mistake(
        f"softmax-{gate}",
        rewritten(
            gate, lambda gate, line: line.replace("np.tanh(np", "softmax(np").replace("sigmoid(", "softmax(")
        ),
        f"`{NAMES[gate]}` went through `softmax`, so its columns add up to 1: each unit has {ROLES[gate]} to itself.",
    )


def negated(gate):
    return Mistake(
        f"negative-{gate}",
        rewritten(gate, lambda gate, line: line.replace(" = ", " = -")),
        f"`{NAMES[gate]}` has the wrong sign.",
    )


def bias_alone(gate):
    return Mistake(
        f"bias-alone-{gate}",
        rewritten(
            gate, lambda gate, line: line.replace(f"np.dot(W{gate}, concat)", "np.zeros((1, xt.shape[1]))")
        ),
        f"`{NAMES[gate]}` does not depend on `concat`: only the bias `b{gate}` is in it.",
    )


def bias_subtracted(gate):
    return Mistake(
        f"bias-subtracted-{gate}",
        rewritten(gate, lambda gate, line: line.replace(f"+ b{gate}", f"- b{gate}")),
        f"The bias `b{gate}` is subtracted in `{NAMES[gate]}`: it is added.",
    )


def copied(gate, other, parts):
    """A gate is made with the weights or the bias of another, or with both."""

    def change(gate, line):
        for part in parts:
            line = line.replace(f"{part}{gate}", f"{part}{other}")
        return line

    what = {"W": "the weights", "b": "the bias", "Wb": "the weights and the bias"}[parts]
    return Mistake(
        f"{parts}{other}-for-{parts}{gate}",
        rewritten(gate, change),
        f"`{NAMES[gate]}` is made with {listed(part + other for part in parts)}, {what} of {ROLES[other]}.",
    )


def in_place_of(place, gate, other):
    """Another gate acts where ``gate`` should; ``place`` is what it acts on in the reference."""
    old = {"f": "ft * c_prev", "i": "it * cct", "o": "ot * np.tanh(c_next)"}[gate]
    return Mistake(
        f"{other}-acts-for-{gate}",
        ((old, old.replace(f"{NAMES[gate]} *", f"{NAMES[other]} *")),),
        f"`{NAMES[other]}` acts on {place}: that is what {ROLES[gate]} is for.",
    )


def kept(name, entries, said):
    """The cache has other entries than it should."""
    right = "cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)"
    return Mistake(f"cache-{name}", ((right, f"cache = ({entries}, parameters)"),), said)


GATES = ("f", "i", "o")
OTHERS = [(gate, other) for gate in NAMES for other in NAMES if other != gate]

# Where several give an output the same, the first is named: what accuses one gate stands before what accuses all.
cell = [
    *(no_bias(gate) for gate in NAMES),
    no_bias("f", "i", "c"),
    no_bias(*NAMES),
    *(copied(gate, other, parts) for parts in ("Wb", "W", "b") for gate, other in OTHERS),
    *(by_tanh(gate) for gate in GATES),
    by_tanh("f", "i"),
    by_tanh(*GATES),
    *(no_activation(gate) for gate in NAMES),
    no_activation("f", "i"),
    no_activation("f", "i", "c"),
    no_activation(*GATES),
    no_activation(*NAMES),
    *(change(gate) for change in (softmaxed, negated, bias_alone, bias_subtracted) for gate in NAMES),
    Mistake(
        "sigmoid-candidate",
        (("cct = np.tanh(", "cct = sigmoid("),),
        "The candidate `cct` went through a sigmoid: it must be able to lower the memory as well as raise it.",
    ),
    Mistake(
        "concat-order",
        (("np.concatenate((a_prev, xt), axis=0)", "np.concatenate((xt, a_prev), axis=0)"),),
        "`concat` has the input on top of the hidden state: the weights expect the state first.",
    ),
    Mistake(
        "memory-in-concat",
        (("np.concatenate((a_prev, xt), axis=0)", "np.concatenate((c_prev, xt), axis=0)"),),
        "`concat` is made with `c_prev`: the gates see the old hidden state, and not the memory.",
    ),
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
        "no-candidate",
        ((" + it * cct", ""),),
        "Nothing new enters `c_next`: the candidate and its gate are missing.",
    ),
    Mistake(
        "no-old-memory",
        (("ft * c_prev + ", ""),),
        "`c_next` does not depend on `c_prev`: without the old memory, nothing is remembered.",
    ),
    Mistake(
        "forget-gate-added",
        (("ft * c_prev", "ft + c_prev"),),
        "The forget gate is added to `c_prev`: it is a share of the memory, so the two are multiplied.",
    ),
    Mistake(
        "update-gate-added",
        (("it * cct", "it + cct"),),
        "The update gate is added to `cct`: it is a share of the candidate, so the two are multiplied.",
    ),
    Mistake(
        "candidate-subtracted",
        (("ft * c_prev + it", "ft * c_prev - it"),),
        "The candidate's part is subtracted in `c_next`: `cct` can be negative by itself, and is added.",
    ),
    Mistake(
        "parts-multiplied",
        (("ft * c_prev + it", "ft * c_prev * it"),),
        "In `c_next` what stays and what is new are multiplied: the new memory is their sum.",
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
        "memory-clipped",
        (("it * cct\n", "it * cct\n    c_next = np.clip(c_next, -1, 1)\n"),),
        "`c_next` is cut off at -1 and 1: the memory has no bounds, it is the state that has.",
    ),
    Mistake(
        "memory-squeezed",
        (("c_next = ft * c_prev + it * cct", "c_next = np.tanh(ft * c_prev + it * cct)"),),
        "`c_next` went through tanh: the memory is kept as it is, and squeezed for `a_next` only.",
    ),
    *(in_place_of("`c_prev`", "f", other) for other in ("i", "o")),
    *(in_place_of("`cct`", "i", other) for other in ("f", "o")),
    *(in_place_of("what `a_next` shows of the memory", "o", other) for other in ("f", "i")),
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
        "gate-inside-tanh",
        (("ot * np.tanh(c_next)", "np.tanh(ot * c_next)"),),
        "For `a_next` the output gate acts inside the tanh: the memory is squeezed first, then the gate takes its share.",
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
        "tanh-of-candidate",
        (("ot * np.tanh(c_next)", "ot * np.tanh(cct)"),),
        "`a_next` is made from `cct`: the output gate opens on the new memory.",
    ),
    Mistake(
        "output-gate-added",
        (("ot * np.tanh(c_next)", "ot + np.tanh(c_next)"),),
        "In `a_next` the output gate is added: it is a share of what shows, so the two are multiplied.",
    ),
    Mistake(
        "prediction-from-memory",
        (("np.dot(Wy, a_next)", "np.dot(Wy, c_next)"),),
        "The prediction is made from the memory `c_next`: it should be made from the hidden state.",
    ),
    Mistake(
        "prediction-from-output-gate",
        (("np.dot(Wy, a_next)", "np.dot(Wy, ot)"),),
        "The prediction is made from the gate `ot`: it should be made from the hidden state.",
    ),
    kept(
        "order",
        "c_next, a_next, a_prev, c_prev, ft, it, cct, ot, xt",
        "`cache` begins with the memory: the hidden state `a_next` comes first.",
    ),
    kept(
        "old-ones-swapped",
        "a_next, c_next, c_prev, a_prev, ft, it, cct, ot, xt",
        "`cache` has the old memory before the old state: `a_prev` comes before `c_prev`.",
    ),
    kept(
        "gates-swapped",
        "a_next, c_next, a_prev, c_prev, it, ft, cct, ot, xt",
        "`cache` has the update gate before the forget gate: `ft` comes before `it`.",
    ),
    kept(
        "output-gate-early",
        "a_next, c_next, a_prev, c_prev, ft, it, ot, cct, xt",
        "`cache` has the output gate before the candidate: `cct` comes before `ot`.",
    ),
    kept(
        "input-early",
        "a_next, c_next, a_prev, c_prev, ft, it, cct, xt, ot",
        "`cache` has `xt` before `ot`: the gates come before the input.",
    ),
    kept(
        "new-state-twice",
        "a_next, c_next, a_next, c_prev, ft, it, cct, ot, xt",
        "In `cache` the old state equals the new one. Was `a_prev` overwritten, or the new state put in twice?",
    ),
    kept(
        "new-memory-twice",
        "a_next, c_next, a_prev, c_next, ft, it, cct, ot, xt",
        "In `cache` the old memory equals the new one. Was `c_prev` overwritten, or the new memory put in twice?",
    ),
    kept(
        "without-gates",
        "a_next, c_next, a_prev, c_prev, xt",
        "`cache` lacks the three gates and the candidate: going back through the step needs them.",
    ),
    Mistake(
        "old-memory-multiplied-in-place",
        (("c_next = ft * c_prev", "c_prev *= ft\n    c_next = c_prev"),),
        "In `cache` the old memory is already multiplied by the forget gate: `c_prev` was changed in place.",
    ),
    Mistake(
        "state-and-memory-returned-swapped",
        (("return a_next, c_next,", "return c_next, a_next,"),),
        "The memory is returned first: the hidden state `a_next` comes before `c_next`.",
    ),
    Mistake(
        "prediction-and-memory-returned-swapped",
        (("c_next, yt_pred, cache\n", "yt_pred, c_next, cache\n"),),
        "The prediction is returned before the memory: `c_next` comes before `yt_pred`.",
    ),
]

loop = [
    Mistake(
        "memory-not-carried",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], a_next, np.zeros((n_a, m)),"),),
        "Every step starts from an empty memory: the `c_next` that a step gives is not handed on.",
    ),
    Mistake(
        "memory-of-zeros",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], a_next, c[:, :, t],"),),
        "Every step starts from an empty memory: `c` is read at a place that no step has written yet.",
    ),
    Mistake(
        "passed-in-swapped",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], c_next, a_next,"),),
        "The cell gets the memory as its state and the state as its memory: `a_next` comes before `c_next`.",
    ),
    Mistake(
        "state-for-both",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], a_next, a_next,"),),
        "The cell gets the hidden state as its memory too: the memory that is handed on is `c_next`.",
    ),
    Mistake(
        "memory-for-both",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], c_next, c_next,"),),
        "The cell gets the memory as its hidden state too: the state that is handed on is `a_next`.",
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
        "memory-before-the-first",
        (("x[:, :, t], a_next, c_next,", "x[:, :, t], a_next, c[:, :, t - 1],"),),
        "The first step takes its memory from the end of `c`, and the index -1 is no step before it: its cache changes with `c`.",
    ),
    Mistake(
        "memory-starts-at-state",
        (("c_next = np.zeros((n_a, m))", "c_next = a0"),),
        "The memory starts at `a0`: the hidden state has a given start, the memory starts at zero.",
    ),
    Mistake(
        "memory-starts-at-one",
        (("c_next = np.zeros((n_a, m))", "c_next = np.ones((n_a, m))"),),
        "The memory starts at 1 in all units: before the first step `c_next` is zero.",
    ),
    Mistake(
        "c-is-a",
        (("c[:, :, t] = c_next", "c[:, :, t] = a_next"),),
        "`c` holds the hidden states: it should hold the memory of each step.",
    ),
    Mistake(
        "a-is-c",
        (("a[:, :, t] = a_next", "a[:, :, t] = c_next"),),
        "`a` holds the memories: it should hold the state of each step. Are `a` and `c` one and the same array?",
    ),
    Mistake(
        "memories-before-predictions",
        (("return a, y, c,", "return a, c, y,"),),
        "`y` and `c` are returned in the wrong order: the predictions come before the memories.",
    ),
]
