"""Checks what works on this machine: versions, sandbox, kernel, JupyterLab extension, course."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.errors import GraderError, SeqLabError
from autograder.lab.course import Course, load_config
from autograder.sandbox import ForkServer, Isolation, Limits, controllers, why_not

__all__ = ["HealthCheck", "examine"]

PACKAGES = ("numpy", "matplotlib", "jupyterlab", "nbgrader", "jupytext", "ipykernel")


@dataclass(frozen=True)
class HealthCheck:
    """The result of one check; grading works without what is ``optional``."""

    ok: bool
    text: str
    optional: bool = False


def examine(course: Path | None = None) -> list[HealthCheck]:
    """Run all checks and return their results."""
    checks = [
        HealthCheck(sys.version_info >= (3, 11), f"Python {sys.version.split()[0]} (3.11 or newer is needed)")
    ]
    checks += [_package(name) for name in PACKAGES]
    reason = why_not()
    sandbox = "sandbox: bubblewrap runs" if not reason else f"sandbox: {reason}"
    checks.append(HealthCheck(not reason, sandbox, optional=not sys.platform.startswith("linux")))
    if not reason:
        checks += _fork_server(course)
    checks += [_alembic(), _kernel(), _extensions(), _course(course), *_frameworks(course)]
    return checks


def _fork_server(course: Path | None) -> list[HealthCheck]:
    """Check that the course is hidden, that submissions share a server, and that memory has a limit."""
    try:
        root = Course.find(course).root
    except SeqLabError:
        root = None
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP, course=root) as server:
        try:
            server.fork().close()
        except GraderError as error:
            return [HealthCheck(False, f"sandbox: {error}")]
        warm = server.shared
    hidden = [HealthCheck(True, "sandbox: nothing of the course can be seen from inside")] if root else []
    sharing = (
        "sandbox: submissions share a warm fork server, each in namespaces of its own"
        if warm
        else "sandbox: namespaces cannot be nested here, so each submission gets a fork server of its own: "
        "as safe, about a second slower; allow user namespaces inside containers to fix it"
    )
    limited = "memory" in controllers()
    memory = (
        "sandbox: control groups limit the memory of a submission as a whole"
        if limited
        else "sandbox: no control group can be made, so memory is limited for each process alone; "
        "run as root, or in a unit with delegated control groups, to fix it"
    )
    return [*hidden, HealthCheck(warm, sharing, optional=True), HealthCheck(limited, memory, optional=True)]


def _package(name: str) -> HealthCheck:
    try:
        return HealthCheck(True, f"{name} {version(name)}")
    except PackageNotFoundError:
        return HealthCheck(False, f"{name} is not installed: `pip install seqlab`")


def _beside(command: str) -> str | None:
    """Return the path of a command in this interpreter's folder, which may not be on PATH."""
    return shutil.which(command, path=str(Path(sys.executable).parent))


def _alembic() -> HealthCheck:
    if _beside("alembic") or shutil.which("alembic"):
        return HealthCheck(True, "gradebook upgrades: alembic is there")
    return HealthCheck(False, "gradebook upgrades: `alembic` is missing: `pip install alembic`")


def _kernel() -> HealthCheck:
    from jupyter_client.kernelspec import KernelSpecManager

    names = KernelSpecManager().find_kernel_specs()
    if "python3" in names:
        return HealthCheck(True, f"kernel python3: {names['python3']}")
    return HealthCheck(False, "kernel python3 is missing: `python -m ipykernel install --user`")


def _extensions() -> HealthCheck:
    lab = _beside("jupyter-labextension") or shutil.which("jupyter-labextension")
    if lab is None:
        return HealthCheck(False, "JupyterLab's extension manager is missing: `pip install jupyterlab`")
    run = subprocess.run([lab, "list"], capture_output=True, text=True, timeout=60, check=False)
    listed = run.stdout + run.stderr
    line = next((line for line in listed.splitlines() if "nbgrader" in line), "")
    if "enabled" in line and "OK" in line:
        return HealthCheck(True, "JupyterLab: nbgrader's extension is on")
    return HealthCheck(
        False, "JupyterLab: nbgrader's extension is off: `jupyter labextension enable @jupyter/nbgrader`"
    )


def _frameworks(course: Path | None) -> list[HealthCheck]:
    """Say of each lab that needs a framework whether it can run."""
    try:
        found = Course.find(course)
        labs = [lab for lab in map(found.lab, found.labs) if lab.lab.extra]
    except SeqLabError:
        return []  # the check of the course says so
    return [
        HealthCheck(not lab.lacks, lab.lacks or f"the lab {lab.name} can run", optional=True) for lab in labs
    ]


def _course(course: Path | None) -> HealthCheck:
    try:
        found = Course.find(course)
    except SeqLabError as error:
        return HealthCheck(False, f"course: {error}", optional=True)
    try:
        load_config(found.root)
    except SeqLabError as error:
        return HealthCheck(False, f"course: {error}")
    return HealthCheck(True, f"course: {found.root}, labs {', '.join(found.labs)}")
