"""Keeps the products of a layer on one thread.

They are small and many. Sharing one among two cores saves next to nothing where both are idle; where one is
busy, the faster thread waits for the slower one, thousands of times in a training run: it was found to take
several times as long, and as much of the other core.
"""

import contextlib
import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

__all__ = ["controller", "on_one_thread"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def on_one_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Return the function, made to run with one thread of NumPy's linear algebra."""

    @functools.wraps(function)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        pools = controller()
        with pools.limit(limits=1, user_api="blas") if pools else contextlib.nullcontext():
            return function(*args, **kwargs)

    return limited


@functools.cache
def controller() -> Any:
    """Return what sets the number of threads; None in a sandbox that hides which libraries are loaded."""
    try:
        return ThreadpoolController()
    except OSError:
        return None
