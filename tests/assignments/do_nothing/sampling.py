"""Answers of the lab `sampling` that do nothing of the work: 20."""

SAMPLE = "def sample(parameters, char_to_ix, seed):\n    newline = char_to_ix['\\n']\n    n_x = len(parameters['by'])\n    "
OPTIMIZE = "def optimize(X, Y, a_prev, parameters, learning_rate=0.01):\n    "
MODEL = (
    "def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):\n"
    "    parameters = initialize_parameters(n_a, vocab_size, vocab_size)\n    "
)
CLIP = "def clip(gradients, maxValue):\n    "

answers = {
    "clip": {
        "the gradients themselves": CLIP + "return gradients",
        "copies": CLIP + "return {name: value.copy() for name, value in gradients.items()}",
        "zeros": CLIP + "return {name: 0 * value for name, value in gradients.items()}",
        "thresholds": CLIP + "return {name: maxValue * np.sign(value) for name, value in gradients.items()}",
        "a tenth": CLIP + "return {name: value / 10 for name, value in gradients.items()}",
        "noise": CLIP + "return {n: np.random.RandomState(0).randn(*v.shape) for n, v in gradients.items()}",
    },
    "sample": {
        "the newline": SAMPLE + "return [newline]",
        "fifty newlines": SAMPLE + "return [newline] * 51",
        "all numbers": SAMPLE + "return [*range(n_x), newline]",
        "a number by chance": SAMPLE + "np.random.seed(seed)\n    return [np.random.randint(n_x), newline]",
        "numbers by chance": SAMPLE
        + "np.random.seed(seed)\n    return [*np.random.randint(0, n_x, 50), newline]",
    },
    "optimize": {
        "the parameters as gradients": OPTIMIZE
        + "return 0.0, {f'd{n}': value.copy() for n, value in parameters.items()}, a_prev.copy()",
        "zeros": OPTIMIZE + "return 0.0, {f'd{n}': 0 * value for n, value in parameters.items()}, 0 * a_prev",
        "smaller parameters": OPTIMIZE
        + "for value in parameters.values():\n        value *= 1 - learning_rate\n    return float(len(Y)), {}, a_prev.copy()",
        "the loss of chance": OPTIMIZE
        + "return len(Y) * np.log(len(parameters['by'])), {f'd{n}': v / 2 for n, v in parameters.items()}, np.tanh(a_prev)",
        "noise": OPTIMIZE
        + "noise = np.random.RandomState(0).randn\n    for value in parameters.values():\n"
        + "        value += 0.01 * noise(*value.shape)\n"
        + "    return 1.5, {f'd{n}': noise(*v.shape) for n, v in parameters.items()}, noise(*a_prev.shape)",
    },
    "model": {
        "the first parameters": MODEL + "return parameters",
        "zeros": MODEL + "return {name: 0 * value for name, value in parameters.items()}",
        "twice the first parameters": MODEL
        + "return {name: 2 * value for name, value in parameters.items()}",
        "noise": MODEL
        + "return {n: np.random.RandomState(0).randn(*v.shape) for n, v in parameters.items()}",
    },
}
