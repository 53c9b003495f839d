"""The hidden cases of the lab `torch_rnn`: what is drawn, and what each output is worth.

Weights that go into models are in PyTorch's layout, of order 1 so that mistakes show; all sizes differ.
"""

import numpy as np

from autograder import Exercise, Lab

GATES = {"rnn": 1, "gru": 3, "lstm": 4}

# ---------------------------------------------------------------- shapes

output_shapes = Exercise("output_shapes", outputs={"Y_shape": 1, "state_shape": 1})


def layer_sizes(kind, batch_size, num_steps, input_size, hidden_size, **options):
    names = ("num_layers", "bidirectional", "batch_first")
    defaults = {"num_layers": 1, "bidirectional": False, "batch_first": False}
    sizes = dict(zip(("batch_size", "num_steps", "input_size", "hidden_size"), (batch_size, num_steps, input_size, hidden_size)))
    return {"kind": kind, **sizes, **{name: options.get(name, defaults[name]) for name in names}}


def some(rng, count, low=2, high=40):
    """Different sizes."""
    return [int(n) for n in rng.choice(np.arange(low, high), count, replace=False)]


@output_shapes.case
def shapes_plain(rng):
    """an RNN, time first"""
    return layer_sizes("RNN", *some(rng, 4))


@output_shapes.case
def shapes_batch_first(rng):
    """a GRU, batch first"""
    return layer_sizes("GRU", *some(rng, 4), batch_first=True)


@output_shapes.case
def shapes_deep(rng):
    """an RNN of several layers"""
    return layer_sizes("RNN", *some(rng, 4, low=5), num_layers=int(rng.integers(2, 5)))


@output_shapes.case
def shapes_bidirectional(rng):
    """a GRU in both directions"""
    return layer_sizes("GRU", *some(rng, 4, low=5), bidirectional=True)


@output_shapes.case
def shapes_lstm(rng):
    """an LSTM, whose state has two parts"""
    return layer_sizes("LSTM", *some(rng, 4))


@output_shapes.case
def shapes_all(rng):
    """an LSTM of three layers in both directions, batch first"""
    return layer_sizes("LSTM", *some(rng, 4, low=7), num_layers=3, bidirectional=True, batch_first=True)


@output_shapes.case(group="edges", share=0.2)
def shapes_one_step(rng):
    """one step of a batch of one"""
    return layer_sizes("RNN", 1, 1, *some(rng, 2), batch_first=True)


@output_shapes.case(group="edges")
def shapes_square(rng):
    """an LSTM of two layers, as many steps as examples"""
    (n,) = some(rng, 1)
    return layer_sizes("LSTM", n, n, 50, 60, num_layers=2)


# ---------------------------------------------------------------- cells that move

MOVED = {"Y": 4, "state": 1, "dX": 1, "dweight_ih": 1, "dweight_hh": 1, "dbias_ih": 1}


def signals(rng, T, m, n_x, n_h, parts):
    """What goes through a layer: inputs, a state, and the gradient by the outputs."""
    state = tuple(rng.standard_normal((m, n_h)) for _ in range(parts))
    return {"X": rng.standard_normal((T, m, n_x)), "state": state, "dY": rng.standard_normal((T, m, n_h))}


rnn_to_torch = Exercise("rnn_to_torch", observer="frameworks.rnn.rnn_to_torch", outputs=MOVED, rtol=1e-6)


def simple(rng, T, m, n_x, n_a, n_y):
    parameters = {
        "Wax": rng.standard_normal((n_a, n_x)) / n_x**0.5,
        "Waa": rng.standard_normal((n_a, n_a)) / n_a**0.5,
        "Wya": rng.standard_normal((n_y, n_a)),
        "ba": rng.standard_normal((n_a, 1)),
        "by": rng.standard_normal((n_y, 1)),
    }
    return {"parameters": parameters, **signals(rng, T, m, n_x, n_a, 1)}


@rnn_to_torch.case
def simple_distinct(rng):
    """all sizes different"""
    return simple(rng, T=5, m=3, n_x=4, n_a=6, n_y=2)


@rnn_to_torch.case
def simple_wide(rng):
    """more inputs than hidden units"""
    return simple(rng, T=3, m=2, n_x=7, n_a=4, n_y=5)


@rnn_to_torch.case(group="edges", share=0.2)
def simple_square(rng):
    """as many inputs as hidden units, one step"""
    return simple(rng, T=1, m=2, n_x=4, n_a=4, n_y=4)


lstm_to_torch = Exercise("lstm_to_torch", observer="frameworks.rnn.lstm_to_torch", outputs=MOVED, rtol=1e-6)


def gated(rng, T, m, n_x, n_a, n_y):
    parameters = {}
    for gate in "fico":
        parameters[f"W{gate}"] = rng.standard_normal((n_a, n_a + n_x)) / (n_a + n_x) ** 0.5
        parameters[f"b{gate}"] = rng.standard_normal((n_a, 1))
    parameters["Wy"] = rng.standard_normal((n_y, n_a))
    parameters["by"] = rng.standard_normal((n_y, 1))
    return {"parameters": parameters, **signals(rng, T, m, n_x, n_a, 2)}


@lstm_to_torch.case
def gated_distinct(rng):
    """all sizes different"""
    return gated(rng, T=5, m=3, n_x=4, n_a=6, n_y=2)


@lstm_to_torch.case
def gated_wide(rng):
    """more inputs than hidden units"""
    return gated(rng, T=3, m=2, n_x=7, n_a=4, n_y=5)


@lstm_to_torch.case(group="edges", share=0.2)
def gated_square(rng):
    """as many inputs as hidden units, one step"""
    return gated(rng, T=1, m=2, n_x=4, n_a=4, n_y=4)


gru_to_torch = Exercise("gru_to_torch", observer="frameworks.rnn.gru_to_torch", outputs=MOVED, rtol=1e-6)


def in_rows(rng, n_x, n_h, n_q, gates):
    """Parameters of the lab `variants`, in the documents' order."""
    params = []
    for _ in range(gates):
        params += [rng.standard_normal((n_x, n_h)), rng.standard_normal((n_h, n_h)), rng.standard_normal(n_h)]
        params[-2] /= n_h**0.5
    return [*params, rng.standard_normal((n_h, n_q)), rng.standard_normal(n_q)]


def rows(rng, T, m, n_x, n_h, n_q):
    return {"params": in_rows(rng, n_x, n_h, n_q, 3), **signals(rng, T, m, n_x, n_h, 1)}


@gru_to_torch.case
def rows_distinct(rng):
    """all sizes different"""
    return rows(rng, T=5, m=3, n_x=4, n_h=6, n_q=2)


@gru_to_torch.case
def rows_wide(rng):
    """more inputs than hidden units"""
    return rows(rng, T=3, m=2, n_x=7, n_h=4, n_q=5)


@gru_to_torch.case(group="edges", share=0.2)
def rows_square(rng):
    """as many inputs as hidden units, one step"""
    return rows(rng, T=1, m=2, n_x=4, n_h=4, n_q=4)


# ---------------------------------------------------------------- images

image_lstm = Exercise(
    "image_lstm", observer="frameworks.rnn.image_lstm", outputs={"scores": 3, "dimages": 1}, rtol=1e-4
)


def torch_layer(rng, kind, n_x, n_h):
    """Weights of one layer in one direction, in PyTorch's order."""
    n = GATES[kind] * n_h
    return [
        rng.standard_normal((n, n_x)) / n_x**0.5,
        rng.standard_normal((n, n_h)) / n_h**0.5,
        *(0.5 * rng.standard_normal((2, n))),
    ]


def linear(rng, n_h, n_q):
    return [rng.standard_normal((n_q, n_h)), rng.standard_normal(n_q)]


def images(rng, m, rows, columns, n_h, n_q):
    return {
        "input_size": columns,
        "hidden_size": n_h,
        "num_classes": n_q,
        "weights": [*torch_layer(rng, "lstm", columns, n_h), *linear(rng, n_h, n_q)],
        "images": rng.standard_normal((m, rows, columns)),
        "dY": rng.standard_normal((m, n_q)),
    }


@image_lstm.case
def images_distinct(rng):
    """all sizes different"""
    return images(rng, m=3, rows=4, columns=6, n_h=5, n_q=2)


@image_lstm.case
def images_square(rng):
    """square images, more classes than hidden units"""
    return images(rng, m=2, rows=5, columns=5, n_h=3, n_q=7)


@image_lstm.case(group="edges", share=0.2)
def images_one(rng):
    """a single image of two rows"""
    return images(rng, m=1, rows=2, columns=3, n_h=4, n_q=5)


# ---------------------------------------------------------------- headlines

SUBJECTS = "council museum trainer doctor river farmer pilot baker school airport union harbour".split()
VERBS = "opens sells finds loses paints moves counts repairs forgets wins".split()
OBJECTS = "bridge record garden violin medicine trophy map budget engine lamp orchard telescope".split()


def headline(rng, words):
    """A headline of some words, of small letters, some capitals and punctuation."""
    taken = [str(rng.choice((SUBJECTS, VERBS, OBJECTS)[k % 3])) for k in range(words)]
    return " ".join([taken[0].capitalize(), *taken[1:]])


build_vocabulary = Exercise("build_vocabulary", outputs={"vocabulary": 1})


@build_vocabulary.case
def vocabulary_counts(rng):
    """words that occur from one to four times"""
    a, b, c, d, e = (str(word) for word in rng.permutation(SUBJECTS + OBJECTS)[:5])
    return {
        "headlines": [f"{a.capitalize()} {b}, {c}", f"{b} {d} {b}", f"{e} {c.upper()} {b}!", f"{d} to {c}"],
        "min_count": 1,
    }


@build_vocabulary.case
def vocabulary_some(rng):
    """only words that occur twice"""
    return {"headlines": [headline(rng, 7) for _ in range(12)], "min_count": 2}


@build_vocabulary.case
def vocabulary_ties(rng):
    """words that are equally frequent"""
    words = [str(word) for word in rng.permutation(SUBJECTS + VERBS)]
    return {"headlines": [" ".join(words[:9]), " ".join(reversed(words[:6])), " ".join(words[9:])], "min_count": 1}


@build_vocabulary.case(group="edges", share=0.2)
def vocabulary_none(rng):
    """no word that is frequent enough"""
    return {"headlines": [headline(rng, 3)], "min_count": 4}


@build_vocabulary.case(group="edges")
def vocabulary_exact(rng):
    """words just as frequent as asked for, and one fewer"""
    a, b, c = (str(word) for word in rng.permutation(OBJECTS)[:3])
    return {"headlines": [f"{a} {b} {a}", f"{c} {b} {a}"], "min_count": 3}


encode = Exercise("encode", outputs={"numbers": 1})


def numbered(rng, known):
    """A vocabulary of some words, numbered from 2, in random order."""
    words = [str(word) for word in rng.permutation(known)]
    return {"<pad>": 0, "<unk>": 1, **{word: number for number, word in enumerate(words, 2)}}


@encode.case
def encode_short(rng):
    """a headline that is too short"""
    vocabulary = numbered(rng, SUBJECTS + VERBS + OBJECTS)
    return {"headline": headline(rng, 6), "vocabulary": vocabulary, "length": 9}


@encode.case
def encode_long(rng):
    """a headline that is too long"""
    words = [str(word) for word in rng.permutation(SUBJECTS + VERBS + OBJECTS)]
    return {"headline": " ".join(words[:11]), "vocabulary": numbered(rng, words), "length": 7}


@encode.case
def encode_unknown(rng):
    """words that the vocabulary lacks"""
    words = [str(word) for word in rng.permutation(SUBJECTS + VERBS)]
    written = f"{words[0].capitalize()} {words[1]}: {words[2]} {words[3]} {words[4]}"
    return {"headline": written, "vocabulary": numbered(rng, [words[0], words[2], *OBJECTS]), "length": 8}


@encode.case
def encode_usual(rng):
    """the length by default"""
    return {"headline": headline(rng, 5), "vocabulary": numbered(rng, SUBJECTS + VERBS + OBJECTS)}


@encode.case(group="edges", share=0.2)
def encode_exact(rng):
    """a headline of just this length"""
    words = [str(word) for word in rng.permutation(SUBJECTS)[:5]]
    return {"headline": " ".join(words), "vocabulary": numbered(rng, SUBJECTS), "length": 5}


@encode.case(group="edges")
def encode_nothing(rng):
    """a headline without words"""
    return {"headline": "...", "vocabulary": numbered(rng, VERBS), "length": 4}


headline_lstm = Exercise(
    "headline_lstm", observer="frameworks.rnn.headline_lstm", outputs={"scores": 3, "dtable": 1}, rtol=1e-4
)


def headlines(rng, lengths, length, vocab_size, n_e, n_h, n_q):
    """Numbers of words without repetition within a headline, then zeros."""
    tokens = np.zeros((len(lengths), length), dtype=int)
    for row, count in zip(tokens, lengths):
        row[:count] = rng.choice(np.arange(1, vocab_size), count, replace=False)
    return {
        "vocab_size": vocab_size,
        "embedding_size": n_e,
        "hidden_size": n_h,
        "num_classes": n_q,
        "weights": [rng.standard_normal((vocab_size, n_e)), *torch_layer(rng, "lstm", n_e, n_h), *linear(rng, n_h, n_q)],
        "tokens": tokens,
        "dY": rng.standard_normal((len(lengths), n_q)),
    }


@headline_lstm.case
def headlines_distinct(rng):
    """headlines of several lengths"""
    return headlines(rng, lengths=(4, 2, 6), length=8, vocab_size=13, n_e=7, n_h=5, n_q=9)


@headline_lstm.case
def headlines_more(rng):
    """one word, and as many as there is room for"""
    return headlines(rng, lengths=(5, 1, 3, 4), length=5, vocab_size=11, n_e=3, n_h=6, n_q=2)


@headline_lstm.case(group="edges", share=0.2)
def headlines_one(rng):
    """a single headline"""
    return headlines(rng, lengths=(3,), length=7, vocab_size=9, n_e=4, n_h=2, n_q=5)


# ---------------------------------------------------------------- a language model

rnn_model = Exercise(
    "rnn_model", observer="frameworks.rnn.rnn_model", outputs={"output": 3, "state": 1}, rtol=1e-4
)


def language(rng, kind, m, T, n_x, n_h, layers=1, both=False, fresh=False):
    directions = 2 if both else 1
    weights = []
    for k in range(layers):
        for _ in range(directions):
            weights += torch_layer(rng, kind, directions * n_h if k else n_x, n_h)
    parts = 2 if kind == "lstm" else 1
    state = tuple(rng.standard_normal((layers * directions, m, n_h)) for _ in range(parts))
    return {
        "kind": kind,
        "vocab_size": n_x,
        "num_hiddens": n_h,
        "num_layers": layers,
        "bidirectional": both,
        "weights": weights,
        "readout": linear(rng, directions * n_h, n_x),
        "inputs": rng.integers(n_x, size=(m, T)),
        "state": None if fresh else state,
    }


@rnn_model.case
def language_gru(rng):
    """a GRU, with a state handed in"""
    return language(rng, "gru", m=3, T=5, n_x=7, n_h=4)


@rnn_model.case
def language_lstm(rng):
    """an LSTM of two layers, with a state of two parts"""
    return language(rng, "lstm", m=2, T=4, n_x=6, n_h=5, layers=2)


@rnn_model.case
def language_both(rng):
    """a GRU in both directions"""
    return language(rng, "gru", m=4, T=3, n_x=8, n_h=5, both=True)


@rnn_model.case
def language_fresh(rng):
    """no state yet"""
    return language(rng, "rnn", m=4, T=6, n_x=5, n_h=3, fresh=True)


@rnn_model.case(group="edges", share=0.2)
def language_one_step(rng):
    """a single character, as in writing"""
    return language(rng, "lstm", m=1, T=1, n_x=6, n_h=4)


train_step = Exercise(
    "train_step", observer="frameworks.rnn.train_step", outputs={"losses": 1, "moved": 4, "state": 1}, rtol=1e-4
)


def training(rng, kind, m, T, n_x, n_h, windows, lr, theta):
    """Consecutive windows of a text in rows."""
    text = rng.integers(n_x, size=(m, T * windows + 1))
    cuts = [slice(k * T, k * T + T) for k in range(windows)]
    return {
        "kind": kind,
        "params": in_rows(rng, n_x, n_h, n_x, GATES[kind]),
        "windows": [(text[:, cut], text[:, 1:][:, cut]) for cut in cuts],
        "lr": lr,
        "clipping_theta": theta,
    }


@train_step.case
def training_gru(rng):
    """three windows of a GRU, gradients that are clipped"""
    return training(rng, "gru", m=3, T=5, n_x=7, n_h=4, windows=3, lr=0.8, theta=0.3)


@train_step.case
def training_lstm(rng):
    """three windows of an LSTM, whose state has two parts"""
    return training(rng, "lstm", m=2, T=4, n_x=6, n_h=5, windows=3, lr=0.8, theta=0.25)


@train_step.case
def training_unclipped(rng):
    """gradients that need no clipping"""
    return training(rng, "gru", m=4, T=3, n_x=5, n_h=6, windows=2, lr=0.1, theta=50.0)


@train_step.case(group="edges", share=0.2)
def training_one(rng):
    """a single window of a single row"""
    return training(rng, "lstm", m=1, T=4, n_x=5, n_h=3, windows=1, lr=0.5, theta=0.2)


lab = Lab(
    exercises=(
        output_shapes,
        rnn_to_torch,
        lstm_to_torch,
        gru_to_torch,
        image_lstm,
        build_vocabulary,
        encode,
        headline_lstm,
        rnn_model,
        train_step,
    ),
    modules=(
        "activations",
        "checks",
        "embeddings",
        "frameworks",
        "headlines",
        "images",
        "language_model",
        "plots",
        "rnn_utils",
        "tables",
        "verse",
        "watch",
    ),
    earlier=("cells", "variants"),
    preload=("course_utils.frameworks.warm_torch",),
    limits={"cell_seconds": 15},
    extra="torch",
)
