"""Right solutions of the lab `cells` that are written in other ways than the reference."""

RNN_PARAMETERS = """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    ba, by = parameters["ba"], parameters["by"]
"""
RNN_END = "    return a_next, yt_pred, (a_next, a_prev, xt, parameters)\n"


def _rnn_cell(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def rnn_cell_forward(xt, a_prev, parameters):{RNN_PARAMETERS}{lines}{RNN_END}"


RNN_CELL = {
    "of the documents": """
def rnn_cell_forward(xt,a_prev,parameters):
    a_next=np.tanh(np.dot(parameters["Wax"],xt)+np.dot(parameters["Waa"],a_prev)+parameters["ba"])
    yt_pred=rnn_utils.softmax(np.dot(parameters["Wya"],a_next)+parameters["by"])
    cache=(a_next,a_prev,xt,parameters)
    return a_next,yt_pred,cache
""",
    "other names": """
def rnn_cell_forward(word, memory, weights):
    state = np.tanh(weights["Wax"] @ word + weights["Waa"] @ memory + weights["ba"])
    chances = softmax(weights["Wya"] @ state + weights["by"])
    return state, chances, (state, memory, word, weights)
""",
    "einsum": _rnn_cell("""
z = np.einsum("ij,jm->im", Waa, a_prev) + np.einsum("ij,jm->im", Wax, xt)
a_next = np.tanh(z + ba)
yt_pred = softmax(np.einsum("yj,jm->ym", Wya, a_next) + by)
"""),
    "one product": _rnn_cell("""
a_next = np.tanh(np.hstack((Wax, Waa, ba)) @ np.vstack((xt, a_prev, np.ones((1, xt.shape[1])))))
yt_pred = softmax(Wya @ a_next + by)
"""),
    "transposed": _rnn_cell("""
a_next = np.tanh(a_prev.T @ Waa.T + xt.T @ Wax.T + ba.T).T
yt_pred = softmax((a_next.T @ Wya.T + by.T).T)
"""),
    "in place on its own": _rnn_cell("""
a_next = np.dot(Waa, a_prev)
a_next += np.dot(Wax, xt)
a_next += ba
np.tanh(a_next, out=a_next)
yt_pred = Wya.dot(a_next)
yt_pred += by
yt_pred -= yt_pred.max(axis=0, keepdims=True)
np.exp(yt_pred, out=yt_pred)
yt_pred /= yt_pred.sum(axis=0)
"""),
    "softmax shifted by the largest of all": _rnn_cell("""
a_next = np.tanh(np.matmul(Waa, a_prev) + np.matmul(Wax, xt) + ba)
scores = np.matmul(Wya, a_next) + by
powers = np.exp(scores - np.max(scores))
yt_pred = powers / np.sum(powers, axis=0)
"""),
    "tanh by sigmoid": _rnn_cell("""
a_next = 2 * sigmoid(2 * (Waa @ a_prev + Wax @ xt + ba)) - 1
yt_pred = softmax(Wya @ a_next + by)
"""),
    "example by example": _rnn_cell("""
columns = [np.tanh(Waa @ a + Wax @ x + ba[:, 0]) for a, x in zip(a_prev.T, xt.T)]
a_next = np.stack(columns, axis=1)
yt_pred = np.column_stack([softmax(Wya @ a[:, None] + by) for a in columns])
"""),
    "a helper": "def layer(W, x):\n    return W @ x\n\n"
    + _rnn_cell("""
a_next = np.tanh(layer(Waa, a_prev) + layer(Wax, xt) + ba)
yt_pred = softmax(layer(Wya, a_next) + by)
"""),
    "an object": """
class Cell:
    def __call__(self, xt, a_prev, parameters):
        a = np.tanh(parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"])
        return a, softmax(parameters["Wya"] @ a + parameters["by"]), (a, a_prev, xt, parameters)

rnn_cell_forward = Cell()
""",
    "copies in the cache": _rnn_cell("""
a_next = np.tanh(Waa @ a_prev + Wax @ xt + ba)
yt_pred = softmax(Wya @ a_next + by)
xt, a_prev, parameters = xt.copy(), a_prev.copy(), dict(parameters)
"""),
}


def _rnn(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def rnn_forward(x, a0, parameters):\n{lines}"


RNN = {
    "of the documents": _rnn("""
caches = []
n_x, m, T_x = x.shape
n_y, n_a = parameters["Wya"].shape
a = np.zeros([n_a, m, T_x])
y_pred = np.zeros([n_y, m, T_x])
a_next = a0
for t in range(T_x):
    a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
    a[:, :, t] = a_next
    y_pred[:, :, t] = yt_pred
    caches.append(cache)
caches = (caches, x)
return a, y_pred, caches
"""),
    "lists, then stack": _rnn("""
states, chances, caches, state = [], [], [], a0
for t in range(x.shape[2]):
    state, y, cache = rnn_cell_forward(x[..., t], state, parameters)
    states.append(state)
    chances.append(y)
    caches += [cache]
return np.stack(states, axis=2), np.stack(chances, axis=-1), (caches, x)
"""),
    "dstack, and steps by moveaxis": _rnn("""
steps, state = [], a0
for xt in np.moveaxis(x, 2, 0):
    steps.append(rnn_cell_forward(xt, state, parameters))
    state = steps[-1][0]
a, y, caches = zip(*steps)
return np.dstack(a), np.dstack(y), (list(caches), x)
"""),
    "room for the start": _rnn("""
T_x = x.shape[2]
a = np.empty((*a0.shape, T_x + 1))
a[..., 0] = a0
y = np.empty((len(parameters["by"]), x.shape[1], T_x))
caches = [None] * T_x
for t in range(T_x):
    a[..., t + 1], y[..., t], caches[t] = rnn_cell_forward(x[:, :, t], a[:, :, t].copy(), parameters)
return a[..., 1:], y, (caches, x)
"""),
    "recursion": _rnn("""
if x.shape[2] == 0:
    empty = np.zeros((*a0.shape, 0)), np.zeros((len(parameters["by"]), x.shape[1], 0))
    return *empty, ([], x)
a_next, yt, cache = rnn_cell_forward(x[:, :, 0], a0, parameters)
a, y, (caches, _) = rnn_forward(x[:, :, 1:], a_next, parameters)
return np.concatenate((a_next[..., None], a), 2), np.concatenate((yt[..., None], y), 2), ([cache, *caches], x)
"""),
    "while, from a copy": _rnn("""
t, state, a, y, caches = 0, a0.copy(), None, None, []
while t < x.shape[2]:
    state, yt, cache = rnn_cell_forward(x[:, :, t].copy(), state, parameters)
    a = state[:, :, None] if a is None else np.append(a, state[:, :, None], axis=2)
    y = yt[:, :, None] if y is None else np.append(y, yt[:, :, None], axis=2)
    caches.append(cache)
    t += 1
return a, y, (caches, x)
"""),
    "without the cell": _rnn("""
p, a, y, caches, state = parameters, [], [], [], a0
for t in range(x.shape[-1]):
    before, state = state, np.tanh(p["Waa"] @ state + p["Wax"] @ x[:, :, t] + p["ba"])
    a.append(state)
    y.append(softmax(p["Wya"] @ state + p["by"]))
    caches.append((state, before, x[:, :, t], p))
return np.stack(a, 2), np.stack(y, 2), (caches, x)
"""),
    "a generator of steps": _rnn("""
def walk(state):
    for t in range(x.shape[2]):
        step = rnn_cell_forward(x[:, :, t], state, parameters)
        state = step[0]
        yield step
a, y, caches = map(list, zip(*walk(a0)))
return np.stack(a, axis=2), np.stack(y, axis=2), (caches, x)
"""),
    "time first": _rnn("""
xs = x.transpose(2, 0, 1)
a, y, caches = np.zeros((len(xs), *a0.shape)), [], []
for t, xt in enumerate(xs):
    a[t], yt, cache = rnn_cell_forward(xt, a[t - 1].copy() if t else a0, parameters)
    y.append(yt)
    caches.append(cache)
return a.transpose(1, 2, 0), np.array(y).transpose(1, 2, 0), (caches, x)
"""),
    "the cell by keyword": _rnn("""
a = np.zeros((*a0.shape, x.shape[2]))
y_pred = np.zeros((parameters["by"].shape[0],) + x.shape[1:])
caches, a_next = [], a0
for t in range(x.shape[2]):
    out = rnn_cell_forward(parameters=parameters, a_prev=a_next, xt=x[:, :, t])
    a[:, :, t], y_pred[:, :, t] = out[:2]
    a_next = out[0]
    caches.append(out[2])
return a, y_pred, (caches, x)
"""),
}

LSTM_NAMES = """
    Wf, Wi, Wc, Wo, Wy = (parameters[name] for name in ("Wf", "Wi", "Wc", "Wo", "Wy"))
    bf, bi, bc, bo, by = (parameters[name] for name in ("bf", "bi", "bc", "bo", "by"))
    n_a, m = a_prev.shape
"""
LSTM_END = """    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache
"""
LSTM_GATES = """
ft, it, ot = (sigmoid(W @ concat + b) for W, b in ((Wf, bf), (Wi, bi), (Wo, bo)))
cct = np.tanh(Wc @ concat + bc)
"""
LSTM_STATES = """
c_next = ft * c_prev + it * cct
a_next = ot * np.tanh(c_next)
yt_pred = softmax(Wy @ a_next + by)
"""


def _lstm_cell(*parts: str) -> str:
    lines = "".join(f"    {line}\n" for part in parts for line in part.strip().splitlines())
    return f"def lstm_cell_forward(xt, a_prev, c_prev, parameters):{LSTM_NAMES}{lines}{LSTM_END}"


LSTM_CELL = {
    "of the documents": _lstm_cell("""
n_x, m = xt.shape
n_y, n_a = Wy.shape
contact = np.zeros([n_a + n_x, m])
contact[: n_a, :] = a_prev
contact[n_a :, :] = xt
ft = rnn_utils.sigmoid(np.dot(Wf, contact) + bf)
it = rnn_utils.sigmoid(np.dot(Wi, contact) + bi)
cct = np.tanh(np.dot(Wc, contact) + bc)
c_next = np.multiply(ft, c_prev) + np.multiply(it, cct)
ot = rnn_utils.sigmoid(np.dot(Wo, contact) + bo)
a_next = np.multiply(ot, np.tanh(c_next))
yt_pred = rnn_utils.softmax(np.dot(Wy, a_next) + by)
"""),
    "vstack": _lstm_cell("concat = np.vstack((a_prev, xt))", LSTM_GATES, LSTM_STATES),
    "r_": _lstm_cell("concat = np.r_[a_prev, xt]", LSTM_GATES, LSTM_STATES),
    "fused gates": _lstm_cell(
        """
z = np.concatenate((Wf, Wi, Wo, Wc)) @ np.concatenate((a_prev, xt)) + np.concatenate((bf, bi, bo, bc))
gates = sigmoid(z[: 3 * n_a])
ft, it, ot = np.split(gates, 3)
cct = np.tanh(z[3 * n_a :])
""",
        LSTM_STATES,
    ),
    "weights cut in two": _lstm_cell(
        """
def mix(W, b):
    return W[:, :n_a] @ a_prev + W[:, n_a:] @ xt + b
ft, it, ot, cct = sigmoid(mix(Wf, bf)), sigmoid(mix(Wi, bi)), sigmoid(mix(Wo, bo)), np.tanh(mix(Wc, bc))
""",
        LSTM_STATES,
    ),
    "einsum": _lstm_cell(
        """
concat = np.concatenate([a_prev, xt], 0)
gates = np.einsum("gij,jm->gim", np.array([Wf, Wi, Wo, Wc]), concat) + np.array([bf, bi, bo, bc])
(ft, it, ot), cct = sigmoid(gates[:3]), np.tanh(gates[3])
""",
        LSTM_STATES,
    ),
    "transposed": _lstm_cell("""
concat = np.hstack((a_prev.T, xt.T))
ft, it, ot = (sigmoid(concat @ W.T + b.T).T for W, b in ((Wf, bf), (Wi, bi), (Wo, bo)))
cct = np.tanh(concat @ Wc.T + bc.T).T
c_next = (ft.T * c_prev.T + it.T * cct.T).T
a_next = (ot.T * np.tanh(c_next.T)).T
yt_pred = softmax((a_next.T @ Wy.T + by.T).T)
"""),
    "its own sigmoid and softmax": _lstm_cell("""
def squash(z):
    return 1 / (1 + np.exp(-z))
concat = np.concatenate((a_prev, xt))
ft, it, ot = squash(Wf @ concat + bf), squash(Wi @ concat + bi), squash(Wo @ concat + bo)
cct = np.tanh(Wc @ concat + bc)
c_next = it * cct + ft * c_prev
a_next = np.tanh(c_next) * ot
scores = Wy @ a_next + by
powers = np.exp(scores - scores.max())
yt_pred = powers / powers.sum(axis=0, keepdims=True)
"""),
    "sigmoid by tanh": _lstm_cell(
        """
concat = np.concatenate((a_prev, xt))
ft, it, ot = (0.5 * (1 + np.tanh((W @ concat + b) / 2)) for W, b in ((Wf, bf), (Wi, bi), (Wo, bo)))
cct = np.tanh(Wc @ concat + bc)
""",
        LSTM_STATES,
    ),
    "in place on its own": _lstm_cell(
        "concat = np.vstack([a_prev, xt])",
        LSTM_GATES,
        """
c_next = ft * c_prev
c_next += it * cct
a_next = c_next.copy()
np.tanh(a_next, out=a_next)
a_next *= ot
yt_pred = softmax(np.dot(Wy, a_next) + by)
""",
    ),
    "a dictionary of gates": _lstm_cell(
        """
seen, gate = np.vstack((a_prev, xt)), {}
for name in "fico":
    z = parameters["W" + name].dot(seen) + parameters["b" + name]
    gate[name] = np.tanh(z) if name == "c" else sigmoid(z)
ft, it, cct, ot = gate.values()
""",
        LSTM_STATES,
    ),
    "example by example": _lstm_cell("""
ft, it, cct, ot, c_next, a_next = (np.zeros((n_a, m)) for _ in range(6))
for i in range(m):
    seen = np.concatenate((a_prev[:, i], xt[:, i]))
    ft[:, i] = sigmoid(Wf @ seen + bf[:, 0])
    it[:, i] = sigmoid(Wi @ seen + bi[:, 0])
    cct[:, i] = np.tanh(Wc @ seen + bc[:, 0])
    ot[:, i] = sigmoid(Wo @ seen + bo[:, 0])
    c_next[:, i] = ft[:, i] * c_prev[:, i] + it[:, i] * cct[:, i]
    a_next[:, i] = ot[:, i] * np.tanh(c_next[:, i])
yt_pred = softmax(Wy @ a_next + by)
"""),
}


def _lstm(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def lstm_forward(x, a0, parameters):\n{lines}"


LSTM = {
    "of the documents": _lstm("""
caches = []
n_x, m, T_x = x.shape
n_y, n_a = parameters["Wy"].shape
a = np.zeros([n_a, m, T_x])
c = np.zeros([n_a, m, T_x])
y = np.zeros([n_y, m, T_x])
a_next = a0
c_next = np.zeros(a_next.shape)
for t in range(T_x):
    a_next, c_next, yt, cache = lstm_cell_forward(x[:,:,t], a_next, c_next, parameters)
    a[:,:,t] = a_next
    c[:,:,t] = c_next
    y[:,:,t] = yt
    caches.append(cache)
caches = (caches, x)
return a, y, c, caches
"""),
    "lists, then stack": _lstm("""
states, memories, chances, caches = [], [], [], []
state, memory = a0, np.zeros_like(a0)
for t in range(x.shape[2]):
    state, memory, y, cache = lstm_cell_forward(x[:, :, t], state, memory, parameters)
    states.append(state), memories.append(memory), chances.append(y), caches.append(cache)
return np.stack(states, 2), np.stack(chances, 2), np.stack(memories, 2), (caches, x)
"""),
    "zip": _lstm("""
steps, state = [], (a0, 0 * a0)
for xt in x.transpose(2, 0, 1):
    steps.append(lstm_cell_forward(xt, *state, parameters))
    state = steps[-1][:2]
a, c, y, caches = zip(*steps)
return np.dstack(a), np.dstack(y), np.dstack(c), (list(caches), x)
"""),
    "room for the start": _lstm("""
T_x = x.shape[2]
a, c = np.zeros((2, *a0.shape, T_x + 1))
a[:, :, 0] = a0
y, caches = np.zeros((len(parameters["by"]), x.shape[1], T_x)), []
for t in range(T_x):
    before = a[:, :, t].copy(), c[:, :, t].copy()
    a[:, :, t + 1], c[:, :, t + 1], y[:, :, t], cache = lstm_cell_forward(x[:, :, t], *before, parameters)
    caches.append(cache)
return a[:, :, 1:], y, c[:, :, 1:], (caches, x)
"""),
    "recursion": """
def lstm_forward(x, a0, parameters, c0=0.0, t=0):
    a_next, c_next, yt, cache = lstm_cell_forward(x[:, :, t], a0, c0 + 0 * a0, parameters)
    if t == x.shape[2] - 1:
        return a_next[:, :, None], yt[:, :, None], c_next[:, :, None], ([cache], x)
    a, y, c, (caches, x) = lstm_forward(x, a_next, parameters, c_next, t + 1)
    return np.dstack((a_next, a)), np.dstack((yt, y)), np.dstack((c_next, c)), ([cache, *caches], x)
""",
    "without the cell": _lstm("""
p, out, caches = parameters, [], []
a, c = a0, np.zeros(a0.shape)
for t in range(x.shape[2]):
    xt, seen = x[:, :, t], np.vstack((a, x[:, :, t]))
    f, i, o = (sigmoid(p["W" + g] @ seen + p["b" + g]) for g in "fio")
    new = np.tanh(p["Wc"] @ seen + p["bc"])
    memory = f * c + i * new
    state = o * np.tanh(memory)
    out.append((state, softmax(p["Wy"] @ state + p["by"]), memory))
    caches.append((state, memory, a, c, f, i, new, o, xt, p))
    a, c = state, memory
return *(np.stack(kept, axis=2) for kept in zip(*out)), (caches, x)
"""),
    "the cell by keyword": _lstm("""
a, c, caches = np.zeros((*a0.shape, x.shape[2])), np.zeros((*a0.shape, x.shape[2])), []
y = np.zeros((parameters["by"].size, *x.shape[1:]))
now = {"a_prev": a0, "c_prev": np.zeros(a0.shape)}
for t in range(x.shape[2]):
    a_next, c_next, y[:, :, t], cache = lstm_cell_forward(xt=x[:, :, t], parameters=parameters, **now)
    a[:, :, t], c[:, :, t] = a_next, c_next
    now = {"a_prev": a_next, "c_prev": c_next}
    caches.append(cache)
return a, y, c, (caches, x)
"""),
}

answers = {
    "rnn_cell_forward": RNN_CELL,
    "rnn_forward": RNN,
    "lstm_cell_forward": LSTM_CELL,
    "lstm_forward": LSTM,
}
