"""The known mistakes of the lab `backprop`: small edits of the reference, each with the help a student reads."""

from autograder import Mistake

PUBLISHED_CREDIT = 0.5
"""The share of the points for an `lstm_backward` with the recursion that the source document has."""

# An output may be explained by several mistakes: the first one here that explains most is named, so what
# goes wrong in one line stands before what goes wrong in all.
mistakes = {
    "rnn_cell_backward": [
        Mistake(
            "state-from-da-next",
            (("np.dot(Waa.T, dz)", "np.dot(Waa.T, da_next)"),),
            "`da_prev` is made from `da_next` directly: it lies behind the tanh, like the others.",
        ),
        Mistake(
            "input-from-da-next",
            (("np.dot(Wax.T, dz)", "np.dot(Wax.T, da_next)"),),
            "`dxt` is made from `da_next` directly: it lies behind the tanh, like the others.",
        ),
        Mistake(
            "bias-from-da-next",
            (("np.sum(dz,", "np.sum(da_next,"),),
            "`dba` is the sum of `da_next`: the bias sits inside the tanh, so its slope counts there too.",
        ),
        Mistake(
            "no-tanh-slope",
            (("dz = da_next * (1 - a_next**2)", "dz = da_next"),),
            "`da_next` is handed on as it is: on its way back it first passes the tanh, which has a slope.",
        ),
        Mistake(
            "slope-without-square",
            (("(1 - a_next**2)", "(1 - a_next)"),),
            "The slope of the tanh is not 1 minus the state: `a_next` enters it squared.",
        ),
        Mistake(
            "slope-of-sigmoid",
            (("(1 - a_next**2)", "a_next * (1 - a_next)"),),
            "`da_next` is multiplied by the slope of a sigmoid: an RNN's state comes from a tanh.",
        ),
        Mistake(
            "slope-at-old-state",
            (("(1 - a_next**2)", "(1 - a_prev**2)"),),
            "The slope of the tanh is taken at `a_prev`: it belongs to the state that came out of the tanh.",
        ),
        Mistake(
            "tanh-twice",
            (("(1 - a_next**2)", "(1 - np.tanh(a_next) ** 2)"),),
            "The slope takes the tanh of `a_next`, which is already the result of the tanh.",
        ),
        Mistake(
            "slope-sign",
            (("(1 - a_next**2)", "(1 + a_next**2)"),),
            "The slope of the tanh is never above 1: check the sign before the square of `a_next`.",
        ),
        Mistake(
            "recurrent-weights-not-transposed",
            (("np.dot(Waa.T, dz)", "np.dot(Waa, dz)"),),
            "`da_prev` uses `Waa` as the forward pass does. It is square, so either way fits, but going back turns it round.",
        ),
        Mistake(
            "new-state-in-weights",
            (("np.dot(dz, a_prev.T)", "np.dot(dz, a_next.T)"),),
            "`dWaa` is made with `a_next`: the forward pass multiplied `Waa` by the state before the step.",
        ),
        Mistake(
            "weights-transposed",
            (("np.dot(dz, a_prev.T)", "np.dot(a_prev, dz.T)"),),
            "`dWaa` is transposed. It is square, so the shape does not tell: rows belong to what comes out, columns to what goes in.",
        ),
        Mistake(
            "bias-mean",
            (("np.sum(dz,", "np.mean(dz,"),),
            "`dba` is a mean over the examples: the bias acts on each of them, so its gradient is a sum.",
        ),
        Mistake(
            "weights-mean",
            (
                ("np.dot(dz, xt.T)", "np.dot(dz, xt.T) / xt.shape[1]"),
                ("np.dot(dz, a_prev.T)", "np.dot(dz, a_prev.T) / xt.shape[1]"),
                ("np.sum(dz,", "np.mean(dz,"),
            ),
            "`dWax`, `dWaa` and `dba` are divided by the number of examples: whether a loss is a mean is settled in `da_next`.",
        ),
        Mistake(
            "bias-not-summed",
            (("np.sum(dz, axis=1, keepdims=True)", "dz"),),
            "`dba` still has one column for each example: one bias serves all of them, so its gradient is their sum.",
        ),
        Mistake(
            "bias-over-units",
            (("np.sum(dz, axis=1,", "np.sum(dz, axis=0,"),),
            "`dba` is summed over the units: each unit has a bias of its own, and the examples share it.",
        ),
        Mistake(
            "bias-over-all",
            (("np.sum(dz, axis=1, keepdims=True)", "np.sum(dz) * np.ones((len(dz), 1))"),),
            "`dba` is one number for all units: each unit has a bias of its own, and only the examples share it.",
        ),
    ],
    "rnn_backward": [
        Mistake(
            "bias-of-one-step",
            (('dba += step["dba"]', 'dba = step["dba"]'),),
            "`dba` is that of the first step alone: the same bias acts at every step.",
        ),
        Mistake(
            "state-gradient-not-carried",
            (("da[:, :, t] + da_prev", "da[:, :, t]"),),
            "Each step is differentiated as if it stood alone: `da_prev` of the step after is not added to `da`.",
        ),
        Mistake(
            "only-the-carried",
            (("da[:, :, t] + da_prev", "(da[:, :, t] if t == T_x - 1 else da_prev)"),),
            "Only the last step of `da` is used: every state acts on the loss by itself too, not through later ones alone.",
        ),
        Mistake(
            "everything-piles-up",
            (('da_prev = step["da_prev"]', 'da_prev = da_prev + step["da_prev"]'),),
            "`da_prev` grows from step to step: what a step hands back replaces what came before, it is not added to it.",
        ),
        Mistake(
            "forwards",
            (("in reversed(range(T_x))", "in range(T_x)"),),
            "The loop goes from the first step to the last: `da_prev` must travel the other way.",
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
            "parameters-of-one-step",
            (
                ('dWax += step["dWax"]', 'dWax = step["dWax"]'),
                ('dWaa += step["dWaa"]', 'dWaa = step["dWaa"]'),
                ('dba += step["dba"]', 'dba = step["dba"]'),
            ),
            "`dWax`, `dWaa` and `dba` are those of the first step alone: the same parameters act at every step.",
        ),
        Mistake(
            "parameters-mean-over-steps",
            (("da0 = da_prev", "da0, dWax, dWaa, dba = da_prev, dWax / T_x, dWaa / T_x, dba / T_x"),),
            "`dWax`, `dWaa` and `dba` are means over the steps: the gradient is a sum over all uses of a parameter.",
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
            "input-gradient-of-all-steps",
            (("dx = np.zeros((n_x, m, T_x))", "dx = np.zeros(x.shape)"),),
            "`dx` has the steps of `x`: where `da` has fewer, `dx` has as many steps as `da`.",
        ),
        Mistake(
            "last-caches",
            (("steps[t])", "steps[t - T_x])"),),
            "Where `da` has fewer steps than `x`, the caches of the last steps are used: `da` belongs to the first ones.",
        ),
    ],
    "lstm_cell_backward": [
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
            "no-gate-slopes",
            (("* ft * (1 - ft)", ""), ("* it * (1 - it)", ""), ("* ot * (1 - ot)", "")),
            "The three gates `ft`, `it` and `ot` come out of a sigmoid: the gradients stop in front of it, its slope is missing.",
        ),
        Mistake(
            "gate-slopes-of-tanh",
            (
                ("* ft * (1 - ft)", "* (1 - ft**2)"),
                ("* it * (1 - it)", "* (1 - it**2)"),
                ("* ot * (1 - ot)", "* (1 - ot**2)"),
            ),
            "The gates `ft`, `it` and `ot` got the slope of a tanh: they come out of a sigmoid.",
        ),
        Mistake(
            "no-candidate-slope",
            (("dzc = dc * it * (1 - cct**2)", "dzc = dc * it"),),
            "The candidate `cct` comes out of a tanh: its slope is missing.",
        ),
        Mistake(
            "candidate-slope-of-sigmoid",
            (("(1 - cct**2)", "cct * (1 - cct)"),),
            "The candidate `cct` got the slope of a sigmoid: it comes out of a tanh.",
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
            "forget-gate-from-new-memory",
            (("dc * c_prev * ft", "dc * c_next * ft"),),
            "The gradient of the forget gate uses `c_next`: in the forward pass `ft` was multiplied by the old memory.",
        ),
        Mistake(
            "forget-gate-from-dc-next",
            (("dc * c_prev * ft", "dc_next * c_prev * ft"),),
            "The gradient of the forget gate starts from `dc_next`: it should start from all that reaches the memory.",
        ),
        Mistake(
            "output-gate-from-memory",
            (("da_next * np.tanh(c_next) * ot *", "da_next * c_next * ot *"),),
            "The gradient of the output gate uses `c_next` as it is: the gate was multiplied by its tanh.",
        ),
        Mistake(
            "output-gate-from-dc",
            (("da_next * np.tanh(c_next) * ot *", "dc * np.tanh(c_next) * ot *"),),
            "The gradient of the output gate starts from that of the memory: `ot` acts on `a_next` alone.",
        ),
        Mistake(
            "old-memory-not-gated",
            (("dc_prev = dc * ft", "dc_prev = dc"),),
            "`dc_prev` keeps all that reaches the new memory: the old one was multiplied by the forget gate.",
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
            "bias-mean",
            (("np.sum(dz,", "np.mean(dz,"),),
            "`dbf`, `dbi`, `dbc` and `dbo` are means over the examples: their gradients are sums.",
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
    ],
    "lstm_backward": [
        Mistake(
            "published-recursion",
            (("da[:, :, t] + da_prev, dc_prev, steps[t]", "da[:, :, t], np.zeros((n_a, m)), steps[t]"),),
            "This is what the source document's code does: each step is differentiated alone, and neither `da_prev` "
            "nor `dc_prev` is handed on. It earns part of the points; the box in the notebook explains it.",
            credit=PUBLISHED_CREDIT,
        ),
        Mistake(
            "state-gradient-not-carried",
            (("da[:, :, t] + da_prev,", "da[:, :, t],"),),
            "`da_prev` of the step after is not added to `da`: only the memory's gradient travels.",
        ),
        Mistake(
            "memory-gradient-not-carried",
            (("da_prev, dc_prev, steps[t]", "da_prev, np.zeros((n_a, m)), steps[t]"),),
            "`dc_prev` is not handed on to the step before: only the state's gradient travels.",
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
            "only-the-carried",
            (("da[:, :, t] + da_prev,", "(da[:, :, t] if t == T_x - 1 else da_prev),"),),
            "Only the last step of `da` is used: every state acts on the loss by itself too, not through later ones alone.",
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
            "forwards",
            (("in reversed(range(T_x))", "in range(T_x)"),),
            "The loop goes from the first step to the last: `da_prev` and `dc_prev` must travel the other way.",
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
            "parameters-of-one-step",
            (("totals[name] += step[name]", "totals[name] = step[name]"),),
            "The gradients in `totals` are those of the first step alone: the same parameters act at every step.",
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
            "inputs-not-stored",
            (('        dx[:, :, t] = step["dxt"]\n', ""),),
            "`dx` is still all zeros: the `dxt` of the steps are never put into it.",
        ),
        Mistake(
            "first-state-is-memory",
            (("da0 = da_prev", "da0 = dc_prev"),),
            "`da0` is the gradient of the first memory: the two travellers have the same shape, but only one is a state's.",
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
            "input-gradient-of-all-steps",
            (("dx = np.zeros((n_x, m, T_x))", "dx = np.zeros(x.shape)"),),
            "`dx` has the steps of `x`: where `da` has fewer, `dx` has as many steps as `da`.",
        ),
        Mistake(
            "last-caches",
            (("dc_prev, steps[t])", "dc_prev, steps[t - T_x])"),),
            "Where `da` has fewer steps than `x`, the caches of the last steps are used: `da` belongs to the first ones.",
        ),
    ],
}
