"""The known mistakes of the lab `variants`, continued: layers, directions, batches, and training."""

from autograder import Mistake

deep_rnn = [
    Mistake(
        "every-layer-reads-inputs",
        (("rnn, hiddens, (H,)", "rnn, inputs, (H,)"),),
        "Each layer reads the `inputs`: only the lowest does, the others read the states of the layer below.",
    ),
    Mistake(
        "first-parameters-for-all",
        (("layers[3 * k : 3 * k + 3]", "layers[:3]"),),
        "All layers have the parameters of the lowest: three entries of `layers` belong to each.",
    ),
    Mistake(
        "states-not-used",
        (("(H,), layers[3", "(np.zeros_like(H),), layers[3"),),
        "The layers begin with zeros: each has a state of its own in `state`.",
    ),
    Mistake(
        "readout-left-out",
        (("[np.dot(H, W_hq) + b_q for H in hiddens]", "list(hiddens)"),),
        "`outputs` holds the states of the top layer: the readout with `W_hq` and `b_q` is missing.",
    ),
    Mistake(
        "no-output-bias",
        (("np.dot(H, W_hq) + b_q", "np.dot(H, W_hq)"),),
        "The bias `b_q` is missing from the scores.",
    ),
    Mistake(
        "last-step-alone",
        (("for H in hiddens]", "for H in hiddens[-1:]]"),),
        "`outputs` holds the scores of the last step alone: there is one entry for each step.",
    ),
    Mistake(
        "states-in-reverse",
        (("return outputs, tuple(new_state)", "return outputs, tuple(new_state[::-1])"),),
        "The new `state` has the top layer first: the lowest comes first, as in the state that came in.",
    ),
    Mistake(
        "old-states-returned",
        (("return outputs, tuple(new_state)", "return outputs, tuple(H.copy() for H in state)"),),
        "The returned `state` is the one that came in: it should hold the states after the last step.",
    ),
    Mistake(
        "top-state-alone",
        (("return outputs, tuple(new_state)", "return outputs, (new_state[-1],)"),),
        "The returned `state` has one entry: each layer has a state to hand on.",
    ),
    Mistake(
        "squashed-twice",
        (("outputs = [np.dot(H, W_hq)", "outputs = [np.dot(np.tanh(H), W_hq)"),),
        "The states went through a tanh once more before the readout with `W_hq`: they are finished.",
    ),
    Mistake(
        "upside-down-in-time",
        (("hiddens, (H,) = hidden_states(rnn, hiddens,", "hiddens, (H,) = hidden_states(rnn, hiddens[::-1],"),),
        "A layer reads the states below from the end: all layers of `deep_rnn` read forwards.",
    ),
]

BACK = "backward, (H_b,) = hidden_states(rnn, inputs[::-1], (H_b,), params[3:6])"
bidirectional_rnn = [
    Mistake(
        "backward-reads-forwards",
        ((BACK, BACK.replace("[::-1]", "")), ("    backward = backward[::-1]\n", "")),
        "The backward layer reads in the same direction as the forward one: it begins with the last of `inputs`.",
    ),
    Mistake(
        "backward-states-in-reading-order",
        (("    backward = backward[::-1]\n", ""),),
        "The states in `backward` are in the order in which they were read: at each step both layers have to speak of the same input.",
    ),
    Mistake(
        "backward-reads-forwards-and-is-turned",
        ((BACK, BACK.replace("[::-1]", "")),),
        "The backward layer read `inputs` forwards, and its states were then reversed: it has to read from the end.",
    ),
    Mistake(
        "backward-first",
        (("zip(forward, backward)", "zip(backward, forward)"),),
        "The two states are joined in the wrong order: the first rows of `W_hq` belong to the forward layer.",
    ),
    Mistake(
        "parameters-of-forward-layer-twice",
        (("params[3:6]", "params[:3]"),),
        "Both layers have the parameters of the forward one: the backward layer has its own in `params`.",
    ),
    Mistake(
        "parameters-swapped",
        (("(H_f,), params[:3]", "(H_f,), params[3:6]"), ("(H_b,), params[3:6]", "(H_b,), params[:3]")),
        "The layers have each other's parameters: in `params` the forward layer comes first.",
    ),
    Mistake(
        "states-swapped",
        (("return outputs, (H_f, H_b)", "return outputs, (H_b, H_f)"),),
        "The returned `state` has the backward layer first: the forward one comes first.",
    ),
    Mistake(
        "backward-state-of-last-step",
        (("return outputs, (H_f, H_b)", "return outputs, (H_f, backward[-1])"),),
        "The backward part of the new `state` is that of the last step: the backward layer ends at the first step.",
    ),
    Mistake(
        "old-states-returned",
        (("return outputs, (H_f, H_b)", "return outputs, tuple(H.copy() for H in state)"),),
        "The returned `state` is the one that came in: each layer's is the one after all its steps.",
    ),
    Mistake(
        "no-output-bias",
        (("W_hq) + b_q", "W_hq)"),),
        "The bias `b_q` is missing from the scores.",
    ),
    Mistake(
        "forward-alone",
        (("np.concatenate(pair, axis=1)", "np.concatenate((pair[0], 0 * pair[1]), axis=1)"),),
        "The backward states have no part in `outputs`: the readout sees both.",
    ),
    Mistake(
        "backward-begins-with-zeros",
        (("(H_b,), params[3:6]", "(np.zeros_like(H_b),), params[3:6]"),),
        "The backward layer begins with zeros: `H_b` is its state behind the last step.",
    ),
    Mistake(
        "outputs-backwards",
        (("return outputs, (H_f, H_b)", "return outputs[::-1], (H_f, H_b)"),),
        "`outputs` is in reverse: the scores of the first step come first.",
    ),
]

perplexity = [
    Mistake(
        "cross-entropy-itself",
        (("np.exp(-np.mean(log_p[np.arange(len(y)), y]))", "-np.mean(log_p[np.arange(len(y)), y])"),),
        "`ppl` is the mean cross-entropy: the perplexity is its exponential.",
    ),
    Mistake(
        "sum-for-mean",
        (("-np.mean(log_p[np.arange(len(y)), y])", "-np.sum(log_p[np.arange(len(y)), y])"),),
        "`ppl` is made of the sum of the logarithms: the cross-entropy is their mean over all characters.",
    ),
    Mistake(
        "sign",
        (("np.exp(-np.mean", "np.exp(np.mean"),),
        "`ppl` is below 1: the cross-entropy is minus the mean of the logarithms.",
    ),
    Mistake(
        "targets-in-other-order",
        (("Y.T.flatten()", "Y.flatten()"),),
        "`Y` is flattened example by example, but the scores are laid out step by step: both need one order.",
    ),
    Mistake(
        "base-two",
        (("np.exp(-np.mean(log_p[np.arange(len(y)), y]))", "2 ** (-np.mean(log_p[np.arange(len(y)), y]))"),),
        "`ppl` is a power of 2, but the logarithms are natural ones: base and logarithm have to go together.",
    ),
    Mistake(
        "mean-of-perplexities",
        (("np.exp(-np.mean(log_p[np.arange(len(y)), y]))", "np.mean(np.exp(-log_p[np.arange(len(y)), y]))"),),
        "`ppl` is the mean of the exponentials: first comes the mean of the logarithms, then one exponential.",
    ),
    Mistake(
        "overflows",
        (("shifted = scores - np.max(scores, axis=1, keepdims=True)", "shifted = scores + 0.0"),),
        "`ppl` is right until scores are large: then the exponentials overflow. Take the largest of each row away first.",
    ),
    Mistake(
        "logarithm-of-zero",
        (("log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))", "log_p = np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True) + 1e-8)"),),
        "A small number was added inside the logarithm, and `ppl` is off by it, most where a probability is small. Compute the logarithm of the softmax directly.",
    ),
    Mistake(
        "softmax-over-batch",
        (("np.max(scores, axis=1, keepdims=True)", "np.max(scores, axis=0, keepdims=True)"), ("np.sum(np.exp(shifted), axis=1, keepdims=True)", "np.sum(np.exp(shifted), axis=0, keepdims=True)")),
        "The softmax runs along the batch: each row of `scores` belongs to one character, and its probabilities add up to 1.",
    ),
    Mistake(
        "scores-for-logarithms",
        (("log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))", "log_p = scores"),),
        "The scores were taken for logarithms of probabilities: the softmax is missing from `ppl`.",
    ),
    Mistake(
        "last-step-alone",
        (("np.concatenate(outputs)", "np.asarray(outputs[-1])"), ("Y.T.flatten()", "Y.T[-1]")),
        "`ppl` is that of the last step alone: all steps of all examples count.",
    ),
]

ORDER = "random.shuffle(example_indices)"
PAIR = "batches.append((X, Y))"
data_iter_random = [
    Mistake(
        "target-room-forgotten",
        (("(len(corpus_indices) - 1) // num_steps", "len(corpus_indices) // num_steps"), ("Y = np.array([corpus_indices[s + 1 : s + num_steps + 1] for s in starts])", "Y = np.array([list(corpus_indices[s + 1 : s + num_steps + 1]) + [0] * (s + num_steps + 1 - len(corpus_indices)) for s in starts])")),
        "`num_examples` is too large where the text ends with a window: the last target needs one character more.",
    ),
    Mistake(
        "not-shuffled",
        ((f"    {ORDER}\n", ""),),
        "The windows come in their order: `example_indices` is to be shuffled.",
    ),
    Mistake(
        "shuffled-twice",
        ((f"    {ORDER}\n", f"    {ORDER}\n    {ORDER}\n"),),
        "The order is another one: `example_indices` is to be shuffled once, all numbers together.",
    ),
    Mistake(
        "shuffled-by-numpy",
        ((ORDER, "np.random.default_rng(seed).shuffle(example_indices)"),),
        "The order is not the one of the seed: shuffle `example_indices` with Python's module `random`, which has been seeded.",
    ),
    Mistake(
        "target-is-input",
        (("corpus_indices[s + 1 : s + num_steps + 1]", "corpus_indices[s : s + num_steps]"),),
        "`Y` equals `X`: a target is the same window one character later.",
    ),
    Mistake(
        "target-one-window-later",
        (("corpus_indices[s + 1 : s + num_steps + 1]", "np.resize(corpus_indices[s + num_steps : s + 2 * num_steps], num_steps)"),),
        "`Y` is the next window: a target is the same window one character later.",
    ),
    Mistake(
        "windows-overlap",
        (("[j * num_steps for j in", "[j for j in"),),
        "Windows start at `0`, `1`, `2`, ...: they should stand side by side, `num_steps` apart.",
    ),
    Mistake(
        "swapped",
        ((PAIR, "batches.append((Y, X))"),),
        "`X` and `Y` are swapped in the pairs: the input comes first.",
    ),
    Mistake(
        "incomplete-batch-kept",
        (("range(num_examples // batch_size)", "range(-(-num_examples // batch_size))"),),
        "`batches` ends with a batch that is not full: leave it out.",
    ),
    Mistake(
        "always-the-first-batch",
        (("example_indices[i * batch_size : (i + 1) * batch_size]", "example_indices[:batch_size]"),),
        "All `batches` are the first: batch number `i` takes the next windows of the list.",
    ),
    Mistake(
        "steps-in-rows",
        ((PAIR, "batches.append((X.T, Y.T))"),),
        "`X` and `Y` have the steps in their rows: each row is one window.",
    ),
]

data_iter_consecutive = [
    Mistake(
        "target-room-forgotten",
        (("(batch_len - 1) // num_steps", "batch_len // num_steps"), ("Y = indices[:, i + 1 : i + num_steps + 1]", "Y = np.append(indices, indices[:, :1], axis=1)[:, i + 1 : i + num_steps + 1]")),
        "There is a batch too many where a row ends with a window: a row of `batch_len` characters has one input less with a target.",
    ),
    Mistake(
        "last-targets-short",
        (("(batch_len - 1) // num_steps", "batch_len // num_steps"),),
        "The last `Y` has fewer columns than `X`: leave a batch out if its targets are not all there.",
    ),
    Mistake(
        "rows-interleaved",
        ((".reshape(batch_size, batch_len)", ".reshape(batch_len, batch_size).T"),),
        "The text runs down the columns of `indices`: each row should be a part of the text, read from left to right.",
    ),
    Mistake(
        "target-is-input",
        (("indices[:, i + 1 : i + num_steps + 1]", "indices[:, i : i + num_steps]"),),
        "`Y` equals `X`: a target is the same window one character later.",
    ),
    Mistake(
        "target-one-window-later",
        (("Y = indices[:, i + 1 : i + num_steps + 1]", "Y = np.roll(indices, -num_steps, axis=1)[:, i : i + num_steps]"),),
        "`Y` is the next window: a target is the same window one character later.",
    ),
    Mistake(
        "steps-of-one",
        (("i = k * num_steps", "i = k"),),
        "The windows overlap: batch number `k` starts `num_steps` columns behind the one before.",
    ),
    Mistake(
        "swapped",
        ((PAIR, "batches.append((Y, X))"),),
        "`X` and `Y` are swapped in the pairs: the input comes first.",
    ),
    Mistake(
        "rest-of-row-kept",
        (("range((batch_len - 1) // num_steps)", "range(-(-(batch_len - 1) // num_steps))"), ("X = indices[:, i : i + num_steps]", "X = indices[:, :-1][:, i : i + num_steps]")),
        "`batches` ends with a batch of fewer columns than `num_steps`: leave it out.",
    ),
    Mistake(
        "steps-in-rows",
        ((PAIR, "batches.append((X.T, Y.T))"),),
        "`X` and `Y` have the steps in their rows: each row is a part of one row of the text.",
    ),
    Mistake(
        "rows-in-reverse",
        ((".reshape(batch_size, batch_len)", ".reshape(batch_size, batch_len)[::-1]"),),
        "The rows of `indices` are in reverse: the first has the beginning of the text.",
    ),
    Mistake(
        "end-of-text",
        (("corpus_indices[: batch_size * batch_len]", "corpus_indices[len(corpus_indices) - batch_size * batch_len :]"),),
        "`indices` has the end of the text, and what is left over is missing from its beginning: drop it at the end.",
    ),
    Mistake(
        "last-batch-missing",
        (("range((batch_len - 1) // num_steps)", "range((batch_len - 1) // num_steps - 1)"),),
        "The last of `batches` is missing: how many windows of `num_steps` inputs with a target has a row?",
    ),
]

NORM = "np.sqrt(sum(np.sum(grad**2) for grad in grads))"
grad_clipping = [
    Mistake(
        "each-by-its-own-norm",
        (("            grad *= theta / norm", "            grad *= min(1, theta / np.sqrt(np.sum(grad**2)))"),),
        "Each array is scaled by a norm of its own: all of `grads` are scaled by one factor, from their common norm.",
    ),
    Mistake(
        "always-scaled",
        (("    if norm > theta:\n", "    if norm > 0:\n"),),
        "Gradients are scaled even where their norm is below `theta`: small ones stay as they are.",
    ),
    Mistake(
        "entries-clipped",
        (("            grad *= theta / norm", "            np.clip(grad, -theta, theta, out=grad)"),),
        "Each entry is clipped by itself: that changes the direction. Scale all of `grads` by one factor.",
    ),
    Mistake(
        "no-root",
        ((NORM, "sum(np.sum(grad**2) for grad in grads)"),),
        "`norm` is the sum of the squares: the root is missing.",
    ),
    Mistake(
        "sum-of-norms",
        ((NORM, "sum(np.sqrt(np.sum(grad**2)) for grad in grads)"),),
        "`norm` is the sum of the arrays' norms: add up all squares, then take one root.",
    ),
    Mistake(
        "largest-norm",
        ((NORM, "max(np.sqrt(np.sum(grad**2)) for grad in grads)"),),
        "`norm` is the largest of the arrays' norms: all entries of all arrays make one vector.",
    ),
    Mistake(
        "absolute-values",
        ((NORM, "sum(np.sum(np.abs(grad)) for grad in grads)"),),
        "`norm` is the sum of absolute values: the length of a vector is the root of the sum of its squares.",
    ),
    Mistake(
        "not-in-place",
        (("            grad *= theta / norm", "            grad = grad * (theta / norm)"),),
        "`grads` are as they were: the scaled arrays are new ones, which the caller never sees. Change them in place.",
    ),
    Mistake(
        "divided-by-norm",
        (("grad *= theta / norm", "grad /= norm"),),
        "The scaled gradients have the norm `1`: they should have the norm `theta`.",
    ),
    Mistake(
        "upside-down",
        (("grad *= theta / norm", "grad *= norm / theta"),),
        "Gradients get longer: the factor is upside down. It is smaller than `1` where `norm` is too large.",
    ),
    Mistake(
        "norm-after-clipping",
        (("    return norm", "    return min(norm, theta)"),),
        "The returned `norm` is the one after clipping: return the one before.",
    ),
]

truncated_step = [
    Mistake(
        "state-gradient-not-carried",
        (("        dH = np.dot(dS, W_hh.T)\n", ""),),
        "Each step is differentiated alone: `dH` has to go on to the step before it, within the window.",
    ),
    Mistake(
        "gradient-of-scores-not-added",
        (("(np.dot(slopes[t], W_hq.T) + dH)", "(np.dot(slopes[t], W_hq.T) if t == len(inputs) - 1 else dH)"),),
        "Only the last step's scores send a gradient back: at each step `slopes` adds its part to what comes from the steps after it.",
    ),
    Mistake(
        "no-tanh-slope",
        ((" * (1 - states[t] ** 2)", ""),),
        "The slope of the tanh is missing from `dS`: one minus the square of the state.",
    ),
    Mistake(
        "slope-of-old-state",
        (("(1 - states[t] ** 2)", "(1 - before[t] ** 2)"),),
        "The slope of the tanh is taken at the state before the step: it belongs to the new state, in `states`.",
    ),
    Mistake(
        "recurrent-gradient-from-new-state",
        (("np.dot(before[t].T, dS)", "np.dot(states[t].T, dS)"),),
        "`dW_hh` is made with the state after the step: what was multiplied by the weights is the state before it.",
    ),
    Mistake(
        "readout-gradient-from-old-state",
        (("np.dot(states[t].T, slopes[t])", "np.dot(before[t].T, slopes[t])"),),
        "`dW_hq` is made with the state before the step: the readout saw the new one.",
    ),
    Mistake(
        "recurrent-weights-not-transposed",
        (("np.dot(dS, W_hh.T)", "np.dot(dS, W_hh)"),),
        "On the way back `W_hh` is to be transposed.",
    ),
    Mistake(
        "forwards",
        (("reversed(range(len(inputs)))", "range(len(inputs))"),),
        "The loop runs forwards: the gradient `dH` comes from the steps after, so begin with the last.",
    ),
    Mistake(
        "last-step-alone",
        (("+= np.dot(inputs[t].T, dS)", "= np.dot(inputs[t].T, dS)"), ("+= np.dot(before[t].T, dS)", "= np.dot(before[t].T, dS)"), ("+= np.sum(dS, axis=0)", "= np.sum(dS, axis=0)"), ("+= np.dot(states[t].T, slopes[t])", "= np.dot(states[t].T, slopes[t])"), ("+= np.sum(slopes[t], axis=0)", "= np.sum(slopes[t], axis=0)")),
        "The gradients such as `dW_xh` are overwritten in each step: all steps use the same parameters, so their parts add up.",
    ),
    Mistake(
        "bias-mean",
        (("np.sum(dS, axis=0)", "np.mean(dS, axis=0)"), ("np.sum(slopes[t], axis=0)", "np.mean(slopes[t], axis=0)")),
        "The gradients `db_h` and `db_q` are means over the batch: the loss is a mean already, so they are sums.",
    ),
    Mistake(
        "first-state-handed-on",
        (("db_q], (H,)", "db_q], (state[0].copy(),)"),),
        "The `state` that is handed on is the one from before the window.",
    ),
    Mistake(
        "state-starts-anew",
        (("db_q], (H,)", "db_q], (np.zeros_like(H),)"),),
        "The `state` that is handed on is zero: to detach it means to cut the gradient, and to keep the value.",
    ),
]

mistakes = {
    "deep_rnn": deep_rnn,
    "bidirectional_rnn": bidirectional_rnn,
    "perplexity": perplexity,
    "data_iter_random": data_iter_random,
    "data_iter_consecutive": data_iter_consecutive,
    "grad_clipping": grad_clipping,
    "truncated_step": truncated_step,
}
