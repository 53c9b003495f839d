"""Keeps the matrix products of a layer on one thread.

They are small and many. Splitting one over two cores saves next to nothing if both are idle; if one is busy,
the faster thread waits for the slower one, thousands of times in a training run. That was measured to take
several times as long, and as much time of the other core.
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
    """Return the function, wrapped so that NumPy's linear algebra uses one thread while it runs."""

    @functools.wraps(function)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        pools = controller()
        with pools.limit(limits=1, user_api="blas") if pools else contextlib.nullcontext():
            return function(*args, **kwargs)

    return limited


@functools.cache
def controller() -> Any:
    """Return what sets the number of threads; None in a sandbox that hides the loaded libraries."""
    try:
        return ThreadpoolController()
    except OSError:
        return None
