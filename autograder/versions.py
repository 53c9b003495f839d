"""Says which versions decide the outcome of grading: of Python, of packages, and of this code."""

import functools
import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import course_utils

__all__ = ["differences", "versions"]

PACKAGES = ("ipython", "matplotlib", "nbconvert", "nbformat", "nbgrader", "numpy", "pillow", "seqlab")


@functools.cache
def _own_code() -> str:
    """Return a digest of the code of autograder and course_utils: a clone changes without a new version."""
    found = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(course_utils.__path__[0])):
        for path in sorted(folder.rglob("*.py")):
            found.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def versions() -> dict[str, str]:
    """Return the versions here by name; "" for a package that is missing."""
    found = {"Python": platform.python_version(), "processor": platform.machine()}
    return {**found, **{name: _version(name) for name in PACKAGES}, "SeqLab's code": _own_code()[:12]}


def differences(expected: Mapping[str, str]) -> str:
    """Return in words in what the versions here differ from those of another process; "" if in nothing."""
    here = versions()
    different = [
        f"{name} is {here.get(name) or 'missing'}, not {wanted}"
        for name, wanted in expected.items()
        if here.get(name) != wanted
    ]
    return f"it has other versions: {'; '.join(different[:3])}" if different else ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
