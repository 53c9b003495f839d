"""Tells which of some folders and files can be seen in this process's file system, wherever they are mounted.

Started as ``python -m seqlab_inside.visible`` in a sandbox in which no student code runs; the question comes
on standard input and the answer, as JSON, goes to standard output. A folder is known by its place on its
file system, so that it is found below whatever was mounted here: itself, what holds it, or a part of it.
"""

import json
import os
import re
import sys
from typing import Any, NamedTuple

__all__ = ["Mount", "Place", "mounts", "place_of", "seen"]


class Mount(NamedTuple):
    """One mount: the device of its file system, what of it is mounted, and where."""

    device: str
    root: str
    point: str


class Place(NamedTuple):
    """A folder or file: its path, device and place on the file system, and the numbers that identify it."""

    path: str
    device: str
    root: str
    number: tuple[int, int]


def mounts() -> list[Mount]:
    """Return the mounts of this process, in their order."""
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        rows = [line.split() for line in file]
    return [Mount(row[2], _unescaped(row[3]), _unescaped(row[4])) for row in rows]


def place_of(path: str, mounted: list[Mount]) -> Place:
    """Return the place of an existing path that has no links; raises OSError when it does not exist."""
    found = os.stat(path)
    mount = max((m for m in reversed(mounted) if _below(path, m.point)), key=lambda m: len(m.point))
    root = _join(mount.root, _rest(path, mount.point))
    return Place(path, mount.device, root, (found.st_dev, found.st_ino))


def seen(places: list[Place], mounted: list[Mount], expected: list[str]) -> list[str]:
    """Return where some of the places can be seen, as lines.

    ``expected`` are the mount points that may show a part of a place: the interpreter in a course's folder.
    """
    found = []
    for place in places:
        for mount in (m for m in mounted if m.device == place.device):
            if _below(place.root, mount.root):
                path = _join(mount.point, _rest(place.root, mount.root))
                if _number(path) == place.number:
                    found.append(f"{place.path} at {path}")
            elif _below(mount.root, place.root) and not any(_below(mount.point, e) for e in expected):
                part = _join(place.path, _rest(mount.root, place.root))
                found.append(f"{part} at {mount.point}")
    return found


def _unescaped(text: str) -> str:
    return re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), text)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _rest(path: str, folder: str) -> str:
    return path[len(folder.rstrip("/")) :].lstrip("/")


def _join(folder: str, rest: str) -> str:
    return os.path.join(folder, rest) if rest else folder


def _number(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def main() -> None:
    """Answer the question on standard input."""
    question: dict[str, Any] = json.load(sys.stdin)
    places = [Place(path, device, root, tuple(number)) for path, device, root, number in question["places"]]
    print(json.dumps(seen(places, mounts(), question["expected"])))


if __name__ == "__main__":
    main()
