"""The stage: the one folder that a sandbox shows to student code besides the interpreter.

It holds the inner package, the modules of ``course_utils`` that the lab may use, and the files of the
submission. It is made afresh, of plain copies, so that nothing in it can lead outside.
"""

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

import course_utils

from ..errors import LabError

__all__ = ["copy_plain_files", "make_stage"]

INNER = Path(__file__).parent / "inside"
COURSE_UTILS = Path(course_utils.__file__).parent
ALWAYS = ("__init__",)
"""Modules of course_utils that every lab has."""


def make_stage(folder: Path, modules: Iterable[str]) -> None:
    """Fill an empty folder with the inner package and the named modules of ``course_utils``.

    Raises LabError when a lab asks for a module that does not exist.
    """
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(INNER, folder / "seqlab_inside", ignore=ignore)
    target = folder / "course_utils"
    target.mkdir()
    for name in (*ALWAYS, *modules):
        source = COURSE_UTILS / f"{name}.py"
        if not source.is_file():
            raise LabError(f"a lab asks for course_utils.{name}, which does not exist: correct `modules`")
        shutil.copy(source, target)
    (folder / "files").mkdir()
    # Student code runs as another user: it must be able to read this, and only read.
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def copy_plain_files(source: Path, target: Path, limit: int = 64 << 20) -> list[str]:
    """Copy the regular files below a folder; returns the names of what was left out.

    Links, devices, notebooks and hidden files are left out, and so is what goes beyond ``limit``
    bytes in all.
    """
    left: list[str] = []
    for folder, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = Path(folder, name)
            status = path.lstat()
            place = path.relative_to(source)
            if name.endswith(".ipynb") or name.startswith("."):
                continue
            if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
                left.append(str(place))
                continue
            limit -= status.st_size
            (target / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / place, follow_symlinks=False)
            (target / place).chmod(0o644)
    return left
