"""A small trainer in NumPy: an LSTM layer, a dense softmax, dropout, an embedding look-up, Adam and SGD.

Functions on arrays and dictionaries of arrays, as in the labs: a forward function returns a cache, its
backward function takes a gradient and that cache and returns a dictionary of gradients, ``dWf`` for ``Wf``.

Axes are (m, T_x, n): examples first, as data sets, an embedding look-up and Keras have them, and what belongs
to one example and step lies together in memory. (The labs' cells take one step in columns, (n_x, m): that is
``x[:, t].T``.) Weights are the labs' own and stay as they are: ``Wf`` (n_a, n_a + n_x) and ``bf`` (n_a, 1)
fit the labs' ``lstm_cell_forward`` too. The dtype of the weights, float32 or float64, is that of all that is
computed with them.
"""

from course_utils.nn.layers import (
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    dropout,
    dropout_backward,
    embed,
)
from course_utils.nn.lstm import lstm_layer, lstm_layer_backward, lstm_parameters
from course_utils.nn.optimisers import SGD, Adam, minibatches

__all__ = [
    "SGD",
    "Adam",
    "cross_entropy",
    "dense_parameters",
    "dense_softmax",
    "dense_softmax_backward",
    "dropout",
    "dropout_backward",
    "embed",
    "lstm_layer",
    "lstm_layer_backward",
    "lstm_parameters",
    "minibatches",
]
