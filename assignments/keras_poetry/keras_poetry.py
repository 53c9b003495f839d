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
# # The poet in Keras
#
# In the lab `poetry` you wrote every part of a network that goes on with your verse. Here a framework has the parts: you build the same network in Keras, put the trained weights into it, and let it train and write.
#
# **Afterwards you can**
#
# - build a stack of LSTM layers in Keras, and know what each layer gives;
# - move trained weights into a framework, and prove that nothing was lost;
# - train with `model.fit`, and hook into it with a callback;
# - let a Keras model write, and measure it in bits per character.
#
# **You need** the lab `poetry`, or what it teaches: windows, stacked layers, temperature, bits per character. **Time:** about an hour. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `lstm_weights`: the weights of a layer, as Keras keeps them | 25 |
# | 2 | `poetry_model`: the network | 30 |
# | 3 | `transplant`: all weights into a model | 15 |
# | 4 | `generate_output`: go on with a text | 15 |
# | 5 | `diary_callback`: what happens after each epoch | 15 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# The check after each exercise compares with known values, and with *open cases*, which are drawn in the same way as the hidden tests. Where your function returns a model, the check puts weights into it and compares what it computes: any way to build the right model is right. (`course_utils.frameworks.keras_models` has tools for the check; you learn more without them.) The check is a help, not a grade: once handed in, your function runs on **other inputs**. A mistake costs once: `transplant` is tested with a right `lstm_weights`, and `diary_callback` with a stand-in for `generate_output`.
#
# A check stops by itself after 20 seconds and says in which line your function was. To stop any cell yourself, press the stop button (■) in the toolbar.
#
# Stuck? Open the hints one at a time.

# %%
from course_utils.frameworks import backend  # isort: skip - chooses Keras' backend before it is imported
import tempfile

import keras
import numpy as np
from keras.callbacks import LambdaCallback
from keras.layers import LSTM, Activation, Dense, Dropout, Input
from keras.models import Model, load_model
from keras.optimizers import Adam
from poetry import bits_per_character, build_data, predict, sample, vectorization

from course_utils.checks import checks_so_far, visible_check
from course_utils.frameworks.drawing import draw_model
from course_utils.poetry import load_start, read_verse
from course_utils.watch import demo_iterations

# %% [markdown]
# From `poetry`, the functions with these names come with this notebook. So do its trained weights, 192 units in each layer, and two plays that they have never seen.

# %%
parameters, chars = load_start()
char_indices = {char: k for k, char in enumerate(chars)}
n_x = len(chars)

# %% tags=["demonstration"]
dream, tempest = read_verse("data/dream.txt"), read_verse("data/tempest.txt")
for layer, own in parameters.items():
    print(f"{layer}:", *(f"{name} {value.shape}" for name, value in own.items()))

# %% [markdown]
# ## 1 The same weights in another order
#
# **Why.** A trained network is worth something only if others can read it. Every framework computes the same LSTM, and each stores it in a way of its own. Whoever moves weights must know both ways.
#
# **The labs** have a matrix for each gate. It acts on columns: first the state $a$, below it the input $x$. The gate $f$ is, at one step,
#
# $$\Gamma_f = \sigma\Big(\underbrace{W_f}_{(n_a,\; n_a + n_x)} \begin{bmatrix} a \\ x \end{bmatrix} + \underbrace{b_f}_{(n_a,\; 1)}\Big) \tag{1}$$
#
# **Keras** has examples in rows, and all four gates in one product:
#
# $$\big[\,z_i \;\; z_f \;\; z_c \;\; z_o\,\big] = x \underbrace{K}_{(n_x,\; 4 n_a)} + \; a \underbrace{R}_{(n_a,\; 4 n_a)} + \underbrace{b}_{(4 n_a,)} \tag{2}$$
#
# | Keras | shape | made of |
# |:--|:--|:--|
# | `kernel`, $K$ | $(n_x, 4 n_a)$ | the columns of $W_i, W_f, W_c, W_o$ that act on $x$ |
# | `recurrent_kernel`, $R$ | $(n_a, 4 n_a)$ | their columns that act on $a$ |
# | `bias`, $b$ | $(4 n_a,)$ | $b_i, b_f, b_c, b_o$ |
#
# The gates stand **side by side, in the order i, f, c, o**: first the $n_a$ columns of the input gate (called update gate in some lectures), and so on.
#
# **Predict first.** A layer of 3 units reads 5 numbers. Which columns of `Wf` act on the input? In which columns of `kernel` do their values go, and are they transposed?
#
# <details><summary>Answer</summary>
#
# Columns 3 to 7 of `Wf`, of shape (3, 5). Transposed, (5, 3), they are columns 3 to 5 of `kernel`, which is (5, 12): $f$ is the second gate.
#
# </details>

# %% [markdown]
# ### Exercise 1: `lstm_weights` (25 points)
#
# Equations (1) and (2): from the labs' eight arrays to the three of Keras.
#
# <details><summary>Hint 1: where the state ends</summary>
#
# The first $n_a$ columns of each matrix act on the state. `len(parameters["bf"])` is $n_a$.
#
# </details>
# <details><summary>Hint 2: side by side</summary>
#
# `np.hstack` puts matrices side by side. Each is transposed before, since Keras multiplies from the other side.
#
# </details>
# <details><summary>Hint 3: a bias is a row</summary>
#
# The labs' biases are columns, (n_a, 1). `[:, 0]` makes a vector of one, and `np.concatenate` joins four.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "lstm_weights", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lstm_weights(parameters):
    """Return the weights of an LSTM layer as Keras keeps them.

    Arguments:
    parameters -- dictionary with Wf, Wi, Wc, Wo, shape (n_a, n_a + n_x), and bf, bi, bc, bo, shape (n_a, 1)

    Returns:
    kernel -- shape (n_x, 4 n_a)
    recurrent_kernel -- shape (n_a, 4 n_a)
    bias -- shape (4 n_a,)
    """
    ### START CODE HERE ###
    n_a = len(parameters["bf"])
    # the gates in Keras' order
    W = [parameters[f"W{gate}"] for gate in "ifco"]
    b = [parameters[f"b{gate}"] for gate in "ifco"]
    # what acts on the input, what acts on the state, and the biases
    kernel = np.hstack([own[:, n_a:].T for own in W])
    recurrent_kernel = np.hstack([own[:, :n_a].T for own in W])
    bias = np.concatenate([own[:, 0] for own in b])
    ### END CODE HERE ###

    return kernel, recurrent_kernel, bias


# %% tags=["demonstration"]
layer = LSTM(192)
layer.build((None, 40, n_x))
print("Keras:", *(f"{weight.name} {tuple(weight.shape)}" for weight in layer.weights))
print("yours:", *(array.shape for array in lstm_weights(parameters["lstm1"])))

# %% nbgrader={"grade": true, "grade_id": "test_lstm_weights", "locked": true, "points": 25, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("lstm_weights")
### END HIDDEN TESTS
visible_check(lstm_weights)

# %% [markdown]
# **What it means.** Nothing warns of a wrong order: all four blocks have one shape, and Keras takes them as they come. Section 5 shows what it costs.
#
# > **What to remember from part 1.** To move a layer, know three things: rows or columns, the order of the gates, and how many biases there are.
#
# ## 2 The network
#
# **Why.** In Keras a layer is an object: `LSTM(192)` makes one, and `LSTM(192)(X)` calls it on what comes before. `Model(input, output)` ties the chain together. It has no numbers yet, only shapes.
#
# An LSTM layer gives its **last state**, $(m, n_a)$, unless you say `return_sequences=True`: then it gives those of **all steps**, $(m, T_x, n_a)$.
#
# | layer | gives | |
# |:--|:--|:--|
# | `Input((Tx, n_x))` | $(m, T_x, n_x)$ | windows, one-hot; the number of examples is not said |
# | `LSTM(n_a, ...)` | $(m, T_x, n_a)$ | the states of all steps |
# | `Dropout(0.2)` | | in training only |
# | `LSTM(n_a)` | $(m, n_a)$ | the last state |
# | `Dropout(0.2)` | | |
# | `Dense(n_x)` | $(m, n_x)$ | one score for each character |
# | `Activation("softmax")` | $(m, n_x)$ | probabilities |
#
# **Predict first.** What happens if the first LSTM layer gives its last state alone? And if the second gives all its states?
#
# <details><summary>Answer</summary>
#
# The second layer wants a sequence, $(m, T_x, n)$, and gets $(m, n_a)$: an error while you build. If the second gives all states there is no error: the model predicts a character after each step, and its output is $(m, T_x, n_x)$.
#
# </details>

# %% [markdown]
# ### Exercise 2: `poetry_model` (30 points)
#
# Build the network of the table. `Dense(n_x, activation="softmax")` in place of the last two is the same. What is graded is what the model computes, without dropout; so its rate is up to you.
#
# <details><summary>Hint 1: the chain</summary>
#
# Begin with `X_input = Input((Tx, n_x))`. Each layer is called on the result of the one before. `Model` takes the first and the last.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "poetry_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def poetry_model(Tx, n_x, n_a):
    """Build the network: two LSTM layers and a softmax, with dropout after each LSTM layer.

    Arguments:
    Tx -- length of a window
    n_x -- number of different characters
    n_a -- units of each LSTM layer

    Returns:
    model -- a Keras model that takes windows, (m, Tx, n_x), and gives probabilities, (m, n_x)
    """
    ### START CODE HERE ###
    # windows
    X_input = Input((Tx, n_x))
    # the states of all steps
    X = LSTM(n_a, return_sequences=True)(X_input)
    X = Dropout(0.2)(X)
    # the last state
    X = LSTM(n_a)(X)
    X = Dropout(0.2)(X)
    # probabilities
    X = Dense(n_x)(X)
    X = Activation("softmax")(X)
    model = Model(X_input, X)
    ### END CODE HERE ###

    return model


# %% tags=["demonstration"]
keras.utils.set_random_seed(0)
model = poetry_model(40, n_x, 192)
draw_model(model)

# %% nbgrader={"grade": true, "grade_id": "test_poetry_model", "locked": true, "points": 30, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("poetry_model")
### END HIDDEN TESTS
visible_check(poetry_model)

# %% [markdown]
# `model.summary()` prints the same as text. (`keras.utils.plot_model` draws it too, but needs the program Graphviz.)
#
# > **What to remember from part 2.** `return_sequences=True` where another recurrent layer follows. A layer that is called twice keeps one set of weights; two calls of `LSTM(...)` make two.
#
# ## 3 The transplant
#
# **Why.** The new model is untrained. The weights of `poetry` were trained for 40 minutes, in NumPy. If both networks are the same, they fit.
#
# `layer.set_weights([...])` takes the arrays of a layer as `get_weights()` returns them: three of an LSTM layer, and of a dense layer its kernel, $(n_a, n_x)$, and its bias, $(n_x,)$. `model.set_weights` takes those of all layers, in order.
#
# The labs' dense layer computes $W_y a + b_y$, with $W_y$ of shape $(n_x, n_a)$ and $b_y$ of shape $(n_x, 1)$.

# %% [markdown]
# ### Exercise 3: `transplant` (15 points)
#
# Put `parameters` into `model`. It is changed in place. `lstm_weights` knows the LSTM layers.
#
# <details><summary>Hint 1: which layers?</summary>
#
# Dropout and activation have no weights: `layer.get_weights()` is an empty list. You can pass all arrays to `model.set_weights`, or look for the layers that have some.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "transplant", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transplant(model, parameters):
    """Put trained weights into a Keras model.

    Arguments:
    model -- a Keras model with two LSTM layers and a dense layer, in this order; layers without weights may stand
        between them; changed in place
    parameters -- dictionary with lstm1, lstm2 (as for lstm_weights) and dense: Wy, shape (n_x, n_a), and by,
        shape (n_x, 1)
    """
    ### START CODE HERE ###
    # three arrays of each LSTM layer
    lstm1 = lstm_weights(parameters["lstm1"])
    lstm2 = lstm_weights(parameters["lstm2"])
    # two of the dense layer
    dense = (parameters["dense"]["Wy"].T, parameters["dense"]["by"][:, 0])
    # all of them, in order
    model.set_weights([*lstm1, *lstm2, *dense])
    ### END CODE HERE ###


# %% [markdown]
# The proof: the same windows through both networks.

# %% tags=["demonstration"]
transplant(model, parameters)
X, Y = build_data(tempest[:700])
x, y = vectorization(X, Y, n_x, char_indices)
in_numpy, in_keras = predict(x, parameters), model.predict(x, verbose=0)
print("shapes:", in_numpy.shape, in_keras.shape)
print(f"largest difference of a probability: {np.abs(in_numpy - in_keras).max():.1e}")
for k in (0, 50, 100):
    print(f"{X[k]!r} -> {chars[in_keras[k].argmax()]!r} {in_keras[k].max():.3f}, in NumPy {in_numpy[k].max():.3f}")

# %% nbgrader={"grade": true, "grade_id": "test_transplant", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("transplant")
### END HIDDEN TESTS
visible_check(transplant)

# %% [markdown]
# **What it means.** Both compute in single precision, which has seven digits. They add up in different orders, so the last digit may differ, and no more. A wrong gate order would show in the first.
#
# > **What to remember from part 3.** After a transplant, compare outputs, not shapes.
#
# ## 4 It writes
#
# `generate_output` is that of `poetry`, but for one line: the probabilities come from `model.predict`. (With `verbose=0`, else Keras prints a bar for each character.) As there, `'0'` stands for nothing on the left of a short beginning, and such a step is a row of zeros. `sample(preds, temperature)` draws the number of a character.
#
# **Predict first.** `model.predict` gets one window of shape (40, 36). Which shape must the array have, and which has the result?
#
# <details><summary>Answer</summary>
#
# (1, 40, 36) and (1, 36): a model always takes and gives a batch.
#
# </details>

# %% [markdown]
# ### Exercise 4: `generate_output` (15 points)
#
# Write the loop.
#
# <details><summary>Hint 1: one step</summary>
#
# Make `x_pred` of zeros, (1, Tx, n_x). Set one entry to 1 for each character of `sentence` that is not `'0'`. Predict, sample, add the character to `generated`, and move `sentence` on by one.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "generate_output", "locked": false, "schema_version": 3, "solution": true, "task": false}
def generate_output(model, chars, usr_input="hello", Tx=40, length=400, temperature=1.0):
    """Go on with a text.

    Arguments:
    model -- a Keras model that takes windows, (m, Tx, n_x), and gives probabilities, (m, n_x)
    chars -- list of all characters, in the order of their numbers
    usr_input -- the beginning; capitals are read as small letters
    Tx -- length of a window
    length -- how many characters to add
    temperature -- as for sample

    Returns:
    generated -- the beginning and what the model adds, a string
    """
    char_indices = {char: k for k, char in enumerate(chars)}
    n_x = len(chars)
    # the last Tx characters; '0' stands for nothing where there are fewer
    sentence = usr_input.lower()[-Tx:].rjust(Tx, "0")
    generated = usr_input

    ### START CODE HERE ###
    for _ in range(length):
        # the window, one-hot; rows of zeros where there is nothing
        x_pred = np.zeros((1, Tx, n_x))
        for t, char in enumerate(sentence):
            if char != "0":
                x_pred[0, t, char_indices[char]] = 1
        # draw the next character
        preds = model.predict(x_pred, verbose=0)[0]
        next_char = chars[sample(preds, temperature)]
        # write it down, and move on by one
        generated += next_char
        sentence = sentence[1:] + next_char
    ### END CODE HERE ###

    return generated


# %% tags=["demonstration"]
np.random.seed(0)
beginning = "Shall I compare thee to a summer's day?\n"
print(generate_output(model, chars, beginning, length=demo_iterations(150, quick=5), temperature=0.7))

# %% nbgrader={"grade": true, "grade_id": "test_generate_output", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("generate_output")
### END HIDDEN TESTS
visible_check(generate_output)

# %% [markdown]
# > **What to remember from part 4.** A model takes and gives batches, of one example too.
#
# ## 5 One epoch, with a diary
#
# **Why.** `model.fit` is the whole training loop: batches, gradients, updates. Inside it you have no line of your own. A **callback** gives you one. `LambdaCallback(on_epoch_end=f)` calls `f(epoch, logs)` after each epoch. `epoch` counts from 0; `logs["loss"]` is the mean loss of the epoch, in nats.
#
# The published program prints what the model writes after each epoch. Yours keeps a diary.
#
# **Predict first.** `on_epoch_end=f(0, {})` or `on_epoch_end=f`: what is the difference?
#
# <details><summary>Answer</summary>
#
# The first calls `f` now, once, before any training, and hands on what it returns. The second hands on the function itself, which is called after each epoch.
#
# </details>

# %% [markdown]
# ### Exercise 5: `diary_callback` (15 points)
#
# Return a callback that adds a tuple of three to `diary` after each epoch: the number of the epoch, **counted from 1**; its loss **in bits**; and what `generate_output` writes then, from `usr_input`, with this `length` and `temperature`.
#
# <details><summary>Hint 1: a function in a function</summary>
#
# Define `on_epoch_end(epoch, logs)` inside. It can read `model`, `diary` and all other arguments of the function around it.
#
# </details>
# <details><summary>Hint 2: nats and bits</summary>
#
# 1 bit is $\log 2 \approx 0.69$ nats, so a loss is a larger number in bits.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "diary_callback", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diary_callback(model, chars, usr_input, diary, length=100, temperature=1.0):
    """Make a callback that keeps a diary of the training.

    Arguments:
    model, chars, usr_input, length, temperature -- as for generate_output
    diary -- a list; after each epoch it gets a tuple: number of the epoch from 1, loss in bits, text

    Returns:
    callback -- a Keras callback
    """
    ### START CODE HERE ###
    def on_epoch_end(epoch, logs):
        bits = logs["loss"] / np.log(2)
        text = generate_output(model, chars, usr_input, length=length, temperature=temperature)
        diary.append((epoch + 1, bits, text))

    # Keras calls it after each epoch
    callback = LambdaCallback(on_epoch_end=on_epoch_end)
    ### END CODE HERE ###

    return callback


# %% nbgrader={"grade": true, "grade_id": "test_diary_callback", "locked": true, "points": 15, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("diary_callback")
### END HIDDEN TESTS
visible_check(diary_callback)

# %% [markdown]
# ### Before
#
# `model.evaluate` gives the mean loss. With a window for every character, divided by $\log 2$, it is the **bits per character** of `poetry`: the first line below shows both.

# %% tags=["demonstration"]
model.compile(optimizer=Adam(learning_rate=0.0003), loss="categorical_crossentropy")


def bits(text):
    """Return what a text costs the model, in bits per character, from place 40 on."""
    x, y = vectorization(*build_data(text, stride=1), n_x, char_indices)
    return model.evaluate(x, y, batch_size=256, verbose=0) / np.log(2)


count = demo_iterations(1500, quick=80)
rest, other = dream[30_000 : 30_000 + count], tempest[:count]
print(f"Keras {bits(other[:500]):.4f}, NumPy {bits_per_character(other[:500], parameters, char_indices):.4f}")
before = bits(rest), bits(other)

# %% [markdown]
# ### The epoch
#
# The network has not read *A Midsummer Night's Dream*. One epoch goes through half of it: windows of 40, batches of 128, as in `poetry`, but a stride of 8 in place of 3: less than half as many examples, and half a minute.

# %% tags=["demonstration"]
X, Y = build_data(dream[: demo_iterations(30_000, quick=200)], stride=8)
x, y = vectorization(X, Y, n_x, char_indices)
print("number of training examples:", len(X))

keras.utils.set_random_seed(0)
diary = []
print_callback = diary_callback(
    model, chars, "If we shadows have offended,\n", diary, length=demo_iterations(100, quick=5), temperature=0.6
)
model.fit(x, y, batch_size=128, epochs=1, callbacks=[print_callback], verbose=0)

for epoch, loss, written in diary:
    print(f"epoch {epoch}: {loss:.3f} bits (with dropout)\n{written}")

# %% [markdown]
# ### After

# %% tags=["demonstration"]
after = bits(rest), bits(other)
print("bits per character    before   after")
print(f"rest of the Dream      {before[0]:.3f}   {after[0]:.3f}")
print(f"The Tempest            {before[1]:.3f}   {after[1]:.3f}")

# %% [markdown]
# **What it means.** On our machine, the rest of the *Dream* went from 2.273 to 2.256 bits, and *The Tempest* from 2.062 to 2.069: a little learned, a little forgotten, as in `poetry`. These are the next 1,460 characters of one play and the first of the other. On 5,000 characters of each, another run went from 2.191 to 2.179 and from 2.064 to 2.066. An epoch of 3,745 examples is not much, beside the fifteen million that the network has seen.
#
# ### Keep it
#
# A file `.keras` holds the layers and their weights. `load_model` reads it back; the published program does that with a file of its own, which is not part of the text.

# %% tags=["demonstration"]
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/poet.keras")
    again = load_model(f"{folder}/poet.keras")
print("the same probabilities:", np.array_equal(model.predict(x[:9], verbose=0), again.predict(x[:9], verbose=0)))

# %% [markdown]
# ### Break it (not graded)
#
# What does a wrong order of the gates cost? The blocks of both layers change places. Put the orders in your own order before you run the cell. (An untrained network has 5.17 bits.)

# %% tags=["demonstration"]
right = model.get_weights()
for order in ("ifco", "iofc", "fico", "ifoc", "ocfi"):
    places = np.concatenate([np.arange(192) + 192 * "ifco".index(gate) for gate in order])
    model.set_weights([array[..., places] if array.shape[-1] == 768 else array for array in right])
    print(f"{order}: {bits(other[:300]):.2f} bits per character")
model.set_weights(right)

# %% [markdown]
# **What it means.** No wrong order raises an error, and three of the four are worse than to know nothing. The weights are all there; each does the work of another.
#
# > **What to remember from part 5.** Hand on the function, not its result. Measure before and after, on text that was not read.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Weights are moved by three facts: rows or columns, order of the gates, biases. The proof is equal outputs.
# - A stack in Keras is a chain of calls; `return_sequences` says what goes on to the next layer.
# - A callback is your line inside `fit`.
#
# ### For those who want more
#
# Nothing here is graded.
#
# - Write the way back, from `model.get_weights()` to the labs' dictionaries, and measure the trained model with `bits_per_character` of `poetry`.
# - Take the loss at every step: `return_sequences=True` in both layers, `Dense` on all states, and targets of shape $(m, T_x, n_x)$. How much faster does it learn?
# - `Masking()` before the first layer skips rows of zeros. Does the model write better from a short beginning?
# - PyTorch has the gates in the same order, in rows instead of columns, and two biases. Move the weights into `torch.nn.LSTM`.
#
# **Further reading**
#
# - The [guide to recurrent layers](https://keras.io/guides/working_with_rnns/) of Keras.
# - W. Zaremba, I. Sutskever and O. Vinyals, [Recurrent neural network regularization](https://arxiv.org/abs/1409.2329), 2014: where dropout belongs in a stack of LSTM layers.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all five checks say "visible checks passed". Save, and hand in this notebook under its own name.
