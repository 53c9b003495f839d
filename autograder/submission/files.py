"""The files beside a submitted notebook: read safely, and laid over each other."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import BinaryIO

__all__ = ["laid_over", "link_in", "open_plain", "plain_files"]

MAX_FILES = 1_000
"""Most files of a submission that are looked at."""
MAX_PLACE = 1_000
"""Longest relative path of a file, in bytes."""


def open_plain(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file to read it. Raises OSError for a link, and for what is no regular file.

    What is true of the file holds for what is read, whatever takes its place meanwhile.
    """
    # Not for ever: a pipe does not block here.
    file = open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")  # noqa: SIM115
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError("not an ordinary file")
    return file


def link_in(path: Path, below: Path) -> Path | None:
    """Return the first part of a path below a folder that is a link, if any."""
    parts = path.relative_to(below).parts
    places = (below.joinpath(*parts[: n + 1]) for n in range(len(parts)))
    return next((place for place in places if place.is_symlink()), None)


def plain_files(source: Path, limit: int = 48 << 20) -> tuple[dict[str, bytes], list[str]]:
    """Read the regular files below a folder; returns them by relative path, and what was left out.

    Links, devices, notebooks, hidden files, unreadable files, names that are not UTF-8, and what goes beyond
    ``limit`` bytes in all are left out.
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
                with open_plain(path) as file:
                    if os.fstat(file.fileno()).st_size > limit:
                        raise OSError("too large")
                    content = file.read(limit + 1)  # it may grow while it is read
                if len(content) > limit:
                    raise OSError("too large")
                found[place] = content
                limit -= len(content)
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
