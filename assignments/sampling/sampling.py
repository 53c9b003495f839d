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
# # A network that invents names
#
# In this lab you train a recurrent network on some 1,500 names of dinosaurs, one character at a time, and let it make up new ones.
#
# **Afterwards you can**
#
# - turn text into training examples for a language model, and say what its loss means;
# - keep gradients from exploding, and train a recurrent network step by step;
# - draw text from a model, at a higher or lower temperature;
# - tell a network that learns from one that does not, and a result that can be repeated from one that cannot;
# - compare models fairly: on held-out names, and beside a baseline that needs no network.
#
# **You need** the lab on recurrent cells, or what it teaches: one RNN step, shapes, softmax. Gradients are given. **Time:** about two hours. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `clip`: bounded gradients | 15 |
# | 2 | `sample`: draw a name | 35 |
# | 3 | `optimize`: one step of training | 20 |
# | 4 | `model`: the training loop | 30 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares what your function returns with known values, and with *open cases*, which are drawn in the same way as the hidden tests. It is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: a later function that calls a wrong one is tested with a right one.
#
# What the first cell imports can also be called by its module's name: `softmax` is `cllm_utils.softmax`.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
import numpy as np

from course_utils import cllm_utils, nn
from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.cllm_utils import (
    get_initial_loss,
    initialize_parameters,
    print_sample,
    rnn_backward,
    rnn_forward,
    smooth,
    softmax,
    update_parameters,
)
from course_utils.explore import explore_influence, explore_probabilities, watching_losses
from course_utils.names import load_names
from course_utils.plots import plot_curves
from course_utils.watch import demo_iterations, progress

# %% [markdown]
# ## 1 Names as numbers
#
# A **language model** gives a probability to what comes next. Ours reads characters: after `tyrannosau` it should think an `r` very likely. Such a model can be trained on any text, without labels, because the next character *is* the label.
#
# The names are those of dinosaur genera, in lower case, one on a line. They lie beside this notebook, in `dinos.txt`.

# %% tags=["demonstration"]
data = load_names()
examples = data.split()
print(len(examples), "names, for instance", ", ".join(examples[::300]))

chars = sorted(set(data))
vocab_size = len(chars)
char_to_ix = {ch: i for i, ch in enumerate(chars)}
ix_to_char = {i: ch for i, ch in enumerate(chars)}
print(vocab_size, "characters:", repr("".join(chars)))

# %% [markdown]
# The newline is a character like any other, number 0. It has a job: it says that a name is complete. Without it the model would never stop.
#
# ### One name as an example
#
# ![Four steps of a recurrent network that reads the name r e x. Its inputs are nothing, then r, e and x. Its targets, one place ahead, are r, e, x and the newline. The hidden state goes from step to step.](data/shift.svg)
#
# The input at each step is the character before, the target is the character itself. So `Y` is `X` moved by one place, with a newline at its end. Before the first character there is no input: `X` begins with `None`, for which the helpers use a vector of zeros. While it trains, the network always reads the true characters, not its own guesses: that is called **teacher forcing**. Before you run the cell: how long are `X` and `Y` for a name of 3 letters?
#
# <details><summary>Answer</summary>
#
# Four: three letters and one step for the newline.
#
# </details>

# %% tags=["demonstration"]
X = [None, char_to_ix["r"], char_to_ix["e"], char_to_ix["x"]]
Y = [char_to_ix["r"], char_to_ix["e"], char_to_ix["x"], char_to_ix["\n"]]
print("X =", X)
print("Y =", Y)

# %% [markdown]
# ### Symbols and shapes
#
# | symbol | in code | shape | meaning |
# |:--|:--|:--|:--|
# | $n_x = n_y$ | `vocab_size` | | number of characters, 27 here |
# | $n_a$ | `n_a` | | size of the hidden state |
# | $T$ | `len(X)` | | steps: letters of the name, and one for the newline |
# | $x^{\langle t\rangle}$ | `x` | $(n_x, 1)$ | input: the character before, one-hot |
# | $a^{\langle t-1\rangle}$ | `a_prev` | $(n_a, 1)$ | hidden state before the step |
# | $\hat y^{\langle t\rangle}$ | `y` | $(n_y, 1)$ | probabilities of the next character |
# | $W_{ax}, W_{aa}, W_{ya}$ | `Wax`, `Waa`, `Wya` | $(n_a, n_x)$, $(n_a, n_a)$, $(n_y, n_a)$ | weights |
# | $b,\; b_y$ | `b`, `by` | $(n_a, 1)$, $(n_y, 1)$ | biases |
# | $\partial L/\partial W_{ax}$, ... | `dWax`, `dWaa`, `dWya`, `db`, `dby` | those of the parameters | gradients of the loss |
#
# The five parameters live in a dictionary `parameters`, the five gradients in a dictionary `gradients`. There is one name at a time, so $m = 1$ everywhere.

# %% [markdown]
# ### How good is a guess?
#
# Let the model give the true next character the probability $p$. Its **cross-entropy** is $-\log p$, with the natural logarithm, counted in **nats**. It is 0 for a guess that is certain and right, and grows without bound for one that is certain and wrong. The loss of a name is the sum over its characters:
#
# $$L = -\sum_{t=1}^{T} \log \hat y^{\langle t\rangle}_{Y_t} \tag{1}$$
#
# Divided by $T$ it is a loss per character, $\ell$. The **perplexity** $e^{\ell}$ is easier to picture: a model of perplexity 5 is as unsure as somebody who chooses among 5 equally likely characters.
#
# **Predict first.** In an alphabet of 4 characters, what are loss per character and perplexity of a model that finds all of them equally likely? And for 27? Somebody knows only how often each letter occurs in names: is their perplexity larger or smaller than 27?
#
# <details><summary>Answer</summary>
#
# $\log 4 \approx 1.386$ nats and perplexity 4; $\log 27 \approx 3.296$ nats and perplexity 27. Smaller: somebody who knows that an `a` is common and a `q` rare is less surprised on average. It is about 17.
#
# </details>

# %% tags=["demonstration"]
for size in (4, vocab_size):
    print(f"{size:2} equal characters: {np.log(size):.3f} nats, perplexity {np.exp(np.log(size)):.1f}")

counts = np.array([data.count(ch) for ch in chars])
share = counts / counts.sum()
letters_only = -(share * np.log(share)).sum()
print(f"letter frequencies:  {letters_only:.3f} nats, perplexity {np.exp(letters_only):.1f}")

# %% [markdown]
# These are two **baselines**: numbers that a model has to beat. An untrained network should start near $\log 27 \approx 3.296$ nats per character: if it starts higher, its weights are too large or the loss is wrong. A network that never gets below the letter frequencies has learned nothing about *order*.
#
# > **What to remember from part 1.** A language model's target is its input, moved by one. Its loss is a mean of $-\log p$ of the true characters; $e$ to that power, the perplexity, is a number of equally likely choices.

# %% [markdown]
# ## 2 Gradients that explode
#
# **Why.** Backpropagation through time multiplies by the same matrix at every step. If that matrix stretches, a gradient grows with the length of the name, and a single update can throw away all that was learned.
#
# ![A number line from minus 15 to 15 with the threshold 10 on either side. Dots between the thresholds stay where they are. Two dots beyond them are moved to the nearer threshold.](data/clip.svg)
#
# The simplest cure is to **clip**: whatever lies outside of $[-N, N]$ is moved to the nearer end.
#
# $$g \;\leftarrow\; \min\big(\max(g,\, -N),\; N\big) \qquad \text{for each entry } g \text{ of each gradient} \tag{2}$$
#
# **Predict first.** With $N = 10$, what becomes of the gradient $(3, -20, 30)$? Do its entries keep their proportions?
#
# <details><summary>Answer</summary>
#
# $(3, -10, 10)$. They do not: 30 was ten times 3 and is now about three times as large. So clipping by entry turns the gradient.
#
# </details>

# %% [markdown]
# ### Exercise 1: `clip` (15 points)
#
# Equation (2) for all five gradients. You may clip in place as many programs do, or make new arrays. The line below your code puts the five names into a dictionary: what is to be returned must be in `dWaa`, `dWax`, `dWya`, `db` and `dby`.
#
# <details><summary>Hint 1: a function for it</summary>
#
# NumPy has one with the obvious name. It takes an array, the lower end and the upper end.
#
# </details>
# <details><summary>Hint 2: nothing changes</summary>
#
# Does the function of NumPy change the array it gets, or does it return another one? In a loop, a new array is soon forgotten. Look up the argument `out`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "clip", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip(gradients, maxValue):
    """Bound every entry of the gradients.

    Arguments:
    gradients -- dictionary with dWaa, dWax, dWya, db, dby
    maxValue -- the threshold: entries are moved into the range from -maxValue to maxValue

    Returns:
    gradients -- dictionary with the same keys
    """
    dWaa, dWax, dWya = gradients["dWaa"], gradients["dWax"], gradients["dWya"]
    db, dby = gradients["db"], gradients["dby"]

    ### START CODE HERE ###
    # bound each of the five gradients
    for gradient in (dWaa, dWax, dWya, db, dby):
        np.clip(gradient, -maxValue, maxValue, out=gradient)
    ### END CODE HERE ###

    gradients = {"dWaa": dWaa, "dWax": dWax, "dWya": dWya, "db": db, "dby": dby}
    return gradients


# %% tags=["demonstration"]
three = {name: np.array([[3.0], [-20.0], [30.0]]) for name in ("dWaa", "dWax", "dWya", "db", "dby")}
clipped = clip(three, 10)
check_shape("clipped['db']", clipped["db"], (3, 1))
print("clipped:", clipped["db"][:, 0])

# %% nbgrader={"grade": true, "grade_id": "test_clip", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("clip")
### END HIDDEN TESTS
visible_check(clip)

# %% [markdown]
# **What it means.** Clipping changes the direction of a gradient, as you saw. Scaling the whole gradient by its length would keep the direction; both are in use. How bad does it get without? Below, the largest entry of all gradients for names of growing length, with weights $W_{aa}$ of three sizes. All three lines rise, because a gradient is a sum over the steps. A matrix that stretches makes them steeper, until the tanh is at its ends and holds the growth back. The threshold that we shall use is 5: where does it lie on the vertical axis?


# %% tags=["demonstration"]
def network(rng, n_a, stretch):
    """Random parameters; the larger stretch is, the more Waa stretches what it multiplies."""
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    parameters["Waa"] = stretch * rng.standard_normal((n_a, n_a)) / np.sqrt(n_a)
    parameters["Wya"] = rng.standard_normal((vocab_size, n_a))
    return parameters


largest = {}
for stretch in (0.8, 1.4, 2.0):
    parameters = network(np.random.default_rng(0), 50, stretch)
    start = np.zeros((50, 1))
    line = []
    for T in range(1, 26):
        steps = [None] + [1] * (T - 1)
        _, cache = rnn_forward(steps, [1] * T, start, parameters)
        gradients, _ = rnn_backward(steps, [1] * T, parameters, cache)
        line.append(np.log10(max(np.abs(g).max() for g in gradients.values())))
    largest[f"stretch {stretch}"] = line

title = "The largest entry of all gradients"
plot_curves(largest, xlabel="characters in the name", ylabel="log10 of the gradient", title=title)

# %% [markdown]
# > **What to remember from part 2.** Gradients of long sequences can be huge. Clipping bounds the step, at the price of its direction.
#
# ## 3 Drawing a name
#
# **Why.** A model that gives probabilities can also write. Ask it for the probabilities of the first character, draw one accordingly, show it to the model as if it had been read, ask again. The random draws are what makes names differ.
#
# ![The loop of sampling. The input and the old state go into the cell, which gives a new state and the probabilities of all characters. A character is drawn from these. It is written down and becomes the next input. If it is the newline, or after 50 characters, the loop ends.](data/sampling.svg)
#
# **In equations**, from $x^{\langle 1\rangle} = 0$ and $a^{\langle 0\rangle} = 0$:
#
# $$a^{\langle t\rangle} = \tanh\big(\underbrace{W_{ax}x^{\langle t\rangle}}_{(n_a,\,1)} + \underbrace{W_{aa}a^{\langle t-1\rangle}}_{(n_a,\,1)} + \underbrace{b}_{(n_a,\,1)}\big), \qquad
# \hat y^{\langle t\rangle} = \mathrm{softmax}\big(\underbrace{W_{ya}a^{\langle t\rangle}}_{(n_y,\,1)} + \underbrace{b_y}_{(n_y,\,1)}\big) \tag{3}$$
#
# Then an index is drawn with the probabilities $\hat y^{\langle t\rangle}$, and $x^{\langle t+1\rangle}$ is its one-hot vector. The drawing ends with the newline, which is kept. After 50 characters we give up and append one; the lines below your code do that.

# %% [markdown]
# ### The same draw every time
#
# To compare results we want the same name each time. NumPy's random generator can be set to a known state: `np.random.seed`. By convention, step `counter` $= 0, 1, 2, \dots$ of a name uses the seed
#
# $$\mathrm{seed} + 2 \cdot \mathrm{counter} \tag{4}$$
#
# and draws once with `np.random.choice`. Run this cell twice: what stays the same? What would you expect without the first line of the loop?

# %% tags=["demonstration"]
probabilities = np.array([0.1, 0.0, 0.7, 0.2])
for seed in (0, 2, 4):
    np.random.seed(seed)
    print("seed", seed, "draws", np.random.choice(4, p=probabilities))

# %% [markdown]
# **Predict first.** Let all weights be zero, and let `by` hold $\log 0.5$, $\log 0.25$ and $\log 0.25$ for newline, `a` and `b`. What are the probabilities at each step? How long is a name on average, newline included?
#
# <details><summary>Answer</summary>
#
# 0.5, 0.25 and 0.25 at every step, since nothing depends on what was read. Each step ends the name with probability one half, so half of the names are empty, a newline at once, a quarter have one letter, and so on: 2 characters on average.
#
# </details>

# %% [markdown]
# ### Exercise 2: `sample` (35 points)
#
# Write the loop of the picture: equations (3), the seed of equation (4), the draw, and what follows from it. Half of the points are for names in the alphabet of this notebook, a fifth for names that end at once, soon or never, and three tenths for other alphabets, in which the newline has another number.
#
# <details><summary>Hint 1: the order of things</summary>
#
# Seed, step, draw, write down, stop or make the next input. The picture shows the loop; nothing else happens in it.
#
# </details>
# <details><summary>Hint 2: the shape of p</summary>
#
# `np.random.choice` wants its probabilities in one row of numbers, but `y` is a column. `ravel` flattens an array.
#
# </details>
# <details><summary>Hint 3: names that never change, or never end</summary>
#
# At the next step three things must be new: the input, the state, the seed. And the number of the newline is in `newline_character`: do not assume that it is 0.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sample(parameters, char_to_ix, seed):
    """Draw one name, character by character.

    Arguments:
    parameters -- dictionary with Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), b (n_a, 1), by (n_y, 1)
    char_to_ix -- dictionary that gives each character its number
    seed -- seed of the first step; equation (4) gives those of the others

    Returns:
    indices -- list of the numbers of the characters, a newline at its end
    """
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    b, by = parameters["b"], parameters["by"]
    vocab_size, n_a = Wya.shape
    newline_character = char_to_ix["\n"]
    indices = []
    x, a_prev = np.zeros((vocab_size, 1)), np.zeros((n_a, 1))

    ### START CODE HERE ###
    # at most 50 steps; counter begins at 0
    for counter in range(50):
        # the seed of this step, equation (4)
        np.random.seed(seed + 2 * counter)
        # the new state and the probabilities, equations (3)
        a_prev = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)
        y = softmax(np.dot(Wya, a_prev) + by)
        # draw a character, write it down, stop if it is the newline
        idx = np.random.choice(vocab_size, p=y.ravel())
        indices.append(idx)
        if idx == newline_character:
            break
        # what was drawn is the next input
        x = np.zeros((vocab_size, 1))
        x[idx] = 1
    ### END CODE HERE ###

    if len(indices) == 50:
        indices.append(newline_character)
    return indices


# %% [markdown]
# The model of your prediction, two thousand names of it:

# %% tags=["demonstration"]
coin = {"Wax": np.zeros((1, 3)), "Waa": np.zeros((1, 1)), "Wya": np.zeros((3, 1)), "b": np.zeros((1, 1))}
coin["by"] = np.log([[0.5], [0.25], [0.25]])
drawn = [sample(coin, {"\n": 0, "a": 1, "b": 2}, seed) for seed in range(demo_iterations(2000))]

print("some names:", ", ".join(repr("".join("\nab"[i] for i in name)) for name in drawn[:6]))
print(f"average length: {np.mean([len(name) for name in drawn]):.2f}")

# %% nbgrader={"grade": true, "grade_id": "test_sample", "locked": true, "points": 35, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("sample")
### END HIDDEN TESTS
visible_check(sample)

# %% [markdown]
# ### Why only forty?
#
# The published list has 45 numbers, and the check looks at the first 40 and at the newline at the end. That is on purpose. The example uses 100 units and weights of variance 1, and such a network is **chaotic**. Two computers may add up the 100 terms of a product in different orders, and then differ in the 16th digit. Each step makes the difference larger.
#
# We can watch it. Two copies read the same characters. The state of the second is moved by $10^{-15}$ before the first step. Then the same with a $W_{aa}$ that is 20 times smaller.

# %% tags=["demonstration"]
np.random.seed(2)
n_a = 100
wild = {"Wax": np.random.randn(n_a, vocab_size), "Waa": np.random.randn(n_a, n_a)}
wild |= {"Wya": np.random.randn(vocab_size, n_a), "b": np.random.randn(n_a, 1)}
wild["by"] = np.random.randn(vocab_size, 1)
tame = {**wild, "Waa": wild["Waa"] / 20}

read = [None, *np.random.default_rng(1).integers(1, vocab_size, 59).tolist()]
start = np.zeros((n_a, 1))
distance = {}
for name, parameters in {"variance 1": wild, "Waa / 20": tame}.items():
    _, (_, states) = rnn_forward(read, [0] * 60, start, parameters)
    _, (_, moved) = rnn_forward(read, [0] * 60, start + 1e-15, parameters)
    difference = np.abs(states - moved).max(axis=(1, 2))[1:]
    distance[name] = np.log10(np.maximum(difference, 1e-17))

title = "Two runs that differ by 1e-15 at the start"
plot_curves(distance, xlabel="step", ylabel="log10 of the distance", title=title)

# %% [markdown]
# **What it means.** In the first network the distance grows about tenfold every two to three steps, until the two runs have nothing in common; by then even the same seeds give other characters. We added up the products of the example in 3,000 random orders: the first 40 numbers always came out as published. The 41st differed in a few runs, and from the 44th on most runs left the list. Nobody can be graded by what depends on the machine. In the second network the difference never grows beyond rounding.
#
# Remember this when a result "does not reproduce". Before you look for a bug, ask after how many steps a difference in the last digit becomes visible, and compare only up to there.

# %% [markdown]
# ### Temperature
#
# Before the softmax the scores may be divided by a number $\tau$, the **temperature**. Below 1 the likely characters become likelier still; above 1 the probabilities move closer together. Nothing is trained anew. As $\tau$ goes to 0 the likeliest character gets all of the probability; always taking it is called **greedy decoding**. Which row below would you call cautious?


# %% tags=["demonstration"]
def at_temperature(parameters, tau):
    """The same network with its scores divided by tau."""
    return {**parameters, "Wya": parameters["Wya"] / tau, "by": parameters["by"] / tau}


scores = np.array([[2.0], [1.0], [0.0], [-1.0]])
for tau in (0.5, 1.0, 2.0):
    print(f"temperature {tau}:", softmax(scores / tau).ravel().round(3))

# %% [markdown]
# > **What to remember from part 3.** Sampling is a loop: step, draw, feed back. A seed makes it repeatable, but a chaotic network repeats only as far as rounding allows. Temperature trades variety for caution.
#
# ## 4 One step of training
#
# **Why.** All pieces are there. For one name: how wrong is the network, which way is better, not too far, go.
#
# ![A cycle of four boxes. The forward pass takes X, Y and the state and gives the loss. The backward pass gives the gradients. Clipping bounds them. The update changes the parameters, with which the next name is read.](data/training.svg)
#
# | step | function | gives |
# |:--|:--|:--|
# | forward | `rnn_forward(X, Y, a_prev, parameters)` | the loss of equation (1), and a cache |
# | backward | `rnn_backward(X, Y, parameters, cache)` | the gradients, and all states `a` |
# | clip | your `clip`, with threshold 5 | bounded gradients |
# | update | `update_parameters(parameters, gradients, learning_rate)` | parameters, moved **in place** |
#
# The first two have the names of functions in other labs, but take other arguments. With learning rate $\alpha$, each parameter $\theta$ becomes $\theta - \alpha\,\partial L/\partial\theta$. In place means that the arrays in `parameters` themselves change, so the caller sees it.
#
# **Predict first.** An untrained network finds all 27 characters about equally likely. What is its loss on `rex` and the newline?
#
# <details><summary>Answer</summary>
#
# Four characters at $\log 27 \approx 3.296$ nats each: about 13.18.
#
# </details>

# %% [markdown]
# ### Exercise 3: `optimize` (20 points)
#
# Put the four steps of the table together.
#
# <details><summary>Hint 1: four lines</summary>
#
# One line for each row of the table, in that order. What a line gives, a later one takes.
#
# </details>
# <details><summary>Hint 2: the loss does not fall</summary>
#
# The gradients that move the parameters must be the clipped ones, and the step has the size `learning_rate`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "optimize", "locked": false, "schema_version": 3, "solution": true, "task": false}
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    """Take one step of training on one name.

    Arguments:
    X -- list of the numbers of the characters read, None for no character
    Y -- list of the numbers of the characters to predict, as long as X
    a_prev -- hidden state before the name, shape (n_a, 1)
    parameters -- dictionary with Wax, Waa, Wya, b, by; changed in place
    learning_rate -- size of the step

    Returns:
    loss -- cross-entropy of the name before the step, in nats
    gradients -- dictionary with dWax, dWaa, dWya, db, dby, each bounded by 5
    a_last -- hidden state after the name, shape (n_a, 1)
    """
    ### START CODE HERE ###
    # forward through the name
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    # backward through time
    gradients, a = rnn_backward(X, Y, parameters, cache)
    # bound the gradients by 5
    gradients = clip(gradients, 5)
    # move the parameters
    parameters = update_parameters(parameters, gradients, learning_rate)
    ### END CODE HERE ###

    return loss, gradients, a[len(X) - 1]


# %% tags=["demonstration"]
parameters = initialize_parameters(50, vocab_size, vocab_size)
loss, gradients, a_last = optimize(X, Y, np.zeros((50, 1)), parameters)
check_shape("gradients['dWaa']", gradients["dWaa"], (50, 50))
check_shape("a_last", a_last, (50, 1))

print(f"loss on 'rex': {loss:.3f}, per character {loss / len(Y):.3f} (log 27 is {np.log(27):.3f})")

# %% nbgrader={"grade": true, "grade_id": "test_optimize", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("optimize")
### END HIDDEN TESTS
visible_check(optimize)

# %% [markdown]
# ### Two checks before any long training
#
# **Can it memorise one name?** A network that cannot overfit a single example will not learn a thousand. **Is the gradient right?** Move one weight by a little to either side: the loss must change as the gradient says.

# %% tags=["demonstration"]
memorised = initialize_parameters(20, vocab_size, vocab_size)
for step in range(150):
    loss, _, _ = optimize(X, Y, np.zeros((20, 1)), memorised, learning_rate=0.1)
    if step % 50 == 0 or step == 149:
        print(f"step {step:3}: loss {loss:.4f}")
print("it says:", "".join(ix_to_char[i] for i in sample(memorised, char_to_ix, seed=0)))

checked = network(np.random.default_rng(3), 20, 0.8)
loss, gradients, _ = optimize(X, Y, np.zeros((20, 1)), checked, learning_rate=0.0)
around = []
for shift in (1e-5, -1e-5):
    nudged = {**checked, "Waa": checked["Waa"].copy()}
    nudged["Waa"][4, 7] += shift
    around.append(rnn_forward(X, Y, np.zeros((20, 1)), nudged)[0])
print(f"gradient {gradients['dWaa'][4, 7]:.9f}, by two losses {(around[0] - around[1]) / 2e-5:.9f}")

# %% [markdown]
# > **What to remember from part 4.** Forward, backward, clip, update. Before a long training, overfit one example and check one gradient by two losses.
#
# ## 5 The training loop
#
# **Why.** Now the whole list: one name in each iteration, and again from the first when the list is through. The last state of one name is handed on to the next as its `a_prev`, because the published program does so. Whether that is wise we shall see.
#
# **The loss that is printed** is smoothed. Names differ, so the loss jumps from one to the next. A running average shows the trend:
#
# $$\bar L \;\leftarrow\; 0.999\,\bar L + 0.001\,L \tag{5}$$
#
# **Predict first.** The average starts at `get_initial_loss(27, 7)`, which is $7 \log 27 \approx 23.07$: the loss of a blind guess for a name of *seven* characters. (The published program puts the number of printed names there, 7 by default.) An average name of our list has nearly 13, newline included. Will the printed number fall at first, or rise?
#
# <details><summary>Answer</summary>
#
# It rises. The first losses are near $13 \log 27 \approx 43$, and they pull the average up from 23, though the network is learning. Then it falls.
#
# </details>

# %% [markdown]
# ### Exercise 4: `model` (30 points)
#
# The preparations, the smoothing and the printing are written. You write what happens in one iteration: choose the name, make `X` and `Y`, take a step with learning rate 0.01. What is graded is the parameters that come out. During grading, `dinos.txt` holds the names of `data`, for programs that open the file themselves.
#
# <details><summary>Hint 1: round and round</summary>
#
# Iteration `j` may be larger than the number of names. The remainder of a division starts again at 0: `%`.
#
# </details>
# <details><summary>Hint 2: X and Y</summary>
#
# You saw both for `rex` in part 1. Lists are joined with `+`, and a list without its first element is `X[1:]`.
#
# </details>
# <details><summary>Hint 3: what goes round?</summary>
#
# Three things come back from `optimize`. Which one does the next iteration need?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):
    """Train a network on a list of names, and print what it invents along the way.

    Arguments:
    data -- text, one name to a line
    ix_to_char -- dictionary that gives each number its character
    char_to_ix -- dictionary that gives each character its number
    num_iterations -- how many steps of training to take, one name each
    n_a -- size of the hidden state
    dino_names -- how many names to print at iterations 0, 2000, 4000, ...
    vocab_size -- number of characters

    Returns:
    parameters -- dictionary with the trained Wax, Waa, Wya, b, by
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)

    examples = [line.lower().strip() for line in data.splitlines()]
    np.random.seed(0)
    np.random.shuffle(examples)

    a_prev = np.zeros((n_a, 1))
    for j in progress(num_iterations):
        ### START CODE HERE ###
        # the name of this iteration; after the last one comes the first again
        name = examples[j % len(examples)]
        # what is read, and what is to be predicted
        X = [None] + [char_to_ix[ch] for ch in name]
        Y = X[1:] + [char_to_ix["\n"]]
        # one step of training
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters, learning_rate=0.01)
        ### END CODE HERE ###

        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print(f"Iteration {j}, smoothed loss {loss}")
            for seed in range(dino_names):
                print_sample(sample(parameters, char_to_ix, seed), ix_to_char)

    return parameters


# %% [markdown]
# A first try on four names, a thousand times each. Does the network know them at the end?

# %% tags=["demonstration"]
few = "rex\nrugops\nkol\nmei"
sizes = {"n_a": 20, "dino_names": 4, "vocab_size": vocab_size}
parameters = model(few, ix_to_char, char_to_ix, demo_iterations(4001), **sizes)

# %% nbgrader={"grade": true, "grade_id": "test_model", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("model")
### END HIDDEN TESTS
visible_check(model)

# %% [markdown]
# **What it means.** The loss is small, and yet the names are odd: look at their beginnings. In training, every name but the very first began in the state that the name before had left. Sampling begins in a state of zeros, where this network has hardly ever been. **A model is good at what it was trained on**, and the loss does not tell when it is used elsewhere. With hundreds of names the harm is smaller, but not gone.
#
# Another thing shows at iteration 0: the third name is the end of the first. By equation (4) seed 2 uses the seeds 2, 4, 6, ..., which are those of seed 0 one step later. As long as the network takes no notice of what it reads, the same seeds give the same letters.
#
# > **What to remember from part 5.** A model is good at what it was trained on: a low loss promises nothing for other names, or for another first state. A running average that starts too low rises while the network learns.
#
# ## 6 Training in earnest
#
# A loss on the names that a network was trained on flatters it: it may have memorised them. So we put 150 names aside, drawn at random. The network never sees them, and part 7 measures on them.
#
# Now the other names, 20,001 iterations: about fifteen times through the list, some seconds. `watching_losses` draws the losses while they come. It keeps them, and the names that are printed, so that we can lay them side by side.

# %% tags=["demonstration"]
shuffled = np.random.default_rng(1).permutation(examples)
held_out, training = shuffled[:150].tolist(), shuffled[150:].tolist()

with watching_losses() as history:
    names = "\n".join(training)
    trained = model(names, ix_to_char, char_to_ix, demo_iterations(20_001), vocab_size=vocab_size)

shown = [j for j in (0, 2000, 20_000) if j in history.names]
print("\nnames at iteration", *(f"{j:<26,}" for j in shown))
for row in zip(*(history.names[j] for j in shown)):
    print(" " * 18, *(f"{name[:25]:<26}" for name in row))

# %% [markdown]
# **What it means.** At iteration 0 the characters are random. After 2,000 vowels and consonants take turns, and endings such as *-aurus* turn up. After 20,000 most names can be read aloud, and some could pass for real. No rule about syllables was given: only the next character was ever asked for.
#
# The printed loss rose at first, and yet the network was learning: its starting value was that of a shorter name. The curves below are per character, and the baselines from part 1 are drawn in. The plain average is that of each fortieth of the run.

# %% tags=["demonstration"]
per_name = np.mean([len(name) + 1 for name in training])
losses = np.array(history.losses) / per_name
stretch = len(losses) // 40
losses = losses[: 40 * stretch]
average = np.repeat(losses.reshape(40, stretch).mean(axis=1), stretch)

plot_curves(
    {
        "smoothed, as printed": np.array(history.smoothed[: len(losses)]) / per_name,
        "plain average": average,
        "letter frequencies": np.full(len(losses), letters_only),
        "all alike, log 27": np.full(len(losses), np.log(vocab_size)),
    },
    xlabel="iteration",
    ylabel="nats per character",
    title="Training on names",
)
print(f"at the end: {average[-1]:.3f} nats per character, perplexity {np.exp(average[-1]):.2f}")

# %% [markdown]
# The network is soon below the letter frequencies: it has learned order. Much of what is left is true surprise, since nobody can know how a name begins. Another part is our doing: with a fresh state of zeros for every name, the same 20,001 iterations end at a smoothed loss of 22.08 instead of 23.11 on this list. Try it when you are done, in a copy of `model` under another name.
#
# ### New and daring
#
# Two hundred names for each of three temperatures, with seeds so far apart that no two names share one. Which temperature would you use to name a find of your own?

# %% tags=["demonstration"]
known = set(examples)
for tau in (0.4, 0.8, 1.2):
    warm = at_temperature(trained, tau)
    drawn = [sample(warm, char_to_ix, 100 * seed) for seed in range(demo_iterations(200))]
    names = ["".join(ix_to_char[i] for i in indices).strip() for indices in drawn]
    different, real = len(set(names)), len(known.intersection(names))
    print(f"temperature {tau}: {different} different names, {real} of them in the list")
    print("   ", ", ".join(names[:5]))

# %% [markdown]
# **Move it.** Type a beginning, and change the temperature. The order of the bars stays the same at every temperature: only their lengths change. At which temperature do the names below them stop looking like names?

# %% tags=["demonstration"]
def next_character(beginning, tau):
    """The probability of each character after a beginning."""
    reads = [None, *(char_to_ix[ch] for ch in beginning)]
    _, (y_hat, _) = rnn_forward(reads, [0] * len(reads), np.zeros((50, 1)), at_temperature(trained, tau))
    return {"end" if ch == "\n" else ch: y_hat[-1, i, 0] for i, ch in ix_to_char.items()}


def five_names(tau):
    drawn = [sample(at_temperature(trained, tau), char_to_ix, 100 * seed) for seed in range(5)]
    return ["".join(ix_to_char[i] for i in indices).strip() for indices in drawn]


explore_probabilities(next_character, "tyranno", five_names, alphabet="".join(chars).strip())

# %% [markdown]
# ### Where is it sure?
#
# The probability that the network gives to each character of a real name says where it is surprised. Before you run the cell: which characters of *Stegosaurus* should be easy, which hard?
#
# <details><summary>Answer</summary>
#
# The ending *-saurus* is easy, above all after *sa*: very many names have it. The beginning is hard, since a name may begin with almost anything.
#
# </details>

# %% tags=["demonstration"]
word = "stegosaurus"
reads = [None, *(char_to_ix[ch] for ch in word)]
targets = [*reads[1:], char_to_ix["\n"]]
loss, (y_hat, _) = rnn_forward(reads, targets, np.zeros((50, 1)), trained)

for ch, target, y in zip([*word, "end"], targets, y_hat[:, :, 0]):
    print(f"{ch:>4}  {y[target]:.3f}  {'#' * round(40 * y[target])}")
print(f"{loss / len(targets):.3f} nats per character, perplexity {np.exp(loss / len(targets)):.2f}")

# %% [markdown]
# ### What does it look back to?
#
# A prediction is made from all characters so far. Its gradient with respect to the input at an earlier step says how much it depends on the character there: the longer the gradient, the more a small change of that input would move it. Step through the name. How many characters back do the bars reach?

# %% tags=["demonstration"]
explore_influence(rnn_forward, trained, char_to_ix, word)

# %% [markdown]
# > **What to remember from part 6.** Look at more than the loss: at the names, at how many are new, and at where the network is sure. A printed average can rise while a network learns.
#
# ## 7 Is it any good?
#
# **Why.** A perplexity alone says little. How much of it takes a network? A table of counts is the simplest language model: it looks at the last $n$ characters and gives each next one its share among the training names that had those $n$. With $n = 0$ that is the letter frequencies, with $n = 1$ a **bigram model**, with $n = 2$ a trigram model. A tenth is added to each count, so that nothing is impossible.
#
# **Predict first.** On the names it was made from, a table gets better and better as $n$ grows. And on the held-out names? Where would you place your network: between which two tables?
#
# <details><summary>Answer</summary>
#
# On the held-out names the gain gets smaller and, on our machine, ends near $n = 3$: most combinations of four characters occur too seldom to be counted. Your network lies near the trigram table, at about 1.90 nats.
#
# </details>


# %% tags=["demonstration"]
def table_loss(n, names):
    """Loss per character on some names of a table of the training names' counts after n characters."""
    counts = {}
    for name in training:
        text = "\n" * n + name + "\n"
        for t in range(n, len(text)):
            row = counts.setdefault(text[t - n : t], np.full(vocab_size, 0.1))
            row[char_to_ix[text[t]]] += 1
    losses = []
    for name in names:
        text = "\n" * n + name + "\n"
        for t in range(n, len(text)):
            row = counts.get(text[t - n : t], np.ones(vocab_size))
            losses.append(-np.log(row[char_to_ix[text[t]]] / row.sum()))
    return np.mean(losses)


def rnn_loss(names):
    """Loss per character of your network on some names, each read from a state of zeros."""
    total = 0.0
    for name in names:
        reads = [None, *(char_to_ix[ch] for ch in name)]
        total += rnn_forward(reads, [*reads[1:], char_to_ix["\n"]], np.zeros((50, 1)), trained)[0]
    return total / sum(len(name) + 1 for name in names)


print("nats per character     training  held out")
for n in range(5):
    print(f"table of {n} characters {table_loss(n, training):9.3f} {table_loss(n, held_out):9.3f}")
print(f"your network          {rnn_loss(training):9.3f} {rnn_loss(held_out):9.3f}")

# %% [markdown]
# **What it means.** Where the two columns differ, a model knows its training names better than names in general: it **overfits**. The tables of 3 and 4 characters do so badly, your network hardly. And yet a table of the last two characters, without any training, does about as well as your network. That is what baselines are for: a network that cannot beat a table has not earned its keep.
#
# ### The same names with an LSTM
#
# Can one do better? Here is an LSTM of the same size, from `course_utils.nn`, with gates as in the lab `cells`. It starts every name from a state of zeros, reads 32 names at a time, and takes its steps with Adam, an optimiser that scales the step of each weight by the size of its recent gradients.

# %% tags=["demonstration"]
def batch(names):
    """Inputs (m, T, 27), one-hot, targets (m, T) and which steps count (m, T), the rest being padding."""
    T = max(len(name) for name in names) + 1
    x, counts = np.zeros((len(names), T, vocab_size)), np.zeros((len(names), T))
    y = np.zeros((len(names), T), dtype=int)
    for i, name in enumerate(names):
        y[i, : len(name) + 1] = [char_to_ix[ch] for ch in name + "\n"]
        x[i, np.arange(1, len(name) + 1), y[i, : len(name)]] = 1
        counts[i, : len(name) + 1] = 1
    return x, y, counts


def lstm_step(names, update=True):
    """Loss per character of the LSTM on some names; with update, also one step of training."""
    x, y, counts = batch(names)
    a, lstm_cache = nn.lstm_layer(x, lstm)
    y_hat, dense_cache = nn.dense_softmax(a, lstm)
    truth = np.eye(vocab_size)[y]
    loss = -(counts * np.log((y_hat * truth).sum(axis=2))).sum() / counts.sum()
    if update:
        dz = (y_hat - truth) * counts[:, :, None] / counts.sum()
        gradients = nn.dense_softmax_backward(dz, dense_cache)
        gradients |= nn.lstm_layer_backward(gradients["da"], lstm_cache, dx=False)
        adam.update(lstm, gradients)
    return loss


rng = np.random.default_rng(0)
lstm = {**nn.lstm_parameters(vocab_size, 50, rng), **nn.dense_parameters(50, vocab_size, rng)}
adam = nn.Adam(0.005)
curves = {"training names": [], "held-out names": []}
for epoch in progress(demo_iterations(30, quick=1)):
    for chosen in nn.minibatches(len(training), 32, rng):
        lstm_step([training[i] for i in chosen])
    curves["training names"].append(lstm_step(training, update=False))
    curves["held-out names"].append(lstm_step(held_out, update=False))

curves["your network, held-out"] = np.full(len(curves["held-out names"]), rnn_loss(held_out))
plot_curves(curves, xlabel="epoch", ylabel="nats per character", title="An LSTM on names")
best = int(np.argmin(curves["held-out names"]))
print(f"best on held-out names: {curves['held-out names'][best]:.3f} after epoch {best + 1}")

# %% [markdown]
# **What it means.** After a few epochs the LSTM is better than every table and than your network. Two things differ, the cell and the way of training, and this figure cannot tell which of them did it: for that, one changes one thing at a time. After some twenty epochs the two curves part: the loss on the training names goes on falling, that on the held-out names rises. From there on it memorises. Stopping at the lowest point is called **early stopping**.
#
# > **What to remember from part 7.** Measure on data that was held out, and beside a baseline. A gap between the two losses is overfitting.

# %% [markdown]
# ## Other names
#
# Nothing in your code knows that these are dinosaurs. `load_names("file.txt")` reads any list of names in the letters a to z, one to a line: towns, minerals, the members of your family. So does the environment variable `SEQLAB_NAMES`, set before JupyterLab is started. Whoever has the classic list of 1,536 dinosaurs, with which this exercise became known, can run `model` on it for 3,500 iterations: losses and names come out as `published.json` records them, on our machine to the last digit.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Text is its own label: the target is the input moved by one.
# - Cross-entropy per character and perplexity tell what a model knows, and the logarithm of the vocabulary's size and the letter frequencies are the baselines to beat.
# - Clipping bounds a step; sampling turns probabilities into text, and temperature sets how varied it is.
# - A starting loss, one memorised name, a gradient by two losses: three checks that cost a second.
# - Held-out names and a table of counts tell how good a network is.
# - Some numbers cannot reproduce, and one can measure why.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Train your network with a state of zeros for every name, and compare it on the held-out names.
# - Give the LSTM 100 units. Where does the held-out loss turn now, and how low does it get? Does dropout (`nn.dropout`) help?
# - Train your RNN by Adam in batches, or the LSTM by your `optimize`'s rule. Which of the two differences mattered more?
# - Mix two models: give each character the mean of the probabilities of the LSTM and of the trigram table. Is that better than both?
# - Draw names that start with your initials: read them first, then sample.
#
# **Further reading**
#
# - A. Karpathy, [The unreasonable effectiveness of recurrent neural networks](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015.
# - T. Mikolov, M. Karafiát, L. Burget, J. Černocký and S. Khudanpur, [Recurrent neural network based language model](https://www.isca-archive.org/interspeech_2010/mikolov10_interspeech.html), Interspeech 2010.
# - R. Pascanu, T. Mikolov and Y. Bengio, [On the difficulty of training recurrent neural networks](https://proceedings.mlr.press/v28/pascanu13.html), ICML 2013: on clipping.
# - D. Jurafsky and J. H. Martin, [*Speech and Language Processing*](https://web.stanford.edu/~jurafsky/slp3/), the chapter on n-gram language models.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all four checks say "visible checks passed". Save, and hand in this notebook under its own name.
