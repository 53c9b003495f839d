"""Loads PyTorch into the fork server, with what is slow at first use; only the server imports this.

One thread: a fork of a process with more of them hangs. A forward and backward pass and an optimiser load
what is left, so that a submission takes 0.04 s for its own instead of 1.4 s.
"""

import torch

__all__: list[str] = []

torch.set_num_threads(1)

_layer = torch.nn.LSTM(2, 3)
_output, _state = _layer(torch.zeros(2, 1, 2))
_output.sum().backward()
torch.optim.Adam(_layer.parameters()).step()
