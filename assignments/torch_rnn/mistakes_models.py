"""Known mistakes of the lab `torch_rnn`: models, and the training step."""

from autograder import Mistake

PICKED = "shares[:, -1] = 1"
SCORES = "return self.out(r_out[:, -1])"
SQUASHED = {
    "softmax": "The model returns probabilities: it should return scores, since the loss has a softmax inside.",
    "log_softmax": "The model returns logarithms of probabilities: it should return scores, as the linear layer gives them.",
    "relu": "The scores went through a relu: they are what the linear layer gives, and may be negative.",
}

image_lstm = [
    Mistake(
        "batch-first-forgotten",
        (("order = (1, 0, 2)", "order = (0, 1, 2)"),),
        "`batch_first` is not set: the LSTM takes the images for steps, and its state runs from one image into the next.",
        written=((", batch_first=True", ""),),
    ),
    Mistake(
        "first-step",
        ((PICKED, "shares[:, 0] = 1"),),
        "The first step is read out, after a single row of the image: read out the last one.",
        written=(("r_out[:, -1]", "r_out[:, 0]"),),
    ),
    Mistake(
        "step-before-the-last",
        ((PICKED, "shares[:, -2] = 1"),),
        "The step before the last is read out: the last row of the image never counts.",
        written=(("r_out[:, -1]", "r_out[:, -2]"),),
    ),
    Mistake(
        "mean-of-the-steps",
        ((PICKED, "shares[:] = 1 / shares.shape[1]"),),
        "The mean of all steps is read out: take the hidden state after the last row alone.",
        written=(("r_out[:, -1]", "r_out.mean(dim=1)"),),
    ),
    Mistake(
        "sum-of-the-steps",
        ((PICKED, "shares[:] = 1"),),
        "The sum of all steps is read out: take the hidden state after the last row alone.",
        written=(("r_out[:, -1]", "r_out.sum(dim=1)"),),
    ),
    Mistake(
        "memory-read-out",
        (("images.transpose(order))", 'images.transpose(order), output="C")'),),
        "The memory $c$ is read out: the linear layer reads the hidden state $h$.",
        written=(("r_out[:, -1]", "c_n[-1]"),),
    ),
    *(
        Mistake(
            name,
            (("weights[5], dY)", f'weights[5], dY, "{name}")'),),
            said,
            written=((SCORES, f"return {SCORES[7:]}.{name}({'' if name == 'relu' else 'dim=1'})"),),
        )
        for name, said in SQUASHED.items()
    ),
]

PICKED = "shares[np.arange(len(tokens)), lengths - 1] = 1"
LAST = "r_out[torch.arange(len(tokens)), lengths - 1]"

headline_lstm = [
    Mistake(
        "batch-first-forgotten",
        (("order = (1, 0, 2)", "order = (0, 1, 2)"),),
        "`batch_first` is not set: the LSTM takes the headlines for steps, and its state runs from one into the next.",
        written=((", batch_first=True", ""),),
    ),
    Mistake(
        "last-step",
        ((PICKED, "shares[:, -1] = 1"),),
        "The last step is read out, where most headlines have padding: read out the last word of each.",
        written=((LAST, "r_out[:, -1]"),),
    ),
    Mistake(
        "first-word",
        ((PICKED, "shares[:, 0] = 1"),),
        "The first word is read out, before the others were read: read out the last word of each.",
        written=((LAST, "r_out[:, 0]"),),
    ),
    Mistake(
        "one-step-late",
        (("lengths - 1]", "np.minimum(lengths, tokens.shape[1] - 1)]"),),
        "The step after the last word is read out: steps are counted from 0.",
        written=(("lengths - 1]", "lengths.clamp(max=tokens.shape[1] - 1)]"),),
    ),
    Mistake(
        "mean-of-the-steps",
        ((PICKED, "shares[:] = 1 / shares.shape[1]"),),
        "The mean of all steps is read out, padding included: take the state after the last word alone.",
        written=((LAST, "r_out.mean(dim=1)"),),
    ),
    Mistake(
        "mean-of-the-words",
        ((PICKED, "shares[:] = (tokens != 0) / lengths[:, None]"),),
        "The mean of the words' states is read out: take the state after the last word alone.",
        written=((LAST, "(r_out * (tokens != 0)[..., None]).sum(dim=1) / lengths[:, None]"),),
    ),
    Mistake(
        "longest-for-all",
        ((PICKED, "shares[:, lengths.max() - 1] = 1"),),
        "All headlines are read out at the end of the longest: each has a last word of its own.",
        written=((LAST, "r_out[:, lengths.max() - 1]"),),
    ),
    Mistake(
        "memory-read-out",
        (("table[tokens].transpose(order))", 'table[tokens].transpose(order), output="C")'),),
        "The memory $c$ is read out: the linear layer reads the hidden state $h$.",
        written=(
            ("r_out, _ = self.rnn(self.embedding(tokens))", "E = self.embedding(tokens)"),
            (
                LAST,
                "torch.stack([self.rnn(e[:n])[1][1][0] for e, n in zip(E, lengths)])",
            ),
        ),
    ),
    *(
        Mistake(
            name,
            (("weights[6], dY)", f'weights[6], dY, "{name}")'),),
            said,
            written=(("return self.out(last)", f"return self.out(last).{name}({'' if name == 'relu' else 'dim=1'})"),),
        )
        for name, said in SQUASHED.items()
    ),
]

OUTPUT = "output = scores @ readout[0].T + readout[1]"
DENSE = "output = self.dense(hiddens.reshape(-1, hiddens.shape[-1]))"

rnn_model = [
    Mistake(
        "flattened-batch-first",
        (("scores = hiddens.reshape", "scores = hiddens.swapaxes(0, 1).reshape"),),
        "The scores are in another order: first come all examples of step 0, then all of step 1.",
        written=(("self.dense(hiddens.reshape", "self.dense(hiddens.transpose(0, 1).reshape"),),
    ),
    Mistake(
        "state-ignored",
        (("if state is None:", "if True:"),),
        "The state that is handed in is not used: the layer begins with zeros in each window.",
        written=(("self.rnn(X, state)", "self.rnn(X)"),),
    ),
    Mistake(
        "inputs-reversed",
        (("np.eye(vocab_size)[inputs.T]", "np.eye(vocab_size)[inputs.T[::-1]]"),),
        "The characters are read from the end.",
        written=(("one_hot(inputs.T,", "one_hot(inputs.T.flip(0),"),),
    ),
    Mistake(
        "turned-by-reshaping",
        (("inputs.T]", "inputs.reshape(inputs.shape[::-1])]"),),
        "The inputs are reshaped where they should be transposed: characters of several examples are mixed.",
        written=(("inputs.T,", "inputs.reshape(inputs.shape[1], inputs.shape[0]),"),),
    ),
    Mistake(
        "last-step-alone",
        ((OUTPUT, "output = hiddens[-1] @ readout[0].T + readout[1]"),),
        "`output` has the scores of the last step alone: each step predicts the next character.",
        written=((DENSE, "output = self.dense(hiddens[-1])"),),
    ),
    Mistake(
        "probabilities",
        ((OUTPUT, OUTPUT.replace("= scores", "= probabilities(scores") + ")"),),
        "`output` went through a softmax: it should be scores, since the loss has a softmax inside.",
        written=((DENSE, f"{DENSE}.softmax(dim=1)"),),
    ),
    Mistake(
        "softmax-over-the-batch",
        ((OUTPUT, OUTPUT.replace("= scores", "= probabilities((scores") + ").T).T"),),
        "`output` went through a softmax, and over the wrong axis; it should be scores.",
        written=((DENSE, f"{DENSE}.softmax(dim=0)"),),
    ),
    Mistake(
        "tanh",
        ((OUTPUT, OUTPUT.replace("= scores", "= np.tanh(scores") + ")"),),
        "`output` went through a tanh: it is what the linear layer gives.",
        written=((DENSE, f"{DENSE}.tanh()"),),
    ),
]

CLIP = "nn.utils.clip_grad_norm_(model.parameters(), clipping_theta)"
MOVED = "factor * grad for"
FACTOR = "factor = min(1, clipping_theta / norm)"
WINDOW = "l, grads, state = window(kind, now, X, Y, state)"
LOSS = "l = nn.functional.cross_entropy(output, torch.flatten(Y.T))"
ZERO = "    optimizer.zero_grad()\n"

train_step = [
    Mistake(
        "not-clipped",
        ((FACTOR, "factor = 1"),),
        "The weights move by gradients that are not clipped: clip them after `backward` and before the step.",
        written=((f"{CLIP}\n    optimizer.step()", f"optimizer.step()\n    {CLIP}"),),
    ),
    Mistake(
        "clipped-by-value",
        ((MOVED, "np.clip(grad, -clipping_theta, clipping_theta) for"),),
        "Each entry of the gradients is clipped by itself: all together are scaled by their norm.",
        written=((CLIP, "nn.utils.clip_grad_value_(model.parameters(), clipping_theta)"),),
    ),
    Mistake(
        "each-parameter-alone",
        ((MOVED, "min(1, clipping_theta / np.linalg.norm(grad)) * grad for"),),
        "Each parameter's gradient is clipped by its own norm: the norm is that of all gradients together.",
        written=((CLIP, "[nn.utils.clip_grad_norm_([p], clipping_theta) for p in model.parameters()]"),),
    ),
    Mistake(
        "always-scaled",
        ((FACTOR, "factor = clipping_theta / norm"),),
        "Small gradients are made larger: clipping leaves them alone.",
        written=(
            (
                CLIP,
                "norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters()))\n"
                "    [p.grad.mul_(clipping_theta / norm) for p in model.parameters()]",
            ),
        ),
    ),
    Mistake(
        "gradients-add-up",
        (
            ("losses = [np.zeros_like(param) for param in params], []", "losses = [np.zeros_like(param) for param in params], []\n    kept = moved"),
            (WINDOW, f"{WINDOW}\n        grads = [grad + old for grad, old in zip(grads, kept)]"),
            (FACTOR, f"{FACTOR}\n        kept = [factor * grad for grad in grads]"),
        ),
        "The gradients of the windows before are still there: PyTorch adds to them until they are set to zero.",
        written=((ZERO, ""),),
    ),
    Mistake(
        "gradients-thrown-away",
        ((MOVED, "0 * grad for"),),
        "Nothing moves: the gradients are set to zero after `backward`, when the step needs them.",
        written=((ZERO, ""), ("    l.backward()\n", f"    l.backward()\n{ZERO}")),
    ),
    Mistake(
        "state-forgotten",
        ((WINDOW, "l, grads, state = window(kind, now, X, Y, [0 * part for part in state])"),),
        "Each window begins with zeros: the state of the window before should go in.",
        written=(("model(X, state)", "model(X, None)"),),
    ),
    Mistake(
        "targets-in-another-order",
        ((WINDOW, "l, grads, state = window(kind, now, X, Y.reshape(Y.shape[::-1]).T, state)"),),
        "The targets are flattened in another order than the scores: these have time first.",
        written=(("torch.flatten(Y.T)", "torch.flatten(Y)"),),
    ),
    Mistake(
        "targets-are-the-inputs",
        ((WINDOW, "l, grads, state = window(kind, now, X, X, state)"),),
        "The loss compares with the inputs: the targets are the next characters, `Y`.",
        written=(("torch.flatten(Y.T)", "torch.flatten(X.T)"),),
    ),
    Mistake(
        "softmax-twice",
        ((WINDOW, "l, grads, state = window(kind, now, X, Y, state, squashed=True)"),),
        "The scores go through a softmax before the cross-entropy, which has one inside.",
        written=(("cross_entropy(output,", "cross_entropy(output.softmax(dim=1),"),),
    ),
    Mistake(
        "summed-loss",
        ((WINDOW, f"{WINDOW}\n        l, grads = l * Y.size, [grad * Y.size for grad in grads]"),),
        "The loss is a sum over the characters: it should be their mean.",
        written=(("torch.flatten(Y.T))", 'torch.flatten(Y.T), reduction="sum")'),),
    ),
    Mistake(
        "moved-twice",
        ((MOVED, "factor * grad * 2 for"),),
        "The optimizer takes two steps: one window is one step.",
        written=(("    optimizer.step()\n", "    optimizer.step()\n    optimizer.step()\n"),),
    ),
    Mistake(
        "uphill",
        ((MOVED, "factor * -grad for"),),
        "The weights move uphill: the gradient is that of the negative loss.",
        written=(("    l.backward()\n", "    (-l).backward()\n"),),
    ),
]

mistakes = {"image_lstm": image_lstm, "headline_lstm": headline_lstm, "rnn_model": rnn_model, "train_step": train_step}
