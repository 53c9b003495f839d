"""Other wrong answers of the lab `backprop`: each must earn the same with every seed."""

wrong = {
    "rnn_cell_backward": {
        "central differences": (
            (
                "(1 - a_next**2)",
                "(np.tanh(np.arctanh(a_next) + 1e-5) - np.tanh(np.arctanh(a_next) - 1e-5)) / 2e-5",
            ),
        ),
        "the size of the slope's square root": (("(1 - a_next**2)", "np.sqrt(1 - a_next**2)"),),
        "one example alone": (("dWax = np.dot(dz, xt.T)", "dWax = np.dot(dz[:, :1], xt[:, :1].T)"),),
        "the bias flat": (("axis=1, keepdims=True", "axis=1"),),
        "clipped gradients": (("np.sum(dz, axis=1, keepdims=True)", "np.clip(np.sum(dz, axis=1, keepdims=True), -0.1, 0.1)"),),
        "da_next overwritten": (("dz = da_next * (1 - a_next**2)", "dz = da_next\n    dz *= 1 - a_next**2"),),
    },
    "rnn_backward": {
        "at most five steps": (("reversed(range(T_x))", "reversed(range(min(T_x, 5)))"),),
        "cut after three steps": (
            ("da_prev = step[\"da_prev\"]", "da_prev = step[\"da_prev\"] * (t % 3 > 0)"),
        ),
        "added to the first weights": (("dWaa += step[\"dWaa\"]", "dWaa += step[\"dWaa\"] * (t > 0)"),),
        "the last example left out": (
            ("dx[:, :, t] = step[\"dxt\"]", "dx[:, :-1, t] = step[\"dxt\"][:, :-1]"),
        ),
        "da overwritten": (("da[:, :, t] + da_prev,", "np.add(da[:, :, t], da_prev, out=da[:, :, t]),"),),
    },
    "lstm_cell_backward": {
        "the slope of the hard sigmoid": (("ft * (1 - ft)", "0.25"),),
        "the bias flat": (("axis=1, keepdims=True", "axis=1"),),
        "the candidate's sign": (("dzc = dc * it", "dzc = -dc * it"),),
        "one example alone": (("dW = np.dot(dz, concat.T)", "dW = np.dot(dz[:, :1], concat[:, :1].T)"),),
        "dc_next overwritten": (("dc = dc_next +", "dc_next +="), ("# back through the gates and", "dc = dc_next\n    #")),
    },
    "lstm_backward": {
        "at most five steps": (("reversed(range(T_x))", "reversed(range(min(T_x, 5)))"),),
        "the memory cut after three steps": (
            ("dc_prev = step[\"dc_prev\"]", "dc_prev = step[\"dc_prev\"] * (t % 3 > 0)"),
        ),
        "the last example left out": (
            ("dx[:, :, t] = step[\"dxt\"]", "dx[:, :-1, t] = step[\"dxt\"][:, :-1]"),
        ),
        "the last step twice": (
            ("totals[name] += step[name]", "totals[name] += step[name] * (1 + (t == T_x - 1))"),
        ),
        "da0 from the memory": (("da0 = da_prev\n    ### END", "da0 = da_prev + dc_prev\n    ### END"),),
    },
}
