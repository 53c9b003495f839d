"""Right solutions of the lab `sampling` that are written in other ways than the reference."""

CLIP = {
    "in place": """
def clip(gradients, maxValue):
    for gradient in gradients.values():
        np.clip(gradient, -maxValue, maxValue, out=gradient)
    return gradients
""",
    "in place, in a new dictionary": """
import cllm_utils
def clip(gradients, maxValue):
    arrays = [gradients[name] for name in ("dWaa", "dWax", "dWya", "db", "dby")]
    for array in arrays:
        np.clip(array, -maxValue, maxValue, out=array)
    dWaa, dWax, dWya, db, dby = arrays
    return {"dWaa": dWaa, "dWax": dWax, "dWya": dWya, "db": db, "dby": dby}
""",
    "minimum of maximum": """
def clip(gradients, maxValue):
    return {name: np.minimum(maxValue, np.maximum(-maxValue, g)) for name, g in gradients.items()}
""",
    "by masks": """
def clip(gradients, maxValue):
    clipped = {}
    for name in gradients:
        clipped[name] = gradients[name].copy()
        clipped[name][clipped[name] > maxValue] = maxValue
        clipped[name][clipped[name] < -maxValue] = -maxValue
    return clipped
""",
    "sign and size": """
def clip(gradients, maxValue):
    return {k: np.sign(v) * np.where(abs(v) > maxValue, maxValue, abs(v)) for k, v in gradients.items()}
""",
}

SAMPLE = {
    "a while loop with two counters": """
import cllm_utils
def sample(parameters, char_to_ix, seed):
    Waa, Wax, Wya, by, b = [parameters[name] for name in ("Waa", "Wax", "Wya", "by", "b")]
    vocab_size, n_a = by.shape[0], Waa.shape[1]
    x, a_prev = np.zeros((vocab_size, 1)), np.zeros((n_a, 1))
    indices, idx, counter = [], -1, 0
    while idx != char_to_ix["\\n"] and counter != 50:
        a = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)
        y = cllm_utils.softmax(np.dot(Wya, a) + by)
        np.random.seed(counter + seed)
        idx = np.random.choice(list(range(vocab_size)), p=y.ravel())
        indices.append(idx)
        x = np.zeros((vocab_size, 1))
        x[idx] = 1
        a_prev = a
        seed += 1
        counter += 1
    if counter == 50:
        indices.append(char_to_ix["\\n"])
    return indices
""",
    "columns for products": """
def sample(parameters, char_to_ix, seed):
    p, end, drawn = parameters, char_to_ix["\\n"], []
    state = np.zeros(len(p["Waa"]))
    while len(drawn) < 50 and (not drawn or drawn[-1] != end):
        seen = p["Wax"][:, drawn[-1]] if drawn else 0
        state = np.tanh(seen + p["Waa"] @ state + p["b"][:, 0])
        scores = p["Wya"] @ state + p["by"][:, 0]
        powers = np.exp(scores - scores.max())
        np.random.seed(seed + 2 * len(drawn))
        drawn.append(int(np.random.choice(len(powers), p=powers / powers.sum())))
    return drawn + [end] * (len(drawn) == 50)
""",
    "by hand through the cumulated chances": """
def sample(parameters, char_to_ix, seed):
    Wax, Waa, Wya, b, by = (parameters[k] for k in ("Wax", "Waa", "Wya", "b", "by"))
    x, a, indices = np.zeros(by.shape), np.zeros(b.shape), []
    for step in range(50):
        a = np.tanh(Wax @ x + Waa @ a + b)
        np.random.seed(seed + step + step)
        chances = np.cumsum(softmax(Wya @ a + by))
        indices.append(np.searchsorted(chances / chances[-1], np.random.random_sample(), side="right"))
        x = np.eye(len(by))[:, [indices[-1]]]
        if indices[-1] == char_to_ix["\\n"]:
            return indices if step < 49 else indices + [char_to_ix["\\n"]]
    return indices + [char_to_ix["\\n"]]
""",
    "an array": """
def sample(parameters, char_to_ix, seed):
    p, newline, indices = parameters, char_to_ix["\\n"], np.array([], dtype=int)
    x, a = np.zeros((p["by"].size, 1)), np.zeros((p["b"].size, 1))
    for t in range(50):
        a = np.tanh(p["b"] + p["Waa"].dot(a) + p["Wax"].dot(x))
        np.random.seed(2 * t + seed)
        idx = np.random.choice(np.arange(len(x)), p=softmax(p["by"] + p["Wya"].dot(a))[:, 0])
        indices, x = np.append(indices, idx), np.zeros_like(x)
        x[idx, 0] = 1.0
        if idx == newline:
            break
    return np.append(indices, newline) if len(indices) == 50 else indices
""",
}

OPTIMIZE = {
    "by the module's name": """
import cllm_utils
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = cllm_utils.rnn_forward(X, Y, a_prev, parameters)
    gradients, a = cllm_utils.rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    parameters = cllm_utils.update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]
""",
    "its own update": """
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    raw, states = rnn_backward(X, Y, parameters, cache)
    gradients = clip(raw, maxValue=5)
    for name in parameters:
        parameters[name] -= learning_rate * gradients["d" + name]
    return loss, gradients, states[-1]
""",
    "new arrays in the same dictionary": """
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients=gradients, maxValue=5.0)
    for name in list(parameters):
        parameters[name] = parameters[name] - learning_rate * gradients[f"d{name}"]
    return float(loss), gradients, a[len(Y) - 1].copy()
""",
    "loops over the characters": """
def optimize(X, Y, a_prev, parameters, learning_rate=0.01):
    p, n_x = parameters, len(parameters["by"])
    xs = [np.zeros((n_x, 1)) for _ in X]
    states, chances, loss = [a_prev], [], 0.0
    for x, number, target in zip(xs, X, Y):
        if number is not None:
            x[number] = 1
        states.append(np.tanh(p["Wax"] @ x + p["Waa"] @ states[-1] + p["b"]))
        chances.append(softmax(p["Wya"] @ states[-1] + p["by"]))
        loss -= np.log(chances[-1][target, 0])
    raw = {"d" + name: np.zeros(value.shape) for name, value in p.items()}
    behind = np.zeros(a_prev.shape)
    for t in range(len(X) - 1, -1, -1):
        dy = chances[t].copy()
        dy[Y[t]] -= 1
        dz = (p["Wya"].T @ dy + behind) * (1 - states[t + 1] ** 2)
        raw["dWya"] += dy @ states[t + 1].T
        raw["dby"] += dy
        raw["dWax"] += dz @ xs[t].T
        raw["dWaa"] += dz @ states[t].T
        raw["db"] += dz
        behind = p["Waa"].T @ dz
    gradients = clip(raw, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, states[-1]
""",
}

MODEL = {
    "by the module's name": """
import cllm_utils
def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):
    parameters = cllm_utils.initialize_parameters(n_a, vocab_size, vocab_size)
    loss = cllm_utils.get_initial_loss(vocab_size, dino_names)
    examples = [name.lower().strip() for name in data.split("\\n")]
    np.random.seed(0)
    np.random.shuffle(examples)
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        index = j % len(examples)
        X = [None] + [char_to_ix[ch] for ch in examples[index]]
        Y = X[1:] + [char_to_ix["\\n"]]
        curr_loss, gradients, a_prev = optimize(X, Y, a_prev, parameters)
        loss = cllm_utils.smooth(loss, curr_loss)
        if j % 2000 == 0:
            print(j + 1, loss)
            for seed in range(dino_names):
                cllm_utils.print_sample(sample(parameters, char_to_ix, seed), ix_to_char)
    return parameters
""",
    "it opens the names itself": """
import cllm_utils
def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):
    parameters = cllm_utils.initialize_parameters(n_a, vocab_size, vocab_size)
    examples = []
    with open("dinos.txt") as file:
        for line in file.readlines():
            examples.append(line.strip().lower())
    np.random.seed(0)
    np.random.shuffle(examples)
    state, mean = np.zeros((n_a, 1)), cllm_utils.get_initial_loss(vocab_size, dino_names)
    for j in range(num_iterations):
        numbers = [char_to_ix[letter] for letter in examples[j % len(examples)]]
        cost, _, state = optimize([None] + numbers, numbers + [char_to_ix["\\n"]], state, parameters)
        mean = cllm_utils.smooth(mean, cost)
        if j % 2000 == 0:
            for k in range(dino_names):
                cllm_utils.print_sample(sample(parameters, char_to_ix, k), ix_to_char)
    return parameters
""",
    "an endless supply of names, and no print": """
from itertools import cycle, islice
def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):
    network, state = initialize_parameters(n_a, vocab_size, vocab_size), np.zeros((n_a, 1))
    names = data.lower().split()
    np.random.seed(0)
    np.random.shuffle(names)
    for name in islice(cycle(names), num_iterations):
        targets = [char_to_ix[character] for character in name + "\\n"]
        state = optimize([None, *targets[:-1]], targets, state, network, 0.01)[2]
    return network
""",
    "a range of its own": """
def model(data, ix_to_char, char_to_ix, num_iterations=3500, n_a=50, dino_names=7, vocab_size=27):
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    examples = [name.strip() for name in data.lower().splitlines()]
    np.random.seed(0)
    np.random.shuffle(examples)
    a_prev, number = np.zeros((n_a, 1)), 0
    for _ in range(num_iterations):
        if number == len(examples):
            number = 0
        X = [None]
        for letter in examples[number]:
            X.append(char_to_ix[letter])
        Y = X[1:]
        Y.append(char_to_ix["\\n"])
        _, _, a_prev = optimize(X, Y, a_prev=a_prev, parameters=parameters, learning_rate=0.01)
        number += 1
    return {name: value.copy() for name, value in parameters.items()}
""",
}

answers = {"clip": CLIP, "sample": SAMPLE, "optimize": OPTIMIZE, "model": MODEL}
