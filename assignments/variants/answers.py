"""Right solutions of the lab `variants` that are written in other ways than the reference."""

import runpy
from pathlib import Path


def _with_body(signature: str, body: str) -> str:
    return f"def {signature}:\n" + "".join(f"    {line}\n" for line in body.strip("\n").splitlines())


def _rnn(body: str) -> str:
    return _with_body("rnn(inputs, state, params)", body)


def _gru(body: str) -> str:
    return _with_body("gru(inputs, state, params)", body)


def _lstm(body: str) -> str:
    return _with_body("lstm(inputs, state, params)", body)


RNN = {
    "in the documents' habits": _rnn("""
W_xh, W_hh, b_h, W_hq, b_q = params
H, = state
outputs = []
for X in inputs:
    H = np.tanh(np.matmul(X, W_xh) + np.matmul(H, W_hh) + b_h)
    Y = np.matmul(H, W_hq) + b_q
    outputs.append(Y)
return outputs, (H,)
"""),
    "all states, then all scores": _rnn("""
states = [state[0]]
for X in inputs:
    states.append(np.tanh(X @ params[0] + states[-1] @ params[1] + params[2]))
return [H @ params[3] + params[4] for H in states[1:]], (states[-1],)
"""),
    "one product": _rnn("""
W, H, outputs = np.concatenate(params[:2]), state[0], []
for X in inputs:
    H = np.tanh(np.hstack((X, H)) @ W + params[2])
    outputs += [np.einsum("bh,hq->bq", H, params[3]) + params[4]]
return outputs, (H,)
"""),
    "products of the inputs at once": _rnn("""
W_xh, W_hh, b_h, W_hq, b_q = params
from_inputs = np.stack(inputs) @ W_xh + b_h
H, outputs = state[0].copy(), []
for Z in from_inputs:
    H = np.tanh(Z + H.dot(W_hh))
    outputs.append(H.dot(W_hq) + b_q)
return outputs, (H,)
"""),
    "recursion, and a list for the pair": _rnn("""
W_xh, W_hh, b_h, W_hq, b_q = params
H = np.tanh(inputs[0] @ W_xh + state[0] @ W_hh + b_h)
rest, last = rnn(inputs[1:], (H,), params) if len(inputs) > 1 else ([], (H,))
return [[H @ W_hq + b_q, *rest], last]
"""),
}

GRU = {
    "in the documents' habits": _gru("""
W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
H, = state
outputs = []
for X in inputs:
    Z = sigmoid(np.matmul(X, W_xz) + np.matmul(H, W_hz) + b_z)
    R = sigmoid(np.matmul(X, W_xr) + np.matmul(H, W_hr) + b_r)
    H_tilda = np.tanh(np.matmul(X, W_xh) + R * np.matmul(H, W_hh) + b_h)
    H = Z * H + (1 - Z) * H_tilda
    Y = np.matmul(H, W_hq) + b_q
    outputs.append(Y)
return outputs, (H,)
"""),
    "a step towards the candidate": _gru("""
W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
H, outputs = state[0], []
for X in inputs:
    R = sigmoid(X @ W_xr + H @ W_hr + b_r)
    share = sigmoid(-(X @ W_xz + H @ W_hz + b_z))
    H = H + share * (np.tanh(X @ W_xh + (H @ W_hh) * R + b_h) - H)
    outputs.append(H @ W_hq + b_q)
return outputs, (H,)
"""),
    "one product for all gates": _gru("""
W_x, W_h, b = np.hstack(params[0:9:3]), np.hstack(params[1:9:3]), np.concatenate(params[2:9:3])
H, outputs = state[0], []
for X in inputs:
    (x_z, x_r, x_h), (h_z, h_r, h_h) = np.split(X @ W_x + b, 3, axis=1), np.split(H @ W_h, 3, axis=1)
    Z, R = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    H = Z * H + (1 - Z) * np.tanh(x_h + R * h_h)
    outputs.append(H @ params[9] + params[10])
return outputs, (H,)
"""),
    "in the form of the paper": _gru("""
W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
H, = state
outputs = []
for X in inputs:
    Z = sigmoid(np.matmul(X, W_xz) + np.matmul(H, W_hz) + b_z)
    R = sigmoid(np.matmul(X, W_xr) + np.matmul(H, W_hr) + b_r)
    H_tilda = np.tanh(np.matmul(X, W_xh) + np.matmul(R * H, W_hh) + b_h)
    H = Z * H + (1 - Z) * H_tilda
    Y = np.matmul(H, W_hq) + b_q
    outputs.append(Y)
return outputs, (H,)
"""),
    "the paper's form, one product for input and state": _gru("""
W, b = [np.vstack(params[k : k + 2]) for k in (0, 3, 6)], params[2:9:3]
H, outputs = state[0], []
for X in inputs:
    Z, R = (sigmoid(np.hstack((X, H)) @ W[k] + b[k]) for k in (0, 1))
    H = (1 - Z) * np.tanh(np.hstack((X, R * H)) @ W[2] + b[2]) + Z * H
    outputs.append(H @ params[9] + params[10])
return outputs, (H,)
"""),
    "gates by tanh": _gru("""
W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
squash = lambda s: (1 + np.tanh(s / 2)) / 2
(H,), outputs = state, []
for X in inputs:
    Z, R = squash(X @ W_xz + H @ W_hz + b_z), squash(X @ W_xr + H @ W_hr + b_r)
    H_tilda = np.tanh(X @ W_xh + R * (H @ W_hh) + b_h)
    H = Z * H + (1 - Z) * H_tilda
    outputs.append(H @ W_hq + b_q)
return outputs, (H,)
"""),
}

LECTURES = {
    "block by block": """
def from_lectures(parameters):
    p, n_a = parameters, parameters["Wc"].shape[0]
    W_xz, W_hz, b_z = -p["Wu"][:, n_a:].T, -p["Wu"][:, :n_a].T, -p["bu"][:, 0]
    W_xr, W_hr, b_r = p["Wr"][:, n_a:].T, p["Wr"][:, :n_a].T, p["br"][:, 0]
    W_xh, W_hh, b_h = p["Wc"][:, n_a:].T, p["Wc"][:, :n_a].T, p["bc"][:, 0]
    return [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, p["Wy"].T, p["by"][:, 0]]
""",
    "a loop over the gates": """
def from_lectures(parameters):
    found, n_a = [], len(parameters["bc"])
    for gate, sign in ("u", -1), ("r", 1), ("c", 1):
        W, b = sign * parameters[f"W{gate}"], sign * parameters[f"b{gate}"]
        found += [W[:, n_a:].T.copy(), W[:, :n_a].T.copy(), b.flatten()]
    return [*found, parameters["Wy"].T.copy(), parameters["by"].flatten()]
""",
    "a tuple, and biases as rows": """
def from_lectures(parameters):
    n_a = len(parameters["bc"])
    params = ()
    for gate in "urc":
        W, b = parameters["W" + gate].transpose(), parameters["b" + gate].transpose()
        if gate == "u":
            W, b = np.negative(W), np.negative(b)
        params += (W[n_a:], W[:n_a], b)
    return params + (parameters["Wy"].transpose(), parameters["by"].transpose())
""",
}

LSTM = {
    "in the documents' habits": _lstm("""
[W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q] = params
(H, C) = state
outputs = []
for X in inputs:
    I = sigmoid(np.matmul(X, W_xi) + np.matmul(H, W_hi) + b_i)
    F = sigmoid(np.matmul(X, W_xf) + np.matmul(H, W_hf) + b_f)
    O = sigmoid(np.matmul(X, W_xo) + np.matmul(H, W_ho) + b_o)
    C_tilda = np.tanh(np.matmul(X, W_xc) + np.matmul(H, W_hc) + b_c)
    C = F * C + I * C_tilda
    H = O * np.tanh(C)
    Y = np.matmul(H, W_hq) + b_q
    outputs.append(Y)
return outputs, (H, C)
"""),
    "one product for all gates": _lstm("""
W, b = np.vstack((np.hstack(params[0:12:3]), np.hstack(params[1:12:3]))), np.concatenate(params[2:12:3])
(H, C), outputs = state, []
for X in inputs:
    i, f, o, c = np.split(np.hstack((X, H)) @ W + b, 4, axis=1)
    C = sigmoid(f) * C + sigmoid(i) * np.tanh(c)
    H = sigmoid(o) * np.tanh(C)
    outputs.append(H @ params[12] + params[13])
return outputs, (H, C)
"""),
    "a helper for the gates": _lstm("""
gates, (W_hq, b_q) = [params[k : k + 3] for k in (0, 3, 6, 9)], params[12:]
H, C = state
outputs = []
for X in inputs:
    i, f, o, c = [X @ W_x + H @ W_h + b for W_x, W_h, b in gates]
    C = np.multiply(sigmoid(f), C) + np.multiply(sigmoid(i), np.tanh(c))
    H = np.multiply(sigmoid(o), np.tanh(C))
    outputs.append(H @ W_hq + b_q)
return outputs, (H, C)
"""),
    "memory in place, in a copy": _lstm("""
W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
H, memory = state[0], state[1].copy()
outputs = []
for X in inputs:
    F = sigmoid(X @ W_xf + H @ W_hf + b_f)
    I = sigmoid(X @ W_xi + H @ W_hi + b_i)
    C_tilda = np.tanh(X @ W_xc + H @ W_hc + b_c)
    O = sigmoid(X @ W_xo + H @ W_ho + b_o)
    memory *= F
    memory += I * C_tilda
    H = O * np.tanh(memory)
    outputs.append(H @ W_hq + b_q)
return outputs, (H, memory)
"""),
}

training = runpy.run_path(str(Path(__file__).with_name("answers_training.py")))["answers"]
answers = {"rnn": RNN, "gru": GRU, "from_lectures": LECTURES, "lstm": LSTM, **training}
