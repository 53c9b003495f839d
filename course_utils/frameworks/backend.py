"""Chooses the backend of Keras, which must be done before Keras is imported.

``KERAS_BACKEND`` wins, then the ``keras.json`` that Keras keeps in the home folder, if the backend that it
names is installed: Keras writes TensorFlow into it, whatever there is. Else it is PyTorch where that is
installed, then JAX: with one thread a model in PyTorch is built and called 15 times faster than in JAX.
"""

import contextlib
import json
import os
from importlib.util import find_spec
from pathlib import Path

__all__ = ["BACKENDS"]

BACKENDS = ("torch", "jax", "tensorflow")
"""The backends with which the labs can train, the preferred one first. Each is the name of its package."""


def _kept() -> str:
    """Return the backend that keras.json names; "" if there is none."""
    path = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"), "keras.json")
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return str(json.loads(path.read_text(encoding="utf-8")).get("backend"))
    return ""


if not os.environ.get("KERAS_BACKEND"):
    _first = [_kept()] if _kept() in BACKENDS else []
    if _found := next((name for name in (*_first, *BACKENDS) if find_spec(name)), ""):
        os.environ["KERAS_BACKEND"] = _found
