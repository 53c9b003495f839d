"""Makes the mounted files: the one folder, besides the interpreter, that student code sees.

It holds the ``inside`` package and the parts of ``course_utils`` that the lab may use, as plain copies, so
that no link leads outside. A submission's own files are not among them: they are sent to its child.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

import course_utils
from autograder.errors import LabError

__all__ = ["copy_mounted_files"]

INNER = Path(__file__).parent / "inside"
COURSE_UTILS = Path(course_utils.__file__).parent
ALWAYS = ("__init__", "judging")
"""Modules of course_utils that every lab has."""


def copy_mounted_files(folder: Path, modules: Iterable[str]) -> None:
    """Fill an empty folder with the ``inside`` package and the named modules of ``course_utils``.

    Raises LabError when a lab asks for a module that does not exist.
    """
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(INNER, folder / "seqlab_inside", ignore=ignore)
    target = folder / "course_utils"
    target.mkdir()
    for name in (*ALWAYS, *modules):
        module, package = COURSE_UTILS / f"{name}.py", COURSE_UTILS / name
        if module.is_file():
            shutil.copy(module, target)
        elif (package / "__init__.py").is_file():
            shutil.copytree(package, target / name, ignore=ignore)
        else:
            raise LabError(f"a lab asks for course_utils.{name}, which does not exist: correct `modules`")
    _readable(folder)


def _readable(folder: Path) -> None:
    """Let everybody read and only the owner write: student code runs as another user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
