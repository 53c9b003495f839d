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
# # A network that improvises jazz, in Keras
#
# You know how an LSTM works inside. In this lab you leave the inside to a library: you say which layers there are and how they are connected, and **Keras** does the rest. The network learns from the same jazz solo as in the NumPy lab, and plays one of its own.
#
# **Afterwards you can**
#
# - build a model from layers, and call one layer at many steps so that its weights are shared;
# - use trained layers in a second model that composes;
# - find the errors that Keras does not report: a loop variable that is read too late, a softmax too many, a state that is not handed on;
# - say what in older Keras programs no longer runs, and what runs but does something else.
#
# **You need** the lab on recurrent cells; the lab that improvises jazz with NumPy helps. **Time:** about an hour and a half. Nothing here needs the internet.
#
# | exercise | you write | points |
# |:--|:--|--:|
# | 1 | `djmodel`: one LSTM, all steps | 45 |
# | 2 | `music_inference_model`: feed the output back | 35 |
# | 3 | `predict_and_sample`: a solo as numbers | 20 |

# %% [markdown]
# ## How to work with this notebook
#
# Run the cells from top to bottom. In an exercise, write only between `### START CODE HERE ###` and `### END CODE HERE ###`, and keep the names of functions and variables.
#
# A model is judged by what it computes. The check under an exercise calls your function with small sizes, puts weights of its own into the model that you return, and compares the outputs with what these weights should give. Your trained layers are not touched. The hidden tests do the same with other weights and other sizes. So it does not matter how well your network is trained, or on which computer.
#
# Any way of writing the model is right if it computes the same. Stuck? Open the hints one at a time.
#
# ### A word on backends
#
# Keras itself does not calculate: a *backend* does, which is PyTorch, JAX or TensorFlow. The first line below chooses one that is installed, before Keras is imported; later it cannot be changed. The code of this lab is the same on all three. With PyTorch the training takes seconds. With JAX the first epoch takes about half a minute, since the model is compiled first.

# %%
from course_utils.frameworks import backend  # chooses Keras' backend before it is imported

from functools import partial

import keras
import numpy as np
from cells import lstm_cell_forward
from keras import Model, ops
from keras.layers import LSTM, Dense, Input, Lambda, RepeatVector, Reshape
from keras.optimizers import Adam
from keras.optimizers.schedules import InverseTimeDecay
from keras.utils import to_categorical

from course_utils.checks import check_shape, checks_so_far, visible_check
from course_utils.frameworks.drawing import draw_calls
from course_utils.music import generate_music, load_music_utils, measure, play_side_by_side, read_tune
from course_utils.plots import plot_curves
from course_utils.watch import demo_iterations

# %% [markdown]
# ## 1 Layers and models
#
# The solo is written as **values**, such as `C2+3..4`: a chord tone of two eighths, 3 to 4 semitones above the note before. (The NumPy lab explains them.) The network reads thirty values and guesses, after each, the one that comes next.

# %%
X, Y, n_values, indices_values = load_music_utils()
m, Tx, _ = X.shape
print("shape of X:", X.shape)
print("number of training examples:", m)
print("Tx (length of a sequence):", Tx)
print("number of different values:", n_values)
print("shape of Y:", Y.shape)

# %% [markdown]
# | symbol | in code | meaning |
# |:--|:--|:--|
# | $m$ | `m` | sequences in the batch, 60 here |
# | $T_x,\; T_y$ | `Tx`, `Ty` | values of a sequence: 30 to learn from, 50 to compose |
# | $n_x = n_y$ | `n_values` | number of different values |
# | $n_a$ | `n_a` | size of hidden state and memory, 64 here |
# | $a,\; c$ | `a`, `c` | hidden state and memory, shape $(m, n_a)$ |
#
# In Keras, one row is one example, everywhere. `X` has the shape $(m, T_x, n_x)$. `Y` has **time first**, $(T_x, m, n_y)$, because the model will have one output for each step.
#
# A **layer** holds weights. It gets them when it is called for the first time, and then their shape is fixed. All later calls use the same weights. The network needs three layers, and they are made here, outside of any function, because two models will use them:

# %%
n_a = 64
reshapor = Reshape((1, n_values))
LSTM_cell = LSTM(n_a, return_state=True)
densor = Dense(n_values, activation="softmax")

# %% [markdown]
# | layer | takes | gives |
# |:--|:--|:--|
# | `reshapor` | $(m, n_x)$ | $(m, 1, n_x)$: a sequence of one step |
# | `LSTM_cell` | $(m, 1, n_x)$, and `initial_state=[a, c]` | three arrays $(m, n_a)$: the output of the last step, the hidden state, the memory |
# | `densor` | $(m, n_a)$ | $(m, n_y)$, probabilities |
#
# Keras' `LSTM` would run over a whole sequence by itself. Here it gets one step at a time, so that the same layer can later hear its own output. Of one step, the output *is* the hidden state: the first two of the three arrays are equal.
#
# `Input((Tx, n_values))` makes a **symbolic** tensor: a shape without numbers. A layer that is called on it returns another. `Model(inputs, outputs)` follows the connections from the outputs back to the inputs. Only when the model is called with arrays, something is computed.

# %% [markdown]
# ### When is the loop variable read?
#
# Older programs cut out a time step with a `Lambda` layer, which makes a layer of any function. **Predict first.** The cell below makes three such layers in a loop and reads the sequence 10, 20, 30 with them. What does each of the two models give?
#
# <details><summary>Answer</summary>
#
# The first gives 30 30 30, the second 10 20 30. A function looks up `t` when it **runs**. The layers run when the model is called. By then the loop has ended, and `t` is 2 for all of them. Keras reports no error, the shapes are right, and even the loss falls in training.
#
# </details>


# %% tags=["demonstration"]
sequence = Input((3, 1))
late = Model(sequence, [Lambda(lambda x: x[:, t, :])(sequence) for t in range(3)])
now = Model(sequence, [sequence[:, t, :] for t in range(3)])
for name, model in {"Lambda": late, "a slice": now}.items():
    steps = model(np.array([[[10.0], [20.0], [30.0]]]))
    print(f"{name:8}", *(int(step[0, 0]) for step in steps))

# %% [markdown]
# A symbolic tensor can be sliced as it is, which is the simplest way out. Whoever wants a `Lambda` can bind the number when the function is made: `lambda x, t=t: ...`.
#
# > **What to remember from part 1.** Layers hold weights, models connect layers. A layer that is made once and called often has one set of weights. Functions in a model run later than the loop that made them.
#
# ## 2 One LSTM, thirty times
#
# ![An LSTM cell drawn three times, for steps 1, 2 and T x. Each takes a slice of X from below, and state and memory from the left. Each gives its state to a dense layer above, which gives y hat. A bracket over all of them says: the same weights.](data/unrolled.svg)
#
# For $t = 1, \dots, T_x$, with $x^{\langle t\rangle}$ the slice of `X` at step $t$:
#
# $$a^{\langle t\rangle}, c^{\langle t\rangle} = \mathrm{LSTM\_cell}\big(x^{\langle t\rangle};\; a^{\langle t-1\rangle}, c^{\langle t-1\rangle}\big), \qquad \hat y^{\langle t\rangle} = \mathrm{densor}\big(a^{\langle t\rangle}\big) \tag{1}$$
#
# **Predict first.** What would be different if `LSTM(n_a, return_state=True)` stood inside the loop?
#
# <details><summary>Answer</summary>
#
# There would be thirty LSTMs, each with weights of its own: thirty times as many to learn, from the same data. What is learnt about step 3 would be of no use at step 4, and the network could not go on after step 30.
#
# </details>

# %% [markdown]
# ### Exercise 1: `djmodel` (45 points)
#
# Connect the three layers over all steps, and return the model. Its inputs are `X`, `a0` and `c0`, in this order; its outputs are a list of `Tx` tensors.
#
# Most of the points are for the outputs. Some are for the gradients of a loss by each weight, and some for using the three layers that were made above, and not others.
#
# <details><summary>Hint 1: one step</summary>
#
# Cut out step t, give it a time axis again with `reshapor`, hand it to `LSTM_cell`, and the new hidden state to `densor`.
#
# </details>
# <details><summary>Hint 2: which of the three?</summary>
#
# The order is output, hidden state, memory. The last is what the next step needs as its memory; either of the first two is its hidden state.
#
# </details>
# <details><summary>Hint 3: an axis too few</summary>
#
# "expected ndim=3, found ndim=2" means that the LSTM was given $(m, n_x)$. It wants a sequence, even of one step.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "djmodel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def djmodel(Tx, n_a, n_values):
    """Build the model that learns: LSTM_cell and densor at every step of a sequence.

    Arguments:
    Tx -- length of a sequence
    n_a -- size of hidden state and memory
    n_values -- number of different values

    Returns:
    model -- Keras model with the inputs X (m, Tx, n_values), a0 and c0 (m, n_a), and a list of Tx outputs
             (m, n_values)
    """
    X = Input((Tx, n_values))
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    a, c = a0, c0
    outputs = []

    ### START CODE HERE ###
    for t in range(Tx):
        # step t of all examples, as a sequence of one step
        x = X[:, t, :]
        x = reshapor(x)
        # one step of the LSTM, equation (1)
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        # the prediction of this step
        out = densor(a)
        outputs.append(out)
    # from the three inputs to all outputs
    model = Model(inputs=[X, a0, c0], outputs=outputs)
    ### END CODE HERE ###

    return model


# %% tags=["demonstration"]
model = djmodel(Tx=30, n_a=64, n_values=n_values)
print("outputs:", len(model.outputs), "of shape", model.outputs[0].shape)
for layer in (LSTM_cell, densor):
    shapes = ", ".join(str(tuple(weight.shape)) for weight in layer.weights)
    print(f"{type(layer).__name__}: {layer.count_params()} weights, in arrays of shape {shapes}")
print("weights of the model:", model.count_params())

draw_calls(djmodel(Tx=3, n_a=64, n_values=n_values))

# %% nbgrader={"grade": true, "grade_id": "test_djmodel", "locked": true, "points": 45, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("djmodel")
### END HIDDEN TESTS
visible_check(djmodel)

# %% [markdown]
# **What it means.** Thirty steps, and no more weights than of one LSTM and one dense layer. If the last line says more than the two before it together, something is not shared. The figure shows your function's model for three steps: each box is a call, and boxes of one colour are calls of the same layer. (`GetItem` is a slice.)
#
# ### Is it the LSTM that you wrote?
#
# Keras keeps all gates of an LSTM side by side, in the order $i, f, c, o$, and multiplies from the other side. The first array acts on the input, the second on the hidden state. So your parameters `Wf`, `Wi`, `Wc`, `Wo` are blocks of these arrays, transposed. The cell takes them out, and runs your `lstm_cell_forward` for three steps.


# %% tags=["demonstration"]
kernel, recurrent_kernel, bias = LSTM_cell.get_weights()
parameters = {"Wy": densor.get_weights()[0].T, "by": densor.get_weights()[1][:, None]}
for number, gate in enumerate("ifco"):
    block = slice(number * n_a, (number + 1) * n_a)
    parameters[f"W{gate}"] = np.hstack((recurrent_kernel[:, block].T, kernel[:, block].T))
    parameters[f"b{gate}"] = bias[block, None]

a0, c0 = np.zeros((m, n_a)), np.zeros((m, n_a))
outputs = [ops.convert_to_numpy(out) for out in model([X, a0, c0])]
a, c = a0.T, c0.T
for t in range(3):
    a, c, out, _ = lstm_cell_forward(X[:, t].T, a, c, parameters)
    print(f"step {t + 1}: largest difference {np.abs(out.T - outputs[t]).max():.0e}")

# %% [markdown]
# The difference is rounding: Keras calculates in `float32`, with seven digits, your NumPy in sixteen.
#
# ### Training
#
# What took a loop of your own in NumPy is three calls:
#
# | call | what it settles |
# |:--|:--|
# | `Adam(learning_rate=...)` | the optimiser, here with a step size that shrinks: $0.01 / (1 + 0.01\,k)$ at step $k$ |
# | `model.compile(optimizer=..., loss=...)` | the loss: cross-entropy of each output, added up over the outputs |
# | `model.fit([X, a0, c0], list(Y), epochs=...)` | the data: a list of three inputs, and a list of `Tx` targets |
#
# The program that this lab follows is a few years old, and so are many that you will find. This is what becomes of them in Keras 3:
#
# | written | today | instead |
# |:--|:--|:--|
# | `Adam(lr=0.01)` | an error | `learning_rate=0.01` |
# | `Adam(decay=0.01)` | a warning, and **no decay** | a schedule such as `InverseTimeDecay` |
# | `compile(metrics=['accuracy'])`, 30 outputs | an error in `fit` | a list of metrics for each output, or none |
# | `Lambda(lambda x: X[:, t, :])(X)` | an error when the model is used | `X[:, t, :]` |
# | `Lambda(lambda x: x[:, t, :])(X)` | **wrong numbers** | `X[:, t, :]` |
# | `K.argmax`, `K.one_hot` | an error | `ops.argmax`, `ops.one_hot` |
# | `n_values=78`, where the data have 90 | an error, but **not when it is built** | take the number from the data |
#
# The lines in bold are the dangerous ones.

# %% tags=["demonstration"]
untrained = model.get_weights()
schedule = InverseTimeDecay(0.01, decay_steps=1, decay_rate=0.01)
model.compile(optimizer=Adam(learning_rate=schedule), loss="categorical_crossentropy")
history = model.fit([X, a0, c0], list(Y), epochs=demo_iterations(60, quick=1), verbose=0)
losses = np.array(history.history["loss"]) / Tx

plot_curves(
    {"training": losses, "equally likely": np.full(len(losses), np.log(n_values))},
    xlabel="epoch",
    ylabel="nats a value",
    title="Learning a solo",
)
print(f"from {losses[0]:.2f} to {losses[-1]:.2f} nats a value; log {n_values} is {np.log(n_values):.2f}")

# %% [markdown]
# **What it means.** The first epoch is already better than a blind guess, since Keras updates after each batch of 32. As in the NumPy lab, a low loss on one solo is no proof of musicality: the network learns the solo by heart.
#
# > **What to remember from part 2.** One layer, called at every step, is one set of weights. `fit` hides the loop that you wrote before; what it is told silently or not at all is worth a look.
#
# ## 3 Let it play
#
# To compose, the network hears itself: the most likely value, made one-hot, is the next input.
#
# $$x^{\langle t+1\rangle} = \mathrm{one\_hot}\Big(\arg\max_k\; \hat y^{\langle t\rangle}_k\Big) \tag{2}$$
#
# That is a **second model with the same layers**. Nothing is copied: `LSTM_cell` and `densor` have their weights, whichever model calls them. It works because the weights do not depend on the number of steps. They do depend on `n_values`: the LSTM has got a row of weights for each value. **Predict first:** the layers, trained with our data, are put into a model for 78 values, as an older program has it. When is that noticed?
#
# <details><summary>Answer</summary>
#
# When the model is used, and not when it is built: the output has the right shape all the same, since `densor` sets it. The cell below shows it. The number 78 comes from another data set; take it from your own. (New layers would fit, but they would know nothing.)
#
# </details>

# %% tags=["demonstration"]
short = Input((1, 78))
misfit = Model(short, densor(LSTM_cell(short)[0]))
print("built without an error; output:", misfit.outputs[0].shape)
try:
    misfit(np.zeros((1, 1, 78)))
except Exception as error:
    print("used:", type(error).__name__, "-", *str(error).split("\n")[:3])

# %% [markdown]
# ### Exercise 2: `music_inference_model` (35 points)
#
# The function `one_hot` in the cell is given: it is equation (2) for a batch, with a time axis. `ops` has the operations of NumPy, for symbolic tensors and on every backend; NumPy itself cannot be used in a model. `one_hot` may be called as it is, or in a `Lambda` layer.
#
# <details><summary>Hint 1: almost djmodel</summary>
#
# The step itself is that of exercise 1. Only the source of `x` is new, and the layers are arguments.
#
# </details>
# <details><summary>Hint 2: when does it change?</summary>
#
# The first step hears `x0`. At the end of each step, `x` becomes what the next one hears.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "music_inference_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(out):
    """Return the most likely value of each example, one-hot, (m, 1, n_values), from probabilities (m, n_values)."""
    likeliest = ops.argmax(out, axis=-1)
    return ops.expand_dims(ops.one_hot(likeliest, out.shape[-1]), axis=1)


def music_inference_model(LSTM_cell, densor, n_values, n_a, Ty=100):
    """Build the model that composes, from trained layers.

    Arguments:
    LSTM_cell -- layer of djmodel, trained
    densor -- layer of djmodel, trained
    n_values -- number of different values
    n_a -- size of hidden state and memory
    Ty -- number of values to compose

    Returns:
    inference_model -- Keras model with the inputs x0 (m, 1, n_values), a0 and c0 (m, n_a), and a list of Ty
                       outputs (m, n_values)
    """
    x0 = Input((1, n_values))
    a0 = Input((n_a,), name="a0")
    c0 = Input((n_a,), name="c0")
    x, a, c = x0, a0, c0
    outputs = []

    ### START CODE HERE ###
    for t in range(Ty):
        # one step of the LSTM, and its prediction kept as in djmodel
        a, _, c = LSTM_cell(x, initial_state=[a, c])
        out = densor(a)
        outputs.append(out)
        # what the next step hears, equation (2)
        x = one_hot(out)
    # from the three inputs to all outputs
    inference_model = Model(inputs=[x0, a0, c0], outputs=outputs)
    ### END CODE HERE ###

    return inference_model


# %% tags=["demonstration"]
inference_model = music_inference_model(LSTM_cell, densor, n_values=n_values, n_a=n_a, Ty=50)
print("outputs:", len(inference_model.outputs), "of shape", inference_model.outputs[0].shape)
print("weights:", inference_model.count_params(), "in this model,", model.count_params(), "in the other")

draw_calls(music_inference_model(LSTM_cell, densor, n_values=n_values, n_a=n_a, Ty=3))

# %% nbgrader={"grade": true, "grade_id": "test_music_inference_model", "locked": true, "points": 35, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("music_inference_model")
### END HIDDEN TESTS
visible_check(music_inference_model)

# %% [markdown]
# ### Exercise 3: `predict_and_sample` (20 points)
#
# `model.predict` takes a list of arrays and returns a list of arrays, one for each output. (`verbose=0` keeps it quiet.) Return what was predicted, as whole numbers and one-hot.
#
# <details><summary>Hint 1: from probabilities to indices</summary>
#
# A list of Ty arrays (1, n_values) is to NumPy an array (Ty, 1, n_values). The largest entry along its last axis leaves (Ty, 1).
#
# </details>
# <details><summary>Hint 2: how many columns?</summary>
#
# `to_categorical` takes the largest number that it finds for the last one, unless it is told how many there are. The last axis of `x_initializer` says it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_and_sample", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer):
    """Compose with an inference model.

    Arguments:
    inference_model -- Keras model as music_inference_model returns it, with Ty outputs
    x_initializer -- first input, shape (1, 1, n_values)
    a_initializer, c_initializer -- first hidden state and memory, shape (1, n_a)

    Returns:
    results -- the predicted values, one-hot, shape (Ty, n_values)
    indices -- the predicted values as whole numbers, shape (Ty, 1)
    """
    n_values = x_initializer.shape[2]

    ### START CODE HERE ###
    # the probabilities at all steps
    pred = inference_model.predict([x_initializer, a_initializer, c_initializer], verbose=0)
    # the most likely value of each step
    indices = np.argmax(pred, axis=-1)
    # the same, one-hot
    results = to_categorical(indices, num_classes=n_values)
    ### END CODE HERE ###

    return results, indices


# %% tags=["demonstration"]
x_initializer = np.zeros((1, 1, n_values))
a_initializer = np.zeros((1, n_a))
c_initializer = np.zeros((1, n_a))

results, indices = predict_and_sample(inference_model, x_initializer, a_initializer, c_initializer)
check_shape("results", results, (50, n_values))
check_shape("indices", indices, (50, 1))
print("np.argmax(results[12]) =", np.argmax(results[12]))
print("list(indices[12:18]) =", list(indices[12:18]))
print("values 12 to 17:", *(indices_values[int(k)] for k in indices[12:18, 0]))

# %% nbgrader={"grade": true, "grade_id": "test_predict_and_sample", "locked": true, "points": 20, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
__seqlab_grade__("predict_and_sample")
### END HIDDEN TESTS
visible_check(predict_and_sample)

# %% [markdown]
# Your indices will differ from those of others: the layers began with random weights. The check used weights of its own, and must agree.
#
# ## 4 The solo
#
# `generate_music` calls your function for five sets of chords, eight bars each, turns the values into notes over these chords, and saves a MIDI file. Press play.

# %% tags=["demonstration"]
tune = generate_music(
    partial(predict_and_sample, inference_model), x_initializer, a_initializer, c_initializer, indices_values
)
tune.part(1, 8).plot("Eight bars by the network")
tune

# %% [markdown]
# And the untrained network? The two models share their layers. So it is enough to put the first weights back into `model`: `inference_model` then plays as it would have before the training. **Predict first:** does it have to be built again?
#
# <details><summary>Answer</summary>
#
# No. It never had weights of its own. This is the other side of sharing: whoever trains one model changes the other.
#
# </details>

# %% tags=["demonstration"]
trained = model.get_weights()
model.set_weights(untrained)
first_try = generate_music(
    partial(predict_and_sample, inference_model),
    x_initializer,
    a_initializer,
    c_initializer,
    indices_values,
    "output/untrained.midi",
)
model.set_weights(trained)

solo = read_tune("data/solo.mid")
tunes = {"the solo we learn from": solo, "untrained": first_try, "trained": tune}
keys = ("notes", "sounding", "chord tones", "elsewhere", "repeated", "loop")
print(f"\n{'':24}", *(f"{key:>12}" for key in keys))
for name, one in tunes.items():
    found = measure(one)
    print(f"{name:24}", f"{found['notes']:12}", *(f"{found[key]:12.2f}" for key in keys[1:]))
play_side_by_side({name: one.part(1, 8) for name, one in tunes.items()})

# %% [markdown]
# **What it means.** `measure` says how much of the time sounds; the share of chord tones on strong beats, and elsewhere; the share of runs of four values that came before; and the share of values that the longest loop takes. The untrained network plays fewer and longer notes, and its many chord tones are no merit: most values begin with `C`. The trained one plays more of them, but the other columns change from one training to the next. Make the layers anew, train again, and compare: sixty epochs are few, and one solo is little. The lab with NumPy goes on from here.
#
# > **What to remember from parts 3 and 4.** A model is a way through layers. The same layers, connected in another way, compose instead of learn.

# %% tags=["demonstration"]
checks_so_far()

# %% [markdown]
# ## What you have now
#
# - Layers that are made once are shared: between steps, and between models.
# - Symbolic tensors are shapes; numbers come when the model is called, and functions in it run only then.
# - Keras checks shapes, not meaning. What passes without an error may be wrong: compare with a second way of computing it, as you did with your own cell.
#
# ### Questions to think about
#
# Nothing here is graded.
#
# - `LSTM(n_a, return_sequences=True)` runs over all thirty steps in one call. Build `djmodel` with it and with one dense layer. Which of the two can compose, and why do both have the same weights?
# - `a, c, _ = LSTM_cell(...)` raises no error. What does the network then take for its memory?
# - What is lost if `densor` has a softmax and the loss is told `from_logits=True`? What if a second softmax follows the first?
# - Train with `batch_size=60`. Is an epoch faster, and is the network better after sixty?
# - Instead of the most likely value, draw one. Where in `music_inference_model` would a random number have to be drawn, and what does `keras.random` offer?
#
# **Further reading**
#
# - [The functional API](https://keras.io/guides/functional_api/), on shared layers and models with several outputs; Keras' documentation.
# - D. Eck and J. Schmidhuber, [Finding temporal structure in music: blues improvisation with LSTM recurrent networks](https://doi.org/10.1109/NNSP.2002.1030094), IEEE Workshop on Neural Networks for Signal Processing, 2002.
#
# **Before you hand in:** choose *Kernel → Restart Kernel and Run All Cells*, and see that all three checks say "visible checks passed". Save, and hand in this notebook under its own name.
