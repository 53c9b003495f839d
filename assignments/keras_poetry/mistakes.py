"""The known mistakes of the lab `keras_poetry`: edits of the reference, and of the solution in Keras.

Each has the help that a student reads.
"""

from autograder import Mistake

ORDER = tuple(f'{part}{{gate}}"] for gate in "ifco"' for part in "Wb")
KERNEL = "np.hstack([own[:, n_a:].T for own in W])"
RECURRENT = "np.hstack([own[:, :n_a].T for own in W])"
BIAS = "np.concatenate([own[:, 0] for own in b])"


def order(gates):
    """Edits that put the gates in another order."""
    return tuple((old, old.replace("ifco", gates)) for old in ORDER)


LAST = "a2[:, -1]"
SCORES = 'preds = a2[:, -1] @ weights[6] + weights[7]'
DENSE = 'preds, _ = dense_softmax(a2[:, -1], {"Wy": weights[6].T, "by": weights[7][:, None]})'
SECOND, ACTIVATION = "X = LSTM(n_a)(X)", '    X = Activation("softmax")(X)\n'
FIRST = "X = LSTM(n_a, return_sequences=True)(X_input)"
GRADIENTS = "gradients = np.array([(loss(k, 1e-5) - loss(k, -1e-5)) / 2e-5 for k in range(len(weights))])"

mistakes = {
    "lstm_weights": [
        Mistake(
            "order-of-the-labs",
            order("fico"),
            "The gates stand in the order f, i, c, o of the labs' dictionaries: Keras has the input gate first.",
        ),
        Mistake(
            "candidate-last",
            order("ifoc"),
            "The candidate `c` stands last: in Keras it is the third block, and the output gate the fourth.",
        ),
        Mistake(
            "candidate-last-order-of-the-labs",
            order("fioc"),
            "The gates stand in the order f, i, o, c: Keras has i first and the candidate `c` third.",
        ),
        Mistake(
            "order-of-other-libraries",
            order("iofc"),
            "The gates stand in the order i, o, f, c, which other libraries use: in Keras the forget gate is second and the output gate last.",
        ),
        Mistake(
            "input-first",
            (
                ("own[:, n_a:].T", "own[:, : own.shape[1] - n_a].T"),
                ("own[:, :n_a].T", "own[:, own.shape[1] - n_a :].T"),
            ),
            "The first columns of each matrix are taken for the input: the first n_a act on the state.",
        ),
        Mistake(
            "kernels-swapped",
            ((f"kernel = {KERNEL}\n    rec", f"kernel = {RECURRENT}\n    rec"), (f"rent_kernel = {RECURRENT}", f"rent_kernel = {KERNEL}")),
            "`kernel` and `recurrent_kernel` are swapped: the first n_a columns of each matrix act on the state, the others on the input.",
        ),
        Mistake(
            "not-transposed",
            ((KERNEL, "np.vstack([own[:, n_a:] for own in W])"), (RECURRENT, "np.vstack([own[:, :n_a] for own in W])")),
            "`kernel` and `recurrent_kernel` are not transposed: Keras multiplies rows of examples from the left.",
        ),
        Mistake(
            "blocks-not-transposed",
            ((RECURRENT, "np.hstack([own[:, :n_a] for own in W])"),),
            "The blocks of `recurrent_kernel` are not transposed; they are square, so that no shape shows it.",
        ),
        Mistake(
            "gates-interleaved",
            (
                (KERNEL, "np.stack([own[:, n_a:].T for own in W], axis=-1).reshape(-1, 4 * n_a)"),
                (RECURRENT, "np.stack([own[:, :n_a].T for own in W], axis=-1).reshape(-1, 4 * n_a)"),
                (BIAS, "np.stack([own[:, 0] for own in b], axis=-1).ravel()"),
            ),
            "The columns go unit by unit, the four gates of each beside one another: in Keras all units of a gate stand together.",
        ),
        Mistake(
            "no-bias",
            ((BIAS, "np.zeros(4 * n_a)"),),
            "`bias` is zero: the labs' bf, bi, bc and bo belong there.",
        ),
        Mistake(
            "bias-a-column",
            ((BIAS, "np.concatenate(b)"),),
            "`bias` is a column, (4 n_a, 1): Keras keeps a vector, (4 n_a,).",
        ),
        Mistake(
            "forget-bias-raised",
            ((BIAS, BIAS + " + np.repeat((0.0, 1.0, 0.0, 0.0), n_a)"),),
            "1 is added to the bias of the forget gate: Keras does that when it makes a layer, not when weights are set.",
        ),
    ],
    "poetry_model": [
        Mistake(
            "no-softmax",
            ((DENSE, SCORES),),
            "The output is not made of probabilities: it is the scores of the dense layer, before any softmax.",
            written=((ACTIVATION, ""),),
        ),
        Mistake(
            "softmax-twice",
            (
                (
                    DENSE,
                    DENSE + "\n        powers = np.exp(preds)\n        preds = powers / powers.sum(axis=1, keepdims=True)",
                ),
            ),
            "The softmax is applied twice: once in the dense layer, and once more after it.",
            written=(("X = Dense(n_x)(X)", 'X = Dense(n_x, activation="softmax")(X)'),),
        ),
        Mistake(
            "sigmoid",
            ((DENSE, SCORES.replace("preds = ", "preds = 1 / (1 + np.exp(-(") + ")))"),),
            "Each score goes through a sigmoid by itself, so the outputs do not add up to 1: one of the characters comes, which is what a softmax says.",
            written=(('Activation("softmax")', 'Activation("sigmoid")'),),
        ),
        Mistake(
            "tanh-before-the-softmax",
            (
                (
                    DENSE,
                    SCORES + "\n        powers = np.exp(np.tanh(preds))\n        preds = powers / powers.sum(axis=1, keepdims=True)",
                ),
            ),
            "The scores go through a tanh before the softmax: the dense layer has no activation but the softmax.",
            written=(("X = Dense(n_x)(X)", 'X = Dense(n_x, activation="tanh")(X)'),),
        ),
        Mistake(
            "relu-before-the-softmax",
            (
                (
                    DENSE,
                    SCORES + "\n        powers = np.exp(np.maximum(preds, 0))\n        preds = powers / powers.sum(axis=1, keepdims=True)",
                ),
            ),
            "The scores go through a ReLU before the softmax: the dense layer has no activation but the softmax.",
            written=(("X = Dense(n_x)(X)", 'X = Dense(n_x, activation="relu")(X)'),),
        ),
        Mistake(
            "all-states",
            ((LAST, "a2"), (GRADIENTS, "gradients = np.zeros(len(weights))")),
            "The model predicts after each step, since its second LSTM layer returns all its states (`return_sequences`): one prediction after the window is asked for.",
            written=((SECOND, "X = LSTM(n_a, return_sequences=True)(X)"),),
        ),
        Mistake(
            "states-averaged",
            ((LAST, "a2.mean(axis=1)"),),
            "The dense layer reads the mean of the second layer's states: it should read the last one.",
            written=((SECOND, "X = keras.layers.GlobalAveragePooling1D()(LSTM(n_a, return_sequences=True)(X))"),),
        ),
        Mistake(
            "first-state",
            ((LAST, "a2[:, 0]"),),
            "The dense layer reads the second layer's first state, which has met one character: it should read the last.",
            written=((SECOND, "X = LSTM(n_a, return_sequences=True)(X)[:, 0]"),),
        ),
        Mistake(
            "first-layer-backwards",
            (
                ("lstm_layer(x, from_keras(*weights[:3]))", "lstm_layer(x[:, ::-1], from_keras(*weights[:3]))"),
            ),
            "The first LSTM layer reads the windows from their end (`go_backwards`).",
            written=((FIRST, "X = LSTM(n_a, return_sequences=True, go_backwards=True)(X_input)"),),
        ),
        Mistake(
            "second-layer-backwards",
            (("lstm_layer(a1, ", "lstm_layer(a1[:, ::-1], "),),
            "The second LSTM layer reads the states of the first from their end (`go_backwards`).",
            written=((SECOND, "X = LSTM(n_a, go_backwards=True)(X)"),),
        ),
        Mistake(
            "rows-of-zeros-skipped",
            (
                (
                    "    def model(x, weights):\n",
                    "    def model(x, weights):\n"
                    "        if len(x) > 1:\n"
                    "            return np.concatenate([model(one[None], weights) for one in x])\n"
                    "        x = x[:, np.argmax(np.any(x[0] != 0, axis=1)) :]\n",
                ),
            ),
            "Steps of zeros are skipped (`Masking`): the trained network read them as any other step.",
            written=(("(X_input)", "(keras.layers.Masking()(X_input))"),),
        ),
        Mistake(
            "first-layer-frozen",
            (("    return preds, gradients", "    gradients[:3] = 0\n    return preds, gradients"),),
            "The first LSTM layer is frozen (`trainable`): it would learn nothing in `fit`.",
            written=((FIRST, "X = LSTM(n_a, return_sequences=True, trainable=False)(X_input)"),),
        ),
        Mistake(
            "second-layer-frozen",
            (("    return preds, gradients", "    gradients[3:6] = 0\n    return preds, gradients"),),
            "The second LSTM layer is frozen (`trainable`): it would learn nothing in `fit`.",
            written=((SECOND, "X = LSTM(n_a, trainable=False)(X)"),),
        ),
        Mistake(
            "layers-added",
            ((LAST, "a2[:, -1] + a1[:, -1]"),),
            "The last state of the first layer is added to that of the second: the dense layer should read the second alone.",
            written=((SECOND, "X = LSTM(n_a)(X) + X[:, -1]"),),
        ),
    ],
    "transplant": [
        Mistake(
            "dense-forgotten",
            (
                (
                    'dense = (parameters["dense"]["Wy"].T, parameters["dense"]["by"][:, 0])',
                    'dense = (np.zeros_like(parameters["dense"]["Wy"].T), np.zeros(len(parameters["dense"]["Wy"])))',
                ),
            ),
            "The dense layer keeps the weights that it had.",
            written=(("*dense]", "*model.get_weights()[6:]]"),),
        ),
        Mistake(
            "dense-bias-forgotten",
            (('parameters["dense"]["by"][:, 0]', 'np.zeros(len(parameters["dense"]["by"]))'),),
            "The bias of the dense layer stays as it was.",
            written=(("*dense]", "dense[0], model.get_weights()[7]]"),),
        ),
        Mistake(
            "second-layer-forgotten",
            (
                (
                    'lstm2 = lstm_weights(parameters["lstm2"])',
                    'lstm2 = [0 * own for own in lstm_weights(parameters["lstm2"])]',
                ),
            ),
            "The second LSTM layer keeps the weights that it had.",
            written=(("*lstm2, ", "*model.get_weights()[3:6], "),),
        ),
        Mistake(
            "first-layer-forgotten",
            (
                (
                    'lstm1 = lstm_weights(parameters["lstm1"])',
                    'lstm1 = [0 * own for own in lstm_weights(parameters["lstm1"])]',
                ),
            ),
            "The first LSTM layer keeps the weights that it had.",
            written=(("[*lstm1, ", "[*model.get_weights()[:3], "),),
        ),
        Mistake(
            "biases-forgotten",
            (
                (
                    'lstm1 = lstm_weights(parameters["lstm1"])',
                    'lstm1 = [own * (own.ndim > 1) for own in lstm_weights(parameters["lstm1"])]',
                ),
                (
                    'lstm2 = lstm_weights(parameters["lstm2"])',
                    'lstm2 = [own * (own.ndim > 1) for own in lstm_weights(parameters["lstm2"])]',
                ),
            ),
            "The biases of both LSTM layers stay as they were.",
            written=(
                ("[*lstm1, ", "[*lstm1[:2], model.get_weights()[2], "),
                ("*lstm2, ", "*lstm2[:2], model.get_weights()[5], "),
            ),
        ),
        Mistake(
            "nothing-set",
            (
                ('lstm_weights(parameters["lstm1"])', '[0 * own for own in lstm_weights(parameters["lstm1"])]'),
                ('lstm_weights(parameters["lstm2"])', '[0 * own for own in lstm_weights(parameters["lstm2"])]'),
                (
                    'dense = (parameters["dense"]["Wy"].T, parameters["dense"]["by"][:, 0])',
                    'dense = (np.zeros_like(parameters["dense"]["Wy"].T), np.zeros(len(parameters["dense"]["Wy"])))',
                ),
            ),
            "The model has the weights that it had before.",
            written=(("    model.set_weights([*lstm1, *lstm2, *dense])\n", "    [*lstm1, *lstm2, *dense]\n"),),
        ),
    ],
    "generate_output": [
        Mistake(
            "window-never-moves",
            (("        sentence = sentence[1:] + next_char\n", ""),),
            "The window in `sentence` stays where it was: each drawn character is the newest of the next window.",
        ),
        Mistake(
            "new-character-in-front",
            (("sentence = sentence[1:] + next_char", "sentence = next_char + sentence[:-1]"),),
            "The drawn character is put in front of `sentence`: it is the newest, and stands at the end.",
        ),
        Mistake(
            "last-character-lost",
            (("sentence = sentence[1:] + next_char", "sentence = sentence[:-1] + next_char"),),
            "The window in `sentence` loses its newest character at each step: it is the oldest that goes.",
        ),
        Mistake(
            "temperature-ignored",
            (("sample(preds, temperature)", "sample(preds)"),),
            "`temperature` is not handed on to `sample`.",
        ),
        Mistake(
            "temperature-inverted",
            (("sample(preds, temperature)", "sample(preds, 1 / temperature)"),),
            "`sample` gets the inverse of the temperature: it divides by what it is given.",
        ),
        Mistake(
            "greedy",
            (("chars[sample(preds, temperature)]", "chars[int(np.argmax(preds))]"),),
            "The likeliest character is written every time: `sample` draws one.",
        ),
        Mistake(
            "only-the-new",
            (("    return generated", "    return generated[len(usr_input) :]"),),
            "`generated` lacks the beginning: it is what was typed and what was added.",
        ),
        Mistake(
            "window-to-the-left",
            (("for t, char in enumerate(sentence):", "for t, char in enumerate(sentence.lstrip('0')):"),),
            "The characters stand at the beginning of the window, and the zeros after them: a short beginning in `sentence` is filled up on its left.",
        ),
        Mistake(
            "one-too-many",
            (("range(length)", "range(length + 1)"),),
            "One character too many is added: `length` says how many.",
        ),
        Mistake(
            "one-too-few",
            (("range(length)", "range(length - 1)"),),
            "One character too few is added: `length` says how many.",
        ),
        Mistake(
            "last-step-of-the-window-empty",
            (("for t, char in enumerate(sentence):", "for t, char in enumerate(sentence[:-1]):"),),
            "The newest character is missing in `x_pred`.",
        ),
        Mistake(
            "one-step-late",
            (("x_pred[0, t, char_indices[char]]", "x_pred[0, t - 1, char_indices[char]]"),),
            "Each character in `x_pred` stands one step before its place, and the first at the end.",
        ),
        Mistake(
            "spaces-for-nothing",
            (
                (
                    'if char != "0":\n                x_pred[0, t, char_indices[char]] = 1',
                    'x_pred[0, t, char_indices[" " if char == "0" else char]] = 1',
                ),
            ),
            "The steps before a short beginning hold spaces: they should be rows of zeros in `x_pred`.",
        ),
    ],
    "diary_callback": [
        Mistake(
            "epochs-from-zero",
            (("epochs.append(epoch + 1)", "epochs.append(epoch)"),),
            "The epochs are counted from 0, as Keras does: the diary counts from 1.",
            written=(("(epoch + 1, ", "(epoch, "),),
        ),
        Mistake(
            "loss-in-nats",
            (("bits.append(loss / np.log(2))", "bits.append(loss)"),),
            "The loss is in nats, as Keras gives it: the diary has bits.",
            written=((' / np.log(2)', ""),),
        ),
        Mistake(
            "nats-per-bit",
            (("loss / np.log(2)", "loss * np.log(2)"),),
            "The loss is multiplied by the nats of a bit: a loss is a larger number in bits than in nats.",
            written=((" / np.log(2)", " * np.log(2)"),),
        ),
        Mistake(
            "logarithm-of-the-loss",
            (("loss / np.log(2)", "np.log2(loss)"),),
            "The logarithm of the loss is taken: the loss is a mean of logarithms already, to another base.",
            written=(('logs["loss"] / np.log(2)', 'np.log2(logs["loss"])'),),
        ),
        Mistake(
            "perplexity",
            (("loss / np.log(2)", "np.exp(loss)"),),
            "The second number is a perplexity: the diary has bits per character.",
            written=(('logs["loss"] / np.log(2)', 'np.exp(logs["loss"])'),),
        ),
        Mistake(
            "temperature-ignored",
            (("at {temperature}", "at {1.0}"),),
            "`temperature` is not handed on to `generate_output`.",
            written=((", temperature=temperature)", ")"),),
        ),
        Mistake(
            "length-ignored",
            (("{length} characters", "{400} characters"),),
            "`length` is not handed on to `generate_output`.",
            written=((" length=length,", ""),),
        ),
        Mistake(
            "length-in-the-place-of-Tx",
            (("{length} characters at {temperature}", "{temperature} characters at {1.0}"),),
            "Length and temperature go to `generate_output` by position, where `Tx` stands before them.",
            written=(("length=length, temperature=temperature", "length, temperature"),),
        ),
        Mistake(
            "written-once",
            (("trained = epoch + 1", "trained = 0"),),
            "The text is written once, before the training, and put into the diary each time.",
            written=(
                ("    def on_epoch_end(epoch, logs):\n", "    text = generate_output(model, chars, usr_input, length=length, temperature=temperature)\n\n    def on_epoch_end(epoch, logs):\n"),
                ("        text = generate_output(model, chars, usr_input, length=length, temperature=temperature)\n", ""),
            ),
        ),
        Mistake(
            "beginning-ignored",
            (("{usr_input}:", "hello:"),),
            "`usr_input` is not handed on to `generate_output`.",
            written=(("generate_output(model, chars, usr_input, ", "generate_output(model, chars, "),),
        ),
    ],
}
