"""Builds the command that starts a fork server in isolation, and says why it cannot run here.

``bubblewrap`` isolates student code: user, PID, network, IPC and UTS namespaces of its own, an empty file
system with only the interpreter and the mounted files in it, a cleared environment, no privileges.
``limits`` is a plain process with resource limits: for machines where bubblewrap cannot run, and
never for code that you do not trust.
"""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

__all__ = ["Isolation", "command", "why_not"]

SANDBOX_IDS = range(60_001, 64_001)
"""User ids for student code when the grader is root. Graders that run side by side take different ones,
because the limit on processes counts all processes of a user."""


class Isolation(StrEnum):
    """How student code is isolated from the machine."""

    BUBBLEWRAP = "bubblewrap"
    LIMITS = "limits"


TRIAL = """
from importlib.util import find_spec
if find_spec("numpy") is None:
    raise ModuleNotFoundError("No module named 'numpy'")
"""
"""Code that must run in the sandbox: it finds numpy there, since importing it would take far longer."""
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": "/seqlab",
    "PYTHONSAFEPATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def environment(home: str, mounted: str, more: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a fork server: it inherits nothing from the grader."""
    return {
        **ENVIRONMENT,
        **more,
        "PYTHONPATH": mounted,
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "XDG_CACHE_HOME": f"{home}/.cache",
    }


def server(descriptor: int) -> list[str]:
    """Return the command that starts a fork server, whose control socket is ``descriptor``."""
    return [sys.executable, "-P", "-m", "seqlab_inside.server", str(descriptor)]


def command(
    isolation: Isolation, mounted: Path, home: Path, descriptor: int, disk: int, more: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment of a fork server.

    ``mounted`` is the folder of the mounted files; ``home`` is the working folder under ``limits``
    (bubblewrap has a private one of ``disk`` bytes); ``more`` is added to the environment.
    """
    if isolation is Isolation.LIMITS:
        return server(descriptor), environment(str(home), str(mounted), more)
    line = ["bwrap", *_namespaces(), *_private("/tmp", disk), *_interpreter()]
    line += ["--dir", "/seqlab", "--ro-bind", str(mounted), "/seqlab"]
    line += [*_private("/sandbox", disk), *_private("/dev/shm", disk)]
    # Folders that bubblewrap itself makes have no size limit, and are writable if the grader is not root.
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    line += ["--chdir", "/sandbox", "--clearenv"]
    for name, value in environment("/sandbox", "/seqlab", more).items():
        line += ["--setenv", name, value]
    line += ["--", *_drop_privileges(), *server(descriptor)]
    return line, {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}


def _namespaces() -> list[str]:
    options = [
        "--die-with-parent",
        "--new-session",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-cgroup-try",
    ]
    # Root keeps its user namespace and changes to another user inside; other users need a new namespace.
    return options if os.geteuid() == 0 else [*options, "--unshare-user"]


def _private(folder: str, size: int) -> list[str]:
    """Return the options for an empty tmpfs of ``size`` bytes that everybody may write to."""
    return ["--size", str(size), "--perms", "1777", "--tmpfs", folder]


def _drop_privileges() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = secrets.choice(SANDBOX_IDS)
    return [
        "setpriv",
        f"--reuid={user}",
        f"--regid={user}",
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all",
    ]


@cache
def _interpreter() -> tuple[str, ...]:
    """Return the options that mount what the interpreter needs, read-only and at the same paths."""
    real = Path(sys.executable).resolve().parent.parent
    line: list[str] = []
    bound: list[str] = []
    folders: set[str] = {"/", "/tmp"}
    for path in (
        "/usr",
        "/etc/alternatives",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/localtime",
        str(real),
        sys.base_prefix,
        sys.prefix,
    ):
        if not os.path.exists(path) or any(Path(path).is_relative_to(top) for top in bound):
            continue
        # Run by root, bubblewrap creates missing parent folders that only root may enter.
        for parent in reversed(Path(path).parents):
            if str(parent) not in folders:
                line += ["--perms", "0755", "--dir", str(parent)]
                folders.add(str(parent))
        line += ["--ro-bind", path, path]
        bound.append(path)
    for link in ("lib", "lib64", "lib32", "bin", "sbin"):
        if os.path.islink(f"/{link}"):
            line += ["--symlink", os.readlink(f"/{link}"), f"/{link}"]
        elif os.path.isdir(f"/{link}"):
            line += ["--ro-bind", f"/{link}", f"/{link}"]
    # Hide installed copies: students have no use for autograder, and the mounted files hold the parts of
    # course_utils that the lab may use.
    for path in sys.path:
        for folder in (Path(path) / name for name in ("autograder", "course_utils")):
            if path.endswith("site-packages") and folder.is_dir():
                line += ["--perms", "0755", "--tmpfs", str(folder), "--remount-ro", str(folder)]
    return (*line, "--proc", "/proc", "--dev", "/dev")


@cache
def why_not(isolation: Isolation = Isolation.BUBBLEWRAP) -> str:
    """Return why an isolation does not work on this machine and how to fix it; empty when it works."""
    if isolation is Isolation.LIMITS:
        return "" if sys.platform.startswith("linux") else "grading needs Linux"
    if not sys.platform.startswith("linux"):
        return "grading needs Linux: use a Linux machine, a virtual machine or WSL 2"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: `apt-get install bubblewrap`"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "setpriv is not installed: `apt-get install util-linux`"
    line = [
        "bwrap",
        *_namespaces(),
        *_private("/tmp", 1 << 20),
        *_interpreter(),
        "--",
        *_drop_privileges(),
        sys.executable,
        "-c",
        TRIAL,
    ]
    run = subprocess.run(
        line, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=False
    )
    if run.returncode == 0:
        return ""
    said = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"bubblewrap does not run ({said}); {_fix(said)}"


def _fix(said: str) -> str:
    """Return how to fix what makes bubblewrap fail."""
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if restricted.exists() and restricted.read_text().strip() == "1":
        return (
            "allow user namespaces: `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, "
            "or an AppArmor profile for bwrap"
        )
    clone = Path("/proc/sys/kernel/unprivileged_userns_clone")
    if clone.exists() and clone.read_text().strip() == "0":
        return "allow user namespaces: `sysctl kernel.unprivileged_userns_clone=1`"
    if "Permission denied" in said or "No such file" in said or "ModuleNotFoundError" in said:
        return "is the Python environment in a folder that other users may read? If not, create it elsewhere"
    return "in a container, start it with `--security-opt seccomp=unconfined` or run the grader outside"
