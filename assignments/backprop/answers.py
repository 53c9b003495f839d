"""Right solutions of the lab `backprop` that are written in other ways than the reference."""


def _function(head: str, body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"def {head}:\n{lines}"


def _rnn_cell(body: str) -> str:
    return _function(
        "rnn_cell_backward(da_next, cache)", "a_next, a_prev, xt, parameters = cache\n" + body.strip()
    )


RNN_CELL = {
    "a complex step": """
from cells import rnn_cell_forward
def rnn_cell_backward(da_next, cache):
    *_, a_prev, xt, parameters = cache
    values = {"dxt": xt, "da_prev": a_prev} | {f"d{name}": parameters[name] for name in ("Wax", "Waa", "ba")}
    gradients = {}
    for name, value in values.items():
        gradients[name] = np.zeros(value.shape)
        for place in np.ndindex(*value.shape):
            moved = {**values, name: value.astype(complex)}
            moved[name][place] += 1e-20j
            weights = {**parameters, **{key: moved[f"d{key}"] for key in ("Wax", "Waa", "ba")}}
            a_next = rnn_cell_forward(moved["dxt"], moved["da_prev"], weights)[0]
            gradients[name][place] = np.sum(da_next * a_next.imag) / 1e-20
    return gradients
""",
    "pairs": _rnn_cell("""
slope = (1 - np.power(a_next, 2)) * da_next
(dxt, dWax), (da_prev, dWaa) = (
    (np.dot(parameters[name].T, slope), np.dot(slope, value.T))
    for name, value in (("Wax", xt), ("Waa", a_prev))
)
dba = np.sum(slope, axis=-1).reshape((-1, 1))
return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""),
    "other names, another order": """
def rnn_cell_backward(upstream, kept):
    new, old, word, p = kept
    inner = upstream - upstream * new * new
    back = {"dba": inner.sum(1)[:, None], "dWaa": inner @ old.T, "dWax": inner @ word.T}
    return back | {"da_prev": (inner.T @ p["Waa"]).T, "dxt": (inner.T @ p["Wax"]).T}
""",
    "einsum": _rnn_cell("""
dz = da_next * (1 - a_next) * (1 + a_next)
return {
    "dxt": np.einsum("ij,im->jm", parameters["Wax"], dz),
    "da_prev": np.einsum("ij,im->jm", parameters["Waa"], dz),
    "dWax": np.einsum("im,jm->ij", dz, xt),
    "dWaa": np.einsum("im,jm->ij", dz, a_prev),
    "dba": np.einsum("im->i", dz)[:, np.newaxis],
}
"""),
    "one stacked product": _rnn_cell("""
n_a, m = a_next.shape
dz = da_next / np.cosh(np.arctanh(a_next)) ** 2
dW = dz @ np.vstack((a_prev, xt, np.ones((1, m)))).T
dinner = np.hstack((parameters["Waa"], parameters["Wax"])).T @ dz
out = {"dWaa": dW[:, :n_a], "dWax": dW[:, n_a:-1], "dba": dW[:, -1:]}
return {**out, "da_prev": dinner[:n_a], "dxt": dinner[n_a:]}
"""),
    "example by example": _rnn_cell("""
dWax, dWaa, dba = 0 * parameters["Wax"], 0 * parameters["Waa"], 0 * parameters["ba"]
dxt, da_prev = np.zeros(xt.shape), np.zeros(a_prev.shape)
for i in range(xt.shape[1]):
    dz = da_next[:, i] * (1 - a_next[:, i] ** 2)
    dWax += np.outer(dz, xt[:, i])
    dWaa += np.outer(dz, a_prev[:, i])
    dba += dz[:, None]
    dxt[:, i], da_prev[:, i] = dz @ parameters["Wax"], dz @ parameters["Waa"]
return {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""),
    "the tanh once more": _rnn_cell("""
z = parameters["Wax"] @ xt + parameters["Waa"] @ a_prev + parameters["ba"]
dz = da_next * (1 - np.tanh(z) ** 2)
gradients = {"dba": dz @ np.ones((dz.shape[1], 1))}
for name, value in (("Wax", xt), ("Waa", a_prev)):
    gradients["d" + name] = np.matmul(dz, np.transpose(value))
gradients["dxt"], gradients["da_prev"] = parameters["Wax"].T.dot(dz), parameters["Waa"].T.dot(dz)
return gradients
"""),
}


def _rnn(body: str) -> str:
    return _function("rnn_backward(da, caches)", body)


RNN = {
    "new sums at every step": _rnn("""
steps, inputs = caches
T = da.shape[2]
dx = np.full((inputs.shape[0], da.shape[1], T), np.nan)
dWax = dWaa = dba = carried = 0
for t in np.arange(T)[::-1]:
    g = rnn_cell_backward(carried + da[:, :, t], steps[t])
    carried, dx[:, :, t] = g["da_prev"], g["dxt"]
    dWax, dWaa, dba = dWax + g["dWax"], dWaa + g["dWaa"], dba + g["dba"]
return {"dx": dx, "da0": carried, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""),
    "lists, then stack": _rnn("""
parts, carried = [], 0
for t in range(da.shape[2] - 1, -1, -1):
    parts.append(rnn_cell_backward(da[..., t] + carried, caches[0][t]))
    carried = parts[-1]["da_prev"]
total = {name: np.sum([part[name] for part in parts], axis=0) for name in ("dWax", "dWaa", "dba")}
return {"dx": np.stack([part["dxt"] for part in parts[::-1]], axis=2), "da0": carried, **total}
"""),
    "recursion": _rnn("""
steps, x = caches
*_, T = da.shape
last = rnn_cell_backward(da[:, :, -1], steps[T - 1])
if T == 1:
    same = {name: last[name] for name in ("dWax", "dWaa", "dba")}
    return {"dx": last["dxt"][:, :, None], "da0": last["da_prev"], **same}
before = da[:, :, :-1].copy()
before[:, :, -1] += last["da_prev"]
rest = rnn_backward(before, caches)
for name in ("dWax", "dWaa", "dba"):
    rest[name] = rest[name] + last[name]
rest["dx"] = np.concatenate((rest["dx"], last["dxt"][:, :, None]), axis=2)
return rest
"""),
    "without the cell": _rnn("""
steps, x = caches
p, back, dzs = steps[0][3], 0.0, []
for da_t, (a, *_) in reversed(list(zip(np.moveaxis(da, 2, 0), steps))):
    dzs.insert(0, (da_t + back) * (1 - a * a))
    back = p["Waa"].T @ dzs[0]
dz = np.stack(dzs, axis=2)
old = np.stack([step[1] for step in steps[: len(dzs)]], axis=2)
return {"dx": np.einsum("ij,imt->jmt", p["Wax"], dz), "da0": back, "dba": dz.sum(axis=(1, 2))[:, None],
        "dWax": np.einsum("imt,jmt->ij", dz, x[:, :, : len(dzs)]), "dWaa": np.einsum("imt,jmt->ij", dz, old)}
"""),
    "a step more of da, and steps counted from one": _rnn("""
steps, x = caches
T_x = da.shape[2]
da = np.concatenate((np.zeros((*da.shape[:2], 1)), da), axis=2)
dx, dWax, dWaa, dba = [], 0, 0, 0
for t in range(T_x, 0, -1):
    step = rnn_cell_backward(da[:, :, t], steps[t - 1])
    da[:, :, t - 1] += step["da_prev"]
    dx.insert(0, step["dxt"])
    dWax, dWaa, dba = dWax + step["dWax"], dWaa + step["dWaa"], dba + step["dba"]
return {"dx": np.dstack(dx), "da0": da[:, :, 0], "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""),
    "everything turned round first": _rnn("""
steps, x = caches
n_a, m, T_x = da.shape
dx, da_prev = np.zeros((x.shape[0], m, T_x)), np.zeros((n_a, m))
dWax = dWaa = dba = 0
for t, cache in enumerate(steps[:T_x][::-1]):
    step = rnn_cell_backward(da[:, :, ::-1][:, :, t] + da_prev, cache)
    dx[:, :, t], da_prev = step["dxt"], step["da_prev"]
    dWax, dWaa, dba = dWax + step["dWax"], dWaa + step["dWaa"], dba + step["dba"]
return {"dx": dx[:, :, ::-1], "da0": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
"""),
    "from each step of da alone, added up": _rnn("""
steps, x = caches
total = {}
for last in range(da.shape[2]):
    da_prev = da[:, :, last]
    part = {"dx": np.zeros((len(x), *da.shape[1:])), "dWax": 0, "dWaa": 0, "dba": 0}
    for t in reversed(range(last + 1)):
        step = rnn_cell_backward(da_prev, steps[t])
        da_prev, part["dx"][:, :, t] = step["da_prev"], step["dxt"]
        part |= {name: part[name] + step[name] for name in ("dWax", "dWaa", "dba")}
    part["da0"] = da_prev
    total = {name: total.get(name, 0) + part[name] for name in part}
return total
"""),
    "the cell by keyword": _rnn("""
steps, x = caches
n_a, m, T_x = da.shape
out = {"dx": np.zeros((len(x), m, T_x)), "dWax": 0, "dWaa": 0, "dba": 0, "da0": np.zeros((n_a, m))}
t = T_x
while t:
    t -= 1
    step = rnn_cell_backward(cache=steps[t], da_next=out["da0"] + da[:, :, t])
    out["dx"][:, :, t], out["da0"] = step["dxt"], step["da_prev"]
    for name in ("dWax", "dWaa", "dba"):
        out[name] = out[name] + step[name]
return out
"""),
}


def _lstm_cell(body: str) -> str:
    names = "a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, p = cache\nn_a, m = a_next.shape\n"
    return _function("lstm_cell_backward(da_next, dc_next, cache)", names + body.strip())


GATES = """
squash = np.tanh(c_next)
memory = dc_next + da_next * ot * (1 - squash * squash)
dz = {"f": memory * c_prev * ft * (1 - ft), "i": memory * cct * it * (1 - it)}
dz |= {"c": memory * it * (1 - cct * cct), "o": da_next * squash * ot * (1 - ot)}
"""
LSTM_CELL = {
    "gate by gate, weights cut in two": _lstm_cell("""
by_state = ot * da_next / np.cosh(c_next) ** 2
inner = {
    "o": np.tanh(c_next) * da_next * (ot - ot**2),
    "c": (1 + cct) * (1 - cct) * (dc_next * it + by_state * it),
    "i": (it - it**2) * (dc_next * cct + by_state * cct),
    "f": (ft - ft**2) * (dc_next * c_prev + by_state * c_prev),
}
out = {"dc_prev": dc_next * ft + by_state * ft}
out["da_prev"] = sum(np.dot(p["W" + g][:, :n_a].T, inner[g]) for g in inner)
out["dxt"] = sum(np.dot(p["W" + g][:, n_a:].T, inner[g]) for g in inner)
for g in inner:
    out["dW" + g] = np.hstack((np.dot(inner[g], a_prev.T), np.dot(inner[g], xt.T)))
    out["db" + g] = np.sum(inner[g], axis=1, keepdims=True)
return out
"""),
    "a loop over the gates": _lstm_cell(
        GATES
        + """
seen, back, out = np.vstack((a_prev, xt)), 0, {"dc_prev": memory * ft}
for gate, slope in dz.items():
    back = back + p["W" + gate].T @ slope
    out["dW" + gate], out["db" + gate] = slope @ seen.T, slope.sum(axis=1, keepdims=True)
out["da_prev"], out["dxt"] = np.split(back, [n_a])
return out
"""
    ),
    "biases summed over the last axis": _lstm_cell(
        GATES
        + """
seen = np.r_[a_prev, xt]
back = sum(p["W" + gate].T @ dz[gate] for gate in "ocif")
out = {"d" + "W" + gate: np.einsum("im,jm->ij", dz[gate], seen) for gate in dz}
out |= {"db" + gate: dz[gate].sum(axis=-1, keepdims=True) for gate in dz}
return out | {"dc_prev": ft * memory, "da_prev": back[:n_a].copy(), "dxt": back[n_a:].copy()}
"""
    ),
    "example by example": _lstm_cell(
        GATES
        + """
out = {"dW" + gate: np.zeros(p["W" + gate].shape) for gate in dz}
out |= {"db" + gate: np.zeros((n_a, 1)) for gate in dz}
out |= {"dxt": np.zeros(xt.shape), "da_prev": np.zeros(a_prev.shape), "dc_prev": memory * ft}
for i in range(m):
    seen = np.concatenate((a_prev[:, i], xt[:, i]))
    for gate in dz:
        out["dW" + gate] += np.outer(dz[gate][:, i], seen)
        out["db" + gate] += dz[gate][:, [i]]
        back = dz[gate][:, i] @ p["W" + gate]
        out["da_prev"][:, i] += back[:n_a]
        out["dxt"][:, i] += back[n_a:]
return out
"""
    ),
    "everything transposed": _lstm_cell("""
squash, da, dc = np.tanh(c_next.T), da_next.T, dc_next.T
dc = dc + da * ot.T * (1 - squash**2)
dz = np.hstack((dc * c_prev.T * ft.T * (1 - ft.T), dc * cct.T * it.T * (1 - it.T),
                dc * it.T * (1 - cct.T**2), da * squash * ot.T * (1 - ot.T)))
back = dz @ np.vstack((p["Wf"], p["Wi"], p["Wc"], p["Wo"]))
dW = np.hstack((a_prev.T, xt.T)).T @ dz
out = {"da_prev": back[:, :n_a].T, "dxt": back[:, n_a:].T, "dc_prev": (dc * ft.T).T}
for k, gate in enumerate("fico"):
    out["dW" + gate] = dW[:, k * n_a : (k + 1) * n_a].T
    out["db" + gate] = dz[:, k * n_a : (k + 1) * n_a].sum(axis=0).reshape(-1, 1)
return out
"""),
}


def _lstm(body: str) -> str:
    return _function("lstm_backward(da, caches)", body)


PARAMETERS = '("dWf", "dWi", "dWc", "dWo", "dbf", "dbi", "dbc", "dbo")'
LSTM = {
    "a name for each sum": _lstm("""
steps, inputs = caches
dx, travel = np.zeros((inputs.shape[0], *da.shape[1:])), np.zeros((2, *da.shape[:2]))
dWf = dWi = dWc = dWo = dbf = dbi = dbc = dbo = 0.0
for t in reversed(range(da.shape[-1])):
    g = lstm_cell_backward(travel[0] + da[:, :, t], travel[1], steps[t])
    travel = np.stack((g["da_prev"], g["dc_prev"]))
    dx[:, :, t] = g["dxt"]
    dWf, dWi, dWc, dWo = dWf + g["dWf"], dWi + g["dWi"], dWc + g["dWc"], dWo + g["dWo"]
    dbf, dbi, dbc, dbo = dbf + g["dbf"], dbi + g["dbi"], dbc + g["dbc"], dbo + g["dbo"]
weights = {"dWf": dWf, "dWi": dWi, "dWc": dWc, "dWo": dWo}
return weights | {"dbf": dbf, "dbi": dbi, "dbc": dbc, "dbo": dbo, "dx": dx, "da0": travel[0]}
"""),
    "lists, then stack": _lstm(f"""
parts, state, memory = [], 0.0, np.zeros(da.shape[:2])
for t in range(da.shape[2])[::-1]:
    parts.append(lstm_cell_backward(state + da[..., t], memory, caches[0][t]))
    state, memory = parts[-1]["da_prev"], parts[-1]["dc_prev"]
total = {{name: sum(part[name] for part in parts) for name in {PARAMETERS}}}
return {{"dx": np.dstack([part["dxt"] for part in parts[::-1]]), "da0": state, **total}}
"""),
    "recursion": """
def lstm_backward(da, caches, later=None):
    steps, x = caches
    T_x = da.shape[2]
    da_prev, dc_prev = (later["da_prev"], later["dc_prev"]) if later else 2 * (np.zeros(da.shape[:2]),)
    step = lstm_cell_backward(da[:, :, -1] + da_prev, dc_prev, steps[T_x - 1])
    names = [name for name in step if name[1] in "Wb"]
    if T_x == 1:
        return {"dx": step["dxt"][:, :, None], "da0": step["da_prev"], **{name: step[name] for name in names}}
    first = lstm_backward(da[:, :, :-1], caches, step)
    first |= {name: first[name] + step[name] for name in names}
    return first | {"dx": np.dstack((first["dx"], step["dxt"]))}
""",
    "the steps of a class": """
class Back:
    def __init__(self, shape):
        self.da, self.dc, self.dx, self.sums = np.zeros(shape), np.zeros(shape), [], {}

    def step(self, da, cache):
        out = lstm_cell_backward(da + self.da, self.dc, cache)
        self.da, self.dc = out.pop("da_prev"), out.pop("dc_prev")
        self.dx.insert(0, out.pop("dxt"))
        self.sums = {name: self.sums.get(name, 0) + value for name, value in out.items()}

def lstm_backward(da, caches):
    back = Back(da.shape[:2])
    for t in reversed(range(da.shape[2])):
        back.step(da[:, :, t], caches[0][t])
    return {"dx": np.stack(back.dx, axis=2), "da0": back.da, **back.sums}
""",
    "the cell by keyword": _lstm(f"""
steps, x = caches
now = {{"da_prev": np.zeros_like(da[:, :, 0]), "dc_prev": np.zeros_like(da[:, :, 0])}}
out = dict.fromkeys({PARAMETERS}, 0)
out["dx"] = np.empty((x.shape[0], *da.shape[1:]))
for t, cache in reversed(list(enumerate(steps[: da.shape[2]]))):
    now = lstm_cell_backward(cache=cache, dc_next=now["dc_prev"], da_next=da[:, :, t] + now["da_prev"])
    out["dx"][:, :, t] = now["dxt"]
    for name in {PARAMETERS}:
        out[name] = out[name] + now[name]
return out | {{"da0": now["da_prev"]}}
"""),
    "without the cell": _lstm("""
steps, x = caches
n_a, m, T = da.shape
p = steps[0][9]
W = np.vstack([p["W" + gate] for gate in "fico"])
dW, db, dx, back, dc = 0, 0, np.zeros((len(x), m, T)), np.zeros((n_a, m)), np.zeros((n_a, m))
for t in range(T - 1, -1, -1):
    a, c, a_prev, c_prev, f, i, cc, o, xt, _ = steps[t]
    da_t, squash = da[:, :, t] + back, np.tanh(c)
    dc = dc + da_t * o * (1 - squash**2)
    dz = (dc * c_prev * f * (1 - f), dc * cc * i * (1 - i), dc * i * (1 - cc**2), da_t * squash * o * (1 - o))
    dz = np.vstack(dz)
    seen = W.T @ dz
    back, dx[:, :, t], dc = seen[:n_a], seen[n_a:], dc * f
    dW, db = dW + dz @ np.vstack((a_prev, xt)).T, db + dz.sum(axis=1, keepdims=True)
out = {"dx": dx, "da0": back}
for k, gate in enumerate("fico"):
    out["dW" + gate], out["db" + gate] = dW[k * n_a : (k + 1) * n_a], db[k * n_a : (k + 1) * n_a]
return out
"""),
}

answers = {
    "rnn_cell_backward": RNN_CELL,
    "rnn_backward": RNN,
    "lstm_cell_backward": LSTM_CELL,
    "lstm_backward": LSTM,
}
