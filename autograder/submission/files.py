"""The files beside a submitted notebook: read safely, and laid over each other."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePath

__all__ = ["laid_over", "plain_files"]

MAX_FILES = 1_000
"""Most files of a submission that are looked at."""
MAX_PLACE = 1_000
"""Longest relative path of a file, in bytes."""


def plain_files(source: Path, limit: int = 48 << 20) -> tuple[dict[str, bytes], list[str]]:
    """Read the regular files below a folder; returns them by relative path, and what was left out.

    Links, devices, notebooks, compiled Python, hidden files, unreadable files, names that are not UTF-8, and
    what goes beyond ``limit`` bytes in all are left out.
    """
    found: dict[str, bytes] = {}
    left: list[str] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "__pycache__")
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        below = os.path.relpath(folder, source)
        for name in sorted([*names, *links]):
            if name.endswith((".ipynb", ".pyc")) or name.startswith("."):
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
    """Return the files of two folders by relative path; what is in the way of one above is left out."""
    folders = {str(parent) for place in above for parent in PurePath(place).parents}
    kept = {
        place: content
        for place, content in below.items()
        if place not in folders and not any(str(parent) in above for parent in PurePath(place).parents)
    }
    return {**kept, **above}
