"""Reads the files beside a submitted notebook safely, and overlays two sets of files."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import BinaryIO

__all__ = ["folder_digest", "laid_over", "link_in", "open_plain", "plain_files"]

IGNORED = ("__pycache__", "feedback")
"""Folders that nbgrader does not copy with a submission."""
MAX_FILES = 1_000
"""Largest number of a submission's files that are read."""
MAX_PATH = 1_000
"""Longest relative path of a file, in bytes."""
LARGE = 64 << 20
"""Larger files (in bytes), and unreadable ones, enter a digest by size and time instead of content."""


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
    """Read the regular files below a folder; return them by relative path, and the paths left out.

    Links, devices, unreadable files, names that are not UTF-8, and files beyond ``limit`` bytes in all are
    left out. Notebooks, compiled Python and hidden files are skipped.
    """
    found: dict[str, bytes] = {}
    left: list[str] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in IGNORED)
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        below = os.path.relpath(folder, source)
        for name in sorted([*names, *links]):
            if name.endswith((".ipynb", ".pyc")) or name.startswith("."):
                continue
            path = os.path.join(folder, name)
            raw = os.fsencode(name if below == "." else os.path.join(below, name))
            relative = raw.decode("utf-8", "replace")
            if len(found) + len(left) >= MAX_FILES:
                return found, [f"all after {MAX_FILES} files", *left]
            try:
                if len(raw) > MAX_PATH or relative.encode() != raw:
                    raise OSError("not to be written elsewhere")
                with open_plain(path) as file:
                    if (size := os.fstat(file.fileno()).st_size) > limit:
                        raise OSError("too large")
                    content = file.read(size + 1)
                    if len(content) > size:  # it grows while it is read
                        content += file.read(limit + 1 - len(content))
                if len(content) > limit:
                    raise OSError("too large")
                found[relative] = content
                limit -= len(content)
            except OSError:
                left.append(relative)
    return found, left


def laid_over(below: Mapping[str, bytes], above: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of two folders by relative path; files of ``above`` replace conflicting ones below."""
    folders = {str(parent) for path in above for parent in PurePath(path).parents}
    kept = {
        path: content
        for path, content in below.items()
        if path not in folders and not any(str(parent) in above for parent in PurePath(path).parents)
    }
    return {**kept, **above}


def folder_digest(folder: Path, *, links: bool = False) -> str:
    """Return the SHA-256 digest of the regular files below a folder: relative paths, sizes, contents.

    With ``links`` the paths of the links enter too; none is followed.
    """
    found = hashlib.sha256()
    for name, linked in sorted(_below(os.fspath(folder)), key=lambda entry: entry[0].split(os.sep)):
        if linked:
            found.update(f"{name}\0\0".encode("utf-8", "surrogateescape") if links else b"")
            continue
        path = os.path.join(folder, name)
        try:
            status = os.lstat(path)
        except OSError:  # it went meanwhile
            continue
        found.update(f"{name}\0{status.st_size}\0".encode("utf-8", "surrogateescape"))
        try:
            if status.st_size > LARGE:
                raise OSError("too large to read for this")
            with open_plain(path) as file:
                found.update(file.read(status.st_size))
        except OSError:
            found.update(str(status.st_mtime_ns).encode())
    return found.hexdigest()


def _below(folder: str, above: str = "") -> Iterator[tuple[str, bool]]:
    """Yield the relative path of each regular file and link below a folder, and whether it is a link."""
    try:
        entries = list(os.scandir(folder))
    except OSError:  # unreadable, or gone
        return
    for entry in entries:
        name = f"{above}{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path, f"{name}{os.sep}")
        elif (linked := entry.is_symlink()) or entry.is_file(follow_symlinks=False):
            yield name, linked
