"""The file system of the sandbox: what is bound into it, and that nothing of the course is among it.

Bound are the interpreter with its packages, shared libraries, programs and fonts, each at its own path. A
course that lies in one of these folders is hidden by an empty one. A look from inside, by a process of
ours, shows whether that was enough: a folder may be mounted in more than one place.
"""

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from autograder.errors import SandboxError
from autograder.sandbox.inside.visible import mounts, place_of

__all__ = ["binds", "what_is_seen"]

SYSTEM = (
    "/usr/bin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/fontconfig",
    "/usr/share/fonts",
    "/usr/share/matplotlib",
    "/usr/share/terminfo",
    "/usr/share/zoneinfo",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/localtime",
    "/etc/matplotlibrc",
)
LINKS = ("/bin", "/lib", "/lib32", "/lib64")
"""What is a link into /usr on most systems, and a folder on others."""
PARTS = ("bin", "lib", "lib32", "lib64", "pyvenv.cfg")
"""What of an interpreter's or virtual environment's folder is bound."""
PACKAGES = ("site-packages", "dist-packages")
HIDDEN = ("autograder", "course_utils", "nbgrader", "seqlab-*.dist-info", "nbgrader-*.dist-info")
"""Installed packages that are none of a student's business; of course_utils the mounted files have what the
lab may use."""
TELLING = ("__editable__*", "__pycache__/__editable__*", "*.egg-link", "*.dist-info/direct_url.json")
"""Files beside packages that tell where a project lies."""
STATE = (
    "assignments",
    "source",
    "submitted",
    "autograded",
    "feedback",
    ".seqlab",
    "gradebook.db",
    "nbgrader_config.py",
)
"""What of a course is private; each may be a link or a mount of its own."""


def binds(course: Path | None = None) -> tuple[str, ...]:
    """Return bubblewrap's options for the whole file system but for the mounted and the private folders.

    Raises SandboxError when the interpreter itself would have to be hidden with the course.
    """
    return _binds(_private_places(course))


@cache
def _binds(private: tuple[str, ...]) -> tuple[str, ...]:
    bound = _bound()
    links = _links(bound)
    bound = {path: real for path, real in bound.items() if path not in links}
    later = [path for path, real in bound.items() if any(_below(real, place) for place in private)]
    line: list[str] = []
    folders: set[str] = {"/", "/tmp"}
    for path in (p for p in bound if p not in later):
        line += _bind(path, folders)
    masks = []
    for place in private:
        for mask in _inside(place, bound):
            if os.path.isdir(place):
                line += ["--perms", "0755", "--tmpfs", mask]
                masks.append(mask)
            else:
                line += ["--ro-bind", "/dev/null", mask]
    for path in later:  # the interpreter may lie in the course that was just hidden
        line += _bind(path, folders)
    for path, target in links.items():
        line += ["--symlink", os.path.normpath(target), path]
    for mask in masks:
        line += ["--remount-ro", mask]
    if masks:
        _require_interpreter(private, [bound[path] for path in later])
    for path in LINKS:
        if os.path.islink(path):
            line += ["--symlink", os.readlink(path), path]
    for folder in _package_folders(bound):
        line += _hide_packages(folder)
    return (*line, "--proc", "/proc", "--dev", "/dev")


def _require_interpreter(hidden: tuple[str, ...], shown: list[str]) -> None:
    needed = [sysconfig.get_path("stdlib"), *(path for path in sys.path if path.endswith(PACKAGES))]
    for real in map(os.path.realpath, needed):
        for place in (p for p in hidden if _below(real, p)):
            if not any(_below(real, top) for top in shown):
                raise SandboxError(f"{place} of the course holds the interpreter's {real}: move the course")


def _bound() -> dict[str, str]:
    """Return the folders and files that are bound, none in another, with their real paths."""
    real = Path(sys.executable).resolve().parent.parent
    prefixes = dict.fromkeys([str(real), sys.base_prefix, sys.prefix])
    wanted = [*SYSTEM, *(path for path in LINKS if not os.path.islink(path))]
    wanted += [os.path.join(prefix, part) for prefix in prefixes for part in PARTS]
    found: dict[str, str] = {}
    for path in wanted:
        if os.path.exists(path) and not any(_below(path, top) for top in found):
            found[path] = os.path.realpath(path)
    return found


def _links(bound: dict[str, str]) -> dict[str, str]:
    """Return which of the bound paths are links into others, such as an environment's lib64, and where to."""
    others = ((path, top) for path in bound if os.path.islink(path) for top in bound if top != path)
    return {
        path: os.path.join(top, os.path.relpath(bound[path], bound[top]))
        for path, top in others
        if _below(bound[path], bound[top]) and not os.path.islink(top)
    }


def _bind(path: str, folders: set[str]) -> list[str]:
    """Return the options that bind one path, with those of the folders above it that are not there yet."""
    line: list[str] = []
    # bubblewrap as root makes missing parents that only root may enter.
    for parent in reversed(Path(path).parents):
        if str(parent) not in folders:
            line += ["--perms", "0755", "--dir", str(parent)]
            folders.add(str(parent))
    return [*line, "--ro-bind", path, path]


def _private_places(course: Path | None) -> tuple[str, ...]:
    """Return the real paths of a course's folder and of what in it may lie elsewhere; none in another."""
    if course is None:
        return ()
    paths = [course, *(course / name for name in STATE), *sorted((course / "assignments").glob("*"))]
    found: list[str] = []
    for path in paths:
        real = os.path.realpath(path)
        if os.path.exists(real) and not any(_below(real, place) for place in found):
            found.append(real)
    return tuple(found)


def _inside(place: str, bound: dict[str, str]) -> Iterator[str]:
    """Yield where a place appears in the sandbox, because a folder that holds it is bound."""
    for path, real in bound.items():
        if _below(place, real):
            yield os.path.normpath(os.path.join(path, os.path.relpath(place, real)))


def _package_folders(bound: dict[str, str]) -> list[Path]:
    """Return the folders of installed packages in what is bound."""
    own = [Path(path) for path in sys.path if path.endswith(PACKAGES)]
    others = [p for top in bound for name in PACKAGES for p in Path(top).glob(f"python3*/{name}")]
    visible = [p for p in (*own, *others) if any(_below(str(p), top) for top in bound)]
    return [Path(path) for path in dict.fromkeys(map(str, visible))]


def _hide_packages(folder: Path) -> list[str]:
    line: list[str] = []
    hidden = [path for pattern in HIDDEN for path in folder.glob(pattern) if path.is_dir()]
    for path in hidden:
        line += ["--perms", "0755", "--tmpfs", str(path), "--remount-ro", str(path)]
    telling = {path for pattern in TELLING for path in folder.glob(pattern) if path.parent not in hidden}
    telling |= {path for path in folder.glob("*.pth") if _leads_elsewhere(path)}
    for path in sorted(telling):
        line += ["--ro-bind", "/dev/null", str(path)]
    return line


def _leads_elsewhere(path: Path) -> bool:
    """Whether a .pth file names a folder by its whole path: that of a project that is being worked on."""
    try:
        return any(line.startswith("/") for line in path.read_text("utf-8", "replace").splitlines())
    except OSError:
        return False


def what_is_seen(line: list[str], environment: dict[str, str], course: Path, seconds: float) -> str:
    """Return what student code could see of a course, as one line that says how to mend it; empty if nothing.

    ``line`` and ``environment`` run `autograder.sandbox.inside.visible` in the sandbox.
    """
    mounted, private = mounts(), _private_places(course)
    own = [path for path, real in _bound().items() if any(_below(real, place) for place in private)]
    asked = {"places": [place_of(place, mounted) for place in private], "expected": [*own, "/seqlab"]}
    try:
        run = subprocess.run(
            line,
            env=environment,
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        seen = json.loads(run.stdout)
    except subprocess.TimeoutExpired:
        return "what student code could see of the course cannot be told: it takes too long"
    except ValueError:
        reason = (run.stderr.strip().splitlines() or ["no answer"])[-1][:200]
        return f"the sandbox does not start: {reason}; `seqlab doctor` looks further"
    return f"student code could read {seen[0]}: move the course out of that folder" if seen else ""


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
