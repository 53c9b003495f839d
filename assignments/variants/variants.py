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
# # Gated, deep and bidirectional networks
#
# In this lab you write the common variants of a recurrent network in NumPy, then the loop that trains one on Chinese verse, and compare what they are good for.
#
# **Afterwards you can**
#
# - write a GRU and an LSTM, stack layers, and read a sequence from both ends;
# - translate between texts that use the same symbols for different things;
# - cut a long text into batches in two ways, and say what each means for the hidden state;
# - train through time without letting gradients grow, and measure a language model by its perplexity;
# - choose a variant by measurements.
#
# **You need** the lab on recurrent cells, or what it teaches. **Time:** about three hours.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `rnn`: a simple RNN, examples in rows | 10 |
# | 2 | `gru`: gated recurrent units | 15 |
# | 3 | `from_lectures`: another notation | 5 |
# | 4 | `lstm`: long short-term memory | 12 |
# | 5 | `deep_rnn`: several layers | 10 |
# | 6 | `bidirectional_rnn`: both directions | 10 |
# | 7 | `perplexity`: how surprised a model is | 8 |
# | 8 | `data_iter_random`: random batches | 8 |
# | 9 | `data_iter_consecutive`: batches that go on | 8 |
# | 10 | `grad_clipping`: clipping by norm | 6 |
# | 11 | `truncated_step`: one step of training | 8 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares what your function returns with known values, and with *open cases*, which are drawn in the same way as the hidden tests. It is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: a later function that calls a wrong one is tested with a right one. Convert no types: the checks use float64, the training cells float32.
#
# A check stops by itself after 20 seconds; the stop button (■) in the toolbar stops any cell. Stuck? Open the hints one at a time.

# %%
import json
import random
from pathlib import Path

import numpy as np

from course_utils.activations import sigmoid, softmax
from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.explore import explore_curves
from course_utils.language_model import (
    hidden_states,
    initial_params,
    lstm_step,
    matching_gru_step,
    output_gradients,
    predict_rnn,
    to_onehot,
    train_and_predict_rnn,
)
from course_utils.plots import plot_bands, plot_curves, plot_gates
from course_utils.verse import known_bigrams, load_verse, new_ngrams, numbered
from course_utils.watch import demo_iterations

# %% [markdown]
# ## 1 Examples in rows
#
# The lab on cells put each example into a **column**. Most frameworks, and the code that this lab follows, put it into a **row**. So weights stand on the right: $XW$ in place of $Wx$.
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $X_t$ | `X` | (batch, inputs) | input at step $t$; `inputs` is the list of all steps |
# | $H_t$ | `H` | (batch, hidden) | hidden state |
# | $C_t$ | `C` | (batch, hidden) | memory of an LSTM |
# | $Y_t$ | `Y` | (batch, outputs) | scores at step $t$, before any softmax; `outputs` is the list of all steps |
# | $W_{xh},\; W_{hh},\; b_h$ | `W_xh`, `W_hh`, `b_h` | (inputs, hidden), (hidden, hidden), (hidden,) | weights from input to hidden state, from state to state, bias |
# | $W_{hq},\; b_q$ | `W_hq`, `b_q` | (hidden, outputs), (outputs,) | the readout |
# | state | `state` | | a **tuple**: `(H,)`, or `(H, C)` for an LSTM |
# | parameters | `params` | | a **list**, for each gate $W_x$, $W_h$, $b$, at the end the readout |
#
# All networks are called alike, `network(inputs, state, params)`, and return `outputs` and the new state, so that one loop can train any of them.
#
# $$H_t = \tanh(X_t W_{xh} + H_{t-1} W_{hh} + b_h) \tag{1}$$
#
# $$Y_t = H_t W_{hq} + b_q \tag{2}$$
#
# **Predict first.** A batch of 32 one-hot characters from a vocabulary of 1,000 goes into 64 hidden units. What are the shapes of `X`, `W_xh`, `W_hh` and `Y`? The comma in `(H,) = state`: what would happen without it?
#
# <details><summary>Answer</summary>
#
# (32, 1000), (1000, 64), (64, 64) and (32, 1000). Without the comma `H` would be the tuple itself, and the first product with it would go wrong or give one axis too many.
#
# </details>
#
# ### Exercise 1: `rnn` (10 points)
#
# Write equations (1) and (2) for every step. `state` is not changed: the new one is returned.
#
# <details><summary>Hint 1: what goes round?</summary>
#
# `H` is used and overwritten in each step. What it is after the last step is the new state.
#
# </details>
# <details><summary>Hint 2: a bias of one axis</summary>
#
# `b_h` has shape (hidden,). NumPy adds it to each row.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn(inputs, state, params):
    """Run a simple RNN over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H,) of the hidden state before the first step, (batch, hidden)
    params -- list W_xh (inputs, hidden), W_hh (hidden, hidden), b_h (hidden,),
        W_hq (hidden, outputs), b_q (outputs,)

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H,) of the hidden state after the last step
    """
    W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []

    ### START CODE HERE ###
    # for each step: the new hidden state, equation (1), and its scores, equation (2)
    for X in inputs:
        H = np.tanh(np.dot(X, W_xh) + np.dot(H, W_hh) + b_h)
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)
    ### END CODE HERE ###

    return outputs, (H,)


# %% [markdown]
# The state that comes out fits where a state goes in, so a long sequence may be read in pieces. All training in part 6 rests on this.

# %% tags=["demonstration"]
rng = np.random.default_rng(1)
params = initial_params("rnn", 4, 6, 3, rng)
inputs, state = [rng.normal(size=(2, 4)) for _ in range(10)], (np.zeros((2, 6)),)

outputs, (H,) = rnn(inputs, state, params)
first, middle = rnn(inputs[:7], state, params)
second, (H_in_pieces,) = rnn(inputs[7:], middle, params)
check_shape("H", H, (2, 6))
print("the same scores in two pieces:", np.allclose(outputs, first + second, atol=1e-12))
print("the same state at the end:    ", np.allclose(H, H_in_pieces, atol=1e-12))

# %% nbgrader={"grade": true, "grade_id": "test_rnn", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("rnn")
### END HIDDEN TESTS
visible_check(rnn)

# %% [markdown]
# > **What to remember from part 1.** Rows are examples, weights stand on the right, the state is a tuple that goes in and comes out.
#
# ## 2 Gated recurrent units
#
# **Why.** The gradient of a simple RNN is a product of one factor per step, and it vanishes or explodes. A GRU gives the state a path on which it can pass unchanged.
#
# ![A GRU step. The old state H runs along the top. It is multiplied by the update gate Z, and the candidate multiplied by 1 minus Z is added, which gives the new state. Below, the input X and the old state feed the update gate Z and the reset gate R; the reset gate scales what the old state gives to the candidate, a tanh.](data/gru.svg)
#
# $$Z_t = \sigma(X_t W_{xz} + H_{t-1} W_{hz} + b_z) \qquad R_t = \sigma(X_t W_{xr} + H_{t-1} W_{hr} + b_r) \tag{3}$$
#
# $$\tilde H_t = \tanh\big(X_t W_{xh} + R_t \odot (H_{t-1} W_{hh}) + b_h\big) \tag{4}$$
#
# $$H_t = Z_t \odot H_{t-1} + (1 - Z_t) \odot \tilde H_t \tag{5}$$
#
# The **update gate** $Z$ says how much of the old state stays. The **reset gate** $R$ says how much of it the candidate sees. The candidate is `H_tilda` in code.
#
# ### Two forms of one network
#
# Two GRUs are in use. They differ in the place of the reset gate:
#
# | form | the candidate's term | found in |
# |:--|:--|:--|
# | reset after the product | $R \odot (H W_{hh})$ | cuDNN, PyTorch, Keras by default |
# | reset before the product | $(R \odot H)\, W_{hh}$ | the paper of Cho et al. (2014), the lectures |
#
# The document that this lab follows has the second in its formula and the first in its code. With the same weights they give different numbers; trained, they are about as good. The first is faster: $H W_{hh}$ can be computed together with the products of the gates. PyTorch and Keras add a second bias inside the reset; here there is one, outside.
#
# **Asked for is equation (4), the form of the code.** The paper's earns full points too, and the feedback says which you wrote.
#
# **Predict first.** When do the two agree? Think of the values of $R$, and of the shape of $W_{hh}$.
#
# <details><summary>Answer</summary>
#
# Where all entries of $R$ in a row are equal, since a number can be taken out of a product: all 1, all 0, or with a single hidden unit. Also where $W_{hh}$ is diagonal, and in the first step if the state is zero.
#
# </details>

# %% [markdown]
# ### Exercise 2: `gru` (15 points)
#
# Write equations (3) to (5) and the readout.
#
# <details><summary>Hint 1: two kinds of product</summary>
#
# $\odot$ is element by element, `*` in NumPy. Everything with a weight is a matrix product. Mind the brackets.
#
# </details>
# <details><summary>Hint 2: which state?</summary>
#
# The gates and the candidate see the state before the step, the readout sees the one after it.
#
# </details>
# <details><summary>Hint 3: the order of the list</summary>
#
# The parameters are unpacked for you: update gate, reset gate, candidate, readout.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "gru", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gru(inputs, state, params):
    """Run gated recurrent units over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H,) of the hidden state before the first step, (batch, hidden)
    params -- list W_xz, W_hz, b_z (update gate), W_xr, W_hr, b_r (reset gate),
        W_xh, W_hh, b_h (candidate), W_hq, b_q (readout); shapes as in `rnn`

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H,) of the hidden state after the last step
    """
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q = params
    (H,) = state
    outputs = []

    ### START CODE HERE ###
    # for each step: update gate and reset gate, the candidate, the new state, its scores
    for X in inputs:
        Z = sigmoid(np.dot(X, W_xz) + np.dot(H, W_hz) + b_z)
        R = sigmoid(np.dot(X, W_xr) + np.dot(H, W_hr) + b_r)
        H_tilda = np.tanh(np.dot(X, W_xh) + R * np.dot(H, W_hh) + b_h)
        H = Z * H + (1 - Z) * H_tilda
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)
    ### END CODE HERE ###

    return outputs, (H,)


# %% nbgrader={"grade": true, "grade_id": "test_gru", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("gru")
### END HIDDEN TESTS
visible_check(gru)

# %% [markdown]
# **Move it.** One unit starts at 1 and reads zeros. Its candidate is 0, so that its state after $t$ steps is what the update gate leaves: $z^t$. Below which bias is half of it gone within ten steps? (Where $z^{10} < \frac12$, below about 2.6.)

# %% tags=["demonstration"]
def kept_by(b_z):
    """The state of one unit over 30 steps, with a bias of the update gate."""
    W, b = np.zeros((1, 1)), np.zeros(1)
    params = [W, W, np.array([b_z]), W, W, b, W, W, b, np.eye(1), b]
    outputs, _ = gru([np.zeros((1, 1))] * 30, (np.ones((1, 1)),), params)
    return {f"z = {sigmoid(b_z):.3f}": np.ravel(outputs), "half of it": np.full(30, 0.5)}


explore_curves(kept_by, ylabel="state h", title="What an update gate keeps", limits=(0, 1.05), b_z=(-4, 8, 0.5, 2))

# %% [markdown]
# ### The same network in other words
#
# Read two texts on GRUs, and the letters disagree:
#
# | here, PyTorch | the lectures of document 004 | Cho et al. 2014 | Keras |
# |:--|:--|:--|:--|
# | $H$ | $c$, equal to $a$ | $h$ | $h$ |
# | $\tilde H$ | $\tilde c$ | $\tilde h$ | candidate |
# | $Z$: share of the **old** state | $1 - \Gamma_u$ | $z$ | $z$ |
# | $1 - Z$: share of the **candidate** | $\Gamma_u$, *update gate* | $1 - z$ | $1 - z$ |
# | $R$, *reset gate* | $\Gamma_r$, *relevance gate* | $r$ | $r$ |
# | $X W_x + H W_h$, rows | $W\,[c;\,x]$, columns, state first | columns | rows |
#
# Chung et al. (2014) have $z$ the lectures' way round. Check before you copy a formula.
#
# In the lectures: $\Gamma_u = \sigma(W_u[c;x] + b_u)$, $\Gamma_r = \sigma(W_r[c;x] + b_r)$, $\tilde c = \tanh(W_c[\Gamma_r \odot c;\,x] + b_c)$, and $c = \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{\text{old}}$.
#
# **Predict first.** You have $W_u$ and $b_u$ and need weights for $Z = 1 - \Gamma_u$. What is $1 - \sigma(s)$ in terms of $\sigma$?
#
# <details><summary>Answer</summary>
#
# $1 - \sigma(s) = \sigma(-s)$. So the change of meaning is a change of sign.
#
# </details>
#
# ### Exercise 3: `from_lectures` (5 points)
#
# Turn a dictionary in the lectures' notation into the list that `gru` takes. The biases become vectors of shape (hidden,).
#
# <details><summary>Hint 1: two blocks</summary>
#
# The first `n_a` columns of a lectures' matrix act on the state, the others on the input. `np.split` cuts an array in two.
#
# </details>
# <details><summary>Hint 2: columns to rows</summary>
#
# $(W x)^\top = x^\top W^\top$.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "from_lectures", "locked": false, "schema_version": 3, "solution": true, "task": false}
def from_lectures(parameters):
    """Turn the parameters of a GRU in the lectures' notation into the list that `gru` takes.

    Arguments:
    parameters -- dictionary with Wc, Wu, Wr (n_a, n_a + n_x), whose first n_a columns act on the state,
        bc, bu, br (n_a, 1), Wy (n_y, n_a), by (n_y, 1)

    Returns:
    list W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q
    """
    n_a = len(parameters["bc"])

    ### START CODE HERE ###
    # the update gate with Z = 1 - gamma_u, the reset gate, the candidate: rows that act on the state, then others
    W_hz, W_xz = np.split(-parameters["Wu"].T, [n_a])
    W_hr, W_xr = np.split(parameters["Wr"].T, [n_a])
    W_hh, W_xh = np.split(parameters["Wc"].T, [n_a])
    # their biases
    b_z, b_r, b_h = -np.ravel(parameters["bu"]), np.ravel(parameters["br"]), np.ravel(parameters["bc"])
    # the readout
    W_hq, b_q = parameters["Wy"].T, np.ravel(parameters["by"])
    ### END CODE HERE ###

    return [W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q]


# %% nbgrader={"grade": true, "grade_id": "test_from_lectures", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("from_lectures")
### END HIDDEN TESTS
visible_check(from_lectures)

# %% [markdown]
# **What it means.** Names and signs can be mapped, the place of the reset gate cannot: the lectures reset before the product. Below, the lectures' equations run step by step in columns, next to your `gru` with the mapped weights. With an open relevance gate they agree; with a gate at work only if you wrote the paper's form.

# %% tags=["demonstration"]
def lecture_states(inputs, c, p):
    """The lectures' GRU, in columns; returns the state after the last step as rows."""
    for x in (X.T for X in inputs):
        seen = np.concatenate((c, x))
        gamma_u, gamma_r = sigmoid(p["Wu"] @ seen + p["bu"]), sigmoid(p["Wr"] @ seen + p["br"])
        candidate = np.tanh(p["Wc"] @ np.concatenate((gamma_r * c, x)) + p["bc"])
        c = gamma_u * candidate + (1 - gamma_u) * c
    return c.T


rng = np.random.default_rng(2)
lectures = {f"W{g}": rng.normal(size=(5, 8)) for g in "cur"} | {f"b{g}": rng.normal(size=(5, 1)) for g in "cur"}
lectures |= {"Wy": rng.normal(size=(2, 5)), "by": np.zeros((2, 1))}
inputs = [rng.normal(size=(4, 3)) for _ in range(6)]
for words, b_r in (("open relevance gate:   ", 40.0), ("relevance gate at work:", 0.0)):
    lectures["br"] = np.full((5, 1), b_r)
    params = from_lectures(lectures)
    check_shape("b_z", params[2], (5,))
    _, (H,) = gru(inputs, (np.zeros((4, 5)),), params)
    check_shape("H", H, (4, 5))
    print(words, f"largest difference {abs(H - lecture_states(inputs, np.zeros((5, 4)), lectures)).max():.0e}")

# %% [markdown]
# > **What to remember from part 2.** A GRU mixes old state and candidate with two shares that add up to 1. Texts swap the shares, and put the reset before or after the product.
#
# ## 3 Long short-term memory
#
# **Why.** An LSTM has a memory beside the state, and separate gates for keeping and for writing: they need not add up to 1. You know it from the lab on cells; here it is in rows.
#
# $$\begin{aligned}
# I_t &= \sigma(X_t W_{xi} + H_{t-1} W_{hi} + b_i) & F_t &= \sigma(X_t W_{xf} + H_{t-1} W_{hf} + b_f) \\
# O_t &= \sigma(X_t W_{xo} + H_{t-1} W_{ho} + b_o) & \tilde C_t &= \tanh(X_t W_{xc} + H_{t-1} W_{hc} + b_c)
# \end{aligned} \tag{6}$$
#
# $$C_t = F_t \odot C_{t-1} + I_t \odot \tilde C_t \qquad H_t = O_t \odot \tanh(C_t) \tag{7}$$
#
# | here | lab `cells` | |
# |:--|:--|:--|
# | $I$, *input gate* | $\Gamma_i$, *update gate* | how much is written |
# | $F$, *forget gate* | $\Gamma_f$ | how much stays |
# | $O$, *output gate* | $\Gamma_o$ | how much shows |
# | $\tilde C$, `C_tilda` | $\tilde c$, `cct` | what is written |
#
# **Predict first.** Which has more parameters for the same number of hidden units, and by what factor: RNN, GRU or LSTM?
#
# <details><summary>Answer</summary>
#
# Apart from the readout, a GRU has three times as many as an RNN, an LSTM four times as many. A fair comparison therefore gives them different numbers of units.
#
# </details>
#
# ### Exercise 4: `lstm` (12 points)
#
# Write equations (6) and (7) and the readout.
#
# <details><summary>Hint 1: two things to carry</summary>
#
# `C` changes first; the new `H` needs the new `C`.
#
# </details>
# <details><summary>Hint 2: sigmoid or tanh?</summary>
#
# A gate is a share between 0 and 1. A candidate is a content, and may be negative.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm(inputs, state, params):
    """Run an LSTM over a batch of sequences.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H, C) of hidden state and memory before the first step, both (batch, hidden)
    params -- list W_xi, W_hi, b_i (input gate), W_xf, W_hf, b_f (forget gate), W_xo, W_ho, b_o (output gate),
        W_xc, W_hc, b_c (candidate), W_hq, b_q (readout); shapes as in `rnn`

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple (H, C) after the last step
    """
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c, W_hq, b_q = params
    H, C = state
    outputs = []

    ### START CODE HERE ###
    # for each step: the three gates and the candidate, equations (6); memory and state, (7); the scores
    for X in inputs:
        I = sigmoid(np.dot(X, W_xi) + np.dot(H, W_hi) + b_i)
        F = sigmoid(np.dot(X, W_xf) + np.dot(H, W_hf) + b_f)
        O = sigmoid(np.dot(X, W_xo) + np.dot(H, W_ho) + b_o)
        C_tilda = np.tanh(np.dot(X, W_xc) + np.dot(H, W_hc) + b_c)
        C = F * C + I * C_tilda
        H = O * np.tanh(C)
        Y = np.dot(H, W_hq) + b_q
        outputs.append(Y)
    ### END CODE HERE ###

    return outputs, (H, C)


# %% nbgrader={"grade": true, "grade_id": "test_lstm", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm")
### END HIDDEN TESTS
visible_check(lstm)

# %% [markdown]
# ### How far back does a state reach?
#
# Two sequences differ in their first input alone. How far apart are the states of an untrained network after $t$ steps? Ten networks of 32 units each, gates as they are drawn, and an LSTM whose forget bias is 2. Which curve falls first?
#
# <details><summary>Answer</summary>
#
# RNN, GRU and LSTM fall alike, and fast: a gate at one half loses half of the memory in each step. With an open forget gate the trace lasts. Training begins from there.
#
# </details>

# %% tags=["demonstration"]
def trace_of_first(network, kind, num_states, steps=25, forget=0.0):
    """The mean distance of the states of two sequences that differ in their first input, relative to step 1."""
    distances = np.zeros(steps)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        params = initial_params(kind, 4, 32, 32, rng)
        params[-2:] = np.eye(32), np.zeros(32)  # a readout that shows the state
        if kind == "lstm":
            params[5] = params[5] + forget
        inputs = list(np.repeat(rng.normal(size=(steps, 1, 4)), 2, axis=1))
        inputs[0][1] *= -1
        outputs, _ = network(inputs, (np.zeros((2, 32)),) * num_states, params)
        gaps = np.array([np.linalg.norm(Y[0] - Y[1]) for Y in outputs])
        distances += gaps / gaps[0] / 10
    return distances


plot_curves(
    {
        "RNN": trace_of_first(rnn, "rnn", 1),
        "GRU": trace_of_first(gru, "gru", 1),
        "LSTM": trace_of_first(lstm, "lstm", 2),
        "LSTM, b_f = 2": trace_of_first(lstm, "lstm", 2, forget=2.0),
    },
    ylabel="distance of the states",
    title="What is left of the first input, before any training",
)

# %% [markdown]
# > **What to remember from part 3.** An LSTM keeps and writes with separate gates. Where its forget gate starts decides how far back it can learn from.
#
# ## 4 Deep and bidirectional
#
# ![Left: two recurrent layers. Each step's state goes to the right, to the same layer, and up, as the input of the layer above. Right: a forward layer and a backward layer read the same inputs in opposite directions; at every step their states are concatenated and give the output.](data/deep_bidirectional.svg)
#
# **Deep.** The states of one layer are the inputs of the next:
#
# $$H_t^{(\ell)} = \tanh\big(H_t^{(\ell-1)} W_{xh}^{(\ell)} + H_{t-1}^{(\ell)} W_{hh}^{(\ell)} + b_h^{(\ell)}\big), \qquad H_t^{(0)} = X_t, \qquad Y_t = H_t^{(L)} W_{hq} + b_q \tag{8}$$
#
# `state` is a tuple with one `H` per layer. `params` has `W_xh`, `W_hh`, `b_h` of the first layer, then of the second, and so on, and the readout of the top layer at the end.
#
# A layer is your `rnn` without a readout. The given `hidden_states(rnn, inputs, (H,), [W_xh, W_hh, b_h])` calls it with the identity as `W_hq`, so that its outputs are the states. It returns them as a list, and the state after the last step as `(H,)`.
#
# ### Exercise 5: `deep_rnn` (10 points)
#
# Write equation (8), for any number of layers. `new_state` gets one matrix per layer.
#
# <details><summary>Hint 1: what a layer reads</summary>
#
# Keep one list, of what the layer above will read. Before the first layer it is `inputs`.
#
# </details>
# <details><summary>Hint 2: the parameters of layer k</summary>
#
# `layers` is the flat list without the readout. Three entries belong to each layer.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "deep_rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_rnn(inputs, state, params):
    """Run several layers of simple RNNs, each fed by the states of the one below.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple with the hidden state of each layer before the first step, the lowest first
    params -- list W_xh, W_hh, b_h of the lowest layer, of the next, ..., then W_hq, b_q; layers may differ in size

    Returns:
    outputs -- list with the scores (batch, outputs) of each step
    state -- tuple with the hidden state of each layer after the last step
    """
    *layers, W_hq, b_q = params
    outputs, new_state = [], []

    ### START CODE HERE ###
    # each layer reads the states of the one below, the lowest the inputs
    hiddens = inputs
    for k, H in enumerate(state):
        hiddens, (H,) = hidden_states(rnn, hiddens, (H,), layers[3 * k : 3 * k + 3])
        new_state.append(H)
    # the readout of the top layer's states
    outputs = [np.dot(H, W_hq) + b_q for H in hiddens]
    ### END CODE HERE ###

    return outputs, tuple(new_state)


# %% nbgrader={"grade": true, "grade_id": "test_deep_rnn", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("deep_rnn")
### END HIDDEN TESTS
visible_check(deep_rnn)

# %% [markdown]
# ### Both directions
#
# Whether a *bank* is the side of a river or a place for money, the words after it often tell. A **bidirectional** network has a second layer that reads from the end:
#
# $$\overrightarrow H_t = \tanh(X_t W_{xh}^{f} + \overrightarrow H_{t-1} W_{hh}^{f} + b_h^{f}), \quad \overleftarrow H_t = \tanh(X_t W_{xh}^{b} + \overleftarrow H_{t+1} W_{hh}^{b} + b_h^{b}), \quad Y_t = [\overrightarrow H_t,\ \overleftarrow H_t]\, W_{hq} + b_q \tag{9}$$
#
# **Predict first.** Why can such a network label a text, and not write one? And the new state: after which step is it, for the backward layer?
#
# <details><summary>Answer</summary>
#
# To predict the next character it would have to have read it: $\overleftarrow H_t$ depends on everything after $t$. Trained on such targets it would only copy. The backward layer reads step 1 last, so its state is the one at step 1.
#
# </details>
#
# ### Exercise 6: `bidirectional_rnn` (10 points)
#
# `state` is `(H_f, H_b)`: for the forward layer before the first step, for the backward layer behind the last. `params` has the forward layer first, then the backward layer, then the readout.
#
# <details><summary>Hint 1: reading from the end</summary>
#
# A list is reversed by `[::-1]`. What the backward layer returns is in the order in which it read.
#
# </details>
# <details><summary>Hint 2: side by side</summary>
#
# Rows are examples, so states are joined along axis 1, the forward one first.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "bidirectional_rnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bidirectional_rnn(inputs, state, params):
    """Run a forward and a backward layer over the same inputs, and read out their states together.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    state -- tuple (H_f, H_b): the forward state before the first step, the backward state behind the last
    params -- list W_xh, W_hh, b_h of the forward layer, of the backward layer, then W_hq, b_q;
        the first rows of W_hq belong to the forward layer

    Returns:
    outputs -- list with the scores (batch, outputs) of each step, in the order of the inputs
    state -- tuple (H_f, H_b): the forward state after the last step, the backward state after the first
    """
    H_f, H_b = state
    W_hq, b_q = params[6:]
    outputs = []

    ### START CODE HERE ###
    # the states of the forward layer
    forward, (H_f,) = hidden_states(rnn, inputs, (H_f,), params[:3])
    # those of the backward layer, which reads from the end, in the order of the inputs
    backward, (H_b,) = hidden_states(rnn, inputs[::-1], (H_b,), params[3:6])
    backward = backward[::-1]
    # the readout of both, side by side
    outputs = [np.dot(np.concatenate(pair, axis=1), W_hq) + b_q for pair in zip(forward, backward)]
    ### END CODE HERE ###

    return outputs, (H_f, H_b)


# %% nbgrader={"grade": true, "grade_id": "test_bidirectional_rnn", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("bidirectional_rnn")
### END HIDDEN TESTS
visible_check(bidirectional_rnn)

# %% [markdown]
# **Look at who knows what.** One input of ten is changed. At which steps do the scores change: of two layers, and of both directions?

# %% tags=["demonstration"]
rng = np.random.default_rng(3)
inputs = [rng.normal(size=(1, 3)) for _ in range(10)]
changed = [X + (t == 4) for t, X in enumerate(inputs)]
layer = initial_params("rnn", 3, 8, 2, rng)[:3]
upper, readout, wide = (initial_params("rnn", *sizes, rng) for sizes in ((8, 8, 2), (8, 8, 2), (8, 16, 2)))
zeros = (np.zeros((1, 8)), np.zeros((1, 8)))

reach = []
for network, params in (
    (deep_rnn, [*layer, *upper[:3], *readout[3:]]),
    (bidirectional_rnn, [*layer, *initial_params("rnn", 3, 8, 2, rng)[:3], *wide[3:]]),
):
    before, after = network(inputs, zeros, params)[0], network(changed, zeros, params)[0]
    reach.append([np.abs(a - b).max() for a, b in zip(before, after)])
plot_gates(
    {"the change of the scores, relative to the largest": np.array([row / np.max(row) for row in np.array(reach)])},
    units=["two layers", "both directions"],
    title="Step 5 is changed",
)

# %% [markdown]
# > **What to remember from part 4.** Layers are stacked by feeding states as inputs. A bidirectional network sees the whole sequence at every step: for labels, not for writing.
#
# ## 5 A text in batches
#
# The text is Chinese verse of the Tang and Song dynasties, 409 poems. A character is an input, the next one its target. The 1,000 most frequent get numbers, the others share `□`. One poem of ten is held out.

# %%
train_text, held_out_text = load_verse("data/verse.txt")
idx_to_char, char_to_idx = numbered(train_text, 1000)
vocab_size = len(idx_to_char)
corpus_indices = [char_to_idx.get(character, vocab_size - 1) for character in train_text]
held_out_indices = [char_to_idx.get(character, vocab_size - 1) for character in held_out_text]

# %% tags=["demonstration"]
print(train_text[:48])
print(len(train_text), "characters to train on,", len(held_out_text), "held out,", vocab_size, "numbers")
print("the most frequent:", "".join(idx_to_char[:24]).replace("\n", "⏎"))
print(f"without a number of their own: {np.mean(np.array(corpus_indices) == vocab_size - 1):.0%}")

# %% [markdown]
# ### How good is a language model?
#
# The mean cross-entropy is $\ell = -\frac1n \sum \log p(\text{right character})$, over all $n$ characters of a batch. Its exponential is the **perplexity**: a model with perplexity 50 is as unsure as if it chose among 50 equally likely characters.
#
# **Predict first.** What is the perplexity of a model that knows nothing, of one that is always right and sure of it, and of one that says of every right character $p = 0$?
#
# <details><summary>Answer</summary>
#
# The size of the vocabulary, 1, and infinity. The first makes a good check of a network before training.
#
# </details>
#
# ### Exercise 7: `perplexity` (8 points)
#
# `outputs` are the scores that a network returns, a list over steps; `Y` has shape (batch, steps). Mind the order in which the two are laid out. Scores may be large. Nearly a third of the points are for a softmax that does not overflow, and for a right character that is as good as impossible (add nothing to its probability).
#
# <details><summary>Hint 1: one long batch</summary>
#
# `np.concatenate(outputs)` has the whole batch of step 0 first, then that of step 1. In which order does `Y` have to be flattened?
#
# </details>
# <details><summary>Hint 2: safe logarithms</summary>
#
# $\log\mathrm{softmax}(s)_k = (s_k - s_{\max}) - \log \sum_j e^{s_j - s_{\max}}$, in each row.
#
# </details>
# <details><summary>Hint 3: picking one entry of each row</summary>
#
# `A[np.arange(len(y)), y]` takes entry `y[0]` of row 0, `y[1]` of row 1, and so on.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "perplexity", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perplexity(outputs, Y):
    """Return the perplexity of a batch.

    Arguments:
    outputs -- list with the scores (batch, vocabulary) of each step, before the softmax
    Y -- whole numbers, the right character of each example at each step, (batch, steps)

    Returns:
    ppl -- exponential of the mean cross-entropy, a number
    """
    ### START CODE HERE ###
    # scores and right characters of all steps, in one order
    scores = np.concatenate(outputs)
    y = Y.T.flatten()
    # logarithms of the probabilities
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    # the exponential of the mean cross-entropy
    ppl = np.exp(-np.mean(log_p[np.arange(len(y)), y]))
    ### END CODE HERE ###

    return ppl


# %% nbgrader={"grade": true, "grade_id": "test_perplexity", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("perplexity")
### END HIDDEN TESTS
visible_check(perplexity)

# %% [markdown]
# ### Two ways to cut a text
#
# ![A text of 15 characters, cut in two ways. Random sampling: windows of three characters in shuffled order, two to a batch. Consecutive sampling: the text is cut into two rows, and each batch takes the next three columns of both rows, so that each row goes on where it stopped.](data/sampling.svg)
#
# A window of `num_steps` characters is an input, and the same window one character later is its target. **Random** sampling takes windows in random order: the state starts from zero each time. **Consecutive** sampling cuts the text into `batch_size` rows and walks along them: row $i$ of a batch goes on where row $i$ of the batch before stopped, so the state may be handed on.
#
# Return a list of pairs `(X, Y)`, each of shape (batch_size, num_steps). A generator that yields such pairs is right too.
#
# ### Exercise 8: `data_iter_random` (8 points)
#
# Windows start at 0, `num_steps`, 2 `num_steps`, ...; a last one without a full target is left out, and so is a last batch that is not full. Put the numbers of the windows into a list `0, 1, 2, ...` and shuffle it **once** with `random.shuffle`. The seed is set for you.
#
# <details><summary>Hint 1: how many windows?</summary>
#
# The last target needs one character more than the windows themselves.
#
# </details>
# <details><summary>Hint 2: from numbers to windows</summary>
#
# Window `j` starts at character `j * num_steps`. Its target starts one later.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "data_iter_random", "locked": false, "schema_version": 3, "solution": true, "task": false}
def data_iter_random(corpus_indices, batch_size, num_steps, seed=None):
    """Cut a text into windows, and return batches of them in random order.

    Arguments:
    corpus_indices -- the text, a list or vector of whole numbers
    batch_size -- windows in a batch
    num_steps -- characters in a window
    seed -- seed of Python's module random; None for another order each time

    Returns:
    batches -- list of pairs (X, Y), each of shape (batch_size, num_steps)
    """
    random.seed(seed)
    batches = []

    ### START CODE HERE ###
    # the numbers of the windows, shuffled
    num_examples = (len(corpus_indices) - 1) // num_steps
    example_indices = list(range(num_examples))
    random.shuffle(example_indices)
    # for each full batch: its windows, and the same one character later
    for i in range(num_examples // batch_size):
        starts = [j * num_steps for j in example_indices[i * batch_size : (i + 1) * batch_size]]
        X = np.array([corpus_indices[s : s + num_steps] for s in starts])
        Y = np.array([corpus_indices[s + 1 : s + num_steps + 1] for s in starts])
        batches.append((X, Y))
    ### END CODE HERE ###

    return batches


# %% nbgrader={"grade": true, "grade_id": "test_data_iter_random", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("data_iter_random")
### END HIDDEN TESTS
visible_check(data_iter_random)

# %% [markdown]
# ### Exercise 9: `data_iter_consecutive` (8 points)
#
# Cut the text into `batch_size` rows of equal length; what is left at the end is dropped. A batch takes the next `num_steps` columns; a last one with fewer is left out. Targets come from the same row, so a row's last character is never an input.
#
# <details><summary>Hint 1: rows</summary>
#
# `np.reshape` lays a vector out row by row.
#
# </details>
# <details><summary>Hint 2: how many batches?</summary>
#
# A row of `batch_len` characters has `batch_len - 1` inputs with a target.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "data_iter_consecutive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def data_iter_consecutive(corpus_indices, batch_size, num_steps):
    """Cut a text into rows, and return batches that walk along them.

    Arguments:
    corpus_indices -- the text, a list or vector of whole numbers
    batch_size -- rows
    num_steps -- characters of each row in a batch

    Returns:
    batches -- list of pairs (X, Y), each of shape (batch_size, num_steps)
    """
    batches = []

    ### START CODE HERE ###
    # the text in rows
    batch_len = len(corpus_indices) // batch_size
    indices = np.array(corpus_indices[: batch_size * batch_len]).reshape(batch_size, batch_len)
    # for each batch: the next columns, and the same one column later
    for k in range((batch_len - 1) // num_steps):
        i = k * num_steps
        X = indices[:, i : i + num_steps]
        Y = indices[:, i + 1 : i + num_steps + 1]
        batches.append((X, Y))
    ### END CODE HERE ###

    return batches


# %% nbgrader={"grade": true, "grade_id": "test_data_iter_consecutive", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("data_iter_consecutive")
### END HIDDEN TESTS
visible_check(data_iter_consecutive)

# %% [markdown]
# Look at both on a text of the numbers 0 to 29. In which of them does a row of the second batch go on from the first?

# %% tags=["demonstration"]
for data_iter in (data_iter_random, data_iter_consecutive):
    print(data_iter.__name__)
    for X, Y in data_iter(list(range(30)), 2, 6):
        print("  X", *X.tolist(), "  Y", *Y.tolist())

# %% [markdown]
# > **What to remember from part 5.** Perplexity is the exponential of the mean cross-entropy; the size of the vocabulary is the line to beat. Random batches start from zero, consecutive ones may go on.
#
# ## 6 Training through time
#
# ### Clipping by norm
#
# In the lab on sampling each entry of a gradient was clipped by itself, which changes its direction. The documents clip by **norm**: all gradients together are one long vector $g$, and if it is longer than $\theta$ it is shortened:
#
# $$g \leftarrow g \cdot \min\Big(1,\ \frac{\theta}{\lVert g \rVert}\Big), \qquad \lVert g \rVert = \sqrt{\textstyle\sum \text{all entries}^2} \tag{10}$$
#
# **Predict first.** Two parameters have the gradients $(3, 0)$ and $(0, 4)$, and $\theta = 1$. What is left, by norm, and what if each entry is clipped to between $-1$ and 1?
#
# <details><summary>Answer</summary>
#
# The norm is 5, so (0.6, 0) and (0, 0.8): the direction stays. Entry by entry it is (1, 0) and (0, 1): another direction.
#
# </details>
#
# ### Exercise 10: `grad_clipping` (6 points)
#
# In PyTorch a parameter carries its gradient with it. In NumPy it does not, so the function takes the list of gradients itself. It changes the arrays **in place** and returns the norm before clipping.
#
# <details><summary>Hint 1: one norm</summary>
#
# The squares of all arrays are added up before the root is taken.
#
# </details>
# <details><summary>Hint 2: in place</summary>
#
# `grad *= factor` changes the array; `grad = grad * factor` makes a new one, which the caller never sees.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "grad_clipping", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grad_clipping(grads, theta):
    """Scale gradients in place so that their common norm is at most theta.

    Arguments:
    grads -- list with the gradient of each parameter, changed in place
    theta -- the largest norm

    Returns:
    norm -- the norm before clipping, a number
    """
    ### START CODE HERE ###
    # the norm of all gradients together
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    # if it is too large, scale each gradient in place
    if norm > theta:
        for grad in grads:
            grad *= theta / norm
    ### END CODE HERE ###

    return norm


# %% nbgrader={"grade": true, "grade_id": "test_grad_clipping", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("grad_clipping")
### END HIDDEN TESTS
visible_check(grad_clipping)

# %% [markdown]
# ### Truncated backpropagation
#
# The state is handed on from batch to batch, through the whole text. The gradient must not follow it, or the last batch would be differentiated through all batches before. So backpropagation is **truncated**: it goes back to the first step of the window and stops there. In PyTorch the state must be *detached* for that. In NumPy the gradient that is left at the first step is simply not used.
#
# With $\delta_t$ for the gradient of the loss by the scores $Y_t$, backwards from the last step of the window:
#
# $$dH_t = \delta_t W_{hq}^\top + dS_{t+1} W_{hh}^\top, \qquad dS_t = dH_t \odot (1 - H_t^2) \tag{11}$$
#
# with $dS = 0$ behind the last step. $dS_t$ is the gradient by the sum inside the $\tanh$. Each step adds to the gradients:
#
# $$X_t^\top dS_t, \quad H_{t-1}^\top dS_t, \quad \textstyle\sum dS_t, \quad H_t^\top \delta_t, \quad \sum \delta_t \qquad \text{for } W_{xh}, W_{hh}, b_h, W_{hq}, b_q \tag{12}$$
#
# where the sums run over the batch.
#
# ### Exercise 11: `truncated_step` (8 points)
#
# The forward pass, the loss and the $\delta_t$ are given: `slopes[t]` is $\delta_t$, of the mean loss. `states[t]` is the state after step `t`, `before[t]` the one before it. Add up the gradients.
#
# <details><summary>Hint 1: what goes back?</summary>
#
# In code `dH` holds what comes from the step after, $dS_{t+1} W_{hh}^\top$. It is zero at first: nothing comes from behind the window.
#
# </details>
# <details><summary>Hint 2: shapes</summary>
#
# A gradient has the shape of its parameter. Each product of (12) fits in one order only.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "truncated_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def truncated_step(inputs, targets, state, params):
    """Return the loss of a simple RNN over a window, its gradients, and the state that is handed on.

    Arguments:
    inputs -- list with a matrix (batch, inputs) for each step
    targets -- whole numbers, the right character of each example at each step, (batch, steps)
    state -- tuple (H,) of the hidden state before the window; no gradient flows into it
    params -- list W_xh, W_hh, b_h, W_hq, b_q

    Returns:
    loss -- mean cross-entropy, a number
    grads -- list with the gradient of each parameter, in their order
    state -- tuple (H,) of the hidden state after the window
    """
    W_xh, W_hh, b_h, W_hq, b_q = params
    states, (H,) = hidden_states(rnn, inputs, state, [W_xh, W_hh, b_h])
    outputs = [np.dot(H_t, W_hq) + b_q for H_t in states]
    loss, slopes = np.log(perplexity(outputs, targets)), output_gradients(outputs, targets)
    before = [*state, *states[:-1]]
    dW_xh, dW_hh, db_h, dW_hq, db_q = (np.zeros_like(param) for param in params)
    dH = np.zeros_like(H)

    ### START CODE HERE ###
    # backwards through the window: equation (11), what the step adds, equation (12), and what goes on to the step before
    for t in reversed(range(len(inputs))):
        dS = (np.dot(slopes[t], W_hq.T) + dH) * (1 - states[t] ** 2)
        dW_xh += np.dot(inputs[t].T, dS)
        dW_hh += np.dot(before[t].T, dS)
        db_h += np.sum(dS, axis=0)
        dW_hq += np.dot(states[t].T, slopes[t])
        db_q += np.sum(slopes[t], axis=0)
        dH = np.dot(dS, W_hh.T)
    ### END CODE HERE ###

    return loss, [dW_xh, dW_hh, db_h, dW_hq, db_q], (H,)


# %% nbgrader={"grade": true, "grade_id": "test_truncated_step", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("truncated_step")
### END HIDDEN TESTS
visible_check(truncated_step)

# %% [markdown]
# **A check before training.** Central differences tell whether a gradient is that of a loss. Of one window alone it is. Of a second window, whose state came from the first, it is not: what the parameters did through the first window is left out. That is what truncation costs.

# %% tags=["demonstration"]
rng = np.random.default_rng(4)
params = initial_params("rnn", 5, 6, 5, rng)
text = rng.integers(5, size=(2, 9))
X, Y = to_onehot(text[:, :-1], 5), text[:, 1:]
zero = (np.zeros((2, 6)),)


def second_window(params):
    """The loss and the gradients of the second window, read after the first."""
    _, _, state = truncated_step(X[:4], Y[:, :4], zero, params)
    return truncated_step(X[4:], Y[:, 4:], state, params)


def slope(loss, array, place, h=1e-5):
    """A central difference."""
    value, found = array[place], []
    for array[place] in (value + h, value - h):
        found.append(loss())
    array[place] = value
    return (found[0] - found[1]) / (2 * h)


one = slope(lambda: truncated_step(X[:4], Y[:, :4], zero, params)[0], params[1], (2, 3))
two = slope(lambda: second_window(params)[0], params[1], (2, 3))
print(f"one window:     dW_hh[2, 3] = {truncated_step(X[:4], Y[:, :4], zero, params)[1][1][2, 3]:9.6f}   slope {one:9.6f}")
print(f"second window:  dW_hh[2, 3] = {second_window(params)[1][1][2, 3]:9.6f}   slope {two:9.6f}")

# %% [markdown]
# ### Training
#
# The loop is given, after the documents': for each batch a step, clipping, an update (Adam), and after some epochs the perplexity and what the network writes. It takes your functions. First the simple RNN, with both ways of sampling.
#
# **Predict first.** Before training the perplexity should be near what? And which sampling will give the lower training perplexity?
#
# <details><summary>Answer</summary>
#
# Near 1,001, the size of the vocabulary. Consecutive sampling usually wins, since a state of zeros at each window hides what came before.
#
# </details>

# %% tags=["demonstration"]
num_hiddens, float32 = 64, np.float32
epochs = demo_iterations(8, 1)


def untrained(kind):
    return initial_params(kind, vocab_size, num_hiddens, vocab_size, np.random.default_rng(0), float32)


def train(network, step, params, data_iter, **settings):
    """Train on the verse; returns the perplexity of each epoch."""
    return train_and_predict_rnn(
        network, step, params, data_iter, grad_clipping, corpus_indices, idx_to_char, char_to_idx,
        is_random_iter=data_iter is data_iter_random, num_epochs=epochs, pred_period=epochs, prefixes=["春风", "明月"], **settings,
    )  # fmt: skip


X, Y = data_iter_consecutive(corpus_indices, 32, 35)[0]
outputs, _ = rnn(to_onehot(X, vocab_size, float32), (np.zeros((32, num_hiddens), float32),), untrained("rnn"))
print(f"before training: perplexity {perplexity(outputs, Y):.0f}")
trained, history = {}, {}
for name, data_iter in (("RNN, random", data_iter_random), ("RNN, consecutive", data_iter_consecutive)):
    print(name)
    trained[name] = untrained("rnn")
    history[name] = train(rnn, truncated_step, trained[name], data_iter)

# %% [markdown]
# Now a GRU and an LSTM of as many units. Their training steps are given; `matching_gru_step(gru)` takes the form that you wrote.

# %% tags=["demonstration"]
gated, gated_history = {}, {}
for name, network, step, num_states in (
    ("GRU", gru, matching_gru_step(gru), 1),
    ("LSTM", lstm, lstm_step, 2),
):
    print(name)
    gated[name] = untrained(name.lower())
    gated_history[name] = train(network, step, gated[name], data_iter_consecutive, num_states=num_states)

# %% [markdown]
# ### Is it any good?
#
# A falling curve says that the training text is learnt, maybe by heart. More is said by:
#
# - the perplexity of the **held-out** poems, beside that of a model that knows the frequency of each character and nothing else;
# - the share of the pairs of neighbours it writes that the training text has, **known bigrams**;
# - the share of its runs of three that the training text does not have, **new trigrams**: near 0 it copies.
#
# The last line has both shares for the held-out poems. Whether a line *means* anything only a reader of Chinese can say.

# %% tags=["demonstration"]
def held_out_perplexity(network, params, num_states):
    X, Y = np.array([held_out_indices[:-1]]), np.array([held_out_indices[1:]])
    state = (np.zeros((1, num_hiddens), float32),) * num_states
    return perplexity(network(to_onehot(X, vocab_size, float32), state, params)[0], Y)


both = trained | gated
plot_curves(history | gated_history, xlabel="epoch", ylabel="training perplexity", title="Four trainings on the same text")
counts = np.bincount(corpus_indices, minlength=vocab_size)
frequencies = [np.log(counts / counts.sum())[None]] * len(held_out_indices)
print(f"{'frequencies alone':18} held-out perplexity {perplexity(frequencies, np.array([held_out_indices])):4.0f}")
for name, network, num_states in (("RNN, random", rnn, 1), ("RNN, consecutive", rnn, 1), ("GRU", gru, 1), ("LSTM", lstm, 2)):
    zeros = (np.zeros((1, num_hiddens), float32),) * num_states
    rng = np.random.default_rng(5)
    verse = predict_rnn("春", demo_iterations(600, 60), network, both[name], zeros, idx_to_char, char_to_idx, rng)
    print(
        f"{name:18} held-out perplexity {held_out_perplexity(network, both[name], num_states):4.0f}   "
        f"known bigrams {known_bigrams(verse, [train_text]):.0%}   new trigrams {new_ngrams(verse, train_text, 3):.0%}"
    )
print(f"{'held-out verse':18} {'':24}   known bigrams {known_bigrams(held_out_text, [train_text]):.0%}   new trigrams {new_ngrams(held_out_text, train_text, 3):.0%}")

# %% [markdown]
# **What it means.** A text of 26,000 characters is very little: with a thousand characters there are a million pairs. The networks learn stops, line lengths and the commonest pairs, and then begin to learn the training text by heart: the GRU has by far the lowest perplexity in training, and not on the held-out poems. Early stopping, dropout, or more text would be next.
#
# > **What to remember from part 6.** Hand the state on, and cut the gradient. Clip by norm, which keeps the direction. Judge by held-out text.

# %% [markdown]
# ## 7 Which one to take
#
# Four trainings with one seed prove little. The comparison below was measured beforehand: networks of **equal numbers of parameters**, five seeds, early stopping by validation poems. Each figure is a mean with its 95 % interval.
#
# Four tasks: the next character of verse; a **missing** one, from the left or from both sides; **recall**, naming a symbol that was read $T$ steps ago; **adding**, the sum of two marked numbers among $T$. The last two need a long memory.
#
# **Predict first.** For which task does the choice matter most? Which network takes the longest per epoch?
#
# <details><summary>Answer</summary>
#
# It matters where a memory over many steps is needed, and there the *start* of the gates matters most. In verse the perplexities lie close together, since the text is short. There one layer of any kind takes about the same time, most of it for the readout; two layers take longer.
#
# </details>

# %% tags=["demonstration"]
comparison = json.loads(Path("data/comparison.json").read_text("utf-8"))
for task, title in (("verse", "The next character"), ("missing", "A missing character")):
    found = comparison[task]
    print(f"{title:20} parameters   test perplexity   seconds per epoch")
    for name, one in found["models"].items():
        test, seconds = one["test"], one["seconds"]
        print(f"{name:20} {one['parameters']:10,}   {test['mean']:8.1f} ± {test['half']:4.1f}   {seconds['mean']:10.2f} ± {seconds['half']:.2f}")
    if found.get("baselines"):
        print("baselines:", ", ".join(f"{name} {value:.0f}" for name, value in found["baselines"].items()))
    curves = {name: (one["curve"]["mean"], one["curve"]["half"]) for name, one in found["models"].items()}
    plot_bands(curves, found["epochs"], xlabel="epoch", ylabel="validation perplexity", title=title)
for task in ("recall", "adding"):
    found = comparison[task]
    curves = {name: (one["accuracy"]["mean"], one["accuracy"]["half"]) for name, one in found["models"].items()}
    plot_bands(curves, found["T"], xlabel="T", ylabel="accuracy", title=f"{task}, T steps", doubling=True)

# %% [markdown]
# **What it means.** In verse the GRU is ahead by six of 150, which is more than the interval; a second layer of the same total size gains nothing in 24 epochs. A missing character is guessed better from both sides. In recall, with gates that start as usual, GRU and LSTM are near chance from $T = 40$ or $80$ on; the RNN, whose recurrent weights start orthogonal, keeps the symbol longer: at 80 with four seeds of five. With small random weights it fails more and more from 20 on. With gates that start slow, nearly open for the old state, GRU and LSTM hold it over 160 steps with every seed. In adding, the RNN falls off from $T = 20$ on, while GRU and LSTM are right in at least 98 of 100 at 80. An architecture says what can be learnt; where it starts says what is.
#
# | take | when | price |
# |:--|:--|:--|
# | a simple RNN | little data, and a baseline for the others | its gradient vanishes or explodes; results differ between seeds |
# | a GRU | a good first choice; start its update gate slow if the memory must be long | three times the work of an RNN with as many units |
# | an LSTM | long memories, with a forget bias of 1 or more | four times the work, a second state |
# | several layers | there is much data, and one layer underfits | slower; on this small text no gain |
# | both directions | the whole sequence is there: labels, missing words | cannot write; must wait for the end |
#
# ## For those who want more
#
# Nothing here is graded.
#
# **Write a check, and try to break it.** `my_check(cell)` gets a *leaky* cell that returns `decay * a_prev + (1 - decay) * xt` (a gate is such a `decay`, computed at each step), and raises an `AssertionError` if it is wrong. The last line tries it on a right cell and on six wrong ones.

# %% tags=["demonstration"]
from course_utils.break_it import try_check


def my_check(cell):
    """Raise an AssertionError if a leaky cell is wrong: cell(xt, a_prev, decay) gives a_next."""
    a_next = cell(np.zeros((2, 3)), np.ones((2, 3)), 0.5)
    assert a_next.shape == (2, 3)


try_check(my_check)

# %% [markdown]
# **Further tasks**
#
# - Train the GRU in the other form. Is the difference larger than that between two seeds?
# - Set `clipping_theta` to 0.01 and to 100. Which harms more, and why does Adam forgive the first?
#
# **Further reading**
#
# - K. Cho et al., [Learning phrase representations using RNN encoder–decoder](https://aclanthology.org/D14-1179/), EMNLP 2014: the GRU.
# - J. Chung et al., [Empirical evaluation of gated recurrent neural networks](https://arxiv.org/abs/1412.3555) (2014): GRU and LSTM compared, with the other $z$.
# - M. Schuster and K. Paliwal, [Bidirectional recurrent neural networks](https://doi.org/10.1109/78.650093), *IEEE Transactions on Signal Processing* 45 (1997).
# - R. Pascanu, T. Mikolov and Y. Bengio, [On the difficulty of training recurrent neural networks](https://proceedings.mlr.press/v28/pascanu13.html), ICML 2013: clipping by norm.
# - A. Zhang et al., [*Dive into Deep Learning*](https://d2l.ai/chapter_recurrent-modern/index.html), chapter 10.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Five networks with one interface, and a loop that trains them.
# - Two notations for one GRU, and figures with which to choose.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all eleven checks say "visible checks passed". Save, and hand in this notebook under its own name.
