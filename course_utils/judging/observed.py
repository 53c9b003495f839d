"""Calls functions whose answers are no plain values, such as those that build a model of a framework.

Such an exercise has an *observer*, a function of `course_utils`: it calls the function, sets weights, and
returns plain arrays. It runs where the student's function runs, so its own word counts as little as theirs.
"""

import functools
import importlib
from collections.abc import Callable
from typing import Any

__all__ = ["Unfit", "observers", "watched"]


class Unfit(Exception):
    """What a function made cannot be observed; the message is a sentence for the student, without its end."""


@functools.cache
def observers(path: str) -> Callable[..., Any]:
    """Return the observer at a path below `course_utils`, such as ``frameworks.jazz.djmodel``.

    Raises ImportError or AttributeError where there is none.
    """
    module, _, name = path.rpartition(".")
    observer: Callable[..., Any] = getattr(importlib.import_module(f"course_utils.{module}"), name)
    return observer


def watched(function: Callable[..., Any], observer: str) -> Callable[..., Any]:
    """Return what is called with the inputs of a case: the function itself, unless it has an observer."""
    return functools.partial(observers(observer), function) if observer else function
