"""Answers of the lab `backprop` that do nothing of the work: 20."""

CELL = """
def rnn_cell_backward(da_next, cache):
    a_next, a_prev, xt, parameters = cache
    noise = np.random.RandomState(0).randn
    {lines}
    return {{
        "dxt": np.dot(parameters["Wax"].T, dz), "da_prev": np.dot(parameters["Waa"].T, dz),
        "dWax": np.dot(dz, xt.T), "dWaa": np.dot(dz, a_prev.T), "dba": np.sum(dz, axis=1, keepdims=True),
    }}
"""
LSTM = """
def lstm_cell_backward(da_next, dc_next, cache):
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a, concat, noise = len(a_next), np.concatenate((a_prev, xt)), np.random.RandomState(0).randn
    W = np.concatenate([parameters[name] for name in ("Wf", "Wi", "Wc", "Wo")])
    {lines}
    dW, dconcat, db = np.dot(dz, concat.T), np.dot(W.T, dz), np.sum(dz, axis=1, keepdims=True)
    found = {{"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a], "dc_prev": dc_prev}}
    found |= dict(zip(("dWf", "dWi", "dWc", "dWo"), np.split(dW, 4)))
    return found | dict(zip(("dbf", "dbi", "dbc", "dbo"), np.split(db, 4)))
"""
SEQUENCE = """
def rnn_backward(da, caches):
    steps, x = caches
    (n_a, m, T_x), n_x, noise = da.shape, len(x), np.random.RandomState(0).randn
    {lines}
    return {{"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}}
"""
LONG = """
def lstm_backward(da, caches):
    steps, x = caches
    (n_a, m, T_x), n_x, noise = da.shape, len(x), np.random.RandomState(0).randn
    made = {{"dx": {dx}, "da0": {da0}}}
    for gate in "fico":
        made |= {{"dW" + gate: {dW}, "db" + gate: {db}}}
    return made
"""


def cell(line):
    return CELL.format(lines=line)


def lstm(line):
    return LSTM.format(lines=line)


def sequence(line):
    return SEQUENCE.format(lines=line)


ZEROS = "dWax, dWaa, dba = np.zeros((n_a, n_x)), np.zeros((n_a, n_a)), np.zeros((n_a, 1))"

answers = {
    "rnn_cell_backward": {
        "right lines on zeros": cell("dz = np.zeros(da_next.shape)"),
        "right lines on ones": cell("dz = np.ones(da_next.shape)"),
        "right lines on the state": cell("dz = a_next"),
        "right lines on noise": cell("dz = noise(*da_next.shape)"),
        "right lines on twice the old state": cell("dz = 2 * a_prev"),
        "right lines on a tenth of the gradient": cell("dz = da_next / 10"),
    },
    "rnn_backward": {
        "zeros": sequence(f"dx, da0 = np.zeros((n_x, m, T_x)), np.zeros((n_a, m)); {ZEROS}"),
        "copies of x and da": sequence(f"dx, da0 = x[:, :, :T_x].copy(), da[:, :, 0].copy(); {ZEROS}"),
        "copies of the weights": sequence(
            'p = steps[0][3]; dx, da0 = 2 * x[:, :, :T_x], da[:, :, -1]; dWax, dWaa, dba = p["Wax"], p["Waa"], p["ba"]'
        ),
        "noise": sequence(
            "dx, da0, dWax, dWaa, dba = map(lambda s: noise(*s), "
            "((n_x, m, T_x), (n_a, m), (n_a, n_x), (n_a, n_a), (n_a, 1)))"
        ),
        "sums of da": sequence(
            f"dx, da0 = np.zeros((n_x, m, T_x)), da.sum(axis=2); {ZEROS}; dba = da.sum(axis=(1, 2))[:, None]"
        ),
    },
    "lstm_cell_backward": {
        "right lines on zeros": lstm("dc_prev, dz = dc_next.copy(), np.zeros((4 * n_a, dc_next.shape[1]))"),
        "right lines on copies": lstm("dc_prev, dz = dc_next.copy(), np.concatenate((da_next,) * 4)"),
        "right lines on the gates": lstm("dc_prev, dz = dc_next / 2, np.concatenate((ft, it, cct, ot))"),
        "right lines on noise": lstm("dc_prev, dz = noise(*ft.shape), noise(4 * n_a, ft.shape[1])"),
        "right lines on the memory's gradient": lstm(
            "dc_prev, dz = da_next + dc_next, np.tile(dc_next, (4, 1))"
        ),
    },
    "lstm_backward": {
        "zeros": LONG.format(
            dx="np.zeros((n_x, m, T_x))",
            da0="np.zeros((n_a, m))",
            dW="np.zeros((n_a, n_a + n_x))",
            db="np.zeros((n_a, 1))",
        ),
        "copies": LONG.format(
            dx="x[:, :, :T_x].copy()",
            da0="da[:, :, 0].copy()",
            dW='steps[0][9]["W" + gate].copy()',
            db='steps[0][9]["b" + gate].copy()',
        ),
        "noise": LONG.format(
            dx="noise(n_x, m, T_x)", da0="noise(n_a, m)", dW="noise(n_a, n_a + n_x)", db="noise(n_a, 1)"
        ),
        "projections of da": LONG.format(
            dx='np.stack([np.dot(steps[t][9]["Wc"].T[n_a:], da[:, :, t]) for t in range(T_x)], axis=2)',
            da0="da.mean(axis=2)",
            dW="np.dot(da[:, :, 0], np.concatenate((steps[0][2], x[:, :, 0])).T)",
            db="da[:, :, 0].sum(axis=1, keepdims=True)",
        ),
    },
}
