"""Other wrong answers of the lab `torch_rnn`, as edits of the text: each must earn the same with every seed."""

SCORES = "return self.out(r_out[:, -1])"

wrong = {
    "output_shapes": {
        "a list for the input": (("width = directions * hidden_size", "width = input_size"),),
        "layers added to directions": (("num_layers * directions", "num_layers + directions - 1"),),
        "always two parts": (('if kind == "LSTM" else h_shape', 'if kind != "" else h_shape'),),
        "no RNN": (('kind == "LSTM"', 'kind != "RNN"'),),
    },
    "rnn_to_torch": {
        "the first unit's bias for all": (('parameters["ba"][:, 0]', 'np.full(n_a, parameters["ba"][0, 0])'),),
        "input weights scaled": (('weight_ih = parameters["Wax"]', 'weight_ih = 1.01 * parameters["Wax"]'),),
        "input weights alone": (('weight_hh = parameters["Waa"]', 'weight_hh = 0 * parameters["Waa"]'),),
    },
    "lstm_to_torch": {
        "one gate for all": (('W = parameters["W" + gate]', 'W = parameters["Wf"]'),),
        "biases in reverse": (('parameters["b" + gate][:, 0]', 'parameters["b" + gate][::-1, 0]'),),
        "biases of the forget gate": (('parameters["b" + gate][:, 0]', 'parameters["bf"][:, 0]'),),
        "a candidate twice as large": (('W = parameters["W" + gate]', 'W = (1 + (gate == "c")) * parameters["W" + gate]'),),
    },
    "gru_to_torch": {
        "input weights in another order": (("weight_ih.append(W_x.T)", 'weight_ih.append(gates["zrh"["rzh".index(gate)]][0].T)'),),
        "state weights in another order": (("weight_hh.append(W_h.T)", 'weight_hh.append(gates["zrh"["rzh".index(gate)]][1].T)'),),
        "biases in another order": (("bias_ih.append(b)", 'bias_ih.append(gates["zrh"["rzh".index(gate)]][2])'),),
        "the candidate's sign": (("W_x, W_h, b = gates[gate]", 'W_x, W_h, b = (part * (-1) ** (gate == "h") for part in gates[gate])'),),
    },
    "image_lstm": {
        "columns in place of rows": (("self.rnn(x)", "self.rnn(x.transpose(1, 2))"),),
        "rows from below": (("self.rnn(x)", "self.rnn(x.flip(1))"),),
        "28 pixels": (("nn.LSTM(input_size,", "nn.LSTM(28,"),),
        "128 units": (("hidden_size, batch", "128, batch"), ("nn.Linear(hidden_size,", "nn.Linear(128,")),
        "two layers": (("batch_first=True)", "batch_first=True, num_layers=2)"),),
        "scores of every step": ((SCORES, "return self.out(r_out)"),),
        "one class more": (("nn.Linear(hidden_size, num_classes)", "nn.Linear(hidden_size, num_classes + 1)"),),
        "a sigmoid": ((SCORES, f"return {SCORES[7:]}.sigmoid()"),),
        "the class": (("model = ImageLSTM()", "model = ImageLSTM"),),
        "a GRU": (("nn.LSTM(", "nn.GRU("), ("(h_n, c_n)", "h_n")),
        "cut off from the weights": ((SCORES, f"return {SCORES[7:]}.detach()"),),
    },
    "build_vocabulary": {
        "at most ten words": (("counts.most_common()", "counts.most_common(10)"),),
        "at most two of a kind": (("if count >= min_count:", "if count >= min(min_count, 2):"),),
        "words of more than three letters": (("if count >= min_count:", "if count >= min_count and len(word) > 3:"),),
        "the first headline": (("for headline in headlines for", "for headline in headlines[:1] for"),),
    },
    "encode": {
        "one too many": (("length * [vocabulary", "(length + 1) * [vocabulary"), (")[:length]", ")[:length + 1]")),
        "nothing unknown": (('vocabulary["<unk>"])', "2)"),),
        "the last word left out": (("in words_of(headline)]", "in words_of(headline)[:-1]]"),),
    },
    "headline_lstm": {
        "the last but one": (("lengths - 1]", "lengths - 2]"),),
        "the first headline's length": (("lengths - 1]", "lengths[0] - 1]"),),
        "ones are padding": (("tokens != 0", "tokens > 1"),),
        "vectors of 50": (("nn.Embedding(vocab_size, embedding_size)", "nn.Embedding(vocab_size, 50)"), ("nn.LSTM(embedding_size", "nn.LSTM(50")),
        "scores of every step": (("return self.out(last)", "return self.out(r_out)"),),
        "relu on the vectors": (("self.embedding(tokens)", "self.embedding(tokens).relu()"),),
    },
    "rnn_model": {
        "a layer of its own": (("self.rnn = rnn_layer", "self.rnn = nn.GRU(rnn_layer.input_size, rnn_layer.hidden_size)"),),
        "one direction": (("2 if rnn_layer.bidirectional else 1", "1"),),
        "scores of the first example": ((".reshape(-1, hiddens.shape[-1])", "[:, 0]"),),
        "three axes": (("hiddens.reshape(-1, hiddens.shape[-1])", "hiddens"),),
        "the output alone": (("return output, state", "return output"),),
        "the state first": (("return output, state", "return state, output"),),
        "the old state": (("hiddens, state = self.rnn(X, state)", "hiddens, _ = self.rnn(X, state)"),),
        "inputs not turned": (("one_hot(inputs.T,", "one_hot(inputs,"),),
    },
    "train_step": {
        "not detached": (("part.detach()", "part"), ("state = state.detach()", "state = state + 0")),
        "no step": (("    optimizer.step()\n", ""),),
        "clipped to one": (("clipping_theta)\n", "1.0)\n"),),
        "the L1 norm": (("clipping_theta)\n", "clipping_theta, norm_type=1)\n"),),
        "half of the loss": (("    l.backward()\n", "    (l / 2).backward()\n"),),
    },
}
