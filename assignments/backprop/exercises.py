"""The hidden cases of the lab `backprop`: what is drawn, and what each gradient is worth.

Every cache comes from a forward pass of the lab `cells`, so that its entries belong together.
"""

from cells import lstm_cell_forward, lstm_forward, rnn_cell_forward, rnn_forward

from autograder import Exercise, Lab

RTOL = 1e-12
"""Right answers in other forms differ by up to 1e-14 of the largest entry, central differences by more than this."""


def rnn_parameters(rng, n_x, n_a):
    """Weights scaled so that tanh is neither linear nor saturated; n_y is 2."""
    return {
        "Wax": rng.standard_normal((n_a, n_x)) / n_x**0.5,
        "Waa": rng.standard_normal((n_a, n_a)) / n_a**0.5,
        "Wya": rng.standard_normal((2, n_a)),
        "ba": 0.5 * rng.standard_normal((n_a, 1)),
        "by": rng.standard_normal((2, 1)),
    }


def lstm_parameters(rng, n_x, n_a):
    parameters = {}
    for gate in "fico":
        parameters[f"W{gate}"] = rng.standard_normal((n_a, n_a + n_x)) / (n_a + n_x) ** 0.5
        parameters[f"b{gate}"] = 0.5 * rng.standard_normal((n_a, 1))
    parameters["Wy"] = rng.standard_normal((2, n_a))
    parameters["by"] = rng.standard_normal((2, 1))
    return parameters


def check_shapes(gradients, states, xt, parameters, widths):
    """Raise ValueError when the arguments of a lent cell do not fit together."""
    n_a, m = states[0].shape
    n_x = xt.shape[0]
    if max(n_x, n_a) > 200 or m > 500:
        raise ValueError("larger than any case of this lab")
    if xt.shape != (n_x, m):
        raise ValueError(f"xt has shape {xt.shape}, expected {(n_x, m)}")
    for array in [*gradients, *states]:
        if array.shape != (n_a, m):
            raise ValueError(f"a state or its gradient has shape {array.shape}, expected {(n_a, m)}")
    for name, width in widths.items():
        if parameters[name].shape != (n_a, {"x": n_x, "a": n_a, "ax": n_a + n_x}[width]):
            raise ValueError(f"{name} has shape {parameters[name].shape}")


def check_rnn_cell(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    check_shapes([da_next], [a_next, a_prev], xt, parameters, {"Wax": "x", "Waa": "a"})


def check_lstm_cell(da_next, dc_next, cache):
    *states, xt, parameters = cache
    if len(states) != 8:
        raise ValueError(f"the cache has {len(cache)} entries, expected 10")
    check_shapes([da_next, dc_next], states, xt, parameters, {f"W{gate}": "ax" for gate in "fico"})


# In the RNN and in the LSTM alike a fifth of the points is for the inputs' gradients, a fifth for those of the
# states (with the memories), two fifths for the weights and a fifth for the biases.

# ---------------------------------------------------------------- the simple RNN, one step

rnn_cell = Exercise(
    "rnn_cell_backward",
    outputs={"dxt": 2, "da_prev": 2, "dWax": 2, "dWaa": 2, "dba": 2},
    returns=dict,
    rtol=RTOL,
    check_call=check_rnn_cell,
)


def rnn_cell_inputs(rng, n_x, n_a, m, size=1.0):
    """``size`` scales the gradients that come in; backward is linear in them."""
    xt, a_prev = rng.standard_normal((n_x, m)), rng.standard_normal((n_a, m))
    *_, cache = rnn_cell_forward(xt, a_prev, rnn_parameters(rng, n_x, n_a))
    return {"da_next": size * rng.standard_normal((n_a, m)), "cache": cache}


@rnn_cell.case
def rnn_cell_distinct(rng):
    """n_x, n_a and m all different"""
    return rnn_cell_inputs(rng, n_x=4, n_a=6, m=7)


@rnn_cell.case
def rnn_cell_wide(rng):
    """more inputs than hidden units"""
    return rnn_cell_inputs(rng, n_x=9, n_a=3, m=4)


@rnn_cell.case(group="edges", share=0.2)
def rnn_cell_one_example(rng):
    """a batch of one example (m = 1), gradients of a thousand"""
    return rnn_cell_inputs(rng, n_x=3, n_a=5, m=1, size=1000.0)


@rnn_cell.case(group="edges")
def rnn_cell_one_unit(rng):
    """a single hidden unit (n_a = 1)"""
    return rnn_cell_inputs(rng, n_x=3, n_a=1, m=4)


# ---------------------------------------------------------------- the simple RNN, a sequence

rnn = Exercise(
    "rnn_backward",
    outputs={"dx": 2, "da0": 2, "dWax": 2, "dWaa": 2, "dba": 2},
    returns=dict,
    calls=("rnn_cell_backward",),
    rtol=RTOL,
)


def rnn_inputs(rng, n_x, n_a, m, T_x, steps=None):
    """``steps`` is the number of steps of da; all of them by default."""
    x, a0 = rng.standard_normal((n_x, m, T_x)), rng.standard_normal((n_a, m))
    *_, caches = rnn_forward(x, a0, rnn_parameters(rng, n_x, n_a))
    return {"da": rng.standard_normal((n_a, m, steps or T_x)), "caches": caches}


@rnn.case
def rnn_distinct(rng):
    """n_x, n_a, m and T_x all different"""
    return rnn_inputs(rng, n_x=4, n_a=6, m=7, T_x=5)


@rnn.case
def rnn_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return rnn_inputs(rng, n_x=5, n_a=4, m=3, T_x=12)


@rnn.case(group="edges", share=0.2)
def rnn_one_example(rng):
    """a batch of one example (m = 1)"""
    return rnn_inputs(rng, n_x=3, n_a=5, m=1, T_x=4)


@rnn.case(group="edges")
def rnn_one_step(rng):
    """a sequence of one step (T_x = 1), gradients of a thousand"""
    inputs = rnn_inputs(rng, n_x=3, n_a=5, m=4, T_x=1)
    return {**inputs, "da": 1000.0 * inputs["da"]}


@rnn.case(group="edges")
def rnn_fewer_steps(rng):
    """da has fewer steps than x"""
    return rnn_inputs(rng, n_x=3, n_a=5, m=2, T_x=7, steps=4)


# ---------------------------------------------------------------- the LSTM, one step

lstm_cell = Exercise(
    "lstm_cell_backward",
    outputs={
        **{"dxt": 4, "da_prev": 2, "dc_prev": 2},
        **{"dWf": 2, "dbf": 1, "dWi": 2, "dbi": 1, "dWc": 2, "dbc": 1, "dWo": 2, "dbo": 1},
    },
    returns=dict,
    rtol=RTOL,
    check_call=check_lstm_cell,
)


def lstm_cell_inputs(rng, n_x, n_a, m, memories=(), first=None, size=1.0):
    """``memories`` are those of the first units, ``first`` the first inputs; ``size`` scales the gradients."""
    xt, a_prev = rng.standard_normal((n_x, m)), rng.standard_normal((n_a, m))
    c_prev = rng.standard_normal((n_a, m))
    for unit, memory in enumerate(memories):
        c_prev[unit] = memory * rng.uniform(0.8, 1.2, m)
    if first:
        xt[0] = first
    *_, cache = lstm_cell_forward(xt, a_prev, c_prev, lstm_parameters(rng, n_x, n_a))
    return {
        "da_next": size * rng.standard_normal((n_a, m)),
        "dc_next": size * rng.standard_normal((n_a, m)),
        "cache": cache,
    }


@lstm_cell.case
def lstm_cell_distinct(rng):
    """n_x, n_a and m all different"""
    return lstm_cell_inputs(rng, n_x=4, n_a=6, m=7)


@lstm_cell.case
def lstm_cell_square(rng):
    """as many inputs as hidden units (n_x = n_a), some of them large"""
    return lstm_cell_inputs(rng, n_x=5, n_a=5, m=3, first=[6.5, -7.5, 8.5])


@lstm_cell.case(group="edges", share=0.2)
def lstm_cell_one_example(rng):
    """a batch of one example (m = 1), gradients of a thousand"""
    return lstm_cell_inputs(rng, n_x=3, n_a=5, m=1, size=1000.0)


@lstm_cell.case(group="edges")
def lstm_cell_one_unit(rng):
    """a single hidden unit (n_a = 1)"""
    return lstm_cell_inputs(rng, n_x=2, n_a=1, m=4)


@lstm_cell.case(group="edges")
def lstm_cell_large_memory(rng):
    """memories of 50 and of thousands, more inputs than hidden units"""
    return lstm_cell_inputs(rng, n_x=6, n_a=4, m=5, memories=(50.0, -50.0, 5000.0, -5000.0))


# ---------------------------------------------------------------- the LSTM, a sequence

lstm = Exercise(
    "lstm_backward",
    outputs={
        **{"dx": 4, "da0": 4},
        **{"dWf": 2, "dbf": 1, "dWi": 2, "dbi": 1, "dWc": 2, "dbc": 1, "dWo": 2, "dbo": 1},
    },
    returns=dict,
    calls=("lstm_cell_backward",),
    rtol=RTOL,
)


def lstm_inputs(rng, n_x, n_a, m, T_x, steps=None):
    """``steps`` is the number of steps of da; all of them by default."""
    x, a0 = rng.standard_normal((n_x, m, T_x)), rng.standard_normal((n_a, m))
    *_, caches = lstm_forward(x, a0, lstm_parameters(rng, n_x, n_a))
    return {"da": rng.standard_normal((n_a, m, steps or T_x)), "caches": caches}


@lstm.case
def lstm_distinct(rng):
    """n_x, n_a, m and T_x all different"""
    return lstm_inputs(rng, n_x=4, n_a=6, m=7, T_x=5)


@lstm.case
def lstm_longer(rng):
    """more steps than examples, more inputs than hidden units"""
    return lstm_inputs(rng, n_x=5, n_a=4, m=3, T_x=12)


@lstm.case(group="edges", share=0.2)
def lstm_one_example(rng):
    """a batch of one example (m = 1)"""
    return lstm_inputs(rng, n_x=3, n_a=5, m=1, T_x=4)


@lstm.case(group="edges")
def lstm_one_step(rng):
    """a sequence of one step (T_x = 1), gradients of a thousand"""
    inputs = lstm_inputs(rng, n_x=3, n_a=5, m=4, T_x=1)
    return {**inputs, "da": 1000.0 * inputs["da"]}


@lstm.case(group="edges")
def lstm_fewer_steps(rng):
    """da has fewer steps than x"""
    return lstm_inputs(rng, n_x=3, n_a=5, m=2, T_x=7, steps=4)


lab = Lab(
    exercises=(rnn_cell, rnn, lstm_cell, lstm),
    modules=("activations", "checks", "explore", "gradcheck", "plots", "rnn_utils", "tables"),
    earlier=("cells",),
    # The whole notebook takes a second or two: a cell that needs ten does not end.
    limits={"cell_seconds": 10},
)
