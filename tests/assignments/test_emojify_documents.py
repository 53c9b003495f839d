"""What answers earn that are written as a document describes them: split at spaces, fifty numbers, no guards.

The code is our own, after a description in words: the sentence is made lower case and split, ``avg`` has
fifty zeros, every word is looked up, and the size of the vectors is asked of the word *cucumber*.
"""

import pytest

from autograder.audit.play import grade, judged, namespace

LAB = "emojify"

AVERAGE = """
def sentence_to_avg(sentence, word_to_vec_map):
    words = (sentence.lower()).split()
    avg = np.zeros(50)
    for w in words:
        avg += word_to_vec_map[w]
    avg = avg / len(words)
    return avg
"""
PREDICT = """
def predict(X, Y, W, b, word_to_vec_map):
    m = len(X)
    pred = np.zeros(m)
    for j in range(m):
        words = X[j].lower().split()
        avg = np.zeros(50)
        for w in words:
            avg += word_to_vec_map[w]
        avg = avg / len(words)
        pred[j] = np.argmax(softmax(np.dot(W, avg) + b))
    return pred
"""
MODEL = """
def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):
    np.random.seed(1)
    m, n_y, n_h = len(Y), 5, 50
    W = np.random.randn(n_y, n_h) / np.sqrt(n_h)
    b = np.zeros((n_y,))
    Y_oh = convert_to_one_hot(Y, C=n_y)
    for t in range(num_iterations):
        for i in range(m):
            avg = AVG
            z = np.dot(W, avg) + b
            a = softmax(z)
            cost = -np.sum(Y_oh[i] * np.log(a))
            dz = a - Y_oh[i]
            dW = np.dot(dz.reshape(n_y, 1), avg.reshape(1, n_h))
            db = dz
            W = W - learning_rate * dW
            b = b - learning_rate * db
        if t % 100 == 0:
            print("Epoch:", t, "cost:", cost)
    pred = predict(X, Y, W, b, word_to_vec_map)
    return pred, W, b
"""
INLINED = "sum(word_to_vec_map[w] for w in X[i].lower().split()) / len(X[i].split())"
INDICES = """
def sentences_to_indices(X, word_to_index, max_len):
    m = len(X)
    X_indices = np.zeros((m, max_len))
    for i in range(m):
        sentence_words = X[i].lower().split()
        j = 0
        for w in sentence_words:
            X_indices[i, j] = word_to_index[w]
            j = j + 1
    return X_indices
"""
EMBEDDING = """
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    vocab_len = len(word_to_index) + 1
    emb_dim = word_to_vec_map["cucumber"].shape[0]
    emb_matrix = np.zeros((vocab_len, emb_dim))
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]
    return emb_matrix
"""
SIZE_WRITTEN_IN = EMBEDDING.replace('word_to_vec_map["cucumber"].shape[0]', "50")


@pytest.mark.parametrize(
    ("name", "source", "share"),
    [
        ("sentence_to_avg", AVERAGE, 0.65),
        ("predict", PREDICT, 0.7),
        ("model", MODEL.replace("AVG", INLINED), 0.7),
        ("sentences_to_indices", INDICES, 0.65),
        ("pretrained_embedding_layer", EMBEDDING, 0.8),
        ("pretrained_embedding_layer", SIZE_WRITTEN_IN, 0.8),
    ],
)
def test_documents_code_earns_the_core_share_with_every_seed(referees, lab, name, source, share):
    for referee in referees:
        found = judged(referee, name, source)
        assert found.points == pytest.approx(share * lab.points[name])
        failed = {case.name for case in found.cases if case.status == "failed"}
        core = {case.name for case in referee.cases[name] if case.group in ("core", "published")}
        assert not failed & core


def test_with_the_documents_average_the_functions_that_call_it_keep_theirs(referee, lab):
    """The wrong average is lent a right one, so that only the sizes that are written in cost."""
    source = MODEL.replace("AVG", "sentence_to_avg(X[i], word_to_vec_map)")
    found = grade(referee, namespace(lab, {"sentence_to_avg": AVERAGE, "model": source}))
    assert found["predict"].points == lab.points["predict"]
    assert found["model"].points == pytest.approx(0.85 * lab.points["model"])


def test_the_text_says_what_the_groups_are_worth(lab, notebook):
    """Each share outside the core stands in the exercise's task, in percent."""
    tasks = {
        name: cell.source
        for name in lab.exercises
        for cell in notebook.cells
        if cell.cell_type == "markdown" and f": `{name}` (" in cell.source
    }
    for name, exercise in list(lab.exercises.items())[:5]:
        assert 0.65 <= round(exercise.share("core"), 9) <= 0.8
        for group, share in exercise.shares.items():
            assert f"{100 * share:.0f}%" in tasks[name], (name, group)
