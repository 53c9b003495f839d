"""Knows the extras of this package: the frameworks that some labs need, and whether they are installed."""

from importlib.util import find_spec

__all__ = ["EXTRAS", "lacking"]

EXTRAS = {"keras": ("keras", "torch|jax|tensorflow"), "torch": ("torch", "sklearn")}
"""The packages that each extra brings; of those between bars, one is enough."""


def lacking(extra: str) -> str:
    """Return what is missing for an extra and how to get it, as half a sentence; "" if all is there.

    Nothing is imported. Raises KeyError for an unknown extra.
    """
    missing = [one for one in EXTRAS[extra] if not any(map(find_spec, one.split("|")))] if extra else []
    if not missing:
        return ""
    named = " and ".join(name.replace("|", " or ") for name in missing)
    return f"needs {named}, not installed here: `pip install 'seqlab[{extra}]'` (docs/frameworks.md)"
