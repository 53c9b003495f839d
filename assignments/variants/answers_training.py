"""Right solutions of the lab `variants`, continued: layers, directions, batches, and training."""

DEEP = {
    "step by step through all layers": """
def deep_rnn(inputs, state, params):
    Hs, outputs = list(state), []
    for X in inputs:
        for k in range(len(Hs)):
            W_xh, W_hh, b_h = params[3 * k : 3 * k + 3]
            X = Hs[k] = np.tanh(X @ W_xh + Hs[k] @ W_hh + b_h)
        outputs.append(X @ params[-2] + params[-1])
    return outputs, tuple(Hs)
""",
    "the top layer with the readout": """
def deep_rnn(inputs, state, params):
    hiddens, states = inputs, []
    for k in range(len(state) - 1):
        hiddens, (H,) = hidden_states(rnn, hiddens, state[k : k + 1], params[3 * k : 3 * k + 3])
        states.append(H)
    outputs, (H,) = rnn(hiddens, state[-1:], params[-5:])
    return outputs, (*states, H)
""",
    "layer by layer, without rnn": """
def deep_rnn(inputs, state, params):
    layers, hiddens, new_state = [params[i : i + 3] for i in range(0, len(params) - 2, 3)], inputs, ()
    for (W_xh, W_hh, b_h), H in zip(layers, state):
        above = []
        for X in hiddens:
            H = np.tanh(np.matmul(X, W_xh) + np.matmul(H, W_hh) + b_h)
            above.append(H)
        hiddens, new_state = above, (*new_state, H)
    return [np.matmul(H, params[-2]) + params[-1] for H in hiddens], new_state
""",
}

BIDIRECTIONAL = {
    "two sums in place of a concatenation": """
def bidirectional_rnn(inputs, state, params):
    n_h = len(params[2])
    forward, H_f = hidden_states(rnn, inputs, state[:1], params[:3])
    backward, H_b = hidden_states(rnn, inputs[::-1], state[1:], params[3:6])
    W_f, W_b = params[6][:n_h], params[6][n_h:]
    outputs = [f @ W_f + b @ W_b + params[7] for f, b in zip(forward, backward[::-1])]
    return outputs, H_f + H_b
""",
    "one loop with two indices": """
def bidirectional_rnn(inputs, state, params):
    W_xf, W_hf, b_f, W_xb, W_hb, b_b, W_hq, b_q = params
    (H_f, H_b), T = state, len(inputs)
    forward, backward = [None] * T, [None] * T
    for t in range(T):
        forward[t] = H_f = np.tanh(inputs[t] @ W_xf + H_f @ W_hf + b_f)
        backward[T - 1 - t] = H_b = np.tanh(inputs[T - 1 - t] @ W_xb + H_b @ W_hb + b_b)
    return [np.hstack(pair) @ W_hq + b_q for pair in zip(forward, backward)], (H_f, H_b)
""",
    "states stacked over time": """
def bidirectional_rnn(inputs, state, params):
    W_hq, b_q = params[6:]
    forward, (H_f,) = hidden_states(rnn, inputs, (state[0],), params[0:3])
    backward, (H_b,) = hidden_states(rnn, list(reversed(inputs)), (state[1],), params[3:6])
    both = np.concatenate((np.stack(forward), np.stack(backward)[::-1]), axis=2)
    return list(both @ W_hq + b_q), (H_f, H_b)
""",
}

PERPLEXITY = {
    "step by step": """
def perplexity(outputs, Y):
    total = 0.0
    for scores, y in zip(outputs, Y.T):
        largest = scores.max(axis=1)
        logs = largest + np.log(np.exp(scores - largest[:, None]).sum(axis=1))
        total += np.sum(logs - scores[np.arange(len(y)), y])
    return np.exp(total / Y.size)
""",
    "np.logaddexp": """
def perplexity(outputs, Y):
    scores, y = np.concatenate(outputs), np.ravel(Y, order="F")
    right = np.take_along_axis(scores, y[:, None], axis=1)[:, 0]
    return float(np.exp(np.mean(np.logaddexp.reduce(scores, axis=1) - right)))
""",
    "an array of one number": """
def perplexity(outputs, Y):
    scores = np.stack(outputs, axis=1)
    scores = scores - scores.max(axis=-1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    one_hot = np.eye(scores.shape[-1])[Y]
    return np.exp(-np.sum(one_hot * log_p, keepdims=True) / Y.size)
""",
}

RANDOM = {
    "a generator in the documents' habits": """
def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):
    random.seed(seed)
    num_examples = (len(corpus_indices) - 1) // num_steps
    epoch_size = num_examples // batch_size
    example_indices = list(range(num_examples))
    random.shuffle(example_indices)

    def _data(pos):
        return corpus_indices[pos : pos + num_steps]

    for i in range(epoch_size):
        i = i * batch_size
        batch_indices = example_indices[i : i + batch_size]
        X = [_data(j * num_steps) for j in batch_indices]
        Y = [_data(j * num_steps + 1) for j in batch_indices]
        yield np.array(X), np.array(Y)
""",
    "windows of one longer row": """
def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):
    random.seed(seed)
    corpus, order = np.asarray(corpus_indices), list(range((len(corpus_indices) - 1) // num_steps))
    random.shuffle(order)
    batches = []
    while len(order) >= batch_size:
        rows, order = np.array(order[:batch_size]), order[batch_size:]
        windows = corpus[num_steps * rows[:, None] + np.arange(num_steps + 1)]
        batches.append((windows[:, :-1], windows[:, 1:]))
    return batches
""",
    "a generator of its own": """
def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):
    source = random.Random(seed)
    places = [num_steps * j for j in range((len(corpus_indices) - 1) // num_steps)]
    source.shuffle(places)
    batches = []
    for i in range(0, len(places) - batch_size + 1, batch_size):
        pair = [np.stack([corpus_indices[s + d : s + d + num_steps] for s in places[i : i + batch_size]]) for d in (0, 1)]
        batches.append(tuple(pair))
    return batches
""",
}

CONSECUTIVE = {
    "a generator in the documents' habits": """
def data_iter_consecutive(corpus_indices, batch_size, num_steps):
    corpus_indices = np.array(corpus_indices)
    data_len = len(corpus_indices)
    batch_len = data_len // batch_size
    indices = corpus_indices[0 : batch_size * batch_len].reshape(batch_size, batch_len)
    epoch_size = (batch_len - 1) // num_steps
    for i in range(epoch_size):
        i = i * num_steps
        X = indices[:, i : i + num_steps]
        Y = indices[:, i + 1 : i + num_steps + 1]
        yield X, Y
""",
    "with the documents' device": """
def data_iter_consecutive(corpus_indices, batch_size, num_steps, device=None):
    corpus_indices = np.asarray(corpus_indices)
    batch_len = len(corpus_indices) // batch_size
    indices = corpus_indices[: batch_size * batch_len].reshape(batch_size, batch_len)
    count = (batch_len - 1) // num_steps
    return [(indices[:, i * num_steps : (i + 1) * num_steps], indices[:, i * num_steps + 1 : (i + 1) * num_steps + 1]) for i in range(count)]
""",
    "inputs and targets cut apart": """
def data_iter_consecutive(corpus_indices, batch_size, num_steps):
    length = len(corpus_indices) // batch_size
    rows = np.array([corpus_indices[r * length : (r + 1) * length] for r in range(batch_size)])
    batches, start = [], 0
    while start + num_steps < length:
        batches += [(rows[:, start : start + num_steps].copy(), rows[:, start + 1 : start + 1 + num_steps].copy())]
        start += num_steps
    return batches
""",
}

CLIPPING = {
    "in the documents' habits": """
def grad_clipping(grads, theta):
    norm = np.array([0.0])
    for grad in grads:
        norm += (grad ** 2).sum()
    norm = np.sqrt(norm).item()
    if norm > theta:
        for grad in grads:
            grad *= (theta / norm)
    return norm
""",
    "always by a factor": """
def grad_clipping(grads, theta):
    norm = np.linalg.norm(np.concatenate([np.ravel(grad) for grad in grads]))
    factor = theta / max(norm, theta)
    for grad in grads:
        grad[...] = grad * factor
    return norm
""",
    "norms of norms": """
def grad_clipping(grads, theta):
    norm = np.linalg.norm([np.linalg.norm(grad) for grad in grads])
    if norm > theta:
        for grad in grads:
            np.multiply(grad, theta / norm, out=grad)
    return float(norm)
""",
}

STEP = {
    "all steps of a product at once": """
def truncated_step(inputs, targets, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    states, (H,) = hidden_states(rnn, inputs, state, params[:3])
    outputs = [S @ W_hq + b_q for S in states]
    slopes = output_gradients(outputs, targets)
    sums, dH = [], np.zeros(H.shape)
    for t in range(len(inputs) - 1, -1, -1):
        dS = (dH + slopes[t] @ W_hq.T) * (1 - states[t] * states[t])
        sums.insert(0, dS)
        dH = dS @ W_hh.T
    X, before, after = np.concatenate(inputs), np.concatenate([state[0], *states[:-1]]), np.concatenate(states)
    dS, dY = np.concatenate(sums), np.concatenate(slopes)
    grads = [X.T @ dS, before.T @ dS, dS.sum(axis=0), after.T @ dY, dY.sum(axis=0)]
    return np.log(perplexity(outputs, targets)), grads, (H,)
""",
    "the forward pass by hand": """
def truncated_step(inputs, targets, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,), states, loss, dYs = state, [], 0.0, []
    for X, y in zip(inputs, targets.T):
        H = np.tanh(X @ W_xh + H @ W_hh + b_h)
        p = softmax((H @ W_hq + b_q).T).T
        loss -= np.log(p[np.arange(len(y)), y]).sum() / targets.size
        dYs.append((p - np.eye(len(b_q))[y]) / targets.size)
        states.append(H)
    grads = [np.zeros(param.shape) for param in params]
    dZ = 0 * H
    for t in range(len(inputs))[::-1]:
        dH = dYs[t] @ W_hq.T + dZ @ W_hh.T
        dZ = dH * (1 - states[t] ** 2)
        old = states[t - 1] if t else state[0]
        for grad, part in zip(grads, (inputs[t].T @ dZ, old.T @ dZ, dZ.sum(0), states[t].T @ dYs[t], dYs[t].sum(0))):
            grad += part
    return loss, grads, (H.copy(),)
""",
    "einsum": """
def truncated_step(inputs, targets, state, params):
    W_xh, W_hh, b_h, W_hq, b_q = params
    states, new_state = hidden_states(rnn, inputs, state, [W_xh, W_hh, b_h])
    outputs = [np.dot(S, W_hq) + b_q for S in states]
    slopes = output_gradients(outputs, targets)
    before = [state[0]] + states[:-1]
    dS = [None] * len(inputs)
    for t in reversed(range(len(inputs))):
        dH = np.einsum("bq,hq->bh", slopes[t], W_hq)
        if t + 1 < len(inputs):
            dH = dH + np.einsum("bk,hk->bh", dS[t + 1], W_hh)
        dS[t] = dH * (1 - states[t] ** 2)
    grads = [
        np.einsum("tbi,tbh->ih", np.array(inputs), np.array(dS)),
        np.einsum("tbi,tbh->ih", np.array(before), np.array(dS)),
        np.sum(dS, axis=(0, 1)),
        np.einsum("tbi,tbh->ih", np.array(states), np.array(slopes)),
        np.sum(slopes, axis=(0, 1)),
    ]
    return np.log(perplexity(outputs, targets)), grads, new_state
""",
}

answers = {
    "deep_rnn": DEEP,
    "bidirectional_rnn": BIDIRECTIONAL,
    "perplexity": PERPLEXITY,
    "data_iter_random": RANDOM,
    "data_iter_consecutive": CONSECUTIVE,
    "grad_clipping": CLIPPING,
    "truncated_step": STEP,
}
