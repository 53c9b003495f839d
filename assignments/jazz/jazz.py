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
# # A network that improvises jazz
#
# In this lab the LSTM that you wrote learns from a jazz solo, value by value, and plays a solo of its own. You will hear it.
#
# **Afterwards you can**
#
# - unroll one cell over a sequence, with the same weights at every step;
# - train it in batches, with the loss of many steps, and tell by three quick checks that the training is sound;
# - let it compose, each output fed back as the next input: the most likely value, or one drawn at random;
# - judge a solo by numbers, and know what the numbers miss.
#
# **You need** the lab on recurrent cells: its `lstm_cell_forward` plays here. If you did the labs on backpropagation and sampling, some things will look familiar. No music theory is needed. **Time:** about two hours. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `djmodel`: one cell, all steps | 25 |
# | 2 | `music_loss`: the loss of a sequence | 15 |
# | 3 | `fit`: the training loop | 20 |
# | 4 | `music_inference_model`: feed the output back | 20 |
# | 5 | `predict_and_sample`: a solo as numbers | 15 |
# | 6 | `with_temperature`: play more varied, or less | 5 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares what your function returns with known values, and with *open cases*, which are drawn in the same way as the hidden tests. It is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: a later function that calls a wrong one is tested with a right one.
#
# What counts is what your function returns. `course_utils.nn`, which trains the network in section 4, can also compute what some exercises ask for; that is allowed, but you learn more without it.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
from functools import partial

import numpy as np
from cells import lstm_cell_forward

from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.music import generate_music, load_music_utils, measure, play_side_by_side, read_tune
from course_utils.nn import (
    Adam,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    lstm_layer,
    lstm_layer_backward,
    lstm_parameters,
)
from course_utils.plots import plot_curves
from course_utils.watch import demo_iterations, progress

# %% [markdown]
# ## 1 Music as numbers
#
# Here are the first eight bars of the solo that we learn from. A program composed it, by the rules of the style, over chord changes that jazz players use every night. Press play.

# %% tags=["demonstration"]
solo = read_tune("data/solo.mid")
beginning = solo.part(1, 8)
beginning.plot("The first eight bars")
beginning

# %% [markdown]
# A note is a pitch and a length. What makes it *sound* right, though, is how it relates to the chord below it. So the solo is written as **values**, short texts like `C2+3..4`:
#
# | part | meaning |
# |:--|:--|
# | `C`, `S`, `A` or `R` | a tone of the chord, another tone of its scale, an approach note from outside, or a rest |
# | `2` | its length, in eighths of a bar |
# | `+3..4` | 3 to 4 semitones above the note before (`-` below, `=` the same pitch); a rest has none |
#
# Over another chord the same value gives another note. That is what a network can learn: not "play an E", but "go up a little, to a tone of the chord".

# %% tags=["demonstration"]
X, Y, n_values, indices_values = load_music_utils()
m, Tx, _ = X.shape
print("shape of X:", X.shape)
print("number of training examples:", m)
print("Tx (length of a sequence):", Tx)
print("number of different values:", n_values)
print("shape of Y:", Y.shape)
print("example 5 begins:", *(indices_values[k] for k in Y[:6, 5].argmax(axis=-1)))

# %% [markdown]
# ### Symbols and shapes
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $m$ | `m` | | sequences in the batch, 60 here |
# | $T_x,\; T_y$ | `Tx`, `Ty` | | values of a sequence: 30 to learn from, 50 to compose |
# | $n_x = n_y$ | `n_values` | | number of different values |
# | $n_a$ | `n_a` | | size of hidden state and memory, 64 here |
# | $X$ | `X` | $(m, T_x, n_x)$ | inputs, one-hot |
# | $Y$ | `Y` | $(T_x, m, n_y)$ | targets, one-hot, **time first** |
# | $a,\; c$ | `a0`, `c0` | $(m, n_a)$ | hidden state and memory before the first step |
# | $\hat y^{\langle t\rangle}$ | `outputs[t]` | $(m, n_y)$ | probabilities of the value of step $t$ |
# | $W_f, W_i, W_c, W_o$ | `Wf`, ... | $(n_a, n_a + n_x)$ | weights of the LSTM cell |
# | $b_f, b_i, b_c, b_o$ | `bf`, ... | $(n_a, 1)$ | its biases |
# | $W_y,\; b_y$ | `Wy`, `by` | $(n_y, n_a)$, $(n_y, 1)$ | dense layer, before the softmax |
#
# The weights live in one dictionary `parameters`, as in the lab on cells.
#
# A target is the value that comes next: input $t+1$ is target $t$. Before you run the cell: which slice of `Y` should equal which slice of `X`?
#
# <details><summary>Answer</summary>
#
# `X` without its first step and `Y` without its last: `X[:, 1:]` and `Y[:-1]`, once the axes of one are swapped.
#
# </details>

# %% tags=["demonstration"]
print("X one step on is Y:", np.array_equal(X[:, 1:], np.swapaxes(Y, 0, 1)[:, :-1]))

counts = Y.sum(axis=(0, 1))
share = counts[counts > 0] / counts.sum()
frequencies = -(share * np.log(share)).sum()
print(f"equally likely:    {np.log(n_values):.3f} nats a value, {Tx * np.log(n_values):.1f} a sequence")
print(f"value frequencies: {frequencies:.3f} nats a value, {Tx * frequencies:.1f} a sequence")

# %% [markdown]
# These are two **baselines**: an untrained network should start near the first, and one that knows more than how often each value occurs must get below the second.

# %% [markdown]
# > **What to remember from part 1.** A solo becomes a sequence of values, each relative to the chord and to the note before. A target is the input one step on; `X` has examples first, `Y` time first.
#
# ## 2 One cell, thirty times
#
# **Why.** A sequence of thirty values needs no thirty networks. One cell is used again and again: the **same weights** at every step, while state and memory go from step to step.
#
# ![An LSTM cell drawn three times, for steps 1, 2 and T x. Each takes a slice of X from below, and state and memory from the left. Each gives its state to a dense layer above, which gives y hat. A bracket over all of them says: the same weights.](data/unrolled.svg)
#
# **In equations**, for $t = 1, \dots, T_x$, where the cell is that of the lab on cells, dense layer included:
#
# $$\underbrace{a^{\langle t\rangle}}_{(n_a,\,m)},\; \underbrace{c^{\langle t\rangle}}_{(n_a,\,m)},\; \underbrace{\hat y^{\langle t\rangle}}_{(n_y,\,m)} = \mathrm{cell}\big(\underbrace{x^{\langle t\rangle}}_{(n_x,\,m)},\; a^{\langle t-1\rangle},\; c^{\langle t-1\rangle}\big) \tag{1}$$
#
# Look at the shapes. Data sets keep an example in a **row**, `lstm_cell_forward` wants one in a **column**. So each step turns its slice on the way in, and the prediction on the way out.
#
# ![A box with the axes m, T x and n x. The slice of step t is cut out, a sheet with m rows and n x columns. It is turned, and then has n x rows and m columns.](data/axes.svg)
#
# ### What is different from Keras
#
# This exercise is known from the Keras library. There, `djmodel(Tx, n_a, n_values)` returns a model, an object into which `X`, `a0` and `c0` are put later; the weights are hidden in the layers `LSTM_cell` and `densor`. Here `djmodel` *is* the model: it takes `X`, `a0`, `c0` and the weights, and returns the outputs. `Tx`, `n_a` and `n_values` are in their shapes. What comes out is the same in both: a list of `Tx` arrays of shape $(m, n_y)$.
#
# **Predict first.** Let all weights be zero, and let `by` hold $\log 0.5$, $\log 0.25$ and $\log 0.25$. What is $\hat y$ at each of four steps? Does it matter what the cell hears?
#
# <details><summary>Answer</summary>
#
# 0.5, 0.25 and 0.25 at every step. Nothing that is heard reaches the prediction, since all weights are zero.
#
# </details>

# %% [markdown]
# ### Exercise 1: `djmodel` (25 points)
#
# Run the cell over all steps, and collect the predictions.
#
# <details><summary>Hint 1: which axis is time?</summary>
#
# `X` has the axes (example, time, value). One time step of all examples: fix the middle axis.
#
# </details>
# <details><summary>Hint 2: rows and columns</summary>
#
# `.T` turns a matrix. `a` and `c` are turned already, in the line above your code. What goes into the list has a row for each example.
#
# </details>
# <details><summary>Hint 3: what is carried on?</summary>
#
# `lstm_cell_forward(xt, a_prev, c_prev, parameters)` returns `a_next, c_next, yt_pred, cache`. Two of the four are needed at the next step.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "djmodel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def djmodel(X, a0, c0, parameters):
    """Unroll one LSTM cell and its dense layer over a batch of sequences.

    Arguments:
    X -- inputs, shape (m, Tx, n_values)
    a0 -- hidden state before the first step, shape (m, n_a)
    c0 -- memory before the first step, shape (m, n_a)
    parameters -- dictionary with Wf, Wi, Wc, Wo (n_a, n_a + n_values), bf, bi, bc, bo (n_a, 1),
        Wy (n_values, n_a), by (n_values, 1)

    Returns:
    outputs -- list of Tx arrays of shape (m, n_values), the probabilities at each step
    """
    Tx = X.shape[1]
    a, c = a0.T, c0.T
    outputs = []

    ### START CODE HERE ###
    for t in range(Tx):
        # what is heard at step t, one example to a column
        x = X[:, t, :].T
        # one step of the cell, dense layer included, equation (1)
        a, c, out, _ = lstm_cell_forward(x, a, c, parameters)
        # keep the prediction, one example to a row
        outputs.append(out.T)
    ### END CODE HERE ###

    return outputs


# %% [markdown]
# The network of your prediction, with two sequences of four steps:


# %% tags=["demonstration"]
def blank(n_x, n_a):
    """Parameters that are all zero."""
    shapes = {name: (n_a, n_a + n_x) for name in ("Wf", "Wi", "Wc", "Wo")}
    shapes |= {name: (n_a, 1) for name in ("bf", "bi", "bc", "bo")}
    shapes |= {"Wy": (n_x, n_a), "by": (n_x, 1)}
    return {name: np.zeros(shape) for name, shape in shapes.items()}


coin = {**blank(3, 1), "by": np.log([[0.5], [0.25], [0.25]])}
heard = np.eye(3)[[[0, 1, 2, 0], [2, 2, 2, 2]]]
outputs = djmodel(heard, np.zeros((2, 1)), np.zeros((2, 1)), coin)
print(len(outputs), "steps")
check_shape("outputs[0]", outputs[0], (2, 3))
print("the first sequence:", *(out[0].round(3) for out in outputs))

# %% nbgrader={"grade": true, "grade_id": "test_djmodel", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("djmodel")
### END HIDDEN TESTS
visible_check(djmodel)

# %% [markdown]
# **What it means.** A network of this size has the weights of one cell, whether the sequence has thirty values or three thousand. In training, each step reads the value that really came before, not the network's own guess: that is called **teacher forcing**. Now start the real one, with small random weights, and let it guess.

# %% tags=["demonstration"]
n_a = 64


def start(seed, n_x=n_values, dtype=np.float64):
    """Random weights of an LSTM layer and of a dense layer, in one dictionary."""
    rng = np.random.default_rng(seed)
    return {**lstm_parameters(n_x, n_a, rng, dtype), **dense_parameters(n_a, n_x, rng, dtype)}


untrained = start(0)
a0, c0 = np.zeros((m, n_a)), np.zeros((m, n_a))
outputs = djmodel(X, a0, c0, untrained)
print("outputs:", len(outputs), "arrays of shape", outputs[0].shape)
print(f"probabilities between {np.min(outputs):.4f} and {np.max(outputs):.4f}")
print(f"1 / n_values is {1 / n_values:.4f}")
print("weights:", sum(value.size for value in untrained.values()))

# %% [markdown]
# > **What to remember from part 2.** Unrolled over time, one cell with one set of weights serves all steps. Rows or columns, time first or examples first: write the shapes down.
#
# ## 3 How good are thirty guesses?
#
# **Why.** Training needs one number. Each step has a cross-entropy, $-\log$ of the probability that was given to the value that came, in **nats**. The steps are added up, the examples averaged:
#
# $$L = \sum_{t=1}^{T_x} \frac{1}{m} \sum_{i=1}^{m} \Big(-\sum_{k=1}^{n_y} y^{\langle t\rangle (i)}_k \log \hat y^{\langle t\rangle (i)}_k\Big) \tag{2}$$
#
# The innermost sum looks longer than it is: of a one-hot $y$, one entry is 1.
#
# **Predict first.** Two steps, two examples. The probabilities of the right values are $\frac12$ and $\frac14$ at the first step, $1$ and $\frac12$ at the second. What is $L$, as a multiple of $\log 2$?
#
# <details><summary>Answer</summary>
#
# The first step costs $(1 + 2)/2 = 1.5$, the second $(0 + 1)/2 = 0.5$, together $2 \log 2$.
#
# </details>

# %% [markdown]
# ### Exercise 2: `music_loss` (15 points)
#
# Equation (2), for outputs as `djmodel` gives them. A probability may be exactly 0, of a value that did not come: it costs nothing. (That case earns 10% of the points.)
#
# <details><summary>Hint 1: one step first</summary>
#
# `outputs[t]` and `Y[t]` both have the shape (m, n_values). The product of the two, summed along the values, leaves the probability of what came: one number for each example.
#
# </details>
# <details><summary>Hint 2: the loss is nan</summary>
#
# The logarithm of 0 is minus infinity, and 0 times infinity is not a number. What if the logarithm came last?
#
# </details>
# <details><summary>Hint 3: sum or mean?</summary>
#
# There is a sum over steps, and a mean over examples. With m = 60 and 30 steps, an untrained network should lose about 30 log(n_values), whatever m is.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "music_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def music_loss(outputs, Y):
    """Add up the cross-entropies of all steps, averaged over the examples.

    Arguments:
    outputs -- list of Tx arrays of shape (m, n_values): probabilities
    Y -- targets, one-hot, shape (Tx, m, n_values)

    Returns:
    loss -- a number, in nats
    """
    loss = 0.0

    ### START CODE HERE ###
    for out, y in zip(outputs, Y):
        # the probability of what came, for each example
        right = np.sum(out * y, axis=1)
        # add the cross-entropy of this step, equation (2)
        loss = loss - np.mean(np.log(right))
    ### END CODE HERE ###

    return loss


# %% tags=["demonstration"]
first = np.array([[0.5, 0.5], [0.25, 0.75]])
second = np.array([[1.0, 0.0], [0.5, 0.5]])
came = np.array([[[1, 0], [1, 0]], [[1, 0], [0, 1]]])
print(f"by hand: {music_loss([first, second], came) / np.log(2):.3f} log 2")

blind = music_loss(outputs, Y)
print(f"untrained: {blind:.2f}; {Tx} log {n_values} is {Tx * np.log(n_values):.2f}")

# %% nbgrader={"grade": true, "grade_id": "test_music_loss", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("music_loss")
### END HIDDEN TESTS
visible_check(music_loss)

# %% [markdown]
# **What it means.** The first of the three quick checks holds: an untrained network loses what a blind guess loses. A start that is far higher means weights that are too large, or a sum over the examples; one that is far lower, a mean over the steps.
#
# > **What to remember from part 3.** The loss of a sequence is a sum over steps and a mean over examples. Untrained, it is about $T_x \log n_y$.
#
# ## 4 Training
#
# **Why.** Your `djmodel` shows how the network works, and it composes well enough. To train, we also need all gradients, and speed. `course_utils.nn` has the same LSTM as a **layer**: all examples and all gates in one product, and backpropagation through time, as you may have written it in an earlier lab. The weights are the same dictionary. Do both give the same numbers?

# %% tags=["demonstration"]
states, _ = lstm_layer(X, untrained, a0, c0)
y_hat, _ = dense_softmax(states, untrained)
print("y_hat of the layer:", y_hat.shape)
print("largest difference from djmodel:", f"{np.abs(np.swapaxes(y_hat, 0, 1) - outputs).max():.0e}")

# %% [markdown]
# One step of training, an **epoch** here, as the whole batch is seen at once:
#
# | step | function | gives |
# |:--|:--|:--|
# | forward | `lstm_layer(X, parameters, a0, c0)` | `a` of all steps $(m, T_x, n_a)$, and a cache |
# | | `dense_softmax(a, parameters)` | `y_hat` $(m, T_x, n_y)$, and a cache |
# | loss | your `music_loss` | the number to watch |
# | backward | equation (3) | `dz`, the gradient before the softmax |
# | | `dense_softmax_backward(dz, cache)` | a dictionary: `dWy`, `dby`, and `da` for the layer below |
# | | `lstm_layer_backward(da, cache, dx=False)` | a dictionary: `dWf`, `dbf`, ... (with `dx=False`, none for the input) |
# | update | `optimizer.update(parameters, gradients)` | parameters, moved **in place** |
#
# For softmax and cross-entropy together the gradient is a simple difference. As the loss is a mean over $m$ examples, so is the gradient:
#
# $$\frac{\partial L}{\partial z} = \frac{1}{m}\,(\hat y - y) \qquad (m, T_x, n_y) \tag{3}$$
#
# `Y` has time first and `y_hat` has examples first: mind the axes. The optimiser is **Adam**, which gives each weight a step size of its own; over the epochs all steps shrink, by `decay`.

# %% [markdown]
# ### Exercise 3: `fit` (20 points)
#
# The inside of the training loop: the table from top to bottom, `epochs` times, even if the loss rises. In Keras, `model.fit([X, a0, c0], list(Y), epochs=100)` does it, and hides it.
#
# <details><summary>Hint 1: one line for each row</summary>
#
# What a row gives, a later one takes. Two caches come out on the way forward; each belongs to the backward function of its own name.
#
# </details>
# <details><summary>Hint 2: swapped axes</summary>
#
# `np.swapaxes(array, 0, 1)` puts time first, or examples first. `music_loss` wants time first in both arguments, equation (3) examples first.
#
# </details>
# <details><summary>Hint 3: two dictionaries, one update</summary>
#
# `optimizer.update` wants all gradients in one dictionary. `{**first, **second}` or `first | second` joins two; keys that belong to no parameter do no harm.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "fit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit(X, Y, a0, c0, parameters, epochs=100):
    """Train on one batch of sequences.

    Arguments:
    X -- inputs, shape (m, Tx, n_values)
    Y -- targets, one-hot, shape (Tx, m, n_values)
    a0, c0 -- hidden state and memory before the first step, shape (m, n_a)
    parameters -- dictionary as for djmodel; changed in place
    epochs -- how many steps to take

    Returns:
    losses -- list of the losses, each from before the step
    """
    m = X.shape[0]
    optimizer = Adam(learning_rate=0.01, beta_1=0.9, beta_2=0.999, decay=0.01)
    losses = []

    for epoch in progress(epochs):
        ### START CODE HERE ###
        # forward: LSTM layer, dense layer
        a, lstm_cache = lstm_layer(X, parameters, a0, c0)
        y_hat, dense_cache = dense_softmax(a, parameters)
        # keep the loss, equation (2)
        losses.append(music_loss(list(np.swapaxes(y_hat, 0, 1)), Y))
        # backward: equation (3), dense layer, LSTM layer
        dz = (y_hat - np.swapaxes(Y, 0, 1)) / m
        dense = dense_softmax_backward(dz, dense_cache)
        lstm = lstm_layer_backward(dense["da"], lstm_cache, dx=False)
        # one step of the optimiser
        optimizer.update(parameters, {**dense, **lstm})
        ### END CODE HERE ###

    return losses


# %% [markdown]
# Second quick check: can the network **memorise three sequences**?

# %% tags=["demonstration"]
few = start(1)
few_losses = fit(X[:3], Y[:, :3], a0[:3], c0[:3], few, demo_iterations(300, quick=6))
for epoch in range(0, len(few_losses), 50):
    print(f"epoch {epoch:3}: loss {few_losses[epoch]:8.3f}")
print(f"at the end: loss {few_losses[-1]:7.3f}, that is {few_losses[-1] / Tx:.2f} nats a value")

# %% nbgrader={"grade": true, "grade_id": "test_fit", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("fit")
### END HIDDEN TESTS
visible_check(fit)

# %% [markdown]
# **What it means.** A loss that does not get near zero on three sequences would point to a fault in the loop: forgotten gradients, states mixed up, targets of another step.
#
# Now all sixty, for a hundred epochs. Training does not need sixteen digits; seven, `float32`, take half the time.

# %% tags=["demonstration"]
epochs = demo_iterations(300, quick=9)
small = [array.astype(np.float32) for array in (X, Y, a0, c0)]
parameters = start(0, dtype=np.float32)
losses = fit(*small, parameters, epochs // 3)

plot_curves(
    {
        "training": np.array(losses) / Tx,
        "value frequencies": np.full(len(losses), frequencies),
        "equally likely": np.full(len(losses), np.log(n_values)),
    },
    xlabel="epoch",
    ylabel="nats a value",
    title="Learning a solo",
)
print(f"from {losses[0]:.2f} to {losses[-1]:.2f}, that is {losses[-1] / Tx:.2f} nats a value")

# %% [markdown]
# Third quick check: where is it right? Your `djmodel` takes the trained weights as they are. **Predict first:** is the first value of a sequence as easy to guess as the last?
#
# <details><summary>Answer</summary>
#
# No. The first is guessed from a state of zeros and one value; by the last, the network has heard where in the solo it is.
#
# </details>

# %% tags=["demonstration"]
outputs = djmodel(X, a0, c0, parameters)
right = np.mean(np.argmax(outputs, axis=-1) == np.argmax(Y, axis=-1), axis=1)
title = "How often the most likely value is the one that came"
plot_curves({"training": right}, ylabel="share of right guesses", title=title)
print(f"step 1: {right[0]:.2f}, step 10: {right[9]:.2f}, step 30: {right[29]:.2f}")

# %% [markdown]
# **What it means.** With more of the past to go by, the network knows better what comes. But be careful: most of the sixty sequences overlap, and the network has seen them a hundred times. It knows *this solo*: it **overfits**, and with one solo there is nothing held out to measure by how much. How it does with another solo, these numbers do not tell.
#
# > **What to remember from part 4.** Forward, loss, backward, update. Three quick checks: the starting loss, a few memorised sequences, and where in the sequence it is right.
#
# ## 5 Let it play
#
# **Why.** To compose, there is nobody to say what came. The network hears itself: its most likely value, made one-hot, is the next input. Always taking the most likely one is called **greedy decoding**.
#
# ![The loop of improvising. The cell takes x, state and memory and gives the probabilities y hat. The most likely value is picked, written one-hot, and goes back as the next x. State and memory go back into the cell too. After T y steps the loop ends.](data/feedback.svg)
#
# $$x^{\langle t+1\rangle} = \mathrm{one\_hot}\Big(\arg\max_k\; \hat y^{\langle t\rangle}_k\Big) \tag{4}$$
#
# In Keras, `music_inference_model(LSTM_cell, densor, n_values, n_a, Ty)` returns a second model that shares its layers with the first. Here the weights are shared by handing over the same `parameters`, and again the function is the model. Its first input `x0` has the shape $(m, 1, n_x)$: one time step. For one solo, $m = 1$.
#
# **Predict first.** A network gives 0 always 1, 1 always 2, and 2 always 0. It begins with nothing, says 0, and goes on for six steps. What does it say?
#
# <details><summary>Answer</summary>
#
# 0 1 2 0 1 2.
#
# </details>

# %% [markdown]
# ### Exercise 4: `music_inference_model` (20 points)
#
# The loop of the picture, for $m$ solos at once.
#
# <details><summary>Hint 1: almost djmodel</summary>
#
# The step itself is that of exercise 1. Only the source of `x` is new: it does not come from the data.
#
# </details>
# <details><summary>Hint 2: one-hot columns</summary>
#
# `np.eye(n)` is a matrix whose column k is the one-hot vector of k, and an array of numbers may stand in an index. The cell's prediction has a column for each example: along which axis is the largest entry?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "music_inference_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def music_inference_model(x0, a0, c0, parameters, Ty=100):
    """Let the network go on by itself: each most likely value is the next input.

    Arguments:
    x0 -- first input, shape (m, 1, n_values); m is 1 for one solo
    a0, c0 -- hidden state and memory before the first step, shape (m, n_a)
    parameters -- dictionary as for djmodel
    Ty -- number of values to predict

    Returns:
    outputs -- list of Ty arrays of shape (m, n_values), the probabilities at each step
    """
    n_values = x0.shape[2]
    x, a, c = x0[:, 0, :].T, a0.T, c0.T
    outputs = []

    ### START CODE HERE ###
    for t in range(Ty):
        # one step of the cell, and its prediction kept as in djmodel
        a, c, out, _ = lstm_cell_forward(x, a, c, parameters)
        outputs.append(out.T)
        # the most likely value of each example is heard next, equation (4)
        x = np.eye(n_values)[:, np.argmax(out, axis=0)]
    ### END CODE HERE ###

    return outputs


# %% [markdown]
# The network of your prediction. Its weights are set by hand: the candidate writes what it hears into the memory, the forget gate is shut, and the dense layer says the number after it.


# %% tags=["demonstration"]
circle = blank(3, 3)
circle["Wc"][:, 3:] = 10 * np.eye(3)
circle["bf"] += -20
circle["bi"] += 20
circle["bo"] += 20
circle["Wy"] = 10 * np.eye(3)[[2, 0, 1]]
circle["by"] = np.array([[0.1], [0.0], [0.0]])
outputs = music_inference_model(np.zeros((1, 1, 3)), np.zeros((1, 3)), np.zeros((1, 3)), circle, Ty=6)
print("it says:", *(int(np.argmax(out)) for out in outputs))

# %% nbgrader={"grade": true, "grade_id": "test_music_inference_model", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("music_inference_model")
### END HIDDEN TESTS
visible_check(music_inference_model)

# %% [markdown]
# ### Exercise 5: `predict_and_sample` (15 points)
#
# The solo as numbers: which values were predicted, as indices and one-hot. In Keras the first argument is the inference model; here it is the `parameters` that make it one.
#
# <details><summary>Hint 1: from probabilities to indices</summary>
#
# A list of Ty arrays (1, n_values) is to NumPy an array (Ty, 1, n_values). The largest entry along its last axis leaves (Ty, 1).
#
# </details>
# <details><summary>Hint 2: back to one-hot</summary>
#
# Row k of `np.eye(n)` is the one-hot vector of k. `results` has two axes, but indices has two as well: flatten them first.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_and_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_and_sample(parameters, x_initializer, a_initializer, c_initializer, Ty=50):
    """Compose Ty values.

    Arguments:
    parameters -- dictionary as for djmodel
    x_initializer -- first input, shape (1, 1, n_values)
    a_initializer, c_initializer -- first hidden state and memory, shape (1, n_a)
    Ty -- number of values

    Returns:
    results -- the predicted values, one-hot, shape (Ty, n_values)
    indices -- the predicted values as whole numbers, shape (Ty, 1)
    """
    n_values = x_initializer.shape[2]

    ### START CODE HERE ###
    # the probabilities at all steps
    pred = music_inference_model(x_initializer, a_initializer, c_initializer, parameters, Ty)
    # the most likely value of each step
    indices = np.argmax(pred, axis=-1)
    # the same, one-hot
    results = np.eye(n_values)[indices[:, 0]]
    ### END CODE HERE ###

    return results, indices


# %% tags=["demonstration"]
x_initializer = np.zeros((1, 1, n_values))
a_initializer = np.zeros((1, n_a))
c_initializer = np.zeros((1, n_a))

results, indices = predict_and_sample(parameters, x_initializer, a_initializer, c_initializer)
check_shape("results", results, (50, n_values))
check_shape("indices", indices, (50, 1))
print("np.argmax(results[12]) =", np.argmax(results[12]))
print("list(indices[12:18]) =", list(indices[12:18]))
print("values 12 to 17:", *(indices_values[int(k)] for k in indices[12:18, 0]))

# %% nbgrader={"grade": true, "grade_id": "test_predict_and_sample", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("predict_and_sample")
### END HIDDEN TESTS
visible_check(predict_and_sample)

# %% [markdown]
# On another computer the same code may give other indices: another processor adds up in another order, and over a hundred epochs a difference in the last digit becomes a visible one. The check above uses fixed weights, and must agree.
#
# ### The solo
#
# `generate_music` calls your function for five sets of chords, eight bars each. It turns the values into notes over those chords, prunes what sounds like a slip, and saves a MIDI file that any music program opens. A line for each set says how many notes are left, how low and high they go, and how they begin. Fifty values rarely last eight bars exactly: what goes on after the end is cut.

# %% tags=["demonstration"]
tune = generate_music(
    partial(predict_and_sample, parameters), x_initializer, a_initializer, c_initializer, indices_values
)
tune.part(1, 8).plot("Eight bars by the network")
tune

# %% [markdown]
# And the untrained network, on the same chords? `measure` says in numbers what one may hear: how much of the time sounds; the share of chord tones on strong beats, and elsewhere; the share of runs of four values that came before in the solo; and the share of the values that its longest loop takes.


# %% tags=["demonstration"]
def report(tunes):
    """Print the measures of several tunes, one to a line."""
    keys = ("notes", "sounding", "chord tones", "elsewhere", "repeated", "loop")
    print(f"\n{'':24}", *(f"{key:>12}" for key in keys))
    for name, one in tunes.items():
        found = measure(one)
        print(f"{name:24}", f"{found['notes']:12}", *(f"{found[key]:12.2f}" for key in keys[1:]))


play_untrained = partial(predict_and_sample, untrained)
first_try = generate_music(
    play_untrained, x_initializer, a_initializer, c_initializer, indices_values, "output/untrained.midi"
)
report({"the solo we learn from": solo, "untrained": first_try, "after 100 epochs": tune})

# %% [markdown]
# **What it means.** The untrained network plays fewer notes, and longer ones. Its many chord tones are no merit: many values begin with `C`, and `generate_music` finds such a tone over any chord. Compare the two columns instead. A player who knows the beat lands on chord tones when it counts; the solo we learn from does. A hundred epochs, as in the published program, teach which value follows which. The beat is harder: one length that is wrong by an eighth shifts all that comes after.
#
# So it practises, 200 epochs more with the same weights, and plays again. This time we also ask how much of what it plays it has heard: the share of runs of four values that stand in the training data.


# %% tags=["demonstration"]
def quoted(indices):
    """The share of runs of four values that stand in the training data, for indices (Ty, 1)."""
    heard = Y.argmax(axis=-1).T.tolist()
    known = {tuple(row[k : k + 4]) for row in heard for k in range(Tx - 3)}
    return np.mean([tuple(indices[k : k + 4, 0]) in known for k in range(len(indices) - 3)])


losses += fit(*small, parameters, 2 * epochs // 3)
print(f"after {len(losses)} epochs: loss {losses[-1]:.2f}, that is {losses[-1] / Tx:.2f} nats a value")

practised = generate_music(
    partial(predict_and_sample, parameters), x_initializer, a_initializer, c_initializer, indices_values
)
eight = {"the solo we learn from": solo, "untrained": first_try}
eight |= {"after 100 epochs": tune, "after 300 epochs": practised}
report(eight)
_, again = predict_and_sample(parameters, x_initializer, a_initializer, c_initializer)
print(f"quoted: {quoted(indices):.2f} of the first solo, {quoted(again):.2f} of this one")
play_side_by_side({name: one.part(1, 8) for name, one in eight.items()})

# %% [markdown]
# **What it means.** In most trainings the share of chord tones on strong beats is now above that elsewhere: it has found the beat. But it does not improvise any more. On our machine about half of the runs were quotations after a hundred epochs, and almost nine in ten after three hundred. The network has memorised its one solo, and plays it over other chords. A lower loss was not a better musician.
#
# > **What to remember from part 5.** Fed with its own output, a predictor composes. Listen, and measure how much it quotes.
#
# ## 6 More varied, or less
#
# **Why.** With the most likely value every time, the same start gives the same solo every time, and a network that hears its own quotation goes on quoting. Players vary. So draw from $\hat y$, after its probabilities have been changed by a **temperature** $\tau$:
#
# $$p_k = \frac{\hat y_k^{\,1/\tau}}{\sum_j \hat y_j^{\,1/\tau}} \tag{5}$$
#
# That is the same as dividing the scores before the softmax by $\tau$, but needs only the probabilities. **Predict first:** what becomes of the probabilities $(0.64, 0.32, 0.04)$ for $\tau = 0.5$? Which $\tau$ gives the most likely value every time, and which makes all values equally likely?
#
# <details><summary>Answer</summary>
#
# Their squares, divided by the sum: $(0.4096, 0.1024, 0.0016)/0.5136 \approx (0.798, 0.199, 0.003)$. As $\tau$ goes to 0, only the most likely value is left; as it grows, all become equally likely.
#
# </details>

# %% [markdown]
# ### Exercise 6: `with_temperature` (5 points)
#
# Equation (5), for a batch.
#
# <details><summary>Hint 1: what adds up to 1?</summary>
#
# The values of an example, which stand in a row. `keepdims=True` keeps the sums in a column, so that each divides its own row.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "with_temperature", "locked": false, "schema_version": 3, "solution": true, "task": false}
def with_temperature(out, temperature):
    """Move probabilities together (temperature above 1) or apart (below 1).

    Arguments:
    out -- probabilities, shape (m, n_values); each row adds up to 1
    temperature -- a positive number

    Returns:
    softened -- probabilities, shape (m, n_values); each row adds up to 1
    """
    ### START CODE HERE ###
    # equation (5)
    powers = out ** (1 / temperature)
    softened = powers / np.sum(powers, axis=1, keepdims=True)
    ### END CODE HERE ###

    return softened


# %% tags=["demonstration"]
probabilities = np.array([[0.64, 0.32, 0.04]])
for temperature in (0.1, 0.5, 1.0, 2.0, 10.0):
    print(f"temperature {temperature:4}:", with_temperature(probabilities, temperature)[0].round(3))

# %% nbgrader={"grade": true, "grade_id": "test_with_temperature", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("with_temperature")
### END HIDDEN TESTS
visible_check(with_temperature)

# %% [markdown]
# `improvise` takes the place of `predict_and_sample` and draws each value. (It reads the solo so far anew for each value, which is simple and, with a fast layer, quick enough.) Change temperature and seed, and listen.


# %% tags=["demonstration"]
def improvise(parameters, temperature, rng, x_initializer, a_initializer, c_initializer, Ty=50):
    """Compose Ty values, each drawn; returns results and indices like predict_and_sample."""
    vectors = np.eye(x_initializer.shape[2])
    so_far, numbers = x_initializer, []
    for _ in range(Ty):
        states, _ = lstm_layer(so_far, parameters, a_initializer, c_initializer)
        y_hat, _ = dense_softmax(states[:, -1].astype(float), parameters)
        softened = with_temperature(y_hat, temperature)
        numbers.append(rng.choice(len(vectors), p=softened[0]))
        so_far = np.concatenate((so_far, vectors[None, None, numbers[-1]]), axis=1)
    return vectors[numbers], np.array(numbers)[:, None]


Ty = demo_iterations(50, quick=5)
tunes = {"untrained": first_try, "most likely value": practised}
for temperature in (0.5, 1.0, 2.0):
    player = partial(improvise, parameters, temperature, np.random.default_rng(0), Ty=Ty)
    path = f"output/temperature_{temperature}.midi"
    tunes[f"temperature {temperature}"] = generate_music(
        player, x_initializer, a_initializer, c_initializer, indices_values, path
    )
    share = np.mean([quoted(player(x_initializer, a_initializer, c_initializer)[1]) for _ in range(5)])
    print(f"temperature {temperature}: {share:.2f} quoted, the mean of five solos\n")
report(tunes)
play_side_by_side({name: one.part(1, 8) for name, one in tunes.items()})

# %% [markdown]
# **What it means.** Temperature trades one thing for the other: at a low one the network quotes, at a high one it invents and loses the beat. In between, you choose by ear. Numbers say when something is wrong, such as silence, one note for ever, or a copy. They do not say that music is good. For that, somebody has to listen.
#
# > **What to remember from part 6.** Drawing makes solos differ, and temperature sets by how much: a low one quotes, a high one invents. Numbers find faults; they do not find good music.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - One cell with one set of weights, unrolled over time, predicts; the same cell, fed with its own output, composes.
# - The loss of a sequence is a sum over steps and a mean over examples; an untrained network starts at $T_x \log n$.
# - A starting loss, a few memorised sequences, the share of right guesses by step: three checks that cost seconds.
# - A network can memorise its examples: measure how much it quotes. Temperature sets how varied it is.
# - Data in rows, cells in columns, time first or examples first: knowing your axes is half the work.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Learn from another tune: `read_tune` reads a MIDI file whose chords are markers, and `load_music_utils` takes its path. How long must a tune be?
# - Plot the share of quotations against the temperature, from 0.1 to 3, with the mean and the spread of ten solos for each.
# - Stop the training at 30, 100, 300 and 1,000 epochs. Which solo do you like best, and do the measures agree?
# - Start `improvise` from eight values of the solo instead of from zeros, and let the network answer.
# - Only the value is predicted, not the chord. Add the kind of the chord to the input, one-hot: what changes in the loss?
#
# **Further reading**
#
# - D. Eck and J. Schmidhuber, [Finding temporal structure in music: blues improvisation with LSTM recurrent networks](https://doi.org/10.1109/NNSP.2002.1030094), IEEE Workshop on Neural Networks for Signal Processing, 2002.
# - R. J. Williams and D. Zipser, [A learning algorithm for continually running fully recurrent neural networks](https://doi.org/10.1162/neco.1989.1.2.270), *Neural Computation* 1 (1989): teacher forcing.
# - J.-P. Briot, G. Hadjeres and F.-D. Pachet, *Deep Learning Techniques for Music Generation*, Springer 2020.
# - D. P. Kingma and J. Ba, [Adam: a method for stochastic optimization](https://arxiv.org/abs/1412.6980), ICLR 2015.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all six checks say "visible checks passed". Save, and hand in this notebook under its own name.
