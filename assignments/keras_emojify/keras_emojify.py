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
# # An emoji for every sentence, in Keras
#
# The lab `emojify` built a network of two LSTM layers in NumPy. Here you build the same network in Keras, where a model is an object made of layers. You train it on the same sentences, and ask whether it does better.
#
# **Afterwards you can**
#
# - cut sentences of any length into padded mini-batches, and say what the padding costs;
# - put word vectors that somebody else trained into an `Embedding` layer, and keep them as they are;
# - stack LSTM layers, and say what `return_sequences` changes;
# - move weights from one program into another, and prove by numbers that the models are the same;
# - judge what a mask of the padding is good for.
#
# **You need** the lab `emojify`, whose sentences and words these are, or what it teaches. **Time:** about an hour and a half. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `padded_batches`: sentences of one length | 20 |
# | 2 | `pretrained_embedding_layer`: a table of word vectors | 30 |
# | 3 | `Emojify_V2`: two LSTM layers | 50 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# **How a model is graded.** Weights that Keras draws at random cannot be compared, and training takes long. So the check calls your function, puts weights of its own into the model, and compares what the model *computes* with a NumPy program: outputs, and gradients. Dropout is off then. How you wrote the model does not matter: `Sequential` and `Model`, `Dense(5)` with an activation behind it or in it, are equally good.
#
# The check after each exercise is a help, not a grade: once handed in, your function runs on **other inputs**. In exercises 2 and 3, 80% of the points are for the sizes of this notebook, vectors of 50 numbers and sentences of ten words; the rest is for other sizes. A check stops by itself after 20 seconds. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
from course_utils.frameworks import backend  # chooses Keras' backend before it is imported

import keras
import numpy as np
from emojify import Emojify_V2 as Emojify_V2_numpy
from emojify import sentences_to_indices
from keras.layers import LSTM, Activation, Dense, Dropout, Embedding, Input
from keras.models import Model

from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.embeddings import read_glove_vecs, words_of
from course_utils.emojify import LABELS, convert_to_one_hot, label_to_emoji, plot_confusion, read_sentences
from course_utils.nn import dense_parameters, lstm_parameters
from course_utils.plots import plot_curves
from course_utils.watch import demo_iterations

# %% [markdown]
# ## 1 Sentences in mini-batches
#
# A thousand sentences to train, 220 to test, and vectors for 30,000 words. `sentences_to_indices` is the function of the lab `emojify`: it turns sentences into rows of numbers, ten for each sentence, with 0 where there is no more word.

# %% tags=["demonstration"]
X_train, Y_train, _ = read_sentences("data/train.csv")
X_test, Y_test, kinds = read_sentences("data/test.csv")
word_to_index, index_to_word, word_to_vec_map = read_glove_vecs("data/glove_50d.npz")

max_len = 10
train_indices = sentences_to_indices(X_train, word_to_index, max_len)
test_indices = sentences_to_indices(X_test, word_to_index, max_len)
print(X_train[0], "->", train_indices[0])
print(f"training set: {train_indices.shape}, padding: {np.mean(train_indices == 0):.0%} of the numbers")

# %% [markdown]
# ### Symbols and shapes
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $m$ | `m` | | number of sentences |
# | $T_x$ | `max_len` | | numbers in a row, 10 here |
# | $n_x$ | `emb_dim` | | numbers in a word vector, 50 here |
# | $n_a$ | | | units of an LSTM layer, 128 in this lab |
# | $X$ | `sentence_indices` | $(m, T_x)$ | sentences as numbers of words |
# | $E$ | `emb_matrix` | $(\text{vocab\_len}, n_x)$ | all vectors, one in each row |
# | $\hat y$ | `y_hat` | $(m, 5)$ | probabilities of the five emoji |
#
# Examples come first, as in all of Keras.
#
# ### Why padding?
#
# Keras trains on **mini-batches**: some sentences at once, in one array. An array has rows of one length, so short sentences are **padded** with zeros. They need to be as long as the longest sentence *of their batch*, not of the whole set. Beside a batch one may keep its **mask**, which is true where a number stands for a word.
#
# **Predict first.** Sentences of 9, 2, 3 and 8 words are cut into two batches of two. How many zeros are needed in this order? In which order are the fewest needed?
#
# <details><summary>Answer</summary>
#
# In this order 7 + 5 = 12. Sorted by length, 2 and 3 together, 8 and 9 together: only 1 + 1 = 2.
#
# </details>

# %% [markdown]
# ### Exercise 1: `padded_batches` (20 points)
#
# Batch by batch, take the next rows in the given order, pad them to the longest of the batch, and make the mask. The last batch may have fewer rows. Of the points, 30% are for batches of one sentence, a batch larger than the set, and a sentence without words.
#
# <details><summary>Hint 1: which rows?</summary>
#
# `order` holds places in `rows`. A slice of it, from `start` on, gives those of this batch; a slice that goes beyond the end is just shorter.
#
# </details>
# <details><summary>Hint 2: the mask</summary>
#
# No word has the number 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "padded_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def padded_batches(rows, order, batch_size):
    """Cut sentences into mini-batches, each as long as its longest sentence.

    Arguments:
    rows -- list of m sentences, each a list of the numbers of its words, from 1
    order -- places in rows, shape (m,): the batches take the sentences in this order
    batch_size -- number of sentences in a batch; the last batch has what is left

    Returns:
    batches -- list of arrays of whole numbers, shape (sentences, longest of them); 0 is padding
    masks -- list of arrays of the same shapes, True where there is a word
    """
    batches, masks = [], []

    for start in range(0, len(order), batch_size):
        ### START CODE HERE ###
        # the sentences of this batch
        chosen = [rows[k] for k in order[start : start + batch_size]]
        # zeros, as many in a row as the longest of them has words
        longest = max(len(row) for row in chosen)
        batch = np.zeros((len(chosen), longest), dtype=int)
        # each sentence from the left
        for i, row in enumerate(chosen):
            batch[i, : len(row)] = row
        # where there is a word
        mask = batch > 0
        ### END CODE HERE ###
        batches.append(batch)
        masks.append(mask)

    return batches, masks


# %% tags=["demonstration"]
rows = [[int(number) for number in row[row > 0]] for row in train_indices]
lengths = np.array([len(row) for row in rows])
shuffled = np.random.default_rng(0).permutation(len(rows))

for name, order in (("shuffled", shuffled), ("by length", np.argsort(lengths))):
    batches, masks = padded_batches(rows, order, 32)
    size, words = sum(batch.size for batch in batches), sum(mask.sum() for mask in masks)
    print(f"{name:9}: {len(batches)} batches, {size} numbers, {1 - words / size:.0%} of them padding")

# %% nbgrader={"grade": true, "grade_id": "test_padded_batches", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("padded_batches")
### END HIDDEN TESTS
visible_check(padded_batches)

# %% [markdown]
# Sorted by length, hardly anything is padded, and an epoch takes less time. But the network of this lab has no mask: it reads the zeros too, and what it has learned holds for rows of ten. So we train on rows of ten first, and come back to this at the end.
#
# > **What to remember from part 1.** All rows of a mini-batch have one length. Padding costs time, and without a mask it is read like words.
#
# ## 2 The embedding layer
#
# An `Embedding` layer holds a table, and replaces each number by the row of that number: $(m, T_x)$ becomes $(m, T_x, n_x)$. It can learn its table from nothing, but a thousand sentences are few. We put the GloVe vectors in and keep them fixed.
#
# | what | does |
# |:--|:--|
# | `Embedding(rows, columns, trainable=False)` | a layer for the numbers 0 to `rows - 1`; it has no table yet |
# | `layer.build((None,))` | makes the table, of small random numbers |
# | `layer.set_weights([table])` | replaces it; the list has one array for each array of weights |
#
# With `trainable=False` an optimiser leaves the table alone. Otherwise training moves the vectors of those words that occur in the training set, away from those of similar words that do not occur there. What the embedding knew of unseen words is then worth less.
#
# **Predict first.** `word_to_index` numbers 30,000 words from 1. How many rows does the table need, and how many numbers does it hold?
#
# <details><summary>Answer</summary>
#
# 30,001 rows: one for each word and row 0 for the padding. With 50 columns that is 1,500,050 numbers, far more than the rest of the model.
#
# </details>

# %% [markdown]
# ### Exercise 2: `pretrained_embedding_layer` (30 points)
#
# Fill the matrix as in the lab `emojify`: row $i$ is the vector of the word with number $i$, and row 0 is zero. Then put it into a layer that is not trained. `trainable` earns no points by itself; the check says what it found.
#
# <details><summary>Hint 1: how many rows?</summary>
#
# The largest number that the layer can look up is the number of rows less one.
#
# </details>
# <details><summary>Hint 2: ValueError: ... the layer was expecting 0 weights</summary>
#
# A layer makes its weights when it is built. What stands before `set_weights` in the table above?
#
# </details>
# <details><summary>Hint 3: a list</summary>
#
# `set_weights` wants a list even of one array.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "pretrained_embedding_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pretrained_embedding_layer(word_to_vec_map, word_to_index):
    """Make an Embedding layer that holds the vectors of all numbered words, and is not trained.

    Arguments:
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,); may know more words
    word_to_index -- dictionary that gives a word its number: 1, 2, 3, ... without gaps

    Returns:
    embedding_layer -- Keras layer with a table of shape (number of words + 1, n_x); row 0 is zero
    """
    ### START CODE HERE ###
    # rows for all numbers, as wide as any of the vectors
    vocab_len = len(word_to_index) + 1
    emb_dim = word_to_vec_map["cucumber"].shape[0]
    # each vector in the row of its number
    emb_matrix = np.zeros((vocab_len, emb_dim))
    for word, index in word_to_index.items():
        emb_matrix[index, :] = word_to_vec_map[word]
    # a layer of this size, which is not trained
    embedding_layer = Embedding(vocab_len, emb_dim, trainable=False)
    # its table
    embedding_layer.build((None,))
    embedding_layer.set_weights([emb_matrix])
    ### END CODE HERE ###

    return embedding_layer


# %% tags=["demonstration"]
embedding_layer = pretrained_embedding_layer(word_to_vec_map, word_to_index)
(table,) = embedding_layer.get_weights()
check_shape("table", table, (len(word_to_index) + 1, 50))

vectors = keras.ops.convert_to_numpy(embedding_layer(train_indices[:1]))
print("a sentence after the look-up:", vectors.shape)
print("steps that are not padding:", int(vectors[0].any(axis=1).sum()))
print("trainable:", embedding_layer.trainable, "  type of the numbers:", table.dtype)

# %% nbgrader={"grade": true, "grade_id": "test_pretrained_embedding_layer", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("pretrained_embedding_layer")
### END HIDDEN TESTS
visible_check(pretrained_embedding_layer)

# %% [markdown]
# > **What to remember from part 2.** An `Embedding` is a table. `build` makes it, `set_weights` fills it, `trainable=False` keeps it.
#
# ## 3 The network
#
# ![Four steps of a deep network. At each step a word is looked up, goes through LSTM 1 and dropout into LSTM 2. Each LSTM hands its state on to the next step. The last state of LSTM 2 alone goes through dropout, dense layer and softmax, which give five probabilities.](data/v2.svg)
#
# In Keras one line is one layer: `X = Layer(...)(X)` makes the layer and applies it. The first pair of brackets has its settings, the second its input. Nothing is computed yet: `X` is a placeholder that knows its shape. `Model(inputs=..., outputs=...)` then makes a model of all layers between the two.
#
# An `LSTM` layer runs over all steps. `return_sequences` decides what it returns: the state after every step, or the last state alone. The cell shows both.

# %% tags=["demonstration"]
for whole in (True, False):
    states = LSTM(4, return_sequences=whole)(np.zeros((2, 7, 3)))
    print(f"return_sequences={whole!s:5}: from (2, 7, 3) to {tuple(states.shape)}")

# %% [markdown]
# **Predict first.** The second LSTM layer reads what the first returns. Which of the two needs `return_sequences=True`?
#
# <details><summary>Answer</summary>
#
# The first: the second needs something to read at every step. Of the second, the classifier needs one state for each sentence, the last.
#
# </details>
#
# | layer | settings | result |
# |:--|:--|:--|
# | `Input` | `shape=input_shape`, `dtype="int32"` | $(m, T_x)$ |
# | your embedding layer | | $(m, T_x, 50)$ |
# | `LSTM` | 128 units, all states | $(m, T_x, 128)$ |
# | `Dropout` | 0.5 | the same |
# | `LSTM` | 128 units, last state | $(m, 128)$ |
# | `Dropout` | 0.5 | the same |
# | `Dense` | 5 units | $(m, 5)$, scores |
# | `Activation` | `"softmax"` | $(m, 5)$, probabilities |
#
# ### Exercise 3: `Emojify_V2` (50 points)
#
# One line for each row of the table, then the model. In the tests your function finds a right `pretrained_embedding_layer`, so a mistake in exercise 2 costs nothing here. Dropout earns no points, since it is off when the model predicts; the check says if it is missing.
#
# <details><summary>Hint 1: what goes where</summary>
#
# The result of each line is the input of the next: `X` on both sides.
#
# </details>
# <details><summary>Hint 2: ValueError: expected ndim=3, found ndim=2</summary>
#
# A layer wanted $(m, T_x, n)$ and got $(m, n)$. Which layer lost the steps?
#
# </details>
# <details><summary>Hint 3: the shape of the input</summary>
#
# `input_shape` is a tuple already, `(10,)`. The batch axis does not belong to it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "Emojify_V2", "locked": false, "schema_version": 3, "solution": true, "task": false}
def Emojify_V2(input_shape, word_to_vec_map, word_to_index):
    """Make the model: from numbers of words to probabilities of the five emoji.

    Arguments:
    input_shape -- shape of one sentence, a tuple: (max_len,)
    word_to_vec_map -- dictionary that gives a word its vector, shape (n_x,)
    word_to_index -- dictionary that gives a word its number, from 1

    Returns:
    model -- Keras model, from (m, max_len) to (m, 5)
    """
    ### START CODE HERE ###
    # a sentence comes in as numbers of words
    sentence_indices = Input(shape=input_shape, dtype="int32")
    # their vectors
    embedding_layer = pretrained_embedding_layer(word_to_vec_map, word_to_index)
    embeddings = embedding_layer(sentence_indices)
    # the first LSTM gives all its states, and dropout follows
    X = LSTM(128, return_sequences=True)(embeddings)
    X = Dropout(0.5)(X)
    # the second LSTM gives its last state, and dropout follows
    X = LSTM(128, return_sequences=False)(X)
    X = Dropout(0.5)(X)
    # scores and probabilities
    X = Dense(5)(X)
    X = Activation("softmax")(X)
    # the model from the first to the last
    model = Model(inputs=sentence_indices, outputs=X)
    ### END CODE HERE ###

    return model


# %% tags=["demonstration"]
keras.utils.set_random_seed(0)
model = Emojify_V2((max_len,), word_to_vec_map, word_to_index)
print("shapes:", model.input_shape, "to", model.output_shape)
model.summary()

# %% nbgrader={"grade": true, "grade_id": "test_Emojify_V2", "locked": true, "points": 50, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("Emojify_V2")
### END HIDDEN TESTS
visible_check(Emojify_V2)

# %% [markdown]
# ### The same network twice
#
# Does Keras compute what you wrote in NumPy? Give both programs the same weights and compare. Keras keeps the four gates of an LSTM side by side, in the order i, f, c, o, the weights of the input apart from those of the state, and everything transposed. `in_keras` rearranges the `Wf`, `bf`, ... of our labs in this way. The grader works like this cell.


# %% tags=["demonstration"]
def in_keras(parameters):
    """Return the weights of one of our LSTMs as Keras keeps them: kernel, recurrent kernel and bias."""
    units = parameters["bf"].shape[0]
    rows = np.concatenate([parameters["W" + name] for name in "ifco"]).T
    return [rows[units:], rows[:units], np.concatenate([parameters["b" + name] for name in "ifco"]).ravel()]


rng = np.random.default_rng(1)
parameters = {
    "lstm1": lstm_parameters(50, 128, rng),
    "lstm2": lstm_parameters(128, 128, rng),
    "dense": dense_parameters(128, 5, rng),
}
twin = Emojify_V2((max_len,), word_to_vec_map, word_to_index)
first, second, dense = [layer for layer in twin.layers if layer.trainable_weights]
first.set_weights(in_keras(parameters["lstm1"]))
second.set_weights(in_keras(parameters["lstm2"]))
dense.set_weights([parameters["dense"]["Wy"].T, parameters["dense"]["by"][:, 0]])

y_keras = twin.predict(test_indices, verbose=0)
y_numpy = Emojify_V2_numpy(test_indices, table.astype(float), parameters)
print(f"largest difference of {y_keras.size} probabilities: {np.abs(y_keras - y_numpy).max():.0e}")

# %% [markdown]
# **What it means.** The difference is that of 32-bit numbers, in which Keras computes, from 64-bit ones. If a single gate were in another place, it would be as large as the probabilities themselves.
#
# ## 4 Training
#
# `compile` chooses loss and optimiser, and `fit` is the whole training loop: mini-batches in a new random order each epoch, forward, backward, a step of Adam. The loss is the cross-entropy of one-hot labels. Before training it should be near $\log 5 \approx 1.609$.
#
# 15 epochs take about half a minute.

# %% tags=["demonstration"]
Y_oh = convert_to_one_hot(Y_train, C=5)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
loss, accuracy = model.evaluate(train_indices, Y_oh, verbose=0)
print(f"before training: loss {loss:.3f}, accuracy {accuracy:.3f}")

epochs = demo_iterations(15, 1)
history = model.fit(train_indices, Y_oh, epochs=epochs, batch_size=32, shuffle=True, verbose=2)
plot_curves({"loss": history.history["loss"]}, xlabel="epoch", ylabel="nats per sentence", title="Training")

# %% tags=["demonstration"]
pred = model.predict(test_indices, verbose=0).argmax(axis=1)
print(f"accuracy on the test set: {np.mean(pred == Y_test):.3f}")
plot_confusion(Y_test, pred, title="Keras model, test set")
for kind in ("plain", "unseen", "negation", "context", "order"):
    of_kind = np.array(kinds) == kind
    print(f"{kind:>9}: {np.mean(pred[of_kind] == Y_test[of_kind]):.2f} of {of_kind.sum()}")

# %% [markdown]
# **What it means.** A single training says little, so we made five of each, with other seeds. Test accuracies on our machine, with 95% intervals for the mean; those of the hard kinds are ± 2 to 16%:
#
# | model | all | plain | unseen | negation | context | order |
# |:--|:--|:--|:--|:--|:--|:--|
# | average of the vectors, lab `emojify` | 81% ± 2 | 89% | 93% | 61% | 79% | 49% |
# | two LSTM layers in NumPy, 64 units, 50 epochs | 83% ± 2 | 90% | 91% | 67% | 66% | 73% |
# | this model, 128 units, 15 epochs | 80% ± 3 | 89% | 90% | 65% | 63% | 55% |
# | this model, 128 units, 50 epochs | 78% ± 3 | 87% | 87% | 63% | 60% | 60% |
#
# The framework did not make it better, and could not: it is the same network. Units, learning rate and epochs of the NumPy model were chosen by cross-validation; those of this one are the usual ones, 128 units and Adam as it comes. After 15 epochs 86% of the training sentences are right, after 50 epochs 98%, and on the test set nothing is gained. The average, with its 255 parameters, is as good as either: this network trains 223,877 numbers on a thousand sentences.
#
# ## 5 An open question: masks
#
# The model reads the padding like words. What does it say of the same sentences with more of it? Weights do not depend on the length of a row, so a model for rows of any length can take them over.
#
# **Predict first.** The model was trained on rows of ten. What will happen at fifteen, at forty?
#
# <details><summary>Answer</summary>
#
# On our machine, with one training, the accuracy fell from 0.81 at ten to 0.75 at fifteen, 0.66 at twenty and 0.43 at forty: the words are forgotten in the zeros.
#
# </details>

# %% tags=["demonstration"]
longer = Emojify_V2((None,), word_to_vec_map, word_to_index)
longer.set_weights(model.get_weights())

for length in (10, 15, 20, 40):
    padded = sentences_to_indices(X_test, word_to_index, length)
    other = longer.predict(padded, verbose=0).argmax(axis=1)
    right, changed = np.mean(other == Y_test), np.mean(other != pred)
    print(f"padded to {length}: accuracy {right:.2f}, another class than before: {changed:.0%}")

# %% [markdown]
# With `mask_zero=True` an `Embedding` layer hands a mask to the layers behind it, and an LSTM keeps its state where the mask is false. Then padding changes nothing, and each batch may have a length of its own: here your `padded_batches` trains the network, with sentences of similar length in a batch.


# %% tags=["demonstration"]
def masked_model():
    """The model of exercise 3, for rows of any length, with a mask of the padding."""
    words = Input(shape=(None,), dtype="int32")
    vectors = Embedding(*table.shape, weights=[table], mask_zero=True, trainable=False)(words)
    X = Dropout(0.5)(LSTM(128, return_sequences=True)(vectors))
    X = Dropout(0.5)(LSTM(128)(X))
    return Model(words, Dense(5, activation="softmax")(X))


keras.utils.set_random_seed(0)
rng, masked = np.random.default_rng(0), masked_model()
masked.compile(loss="categorical_crossentropy", optimizer="adam")
for epoch in range(demo_iterations(8, 1)):
    order = np.argsort(lengths + rng.random(len(lengths)))
    batches, _ = padded_batches(rows, order, 32)
    losses = {}
    for k in rng.permutation(len(batches)):
        losses[k] = masked.train_on_batch(batches[k], Y_oh[order[32 * k : 32 * k + 32]])
    print(f"epoch {epoch + 1}: mean loss {np.mean(list(losses.values())):.3f}")

short, long = (sentences_to_indices(X_test, word_to_index, length) for length in (10, 40))
y_short, y_long = masked.predict(short, verbose=0), masked.predict(long, verbose=0)
print(f"accuracy on the test set: {np.mean(y_short.argmax(axis=1) == Y_test):.3f}")
print(f"largest difference with rows of forty: {np.abs(y_short - y_long).max():.0e}")

# %% [markdown]
# **Is a mask better?** Five trainings of the masked model on rows of ten, as above:
#
# | model | all | plain | unseen | negation | context | order |
# |:--|:--|:--|:--|:--|:--|:--|
# | with a mask, 15 epochs | 81% ± 2 | 89% | 91% | 65% | 64% | 65% |
# | with a mask, 50 epochs | 81% ± 2 | 88% | 88% | 70% | 64% | 72% |
#
# The means are higher in most columns, but the intervals overlap: of 220 sentences, 1% are two. These figures do not decide it. What would? Some questions to think about, or to try:
#
# - Without a mask, the state after the last word goes through up to nine steps of zeros before it is read. What can the network learn to do in them, and what may it lose?
# - Padding in front would put the last word next to the classifier. Is that as good as a mask?
# - How many other test sentences would you need to tell 78% from 81%? Why is it not enough to train more often?
#
# > **What to remember.** A model without a mask is a model for one length. With a mask, padding is only a matter of time and memory.
#
# ## Your own sentences
#
# Edit the sentence and run the cell.

# %% tags=["demonstration"]
sentence = "I don't think that this is funny!"

indices = sentences_to_indices([sentence], word_to_index, max_len)
known = [word for word in words_of(sentence) if word in word_to_index]
print("words with a vector:", *known)
for name, one in (("without a mask", model), ("with a mask", masked)):
    probabilities = one.predict(indices, verbose=0)[0]
    k = int(probabilities.argmax())
    print(f"{name}: {label_to_emoji(k)} {LABELS[k]} with probability {probabilities[k]:.2f}")

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Mini-batches need rows of one length; sorted by length they need little padding.
# - An embedding layer is a table that one can fill and keep.
# - `return_sequences` decides whether a layer above can read every step.
# - Two programs with the same weights give the same numbers, whatever they are written in. That is how models are compared, moved, and graded here.
# - A framework saves work, not thought: the same network makes the same mistakes.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Let the embedding be trained. What happens to the accuracy on the training set, and on unseen words?
# - Take 16 units in place of 128. How much does the accuracy fall, if it does?
# - Read from both ends with `Bidirectional`.
# - Stop when the loss on a part of the training set no longer falls: `validation_split` and `EarlyStopping`.
#
# **Further reading**
#
# - The Keras guides [Working with RNNs](https://keras.io/guides/working_with_rnns/) and [Understanding masking and padding](https://keras.io/guides/understanding_masking_and_padding/).
# - J. Pennington, R. Socher and C. D. Manning, [GloVe: global vectors for word representation](https://aclanthology.org/D14-1162/), EMNLP 2014.
# - Y. Gal and Z. Ghahramani, [A theoretically grounded application of dropout in recurrent neural networks](https://arxiv.org/abs/1512.05287), NeurIPS 2016.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all three checks say "visible checks passed". Save, and hand in this notebook under its own name.
