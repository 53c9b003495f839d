"""Loads Keras into the fork server, with what is slow at first use; only the server imports this.

With JAX it stays at the import: JAX starts threads at its first array, and a fork after that hangs.
"""

from course_utils.frameworks.backend import BACKENDS  # noqa: F401 - first: it chooses Keras' backend

import keras  # isort: skip

__all__: list[str] = []

if keras.backend.backend() == "torch":
    import torch

    torch.set_num_threads(1)
    _input = keras.Input((2, 3))
    _model = keras.Model(_input, keras.layers.Dense(1)(keras.layers.LSTM(2)(_input)))
    _model.compile("adam", "mse")
    _model.fit(keras.ops.zeros((2, 2, 3)), keras.ops.zeros((2, 1)), verbose=0)
    keras.backend.clear_session()
