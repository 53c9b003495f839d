"""Other wrong answers of the lab `cells`: each must earn the same with every seed."""

wrong = {
    "rnn_cell_forward": {
        "one input for the whole batch": (("np.dot(Wax, xt)", "np.dot(Wax, xt[:, :1])"),),
        "the bias summed": (("+ ba)", "+ ba.sum())"),),
        "biases of the neighbours": (("+ by)", "+ np.roll(by, 1))"),),
        "clipped instead of squeezed": (("np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "np.clip(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba, -1, 1)"),),
        "the likeliest class alone": (
            ("softmax(np.dot(Wya, a_next) + by)", "np.eye(len(by))[:, np.argmax(Wya @ a_next + by, axis=0)]"),
        ),
        "the old state overwritten": (("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt) + ba, out=a_prev)"),),
        "single precision": (
            ("np.tanh(np.dot(Waa, a_prev)", "np.tanh(np.dot(Waa, a_prev).astype(np.float32)"),
        ),
    },
    "rnn_forward": {
        "at most five steps": (("range(T_x)", "range(min(T_x, 5))"),),
        "the last example left out": (("a[:, :, t] = a_next", "a[:, :-1, t] = a_next[:, :-1]"),),
        "caches in reverse": (("(caches, x)\n    return", "(caches[::-1], x)\n    return"),),
        "the last state at all steps": (("a[:, :, t] = a_next", "a[:] = a_next[:, :, None]"),),
        "the first parameters of the batch": (("= rnn_cell_forward(x[:, :, t],", "= rnn_cell_forward(x[:, :1, t],"),),
    },
    "lstm_cell_forward": {
        "the memory doubled": (("c_next = ft * c_prev", "c_next = ft * c_prev + ft * c_prev"),),
        "the memory bounded": (("it * cct\n", "it * cct\n    c_next = np.clip(c_next, -1, 1)\n"),),
        "hard gates": (("ft = sigmoid(np.dot(Wf, concat) + bf)", "ft = np.round(sigmoid(np.dot(Wf, concat) + bf))"),),
        "the first example's gate": (("it = sigmoid(np.dot(Wi, concat) + bi)", "it = sigmoid(np.dot(Wi, concat) + bi)[:, :1]"),),
        "the memory overwritten": (("c_next = ft * c_prev", "c_prev *= ft\n    c_next = c_prev"),),
    },
    "lstm_forward": {
        "at most five steps": (("range(T_x)", "range(min(T_x, 5))"),),
        "the memory starts at one": (("c_next = np.zeros((n_a, m))", "c_next = np.ones((n_a, m))"),),
        "the last memory at all steps": (("c[:, :, t] = c_next", "c[:] = c_next[:, :, None]"),),
        "predictions of the last step": (("y[:, :, t] = yt_pred", "y[:] = yt_pred[:, :, None]"),),
        "the first cache throughout": (("caches.append(cache)", "caches.append(caches[0] if caches else cache)"),),
    },
}
