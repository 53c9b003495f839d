"""Answers of the lab `poetry` that do nothing of the work: 20."""

BUILD = "def build_data(text, Tx=40, stride=3):\n    "
VECTORS = "def vectorization(X, Y, n_x, char_indices, Tx=40):\n    m = len(X)\n    return "
PREDICT = "def predict(x, parameters):\n    m, n_x = len(x), len(parameters['dense']['by'])\n    return "
FIT = (
    "def fit(x, y, parameters, batch_size=128, epochs=1, learning_rate=0.001, rate=0.2, seed=0):\n"
    "    count = epochs * -(-len(x) // batch_size)\n    "
)
SAMPLE = "def sample(preds, temperature=1.0):\n    return "
GENERATE = 'def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):\n    return '
BITS = "def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):\n    return "
NOISE = "np.random.RandomState(0)"

answers = {
    "build_data": {
        "nothing": BUILD + "return [], []",
        "the text": BUILD + "return [text], [text[-1]]",
        "one window": BUILD + "return [text[:Tx]], [text[Tx % len(text)]]",
    },
    "vectorization": {
        "zeros": VECTORS + "np.zeros((m, Tx, n_x)), np.zeros((m, n_x))",
        "ones": VECTORS + "np.ones((m, Tx, n_x)), np.ones((m, n_x))",
        "the first character": VECTORS
        + "np.tile(np.eye(n_x)[0], (m, Tx, 1)), np.tile(np.eye(n_x)[0], (m, 1))",
    },
    "predict": {
        "all alike": PREDICT + "np.full((m, n_x), 1 / n_x)",
        "the last character": PREDICT + "np.array(x[:, -1], dtype=float)",
        "noise": PREDICT + f"{NOISE}.dirichlet(np.ones(n_x), m)",
    },
    "fit": {
        "zeros": FIT + "return [0.0] * count",
        "the loss of chance": FIT + "return [np.log(x.shape[2])] * count",
        "smaller parameters": FIT
        + "for layer in parameters.values():\n        for value in layer.values():\n            value *= 0.99\n"
        "    return [1.0] * count",
    },
    "sample": {
        "the first": SAMPLE + "0",
        "the likeliest": SAMPLE + "int(np.argmax(preds))",
        "by chance": SAMPLE + "int(np.random.randint(len(preds)))",
    },
    "generate_output": {
        "what was typed": GENERATE + "usr_input",
        "spaces": GENERATE + "usr_input + ' ' * length",
        "by chance": GENERATE + "usr_input + ''.join(np.random.choice(chars, length))",
    },
    "bits_per_character": {
        "nothing": BITS + "0.0",
        "those of chance": BITS + "np.log2(len(char_indices))",
    },
}
