"""Starts a sandbox for each lab that was built, and runs the imports of its notebook in it."""

import ast
from collections.abc import Iterator, Sequence

from autograder.errors import LabError, SandboxError
from autograder.lab.course import Course, load_config
from autograder.lab.text import python_of
from autograder.sandbox import Ended, Sandbox, why_not
from autograder.settings import settings_of
from autograder.submission.files import plain_files

__all__ = ["try_sandbox"]


def try_sandbox(course: Course, labs: Sequence[str]) -> str:
    """Start a sandbox as grading would, for each of some labs that have exercises and can run here.

    Returns why none was started, on a machine without isolation, else "". Raises LabError if a sandbox does
    not start or if an import of the notebook fails in it.
    """
    config = load_config(course.root)
    for name in labs:
        lab = course.lab(name)
        if not (lab.folder / "exercises.py").exists() or lab.lacks:
            continue
        settings = settings_of(config, lab, figures=False)
        if reason := why_not(settings.isolation):
            return reason
        files, _ = plain_files(course.root / "source" / name)
        files = {place: data for place, data in files.items() if place.endswith(".py")}
        try:
            with (
                settings.fork_server(lab, course.root) as server,
                Sandbox(server, settings.limits, files) as sandbox,
            ):
                for line in _imports(lab.text.cells):
                    run = sandbox.run(line, lambda kind, content: None)
                    if run.error:
                        raise LabError(
                            f"{name}: in the sandbox, `{line}` gives {run.error}: {run.message}; correct "
                            f"`modules` in {name}/exercises.py, or the notebook"
                        )
        except (SandboxError, Ended) as error:
            raise LabError(f"{name}: built, but it cannot be graded: {error}") from None
    return ""


def _imports(cells: Sequence[dict[str, str]]) -> Iterator[str]:
    """Yield the import statements at the top level of code cells."""
    for cell in cells:
        if cell["cell_type"] == "code":
            for node in ast.parse(python_of(cell["source"])).body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield ast.unparse(node)
