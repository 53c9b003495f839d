"""The stage: the one folder that a sandbox shows to student code besides the interpreter.

It holds the inner package and the parts of ``course_utils`` that the lab may use, as plain copies, so
that nothing in it can lead outside. The files of a submission are sent to the process that runs it.
"""

import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

import course_utils

from ..errors import LabError

__all__ = ["laid_over", "make_stage", "plain_files"]

INNER = Path(__file__).parent / "inside"
COURSE_UTILS = Path(course_utils.__file__).parent
ALWAYS = ("__init__",)
"""Modules of course_utils that every lab has."""
MAX_FILES = 1_000
"""Most files of a submission that are looked at."""
MAX_PLACE = 1_000
"""Longest place of a file below the submission's folder, in bytes: elsewhere the path may be longer."""


def make_stage(folder: Path, modules: Iterable[str]) -> None:
    """Fill an empty folder with the inner package and the named modules and packages of ``course_utils``.

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


def plain_files(source: Path, limit: int = 48 << 20) -> tuple[dict[str, bytes], list[str]]:
    """Read the regular files below a folder; returns them by their place, and what was left out.

    Links, devices, notebooks and hidden files are left out, and so are unreadable files, names that are
    no text, and what goes beyond ``limit`` bytes in all.
    """
    found: dict[str, bytes] = {}
    left: list[str] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        below = os.path.relpath(folder, source)
        for name in sorted([*names, *links]):
            if name.endswith(".ipynb") or name.startswith("."):
                continue
            path = os.path.join(folder, name)
            raw = os.fsencode(name if below == "." else os.path.join(below, name))
            place = raw.decode("utf-8", "replace")
            if len(found) + len(left) >= MAX_FILES:
                return found, [f"all after {MAX_FILES} files", *left]
            try:
                if len(raw) > MAX_PLACE or place.encode() != raw:
                    raise OSError("not to be written elsewhere")
                # Not through a link, and not for ever: a pipe does not block here.
                with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                    status = os.fstat(file.fileno())
                    if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
                        raise OSError("a device, or too large")
                    found[place] = file.read(limit + 1)
                    limit -= len(found[place])
            except OSError:
                left.append(place)
    return found, left


def laid_over(below: Mapping[str, bytes], above: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of two folders by place; what stands in the way of one above is left out."""
    folders = {str(parent) for place in above for parent in PurePath(place).parents}
    kept = {
        place: content
        for place, content in below.items()
        if place not in folders and not any(str(parent) in above for parent in PurePath(place).parents)
    }
    return {**kept, **above}


def _readable(folder: Path) -> None:
    """Let everybody read, and only read: student code runs as another user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
