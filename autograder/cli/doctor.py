"""Says what works on this machine: versions, sandbox, kernels, JupyterLab extensions, the course."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.errors import GraderError, SeqLabError
from autograder.lab.course import Course
from autograder.sandbox import ForkServer, Isolation, Limits, controllers, why_not

__all__ = ["Finding", "examine"]

PACKAGES = ("numpy", "matplotlib", "jupyterlab", "nbgrader", "jupytext", "ipykernel")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; what is optional may be missing."""

    ok: bool
    text: str
    optional: bool = False


def examine(course: Path | None = None) -> list[Finding]:
    """Look at everything and return what was found."""
    findings = [
        Finding(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)")
    ]
    findings += [_package(name) for name in PACKAGES]
    reason = why_not()
    sandbox = "sandbox: bubblewrap runs" if not reason else f"sandbox: {reason}"
    findings.append(Finding(not reason, sandbox, optional=not sys.platform.startswith("linux")))
    if not reason:
        findings += _fork_server(course)
    findings += [_alembic(), _kernel(), _extensions(), _course(course)]
    return findings


def _fork_server(course: Path | None) -> list[Finding]:
    """Say whether the course is out of sight, submissions share a warm server, and all memory has a limit."""
    try:
        root = Course.find(course).root
    except SeqLabError:
        root = None
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP, course=root) as server:
        try:
            server.fork().close()
        except GraderError as error:
            return [Finding(False, f"sandbox: {error}")]
        warm = server.shared
    hidden = [Finding(True, "sandbox: nothing of the course can be seen from inside")] if root else []
    walls = (
        "sandbox: submissions share a warm fork server, each in namespaces of its own"
        if warm
        else "sandbox: namespaces cannot be nested here, so each submission gets a fork server of its own: "
        "as safe, about a second slower; allow user namespaces inside containers to mend it"
    )
    limited = "memory" in controllers()
    memory = (
        "sandbox: control groups limit the memory of a submission as a whole"
        if limited
        else "sandbox: no control group can be made, so memory is limited for each process alone; "
        "run as root, or in a unit with delegated control groups, to mend it"
    )
    return [*hidden, Finding(warm, walls, optional=True), Finding(limited, memory, optional=True)]


def _package(name: str) -> Finding:
    try:
        return Finding(True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return Finding(False, f"{name} is not installed: `pip install seqlab`")


def _beside(command: str) -> str | None:
    """Return the path of a command that lies beside this interpreter, whether or not it is on PATH."""
    return shutil.which(command, path=str(Path(sys.executable).parent))


def _alembic() -> Finding:
    if _beside("alembic") or shutil.which("alembic"):
        return Finding(True, "gradebook upgrades: alembic is there")
    return Finding(False, "gradebook upgrades: `alembic` is missing: `pip install alembic`")


def _kernel() -> Finding:
    from jupyter_client.kernelspec import KernelSpecManager

    names = KernelSpecManager().find_kernel_specs()
    if "python3" in names:
        return Finding(True, f"kernel python3: {names['python3']}")
    return Finding(False, "kernel python3 is missing: `python -m ipykernel install --user`")


def _extensions() -> Finding:
    lab = _beside("jupyter-labextension") or shutil.which("jupyter-labextension")
    if lab is None:
        return Finding(False, "JupyterLab's extension manager is missing: `pip install jupyterlab`")
    run = subprocess.run([lab, "list"], capture_output=True, text=True, timeout=60, check=False)
    listed = run.stdout + run.stderr
    line = next((line for line in listed.splitlines() if "nbgrader" in line), "")
    if "enabled" in line and "OK" in line:
        return Finding(True, "JupyterLab: nbgrader's extension is on")
    return Finding(
        False, "JupyterLab: nbgrader's extension is off: `jupyter labextension enable @jupyter/nbgrader`"
    )


def _course(course: Path | None) -> Finding:
    try:
        found = Course.find(course)
    except SeqLabError as error:
        return Finding(False, f"course: {error}", optional=True)
    return Finding(True, f"course: {found.root}, labs {', '.join(found.labs)}")
