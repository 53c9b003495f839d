"""Answers of the lab `jazz` that do nothing of the work: 20."""

DJMODEL = "def djmodel(X, a0, c0, parameters):\n    m, Tx, n_values = X.shape\n    "
LOSS = "def music_loss(outputs, Y):\n    return "
FIT = "def fit(X, Y, a0, c0, parameters, epochs=100):\n    "
INFERENCE = "def music_inference_model(x0, a0, c0, parameters, Ty=100):\n    m, _, n_values = x0.shape\n    "
PREDICT = (
    "def predict_and_sample(parameters, x_initializer, a_initializer, c_initializer, Ty=50):\n"
    "    n_values = x_initializer.shape[2]\n    {}\n    return np.eye(n_values)[indices[:, 0]], indices"
)
TEMPERATURE = "def with_temperature(out, temperature):\n    return "
NOISE = "np.random.RandomState(0)"

answers = {
    "djmodel": {
        "the inputs": DJMODEL + "return [X[:, t] for t in range(Tx)]",
        "all alike": DJMODEL + "return [np.full((m, n_values), 1 / n_values) for t in range(Tx)]",
        "predictions of the first state": DJMODEL
        + "p = a0 @ parameters['Wy'].T\n    p = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True)\n    return [p] * Tx",
        "noise": DJMODEL + f"return list({NOISE}.dirichlet(np.ones(n_values), (Tx, m)))",
    },
    "music_loss": {
        "nothing": LOSS + "0.0",
        "the loss of chance": LOSS + "len(outputs) * np.log(Y.shape[2])",
        "the sum of the outputs": LOSS + "float(np.sum(outputs))",
        "the number of steps": LOSS + "float(len(outputs))",
    },
    "fit": {
        "zeros": FIT + "return [0.0] * epochs",
        "the loss of chance": FIT + "return [X.shape[1] * np.log(X.shape[2])] * epochs",
        "smaller parameters": FIT
        + "for value in parameters.values():\n        value *= 0.99\n    return [1 / (n + 1) for n in range(epochs)]",
        "new parameters": FIT
        + f"for value in parameters.values():\n        value[...] = {NOISE}.randn(*value.shape)\n    return [1.0] * epochs",
    },
    "music_inference_model": {
        "the first input": INFERENCE + "return [x0[:, 0].copy() for t in range(Ty)]",
        "all alike": INFERENCE + "return [np.full((m, n_values), 1 / n_values) for t in range(Ty)]",
        "noise": INFERENCE + f"return list({NOISE}.dirichlet(np.ones(n_values), (Ty, m)))",
    },
    "predict_and_sample": {
        "zeros": PREDICT.format("indices = np.zeros((Ty, 1), dtype=int)"),
        "the first value": PREDICT.format("indices = np.full((Ty, 1), np.argmax(x_initializer))"),
        "by chance": PREDICT.format(f"indices = {NOISE}.randint(0, n_values, (Ty, 1))"),
    },
    "with_temperature": {
        "the probabilities": TEMPERATURE + "out.copy()",
        "a part of them": TEMPERATURE + "out / temperature",
    },
}
