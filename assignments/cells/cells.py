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
# # Recurrent cells, step by step
#
# In this lab you write the forward pass of two recurrent networks with nothing but NumPy: a simple RNN and an LSTM. First one time step of each, then a whole sequence.
#
# **Afterwards you can**
#
# - say which shape every array in a recurrent network has, and why;
# - run an RNN and an LSTM over a batch of sequences, and keep what training will need later;
# - read a picture of gate values and tell what an LSTM remembers;
# - check a recurrent network the way a practitioner does before trusting it.
#
# **You need** matrix products, NumPy broadcasting and Python loops. **Time:** about two hours. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `rnn_cell_forward`: one step of an RNN | 20 |
# | 2 | `rnn_forward`: an RNN over a sequence | 20 |
# | 3 | `lstm_cell_forward`: one step of an LSTM | 30 |
# | 4 | `lstm_forward`: an LSTM over a sequence | 30 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables: the cells after them rely on those names.
#
# After each exercise comes a check. It compares your function with published values and shows both side by side; then it runs the function on *open cases*, which are drawn in the same way as the hidden tests. That is a help, not a grade: once handed in, your function is run on **other inputs**. A mistake costs once: if your cell is wrong, your loop is tested with a right one. Keep to float64, which NumPy uses by itself: what is computed in float32 is off by more than rounding, and counts as wrong.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints under the exercise one at a time.

# %%
import numpy as np

from course_utils import rnn_utils
from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.plots import plot_curves, plot_gates
from course_utils.rnn_utils import sigmoid, softmax

# %% [markdown]
# ## 1 Where sequences come up
#
# A **sequence model** is for data in which the order carries meaning:
#
# | task | goes in | comes out |
# |:--|:--|:--|
# | speech recognition | sound, thousands of samples a second | words |
# | music generation | a first note, or a style | notes |
# | judging a review | words | one rating |
# | translation | words | words of another language |
# | recognising an action in a video | frames | one label |
# | finding names in a text | words | for each word: is it part of a name? |
#
# An ordinary network has a fixed number of inputs, but sentences differ in length. And what it learns about a word in the third place it must learn again for the fourth, since each place has weights of its own. A **recurrent** network reads one item at a time, with the same weights at every step, and carries along a vector of what it has seen.

# %% [markdown]
# ### Four forms
#
# What differs between these tasks is at which steps something goes in and something comes out.
#
# ![Four diagrams of recurrent networks. One to many: one input, then an output at every step. Many to one: an input at every step, one output at the end. Many to many of equal length: an input and an output at every step. Many to many of unequal length: first only inputs, then only outputs.](data/forms.svg)
#
# Music generation is *one to many*, judging a review *many to one*. Finding names gives an answer per word: *many to many of equal length*. A translation may be shorter or longer than its original, so the network first reads everything and only then writes: *many to many of unequal length*.
#
# In this lab every step has an input and an output. The other forms use the same cells and leave out some of the inputs or outputs.

# %% [markdown]
# ### Notation
#
# - $x^{(i)\langle t\rangle}$ is the item at step $t$ of example $i$. Round brackets count examples, angle brackets count steps.
# - $T_x$ is the number of steps of the input, $T_y$ that of the output. Here $T_y = T_x$.
# - A word is not a number, so we use a **one-hot** vector: as long as the vocabulary, all zeros, with a single 1 at the word's place.
#
# A batch of $m$ sequences goes into one array `x` of shape $(n_x, m, T_x)$: the features of an item run down the rows, **each example has a column**, and the steps are the last axis. The next cell builds such a batch from two short sentences. Before you run it: what is the shape of `x`, and which entry of `x[:, 0, 2]` is the 1?
#
# <details><summary>Answer</summary>
#
# (4, 2, 3): four words in the vocabulary, two sentences, three steps. Step 2 of the first sentence is *again*, the last word of the vocabulary, so the 1 is the last entry.
#
# </details>

# %% tags=["demonstration"]
vocabulary = ["rain", "snow", "falls", "again"]
sentences = [["snow", "falls", "again"], ["rain", "again", "falls"]]

x = np.zeros((len(vocabulary), len(sentences), 3))
for i, sentence in enumerate(sentences):
    for t, word in enumerate(sentence):
        x[vocabulary.index(word), i, t] = 1

print("shape (n_x, m, T_x):  ", x.shape)
print("example 0, step 2:    ", x[:, 0, 2])
print("both examples, step 0:\n", x[:, :, 0], sep="")

# %% [markdown]
# ### Symbols and shapes
#
# Code uses the names in the second column throughout. Come back to this table whenever a shape puzzles you.
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $n_x,\; n_a,\; n_y$ | `n_x`, `n_a`, `n_y` | | sizes of an input, of the hidden state, of a prediction |
# | $m,\; T_x$ | `m`, `T_x` | | examples in the batch, time steps |
# | $x^{\langle t\rangle}$ | `xt` | $(n_x, m)$ | input at step $t$ |
# | $a^{\langle t-1\rangle},\; a^{\langle t\rangle}$ | `a_prev`, `a_next` | $(n_a, m)$ | hidden state before and after the step |
# | $c^{\langle t-1\rangle},\; c^{\langle t\rangle}$ | `c_prev`, `c_next` | $(n_a, m)$ | memory of an LSTM, also called its *cell state*, before and after the step |
# | $\hat y^{\langle t\rangle}$ | `yt_pred` | $(n_y, m)$ | prediction at step $t$, each column sums to 1 |
# | all steps of these | `x`, `a`, `c`, `y_pred` or `y` | as above, with $T_x$ as third axis | |
# | $W_{ax},\; W_{aa},\; W_{ya}$ | `Wax`, `Waa`, `Wya` | $(n_a, n_x)$, $(n_a, n_a)$, $(n_y, n_a)$ | weights of the RNN, result first: `Wax` makes an *a* from an *x* |
# | $b_a,\; b_y$ | `ba`, `by` | $(n_a, 1)$, $(n_y, 1)$ | biases, the same for every example |
# | $W_f, W_i, W_c, W_o$ | `Wf`, `Wi`, `Wc`, `Wo` | $(n_a, n_a + n_x)$ | weights of the LSTM's gates and candidate |
# | $b_f, b_i, b_c, b_o$ | `bf`, `bi`, `bc`, `bo` | $(n_a, 1)$ | their biases |
# | $W_y,\; b_y$ | `Wy`, `by` | $(n_y, n_a)$, $(n_y, 1)$ | weights and bias of the LSTM's prediction |

# %% [markdown]
# Two functions are given. `sigmoid` squeezes every number into the range from 0 to 1. `softmax` turns **each column** of scores into probabilities that sum to 1. Look at the columns of the second result: which score got the largest share?

# %% tags=["demonstration"]
print("sigmoid:", sigmoid(np.array([-4.0, 0.0, 4.0])).round(3))

scores = np.array([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]])  # three classes, two examples
print("softmax:\n", softmax(scores).round(3), sep="")
print("column sums:", softmax(scores).sum(axis=0).round(3))

# %% [markdown]
# > **What to remember from part 1.** A recurrent network reads one item at a time, with the same weights at every step. A batch has shape $(n_x, m, T_x)$: features, examples, steps.
#
# ## 2 One step of an RNN
#
# **Why.** To judge the word *falls* it matters whether *snow* or *rain* came before. So a step must look at two things: the new item, and a summary of everything earlier. That summary is the hidden state $a$. Each step mixes the old state with the new input and passes the result on.
#
# ![An RNN cell. The state before the step is multiplied by W aa, the input by W ax; both are added together with the bias b a and pass through tanh, which gives the new state. The new state leaves to the right, and also goes up, inside the cell, through W ya, the bias b y and a softmax, which gives the prediction above the cell.](data/rnn_cell.svg)

# %% [markdown]
# **In equations**, with the shape of each term below it:
#
# $$a^{\langle t\rangle} = \tanh\Big(\underbrace{W_{aa}\,a^{\langle t-1\rangle}}_{(n_a,\,m)} + \underbrace{W_{ax}\,x^{\langle t\rangle}}_{(n_a,\,m)} + \underbrace{b_a}_{(n_a,\,1)}\Big) \tag{1}$$
#
# $$\hat y^{\langle t\rangle} = \mathrm{softmax}\Big(\underbrace{W_{ya}\,a^{\langle t\rangle}}_{(n_y,\,m)} + \underbrace{b_y}_{(n_y,\,1)}\Big) \tag{2}$$
#
# The products are matrix products. A bias has one column and is added to each of the $m$ columns: that is NumPy's broadcasting. The $\tanh$ keeps every state between $-1$ and $1$.
#
# Equation (2) uses the **new** state. The prediction at step $t$ therefore knows the input of step $t$.

# %% [markdown]
# **Predict first.** Take the smallest network there is: $n_x = n_a = m = 1$ and $n_y = 2$, with $W_{aa} = 0.5$, $W_{ax} = 1$, $b_a = 0$, $W_{ya} = \begin{pmatrix} 1 \\ -1 \end{pmatrix}$ and $b_y = 0$. The state before is $a^{\langle 0\rangle} = 1$, the input $x^{\langle 1\rangle} = 0.5$.
#
# Work out $a^{\langle 1\rangle}$ on paper ($\tanh 1 \approx 0.762$). Which of the two classes is the likelier one, and how would you make them equally likely by changing nothing but $x^{\langle 1\rangle}$?
#
# <details><summary>Answer</summary>
#
# $a^{\langle 1\rangle} = \tanh(0.5 \cdot 1 + 1 \cdot 0.5) = \tanh 1 \approx 0.762$. The scores are $0.762$ and $-0.762$, so the first class is likelier: $0.821$ against $0.179$. They are equally likely where the state is 0, and that takes $x^{\langle 1\rangle} = -0.5$.
#
# </details>

# %% [markdown]
# ### Exercise 1: `rnn_cell_forward` (20 points)
#
# Write equations (1) and (2). The parameters are already taken out of their dictionary. The `cache` is ready too: a tuple of what the backward pass, in a later lab, will ask for.
#
# <details><summary>Hint 1: start from the shapes</summary>
#
# Write the shape of every array in equation (1) on paper. For each weight matrix only one order of the product fits.
#
# </details>
# <details><summary>Hint 2: which product?</summary>
#
# In NumPy `*` multiplies element by element. A matrix product is `np.dot`, or `@`.
#
# </details>
# <details><summary>Hint 3: the prediction looks odd</summary>
#
# `softmax` already works column by column, so hand it the whole array of scores at once. Is the state inside it the new one?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_cell_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_cell_forward(xt, a_prev, parameters):
    """Take one time step of an RNN for a batch of m examples.

    Arguments:
    xt -- input at this step, shape (n_x, m)
    a_prev -- hidden state before the step, shape (n_a, m)
    parameters -- dictionary with
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1)

    Returns:
    a_next -- hidden state after the step, shape (n_a, m)
    yt_pred -- prediction at this step, shape (n_y, m)
    cache -- tuple (a_next, a_prev, xt, parameters)
    """
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]
    Wya = parameters["Wya"]
    ba = parameters["ba"]
    by = parameters["by"]

    ### START CODE HERE ###
    # the new hidden state, equation (1)
    a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)
    # the prediction, equation (2)
    yt_pred = softmax(np.dot(Wya, a_next) + by)
    ### END CODE HERE ###

    cache = (a_next, a_prev, xt, parameters)
    return a_next, yt_pred, cache


# %% [markdown]
# Was your prediction right?

# %% tags=["demonstration"]
tiny = {
    "Waa": np.array([[0.5]]),
    "Wax": np.array([[1.0]]),
    "Wya": np.array([[1.0], [-1.0]]),
    "ba": np.zeros((1, 1)),
    "by": np.zeros((2, 1)),
}
a_next, yt_pred, cache = rnn_cell_forward(np.array([[0.5]]), np.array([[1.0]]), tiny)
check_shape("a_next", a_next, (1, 1))
check_shape("yt_pred", yt_pred, (2, 1))

print(f"new state:  {a_next[0, 0]:.4f}")
print(f"prediction: {yt_pred[0, 0]:.4f} and {yt_pred[1, 0]:.4f}")

# %% nbgrader={"grade": true, "grade_id": "test_rnn_cell_forward", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("rnn_cell_forward")
### END HIDDEN TESTS
visible_check(rnn_cell_forward)

# %% [markdown]
# **What it means.** The state is now a mixture of what was and what is new, and the mixture cannot be taken apart again. Keep this in mind for the LSTM.
#
# A batch is a convenience for speed only: the columns must not know of each other. Practitioners test that, because a `sum` or a `max` over the wrong axis breaks it without any error message. Below, example 2 is run in a batch of five and then alone.


# %% tags=["demonstration"]
def random_rnn(rng, n_x, n_a, n_y):
    """RNN parameters drawn at random, small enough that tanh is not always at its ends."""
    return {
        "Wax": rng.normal(size=(n_a, n_x)) / np.sqrt(n_x),
        "Waa": rng.normal(size=(n_a, n_a)) / np.sqrt(n_a),
        "Wya": rng.normal(size=(n_y, n_a)),
        "ba": rng.normal(size=(n_a, 1)),
        "by": rng.normal(size=(n_y, 1)),
    }


rng = np.random.default_rng(7)
parameters = random_rnn(rng, n_x=3, n_a=4, n_y=2)
xt, a_prev = rng.normal(size=(3, 5)), rng.normal(size=(4, 5))

a_batch, y_batch, _ = rnn_cell_forward(xt, a_prev, parameters)
a_alone, y_alone, _ = rnn_cell_forward(xt[:, [2]], a_prev[:, [2]], parameters)
check_shape("a_next", a_batch, (4, 5))

print("same state alone as in the batch:     ", np.allclose(a_batch[:, [2]], a_alone, atol=1e-12))
print("same prediction alone as in the batch:", np.allclose(y_batch[:, [2]], y_alone, atol=1e-12))
print("every column of y sums to 1:          ", np.allclose(y_batch.sum(axis=0), 1))

# %% [markdown]
# > **What to remember from part 2.** One step mixes the old state with the new input: $a^{\langle t\rangle} = \tanh(W_{aa}\,a^{\langle t-1\rangle} + W_{ax}\,x^{\langle t\rangle} + b_a)$. The prediction uses the new state. The columns of a batch know nothing of each other.
#
# ## 3 An RNN over a whole sequence
#
# **Why.** One step is a function; a sequence is that function applied again and again. The network looks long when it is drawn out, but there is only one cell and one set of parameters. What changes from step to step is the state.
#
# ![An RNN drawn out over time. The same cell appears once for every step from 1 to T x. Each takes the state from the left and its own input from below, and gives a prediction above and a new state to the right. The first state, a 0, is given.](data/rnn_unrolled.svg)

# %% [markdown]
# **In equations**, for $t = 1, \dots, T_x$:
#
# $$\big(\underbrace{a^{\langle t\rangle}}_{(n_a,\,m)},\; \underbrace{\hat y^{\langle t\rangle}}_{(n_y,\,m)}\big) = \mathrm{cell}\big(\underbrace{x^{\langle t\rangle}}_{(n_x,\,m)},\; \underbrace{a^{\langle t-1\rangle}}_{(n_a,\,m)}\big) \tag{3}$$
#
# All states are collected in `a` of shape $(n_a, m, T_x)$ and all predictions in `y_pred` of shape $(n_y, m, T_x)$. The mathematics counts steps from 1, Python from 0: `a[:, :, 0]` is $a^{\langle 1\rangle}$. The given $a^{\langle 0\rangle}$ is `a0` and is not stored in `a`.
#
# **Predict first.** A network with one unit, $W_{aa} = W_{ax} = 1$ and no bias, starts at 0 and reads the sequence $1, 0, 0, 0$. So it gets one kick and then nothing. Does its state stay where the kick put it, grow, or shrink?
#
# <details><summary>Answer</summary>
#
# It shrinks, since $\tanh z$ is closer to 0 than $z$: 0.762, 0.642, 0.566, 0.513. It tends to 0, but more and more slowly.
#
# </details>

# %% [markdown]
# ### Exercise 2: `rnn_forward` (20 points)
#
# Make room for the results, then let your cell walk through the steps. Append the cache of every step to the list `caches`.
#
# <details><summary>Hint 1: what goes round?</summary>
#
# One variable is an output of each step and an input of the next. Which one, and what is its value before the first step?
#
# </details>
# <details><summary>Hint 2: one step of x</summary>
#
# The notation cell near the top printed "both examples, step 0". You need the same for step `t`.
#
# </details>
# <details><summary>Hint 3: sizes</summary>
#
# `n_x`, `m`, `T_x`, `n_y` and `n_a` have been read off for you. `np.zeros` takes a shape as a tuple.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_forward(x, a0, parameters):
    """Run an RNN over a batch of sequences.

    Arguments:
    x -- inputs of all steps, shape (n_x, m, T_x)
    a0 -- hidden state before the first step, shape (n_a, m)
    parameters -- dictionary with
        Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1), by (n_y, 1)

    Returns:
    a -- hidden states of all steps, shape (n_a, m, T_x)
    y_pred -- predictions of all steps, shape (n_y, m, T_x)
    caches -- tuple (list of the cache of each step, x)
    """
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape

    ### START CODE HERE ###
    # zeros to hold the states and the predictions of all steps
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    # the state that goes from step to step starts at a0
    a_next = a0
    # for each step: run the cell, store the state, the prediction and the cache
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next
        y_pred[:, :, t] = yt_pred
        caches.append(cache)
    ### END CODE HERE ###

    caches = (caches, x)
    return a, y_pred, caches


# %% [markdown]
# Now the kick. Was your guess right, and do you see where it is heading?

# %% tags=["demonstration"]
kick = np.array([1.0, 0.0, 0.0, 0.0]).reshape(1, 1, 4)
one_unit = {**tiny, "Waa": np.array([[1.0]])}
a, y_pred, caches = rnn_forward(kick, np.zeros((1, 1)), one_unit)
check_shape("a", a, (1, 1, 4))
check_shape("y_pred", y_pred, (2, 1, 4))

for t in range(4):
    print(f"step {t + 1}:  x = {kick[0, 0, t]:.0f}   a = {a[0, 0, t]:.4f}")

# %% nbgrader={"grade": true, "grade_id": "test_rnn_forward", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("rnn_forward")
### END HIDDEN TESTS
visible_check(rnn_forward)

# %% [markdown]
# **What it means.** With nothing new coming in, the memory of the kick fades. How fast depends on $W_{aa}$, and the next figure shows it for four values. Each curve is the distance between the states of two sequences that are equal except for their first item: it is all that the network still knows about that item.

# %% tags=["demonstration"]
first_differs = np.zeros((1, 2, 25))  # two examples, 25 steps
first_differs[0, :, 0] = [1.0, -1.0]

distance = {}
for weight in (0.5, 0.9, 1.0, 2.0):
    a, _, _ = rnn_forward(first_differs, np.zeros((1, 2)), {**tiny, "Waa": np.array([[weight]])})
    check_shape("a", a, (1, 2, 25))
    distance[f"Waa = {weight}"] = a[0, 0] - a[0, 1]

title = "What an RNN still knows about its first input"
plot_curves(distance, ylabel="distance of the states", title=title)

# %% [markdown]
# With $W_{aa} = 0.5$ nothing is left after ten steps. With 1 the trace is slow to fade, but only because nothing else comes in: in a real sentence every further word pushes at the same state, and its beginning is soon overwritten.
#
# With $W_{aa} = 2$ nothing fades. Such a unit **latches**: the first input sends its state to one of two resting points, near $0.96$ and $-0.96$, and there it stays. So a large weight does keep one thing, the sign. The next cell shows what that costs.
#
# **Predict first.** The first input is now a little larger, 1.01 in place of 1. For which weight does that make the largest difference at step 25? And if an input of $-0.5$ comes at step 13, which unit reacts least?
#
# <details><summary>Answer</summary>
#
# For $W_{aa} = 1$, though little is left there too. For 2 the change is gone after a few steps: both states move to the same resting point. The unit with 2 also reacts least to the later input, as its tanh is nearly flat at 0.96.
#
# </details>

# %% tags=["demonstration"]
inputs = np.zeros((1, 3, 25))
inputs[0, :, 0] = [1.0, 1.01, 1.0]  # the second example starts a little higher
inputs[0, 2, 12] = -0.5  # the third gets a new input at step 13

passed = {}
for weight in (0.5, 0.9, 1.0, 2.0):
    a, _, _ = rnn_forward(inputs, np.zeros((1, 3)), {**tiny, "Waa": np.array([[weight]])})
    check_shape("a", a, (1, 3, 25))
    passed[f"Waa = {weight}"] = (a[0, 1] - a[0, 0]) / 0.01
    print(f"Waa = {weight}:  the new input moves the state from {a[0, 0, 12]:5.2f} to {a[0, 2, 12]:5.2f}")

title = "How much a small change of the first input matters"
plot_curves(passed, ylabel="change for each unit of x1", title=title)

# %% [markdown]
# **What it means.** What the second figure shows is a derivative, of the state by the first input, and training lives on derivatives. The unit that latches keeps its sign, hardly reacts to what comes later, and passes almost no gradient back: it remembers, but it could not have learnt what to remember. The unit with 0.9 reacts and learns, and forgets. No single weight does both.
#
# **Move it.** Two sequences begin with $+1$ and $-1$; `later` is an input that both get at step 13. Below `Waa` = 1 the two states run together: the first input is forgotten. Above 1 they stay apart, each with its sign. How large must `later` be, with `Waa` = 1.5 and with 2, until the network forgets which sequence it reads?

# %% tags=["demonstration"]
from course_utils.explore import explore_curves


def two_sequences(Waa, later):
    """The states of two sequences that differ in their first input alone."""
    x = np.zeros((1, 2, 25))
    x[0, :, 0] = [1.0, -1.0]
    x[0, :, 12] = later
    a, _, _ = rnn_forward(x, np.zeros((1, 2)), {**tiny, "Waa": np.array([[Waa]])})
    check_shape("a", a, (1, 2, 25))
    return {"began with +1": a[0, 0], "began with −1": a[0, 1]}


explore_curves(
    two_sequences,
    ylabel="state a",
    title="What is left of the first input",
    limits=(-1.05, 1.05),
    Waa=(0, 2.5, 0.1, 0.9),
    later=(0, 3, 0.1, 0),
)

# %% [markdown]
# One more check: over many steps with large weights, all numbers must stay finite.

# %% tags=["demonstration"]
rng = np.random.default_rng(8)
parameters = random_rnn(rng, n_x=3, n_a=6, n_y=4)
parameters["Waa"] = 5 * parameters["Waa"]
a, y_pred, caches = rnn_forward(rng.normal(size=(3, 2, 300)), np.zeros((6, 2)), parameters)
check_shape("a", a, (6, 2, 300))

print("all states finite after 300 steps:   ", np.isfinite(a).all())
print("no state outside -1 to 1:            ", (np.abs(a) <= 1).all())
print("predictions sum to 1 at every step:  ", np.allclose(y_pred.sum(axis=0), 1))
print("one cache for each step, and x:      ", len(caches[0]) == 300 and caches[1].shape == (3, 2, 300))

# %% [markdown]
# > **What to remember from part 3.** A sequence is one cell and one loop. Small recurrent weights forget; large ones latch and pass no gradient.
#
# ## 4 One step of an LSTM
#
# **Why.** An RNN rewrites its whole state at every step. Suppose you are reading *(snow falls again)* one symbol at a time and must know whether a bracket is still open. You want one place that is written when the bracket opens, is **left alone** while other symbols pass, and is wiped when it closes.
#
# A *long short-term memory* has such places. Beside the hidden state $a$ it carries a memory $c$ that flows on from step to step and is changed by two kinds of operation only: multiplying by a gate, and adding something. A **gate** is a vector of numbers between 0 (shut) and 1 (open), computed afresh at each step from what the cell sees.
#
# ![An LSTM cell. Along the top runs the memory: c before the step is multiplied by the forget gate, then the candidate multiplied by the update gate is added, which gives c after the step. Below, four boxes compute forget gate, update gate, candidate and output gate from the old state stacked on the input. The new state is the output gate times the tanh of the new memory. It leaves to the right, and up, inside the cell, through W y, the bias b y and a softmax as the prediction.](data/lstm_cell.svg)

# %% [markdown]
# **In equations.** First the old state is stacked on top of the input, state first:
#
# $$\mathrm{concat} = \begin{pmatrix} a^{\langle t-1\rangle} \\ x^{\langle t\rangle} \end{pmatrix} \qquad \text{shape } (n_a + n_x,\; m) \tag{4}$$
#
# Three gates and a candidate come from it, each of shape $(n_a, m)$:
#
# $$\begin{aligned}
# \Gamma_f^{\langle t\rangle} &= \sigma\big(W_f\,\mathrm{concat} + b_f\big) && \text{forget gate: how much of the old memory stays} \\
# \Gamma_i^{\langle t\rangle} &= \sigma\big(W_i\,\mathrm{concat} + b_i\big) && \text{update gate: how much of the candidate is added} \\
# \tilde c^{\langle t\rangle} &= \tanh\big(W_c\,\mathrm{concat} + b_c\big) && \text{candidate: what could be written} \\
# \Gamma_o^{\langle t\rangle} &= \sigma\big(W_o\,\mathrm{concat} + b_o\big) && \text{output gate: how much of the memory shows}
# \end{aligned} \tag{5}$$
#
# With $\odot$ for the product element by element, again of shape $(n_a, m)$:
#
# $$c^{\langle t\rangle} = \Gamma_f^{\langle t\rangle} \odot c^{\langle t-1\rangle} + \Gamma_i^{\langle t\rangle} \odot \tilde c^{\langle t\rangle} \tag{6}$$
#
# $$a^{\langle t\rangle} = \Gamma_o^{\langle t\rangle} \odot \tanh\big(c^{\langle t\rangle}\big) \tag{7}$$
#
# $$\hat y^{\langle t\rangle} = \mathrm{softmax}\big(W_y\,a^{\langle t\rangle} + b_y\big) \qquad \text{shape } (n_y,\; m) \tag{8}$$
#
# In code the gates are `ft`, `it` and `ot`, and the candidate is `cct`. The update gate is called *input gate* in most papers and libraries, hence its letter $i$; the memory $c$ is their *cell state*. Beware of one more name: $\Gamma_f$ is called the forget gate, but it is **open when the cell remembers**.

# %% [markdown]
# **Predict first.** Let every weight and every bias be zero, with $n_x = n_a = m = 1$ and $n_y = 2$. The old memory is $c^{\langle t-1\rangle} = 2$. What are the three gates, the candidate, the new memory and the new state? (Only the last needs $\tanh 1 \approx 0.762$.)
#
# <details><summary>Answer</summary>
#
# Each gate is $\sigma(0) = 0.5$, the candidate is $\tanh 0 = 0$. The new memory is $0.5 \cdot 2 + 0.5 \cdot 0 = 1$, the new state $0.5 \cdot \tanh 1 \approx 0.381$.
#
# </details>

# %% [markdown]
# ### Exercise 3: `lstm_cell_forward` (30 points)
#
# Write equations (4) to (8), one line for each quantity. Again the cache is given: it holds ten things, gates included.
#
# <details><summary>Hint 1: stacking</summary>
#
# `np.concatenate` takes a tuple of arrays and an axis. The columns are examples and must stay apart, so along which axis do the rows pile up? Equation (4) gives the order.
#
# </details>
# <details><summary>Hint 2: two kinds of product</summary>
#
# A weight times `concat` is a matrix product. A gate times a memory is element by element: both have shape $(n_a, m)$.
#
# </details>
# <details><summary>Hint 3: sigmoid or tanh?</summary>
#
# Ask of each quantity: is it a *share* between 0 and 1, or a *content* that may be negative?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_cell_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    """Take one time step of an LSTM for a batch of m examples.

    Arguments:
    xt -- input at this step, shape (n_x, m)
    a_prev -- hidden state before the step, shape (n_a, m)
    c_prev -- memory before the step, shape (n_a, m)
    parameters -- dictionary with
        Wf, Wi, Wc, Wo (n_a, n_a + n_x) and bf, bi, bc, bo (n_a, 1):
        forget gate, update gate, candidate, output gate;
        Wy (n_y, n_a), by (n_y, 1): prediction

    Returns:
    a_next -- hidden state after the step, shape (n_a, m)
    c_next -- memory after the step, shape (n_a, m)
    yt_pred -- prediction at this step, shape (n_y, m)
    cache -- tuple (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    """
    Wf, bf = parameters["Wf"], parameters["bf"]
    Wi, bi = parameters["Wi"], parameters["bi"]
    Wc, bc = parameters["Wc"], parameters["bc"]
    Wo, bo = parameters["Wo"], parameters["bo"]
    Wy, by = parameters["Wy"], parameters["by"]

    ### START CODE HERE ###
    # the old state on top of the input, equation (4)
    concat = np.concatenate((a_prev, xt), axis=0)
    # forget gate, update gate, candidate and output gate, equations (5)
    ft = sigmoid(np.dot(Wf, concat) + bf)
    it = sigmoid(np.dot(Wi, concat) + bi)
    cct = np.tanh(np.dot(Wc, concat) + bc)
    ot = sigmoid(np.dot(Wo, concat) + bo)
    # the new memory, equation (6)
    c_next = ft * c_prev + it * cct
    # the new hidden state, equation (7)
    a_next = ot * np.tanh(c_next)
    # the prediction, equation (8)
    yt_pred = softmax(np.dot(Wy, a_next) + by)
    ### END CODE HERE ###

    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


# %% [markdown]
# Compare with what you predicted. `blank_lstm` makes parameters that are all zero; we shall set some of them by hand later.


# %% tags=["demonstration"]
def blank_lstm(n_x, n_a, n_y):
    """LSTM parameters that are all zero."""
    shapes = {name: (n_a, n_a + n_x) for name in ("Wf", "Wi", "Wc", "Wo")}
    shapes |= {name: (n_a, 1) for name in ("bf", "bi", "bc", "bo")}
    shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    return {name: np.zeros(shape) for name, shape in shapes.items()}


one = np.ones((1, 1))
a_next, c_next, yt_pred, cache = lstm_cell_forward(one, one, 2 * one, blank_lstm(1, 1, 2))
check_shape("c_next", c_next, (1, 1))
check_shape("a_next", a_next, (1, 1))
check_shape("yt_pred", yt_pred, (2, 1))

for name, value in zip(("forget gate", "update gate", "candidate", "output gate"), cache[4:8]):
    print(f"{name:12} {value[0, 0]:.4f}")
print(f"{'new memory':12} {c_next[0, 0]:.4f}")
print(f"{'new state':12} {a_next[0, 0]:.4f}")

# %% nbgrader={"grade": true, "grade_id": "test_lstm_cell_forward", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm_cell_forward")
### END HIDDEN TESTS
visible_check(lstm_cell_forward)

# %% [markdown]
# **What it means.** A gate at one half loses half of the memory at each step. A useful LSTM has gates near 0 or near 1, and the bias is the simplest way to push them there. Below the memory is 2, the update gate is shut, and only $b_f$ varies. Before running: for which biases does the memory survive?
#
# <details><summary>Answer</summary>
#
# For 6 nearly all of it: $\sigma(6) \approx 0.998$. For 2 the gate is 0.881, which loses an eighth at each step. For the others half or more is gone at once.
#
# </details>

# %% tags=["demonstration"]
keeper = blank_lstm(1, 1, 2)
keeper["bi"] -= 20  # shuts the update gate
for bias in (-6, -2, 0, 2, 6):
    keeper["bf"] = np.array([[float(bias)]])
    _, c_next, _, cache = lstm_cell_forward(one, one, 2 * one, keeper)
    check_shape("c_next", c_next, (1, 1))
    print(f"bf = {bias:2}   forget gate {cache[4][0, 0]:.4f}   memory 2 becomes {c_next[0, 0]:.4f}")

# %% [markdown]
# > **What to remember from part 4.** $c^{\langle t\rangle} = \Gamma_f \odot c^{\langle t-1\rangle} + \Gamma_i \odot \tilde c$: the memory is scaled and added to, and never goes through a weight matrix. Gates are shares between 0 and 1, the candidate is the content.
#
# ## 5 An LSTM over a whole sequence
#
# **Why.** The loop is the one you know from the RNN. It carries two things from step to step, the state and the memory.
#
# **In equations**, for $t = 1, \dots, T_x$, starting from the given $a^{\langle 0\rangle}$ and from $c^{\langle 0\rangle} = 0$:
#
# $$\big(\underbrace{a^{\langle t\rangle}}_{(n_a,\,m)},\; \underbrace{c^{\langle t\rangle}}_{(n_a,\,m)},\; \underbrace{\hat y^{\langle t\rangle}}_{(n_y,\,m)}\big) = \mathrm{cell}\big(\underbrace{x^{\langle t\rangle}}_{(n_x,\,m)},\; \underbrace{a^{\langle t-1\rangle}}_{(n_a,\,m)},\; \underbrace{c^{\langle t-1\rangle}}_{(n_a,\,m)}\big) \tag{9}$$
#
# **Predict first.** One unit, all weights zero. The biases open the forget and the update gate fully, and the candidate is $\tanh 0.1 \approx 0.0997$ at every step. What is the memory after five steps? What would you call such a unit?
#
# <details><summary>Answer</summary>
#
# Each step adds 0.0997, so after five steps it is about 0.498. It is a counter.
#
# </details>

# %% [markdown]
# ### Exercise 4: `lstm_forward` (30 points)
#
# The arrays for the results are ready this time. Set the starting values, then loop. Mind the order of the four things returned: states, predictions, memories, caches.
#
# <details><summary>Hint 1: the starting memory</summary>
#
# It has the shape of one step's memory, and it must be an array of its own. A slice such as `c[:, :, 0]` is only a window onto `c`: as soon as `c` is written, what you see through the window changes.
#
# </details>
# <details><summary>Hint 2: two things to carry</summary>
#
# In `rnn_forward` one variable was handed from step to step. Now there are two. Both must be overwritten by what the cell returns.
#
# </details>
# <details><summary>Hint 3: an output is mixed up</summary>
#
# The cell returns state, memory, prediction, cache. Check that your loop unpacks them in that order and that each goes into the array of its own shape.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_forward(x, a0, parameters):
    """Run an LSTM over a batch of sequences, from a memory of zeros.

    Arguments:
    x -- inputs of all steps, shape (n_x, m, T_x)
    a0 -- hidden state before the first step, shape (n_a, m)
    parameters -- dictionary with
        Wf, Wi, Wc, Wo (n_a, n_a + n_x), bf, bi, bc, bo (n_a, 1), Wy (n_y, n_a), by (n_y, 1)

    Returns:
    a -- hidden states of all steps, shape (n_a, m, T_x)
    y -- predictions of all steps, shape (n_y, m, T_x)
    c -- memories of all steps, shape (n_a, m, T_x)
    caches -- tuple (list of the cache of each step, x)
    """
    caches = []
    n_x, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))

    ### START CODE HERE ###
    # the state starts at a0, the memory at zero in an array of its own
    a_next = a0
    c_next = np.zeros((n_a, m))
    # for each step: run the cell, store the state, the memory, the prediction and the cache
    for t in range(T_x):
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next
        c[:, :, t] = c_next
        y[:, :, t] = yt_pred
        caches.append(cache)
    ### END CODE HERE ###

    caches = (caches, x)
    return a, y, c, caches


# %% [markdown]
# Here is the unit that you worked out.

# %% tags=["demonstration"]
adder = blank_lstm(1, 1, 2)
adder["bf"] += 20
adder["bi"] += 20
adder["bc"] += 0.1
a, y, c, caches = lstm_forward(np.zeros((1, 1, 5)), np.zeros((1, 1)), adder)
check_shape("a", a, (1, 1, 5))
check_shape("y", y, (2, 1, 5))
check_shape("c", c, (1, 1, 5))

print("memory over time:", c[0, 0].round(4))

# %% nbgrader={"grade": true, "grade_id": "test_lstm_forward", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm_forward")
### END HIDDEN TESTS
visible_check(lstm_forward)

# %% [markdown]
# ### The forget gate over time
#
# Now the kick again, this time for an LSTM. The update gate opens for the input 1 at the first step and is shut afterwards. The curves differ in the bias of the forget gate alone.
#
# Which curves, do you think, are still above one half at step 30?
#
# <details><summary>Answer</summary>
#
# Those of the biases 6 and 4. After 29 more steps a gate of 0.998 has kept 93% of the memory, one of 0.982 has kept 59%, and one of 0.881 has kept 3%.
#
# </details>

# %% tags=["demonstration"]
pulse = np.zeros((1, 1, 30))
pulse[0, 0, 0] = 1

memory = {}
for bias in (6, 4, 2, 0, -4):
    holder = blank_lstm(1, 1, 2)
    holder["Wi"][0, 1] = 20  # the second column acts on x: the update gate is open where x = 1
    holder["bi"] -= 10  # and shut where x = 0
    holder["bc"] += 2  # the candidate is tanh(2), nearly 1
    holder["bf"] += bias
    _, _, c, _ = lstm_forward(pulse, np.zeros((1, 1)), holder)
    check_shape("c", c, (1, 1, 30))
    memory[f"gate {sigmoid(bias):.3f}"] = c[0, 0]

plot_curves(memory, ylabel="memory c", title="One thing to remember, five forget gates")

# %% [markdown]
# **What it means.** A forget gate of $g$ keeps the share $g^{\,t}$ after $t$ steps. Near 1 the memory lasts, near 0 it is gone at once, and one half, where untrained weights would put it, is a poor place to learn from. For this reason many implementations start $b_f$ at 1 or more.
#
# An RNN has no such dial: whatever it reads, the old state passes through the same weights. The gates of an LSTM depend on the input, so that it can keep its memory over one word and clear it at the next.

# %% [markdown]
# **Move it.** What lies between these five? Find the smallest bias with which more than half of what was written is left at step 30.

# %% tags=["demonstration"]
def memory_with(bf):
    """The memory of one unit that is written at the first step."""
    a, _, c, _ = lstm_forward(pulse, np.zeros((1, 1)), {**holder, "bf": np.array([[bf]])})
    check_shape("c", c, (1, 1, 30))
    return {f"gate {sigmoid(bf):.4f}": c[0, 0], "half of it": np.full(30, c[0, 0, 0] / 2)}


explore_curves(
    memory_with, ylabel="memory c", title="One thing to remember", limits=(0, 1.05), bf=(-6, 8, 0.5, 2)
)

# %% [markdown]
# ### Watching the gates
#
# To end with, an LSTM whose weights we set by hand so that each of its three units has a job. It reads letters and brackets:
#
# - **open?** is written when `(` comes and wiped by `)`;
# - **letter?** says whether the last symbol was a letter, and forgets everything else;
# - **count** adds 0.1 for every letter and never forgets.
#
# On paper, sketch the forget gate and the update gate of the unit *open?* over the text `a(bc)d(e)f`. Then run the cell, and compare.

# %% tags=["demonstration"]
text = "a(bc)d(e)f"
symbols = np.array([[s == "(", s == ")", s.isalpha()] for s in text], dtype=float)
x = symbols.T.reshape(3, 1, len(text))  # one-hot rows: "(", ")", letter

units = ["open?", "letter?", "count"]
reader = blank_lstm(n_x=3, n_a=3, n_y=2)
on_x = slice(3, 6)  # these columns act on x, the first three on the old state
# each row is a unit, each column a symbol: "(", ")", letter
reader["Wf"][:, on_x] = [[0, -12, 0], [0, 0, 0], [0, 0, 0]]
reader["bf"][:, 0] = [6, -6, 6]
reader["Wi"][:, on_x] = [[12, 0, 0], [0, 0, 12], [0, 0, 12]]
reader["bi"] -= 6
reader["bc"][:, 0] = [3, 3, 0.1]
reader["bo"] += 6
reader["Wy"][:, 0] = [8, -8]  # the prediction looks at the first unit only
reader["by"][:, 0] = [-3, 3]

a, y, c, caches = lstm_forward(x, np.zeros((3, 1)), reader)
check_shape("c", c, (3, 1, len(text)))

gates = {}
for name, k in (("forget gate", 4), ("update gate", 5)):
    gates[name] = np.column_stack([cache[k][:, 0] for cache in caches[0]])
gates["memory c"] = c[:, 0]
plot_gates(gates, steps=list(text), units=units, title="An LSTM reading brackets")

print("text:          ", text)
print("inside, says y:", "".join("^" if inside > 0.5 else " " for inside in y[0, 0]))

# %% [markdown]
# **What it means.** Read the picture by columns. At `(` the update gate of *open?* lights up and its memory turns on; at `)` its forget gate goes dark for one step, and the memory with it. Between the two nothing touches it, however long that takes. The unit *letter?* has its forget gate shut all the time and lives from step to step. The unit *count* only ever adds.
#
# **Step through it.** Press play, or move `step` with the arrow keys: the bars are what your cell computed, and the lines below them are equations (6) and (7) in numbers. Then type a text of your own. What does *open?* make of `((a)b`, and why is *b* outside for it?

# %% tags=["demonstration"]
from course_utils.explore import explore_gates


def encode(text):
    """A text as one-hot inputs of shape (3, 1, T_x): "(", ")", letter."""
    symbols = np.array([[s == "(", s == ")", s.isalpha()] for s in text], dtype=float)
    return symbols.T.reshape(3, 1, len(text))


explore_gates(lstm_forward, reader, encode, text, units)

# %% [markdown]
# Nobody sets weights by hand in practice. Training finds them, and real units are seldom so tidy. But this is the kind of thing that they can do, and this is how one looks at it.

# %% [markdown]
# **A last round of checks**, as for the RNN. No tanh squeezes the memory, so it may grow, by at most 1 a step. Does your LSTM stay finite over a long sequence, and do its examples stay apart?

# %% tags=["demonstration"]
rng = np.random.default_rng(9)
parameters = {name: rng.normal(size=value.shape) for name, value in blank_lstm(3, 5, 2).items()}
x, a0 = rng.normal(size=(3, 4, 200)), rng.normal(size=(5, 4))
a, y, c, caches = lstm_forward(x, a0, parameters)
check_shape("a", a, (5, 4, 200))
check_shape("c", c, (5, 4, 200))

a_alone, _, _, _ = lstm_forward(x[:, [1]], a0[:, [1]], parameters)
steps = np.arange(1, 201)
print("all finite:                              ", np.isfinite(a).all() and np.isfinite(c).all())
print("after t steps no memory is larger than t:", (np.abs(c) <= steps).all())
print("no state outside -1 to 1:                ", (np.abs(a) <= 1).all())
print("an example gives the same alone:         ", np.allclose(a[:, [1]], a_alone, atol=1e-9))

# %% [markdown]
# > **What to remember from part 5.** A forget gate of $g$ keeps $g^{\,t}$ after $t$ steps, so a memory that lasts needs a gate close to 1. To see what an LSTM does, plot its gates over the text.
#
# ## For those who want more
#
# Nothing here is graded.
#
# **Write a check, and try to break it.** A *leaky* cell keeps the share `decay` of its state and takes the rest from the input, `a_next = decay * a_prev + (1 - decay) * xt`, for arrays of shape $(n_a, m)$. Write a function `my_check(cell)` that raises an `AssertionError` if a cell is wrong. The line at the end runs it on a right cell and on six wrong ones, and says how many of these it lets pass. Which inputs tell them apart? The one in the cell is a poor check.

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
# - Write the step of a *peephole* LSTM, whose gates see the memory too. What shape do the new weights have?
# - Under *Watching the gates*, add a unit that is written by the second `(` only. Is one unit enough?
# - Run your RNN and your LSTM on the same batch 100 times and measure the time of each. How many matrix products does each step take? Can the four products of the LSTM become one?
# - The unit that latches has a resting point where $a = \tanh(W_{aa}\,a)$. Find out, by trying, for which weights there is one besides 0.
#
# **Further reading**
#
# - J. L. Elman, [Finding structure in time](https://doi.org/10.1207/s15516709cog1402_1), *Cognitive Science* 14 (1990): the simple RNN.
# - S. Hochreiter and J. Schmidhuber, [Long short-term memory](https://doi.org/10.1162/neco.1997.9.8.1735), *Neural Computation* 9 (1997), and F. A. Gers, J. Schmidhuber and F. Cummins, [Learning to forget](https://doi.org/10.1162/089976600300015015), *Neural Computation* 12 (2000), which added the forget gate.
# - R. Jozefowicz, W. Zaremba and I. Sutskever, [An empirical exploration of recurrent network architectures](https://proceedings.mlr.press/v37/jozefowicz15.html), ICML 2015: on the bias of the forget gate.
# - I. Goodfellow, Y. Bengio and A. Courville, [*Deep Learning*](https://www.deeplearningbook.org/contents/rnn.html) (2016), chapter 10.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - An RNN mixes its state with each input; what came early fades or is overwritten.
# - An LSTM adds a memory behind gates, and a gate near 1 can hold a value for as long as it is needed.
# - Both are one cell and one loop, with the same parameters at every step.
# - Shapes, batches, long sequences and sums of probabilities can be checked before any training.
#
# You also kept a cache at every step. The next lab, on backpropagation through time, walks these caches from the last step to the first.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all four checks say "visible checks passed". Save, and hand in this notebook under its own name.
