# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # An emoji for every sentence
#
# In this lab you write two programs that read a short sentence and choose one of five emoji for it. The first averages word vectors; the second reads with two LSTM layers, word by word.
#
# **Afterwards you can**
#
# - turn words into vectors, and say what such vectors know and what they do not;
# - train a softmax classifier with stochastic gradient descent, and read its confusion matrix;
# - bring sentences of any length into one array, and look their words up in an embedding matrix;
# - put layers together into a deep recurrent network with dropout, and check it before you train it;
# - show what a model cannot do, however long it is trained.
#
# **You need** the lab on recurrent cells, or what it teaches: an LSTM, shapes, softmax. **Time:** about two and a half hours. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `sentence_to_avg`: the mean of word vectors | 15 |
# | 2 | `predict`: an emoji for each sentence | 15 |
# | 3 | `model`: train by gradient descent | 25 |
# | 4 | `sentences_to_indices`: words as numbers | 15 |
# | 5 | `pretrained_embedding_layer`: the embedding matrix | 10 |
# | 6 | `Emojify_V2`: two LSTM layers | 20 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares what your function returns with known values, and with *open cases*, which are drawn in the same way as the hidden tests. It is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: a later function that calls a wrong one is tested with a right one. In exercises 1 to 5 most points are for sentences of known words in lower case, with vectors of 50 numbers; each exercise says what the others are for.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
import numpy as np

from course_utils.activations import softmax
from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.embeddings import read_glove_vecs, unknown_words, words_of
from course_utils.emojify import (
    LABELS,
    convert_to_one_hot,
    label_to_emoji,
    plot_confusion,
    plot_words,
    print_cost,
    read_sentences,
)
from course_utils.nn import (
    Adam,
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    dropout,
    dropout_backward,
    embed,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
    minibatches,
)
from course_utils.explore import live_losses
from course_utils.plots import plot_curves
from course_utils.watch import demo_iterations, progress

# %% [markdown]
# ## 1 Sentences and words
#
# Each sentence has one of five labels: 0 heart, 1 ball, 2 smile, 3 sad, 4 fork. We train on 1,000 sentences and test on 220 others. The test set was written and put away before anything was trained.

# %% tags=["demonstration"]
X_train, Y_train, _ = read_sentences("data/train.csv")
X_test, Y_test, kinds = read_sentences("data/test.csv")

for sentence, label in zip(X_train[:10], Y_train):
    print(f"{label_to_emoji(label)} {LABELS[label]:5} {sentence}")
print(len(X_train), "to train; of each class", np.bincount(Y_train))
print(len(X_test), "to test; of each class", np.bincount(Y_test))

# %% [markdown]
# Half of the test sentences are **plain**. The others are hard on purpose:
#
# | kind | what is hard | example |
# |:--|:--|:--|
# | unseen | words that no training sentence has | sushi with ginger |
# | negation | a word that turns the meaning round | he is not lonely any more |
# | context | no word says it alone | they picked my picture for the cover |
# | order | the same words as in another sentence, of another class | i choose soup instead of soccer |
#
# ### Symbols and shapes
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $m$ | `m` | | number of sentences |
# | $n_x$ | `n_x` | | numbers in a word vector, 50 here |
# | $n_y$ | `n_y` | | number of classes, 5 |
# | $T_x$ | `max_len` | | words that the second model reads of a sentence, 10 |
# | $n_a$ | `n_a` | | size of a hidden state |
# | $e_w$ | `word_to_vec_map[w]` | $(n_x,)$ | vector of the word $w$ |
# | $\bar e$ | `avg` | $(n_x,)$ | mean of the vectors of a sentence |
# | $W, b$ | `W`, `b` | $(n_y, n_x)$, $(n_y,)$ | parameters of the first model |
# | $z,\; a$ | `z`, `a` | $(n_y,)$ | its scores and probabilities |
# | $X$ | `X_indices` | $(m, T_x)$ | sentences as numbers of words |
# | $E$ | `emb_matrix` | $(\text{vocab\_len}, n_x)$ | all vectors, one in each row |
# | $\hat y$ | `y_hat` | $(m, n_y)$ | probabilities of the second model |
#
# A sentence is a row here, not a column: examples come first in this lab, as in most frameworks.

# %% [markdown]
# ### Vectors of words
#
# A thousand sentences are too few to learn English from. So we start from the GloVe vectors, which were computed from six billion words of text: words that occur in similar surroundings get similar vectors. Such a vector is called a **word embedding**. Ours are the 30,000 most frequent words. How alike two words are is the **cosine** of the angle between their vectors: 1 for the same direction, 0 for unrelated ones.
#
# **Predict first.** Which two pairs below are the most alike? And which would you *want* to be unlike?
#
# <details><summary>Answer</summary>
#
# *Soup* and *bread*, and *love* and *loves*, with a cosine of 0.84 each. But *good* and *bad* follow with 0.80, and *happy* and *sad* with 0.69: a classifier of feelings would want these two pairs to be unlike.
#
# </details>

# %% tags=["demonstration"]
word_to_index, index_to_word, word_to_vec_map = read_glove_vecs("data/glove_50d.npz")
n_x = len(word_to_vec_map["cucumber"])
print(len(word_to_vec_map), "words,", n_x, "numbers each")
print("number", word_to_index["cucumber"], "is cucumber")


def cosine(u, v):
    return u @ v / np.sqrt((u @ u) * (v @ v))


for u, v in (("soup", "bread"), ("soup", "goal"), ("love", "loves"), ("happy", "sad"), ("good", "bad")):
    print(f"{u:>6} and {v:6} {cosine(word_to_vec_map[u], word_to_vec_map[v]):.2f}")

# %% [markdown]
# **What it means.** *Good* and *bad* are close: they stand in the same places of a sentence. Such vectors know what a word is about, less so on which side it is. A classifier has to find the difference itself.
#
# A picture helps. The cell takes, for each class, the eight most frequent words that are mostly in training sentences of that class, and projects their vectors, scaled to length 1, onto the two directions in which they differ most (PCA). Which classes lie apart in the picture, and which do not?

# %% tags=["demonstration"]
counts = {}
for sentence, label in zip(X_train, Y_train):
    for word in set(words_of(sentence)) & word_to_vec_map.keys():
        counts.setdefault(word, np.zeros(5))[label] += 1

typical = {k: [w for w in counts if counts[w][k] > 0.6 * counts[w].sum()] for k in range(5)}
chosen = {k: sorted(group, key=lambda w: (-counts[w][k], w))[:8] for k, group in typical.items()}
words = [word for group in chosen.values() for word in group]
unit = np.array([word_to_vec_map[word] for word in words])
unit /= np.linalg.norm(unit, axis=1, keepdims=True)
centred = unit - unit.mean(axis=0)
_, spread, directions = np.linalg.svd(centred, full_matrices=False)

classes = [k for k, group in chosen.items() for _ in group]
title = "Typical words of each class, in two of fifty dimensions"
plot_words(words, centred @ directions[:2].T, classes, title=title)
print(f"share of the variance in the picture: {(spread[:2] ** 2).sum() / (spread ** 2).sum():.2f}")

# %% [markdown]
# ### What is a word?
#
# `words_of` splits a sentence much as the makers of the vectors did. These rules hold in the whole lab:
#
# - capitals and punctuation make no difference;
# - *don't* is two words, `do` and `n't`; *it's* is `it` and `'s`;
# - a word without a vector is left out;
# - a sentence of which nothing is left is the zero vector for the first model, and padding alone for the second.

# %% tags=["demonstration"]
for sentence in ("I don't LIKE this, it's awful!", "Lasagna, please...", ""):
    print(repr(sentence), "->", words_of(sentence))
    print("    without a vector:", unknown_words([sentence], word_to_vec_map))

for name, sentences in (("training", X_train), ("test", X_test)):
    unknown = unknown_words(sentences, word_to_vec_map)
    print(f"without a vector in the {name} set: {len(unknown)}, such as", ", ".join(unknown[:6]))

# %% [markdown]
# > **What to remember from part 1.** Embeddings bring in what words have in common in far more text than you have. Words of opposite meaning can be close.
#
# ## 2 The first model: an average
#
# **Why.** The simplest way to make one vector of many is to average them. It is quick, has few parameters, and is the **baseline** that any larger model has to beat.
#
# ![Three words, we, love and pizza, each become a vector. The mean of the vectors, avg, goes through W avg plus b and a softmax, which gives five probabilities for heart, ball, smile, sad and fork.](data/average.svg)
#
# With $K$ words that have a vector,
#
# $$\underbrace{\bar e}_{(n_x,)} = \frac{1}{K}\sum_{k=1}^{K} e_{w_k}, \qquad \underbrace{z}_{(n_y,)} = W\bar e + b, \qquad a = \mathrm{softmax}(z) \tag{1}$$
#
# **Predict first.** Let `good` be $(1, 0)$ and `soup` be $(0, 3)$, and nothing else have a vector. What is the average of "Good, good soup, Grandma!"?
#
# <details><summary>Answer</summary>
#
# Three words have a vector, *good* twice: $(2, 3)/3 \approx (0.667, 1)$.
#
# </details>

# %% [markdown]
# ### Exercise 1: `sentence_to_avg` (15 points)
#
# The first part of equation (1). Only words with a vector count, in the sum and in $K$; a word that comes twice counts twice. If none has a vector, the average is zero.
#
# Known words in lower case, with vectors of 50 numbers, earn 65% of the points; unknown words earn 12%, capitals and punctuation 12%, sentences without a known word 5%, vectors of other sizes 6%.
#
# <details><summary>Hint 1: which words?</summary>
#
# `words_of` gives the words. Whether a dictionary has a key can be asked with `in`.
#
# </details>
# <details><summary>Hint 2: dividing by zero</summary>
#
# `avg` is zero before your lines. A loop over no words does nothing, so where does the division best stand?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sentence_to_avg", "locked": false, "schema_version": 3, "solution": true, "task": false}
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

    ### START CODE HERE ###
    # known: those words of the sentence that have a vector
    known = [word for word in words_of(sentence) if word in word_to_vec_map]
    # the mean of their vectors
    for word in known:
        avg = avg + word_to_vec_map[word] / len(known)
    ### END CODE HERE ###

    return avg


# %% tags=["demonstration"]
two = {"good": np.array([1.0, 0.0]), "soup": np.array([0.0, 3.0])}
avg = sentence_to_avg("Good, good soup, Grandma!", two)
check_shape("avg", avg, (2,))
print("your prediction:", avg, " an empty sentence:", sentence_to_avg("", two))

# %% nbgrader={"grade": true, "grade_id": "test_sentence_to_avg", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("sentence_to_avg")
### END HIDDEN TESTS
visible_check(sentence_to_avg)

# %% [markdown]
# ### Exercise 2: `predict` (15 points)
#
# For each sentence, the class of the largest score: equation (1) with your `sentence_to_avg`. The softmax keeps the order of the scores, so a prediction can do without it. Of the points, 15% are for unknown words, capitals and punctuation, 15% for other sizes and numbers of classes.
#
# The cell after your code tries a model without any training: each class has the vector of one word as its row of `W`, so a sentence is compared with five words. How much better than a guess, 0.2, will that be?
#
# <details><summary>Answer</summary>
#
# About half of the training sentences come out right, without any training: the vectors know that much.
#
# </details>
#
# <details><summary>Hint 1: three steps</summary>
#
# Average, scores, and the place of the largest one.
#
# </details>
# <details><summary>Hint 2: the place, not the value</summary>
#
# NumPy has `max` for the largest value. A function whose name begins with `arg` gives its place.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
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
        ### START CODE HERE ###
        # the average of the sentence
        avg = sentence_to_avg(sentence, word_to_vec_map)
        # the scores of all classes
        z = np.dot(W, avg) + b
        # the class of the largest score
        best = np.argmax(z)
        ### END CODE HERE ###
        pred[i] = best

    print(f"accuracy: {np.mean(pred == Y):.3f}")
    return pred


# %% tags=["demonstration"]
naive = np.array([word_to_vec_map[word] for word in ("love", "ball", "happy", "sad", "food")])
pred = predict(X_train, Y_train, naive, np.zeros(5), word_to_vec_map)
check_shape("pred", pred, (len(X_train),))

# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("predict")
### END HIDDEN TESTS
visible_check(predict)

# %% [markdown]
# ### Training
#
# For one sentence with label $y$, and $y$ as a one-hot vector, the cross-entropy and its gradients are
#
# $$L = -\log a_y, \qquad \underbrace{dz}_{(n_y,)} = a - y, \qquad \underbrace{dW}_{(n_y,\,n_x)} = dz\,\bar e^{\top}, \qquad \underbrace{db}_{(n_y,)} = dz \tag{2}$$
#
# **Stochastic gradient descent** takes a step after every sentence: $W \leftarrow W - \alpha\,dW$, $b \leftarrow b - \alpha\,db$, with the learning rate $\alpha$. One round through all sentences is an epoch, or iteration.
#
# **Predict first.** Before training the scores are small. What is the loss of a model that finds all five classes equally likely? And which entry of $dz$ is negative?
#
# <details><summary>Answer</summary>
#
# $\log 5 \approx 1.609$. Only that of the right class: $a_y - 1 < 0$, the others are probabilities.
#
# </details>

# %% [markdown]
# ### Exercise 3: `model` (25 points)
#
# One step of gradient descent: equations (1) and (2) and the two updates. The averages are ready, so that they are not computed anew in each round. Of the points, 15% are for unknown words, 15% for vectors of other sizes.
#
# The cell after your code asks whether it can memorise ten sentences, in 200 rounds. A blind guess costs $\log 5 \approx 1.609$; a model that cannot get far below that on ten sentences has a mistake in it.
#
# <details><summary>Hint 1: an outer product</summary>
#
# What shape has `dW`, and which vector has an entry for each of its rows? A product of two vectors, each entry with each, is called *outer*, in NumPy too.
#
# </details>
# <details><summary>Hint 2: the loss grows</summary>
#
# A gradient points uphill. Look at the signs of the two updates.
#
# </details>
# <details><summary>Hint 3: nothing is learned</summary>
#
# The row of `Y_oh` must be that of this sentence, and both `W` and `b` must be new after each step.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "model", "locked": false, "schema_version": 3, "solution": true, "task": false}
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
            ### START CODE HERE ###
            # scores and probabilities
            z = np.dot(W, avg) + b
            a = softmax(z)
            # gradients of the scores and of the weights
            dz = a - Y_oh[i]
            dW = np.outer(dz, avg)
            # a step downhill
            W = W - learning_rate * dW
            b = b - learning_rate * dz
            ### END CODE HERE ###

    pred = predict(X, Y, W, b, word_to_vec_map)
    return pred, W, b


# %% tags=["demonstration"]
pred, W, b = model(X_train[:10], Y_train[:10], word_to_vec_map, 0.05, demo_iterations(200))
check_shape("W", W, (5, n_x))
check_shape("b", b, (5,))
print(f"the bias adds up to {abs(b.sum()):.6f}")

# %% nbgrader={"grade": true, "grade_id": "test_model", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("model")
### END HIDDEN TESTS
visible_check(model)

# %% [markdown]
# The cost starts a little above $\log 5$, because random weights prefer some classes for no reason. Of $dz$ only the entry of the right class is negative, so its score alone goes up. The bias adds up to zero, and must: in each step the probabilities add up to 1, and so does the one-hot vector.
#
# ### In earnest
#
# All sentences, some seconds. Learning rate and number of rounds were chosen on the training set alone, by cross-validation: train on four fifths, look at the fifth, five times.

# %% tags=["demonstration"]
few = demo_iterations(len(X_train))  # all of them, but for a notebook that is being graded
_, W, b = model(X_train[:few], Y_train[:few], word_to_vec_map, 0.01, demo_iterations(200))

print("on the test set:")
pred_1 = predict(X_test, Y_test, W, b, word_to_vec_map)
plot_confusion(Y_test, pred_1, title="First model, test set")

# %% [markdown]
# **What it means.** Four of five test sentences are right, with 255 parameters. Balls and forks have words of their own. Of 38 mistakes 15 lie between *smile* and *sad*, more than between any other two, as the cosine of *good* and *bad* promised. Why is the test accuracy above that of the training set? In part because more of that is hard for an average: 26% of its sentences have a negation (of these 64% are right), against 19% of the test sentences. In part, perhaps, by chance: 4% of 220 are nine sentences.
#
# The accuracy by kind tells more than the total. The sentences themselves tell most: read them.


# %% tags=["demonstration"]
def emoji(label):
    """The emoji and the name of a class: some fonts show an empty box."""
    return f"{label_to_emoji(label)} {LABELS[label]:5}"


def report(pred):
    """Print the accuracy of each kind of test sentence, and some that are wrong."""
    for kind in ("plain", "unseen", "negation", "context", "order"):
        of_kind = np.array(kinds) == kind
        print(f"{kind:>9}: {np.mean(pred[of_kind] == Y_test[of_kind]):.2f} of {of_kind.sum()}")
    wrong = np.flatnonzero(pred != Y_test)
    print(f"wrong: {len(wrong)} of {len(Y_test)}, for instance")
    for i in wrong[:: max(1, len(wrong) // 12)]:
        print(f"  {emoji(pred[i])} for {emoji(Y_test[i])}  {X_test[i]}  ({kinds[i]})")


report(pred_1)

# %% [markdown]
# ### What an average cannot know
#
# The test set has ten pairs of sentences with the same words in another order, and with another meaning. The average does not change when its terms change places. So the first model gives both the same class, and at best one of them is right: no training can help it.

# %% tags=["demonstration"]
same_words = {}
for i, sentence in enumerate(X_test):
    same_words.setdefault(tuple(sorted(words_of(sentence))), []).append(i)
pairs = [pair for pair in same_words.values() if len(pair) == 2]

averages = [[sentence_to_avg(X_test[i], word_to_vec_map) for i in pair] for pair in pairs]
distance = max(np.abs(one - other).max() for one, other in averages)
print(len(pairs), "pairs; largest difference between their averages:", f"{distance:.0e}")
for i, j in pairs[:3]:
    print(f"  {emoji(Y_test[i])} {X_test[i]}   |   {emoji(Y_test[j])} {X_test[j]}")

# %% [markdown]
# > **What to remember from part 2.** An average with a softmax is a strong baseline, and blind to order. A confusion matrix, the accuracy by kind and the wrong sentences say more than one number.
#
# ## 3 From sentences to an array
#
# **Why.** A network that reads word by word can tell these pairs apart. It trains on many sentences at once, in one array, so they must all have one length. And it should not carry vectors about, but numbers of words, and look the vectors up.
#
# ![A sentence of three words becomes a row of five numbers, 5, 2, 3, 0, 0. Each number picks its row of the embedding matrix. Number 0 stands for padding, and its row is zero.](data/indices.svg)
#
# Sentences are **padded** with number 0, which belongs to no word: `word_to_index` begins at 1.
#
# **Predict first.** With `good` as 1, `soup` as 2 and `max_len` 3, what are the rows of "Soup!", "good, good, good soup" and "Grandma's soup"?
#
# <details><summary>Answer</summary>
#
# `[2 0 0]`, `[1 1 1]`, since only three words fit, and `[2 0 0]`, since neither *grandma* nor *'s* has a number.
#
# </details>

# %% [markdown]
# ### Exercise 4: `sentences_to_indices` (15 points)
#
# Write the numbers of the known words into the row of each sentence, from the left. Words without a number are left out and leave no gap. From a longer sentence keep the first `max_len` known words. Of the points, 10% are for unknown words, 10% for capitals and punctuation, 10% for sentences that are too long, 5% for empty ones.
#
# <details><summary>Hint 1: as before</summary>
#
# Which words count is the question of exercise 1 again. This time you want their numbers.
#
# </details>
# <details><summary>Hint 2: where in the row?</summary>
#
# Count the known words, not all words. A list cut with `[:max_len]` is never too long, and it may be shorter.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sentences_to_indices", "locked": false, "schema_version": 3, "solution": true, "task": false}
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
        ### START CODE HERE ###
        # the numbers of the words that have one
        numbers = [word_to_index[word] for word in words_of(sentence) if word in word_to_index]
        # the first of them go into row i, from the left
        for j, number in enumerate(numbers[:max_len]):
            X_indices[i, j] = number
        ### END CODE HERE ###

    return X_indices


# %% tags=["demonstration"]
three = ["Soup!", "good, good, good soup", "Grandma's soup"]
print(sentences_to_indices(three, {"good": 1, "soup": 2}, max_len=3))

max_len = 10
train_indices = sentences_to_indices(X_train, word_to_index, max_len)
test_indices = sentences_to_indices(X_test, word_to_index, max_len)
check_shape("train_indices", train_indices, (len(X_train), max_len))
print(X_train[0], "->", train_indices[0])

# %% nbgrader={"grade": true, "grade_id": "test_sentences_to_indices", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("sentences_to_indices")
### END HIDDEN TESTS
visible_check(sentences_to_indices)

# %% [markdown]
# ### Exercise 5: `pretrained_embedding_layer` (10 points)
#
# The matrix $E$: row $i$ holds the vector of the word with number $i$, and row 0, the padding, is zero. In Keras this function would return a layer that holds the matrix. Here the matrix *is* the layer: `embed(X_indices, emb_matrix)` looks the rows up and gives shape $(m, T_x, n_x)$. It is not trained, since a thousand sentences would spoil it for the words that they lack. Of the points, 20% are for vectors of other sizes than 50.
#
# <details><summary>Hint 1: how many rows?</summary>
#
# One for each numbered word, and one for number 0.
#
# </details>
# <details><summary>Hint 2: which row?</summary>
#
# The two dictionaries may list the words in different orders. The number decides.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "pretrained_embedding_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    """Put the vectors of all numbered words into one matrix.

    Arguments:
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,); may know more words
    word_to_index -- dictionary that gives a word its number: 1, 2, 3, ... without gaps

    Returns:
    emb_matrix -- shape (number of words + 1, n_x); row 0 is zero
    """
    emb_dim = len(next(iter(word_to_vec_map.values())))

    ### START CODE HERE ###
    # rows of zeros, enough for all numbers
    vocab_len = len(word_to_index) + 1
    emb_matrix = np.zeros((vocab_len, emb_dim))
    # each vector goes into the row of its number
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]
    ### END CODE HERE ###

    return emb_matrix


# %% tags=["demonstration"]
emb_matrix = pretrained_embedding_layer(word_to_vec_map, word_to_index)
check_shape("emb_matrix", emb_matrix, (len(word_to_index) + 1, n_x))

row = embed(train_indices[:1], emb_matrix)[0]
print("a sentence after the look-up:", row.shape)
print("steps that are not padding:", int(row.any(axis=1).sum()))

# %% nbgrader={"grade": true, "grade_id": "test_pretrained_embedding_layer", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("pretrained_embedding_layer")
### END HIDDEN TESTS
visible_check(pretrained_embedding_layer)

# %% [markdown]
# > **What to remember from part 3.** Sentences become rows of one length by cutting and padding; number 0 is the padding, and its embedding is zero.
#
# ## 4 The second model: two LSTM layers
#
# ![Four steps of a deep network. At each step a word is looked up, goes through LSTM 1 and dropout into LSTM 2. Each LSTM hands its state on to the next step. The last state of LSTM 2 alone goes through dropout, dense layer and softmax, which give five probabilities.](data/v2.svg)
#
# The first LSTM gives a state for each word, and the second reads those. Of the second only the **last** state goes on: it has seen the whole sentence, and the padding. (A **padding mask** would hide the padding from it. This model has none, as in the document that it comes from; below you can see what that does.)
#
# Between the layers comes **dropout**. While training, each entry is set to zero with probability `rate`, and those that stay are divided by $1 - \text{rate}$, so that the mean is kept. No unit can rely on a single other one, which makes it harder to memorise a small data set. When predicting, `rate` is 0 and nothing happens.
#
# | layer | function | result |
# |:--|:--|:--|
# | look-up | `embed(X_indices, emb_matrix)` | $(m, T_x, n_x)$ |
# | LSTM 1 | `lstm_layer(x, parameters["lstm1"])` | all states $(m, T_x, n_a)$, and a cache |
# | dropout | `dropout(a, rate, rng)` | the same shape, and a mask |
# | LSTM 2 | `lstm_layer`, with `parameters["lstm2"]` | all states $(m, T_x, n_a)$, and a cache |
# | dropout | on the last state alone | $(m, n_a)$, and a mask |
# | dense softmax | `dense_softmax(a, parameters["dense"])` | $(m, n_y)$, and a cache |
#
# The LSTM is the one that you know from the lab on cells, with the same `Wf`, `bf` and so on. It takes all steps and all sentences at once, and examples come first. In Keras one would build a model object out of layers and let it train; here `Emojify_V2` computes the probabilities itself, and what it keeps in `caches` is for the way back.

# %% [markdown]
# ### Exercise 6: `Emojify_V2` (20 points)
#
# One line for each row of the table. Keep caches and masks under the names that the lines after your code use: what the function adds to the list `caches` is graded too, in that order. Both dropouts draw from the same `rng`, the lower one first.
#
# <details><summary>Hint 1: what goes where</summary>
#
# The result of each row is the input of the next. Most functions return two things.
#
# </details>
# <details><summary>Hint 2: the last state</summary>
#
# Time is the second axis. Which index stands for the last entry of an axis?
#
# </details>
# <details><summary>Hint 3: right without dropout, wrong with it</summary>
#
# The random numbers fall differently for arrays of another shape. The upper dropout gets $(m, n_a)$, not all steps.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Emojify_V2", "locked": false, "schema_version": 3, "solution": true, "task": false}
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

    ### START CODE HERE ###
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
    ### END CODE HERE ###

    if isinstance(caches, list):
        caches.extend([cache1, mask1, cache2, mask2, cache3])
    return y_hat


# %% tags=["demonstration"]
def start(n_a, seed, dtype=np.float32):
    """Parameters of an untrained network; float32 is enough here, and almost twice as fast."""
    rng = np.random.default_rng(seed)
    lstm1, lstm2 = lstm_parameters(n_x, n_a, rng, dtype), lstm_parameters(n_a, n_a, rng, dtype)
    return {"lstm1": lstm1, "lstm2": lstm2, "dense": dense_parameters(n_a, 5, rng, dtype)}


y_hat = Emojify_V2(test_indices, emb_matrix, start(64, seed=0))
check_shape("y_hat", y_hat, (len(X_test), 5))
loss, _ = cross_entropy(y_hat, convert_to_one_hot(Y_test, 5))
print(f"loss before training: {loss:.3f} (log 5 is {np.log(5):.3f})")
print(f"rows add up to {y_hat.sum(axis=1).mean():.3f}")

# %% nbgrader={"grade": true, "grade_id": "test_Emojify_V2", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("Emojify_V2")
### END HIDDEN TESTS
visible_check(Emojify_V2)

# %% [markdown]
# ### The way back
#
# Backpropagation visits the same layers from top to bottom. Each one turns the gradient of its output into that of its input, with what it kept on the way forward. The lab on backpropagation derives that of an LSTM; here it is given. `Adam` is gradient descent with a step size of its own for every parameter.


# %% tags=["demonstration"]
def train_step(X_indices, Y_oh, emb_matrix, parameters, optimizer, rate, seed):
    """Move the parameters, in place, by one step on a batch of sentences; returns the loss before it."""
    caches = []
    y_hat = Emojify_V2(X_indices, emb_matrix, parameters, rate, seed, caches)
    loss, dz = cross_entropy(y_hat, Y_oh)
    optimizer.update(parameters, gradients_of(dz, caches))
    return loss


def gradients_of(dz, caches):
    cache1, mask1, cache2, mask2, cache3 = caches
    dense = dense_softmax_backward(dz, cache3)
    lstm2 = lstm_layer_backward(dropout_backward(dense["da"], mask2), cache2)
    lstm1 = lstm_layer_backward(dropout_backward(lstm2["dx"], mask1), cache1)
    return {"lstm1": lstm1, "lstm2": lstm2, "dense": dense}


# %% [markdown]
# **Two checks before any long training.** Can it memorise eight sentences? And is the gradient right: does the loss change as it says when one weight is moved by a little?

# %% tags=["demonstration"]
eight, answers = train_indices[:8], convert_to_one_hot(Y_train[:8], 5)
memorised, optimizer = start(16, seed=1), Adam(0.02)
for step in range(60):
    loss = train_step(eight, answers, emb_matrix, memorised, optimizer, rate=0.0, seed=0)
    if step % 20 == 0 or step == 59:
        print(f"step {step:2}: loss {loss:.4f}")

checked, caches = start(6, seed=2, dtype=np.float64), []
_, dz = cross_entropy(Emojify_V2(eight, emb_matrix, checked, 0.5, 7, caches), answers)
gradient = gradients_of(dz, caches)["lstm1"]["dWi"][2, 9]
around = []
for shift in (1e-5, -1e-5):
    checked["lstm1"]["Wi"][2, 9] += shift
    around.append(cross_entropy(Emojify_V2(eight, emb_matrix, checked, 0.5, 7), answers)[0])
    checked["lstm1"]["Wi"][2, 9] -= shift
print(f"gradient {gradient:.9f}, by two losses {(around[0] - around[1]) / 2e-5:.9f}")

# %% [markdown]
# ### Training
#
# Batches of 32 sentences in a fresh random order, 50 epochs. Size, rate and number of epochs were chosen by cross-validation on the training set, like those of the first model.


# %% tags=["demonstration"]
def train(X_indices, Y, emb_matrix, steps, seed=0, n_a=64, rate=0.5, learning_rate=0.004, batch_size=32):
    """Train a network; returns its parameters and the loss of each step."""
    parameters, optimizer = start(n_a, seed), Adam(learning_rate)
    rng, Y_oh, losses = np.random.default_rng(seed), convert_to_one_hot(Y, 5), []
    batches = iter(())
    for step in live_losses(progress(steps), losses):
        batch = next(batches, None)
        if batch is None:  # a new epoch
            batches = minibatches(len(Y), batch_size, rng)
            batch = next(batches)
        drop = 10_000 * seed + step
        x, y = X_indices[batch], Y_oh[batch]
        losses.append(train_step(x, y, emb_matrix, parameters, optimizer, rate, drop))
    return parameters, losses


parameters, losses = train(train_indices, Y_train, emb_matrix, steps=demo_iterations(50 * 32))

smooth = np.convolve(losses, np.ones(32) / 32, mode="valid")
curves = {"loss": smooth, "blind guess, log 5": np.full(len(smooth), np.log(5))}
title = "Training of the second model, mean of 32 steps"
plot_curves(curves, xlabel="step", ylabel="nats per sentence", title=title)

# %% tags=["demonstration"]
accuracy = np.mean(Emojify_V2(train_indices, emb_matrix, parameters).argmax(axis=1) == Y_train)
pred_2 = Emojify_V2(test_indices, emb_matrix, parameters).argmax(axis=1)
print(f"accuracy on the training set: {accuracy:.3f}, on the test set: {np.mean(pred_2 == Y_test):.3f}")
plot_confusion(Y_test, pred_2, title="Second model, test set")
report(pred_2)

# %% [markdown]
# **What it means.** This network has 62,789 parameters. It has memorised the training set, which is **overfitting**, and on the test set it is hardly better than the average; in the one training above it may well be worse. Five trainings of each, with other seeds, gave these test accuracies on our machine, with 95% intervals for the mean; those of the hard kinds are ± 3 to 10%. Yours may differ by some percent: a last digit that is rounded otherwise grows with every step.
#
# | model | all | plain | unseen | negation | context | order |
# |:--|--:|--:|--:|--:|--:|--:|
# | first | 81% ± 2 | 89% | 93% | 61% | 79% | 49% |
# | second | 83% ± 2 | 90% | 91% | 67% | 66% | 73% |
#
# We had hoped for 88% from the second one. It gains where order matters, perhaps a little where something is negated, and seems to lose where no word says it alone. A thousand sentences are few for so many parameters. Mind how few sentences of a kind there are, too: of 20, a single one is 5%.
#
# ### Order
#
# Now the pairs. For the first model both sentences are the same; the second may tell them apart.

# %% tags=["demonstration"]
for name, pred in (("first", pred_1), ("second", pred_2)):
    told_apart = sum(pred[i] != pred[j] for i, j in pairs)
    both_right = sum((pred[i], pred[j]) == (Y_test[i], Y_test[j]) for i, j in pairs)
    print(f"{name} model: {told_apart} of {len(pairs)} pairs told apart, {both_right} with both right")
for i in (i for pair in pairs for i in pair):
    print(f"  first {emoji(pred_1[i])}  second {emoji(pred_2[i])}  wanted {emoji(Y_test[i])}  {X_test[i]}")

# %% [markdown]
# ### Watch it read
#
# The network can be asked after every word: give it the first word, the first two, and so on, as sentences of their own. The beginning of a sentence is no sentence, so expect some strange opinions on the way. Before you run the cell: which word should make it think of food, and which should change its mind?
#
# <details><summary>Answer</summary>
#
# *Hungry* should, although *not* stands before it, and *tired* should make it sad.
#
# </details>

# %% tags=["demonstration"]
sentence = "i am not hungry i am tired"
words = sentence.split()
beginnings = [" ".join(words[: t + 1]) for t in range(len(words))]
y_hat = Emojify_V2(sentences_to_indices(beginnings, word_to_index, max_len), emb_matrix, parameters)

for beginning, row in zip(beginnings, y_hat):
    print(emoji(row.argmax()), beginning)
curves = {name: y_hat[:, k] for k, name in enumerate(LABELS)}
plot_curves(curves, xlabel="words read", ylabel="probability", title=sentence)

# %% [markdown]
# ### What the padding does
#
# A sentence of five words is followed by five steps of padding before its last state is read. At each of them the input is zero, but the state goes on changing: it passes through the recurrent weights and the biases. A **padding mask** tells a layer which steps are real, so that the state stays as it was after the last word. Below, the same sentences with more and more padding, and then the state read at the last word, which is what a mask gives.
#
# **Predict first.** The network was trained on rows of ten. Where is it most often right, and what will more padding do, or none?
#
# <details><summary>Answer</summary>
#
# At ten, what it was trained on. On our machine the accuracy falls slowly with more padding, from 0.81 to 0.75 at forty. Read at the last word it is 0.74: in training, the dense layer hardly ever saw a state that no padding had followed.
#
# </details>


# %% tags=["demonstration"]
def read_padded(sentences, max_len, masked=False):
    """Probabilities for sentences padded to max_len; masked: from the state at each one's last word."""
    X_indices = sentences_to_indices(sentences, word_to_index, max_len)
    a1, _ = lstm_layer(embed(X_indices, emb_matrix), parameters["lstm1"])
    a2, _ = lstm_layer(a1, parameters["lstm2"])
    last = np.full(len(sentences), max_len - 1)
    if masked:
        last = np.maximum((X_indices > 0).sum(axis=1) - 1, 0)
    return dense_softmax(a2[np.arange(len(sentences)), last], parameters["dense"])[0]


for masked, length in ((False, 10), (False, 15), (False, 20), (False, 40), (True, 10)):
    pred = read_padded(X_test, length, masked).argmax(axis=1)
    name = "read at the last word" if masked else f"padded to {length}"
    right, changed = np.mean(pred == Y_test), np.mean(pred != pred_2)
    print(f"{name:22} accuracy {right:.2f}, another class than before: {changed:.0%}")

# %% [markdown]
# **What it means.** Without a mask, the length of the rows is part of what a network is trained on. Most frameworks offer a mask for this reason: `mask_zero=True` in Keras, packed sequences in PyTorch. Then training and use must both have it.
#
# > **What to remember from part 4.** Layers are functions with a cache, and the last state is what the classifier sees. More parameters did not mean fewer mistakes, but other ones. Padding without a mask changes the state.
#
# ## Your own sentences
#
# Edit the sentence and run the cell. Try capitals, exclamation marks, words that nobody knows, and nothing at all. Where do the two models disagree, and which one is right?

# %% tags=["demonstration"]
sentence = "I don't think that this is funny!"

z = np.dot(W, sentence_to_avg(sentence, word_to_vec_map)) + b
y_hat = Emojify_V2(sentences_to_indices([sentence], word_to_index, max_len), emb_matrix, parameters)[0]
for name, probabilities in (("first", softmax(z)), ("second", y_hat)):
    print(f"{name} model: {emoji(np.argmax(probabilities))} with probability {np.max(probabilities):.2f}")

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Word vectors bring in knowledge from far more text than you have, so a model can judge words that it never saw in training.
# - An average is a strong beginning, and it is blind to order: some mistakes cannot be trained away.
# - Padding, numbers and an embedding matrix turn sentences into one array.
# - A starting loss, a few memorised sentences, one gradient by two losses: what a practitioner looks at before believing a curve.
# - A test set is for one look at the end. If you choose a model by it, it is no test set any more.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Train the second model with a mask: read the state at the last word, and send its gradient back to that step alone. Does the accuracy change?
# - Let the embedding matrix be trained too, with a smaller learning rate. What happens to the accuracy on the training set, and on the test set?
# - Read the sentence from both ends, with a second LSTM from right to left, and join the two states.
# - Average the vectors of words *and* of pairs of neighbouring words. How far does an average get that knows a little of the order?
# - Find the word that decides: leave one word out at a time, and see which changes the probabilities most.
#
# **Further reading**
#
# - J. Pennington, R. Socher and C. D. Manning, [GloVe: global vectors for word representation](https://aclanthology.org/D14-1162/), EMNLP 2014.
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, [Dropout: a simple way to prevent neural networks from overfitting](https://jmlr.org/papers/v15/srivastava14a.html), *Journal of Machine Learning Research* 15 (2014).
# - M. Iyyer, V. Manjunatha, J. Boyd-Graber and H. Daumé III, [Deep unordered composition rivals syntactic methods for text classification](https://aclanthology.org/P15-1162/), ACL 2015: how good an average can be.
# - D. Jurafsky and J. H. Martin, [*Speech and Language Processing*](https://web.stanford.edu/~jurafsky/slp3/), the chapters on vector semantics and on RNNs and LSTMs.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all six checks say "visible checks passed". Save, and hand in this notebook under its own name.
