"""Right solutions of the lab `emojify` that are unlike the reference: the audit gives each full marks."""

AVERAGE = {
    "np.mean of a list": """
def sentence_to_avg(sentence, word_to_vec_map):
    found = [word_to_vec_map[w] for w in words_of(sentence) if w in word_to_vec_map]
    return np.mean(found, axis=0) if found else np.zeros(len(list(word_to_vec_map.values())[0]))
""",
    "a sum and a count": """
def sentence_to_avg(sentence, word_to_vec_map):
    total, count = 0.0 * list(word_to_vec_map.values())[0], 0
    for word in words_of(sentence):
        vector = word_to_vec_map.get(word)
        if vector is not None:
            total = total + vector
            count += 1
    return total / max(count, 1)
""",
    "words counted first": """
from collections import Counter
def sentence_to_avg(sentence, word_to_vec_map):
    avg = np.zeros(next(iter(word_to_vec_map.values())).shape)
    times = {w: n for w, n in Counter(words_of(sentence)).items() if w in word_to_vec_map}
    for word, n in times.items():
        avg += n * word_to_vec_map[word]
    if times:
        avg /= sum(times.values())
    return avg
""",
    "words taken apart by hand": """
import re
def sentence_to_avg(sentence, word_to_vec_map):
    avg = np.zeros(len(next(iter(word_to_vec_map.values()))))
    text = re.sub("[^a-z']", " ", sentence.lower()).replace("n't", " n't").replace("'s", " 's")
    words = [w for w in text.split() if w in word_to_vec_map]
    for w in words:
        avg += word_to_vec_map[w]
    return avg / len(words) if words else avg
""",
}

PREDICT = {
    "with probabilities": """
def predict(X, Y, W, b, word_to_vec_map):
    pred = np.zeros(len(X), dtype=int)
    for j in range(len(X)):
        avg = sentence_to_avg(X[j], word_to_vec_map)
        pred[j] = np.argmax(softmax(np.dot(W, avg) + b))
    print("right:", np.sum(pred == Y))
    return pred
""",
    "all sentences at once": """
def predict(X, Y, W, b, word_to_vec_map):
    averages = np.stack([sentence_to_avg(sentence, word_to_vec_map) for sentence in X])
    return (averages @ W.T + b).argmax(axis=1)
""",
    "a list comprehension": """
def predict(X, Y, W, b, word_to_vec_map):
    scores = [W @ sentence_to_avg(s, word_to_vec_map) + b for s in X]
    return np.array([max(range(len(z)), key=lambda k: z[k]) for z in scores])
""",
    "the average written out": """
def predict(X, Y, W, b, word_to_vec_map):
    pred = []
    for sentence in X:
        z = b.copy()
        known = [w for w in words_of(sentence) if w in word_to_vec_map]
        for w in known:
            z = z + W @ word_to_vec_map[w] / len(known)
        pred.append(int(z.argmax()))
    return np.array(pred)
""",
}

MODEL = {
    "averages in the loop, columns and reshapes": """
def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):
    np.random.seed(1)
    m, n_y, n_h = len(Y), 5, len(next(iter(word_to_vec_map.values())))
    W = np.random.randn(n_y, n_h) / np.sqrt(n_h)
    b = np.zeros((n_y,))
    Y_oh = convert_to_one_hot(Y, C=n_y)
    for t in range(num_iterations):
        for i in range(m):
            avg = sentence_to_avg(X[i], word_to_vec_map)
            a = softmax(np.dot(W, avg) + b)
            dz = a - Y_oh[i]
            W = W - learning_rate * np.dot(dz.reshape(n_y, 1), avg.reshape(1, n_h))
            b = b - learning_rate * dz
    return predict(X, Y, W, b, word_to_vec_map), W, b
""",
    "one matrix for weights and bias": """
def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):
    rows = np.array([[*sentence_to_avg(s, word_to_vec_map), 1.0] for s in X])
    n_x = rows.shape[1] - 1
    np.random.seed(1)
    both = np.column_stack([np.random.randn(5, n_x) / np.sqrt(n_x), np.zeros(5)])
    for _ in range(num_iterations):
        for row, y in zip(rows, Y):
            z = both @ row
            p = np.exp(z - z.max())
            p /= p.sum()
            p[y] -= 1
            both -= learning_rate * p[:, None] * row
    W, b = both[:, :-1].copy(), both[:, -1].copy()
    return predict(X, Y, W, b, word_to_vec_map), W, b
""",
    "in place, no one-hot": """
def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):
    averages = [sentence_to_avg(s, word_to_vec_map) for s in X]
    np.random.seed(1)
    W = np.random.randn(5, len(averages[0])) / np.sqrt(len(averages[0]))
    b = np.zeros(5)
    for round in range(num_iterations):
        for avg, label in zip(averages, Y):
            dz = softmax(W @ avg + b)
            dz[label] -= 1.0
            W -= np.multiply.outer(learning_rate * dz, avg)
            b -= learning_rate * dz
    pred = np.array([np.argmax(W @ avg + b) for avg in averages])
    return pred, W, b
""",
}

INDICES = {
    "a counter of its own": """
def sentences_to_indices(X, word_to_index, max_len):
    m = len(X)
    X_indices = np.zeros((m, max_len), dtype=int)
    for i in range(m):
        j = 0
        for w in words_of(X[i]):
            if w in word_to_index and j < max_len:
                X_indices[i, j] = word_to_index[w]
                j = j + 1
    return X_indices
""",
    "lists filled up with zeros": """
def sentences_to_indices(X, word_to_index, max_len):
    rows = []
    for sentence in X:
        row = [word_to_index[w] for w in words_of(sentence) if w in word_to_index]
        rows.append((row + [0] * max_len)[:max_len])
    return np.array(rows)
""",
    "a slice at a time": """
def sentences_to_indices(X, word_to_index, max_len):
    out = np.zeros((len(X), max_len), dtype=np.int64)
    for row, sentence in zip(out, X):
        numbers = list(filter(None, map(word_to_index.get, words_of(sentence))))[:max_len]
        row[: len(numbers)] = numbers
    return out
""",
    "as floats, as in many programs": """
def sentences_to_indices(X, word_to_index, max_len):
    X_indices = np.zeros((len(X), max_len))
    for i, sentence in enumerate(X):
        known = [w for w in words_of(sentence) if w in word_to_index]
        for j, w in enumerate(known[:max_len]):
            X_indices[i, j] = word_to_index[w]
    return X_indices
""",
}

EMBEDDING = {
    "stacked in the order of the numbers": """
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    vectors = [word_to_vec_map[w] for w in sorted(word_to_index, key=word_to_index.get)]
    return np.vstack([np.zeros_like(vectors[0]), *vectors])
""",
    "one assignment with a list of rows": """
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    emb_dim = next(iter(word_to_vec_map.values())).shape[0]
    emb_matrix = np.zeros((len(word_to_index) + 1, emb_dim))
    emb_matrix[list(word_to_index.values())] = [word_to_vec_map[w] for w in word_to_index]
    return emb_matrix
""",
    "a loop over all vectors": """
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    emb_matrix = np.zeros((max(word_to_index.values()) + 1, len(list(word_to_vec_map.values())[0])))
    for word, vector in word_to_vec_map.items():
        if word in word_to_index:
            emb_matrix[word_to_index[word]] = vector
    return emb_matrix
""",
}

V2 = {
    "other names, and one variable": """
def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):
    rng = np.random.default_rng(seed)
    kept = []
    A, cache = lstm_layer(embed(X_indices, emb_matrix), parameters["lstm1"])
    kept.append(cache)
    A, cache = dropout(A, rate, rng)
    kept.append(cache)
    A, cache = lstm_layer(A, parameters["lstm2"])
    kept.append(cache)
    A, cache = dropout(A[:, A.shape[1] - 1, :], rate, rng)
    kept.append(cache)
    A, cache = dense_softmax(A, parameters["dense"])
    kept.append(cache)
    if caches is not None:
        caches += kept
    return A
""",
    "dropout only while training": """
def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):
    rng = np.random.default_rng(seed)
    a, cache1 = lstm_layer(emb_matrix[X_indices], parameters["lstm1"])
    mask1 = mask2 = 1.0
    if rate > 0:
        a, mask1 = dropout(a, rate, rng)
    a, cache2 = lstm_layer(a, parameters["lstm2"])
    a = a[:, -1]
    if rate > 0:
        a, mask2 = dropout(a, rate, rng)
    y_hat, cache3 = dense_softmax(a, parameters["dense"])
    if caches is not None:
        caches.extend((cache1, mask1, cache2, mask2, cache3))
    return y_hat
""",
    "step by step, with the cell of the first lab": """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
def states(x, p):
    m, T_x, _ = x.shape
    n_a = len(p["bf"])
    a, c, out = np.zeros((n_a, m)), np.zeros((n_a, m)), []
    for t in range(T_x):
        concat = np.concatenate([a, x[:, t].T])
        f, i, o = (sigmoid(p["W" + g] @ concat + p["b" + g]) for g in "fio")
        c = f * c + i * np.tanh(p["Wc"] @ concat + p["bc"])
        a = o * np.tanh(c)
        out.append(a.T)
    return np.stack(out, axis=1)
def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):
    rng = np.random.default_rng(seed)
    x = emb_matrix[X_indices]
    a1 = states(x, parameters["lstm1"])
    mask1 = (rng.random(a1.shape) >= rate) / (1 - rate)
    a2 = states(a1 * mask1, parameters["lstm2"])[:, -1]
    mask2 = (rng.random(a2.shape) >= rate) / (1 - rate)
    if caches is not None:  # the layers know best what they need on the way back
        (_, cache1), (_, cache2) = lstm_layer(x, parameters["lstm1"]), lstm_layer(a1 * mask1, parameters["lstm2"])
        caches += [cache1, mask1, cache2, mask2, dense_softmax(a2 * mask2, parameters["dense"])[1]]
    return softmax(parameters["dense"]["Wy"] @ (a2 * mask2).T + parameters["dense"]["by"]).T
""",
}

answers = {
    "sentence_to_avg": AVERAGE,
    "predict": PREDICT,
    "model": MODEL,
    "sentences_to_indices": INDICES,
    "pretrained_embedding_layer": EMBEDDING,
    "Emojify_V2": V2,
}
