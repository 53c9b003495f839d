"""Lays the files of a case into the working folder for the time of one call."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

__all__ = ["lying_there"]

ASIDE = ".seqlab-aside"
"""Ends the name of a file of the student's that makes room for one of the case's."""


@contextmanager
def lying_there(files: Mapping[str, str]) -> Iterator[None]:
    """Let text files lie in the working folder, by name, while the block runs.

    What lay there under these names is moved aside and put back; what the block leaves under them is lost.
    Where the system allows no file, the block runs without it: the function then fails by itself.
    """
    moved: list[tuple[str, str]] = []
    written: list[str] = []
    try:
        for name, text in files.items():
            with suppress(OSError):
                path = os.path.abspath(name)  # the block may change the working folder
                if os.path.lexists(path):
                    os.replace(path, path + ASIDE)
                    moved.append((path + ASIDE, path))
                written.append(path)
                with open(path, "x", encoding="utf-8", newline="") as file:
                    file.write(text)
        yield
    finally:
        for path in written:
            with suppress(OSError):
                os.remove(path)
        for aside, path in moved:
            with suppress(OSError):
                os.replace(aside, path)
