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
# # Backpropagation through time, by hand
#
# In this lab you write the backward pass of the two networks whose forward pass you know: a simple RNN and an LSTM.
#
# **Afterwards you can**
#
# - derive the gradient of a recurrent cell from its forward equations;
# - say where gradients are added up, and why: over examples, over steps, and where paths meet;
# - find a wrong gradient with a gradient check;
# - measure how fast a gradient vanishes or explodes, and say what a forget gate does about it.
#
# **You need** the lab `cells`, the chain rule and matrix products. **Time:** about two and a half hours. No internet is needed.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `rnn_cell_backward`: one step of an RNN, backwards | 20 |
# | 2 | `rnn_backward`: an RNN over a sequence, backwards | 20 |
# | 3 | `lstm_cell_backward`: one step of an LSTM, backwards | 35 |
# | 4 | `lstm_backward`: an LSTM over a sequence, backwards | 25 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells in order. Write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep all names: later cells rely on them.
#
# Two checks follow each exercise. The **gradient check** compares your gradients with slopes measured on the forward pass; it needs no solution. The **visible check** compares with published values (one set is corrected) and *open cases*, drawn like the hidden tests. Neither is a grade: that comes from **other inputs**. Results in float32, or by differences, count as wrong. Each gradient counts for itself, and a mistake costs once: if your cell is wrong, your loop is tested with a right one.
#
# `cells.py` beside this notebook has the forward functions of `cells`.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.

# %%
import json
from pathlib import Path

import numpy as np

from cells import lstm_cell_forward, lstm_forward, rnn_cell_forward, rnn_forward
from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.gradcheck import gradcheck
from course_utils.plots import plot_curves

# %% [markdown]
# ## 1 Going backwards
#
# **Why.** Training moves each weight a little so that the loss $L$, a single number, falls. For that it needs the slope of $L$ with respect to every weight. Measuring takes two forward passes per weight; **backpropagation** finds all slopes in one walk from the loss back to the inputs.
#
# We write a small d for a slope: $\mathrm dW$ is short for $\partial L/\partial W$, the array of the slopes with respect to the entries of $W$. So
#
# > **a gradient has the shape of what it belongs to**,
#
# which settles most questions of transposing and summing.

# %% [markdown]
# ### Symbols and shapes
#
# What you know from `cells` keeps its name. Its gradient has a `d` before the name.
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $\mathrm da^{\langle t\rangle}$ | `da_next` | $(n_a, m)$ | gradient of the state after the step, given |
# | $\mathrm dc^{\langle t\rangle}$ | `dc_next` | $(n_a, m)$ | gradient of the memory after the step, given (LSTM) |
# | $\mathrm da^{\langle t-1\rangle},\; \mathrm dc^{\langle t-1\rangle}$ | `da_prev`, `dc_prev` | $(n_a, m)$ | the same before the step |
# | $\mathrm dx^{\langle t\rangle}$ | `dxt` | $(n_x, m)$ | gradient of the input at step $t$ |
# | $\mathrm dz$ | `dz` | $(n_a, m)$ | gradient of the sum inside an activation; an LSTM has four, stacked to $(4 n_a, m)$ |
# | $\mathrm dW_{ax},\; \mathrm dW_{aa},\; \mathrm db_a$ | `dWax`, `dWaa`, `dba` | $(n_a, n_x)$, $(n_a, n_a)$, $(n_a, 1)$ | gradients of the RNN's parameters |
# | $\mathrm dW_f, \dots, \mathrm dW_o$ | `dWf`, `dWi`, `dWc`, `dWo` | $(n_a, n_a + n_x)$ | gradients of the LSTM's weights |
# | $\mathrm db_f, \dots, \mathrm db_o$ | `dbf`, `dbi`, `dbc`, `dbo` | $(n_a, 1)$ | gradients of its biases |
# | all steps | `da`, `dx` | $(n_a, m, T_x)$, $(n_x, m, T_x)$ | what the loss says of each state; all `dxt` |
# | | `da0` | $(n_a, m)$ | gradient of the first state |
#
# The predictions $\hat y$ appear in no equation below: what they say of the states comes in as `da`.

# %% [markdown]
# ### Three rules are enough
#
# **Element by element.** For $A = f(Z)$ each entry of $Z$ moves one entry of $A$, by $f'$. So $\mathrm dZ = \mathrm dA\odot f'(Z)$. For our activations the slope can be told from the result: $\tanh' = 1 - \tanh^2$ and $\sigma' = \sigma\,(1 - \sigma)$.
#
# **A product.** In $Z = W X$, with $W$ of shape $(p, q)$ and $X$ of shape $(q, m)$, the weight $W_{jk}$ enters row $j$ of $Z$, once in each column $i$, multiplied by $X_{ki}$. So
#
# $$\mathrm dW_{jk} = \sum_{i=1}^{m} \mathrm dZ_{ji}\, X_{ki}, \qquad\text{that is}\qquad \underbrace{\mathrm dW}_{(p,\,q)} = \underbrace{\mathrm dZ}_{(p,\,m)}\;\underbrace{X^{\mathsf T}}_{(m,\,q)} \tag{1}$$
#
# and in the same way
#
# $$\underbrace{\mathrm dX}_{(q,\,m)} = \underbrace{W^{\mathsf T}}_{(q,\,p)}\;\underbrace{\mathrm dZ}_{(p,\,m)}. \tag{2}$$
#
# **A bias** is added to every column: $\mathrm db = \sum_i \mathrm dZ_{:,i}$, of shape $(p, 1)$. Wherever a value is used several times, its gradient is a **sum over the uses**.

# %% [markdown]
# **Predict first.** Let $W = (2\;\; 1)$, $X = \begin{pmatrix} 1 & 3 \\ 0 & 1 \end{pmatrix}$, and let the loss be $L = z_1 + 10\, z_2$ with $z = W X$. So $\mathrm dz = (1\;\; 10)$. What is $\mathrm dW$ by rule (1)?
#
# <details><summary>Answer</summary>
#
# $\mathrm dW = \mathrm dz\,X^{\mathsf T} = (1\cdot 1 + 10\cdot 3 \;\;\; 1\cdot 0 + 10\cdot 1) = (31 \;\; 10)$.
#
# </details>

# %% [markdown]
# The next cell uses no rule. It moves each weight a little up and down and looks at the loss: a **central difference**.

# %% tags=["demonstration"]
W = np.array([[2.0, 1.0]])
X = np.array([[1.0, 3.0], [0.0, 1.0]])  # two features, two examples


def loss_of(W):
    z = np.dot(W, X)
    return z[0, 0] + 10 * z[0, 1]


h = 1e-5
for k in range(2):
    nudge = np.zeros((1, 2))
    nudge[0, k] = h
    slope = (loss_of(W + nudge) - loss_of(W - nudge)) / (2 * h)
    print(f"measured slope of W[0, {k}]: {slope:.4f}")

# %% [markdown]
# > **What to remember from part 1.** A gradient has the shape of what it belongs to. An activation multiplies by its slope, a product by the other factor, and a value that is used several times gets a sum.
#
# ## 2 One step of an RNN, backwards
#
# **Why.** Suppose you are told, for each unit and example, how the loss would change if the new state were a little larger: that is `da_next`. What does it say about all that went into the step?
#
# ![An RNN cell with its backward pass. From the right the gradient d a of the new state comes in. It passes the tanh and becomes d z. At the plus it goes three ways unchanged: up to the bias b a, where it becomes d b a; left to the box W aa, where d W aa is made and d a of the old state leaves to the left; and down to the box W ax, where d W ax is made and d x leaves at the bottom.](data/rnn_cell_backward.svg)

# %% [markdown]
# **In equations.** The forward step of `cells`, with a name for the sum inside:
#
# $$z = W_{aa}\,a^{\langle t-1\rangle} + W_{ax}\,x^{\langle t\rangle} + b_a, \qquad a^{\langle t\rangle} = \tanh(z)$$
#
# Read it from the end. First through the tanh:
#
# $$\underbrace{\mathrm dz}_{(n_a,\,m)} = \mathrm da^{\langle t\rangle}\odot\Big(1 - a^{\langle t\rangle}\odot a^{\langle t\rangle}\Big) \tag{3}$$
#
# A sum hands its gradient on to each term unchanged. Two terms are products, with rules (1) and (2), one is a bias:
#
# $$\begin{aligned}
# \underbrace{\mathrm dW_{aa}}_{(n_a,\,n_a)} &= \mathrm dz\;\, a^{\langle t-1\rangle\,\mathsf T} &\qquad \underbrace{\mathrm da^{\langle t-1\rangle}}_{(n_a,\,m)} &= W_{aa}^{\mathsf T}\;\mathrm dz \\
# \underbrace{\mathrm dW_{ax}}_{(n_a,\,n_x)} &= \mathrm dz\;\, x^{\langle t\rangle\,\mathsf T} &\qquad \underbrace{\mathrm dx^{\langle t\rangle}}_{(n_x,\,m)} &= W_{ax}^{\mathsf T}\;\mathrm dz \\
# \underbrace{\mathrm db_a}_{(n_a,\,1)} &= \sum_{i=1}^{m} \mathrm dz_{:,i}
# \end{aligned} \tag{4}$$
#
# Hence `a_next`, `a_prev` and `xt` in the cache.

# %% [markdown]
# **Predict first.** The one-unit network of `cells`: $W_{aa} = 0.5$, $W_{ax} = 1$, $b_a = 0$, $a^{\langle 0\rangle} = 1$, $x^{\langle 1\rangle} = 0.5$, so that $a^{\langle 1\rangle} = \tanh 1 \approx 0.762$. Let $\mathrm da^{\langle 1\rangle} = 1$. Work out all five gradients on paper.
#
# <details><summary>Answer</summary>
#
# $\mathrm dz = 1 - 0.762^2 \approx 0.42$. So $\mathrm dx = \mathrm dW_{aa} = \mathrm db_a \approx 0.42$, since they multiply it by $W_{ax} = 1$, by $a^{\langle 0\rangle} = 1$ and by 1; $\mathrm da^{\langle 0\rangle} = \mathrm dW_{ax} \approx 0.21$, by $W_{aa} = 0.5$ and by $x^{\langle 1\rangle} = 0.5$.
#
# </details>

# %% [markdown]
# ### Exercise 1: `rnn_cell_backward` (20 points)
#
# Write equations (3) and (4), one line for each gradient.
#
# <details><summary>Hint 1: start from the shapes</summary>
#
# Write the shape of the gradient on the left, those of the two factors on the right. For `dWax` and `dxt` only one order and one transpose fit. `Waa` is square, so shapes cannot tell: treat it like `Wax`.
#
# </details>
# <details><summary>Hint 2: which a?</summary>
#
# Two states are in the cache. One is the result of the tanh, the other went into the product with `Waa`.
#
# </details>
# <details><summary>Hint 3: the bias</summary>
#
# A sum over the examples drops their axis, unless you ask `np.sum` to keep it. The shape must stay $(n_a, 1)$.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_cell_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_cell_backward(da_next, cache):
    """Go back through one time step of an RNN.

    Arguments:
    da_next -- gradient of the hidden state after the step, shape (n_a, m)
    cache -- tuple (a_next, a_prev, xt, parameters) of the forward step

    Returns:
    gradients -- dictionary with
        dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1)
    """
    a_next, a_prev, xt, parameters = cache
    Wax = parameters["Wax"]
    Waa = parameters["Waa"]

    ### START CODE HERE ###
    # back through the tanh, equation (3)
    dz = da_next * (1 - a_next**2)
    # to the input and to the state before the step, equations (4), right column
    dxt = np.dot(Wax.T, dz)
    da_prev = np.dot(Waa.T, dz)
    # to the parameters, equations (4), left column
    dWax = np.dot(dz, xt.T)
    dWaa = np.dot(dz, a_prev.T)
    dba = np.sum(dz, axis=1, keepdims=True)
    ### END CODE HERE ###

    gradients = {"dxt": dxt, "da_prev": da_prev, "dWax": dWax, "dWaa": dWaa, "dba": dba}
    return gradients


# %% [markdown]
# Were your five numbers right?

# %% tags=["demonstration"]
tiny = {
    "Waa": np.array([[0.5]]),
    "Wax": np.array([[1.0]]),
    "Wya": np.array([[1.0], [-1.0]]),
    "ba": np.zeros((1, 1)),
    "by": np.zeros((2, 1)),
}
_, _, cache = rnn_cell_forward(np.array([[0.5]]), np.array([[1.0]]), tiny)
gradients = rnn_cell_backward(np.ones((1, 1)), cache)
for name, value in gradients.items():
    check_shape(name, value, (1, 1))
    print(f"{name:8} {value[0, 0]:.4f}")

# %% [markdown]
# ### The gradient check
#
# `gradcheck` measures the slope of every entry, as above. Its loss is the sum of the new state times fixed random numbers, because then these numbers are exactly `da_next`. For each gradient it shows the entry furthest off; *expected* is the measured slope. Errors are shares of the largest entry.
#
# An error near $10^{-10}$ is rounding, one above $10^{-6}$ a mistake. Gradients from central differences, or in float32, earn nothing; those from a complex step do. One wrong array points to one line; if all are wrong, look at $\mathrm dz$.


# %% tags=["demonstration"]
def random_rnn(rng, n_x, n_a, n_y=2):
    """RNN parameters drawn at random, small enough that tanh is not always at its ends."""
    return {
        "Wax": rng.normal(size=(n_a, n_x)) / np.sqrt(n_x),
        "Waa": rng.normal(size=(n_a, n_a)) / np.sqrt(n_a),
        "Wya": rng.normal(size=(n_y, n_a)),
        "ba": np.zeros((n_a, 1)),
        "by": np.zeros((n_y, 1)),
    }


rng = np.random.default_rng(1)
xt, a_prev = rng.normal(size=(3, 2)), rng.normal(size=(4, 2))
gradcheck(rnn_cell_backward, rnn_cell_forward, xt=xt, a_prev=a_prev, parameters=random_rnn(rng, 3, 4))

# %% nbgrader={"grade": true, "grade_id": "test_rnn_cell_backward", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("rnn_cell_backward")
### END HIDDEN TESTS
visible_check(rnn_cell_backward)

# %% [markdown]
# **What it means.** A step back is a squeeze by $1 - a^2$, near 0 where a unit is at the end of its tanh, and a product with $W_{aa}^{\mathsf T}$.
#
# A practitioner's check takes a batch apart: `da_prev` of an example is the same alone, and a parameter's gradient is the sum over examples.

# %% tags=["demonstration"]
rng = np.random.default_rng(2)
parameters = random_rnn(rng, n_x=3, n_a=4)
xt, a_prev, da_next = rng.normal(size=(3, 5)), rng.normal(size=(4, 5)), rng.normal(size=(4, 5))

*_, cache = rnn_cell_forward(xt, a_prev, parameters)
batch = rnn_cell_backward(da_next, cache)
alone = []
for i in range(5):
    *_, cache = rnn_cell_forward(xt[:, [i]], a_prev[:, [i]], parameters)
    alone.append(rnn_cell_backward(da_next[:, [i]], cache))

same = np.allclose(batch["da_prev"][:, [2]], alone[2]["da_prev"], atol=1e-12)
added = np.allclose(batch["dWaa"], sum(g["dWaa"] for g in alone), atol=1e-12)
print("da_prev of example 2, same alone:", same)
print("dWaa is the sum over examples:   ", added)

# %% [markdown]
# > **What to remember from part 2.** One step back is a product with the slope of the tanh, then one product for each weight and each thing that the weight was multiplied by.
#
# ## 3 An RNN over a whole sequence, backwards
#
# **Why.** The state at step $t$ acts on the loss in two ways: through the prediction at step $t$, and through all later steps. Its gradient is the sum of both. The first part, `da[:, :, t]`, is given; the second is what the step after hands back. So the walk starts at the end.
#
# ![An RNN drawn out over time, with its backward pass. At every step a gradient d a comes down from the loss and meets, at a plus, the gradient that comes from the step to the right. The sum enters the cell; out of it go d x downwards, and the gradient of the state before, to the left. Behind the first cell it leaves as d a 0. A box below collects the gradients of the shared parameters from all cells.](data/rnn_unrolled_backward.svg)

# %% [markdown]
# **In equations**, for $t = T_x, \dots, 1$, and with $\mathrm da^{\langle T_x\rangle}_{\leftarrow} = 0$ for what comes from the right at the last step:
#
# $$\Big(\underbrace{\mathrm dx^{\langle t\rangle}}_{(n_x,\,m)},\; \underbrace{\mathrm da^{\langle t-1\rangle}_{\leftarrow}}_{(n_a,\,m)},\; \mathrm dW_{ax}^{\langle t\rangle},\; \mathrm dW_{aa}^{\langle t\rangle},\; \mathrm db_a^{\langle t\rangle}\Big) = \mathrm{cell\ backward}\Big(\underbrace{\mathrm da^{\langle t\rangle} + \mathrm da^{\langle t\rangle}_{\leftarrow}}_{(n_a,\,m)}\Big) \tag{5}$$
#
# The bracket is the cell's `da_next`; in (5) and (12), $\mathrm da^{\langle t\rangle}$ is its first part, `da[:,:,t]`.
#
# The parameters are used $T_x$ times, so
#
# $$\mathrm dW_{ax} = \sum_t \mathrm dW_{ax}^{\langle t\rangle}, \qquad \mathrm dW_{aa} = \sum_t \mathrm dW_{aa}^{\langle t\rangle}, \qquad \mathrm db_a = \sum_t \mathrm db_a^{\langle t\rangle}. \tag{6}$$
#
# What leaves the first cell is $\mathrm da^{\langle 0\rangle} = \mathrm da^{\langle 0\rangle}_{\leftarrow}$.
#
# If `da` has fewer steps than `x`, the loss looks at the first states only, and the walk starts at the last step of `da`.

# %% [markdown]
# **Predict first.** One unit, $W_{aa} = 0.5$, $W_{ax} = 1$, every input and the first state 0. Then all states are 0, where the tanh has slope 1. For three steps, let `da` be 1 at each. What is $\mathrm da^{\langle 0\rangle}$? And what if `da` is 1 at the last step only?
#
# <details><summary>Answer</summary>
#
# Each step back halves the sum of what the loss says and what comes from the right: $1 \to 0.5$, $1.5 \to 0.75$, $1.75 \to 0.875$. With the last step only: $0.5^3 = 0.125$.
#
# </details>

# %% [markdown]
# ### Exercise 2: `rnn_backward` (20 points)
#
# The arrays for the sums are ready.
#
# <details><summary>Hint 1: the order</summary>
#
# `range(T_x)` counts up. `reversed` turns it round, and `t` is still the index of the step.
#
# </details>
# <details><summary>Hint 2: what travels?</summary>
#
# One of the five gradients that your cell returns is needed at the step before. What is it at the start, when nothing lies to the right?
#
# </details>
# <details><summary>Hint 3: stored or added?</summary>
#
# Of `dxt` there is one for each step, so it has a place of its own in `dx`. Of the parameters there is one for all steps.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "rnn_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rnn_backward(da, caches):
    """Go back through an RNN over a batch of sequences.

    Arguments:
    da -- what the loss says of the hidden states, shape (n_a, m, T_x)
    caches -- tuple (list of the cache of each step, x) of the forward pass;
        it may have more steps than da

    Returns:
    gradients -- dictionary with
        dx (n_x, m, T_x), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1)
    """
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x))
    dWax = np.zeros((n_a, n_x))
    dWaa = np.zeros((n_a, n_a))
    dba = np.zeros((n_a, 1))

    ### START CODE HERE ###
    # nothing comes from the right at the last step
    da_prev = np.zeros((n_a, m))
    # from the last step to the first: go back through the cell, equation (5); store dxt; add up, (6)
    for t in reversed(range(T_x)):
        step = rnn_cell_backward(da[:, :, t] + da_prev, steps[t])
        da_prev = step["da_prev"]
        dx[:, :, t] = step["dxt"]
        dWax += step["dWax"]
        dWaa += step["dWaa"]
        dba += step["dba"]
    # what leaves the first cell
    da0 = da_prev
    ### END CODE HERE ###

    gradients = {"dx": dx, "da0": da0, "dWax": dWax, "dWaa": dWaa, "dba": dba}
    return gradients


# %% [markdown]
# Compare with your two numbers.

# %% tags=["demonstration"]
_, _, caches = rnn_forward(np.zeros((1, 1, 3)), np.zeros((1, 1)), tiny)
for da in (np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0])):
    gradients = rnn_backward(da.reshape(1, 1, 3), caches)
    check_shape("da0", gradients["da0"], (1, 1))
    print("da =", da, "  da0 =", gradients["da0"][0, 0].round(4))

# %% tags=["demonstration"]
rng = np.random.default_rng(3)
x, a0 = rng.normal(size=(3, 2, 4)), rng.normal(size=(4, 2))
gradcheck(rnn_backward, rnn_forward, x=x, a0=a0, parameters=random_rnn(rng, 3, 4))

# %% nbgrader={"grade": true, "grade_id": "test_rnn_backward", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("rnn_backward")
### END HIDDEN TESTS
visible_check(rnn_backward)

# %% [markdown]
# ### Vanishing and exploding gradients
#
# Fifty steps back are fifty factors. If they shrink the gradient, an early input has no say in what is learnt; if they stretch it, one update throws the weights far away.
#
# Below only the **last** state has a gradient, and we measure how large `dx` is at each step. In the three networks `Waa` is scaled so that its largest eigenvalue has absolute value 0.5, 1 or 3. Which of them would you like to train?


# %% tags=["demonstration"]
def reach(backward, caches, shape):
    """The size of dx, from the last step backwards, if the last state alone has a gradient."""
    da = np.zeros(shape)
    da[:, :, -1] = 1
    dx = backward(da, caches)["dx"]
    check_shape("dx", dx, (dx.shape[0], *shape[1:]))
    return np.linalg.norm(dx, axis=(0, 1))[::-1]


def plot_reach(sizes, title):
    """Draw the sizes as powers of ten, and print the average factor of one step."""
    powers = {name: np.log10(size) for name, size in sizes.items()}
    labels = {"xlabel": "step, counted from the last", "ylabel": "size of dx, power of ten"}
    plot_curves(powers, **labels, title=title)
    for name, size in sizes.items():
        print(f"{name}: a factor of {(size[-1] / size[0]) ** (1 / (len(size) - 1)):.2f} per step")


T = 50
rng = np.random.default_rng(4)
x, a0 = rng.normal(size=(3, 4, T)), np.zeros((20, 4))
parameters = random_rnn(rng, n_x=3, n_a=20)
parameters["Waa"] /= np.abs(np.linalg.eigvals(parameters["Waa"])).max()

sizes = {}
for largest in (3.0, 1.0, 0.5):
    a, _, caches = rnn_forward(x, a0, {**parameters, "Waa": largest * parameters["Waa"]})
    sizes[f"RNN, eigenvalue {largest:g}"] = reach(rnn_backward, caches, a.shape)

plot_reach(sizes, "How far a gradient reaches in an RNN")

# %% [markdown]
# **What it means.** In powers of ten the lower lines are nearly straight: each step multiplies the gradient by about the same factor, and soon nothing is left. Eigenvalue 1 does not help, because the slopes of the tanh are below 1 too. With eigenvalue 3 the gradient grows about fortyfold, in jumps: units at the ends of their tanh hold it back. The next lab clips what grows; what has vanished, no clipping brings back.

# %% [markdown]
# > **What to remember from part 3.** The gradient of a state is a sum of what the loss says at its step and of what comes back from the step after. The gradient of a parameter is a sum over the steps. Over many steps it vanishes or explodes.
#
# ## 4 One step of an LSTM, backwards
#
# **Why.** An LSTM's memory passes a step by one product with a gate and one sum. So on this way its gradient is multiplied by the forget gate alone: no weight matrix, no tanh.
#
# ![An LSTM cell with its backward pass. Along the top the gradient d c runs from right to left: at the branch point of the new memory it is joined by what comes from d a through the output gate and the tanh; it passes the plus unchanged and is multiplied by the forget gate. From the products it goes down to the forget gate, the update gate and the candidate, and from d a to the output gate: d z f, d z i, d z c and d z o. All four go down through their weights to the stacked input, which splits them into d a of the old state and d x.](data/lstm_cell_backward.svg)

# %% [markdown]
# **In equations.** The forward step was
#
# $$c^{\langle t\rangle} = \Gamma_f\odot c^{\langle t-1\rangle} + \Gamma_i\odot\tilde c, \qquad a^{\langle t\rangle} = \Gamma_o\odot\tanh\big(c^{\langle t\rangle}\big),$$
#
# with $\Gamma_f = \sigma(z_f)$, $\Gamma_i = \sigma(z_i)$, $\tilde c = \tanh(z_c)$, $\Gamma_o = \sigma(z_o)$, and each $z = W\,\mathrm{concat} + b$.
#
# The new memory acts on the loss in two ways: through the next step, and through $a^{\langle t\rangle}$. **Add them**:
#
# $$\underbrace{\mathrm dc}_{(n_a,\,m)} = \mathrm dc^{\langle t\rangle} + \mathrm da^{\langle t\rangle}\odot\Gamma_o\odot\Big(1 - \tanh^2 c^{\langle t\rangle}\Big) \tag{7}$$
#
# Each gate is a factor in a product: its gradient is what comes back times the **other** factor, then times the slope of its own activation:
#
# $$\begin{aligned}
# \mathrm dz_f &= \mathrm dc\odot c^{\langle t-1\rangle}\odot\Gamma_f\odot(1 - \Gamma_f) \\
# \mathrm dz_i &= \mathrm dc\odot\tilde c\odot\Gamma_i\odot(1 - \Gamma_i) \\
# \mathrm dz_c &= \mathrm dc\odot\Gamma_i\odot(1 - \tilde c^{\,2}) \\
# \mathrm dz_o &= \mathrm da^{\langle t\rangle}\odot\tanh\big(c^{\langle t\rangle}\big)\odot\Gamma_o\odot(1 - \Gamma_o)
# \end{aligned} \tag{8}$$
#
# The old memory has one use:
#
# $$\mathrm dc^{\langle t-1\rangle} = \mathrm dc\odot\Gamma_f \tag{9}$$

# %% [markdown]
# **The weights.** Put the four weight matrices one below the other, and the four $\mathrm dz$ as well:
#
# $$\underbrace{W}_{(4 n_a,\,n_a + n_x)} = \begin{pmatrix} W_f \\ W_i \\ W_c \\ W_o \end{pmatrix}, \qquad \underbrace{\mathrm dz}_{(4 n_a,\,m)} = \begin{pmatrix} \mathrm dz_f \\ \mathrm dz_i \\ \mathrm dz_c \\ \mathrm dz_o \end{pmatrix} \tag{10}$$
#
# Then all four are one product $z = W\,\mathrm{concat} + b$, and the rules apply as for the RNN:
#
# $$\underbrace{\mathrm dW}_{(4 n_a,\,n_a + n_x)} = \mathrm dz\;\,\mathrm{concat}^{\mathsf T}, \qquad \underbrace{\mathrm d\,\mathrm{concat}}_{(n_a + n_x,\,m)} = W^{\mathsf T}\,\mathrm dz, \qquad \underbrace{\mathrm db}_{(4 n_a,\,1)} = \sum_{i=1}^{m} \mathrm dz_{:,i} \tag{11}$$
#
# The first $n_a$ rows of $\mathrm d\,\mathrm{concat}$ are $\mathrm da^{\langle t-1\rangle}$, the others $\mathrm dx^{\langle t\rangle}$.

# %% [markdown]
# **Predict first.** As in `cells`, let every weight and bias be zero, with one unit and $c^{\langle t-1\rangle} = 2$. The gates are 0.5, the candidate is 0, the new memory is 1. Let $\mathrm dc^{\langle t\rangle} = 1$ and $\mathrm da^{\langle t\rangle} = 0$. Which of the four biases get a gradient, and how large is it? What is $\mathrm dc^{\langle t-1\rangle}$?
#
# <details><summary>Answer</summary>
#
# $\mathrm db_f = 1\cdot 2\cdot 0.5\cdot 0.5 = 0.5$ and $\mathrm db_c = 1\cdot 0.5\cdot 1 = 0.5$. The update gate gets nothing, since the candidate is 0; the output gate nothing, since $\mathrm da = 0$. $\mathrm dc^{\langle t-1\rangle} = 1\cdot 0.5 = 0.5$.
#
# </details>

# %% [markdown]
# ### Exercise 3: `lstm_cell_backward` (35 points)
#
# Write equations (7) to (11). `W` and `concat` are ready; after your lines the stacked results are cut up again.
#
# <details><summary>Hint 1: the memory first</summary>
#
# Three of the four lines of (8), and (9), start from the **sum** in (7), not from `dc_next`.
#
# </details>
# <details><summary>Hint 2: the slope of a gate</summary>
#
# The gates in the cache are already squashed: `ft` is $\Gamma_f$, not $z_f$.
#
# </details>
# <details><summary>Hint 3: the stack</summary>
#
# The rows of `dz` must stand in the order of the rows of `W`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_cell_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_cell_backward(da_next, dc_next, cache):
    """Go back through one time step of an LSTM.

    Arguments:
    da_next -- gradient of the hidden state after the step, shape (n_a, m)
    dc_next -- gradient of the memory after the step, shape (n_a, m)
    cache -- tuple (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters) of the forward step

    Returns:
    gradients -- dictionary with
        dxt (n_x, m), da_prev (n_a, m), dc_prev (n_a, m),
        dWf, dWi, dWc, dWo (n_a, n_a + n_x) and dbf, dbi, dbc, dbo (n_a, 1)
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    n_a = a_next.shape[0]
    concat = np.concatenate((a_prev, xt))
    W = np.concatenate([parameters[name] for name in ("Wf", "Wi", "Wc", "Wo")])

    ### START CODE HERE ###
    # all that reaches the new memory, equation (7)
    dc = dc_next + da_next * ot * (1 - np.tanh(c_next) ** 2)
    # back through the gates and the candidate, equations (8)
    dzf = dc * c_prev * ft * (1 - ft)
    dzi = dc * cct * it * (1 - it)
    dzc = dc * it * (1 - cct**2)
    dzo = da_next * np.tanh(c_next) * ot * (1 - ot)
    # to the old memory, equation (9)
    dc_prev = dc * ft
    # one below the other, equation (10)
    dz = np.concatenate((dzf, dzi, dzc, dzo))
    # back through the product, equations (11)
    dW = np.dot(dz, concat.T)
    dconcat = np.dot(W.T, dz)
    db = np.sum(dz, axis=1, keepdims=True)
    ### END CODE HERE ###

    gradients = {"dxt": dconcat[n_a:], "da_prev": dconcat[:n_a], "dc_prev": dc_prev}
    gradients |= dict(zip(("dWf", "dWi", "dWc", "dWo"), np.split(dW, 4)))
    gradients |= dict(zip(("dbf", "dbi", "dbc", "dbo"), np.split(db, 4)))
    return gradients


# %% [markdown]
# Compare with what you predicted.


# %% tags=["demonstration"]
def blank_lstm(n_x, n_a, n_y=2):
    """LSTM parameters that are all zero."""
    shapes = {name: (n_a, n_a + n_x) for name in ("Wf", "Wi", "Wc", "Wo")}
    shapes |= {name: (n_a, 1) for name in ("bf", "bi", "bc", "bo")}
    shapes |= {"Wy": (n_y, n_a), "by": (n_y, 1)}
    return {name: np.zeros(shape) for name, shape in shapes.items()}


one = np.ones((1, 1))
*_, cache = lstm_cell_forward(one, one, 2 * one, blank_lstm(1, 1))
gradients = lstm_cell_backward(0 * one, one, cache)
for name in ("dbf", "dbi", "dbc", "dbo", "dc_prev"):
    check_shape(name, gradients[name], (1, 1))
    print(f"{name:8} {gradients[name][0, 0]:.4f}")


# %% tags=["demonstration"]
def random_lstm(rng, n_x, n_a, n_y=2):
    """LSTM parameters with weights drawn at random and biases of zero."""
    parameters = blank_lstm(n_x, n_a, n_y)
    for name in ("Wf", "Wi", "Wc", "Wo", "Wy"):
        parameters[name] = rng.normal(size=parameters[name].shape) / np.sqrt(n_a + n_x)
    return parameters


rng = np.random.default_rng(5)
xt, a_prev, c_prev = rng.normal(size=(3, 2)), rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
parameters = random_lstm(rng, 3, 4)
inputs = {"xt": xt, "a_prev": a_prev, "c_prev": c_prev, "parameters": parameters}
gradcheck(lstm_cell_backward, lstm_cell_forward, **inputs)

# %% nbgrader={"grade": true, "grade_id": "test_lstm_cell_backward", "locked": true, "points": 35, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm_cell_backward")
### END HIDDEN TESTS
visible_check(lstm_cell_backward)

# %% [markdown]
# **What it means.** A gate that is fully open or shut has slope $\Gamma(1 - \Gamma) \approx 0$ and hardly learns. And a unit whose old memory is 0 tells its forget gate nothing: there was nothing to forget.
#
# > **What to remember from part 4.** The memory's gradient is a sum of two, and all gates but the output gate start from that sum. On its way back along the memory it is multiplied by the forget gate alone.

# %% [markdown]
# ## 5 An LSTM over a whole sequence, backwards
#
# **Why.** The loop is that of the RNN, but it carries two gradients from right to left, that of the state and that of the memory.
#
# **In equations**, for $t = T_x, \dots, 1$, both being zero at the start:
#
# $$\Big(\underbrace{\mathrm dx^{\langle t\rangle}}_{(n_x,\,m)},\; \underbrace{\mathrm da^{\langle t-1\rangle}_{\leftarrow}}_{(n_a,\,m)},\; \underbrace{\mathrm dc^{\langle t-1\rangle}_{\leftarrow}}_{(n_a,\,m)},\; \mathrm dW_f^{\langle t\rangle}, \dots\Big) = \mathrm{cell\ backward}\Big(\mathrm da^{\langle t\rangle} + \mathrm da^{\langle t\rangle}_{\leftarrow},\; \mathrm dc^{\langle t\rangle}_{\leftarrow}\Big) \tag{12}$$
#
# The loss looks at the states, not at the memories, so nothing is added to $\mathrm dc_{\leftarrow}$. The gradients of the eight parameters are summed over the steps.

# %% [markdown]
# **Predict first.** One unit, all weights zero, the update gate open ($b_i = 20$). The candidate is $\tanh 0 = 0$, so the memory stays 0; the output gate is 0.5; the slopes of tanh are 1. Only the last of five states has a gradient, 1. How large is $\mathrm db_c$ if the forget gate is open ($b_f = 20$)? If it is shut ($b_f = -20$)?
#
# <details><summary>Answer</summary>
#
# At the last step $\mathrm dc = 1\cdot 0.5\cdot 1 = 0.5$, and the update gate passes all of it to the candidate. If the forget gate is open, each of the five steps gets as much: 2.5. If it is shut, the last step alone: 0.5.
#
# </details>

# %% [markdown]
# ### Exercise 4: `lstm_backward` (25 points)
#
# The dictionary `totals` has a zero array for each of the eight gradients of parameters.
#
# <details><summary>Hint 1: compare with exercise 2</summary>
#
# There one thing is handed on. Here the cell takes two gradients and returns two. To which of them is something added before it goes in?
#
# </details>
# <details><summary>Hint 2: eight sums</summary>
#
# The names in `totals` are also in the dictionary that your cell returns.
#
# </details>
# <details><summary>Hint 3: the gradient check fails, but one step is right</summary>
#
# Try it with one step, then with two. What is right for one and wrong for two has to do with what is handed on.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_backward(da, caches):
    """Go back through an LSTM over a batch of sequences.

    Arguments:
    da -- what the loss says of the hidden states, shape (n_a, m, T_x)
    caches -- tuple (list of the cache of each step, x) of the forward pass;
        it may have more steps than da

    Returns:
    gradients -- dictionary with
        dx (n_x, m, T_x), da0 (n_a, m),
        dWf, dWi, dWc, dWo (n_a, n_a + n_x) and dbf, dbi, dbc, dbo (n_a, 1)
    """
    steps, x = caches
    n_a, m, T_x = da.shape
    n_x = x.shape[0]
    dx = np.zeros((n_x, m, T_x))
    totals = {name: np.zeros((n_a, n_a + n_x)) for name in ("dWf", "dWi", "dWc", "dWo")}
    totals |= {name: np.zeros((n_a, 1)) for name in ("dbf", "dbi", "dbc", "dbo")}

    ### START CODE HERE ###
    # nothing comes from the right at the last step, neither for the state nor for the memory
    da_prev = np.zeros((n_a, m))
    dc_prev = np.zeros((n_a, m))
    # from the last step to the first: go back through the cell, equation (12); store dxt; add up
    for t in reversed(range(T_x)):
        step = lstm_cell_backward(da[:, :, t] + da_prev, dc_prev, steps[t])
        da_prev = step["da_prev"]
        dc_prev = step["dc_prev"]
        dx[:, :, t] = step["dxt"]
        for name in totals:
            totals[name] += step[name]
    # what leaves the first cell
    da0 = da_prev
    ### END CODE HERE ###

    gradients = {"dx": dx, "da0": da0, **totals}
    return gradients


# %% [markdown]
# An open forget gate lets each of the five steps have its say, a shut one the last step alone.

# %% tags=["demonstration"]
da = np.zeros((1, 1, 5))
da[0, 0, -1] = 1
for bias in (20.0, -20.0):
    adder = blank_lstm(1, 1)
    adder["bi"] += 20
    adder["bf"] += bias
    *_, caches = lstm_forward(np.zeros((1, 1, 5)), np.zeros((1, 1)), adder)
    gradients = lstm_backward(da, caches)
    check_shape("dbc", gradients["dbc"], (1, 1))
    print(f"bf = {bias:3.0f}   dbc = {gradients['dbc'][0, 0]:.4f}")

# %% tags=["demonstration"]
rng = np.random.default_rng(6)
x, a0 = rng.normal(size=(3, 2, 4)), rng.normal(size=(4, 2))
gradcheck(lstm_backward, lstm_forward, x=x, a0=a0, parameters=random_lstm(rng, 3, 4))

# %% nbgrader={"grade": true, "grade_id": "test_lstm_backward", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm_backward")
### END HIDDEN TESTS
visible_check(lstm_backward)

# %% [markdown]
# > **If you have seen other numbers for this example.** The document that this example comes from prints, for instance, `dWi[1][2]` = 0.10237182 and `da0[2][3]` = −0.09591150. Its `lstm_backward` hands neither of the two gradients on: each step is differentiated as if it stood alone. That is not the gradient of the loss, as a gradient check shows. The visible check above has the right values, 0.40512433 and 0.31277031. An answer that does what that document's code does keeps part of the points.
#
# Your function can show this. Below it is called on each step by itself, and the parts are added up: the first column holds the printed values.


# %% tags=["demonstration"]
def one_step_at_a_time(da, caches):
    """What the parameters get if nothing is handed from step to step."""
    steps, x = caches
    parts = [lstm_backward(da[:, :, [t]], ([steps[t]], x[:, :, [t]])) for t in range(da.shape[2])]
    return {name: sum(part[name] for part in parts) for name in parts[0] if name not in ("dx", "da0")}


example = json.loads(Path("published.json").read_text(encoding="utf-8"))["lstm_backward"]
names = {"np": np}
exec("\n".join(example["inputs"][:-1]), names)  # draws da and the caches of the published example
alone = one_step_at_a_time(names["da"], names["caches"])
whole = lstm_backward(names["da"], names["caches"])

print("             step by step  through time")
for name, row, column in (("dWf", 3, 1), ("dWi", 1, 2), ("dWc", 3, 1), ("dWo", 1, 2)):
    print(f"{name}[{row}][{column}]  {alone[name][row, column]:14.8f} {whole[name][row, column]:13.8f}")

# %% [markdown]
# ### What the forget gate does for gradients
#
# The measurement of section 3 again, for LSTMs that differ in $b_f$ alone. By equation (9) each step multiplies the memory's gradient by $\Gamma_f$; with $b_f = 0$ the gate is about one half. How far will the gradient reach, compared with the RNN?

# %% tags=["demonstration"]
rng = np.random.default_rng(4)
x, a0 = rng.normal(size=(3, 4, T)), np.zeros((20, 4))
parameters = random_lstm(rng, n_x=3, n_a=20)

sizes_lstm = {}
for bias in (4, 2, 0, -2):
    a, _, _, caches = lstm_forward(x, a0, {**parameters, "bf": parameters["bf"] + bias})
    sizes_lstm[f"LSTM, bf = {bias}"] = reach(lstm_backward, caches, a.shape)

sizes_lstm["RNN, eigenvalue 1"] = sizes["RNN, eigenvalue 1"]
plot_reach(sizes_lstm, "How far a gradient reaches in an LSTM")

# %% [markdown]
# **What it means.** An LSTM is not safe from vanishing gradients by itself: with gates of one half it forgets much like an RNN. With open gates the first input has about as large a gradient as the last. The factors exceed the gates, since gradients also return through gates and candidate. Hence the advice to start $b_f$ at 1 or 2: training can still close a gate, but it cannot learn to open one from a gradient that never arrives.

# %% [markdown]
# **Move it.** The mistake from above, and what mends it: with *each step alone* nothing is handed on. If the loss sees the last state only, it gives a gradient to the last input and to no other. Let the loss see every state: the mistake is harder to notice then. Move $b_f$ and watch how far back the right gradient reaches.

# %% tags=["demonstration"]
from course_utils.explore import explore_gradients


def each_step_alone(da, caches):
    """The gradients of the inputs if nothing is handed from step to step."""
    steps, x = caches
    parts = [lstm_backward(da[:, :, [t]], ([steps[t]], x[:, :, [t]])) for t in range(da.shape[2])]
    return {"dx": np.concatenate([part["dx"] for part in parts], axis=2)}


def run_with(bf):
    a, _, _, caches = lstm_forward(x, a0, {**parameters, "bf": parameters["bf"] + bf})
    return a, caches


both = {"each step alone": each_step_alone, "through time": lstm_backward}
explore_gradients(both, run_with, bf=(-4, 6, 0.5, 1))

# %% [markdown]
# ### Do these gradients train?
#
# The last check: overfit a tiny batch. Here are 32 sequences of 20 random numbers; the first is $+1$ or $-1$, and the last state of unit 0 should be half of it. The network must carry one bit over 19 steps of noise.
#
# We train twice from the same start: with your gradients, and with those of single steps, as above. What can the second network learn?

# %% tags=["demonstration"]
def train(backward, updates=40, rate=0.3, longest=0.2):
    """The mean squared error over the updates; a gradient longer than ``longest`` is shortened to that."""
    rng = np.random.default_rng(3)
    x = 0.2 * rng.normal(size=(1, 32, 20))
    x[0, :, 0] = rng.choice([-1.0, 1.0], size=32)
    parameters = random_lstm(rng, n_x=1, n_a=8)
    parameters["bf"] += 1
    losses = []
    for _ in range(updates):
        a, _, _, caches = lstm_forward(x, np.zeros((8, 32)), parameters)
        error = a[0, :, -1] - 0.5 * x[0, :, 0]
        losses.append(np.mean(error**2))
        da = np.zeros(a.shape)
        da[0, :, -1] = 2 * error / 32
        gradients = backward(da, caches)
        slopes = {name: gradients[f"d{name}"] for name in parameters if f"d{name}" in gradients}
        length = np.sqrt(sum(np.sum(slope**2) for slope in slopes.values()))
        for name, slope in slopes.items():
            parameters[name] = parameters[name] - rate * slope * min(1, longest / length)
    return losses


losses = {"through time": train(lstm_backward), "step by step": train(one_step_at_a_time)}
plot_curves(losses, xlabel="update", ylabel="mean squared error", title="Carrying one bit over 19 steps")
for name, loss in losses.items():
    print(f"{name}: from {loss[0]:.3f} to {loss[-1]:.4f}")

# %% [markdown]
# **What it means.** With the gradient of the loss the error falls to almost nothing. Without the hand-over only the last step has a gradient, and no weight hears that the first one mattered. Still the loss goes down a little, from what the memory happens to hold. A wrong gradient is often like that: half working, and hard to notice from a loss curve.
#
# > **What to remember from part 5.** An LSTM over a sequence hands two gradients back, those of the state and of the memory. With forget gates near 1 the gradient of a late loss reaches the first steps.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - A gradient has the shape of what it belongs to, and is a sum over all uses.
# - One step back is the forward step read from its end; a sequence is that step, from the last to the first.
# - In an RNN each step back multiplies by the same matrix and by slopes of tanh: gradients vanish or explode.
# - Along an LSTM's memory a step multiplies by the forget gate only, so a gate near 1 lets the gradient through.
# - A gradient check finds a wrong line without knowing the right one.
#
# The next lab trains an RNN on characters, both passes given, and samples names.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Add the prediction: with the cross-entropy of `y_pred` and a one-hot target, the gradient of the scores is `y_pred - y`. What does it give for `dWya`, `dby` and for `da`? Let `gradcheck` tell you.
# - Plot the error of a central difference against `h`, from $10^{-1}$ to $10^{-12}$. Why does it have a minimum, and near which `h`?
# - **Truncated** backpropagation hands the gradient back over the last $k$ steps only. For the task above, measure the angle between the truncated and the full gradient for $k = 1, 5, 10, 20$.
# - Break one line of your `lstm_cell_backward` in five ways. Which of the mistakes show in the training curve, and which in the gradient check alone?
#
# **Further reading**
#
# - P. J. Werbos, [Backpropagation through time: what it does and how to do it](https://doi.org/10.1109/5.58337), *Proceedings of the IEEE* 78 (1990).
# - Y. Bengio, P. Simard and P. Frasconi, [Learning long-term dependencies with gradient descent is difficult](https://doi.org/10.1109/72.279181), *IEEE Transactions on Neural Networks* 5 (1994).
# - R. Pascanu, T. Mikolov and Y. Bengio, [On the difficulty of training recurrent neural networks](https://proceedings.mlr.press/v28/pascanu13.html), ICML 2013.
# - I. Goodfellow, Y. Bengio and A. Courville, [*Deep Learning*](https://www.deeplearningbook.org/contents/rnn.html) (2016), sections 10.2 and 10.7.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all four checks say "visible checks passed". Save, and hand in this notebook under its own name.
