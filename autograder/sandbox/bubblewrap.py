"""How the process that runs student code is isolated.

``bubblewrap`` is the real thing: user, PID, network, IPC and UTS namespaces of its own, an empty file
system with only the interpreter and the mounted files in it, a cleared environment, no privileges.
``limits`` is a plain process with resource limits: for machines where bubblewrap cannot run, and
never for code that one does not trust.
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

from autograder.sandbox.file_system import binds

__all__ = ["LOOK", "Isolation", "command", "server", "why_not"]

SANDBOX_IDS = range(60_001, 64_001)
"""The users that student code runs as when the grader is root: graders side by side take different
ones, because the limit on processes is one for all that a user runs."""


class Isolation(StrEnum):
    """What stands between a student's code and the machine."""

    BUBBLEWRAP = "bubblewrap"
    LIMITS = "limits"


TRIAL = """
from importlib.util import find_spec
if find_spec("numpy") is None:
    raise ModuleNotFoundError("No module named 'numpy'")
"""
"""What must run in the sandbox: numpy has to be found there; loading it would take far longer."""
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONSAFEPATH": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONBREAKPOINT": "0",
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def environment(home: str, mounted: str, more: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of the worker: nothing of the grader's own is passed on."""
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
    """Return the command of the fork server."""
    return [sys.executable, "-P", "-m", "seqlab_inside.server", str(descriptor)]


LOOK = [sys.executable, "-P", "-m", "seqlab_inside.visible"]
"""The command that tells what can be seen in the sandbox; see `autograder.sandbox.file_system`."""


def command(
    isolation: Isolation,
    run: list[str],
    mounted: Path,
    home: Path,
    disk: int,
    more: Mapping[str, str],
    course: Path | None = None,
) -> tuple[list[str], dict[str, str]]:
    """Return the command line and environment that run a command, such as `server`, in isolation.

    ``mounted`` holds the packages of the sandbox, read-only; ``home`` is the working folder under ``limits``
    (bubblewrap has a private one of ``disk`` bytes); ``more`` goes into the environment.
    Nothing of ``course`` is bound.
    """
    if isolation is Isolation.LIMITS:
        return run, environment(str(home), str(mounted), more)
    line = ["bwrap", *_namespaces(), *_private("/tmp", disk), *binds(course)]
    line += ["--dir", "/seqlab", "--ro-bind", str(mounted), "/seqlab"]
    line += [*_private("/sandbox", disk), *_private("/dev/shm", disk)]
    # What bubblewrap itself made has no size limit, and would be writable where the grader is not root.
    line += ["--remount-ro", "/dev", "--remount-ro", "/"]
    line += ["--chdir", "/sandbox", "--clearenv"]
    for name, value in environment("/sandbox", "/seqlab", more).items():
        line += ["--setenv", name, value]
    line += ["--", *_drop_privileges(), *run]
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
    # Root keeps its user namespace and drops to another user inside; an ordinary user needs a new namespace.
    return options if os.geteuid() == 0 else [*options, "--unshare-user"]


def _private(folder: str, size: int) -> list[str]:
    """Return the options for an empty folder of ``size`` bytes in memory, which everybody may write to."""
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
def why_not(isolation: Isolation = Isolation.BUBBLEWRAP) -> str:
    """Return why an isolation cannot be had on this machine and how to mend it; empty when it can."""
    if isolation is Isolation.LIMITS:
        return "" if sys.platform.startswith("linux") else "grading needs Linux"
    if not sys.platform.startswith("linux"):
        return "grading needs Linux: use a virtual machine, WSL 2 or a container (docs/docker.md)"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: `apt-get install bubblewrap`"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "setpriv is not installed: `apt-get install util-linux`"
    line = [
        "bwrap",
        *_namespaces(),
        *_private("/tmp", 1 << 20),
        *binds(),
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
    return f"bubblewrap does not run ({said}); {_mend(said)}"


def _mend(said: str) -> str:
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
        return (
            "is the Python environment in a folder that other users may read? Make the environment elsewhere"
        )
    options = " ".join(f"--security-opt {name}=unconfined" for name in ("seccomp", "apparmor", "systempaths"))
    return f"in a container, start it with `{options}` (docs/docker.md), or run the grader outside"
