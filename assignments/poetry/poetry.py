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
# # A network that goes on with your verse
#
# You type the beginning of a poem, and a network of two LSTM layers writes on, character by character. It has read ten of Shakespeare's plays. You build it, see what it knows, and measure how well it does on a play that it never saw.
#
# **Afterwards you can**
#
# - cut a text into overlapping windows with targets, and turn them into arrays;
# - stack recurrent layers, with dropout between them, and train the stack;
# - draw from a prediction at any temperature, without overflow, underflow or nan;
# - let a network write, from a beginning of your own;
# - say in **bits per character** what a language model is worth, beside tables of counts.
#
# **You need** the lab on recurrent cells, or what it teaches: what an LSTM does at one step. All layers and their gradients are given. **Time:** about two hours. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `build_data`: windows and targets | 10 |
# | 2 | `vectorization`: windows as arrays | 10 |
# | 3 | `predict`: two layers and a softmax | 15 |
# | 4 | `fit`: the training step | 25 |
# | 5 | `sample`: one character, at a temperature | 10 |
# | 6 | `generate_output`: go on with a text | 15 |
# | 7 | `bits_per_character`: how good is it? | 15 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares what your function returns with known values, and with *open cases*, which are drawn in the same way as the hidden tests. It is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: a later function that calls a wrong one is tested with a right one.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
import re

import numpy as np

from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.explore import explore_probabilities, live_losses
from course_utils.nn import (
    Adam,
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    dropout,
    dropout_backward,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
    minibatches,
)
from course_utils.plots import plot_curves
from course_utils.poetry import load_start, read_verse
from course_utils.watch import demo_iterations, progress

# %% [markdown]
# ## 1 Verse as windows
#
# The text is the verse of ten plays, without prose, names of speakers and stage directions. An empty line stands between two speeches. Capitals become small letters: a smaller alphabet is easier to learn.

# %%
text = read_verse("data/verse.txt")
chars = sorted(set(text))
char_indices = {char: k for k, char in enumerate(chars)}
indices_char = dict(enumerate(chars))

# %% tags=["demonstration"]
print(f"{len(text):,} characters, {len(chars)} different: {''.join(chars)!r}")
print(text[85_000:85_420])

# %% [markdown]
# **Why windows?** To predict one character, the network reads the $T_x = 40$ before it, from a state of zeros. A window of 40 and the character after it are one example. The next window begins 3 characters later: the **stride**. So most of the characters are in many windows, but only every third is a target.
#
# ![The line "to be, or not to be" three times. A blue frame marks a window of 12 characters, and an orange one its target, the character after it. Each window begins 3 characters later than the one above.](data/windows.svg)
#
# Place $i$ is the beginning of a window if the window and its target fit into the text:
#
# $$X = \big(\,\text{text}[i : i + T_x]\,\big), \qquad Y = \big(\,\text{text}[i + T_x]\,\big), \qquad i = 0,\; s,\; 2s,\; \dots,\; i + T_x < n \tag{1}$$
#
# with stride $s$ and a text of $n$ characters. **Predict first:** which windows and targets does `"abcdefgh"` give, with $T_x = 3$ and $s = 2$?
#
# <details><summary>Answer</summary>
#
# `abc` → `d`, `cde` → `f`, `efg` → `h`. After them comes place 6: its window would be `gh`, which is too short.
#
# </details>

# %% [markdown]
# ### Exercise 1: `build_data` (10 points)
#
# Equation (1): two lists of strings.
#
# <details><summary>Hint 1: three numbers for range</summary>
#
# `range(start, stop, step)`. The stop itself is not reached.
#
# </details>
# <details><summary>Hint 2: the last window</summary>
#
# The last place that can be used is the one whose target is the last character. Try it on the example above.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_data", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_data(text, Tx=40, stride=3):
    """Cut a text into overlapping windows, each with the character that follows.

    Arguments:
    text -- a string
    Tx -- length of a window
    stride -- from one window's beginning to the next

    Returns:
    X -- list of windows, strings of Tx characters
    Y -- list of targets, one character for each window
    """
    X, Y = [], []

    ### START CODE HERE ###
    for i in range(0, len(text) - Tx, stride):
        # the window that begins at place i
        X.append(text[i : i + Tx])
        # the character after it
        Y.append(text[i + Tx])
    ### END CODE HERE ###

    return X, Y


# %% tags=["demonstration"]
for window, target in zip(*build_data("abcdefgh", Tx=3, stride=2)):
    print(window, "->", target)

X, Y = build_data(text)
print("number of training examples:", len(X))
print(repr(X[1000]), "->", repr(Y[1000]))

# %% nbgrader={"grade": true, "grade_id": "test_build_data", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("build_data")
### END HIDDEN TESTS
visible_check(build_data)

# %% [markdown]
# ### Symbols and shapes
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $m$ | `m` | | number of windows |
# | $T_x$ | `Tx` | | characters of a window, 40 here |
# | $n_x = n_y$ | `n_x` | | number of different characters, 36 here |
# | $n_a$ | `n_a` | | units of each LSTM layer |
# | $x$ | `x` | $(m, T_x, n_x)$ | windows, one-hot, `True` and `False` |
# | $y$ | `y` | $(m, n_x)$ | targets, one-hot |
# | $a_1,\; a_2$ | `a1`, `a2` | $(m, T_x, n_a)$ | hidden states of the two layers, all steps |
# | $\hat y$ | `preds` | $(m, n_x)$ | probabilities of the next character |
#
# The weights live in a dictionary of dictionaries: `parameters["lstm1"]`, `parameters["lstm2"]` and `parameters["dense"]`.
#
# ### Exercise 2: `vectorization` (10 points)
#
# One-hot: at window `i` and step `t` all is `False` but for the entry of the character that stands there. `char_indices` gives each character its number. A row of `y` is the target in the same way.
#
# <details><summary>Hint 1: three indices</summary>
#
# `x` has an axis for the window, one for the step, one for the character. `enumerate` counts along.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "vectorization", "locked": false, "schema_version": 3, "solution": true, "task": false}
def vectorization(X, Y, n_x, char_indices, Tx=40):
    """Turn windows and targets into one-hot arrays.

    Arguments:
    X -- list of m windows, strings of Tx characters
    Y -- list of m targets, one character each
    n_x -- number of different characters
    char_indices -- dictionary that gives each character its number
    Tx -- length of a window

    Returns:
    x -- windows, one-hot, shape (m, Tx, n_x)
    y -- targets, one-hot, shape (m, n_x)
    """
    m = len(X)
    x = np.zeros((m, Tx, n_x), dtype=bool)
    y = np.zeros((m, n_x), dtype=bool)

    ### START CODE HERE ###
    for i, sentence in enumerate(X):
        # the characters of the window, step by step
        for t, char in enumerate(sentence):
            x[i, t, char_indices[char]] = True
        # the target
        y[i, char_indices[Y[i]]] = True
    ### END CODE HERE ###

    return x, y


# %% tags=["demonstration"]
x, y = vectorization(["abc", "cab"], ["a", "b"], 3, {"a": 0, "b": 1, "c": 2}, Tx=3)
print("shapes:", x.shape, y.shape)
print("the window cab:")
print(x[1].astype(int))
print("its target, b:", y[1].astype(int))

# %% nbgrader={"grade": true, "grade_id": "test_vectorization", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("vectorization")
### END HIDDEN TESTS
visible_check(vectorization)

# %% [markdown]
# **What it means.** One byte for each entry, 1,440 for a window: the whole text would take 450 megabytes. We shall use parts of it.
#
# > **What to remember from part 1.** Overlapping windows turn a text into examples of one length. The stride says how many of the characters become targets.
#
# ## 2 Two layers
#
# **Why two?** The first LSTM layer reads characters. Its hidden states are a sequence again, which a second layer can read: it sees what the first has made of the characters. Such a network is **stacked**, or deep. Between the layers, and before the dense layer, is dropout, in training only.
#
# ![Three steps of the network. At each, a one-hot character goes into LSTM 1; its state goes up through dropout into LSTM 2, and to the right to its next step. Only the last state of LSTM 2 goes through dropout into a dense layer with softmax, which gives y hat.](data/network.svg)
#
# **In equations:**
#
# $$\underbrace{a_1}_{(m,\,T_x,\,n_a)} = \mathrm{LSTM}_1\big(\underbrace{x}_{(m,\,T_x,\,n_x)}\big), \qquad \underbrace{a_2}_{(m,\,T_x,\,n_a)} = \mathrm{LSTM}_2(a_1), \qquad \underbrace{\hat y}_{(m,\,n_y)} = \mathrm{softmax}\big(W_y\, a_2^{\langle T_x\rangle} + b_y\big) \tag{2}$$
#
# In Keras, the first layer is written with `return_sequences=True`, and the second without.
#
# **Predict first.** An untrained network finds all 36 characters about equally likely. What loss do you expect for each character, in bits: minus the logarithm to base 2 of the probability of the right one?
#
# <details><summary>Answer</summary>
#
# $\log_2 36 \approx 5.17$.
#
# </details>

# %% [markdown]
# ### Exercise 3: `predict` (15 points)
#
# Equation (2), without dropout: what Keras calls `model.predict`. Two functions do the work:
#
# - `lstm_layer(x, parameters)` returns the hidden states of all steps, and a cache;
# - `dense_softmax(a, parameters)` returns probabilities along the last axis, and a cache.
#
# Each wants the dictionary of its own layer.
#
# <details><summary>Hint 1: shapes</summary>
#
# `dense_softmax` makes of $(m, n_a)$ an array $(m, n_x)$. Which slice of `a2` has the shape $(m, n_a)$ and has read the whole window?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(x, parameters):
    """Return the probabilities of the character after each window.

    Arguments:
    x -- windows, one-hot, shape (m, Tx, n_x)
    parameters -- dictionary with lstm1, lstm2 and dense, each a dictionary with the weights of a layer

    Returns:
    preds -- probabilities, shape (m, n_x)
    """
    ### START CODE HERE ###
    # the first layer reads the characters
    a1, _ = lstm_layer(x, parameters["lstm1"])
    # the second layer reads the states of the first
    a2, _ = lstm_layer(a1, parameters["lstm2"])
    # probabilities, from the last state
    preds, _ = dense_softmax(a2[:, -1], parameters["dense"])
    ### END CODE HERE ###

    return preds


# %% tags=["demonstration"]
n_x = len(chars)


def untrained(n_a, seed=0):
    """Random weights for the three layers, as float32."""
    rng = np.random.default_rng(seed)
    return {
        "lstm1": lstm_parameters(n_x, n_a, rng, np.float32),
        "lstm2": lstm_parameters(n_a, n_a, rng, np.float32),
        "dense": dense_parameters(n_a, n_x, rng, np.float32),
    }


X, Y = build_data(text[:3000])
x, y = vectorization(X, Y, n_x, char_indices)
preds = predict(x, untrained(64))
check_shape("preds", preds, (len(X), n_x))
print(f"untrained: {-np.log2(preds[y]).mean():.3f} bits; log2({n_x}) is {np.log2(n_x):.3f}")

# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("predict")
### END HIDDEN TESTS
visible_check(predict)

# %% [markdown]
# ### A network that has read ten plays
#
# To train a network on all of the text takes longer than a lab should. That has been done: `train.py` in the course's repository trained one with 192 units in each layer, in sixteen epochs. (It took the loss at every step of a window, not only at the last; your `fit` is the simpler way of the *published program*, the one in Keras that this lab rebuilds.) Below are its most likely next characters. Does it know where a line ends?

# %% tags=["demonstration"]
parameters, known = load_start()
print("weights:", sum(value.size for layer in parameters.values() for value in layer.values()))
print("its characters are those of the text:", known == chars)

for beginning in ("now is the winter of our", "now is the winter of our discontent", "we few, we happy few, we band of b"):
    shares = predict(vectorization([beginning[-40:].rjust(40)], ["e"], n_x, char_indices)[0], parameters)[0]
    likely = np.argsort(shares)[::-1][:4]
    print(f"{beginning!r:>46}", *(f" {indices_char[k]!r} {shares[k]:.2f}" for k in likely))

# %% [markdown]
# > **What to remember from part 2.** In a stack, each layer reads the sequence of states below it. A prediction after a whole window needs the last state of the last layer only.
#
# ## 3 The training step
#
# **Why dropout?** A network with half a million weights can learn a text by heart. On the way up, **dropout** replaces each entry of the states by zero with probability `rate`, and divides the others by $1 - \text{rate}$. It draws anew for each minibatch. No unit can rely on another being there. In prediction it is left out.
#
# One step on a minibatch:
#
# | step | function | gives |
# |:--|:--|:--|
# | forward | `lstm_layer(x[batch], ...)` | `a1`, and a cache |
# | | `dropout(a1, rate, rng)` | `d1`, and a mask |
# | | `lstm_layer(d1, ...)` | `a2`, and a cache |
# | | `dropout(a2[:, -1], rate, rng)` | `d2` $(m, n_a)$, and a mask |
# | | `dense_softmax(d2, ...)` | `preds`, and a cache |
# | loss | `cross_entropy(preds, y[batch])` | the loss in nats, and `dz` $= (\hat y - y)/m$, its gradient with respect to what the softmax reads |
# | backward | `dense_softmax_backward(dz, cache)` | dictionary: `dWy`, `dby`, and `da` for the layer below |
# | | `dropout_backward(da, mask)` | the gradient that came through |
# | | `lstm_layer_backward(da, cache)` | dictionary: `dWf`, ..., and `dx` for the layer below |
# | update | `optimizer.update(parameters, gradients)` | parameters, moved **in place** |
#
# `lstm_layer_backward` takes `da` of shape $(m, n_a)$ if only the last state was used, $(m, T_x, n_a)$ if all were.
#
# **Predict first.** With `rate=0.5`, a unit had the state 0.6. Which two values can come out of dropout? What is their mean?
#
# <details><summary>Answer</summary>
#
# 0 and 1.2, each half of the time: 0.6 on average. That is why prediction can leave dropout out.
#
# </details>

# %% [markdown]
# ### Exercise 4: `fit` (25 points)
#
# The inside of the loop, on the windows whose numbers are in `batch`. Draw the two masks in the order of the table, from `rng`, the second for the last state alone. `gradients` has the keys of `parameters`: lstm1, lstm2 and dense.
#
# In Keras: `model.fit(x, y, batch_size=128, epochs=1)`.
#
# <details><summary>Hint 1: the way back</summary>
#
# The same pieces in reverse order. Each takes its own cache or mask, so they need different names.
#
# </details>
# <details><summary>Hint 2: what goes down?</summary>
#
# A dictionary of gradients also has the gradient of what the layer read: `da` for the dense layer, `dx` for an LSTM layer. That is what the next piece takes.
#
# </details>
# <details><summary>Hint 3: faster</summary>
#
# Nobody needs the gradient of the characters: `dx=False` in the last call.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit(x, y, parameters, batch_size=128, epochs=1, learning_rate=0.001, rate=0.2, seed=0):
    """Train the network on windows, a minibatch at a time.

    Arguments:
    x -- windows, one-hot, shape (m, Tx, n_x)
    y -- targets, one-hot, shape (m, n_x)
    parameters -- dictionary as for predict; changed in place
    batch_size -- windows in a minibatch
    epochs -- how often to go through all windows
    learning_rate -- of Adam
    rate -- share of the states that dropout sets to zero
    seed -- for the order of the windows, and for dropout

    Returns:
    losses -- list of the losses of all minibatches, in nats
    """
    rng = np.random.default_rng(seed)
    optimizer = Adam(learning_rate)
    batches = [batch for _ in range(epochs) for batch in minibatches(len(x), batch_size, rng)]
    losses = []

    for number in live_losses(progress(len(batches)), losses):
        batch = batches[number]
        ### START CODE HERE ###
        # forward: LSTM, dropout, LSTM, dropout, dense
        a1, cache1 = lstm_layer(x[batch], parameters["lstm1"])
        d1, mask1 = dropout(a1, rate, rng)
        a2, cache2 = lstm_layer(d1, parameters["lstm2"])
        d2, mask2 = dropout(a2[:, -1], rate, rng)
        preds, cache3 = dense_softmax(d2, parameters["dense"])
        # loss
        loss, dz = cross_entropy(preds, y[batch])
        # backward: dense, LSTM, LSTM, each through its dropout
        dense = dense_softmax_backward(dz, cache3)
        lstm2 = lstm_layer_backward(dropout_backward(dense["da"], mask2), cache2)
        lstm1 = lstm_layer_backward(dropout_backward(lstm2["dx"], mask1), cache1, dx=False)
        # the gradients of all layers
        gradients = {"lstm1": lstm1, "lstm2": lstm2, "dense": dense}
        ### END CODE HERE ###
        optimizer.update(parameters, gradients)
        losses.append(loss)

    return losses


# %% [markdown]
# Two quick checks. An untrained network must start near $\log 36 \approx 3.58$ nats. And without dropout it must be able to **memorise eight windows**.

# %% tags=["demonstration"]
small = untrained(32)
losses = fit(x[:8], y[:8], small, epochs=demo_iterations(120, quick=3), learning_rate=0.02, rate=0.0)
print(f"first loss {losses[0]:.2f}, log({n_x}) is {np.log(n_x):.2f}; last loss {losses[-1]:.4f}")
print("targets:    ", [indices_char[k] for k in y[:8].argmax(axis=1)])
print("predictions:", [indices_char[k] for k in predict(x[:8], small).argmax(axis=1)])

# %% nbgrader={"grade": true, "grade_id": "test_fit", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("fit")
### END HIDDEN TESTS
visible_check(fit)

# %% [markdown]
# > **What to remember from part 3.** Backward is forward in reverse, each piece with its own cache. Dropout belongs to training alone. First loss and a few memorised windows: two checks that cost seconds.
#
# ## 4 One character
#
# **Why.** The network gives probabilities; a poem needs characters. Always taking the likeliest, **greedy decoding**, soon goes round in a circle. Drawing gives variety, and a **temperature** $\tau$ says how much: the logarithms are divided by it before the softmax.
#
# $$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}, \qquad z_k = \frac{\log \hat y_k}{\tau} \tag{3}$$
#
# **What can go wrong.** A probability may be exactly 0: its logarithm is $-\infty$, whose exponential is 0 again, as it should be. (A small number added before the logarithm would be worse: at a high temperature, $10^{-8}$ becomes likely.) And at a low temperature all $z_k$ may be so far below zero that each $e^{z_k}$ is rounded to 0. Then 0 is divided by 0. The cure: subtract the largest $z$ from all. It changes no $p_k$, and one exponential is now 1.
#
# **Predict first.** What becomes of $(0.8, 0.2, 0)$ at $\tau = 0.5$? And at $\tau = 1000$?
#
# <details><summary>Answer</summary>
#
# $(0.64, 0.04, 0)/0.68 \approx (0.94, 0.06, 0)$. At 1000 about $(0.5, 0.5, 0)$: what is impossible stays impossible.
#
# </details>

# %% [markdown]
# ### Exercise 5: `sample` (10 points)
#
# Equation (3). Put the $p_k$ into `preds` again: the draw below your code takes them from there. It is that of the published program: please leave it, since another way to draw gives other characters from the same random numbers. (A temperature of 0.001, which the published program cannot do, earns 10% of the points.)
#
# <details><summary>Hint 1: divide by zero</summary>
#
# NumPy warns of the logarithm of 0, which is right here. `np.errstate(divide="ignore")`, in a `with`, keeps it quiet.
#
# </details>
# <details><summary>Hint 2: nan</summary>
#
# Which number has to be subtracted so that the largest exponential is $e^0 = 1$?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(preds, temperature=1.0):
    """Draw the number of a character.

    Arguments:
    preds -- probabilities, shape (n_x,); some may be 0
    temperature -- a positive number; below 1 the likely characters become likelier

    Returns:
    out -- the number of the character
    """
    preds = np.asarray(preds).astype("float64")

    ### START CODE HERE ###
    # logarithms, divided by the temperature
    with np.errstate(divide="ignore"):
        z = np.log(preds) / temperature
    # softmax, the largest exponential being 1
    powers = np.exp(z - np.max(z))
    preds = powers / np.sum(powers)
    ### END CODE HERE ###

    probas = np.random.multinomial(1, preds, 1)
    out = np.random.choice(range(len(preds)), p=probas.ravel())
    return out


# %% tags=["demonstration"]
for temperature in (0.05, 0.5, 1.0, 5.0, 1000.0):
    drawn = [sample(np.array([0.8, 0.2, 0.0]), temperature) for _ in range(demo_iterations(3000))]
    print(f"temperature {temperature:6}: shares", np.bincount(drawn, minlength=3) / len(drawn))

# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("sample")
### END HIDDEN TESTS
visible_check(sample)

# %% [markdown]
# > **What to remember from part 4.** Temperature divides log probabilities. Zeros stay zeros, and the largest exponent is subtracted first.
#
# ## 5 The poet
#
# **Why.** Now the loop: read the last 40 characters, draw one, write it down, move on by one.
#
# ![The loop of writing. The last 40 characters, those of the beginning first, go into the network, which gives the probabilities y hat. Sample draws a character from them. It is written down, and it is the newest of the next 40.](data/writing.svg)
#
# A beginning may be shorter than 40 characters. As in the published program, `'0'` stands for nothing on its left: such a step has no character, and its row is all zeros.
#
# **Predict first.** You type `Shall I`. How many steps of the first window are zeros? How many are there after 40 new characters?
#
# <details><summary>Answer</summary>
#
# 33, as `Shall I` has 7 characters. None: the window moves on by one with each.
#
# </details>

# %% [markdown]
# ### Exercise 6: `generate_output` (15 points)
#
# Write the loop. `vectorization` does not know `'0'`, so fill the window's entries yourself. The published program asks for the beginning with `input()`; here it is an argument, so that the notebook runs by itself.
#
# <details><summary>Hint 1: one window</summary>
#
# A batch of one: `x_pred` has the shape (1, Tx, n_x), and `predict` returns (1, n_x).
#
# </details>
# <details><summary>Hint 2: on by one</summary>
#
# A string without its first character, and the new one at its end, is as long as before.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "generate_output", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generate_output(parameters, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    """Go on with a text.

    Arguments:
    parameters -- dictionary as for predict
    chars -- list of all characters, in the order of their numbers
    usr_input -- the beginning; capitals are read as small letters
    Tx -- length of a window
    length -- how many characters to add
    temperature -- as for sample

    Returns:
    generated -- the beginning and what the network adds, a string
    """
    char_indices = {char: k for k, char in enumerate(chars)}
    n_x = len(chars)
    # the last Tx characters; '0' stands for nothing where there are fewer
    sentence = usr_input.lower()[-Tx:].rjust(Tx, "0")
    generated = usr_input

    ### START CODE HERE ###
    for i in range(length):
        # the window, one-hot; rows of zeros where there is nothing
        x_pred = np.zeros((1, Tx, n_x))
        for t, char in enumerate(sentence):
            if char != "0":
                x_pred[0, t, char_indices[char]] = 1
        # draw the next character
        preds = predict(x_pred, parameters)[0]
        next_char = chars[sample(preds, temperature)]
        # write it down, and move on by one
        generated += next_char
        sentence = sentence[1:] + next_char
    ### END CODE HERE ###

    return generated


# %% tags=["demonstration"]
np.random.seed(0)
print(generate_output(parameters, chars, "Shall I compare thee to a summer's day?\n", length=demo_iterations(300, quick=5)))

# %% nbgrader={"grade": true, "grade_id": "test_generate_output", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("generate_output")
### END HIDDEN TESTS
visible_check(generate_output)

# %% [markdown]
# **Write with it.** Put your own beginning and temperature here. The network knows the letters a to z, spaces, line ends (`\n`) and the marks `!',-.:;?`. Anything else, such as `é`, raises a KeyError.

# %% tags=["demonstration"]
np.random.seed(3)
poem = generate_output(parameters, chars, "O gentle night, ", length=demo_iterations(300, quick=5), temperature=0.7)
print(poem)

# %% [markdown]
# ### Words and quotations
#
# What can be counted? The share of its words that stand in the plays, and its longest quotation: the longest piece that stands there, letter by letter. **Predict first:** how do both change as the temperature rises?
#
# <details><summary>Answer</summary>
#
# Both fall: a cautious network writes real words and repeats itself or others, a daring one invents words.
#
# </details>


# %% tags=["demonstration"]
words = set(re.findall(r"[a-z']+", text))


def longest_quotation(written):
    """The longest piece of a text that stands in the plays."""
    best = ""
    for start in range(len(written)):
        while start + len(best) < len(written) and written[start : start + len(best) + 1] in text:
            best = written[start : start + len(best) + 1]
    return best


np.random.seed(1)
for temperature in (0.05, 0.5, 1.0, 2.0, 5.0):
    poem = generate_output(parameters, chars, "Good night, ", length=demo_iterations(250, quick=5), temperature=temperature)
    own = poem[12:].lower()
    real = np.mean([word in words for word in re.findall(r"[a-z']+", own)] or [0])
    print(f"temperature {temperature}: {real:.2f} real words, longest quotation {longest_quotation(own)!r}")
    print("   ", poem[:90].replace("\n", " / "))

# %% [markdown]
# **Move it.** The bars are the likeliest next characters after what you type; below them, at the same temperature, the network goes on with `to be, or not ` by 60.

# %% tags=["demonstration"]


def next_character(beginning, temperature):
    """The probability of each character after a beginning, at a temperature."""
    window = beginning[-40:]
    x, _ = vectorization([window.rjust(40)], ["e"], n_x, char_indices)
    x[0, : 40 - len(window)] = False  # nothing stands there, as in generate_output
    preds = predict(x, parameters)[0].astype(float)
    powers = preds ** (1 / temperature)
    names = {" ": "space", "\n": "line"}
    return {names.get(char, char): share for char, share in zip(chars, powers / powers.sum())}


def goes_on(temperature):
    np.random.seed(2)
    return [generate_output(parameters, chars, "to be, or not ", length=demo_iterations(60, quick=5), temperature=temperature)]


explore_probabilities(next_character, "to be, or not ", goes_on, alphabet="".join(chars), label="It goes on")

# %% [markdown]
# > **What to remember from part 5.** A window that moves on by one turns a predictor into a writer. Count words and quotations before you praise it.
#
# ## 6 Is it any good?
#
# **Why.** A poem that pleases may be luck, or a quotation. To compare models we take a text that none of them has seen, *The Tempest*, and ask at each character which probability it was given. The mean of its negative logarithm to base 2 is the number of **bits per character**:
#
# $$B = \frac{1}{n - T_x} \sum_{i = T_x}^{n - 1} -\log_2 \hat y^{(i)}_{\text{text}[i]} \tag{4}$$
#
# where $\hat y^{(i)}$ was predicted from the $T_x$ characters before place $i$. (1 bit is $\log 2 \approx 0.69$ nats.) A model of $B$ bits is as unsure as one that guesses among $2^B$ equally likely characters: that is its **perplexity**.
#
# **Predict first.** A model is sure and right at half of the characters, and at the others it gives the right one a probability of $\frac14$. How many bits per character?
#
# <details><summary>Answer</summary>
#
# $(0 + 2)/2 = 1$.
#
# </details>

# %% [markdown]
# ### Exercise 7: `bits_per_character` (15 points)
#
# Equation (4): **each** character from place $T_x$ on is predicted once. A long text has more windows than fit into memory as arrays, so predict `batch_size` at a time.
#
# <details><summary>Hint 1: which stride?</summary>
#
# `build_data` gives the windows. With its default stride two of three characters would be left out. Hand on `Tx` too, wherever it is asked for.
#
# </details>
# <details><summary>Hint 2: a mean of means?</summary>
#
# The last batch may be smaller than the others. Add up over all batches, and divide once.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "bits_per_character", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bits_per_character(text, parameters, char_indices, Tx=40, batch_size=256):
    """Return what a text costs the network, in bits per character.

    Arguments:
    text -- a string of more than Tx characters
    parameters -- dictionary as for predict
    char_indices -- dictionary that gives each character its number
    Tx -- length of a window
    batch_size -- how many windows to predict at a time

    Returns:
    bits -- mean of the negative logarithm, to base 2, of the probabilities of the characters from Tx on
    """
    n_x = len(char_indices)
    total = 0.0

    ### START CODE HERE ###
    # all windows
    X, Y = build_data(text, Tx, stride=1)
    for start in range(0, len(X), batch_size):
        # some of them, as arrays
        x, y = vectorization(X[start : start + batch_size], Y[start : start + batch_size], n_x, char_indices, Tx)
        # the probabilities of what came
        right = np.sum(predict(x, parameters) * y, axis=1)
        total -= np.sum(np.log2(right))
    # the mean over all characters
    bits = total / len(X)
    ### END CODE HERE ###

    return bits


# %% tags=["demonstration"]
tempest = read_verse("data/tempest.txt")[: demo_iterations(5000, quick=80)]
start_bits = bits_per_character(tempest, parameters, char_indices)
print(f"untrained:   {bits_per_character(tempest[:1000], untrained(64), char_indices):.3f} bits per character")
print(f"the network: {start_bits:.3f} bits per character, perplexity {2**start_bits:.2f}")

# %% nbgrader={"grade": true, "grade_id": "test_bits_per_character", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("bits_per_character")
### END HIDDEN TESTS
visible_check(bits_per_character)

# %% [markdown]
# ### Beside tables of counts
#
# A table of order $r$ looks at the last $r$ characters. It gives each next character its share among the places in the training text where the same $r$ stand before: $r = 1$ is a **bigram model**, $r = 2$ a **trigram model**. A tenth is added to each count, so that nothing is impossible (additive smoothing). **Predict first:** where does the network stand among the tables of order 0 to 3?


# %% tags=["demonstration"]
def table_bits(r, text, held_out):
    """Bits per character of a table of the counts after r characters, from place 40 on."""
    read, met = (np.array([char_indices[char] for char in one]) for one in (text, held_out[40 - r :]))
    runs = [sum(one[k : len(one) - r + k] * n_x ** (r - k) for k in range(r + 1)) for one in (read, met)]
    counts = np.bincount(runs[0], minlength=n_x ** (r + 1)).reshape(-1, n_x) + 0.1
    shares = counts / counts.sum(axis=1, keepdims=True)
    return -np.log2(shares.ravel()[runs[1]]).mean()


names = {0: "letter frequencies", 1: "bigram", 2: "trigram", 3: "table of 3 characters"}
for r, name in names.items():
    print(f"{name:22} {table_bits(r, text, tempest):.3f} bits per character")
print(f"{'network':22} {start_bits:.3f}")

# %% [markdown]
# **What it means.** The network beats all of these tables. How much of that is its doing? A better way of smoothing, which falls back on shorter beginnings where a long one is rare (Witten and Bell), brings a table of 4 characters to 2.34 bits on the whole of *The Tempest*, where the network has 2.11; longer tables get no better.
#
# ### How far does it look back?
#
# Give the same network shorter windows, and see what it loses.

# %% tags=["demonstration"]
lengths = (1, 2, 4, 8, 16, 40)
part = tempest[:1540]
lost = [bits_per_character(part[40 - Tx :], parameters, char_indices, Tx) for Tx in lengths]
for Tx, bits in zip(lengths, lost):
    print(f"window of {Tx:2}: {bits:.3f} bits  {'#' * round(8 * bits)}")

# %% [markdown]
# **What it means.** With one character it is nearly as good as the bigram table, with two nearly as good as the trigram table. From 8 on little is gained, less than 0.1 bits: it reads words and their neighbours, not sentences. That its poems have no plot is no wonder.
#
# > **What to remember from part 6.** Bits per character on held-out text, beside baselines, on the same characters. A good table is a serious opponent.
#
# ## 7 One epoch more
#
# The network never read *A Midsummer Night's Dream*, much of which rhymes. Your `fit` now reads half of it once, in steps of the published program: windows of 40, stride 3, batches of 128. Will it do better on the other half? And on *The Tempest*?

# %% tags=["demonstration"]
dream = read_verse("data/dream.txt")
read, rest = dream[:30_000], dream[30_000 : 30_000 + demo_iterations(5000, quick=80)]
before = bits_per_character(rest, parameters, char_indices)

# %% tags=["demonstration"]
X, Y = build_data(read[: demo_iterations(30_000, quick=200)])
x, y = vectorization(X, Y, n_x, char_indices)
print("number of training examples:", len(X))

tuned = {layer: {name: value.copy() for name, value in own.items()} for layer, own in parameters.items()}
losses = np.array(fit(x, y, tuned, learning_rate=0.0003))
plot_curves({"minibatches": losses / np.log(2)}, xlabel="step", ylabel="bits (with dropout)", title="One epoch")

# %% tags=["demonstration"]
np.random.seed(0)
print("bits per character    before   after")
print(f"rest of the Dream      {before:.3f}   {bits_per_character(rest, tuned, char_indices):.3f}")
print(f"The Tempest            {start_bits:.3f}   {bits_per_character(tempest, tuned, char_indices):.3f}")
print()
print(generate_output(tuned, chars, "If we shadows have offended,\n", length=demo_iterations(250, quick=5), temperature=0.6))

# %% [markdown]
# **What it means.** On our machine, the rest of the *Dream* went from 2.19 to 2.15 bits, and *The Tempest* from 2.06 to 2.07: it has learned something of the new play, and forgotten a little of the others. (These are the first 5,000 characters of each. On all of *The Tempest* the start has 2.11 bits.) The curve above is mostly noise, as a minibatch has only 128 targets. Both changes are small: an epoch over 10,000 windows is 10,000 targets, and the start has seen fifteen million.
#
# ### Break it (not graded)
#
# A number is only worth something if it notices faults. Here is the same network, broken in four ways. Before you run the cell, put them in order: which costs most? Then think of a fifth.


# %% tags=["demonstration"]
def broken(fault):
    """A copy of the weights with a fault."""
    copy = {layer: dict(own) for layer, own in parameters.items()}
    if fault == "biases of the first layer forgotten":
        copy["lstm1"] |= {name: 0 * value for name, value in copy["lstm1"].items() if name[0] == "b"}
    elif fault == "input and forget gate exchanged":
        copy["lstm2"] |= {"Wf": copy["lstm2"]["Wi"], "Wi": copy["lstm2"]["Wf"]}
    elif fault == "every tenth unit dead":
        copy["dense"]["Wy"] = copy["dense"]["Wy"] * (np.arange(192) % 10 > 0)
    elif fault == "weights rounded to tenths":
        copy = {layer: {name: value.round(1) for name, value in own.items()} for layer, own in copy.items()}
    return copy


faults = ["none", "biases of the first layer forgotten", "input and forget gate exchanged", "every tenth unit dead"]
for fault in [*faults, "weights rounded to tenths"]:
    print(f"{fault:36} {bits_per_character(part, broken(fault), char_indices):.3f} bits per character")

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Overlapping windows make examples of a text; one-hot arrays make numbers of them.
# - A stack of LSTM layers reads a window, and its last state predicts. Dropout is for training alone.
# - Temperature is a division of log probabilities, and safe if the largest is subtracted first.
# - A window that moves on by one makes a writer of a predictor.
# - Bits per character on held-out text, beside bigram and trigram tables, say what all that is worth.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - A beginning shorter than 40 characters is padded with rows of zeros, which no window in training had. Pad with spaces, newlines or other verse instead, and measure the bits of the first characters.
# - Measure how many of the lines have ten syllables, by counting groups of vowels: in the plays, and in what the network writes.
# - Write the table that falls back on shorter beginnings, and mix its probabilities with those of the network. Is the mixture better than both?
# - Train a small network from nothing, with strides of 1, 3 and 40, for the same number of minibatches. What does the stride change?
# - The loss at the last step alone uses one target for each window. Take the loss at all 40 steps, as `train.py` does: how much faster does it learn?
#
# **Further reading**
#
# - I. Sutskever, J. Martens and G. Hinton, *Generating text with recurrent neural networks*, ICML 2011.
# - A. Graves, [Generating sequences with recurrent neural networks](https://arxiv.org/abs/1308.0850), 2013.
# - W. Zaremba, I. Sutskever and O. Vinyals, [Recurrent neural network regularization](https://arxiv.org/abs/1409.2329), 2014: where dropout belongs in a stack of LSTM layers.
# - A. Holtzman et al., [The curious case of neural text degeneration](https://arxiv.org/abs/1904.09751), ICLR 2020: why the likeliest text is dull.
# - C. E. Shannon, [Prediction and entropy of printed English](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x), *Bell System Technical Journal* 30 (1951): people reach about one bit per character.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all seven checks say "visible checks passed". Save, and hand in this notebook under its own name.
