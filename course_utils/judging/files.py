"""Lets the files of a case lie in the working folder for the time of one call."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["lying_there"]


@contextmanager
def lying_there(files: Mapping[str, str]) -> Iterator[None]:
    """Work in a temporary folder with these text files, and links to what else is in the current one.

    So nothing of a student's is overwritten, even if the process is killed meanwhile. Where the system allows
    no folder, file or link, the block runs without it: a function that needs it then fails by itself.
    """
    if not files:
        yield
        return
    try:
        here, made = Path.cwd(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    except OSError:  # no space left, or the current folder is gone
        yield
        return
    with made as folder:
        for path in here.iterdir():
            if path.name not in files:
                with suppress(OSError):  # not every system lets everybody make links
                    (Path(folder) / path.name).symlink_to(path)
        for name, text in files.items():
            with suppress(OSError):
                (Path(folder) / name).write_text(text, encoding="utf-8", newline="")
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(here)
