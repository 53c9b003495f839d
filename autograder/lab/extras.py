"""Knows the extras of this package: the frameworks that some labs need, and whether they are installed."""

from collections.abc import Mapping
from importlib.util import find_spec

__all__ = ["EXTRAS", "lacking"]

EXTRAS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "keras": {
        "Keras": ("keras",),
        "a backend of Keras (PyTorch, JAX or TensorFlow)": ("torch", "jax", "tensorflow"),
    },
    "torch": {"PyTorch": ("torch",), "scikit-learn": ("sklearn",)},
}
"""What each extra brings, by its name: the packages of which one is enough."""


def lacking(extra: str) -> str:
    """Return what is missing for an extra and how to get it, as half a sentence; "" if all is there.

    Nothing is imported. Raises KeyError for an unknown extra.
    """
    parts = EXTRAS[extra] if extra else {}
    missing = [name for name, packages in parts.items() if not any(map(find_spec, packages))]
    if not missing:
        return ""
    return f"needs {' and '.join(missing)}: `pip install 'seqlab[{extra}]'`, see docs/frameworks.md"
