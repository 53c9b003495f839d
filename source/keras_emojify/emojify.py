"""The functions of the lab `emojify`."""

import numpy as np
from course_utils.activations import softmax
from course_utils.embeddings import words_of
from course_utils.emojify import convert_to_one_hot, print_cost
from course_utils.nn import dense_softmax, dropout, embed, lstm_layer
from course_utils.watch import progress


def sentence_to_avg(sentence, word_to_vec_map):
    """Average the vectors of the words of a sentence.

    Arguments:
    sentence -- text
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,)

    Returns:
    avg -- mean of the vectors, shape (n_x,); zero if no word has one
    """
    n_x = len(next(iter(word_to_vec_map.values())))
    avg = np.zeros(n_x)

    # known: those words of the sentence that have a vector
    known = [word for word in words_of(sentence) if word in word_to_vec_map]
    # the mean of their vectors
    for word in known:
        avg = avg + word_to_vec_map[word] / len(known)

    return avg


def predict(X, Y, W, b, word_to_vec_map):
    """Choose a class for each sentence, and print the share that is right.

    Arguments:
    X -- list of m sentences
    Y -- their labels, shape (m,)
    W, b -- parameters, shapes (n_y, n_x) and (n_y,)
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,)

    Returns:
    pred -- the predicted classes, whole numbers, shape (m,)
    """
    pred = np.zeros(len(X), dtype=int)
    for i, sentence in enumerate(X):
        # the average of the sentence
        avg = sentence_to_avg(sentence, word_to_vec_map)
        # the scores of all classes
        z = np.dot(W, avg) + b
        # the class of the largest score
        best = np.argmax(z)
        pred[i] = best

    print(f"accuracy: {np.mean(pred == Y):.3f}")
    return pred


def model(X, Y, word_to_vec_map, learning_rate=0.01, num_iterations=400):
    """Train a softmax classifier on averaged word vectors, one sentence at a time.

    Arguments:
    X -- list of m sentences
    Y -- their labels 0 to 4, shape (m,)
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,)
    learning_rate -- size of a step
    num_iterations -- number of rounds through all sentences

    Returns:
    pred -- the classes predicted for X after training, shape (m,)
    W, b -- the trained parameters, shapes (5, n_x) and (5,)
    """
    n_y = 5
    Y_oh = convert_to_one_hot(Y, C=n_y)
    averages = np.array([sentence_to_avg(sentence, word_to_vec_map) for sentence in X])
    m, n_x = averages.shape

    np.random.seed(1)
    W = np.random.randn(n_y, n_x) / np.sqrt(n_x)
    b = np.zeros((n_y,))

    for t in progress(num_iterations):
        print_cost(t, averages, Y, W, b)
        for i in range(m):
            avg = averages[i]
            # scores and probabilities
            z = np.dot(W, avg) + b
            a = softmax(z)
            # gradients of the scores and of the weights
            dz = a - Y_oh[i]
            dW = np.outer(dz, avg)
            # a step downhill
            W = W - learning_rate * dW
            b = b - learning_rate * dz

    pred = predict(X, Y, W, b, word_to_vec_map)
    return pred, W, b


def sentences_to_indices(X, word_to_index, max_len):
    """Turn sentences into rows of numbers of one length.

    Arguments:
    X -- list of m sentences
    word_to_index -- dictionary that gives a word its number, from 1
    max_len -- length of a row

    Returns:
    X_indices -- whole numbers, shape (m, max_len), 0 where a sentence has no more words
    """
    X_indices = np.zeros((len(X), max_len), dtype=int)

    for i, sentence in enumerate(X):
        # the numbers of the words that have one
        numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]
        # the first of them go into row i, from the left
        for j, number in enumerate(numbers[:max_len]):
            X_indices[i, j] = number

    return X_indices


def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    """Put the vectors of all numbered words into one matrix.

    Arguments:
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,); may know more words
    word_to_index -- dictionary that gives a word its number: 1, 2, 3, ... without gaps

    Returns:
    emb_matrix -- shape (number of words + 1, n_x); row 0 is zero
    """
    emb_dim = len(next(iter(word_to_vec_map.values())))

    # rows of zeros, enough for all numbers
    vocab_len = len(word_to_index) + 1
    emb_matrix = np.zeros((vocab_len, emb_dim))
    # each vector goes into the row of its number
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]

    return emb_matrix


def Emojify_V2(X_indices, emb_matrix, parameters, rate=0.0, seed=0, caches=None):
    """Give the probabilities of the classes for each sentence.

    Arguments:
    X_indices -- numbers of words, shape (m, T_x)
    emb_matrix -- word vectors by number, shape (vocab_len, n_x)
    parameters -- dictionary with a dictionary for each layer: "lstm1", "lstm2" and "dense"
    rate -- share of the entries to drop: 0 when predicting
    seed -- makes the dropout repeatable
    caches -- a list that gets what the way back needs, or None

    Returns:
    y_hat -- probabilities, shape (m, n_y)
    """
    rng = np.random.default_rng(seed)

    # look up the vectors
    x = embed(X_indices, emb_matrix)
    # the first LSTM, and dropout on all its states
    a1, cache1 = lstm_layer(x, parameters["lstm1"])
    d1, mask1 = dropout(a1, rate, rng)
    # the second LSTM, and dropout on its last state
    a2, cache2 = lstm_layer(d1, parameters["lstm2"])
    d2, mask2 = dropout(a2[:, -1], rate, rng)
    # probabilities
    y_hat, cache3 = dense_softmax(d2, parameters["dense"])

    if isinstance(caches, list):
        caches.extend([cache1, mask1, cache2, mask2, cache3])
    return y_hat
