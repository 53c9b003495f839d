"""Answers of the lab `emojify` that do nothing of the work: 20."""

AVERAGE = "def sentence_to_avg(sentence, word_to_vec_map):\n    n_x = len(next(iter(word_to_vec_map.values())))\n    "
PREDICT = "def predict(X, Y, W, b, word_to_vec_map):\n    return "
MODEL = (
    "def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):\n"
    "    n_x, n_y = len(next(iter(word_to_vec_map.values()))), 5\n    np.random.seed(1)\n"
    "    W, b = np.random.randn(n_y, n_x) / np.sqrt(n_x), np.zeros(n_y)\n    {}\n"
    "    return predict(X, Y, W, b, word_to_vec_map), W, b"
)
INDICES = "def sentences_to_indices(X, word_to_index, max_len):\n    "
EMBEDDING = "def pretrained_embedding_layer(word_to_vec_map, word_to_index):\n    "
NETWORK = "def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):\n    "
NOISE = "np.random.RandomState(0)"

answers = {
    "sentence_to_avg": {
        "zeros": AVERAGE + "return np.zeros(n_x)",
        "the first vector": AVERAGE + "return next(iter(word_to_vec_map.values())).copy()",
        "the average of all vectors": AVERAGE + "return np.mean([*word_to_vec_map.values()], axis=0)",
        "noise": AVERAGE + f"return {NOISE}.randn(n_x)",
    },
    "predict": {
        "zeros": PREDICT + "np.zeros(len(X), dtype=int)",
        "the labels": PREDICT + "np.array(Y)",
        "the largest bias": PREDICT + "np.full(len(X), np.argmax(b))",
        "by chance": PREDICT + f"{NOISE}.randint(0, len(b), len(X))",
    },
    "model": {
        "no training": MODEL.format("pass"),
        "zeros": MODEL.format("W = 0 * W"),
        "noise": MODEL.format(f"W, b = {NOISE}.randn(n_y, n_x), {NOISE}.randn(n_y)"),
        "the shares of the labels": MODEL.format("b = np.log(1 + np.bincount(Y, minlength=n_y))"),
    },
    "sentences_to_indices": {
        "zeros": INDICES + "return np.zeros((len(X), max_len), dtype=int)",
        "ones": INDICES + "return np.ones((len(X), max_len), dtype=int)",
        "numbers in order": INDICES + "return np.tile(np.arange(max_len), (len(X), 1))",
    },
    "pretrained_embedding_layer": {
        "zeros": EMBEDDING
        + "return np.zeros((len(word_to_index) + 1, len(next(iter(word_to_vec_map.values())))))",
        "the vectors as they come": EMBEDDING
        + "return np.array([0 * next(iter(word_to_vec_map.values())), *word_to_vec_map.values()])[: len(word_to_index) + 1]",
    },
    "Emojify_V2": {
        "all alike": NETWORK + "return np.full((len(X_indices), len(parameters['dense']['by'])), 0.2)",
        "the dense layer's bias": NETWORK
        + "p = np.exp(parameters['dense']['by'].ravel())\n    return np.tile(p / p.sum(), (len(X_indices), 1))",
        "noise": NETWORK
        + f"return {NOISE}.dirichlet(np.ones(len(parameters['dense']['by'])), len(X_indices))",
    },
}
