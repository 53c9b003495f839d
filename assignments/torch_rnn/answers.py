"""Right solutions of the lab `torch_rnn` that are written in other ways than the reference."""

SIGNATURE = (
    "def output_shapes(kind, batch_size, num_steps, input_size, hidden_size, num_layers=1, bidirectional=False, "
    "batch_first=False):"
)

OUTPUT_SHAPES = {
    "ask PyTorch": f"""
import torch
{SIGNATURE}
    layer = getattr(torch.nn, kind)(2, hidden_size, num_layers, batch_first=batch_first, bidirectional=bidirectional)
    sizes = (batch_size, num_steps, 2) if batch_first else (num_steps, batch_size, 2)
    Y, state = layer(torch.zeros(sizes))
    if kind == "LSTM":
        return tuple(Y.shape), (tuple(state[0].shape), tuple(state[1].shape))
    return tuple(Y.shape), tuple(state.shape)
""",
    "swapped in a list": f"""
{SIGNATURE}
    shape = [num_steps, batch_size, hidden_size * (1 + bidirectional)]
    if batch_first:
        shape[0], shape[1] = shape[1], shape[0]
    state = num_layers * (1 + bidirectional), batch_size, hidden_size
    return tuple(shape), ((state, state) if kind == "LSTM" else state)
""",
    "case by case": f"""
{SIGNATURE}
    if bidirectional:
        width, entries = 2 * hidden_size, 2 * num_layers
    else:
        width, entries = hidden_size, num_layers
    Y = (num_steps, batch_size, width)
    if batch_first:
        Y = Y[1], Y[0], Y[2]
    h = (entries, batch_size, hidden_size)
    if kind in ("RNN", "GRU"):
        return Y, h
    return Y, (h, h)
""",
}

RNN = {
    "parameters set one by one": """
def rnn_to_torch(parameters):
    n_a, n_x = parameters["Wax"].shape
    rnn_layer = nn.RNN(n_x, n_a).double()
    with torch.no_grad():
        rnn_layer.weight_ih_l0.copy_(torch.from_numpy(parameters["Wax"]))
        rnn_layer.weight_hh_l0.copy_(torch.from_numpy(parameters["Waa"]))
        rnn_layer.bias_ih_l0.zero_()
        rnn_layer.bias_hh_l0.copy_(torch.from_numpy(parameters["ba"].ravel()))
    return rnn_layer
""",
    "a state dictionary": """
def rnn_to_torch(parameters):
    ba = torch.tensor(parameters["ba"]).flatten()
    return {
        "weight_ih_l0": torch.tensor(parameters["Wax"]),
        "weight_hh_l0": torch.tensor(parameters["Waa"]),
        "bias_ih_l0": ba,
        "bias_hh_l0": torch.zeros_like(ba),
    }
""",
    "batch first, half of the bias in each": """
def rnn_to_torch(parameters):
    n_a, n_x = parameters["Wax"].shape
    half = parameters["ba"][:, 0] / 2
    return with_weights(nn.RNN(n_x, n_a, batch_first=True), parameters["Wax"], parameters["Waa"], half, half)
""",
    "new parameters": """
def rnn_to_torch(parameters):
    Wax, Waa, ba = (torch.tensor(parameters[name]) for name in ("Wax", "Waa", "ba"))
    rnn_layer = nn.RNN(Wax.shape[1], len(Wax), dtype=torch.double)
    rnn_layer.weight_ih_l0 = nn.Parameter(Wax)
    rnn_layer.weight_hh_l0 = nn.Parameter(Waa)
    rnn_layer.bias_ih_l0 = nn.Parameter(ba[:, 0])
    rnn_layer.bias_hh_l0 = nn.Parameter(torch.zeros(len(Wax), dtype=torch.double))
    return rnn_layer
""",
}

LSTM = {
    "all gates at once": """
def lstm_to_torch(parameters):
    n_a = len(parameters["Wf"])
    W = np.vstack([parameters[name] for name in ("Wi", "Wf", "Wc", "Wo")])
    b = np.vstack([parameters[name] for name in ("bi", "bf", "bc", "bo")]).ravel()
    return with_weights(nn.LSTM(W.shape[1] - n_a, n_a), W[:, n_a:], W[:, :n_a], b, np.zeros_like(b))
""",
    "a state dictionary": """
def lstm_to_torch(parameters):
    n_a = parameters["bf"].shape[0]
    W = torch.cat([torch.tensor(parameters[f"W{gate}"]) for gate in "ifco"])
    b = torch.cat([torch.tensor(parameters[f"b{gate}"]) for gate in "ifco"])[:, 0]
    state = {"weight_ih_l0": W[:, n_a:], "weight_hh_l0": W[:, :n_a], "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    return state
""",
    "block by block, in place": """
def lstm_to_torch(parameters):
    n_a, width = parameters["Wo"].shape
    layer = nn.LSTM(width - n_a, n_a, batch_first=True, dtype=torch.float64)
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    for k, gate in enumerate(("i", "f", "c", "o")):
        rows = slice(k * n_a, (k + 1) * n_a)
        W = torch.from_numpy(parameters["W" + gate])
        layer.weight_hh_l0.data[rows], layer.weight_ih_l0.data[rows] = W.split((n_a, width - n_a), dim=1)
        layer.bias_hh_l0.data[rows] = torch.from_numpy(parameters["b" + gate].copy()).squeeze(1)
    return layer
""",
}

GRU = {
    "stacked in columns": """
def gru_to_torch(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, *_ = params
    W_ih, W_hh = np.hstack((W_xr, W_xz, W_xh)).T, np.hstack((W_hr, W_hz, W_hh)).T
    b = np.hstack((b_r, b_z, b_h))
    return with_weights(nn.GRU(len(W_xz), len(W_hz)), W_ih, W_hh, b, np.zeros(len(b)))
""",
    "biases of the gates in bias_hh": """
def gru_to_torch(params):
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = params[:9]
    zero = np.zeros_like(b_h)
    return with_weights(
        nn.GRU(*W_xh.shape),
        np.concatenate((W_xr.T, W_xz.T, W_xh.T)),
        np.concatenate((W_hr.T, W_hz.T, W_hh.T)),
        np.concatenate((zero, zero, b_h)),
        np.concatenate((b_r, b_z, zero)),
    )
""",
    "a state dictionary": """
def gru_to_torch(params):
    tensors = [torch.tensor(param) for param in params]
    order = (3, 0, 6)
    return {
        "weight_ih_l0": torch.cat([tensors[k].T for k in order]),
        "weight_hh_l0": torch.cat([tensors[k + 1].T for k in order]),
        "bias_ih_l0": torch.cat([tensors[k + 2] for k in order]),
        "bias_hh_l0": torch.zeros(3 * len(tensors[2]), dtype=torch.double),
    }
""",
    "loaded into a layer, batch first": """
def gru_to_torch(params):
    n_x, n_h = params[0].shape
    layer = nn.GRU(n_x, n_h, batch_first=True).double()
    z, r, h = ([torch.from_numpy(p) for p in params[k : k + 3]] for k in (0, 3, 6))
    layer.load_state_dict({
        "weight_ih_l0": torch.vstack([gate[0].t() for gate in (r, z, h)]),
        "weight_hh_l0": torch.vstack([gate[1].t() for gate in (r, z, h)]),
        "bias_ih_l0": torch.hstack([gate[2] for gate in (r, z, h)]),
        "bias_hh_l0": torch.zeros(3 * n_h),
    })
    return layer
""",
}

IMAGES = {
    "the class of document 000": """
def image_lstm(input_size=28, hidden_size=128, num_classes=10):
    class RNN(nn.Module):
        def __init__(self):
            super(RNN, self).__init__()

            self.rnn = nn.LSTM(
                input_size=input_size,
                hidden_size=hidden_size,
                num_layers=1,
                batch_first=True,
            )

            self.out = nn.Linear(hidden_size, num_classes)

        def forward(self, x):
            r_out, (h_n, h_c) = self.rnn(x, None)

            out = self.out(r_out[:, -1, :])
            return out

    return RNN()
""",
    "a class of the notebook, time first": """
class ImageLSTM(nn.Module):
    def __init__(self, n_x, n_h, n_y):
        super().__init__()
        self.lstm = nn.LSTM(n_x, n_h)
        self.linear = nn.Linear(n_h, n_y)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        _, (h, _) = self.lstm(x.transpose(0, 1))
        return self.linear(self.dropout(h[-1]))


def image_lstm(input_size=28, hidden_size=128, num_classes=10):
    return ImageLSTM(input_size, hidden_size, num_classes)
""",
    "a cell in a loop": """
def image_lstm(input_size=28, hidden_size=128, num_classes=10):
    class Rows(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = nn.LSTMCell(input_size, hidden_size)
            self.out = nn.Linear(hidden_size, num_classes)

        def forward(self, x):
            state = None
            for row in x.unbind(dim=1):
                state = self.cell(row, state)
            return self.out(state[0])

    return Rows()
""",
    "layers in a dictionary, all scores first": """
def image_lstm(input_size=28, hidden_size=128, num_classes=10):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleDict(
                {"lstm": nn.LSTM(input_size, hidden_size, batch_first=True), "out": nn.Linear(hidden_size, num_classes)}
            )

        def forward(self, x):
            zeros = torch.zeros(1, len(x), hidden_size)
            states, _ = self.layers["lstm"](x, (zeros, zeros))
            return self.layers["out"](states)[:, x.shape[1] - 1]

    return Model()
""",
}

VOCABULARY = {
    "counted by hand": """
def build_vocabulary(headlines, min_count=1):
    counts = {}
    for headline in headlines:
        for word in words_of(headline):
            counts[word] = counts.get(word, 0) + 1
    kept = [word for word in sorted(counts, key=counts.get, reverse=True) if counts[word] >= min_count]
    return {"<pad>": 0, "<unk>": 1, **{word: number for number, word in enumerate(kept, start=2)}}
""",
    "one long list": """
def build_vocabulary(headlines, min_count=1):
    words = []
    for headline in headlines:
        words.extend(words_of(headline))
    different = list(dict.fromkeys(words))
    different.sort(key=lambda word: -words.count(word))
    names = ["<pad>", "<unk>"] + [word for word in different if words.count(word) >= min_count]
    return {name: k for k, name in enumerate(names)}
""",
    "a counter that is updated": """
def build_vocabulary(headlines, min_count=1):
    counts = Counter()
    for headline in headlines:
        counts.update(words_of(headline))
    vocabulary = {"<pad>": 0, "<unk>": 1}
    for word, count in counts.most_common():
        if count < min_count:
            break
        vocabulary[word] = max(vocabulary.values()) + 1
    return vocabulary
""",
}

ENCODE = {
    "a loop": """
def encode(headline, vocabulary, length=32):
    numbers = []
    for word in words_of(headline):
        if len(numbers) == length:
            break
        numbers.append(vocabulary[word] if word in vocabulary else 1)
    while len(numbers) < length:
        numbers.append(0)
    return numbers
""",
    "an array of zeros": """
def encode(headline, vocabulary, length=32):
    numbers = np.zeros(length, dtype=int)
    words = words_of(headline)[:length]
    numbers[: len(words)] = [vocabulary.get(word, 1) for word in words]
    return numbers.tolist()
""",
    "words first": """
def encode(headline, vocabulary, length=32):
    words = words_of(headline)[:length]
    words += ["<pad>"] * (length - len(words))
    return [vocabulary.get(word, vocabulary["<unk>"]) for word in words]
""",
}

HEADLINES = {
    "packed": """
from torch.nn.utils.rnn import pack_padded_sequence
def headline_lstm(vocab_size, embedding_size=50, hidden_size=32, num_classes=5):
    class Packed(nn.Module):
        def __init__(self):
            super().__init__()
            self.table = nn.Embedding(vocab_size, embedding_size, padding_idx=0)
            self.lstm = nn.LSTM(embedding_size, hidden_size, batch_first=True)
            self.linear = nn.Linear(hidden_size, num_classes)

        def forward(self, tokens):
            lengths = tokens.ne(0).sum(1)
            packed = pack_padded_sequence(self.table(tokens), lengths, batch_first=True, enforce_sorted=False)
            _, (h, _) = self.lstm(packed)
            return self.linear(h.squeeze(0))

    return Packed()
""",
    "time first, gathered": """
def headline_lstm(vocab_size, embedding_size=50, hidden_size=32, num_classes=5):
    class Gathered(nn.Module):
        def __init__(self):
            super().__init__()
            self.E = nn.Embedding(vocab_size, embedding_size)
            self.rnn = nn.LSTM(embedding_size, hidden_size)
            self.out = nn.Linear(hidden_size, num_classes)

        def forward(self, tokens):
            states = self.rnn(self.E(tokens.T))[0]
            last = (tokens > 0).sum(dim=1) - 1
            places = last[None, :, None].expand(1, -1, hidden_size)
            return self.out(states.gather(0, places)[0])

    return Gathered()
""",
    "one headline after the other": """
def headline_lstm(vocab_size, embedding_size=50, hidden_size=32, num_classes=5):
    class OneByOne(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(vocab_size, embedding_size)
            self.lstm = nn.LSTM(embedding_size, hidden_size)
            self.out = nn.Linear(hidden_size, num_classes)

        def forward(self, tokens):
            scores = []
            for row in tokens:
                states, _ = self.lstm(self.embedding(row[row != 0]))
                scores.append(self.out(states[-1]))
            return torch.stack(scores)

    return OneByOne()
""",
    "a cell that stops at padding": """
def headline_lstm(vocab_size, embedding_size=50, hidden_size=32, num_classes=5):
    class Stops(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(vocab_size, embedding_size)
            self.cell = nn.LSTMCell(embedding_size, hidden_size)
            self.out = nn.Linear(hidden_size, num_classes)

        def forward(self, tokens):
            h = c = torch.zeros(len(tokens), hidden_size)
            for column in tokens.T:
                new = self.cell(self.embedding(column), (h, c))
                going = (column != 0).unsqueeze(1)
                h, c = torch.where(going, new[0], h), torch.where(going, new[1], c)
            return self.out(h)

    return Stops()
""",
}

MODEL = {
    "the class of document 002": """
def to_onehot(X, n_class):
    return [nn.functional.one_hot(X[:, i].long(), n_class).float() for i in range(X.shape[1])]


class RNNModel(nn.Module):
    def __init__(self, rnn_layer, vocab_size):
        super(RNNModel, self).__init__()
        self.rnn = rnn_layer
        self.hidden_size = rnn_layer.hidden_size * (2 if rnn_layer.bidirectional else 1)
        self.vocab_size = vocab_size
        self.dense = nn.Linear(self.hidden_size, vocab_size)

    def forward(self, inputs, state):
        X = to_onehot(inputs, self.vocab_size)
        X = torch.stack(X)
        hiddens, state = self.rnn(X, state)
        hiddens = hiddens.view(-1, hiddens.shape[-1])
        output = self.dense(hiddens)
        return output, state


def rnn_model(rnn_layer, vocab_size):
    return RNNModel(rnn_layer, vocab_size)
""",
    "rows of the identity": """
def rnn_model(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = rnn_layer
            self.readout = nn.Linear(rnn_layer.hidden_size * (1 + rnn_layer.bidirectional), vocab_size)

        def forward(self, inputs, state):
            hiddens, new = self.layer(torch.eye(vocab_size)[inputs.t()], state)
            return self.readout(hiddens).flatten(0, 1), new

    return Model()
""",
    "turned after the one-hot": """
def rnn_model(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn, self.drop = rnn_layer, nn.Dropout(0.3)
            n = rnn_layer.hidden_size
            self.dense = nn.Linear(2 * n if rnn_layer.bidirectional else n, vocab_size)

        def forward(self, inputs, state=None):
            X = torch.nn.functional.one_hot(inputs, num_classes=vocab_size).permute(1, 0, 2).to(torch.float32)
            Y, state = self.rnn(X, state)
            return self.dense(self.drop(Y.reshape(Y.shape[0] * Y.shape[1], Y.shape[2]))), state

    return Model()
""",
    "step by step": """
def rnn_model(rnn_layer, vocab_size):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = rnn_layer
            self.dense = nn.Linear((1 + int(rnn_layer.bidirectional)) * rnn_layer.hidden_size, vocab_size)

        def forward(self, inputs, state):
            X = torch.zeros(inputs.shape[1], inputs.shape[0], vocab_size)
            for t in range(inputs.shape[1]):
                for i in range(inputs.shape[0]):
                    X[t, i, inputs[i, t]] = 1.0
            hiddens, state = self.rnn(X, state)
            return torch.cat([self.dense(h) for h in hiddens]), state

    return Model()
""",
}

STEP = {
    "as in document 002": """
def train_step(model, X, Y, state, optimizer, clipping_theta):
    loss = nn.CrossEntropyLoss()
    if state is not None:
        if isinstance(state, tuple):
            state[0].detach_()
            state[1].detach_()
        else:
            state.detach_()
    (output, state) = model(X, state)
    y = torch.flatten(Y.T)
    l = loss(output, y.long())
    optimizer.zero_grad()
    l.backward()
    norm = torch.tensor([0.0])
    for param in model.parameters():
        norm = norm + (param.grad.data ** 2).sum()
    norm = norm.sqrt().item()
    if norm > clipping_theta:
        for param in model.parameters():
            param.grad.data *= clipping_theta / norm
    optimizer.step()
    return l.item(), state
""",
    "detached when it is returned": """
def train_step(model, X, Y, state, optimizer, clipping_theta):
    optimizer.zero_grad()
    output, state = model(X, state)
    l = nn.CrossEntropyLoss()(output, Y.T.reshape(-1))
    l.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=clipping_theta)
    optimizer.step()
    if isinstance(state, (tuple, list)):
        return float(l), tuple(s.detach() for s in state)
    return float(l), state.detach()
""",
    "logarithms of probabilities": """
def train_step(model, X, Y, state, optimizer, clipping_theta):
    def cut(part):
        return None if part is None else tuple(map(cut, part)) if isinstance(part, tuple) else part.data
    scores, state = model(X, cut(state))
    log_p = scores.log_softmax(dim=1)
    l = -log_p.gather(1, Y.T.contiguous().view(-1, 1)).mean()
    model.zero_grad()
    l.backward()
    nn.utils.clip_grad_norm_(list(model.parameters()), clipping_theta)
    optimizer.step()
    return l.detach().numpy(), state
""",
}

answers = {
    "output_shapes": OUTPUT_SHAPES,
    "rnn_to_torch": RNN,
    "lstm_to_torch": LSTM,
    "gru_to_torch": GRU,
    "image_lstm": IMAGES,
    "build_vocabulary": VOCABULARY,
    "encode": ENCODE,
    "headline_lstm": HEADLINES,
    "rnn_model": MODEL,
    "train_step": STEP,
}
