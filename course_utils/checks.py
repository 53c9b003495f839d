"""Visible checks: a function's published values, then open cases, judged as the hidden tests judge.

What is right lies beside the notebook: ``published.json`` has the published values, ``open_cases.json`` cases
that are drawn as the hidden ones are. A check that fails shows its table and raises `CheckFailed`, which a
notebook renders as one line. If an answer equals that of a known mistake, the line names the mistake:
``hints.json`` has a fingerprint of each mistake's outputs. ``places.json`` has fingerprints of the right
function's variables, by which the line says where a function goes wrong.
"""

import builtins
import os
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from course_utils.judging.examination import examine
from course_utils.judging.fingerprints import known_mistakes
from course_utils.judging.locate import Known
from course_utils.judging.open_cases import OPEN_CASES, Unusable, read
from course_utils.judging.placing import known_places
from course_utils.judging.published import PUBLISHED, check_entry, read_published, wrong_type
from course_utils.judging.stopping import Stopped, stoppable
from course_utils.judging.wording import FILL_IN
from course_utils.tables import show
from course_utils.unwritten import show_in_one_line

__all__ = ["CheckFailed", "check_shape", "checks_so_far", "graded_later", "visible_check"]

_STARTED = Path.cwd()
_passed: dict[str, Any] = {}
"""The functions that passed their visible checks since the kernel started."""
WIDEST = 80
"""JupyterLab breaks longer lines within words, and `nbgrader validate` cuts them."""


class CheckFailed(AssertionError):
    """A visible check failed; the message is one line and says what to look at."""

    def _render_traceback_(self) -> list[str]:
        """Show the message in IPython, in lines that end between words, and no traceback."""
        return textwrap.wrap(f"CheckFailed: {self}", WIDEST)


def visible_check(function: Any) -> None:
    """Run a function on its published example and its open cases, and show what came of it.

    The name under which the notebook knows the function selects the entries of published.json and
    open_cases.json in the current folder. NumPy's random state is restored. Raises `CheckFailed` when
    anything is missing or wrong, and where the function does not end: after 20 seconds, or when it is
    interrupted. While a notebook is graded, nothing happens after the hidden tests of the function: they
    have just done the same, on other inputs.
    """
    names = sys._getframe(1).f_globals
    graded = getattr(getattr(builtins, "__seqlab_grade__", None), "graded", None)
    if isinstance(graded, set) and (done := next(_names_of(function, names, graded), None)):
        graded.discard(done)
        return
    try:
        folder = _folder()
        published = read_published(folder)
        name = next(_names_of(function, names, published), _own_name(function))
        check_entry(name, published.get(name, {}))
        opened = read(folder)
        if name not in opened:
            raise Unusable(f"{OPEN_CASES} has no entry for {name}: copy it again from the released lab")
        work = partial(examine, function, name, published[name], opened, partial(_known, folder))
        examined = stoppable(work, function) if _in_notebook() else work()  # the grader has its own limit
    except (Unusable, Stopped) as error:
        raise CheckFailed(str(error)) from None
    if table := examined.table():
        show(table)
    if examined.problem:
        raise CheckFailed(examined.problem)
    _passed[name] = function


def checks_so_far() -> None:
    """Print how many exercises have passed their visible checks, and which have not.

    An exercise counts if the function that the notebook has now passed since the kernel started. Nothing is
    printed while a notebook is graded. Raises `CheckFailed` if the lab's files are missing or damaged.
    """
    if not _in_notebook():
        return
    names = sys._getframe(1).f_globals
    try:
        exercises = list(read(_folder()))
    except Unusable as error:
        raise CheckFailed(str(error)) from None
    left = [name for name in exercises if name not in _passed or names.get(name) is not _passed[name]]
    print(f"visible checks: {len(exercises) - len(left)} of {len(exercises)} exercises")
    if left:
        print("not passed since the kernel started and the function was last run:", ", ".join(left))


def check_shape(name: str, array: Any, shape: tuple[int, ...]) -> None:
    """Raise `CheckFailed`, naming the variable, unless ``array`` is a NumPy array of this shape."""
    if array is None:
        raise CheckFailed(f"`{name}` is still None: {FILL_IN}")
    problem = wrong_type(name, array)
    if not problem and array.shape != tuple(shape):
        problem = f"`{name}` has shape {array.shape}, expected {tuple(shape)}"
    if problem:
        raise CheckFailed(problem)


def _known(folder: Path, entry: str) -> tuple[Sequence[Mapping[str, Any]], Known | None]:
    """Return the known mistakes of a form of an exercise, and what is known of its variables."""
    return known_mistakes(folder, entry), known_places(folder, entry)


def _own_name(function: Any) -> str:
    name = getattr(function, "__name__", None)
    return name if type(name) is str else type(function).__name__


def _names_of(function: Any, names: Mapping[str, Any], known: Any) -> Iterator[str]:
    """Yield the names of a function that are known: its own, then those that the notebook gives it."""
    own = _own_name(function)
    if own in known:
        yield own
    yield from (name for name in known if name in names and names[name] is function)


def _folder() -> Path:
    """Return the notebook's folder: the current one. Raises Unusable if the files lie elsewhere."""
    here = Path.cwd()
    if not (here / PUBLISHED).exists():
        for folder in (*_started_in(), *here.parents):
            if (folder / PUBLISHED).is_file() and folder != here:
                raise Unusable(
                    f"the working folder is now {here}; {PUBLISHED} lies in {folder} (the notebook's "
                    f'folder): was os.chdir called? os.chdir(r"{folder}") goes back'
                )
    return here


def _started_in() -> Iterator[Path]:
    """Yield the folders in which the notebook may have started."""
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython

        if path := getattr(get_ipython(), "starting_dir", None):
            yield Path(path)
    if path := os.environ.get("JPY_SESSION_NAME"):
        yield Path(path).parent
    yield _STARTED


def _in_notebook() -> bool:
    """Whether no grader runs."""
    return builtins.__seqlab_grade__ is graded_later  # type: ignore[attr-defined]


def graded_later(name: str) -> None:
    """Stand in for the grader's call where no grader runs."""
    print(f"{name}: graded later")


if not hasattr(builtins, "__seqlab_grade__"):
    builtins.__seqlab_grade__ = graded_later  # type: ignore[attr-defined]


if _in_notebook() and "IPython" in sys.modules:
    from IPython.core.getipython import get_ipython

    if shell := get_ipython():
        show_in_one_line(shell, _in_notebook)
