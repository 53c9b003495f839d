"""A small trainer in NumPy: recurrent layers, dense softmax, dropout, embedding lookup, Adam and SGD.

It is made of functions on arrays and dictionaries of arrays, as in the labs: a forward function also returns
a cache; its backward function takes an upstream gradient and that cache and returns a dictionary of
gradients, ``dWf`` for ``Wf``.

Axes are (m, T_x, n), examples first, as in data sets, embedding lookups and Keras. (The labs' cells take one
step in columns, (n_x, m), which is ``x[:, t].T``.) Weights have the labs' layout: ``Wf`` (n_a, n_a + n_x) and
``bf`` (n_a, 1) also fit the labs' ``lstm_cell_forward``. Everything is computed in the dtype of the weights,
float32 or float64.
"""

from course_utils.nn.compose import bidirectional, bidirectional_backward, stack, stack_backward
from course_utils.nn.gru import gru_layer, gru_layer_backward, gru_parameters
from course_utils.nn.layers import (
    cross_entropy,
    dense_parameters,
    dense_softmax,
    dense_softmax_backward,
    dropout,
    dropout_backward,
    embed,
    embed_backward,
)
from course_utils.nn.lstm import lstm_layer, lstm_layer_backward, lstm_parameters
from course_utils.nn.optimisers import SGD, Adam, clip_by_norm, minibatches
from course_utils.nn.rnn import rnn_layer, rnn_layer_backward, rnn_parameters

__all__ = [
    "SGD",
    "Adam",
    "bidirectional",
    "bidirectional_backward",
    "clip_by_norm",
    "cross_entropy",
    "dense_parameters",
    "dense_softmax",
    "dense_softmax_backward",
    "dropout",
    "dropout_backward",
    "embed",
    "embed_backward",
    "gru_layer",
    "gru_layer_backward",
    "gru_parameters",
    "lstm_layer",
    "lstm_layer_backward",
    "lstm_parameters",
    "minibatches",
    "rnn_layer",
    "rnn_layer_backward",
    "rnn_parameters",
    "stack",
    "stack_backward",
]
