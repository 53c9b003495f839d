"""What nbgrader_config.py puts in place of nbgrader's own: execution in the sandbox, with the referee."""

import atexit
import functools
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import settings
from autograder.gradebook import records
from autograder.grading.notebook import grade_notebook
from autograder.lab.course import Course, load_config
from autograder.referee import Referee
from autograder.sandbox import ForkServer
from autograder.settings import Settings, require_isolation

__all__ = ["GradeInSandbox"]


class GradeInSandbox(NbGraderPreprocessor, settings.GradeInSandbox):
    """Runs a sanitised notebook in the sandbox and writes verdicts over the outputs of its test cells.

    Stands in ``c.Autograde.autograde_preprocessors`` where nbgrader has ``Execute``. A fault of the
    grader raises before grades are saved, so that earlier scores stay.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run and judge one notebook. nbgrader calls this with the course's root as current folder."""
        who = resources["nbgrader"]
        course, name = Course.find(), who["assignment"]
        # An assignment that is no lab of ours is graded as nbgrader does, but in the sandbox.
        ours = name in course.labs and who["notebook"] == name
        referee = _referee(course.root, name, course.seed(name)) if ours else None
        chosen = self.settings(referee.lab if referee else None)
        require_isolation(chosen)
        folder = Path(resources["metadata"]["path"])
        server = _fork_server(course.root, name if ours else "", chosen)
        graded = grade_notebook(nb, [folder], referee, server, chosen)
        if referee is None:
            return graded.notebook, resources
        result = graded.result(folder / f"{name}.ipynb", who["student"], name, chosen)
        records.save(course, result, course.seed(name), records.digest(_submitted(course, who)))
        for verdict in graded.verdicts:
            self.log.info("%s: %g of %g", verdict.name, verdict.points, verdict.max_points)
        return graded.notebook, resources


def _submitted(course: Course, who: Any) -> Path:
    """Return the folder of what is being graded as it was handed in."""
    directory = CourseDirectory(config=load_config(course.root))
    directory.root = str(course.root)
    return Path(directory.format_path(directory.submitted_directory, who["student"], who["assignment"]))


@functools.cache
def _referee(root: Path, lab: str, seed: int) -> Referee:
    """One referee for all submissions that this process grades."""
    return Referee(Course(root).lab(lab), seed)


@functools.cache
def _fork_server(root: Path, lab: str, settings: Settings) -> ForkServer:
    """One server for all submissions of a lab that this process grades; it ends with the process."""
    server = settings.fork_server(Course(root).lab(lab).lab if lab else None, root)
    atexit.register(server.close)
    return server
