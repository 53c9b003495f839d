"""Networks of equal size for compare.py: recurrent layers of one kind, deep, in both directions, or plain."""

from bisect import bisect_left
from functools import partial

import numpy as np

from course_utils import nn

CLIP = 1.0

KINDS = {
    "RNN": (nn.rnn_parameters, nn.rnn_layer, nn.rnn_layer_backward),
    "GRU": (nn.gru_parameters, nn.gru_layer, nn.gru_layer_backward),
    "LSTM": (nn.lstm_parameters, nn.lstm_layer, nn.lstm_layer_backward),
}


class Network:
    """Recurrent layers between vectors (m, T_x, n_x) and states; what is above them, the parts do themselves."""

    def __init__(self, kind, layers=1, both=False, start=None):
        self.make, self.run, self.back = KINDS[kind]
        self.layers, self.both, self.start = layers, both, start
        if both:
            self.run = partial(nn.bidirectional, self.run)
            self.back = partial(nn.bidirectional_backward, self.back)

    def parameters(self, n_x, n_a, n_y, rows, rng):
        """Return initial parameters: of the layers, of the output, and a table of vectors if it has rows."""
        width = n_a * (1 + self.both)
        layers = {}
        for number in range(self.layers):
            sizes = width if number else n_x, n_a, rng, np.float32
            ways = {"forward": self.make(*sizes), "backward": self.make(*sizes)} if self.both else self.make(*sizes)
            layers[f"layer{number + 1}"] = ways
        found = {"layers": layers, "output": nn.dense_parameters(width, n_y, rng, np.float32)}
        if rows:
            found["input"] = {"table": (0.1 * rng.standard_normal((rows, n_x))).astype(np.float32)}
        return found

    def width(self, n_x, n_y, rows, budget):
        """Return the n_a that comes nearest to so many parameters."""
        def learned(n_a):
            return count(self.parameters(n_x, n_a, n_y, rows, np.random.default_rng(0)))

        above = bisect_left(range(256), budget, lo=2, key=learned)
        return min((above - 1, above), key=lambda n_a: abs(learned(n_a) - budget))

    def forward(self, x, parameters):
        return nn.stack(self.run, x, parameters["layers"])

    def backward(self, da, cache, dx):
        found = nn.stack_backward(self.back, da, cache, dx=dx)
        return {"layers": found, "dx": found.pop("dx", None)}


def count(parameters):
    """Return how many numbers are learned."""
    return sum(count(v) if isinstance(v, dict) else v.size for v in parameters.values())


def step(optimizer, parameters, gradients):
    nn.clip_by_norm(parameters, gradients, CLIP)
    optimizer.update(parameters, gradients)
