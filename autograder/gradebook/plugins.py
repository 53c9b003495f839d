"""Provides the preprocessor by which plain nbgrader grades in the sandbox."""

import atexit
import functools
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import settings
from autograder.errors import GraderError
from autograder.gradebook import records
from autograder.grading.grader import Task, ungraded
from autograder.grading.notebook import grade_notebook
from autograder.grading.notes import show_notes
from autograder.grading.processes import clear_up
from autograder.lab.course import Course, load_config
from autograder.referee import Referee
from autograder.run import Run
from autograder.sandbox import ForkServer
from autograder.settings import Settings, require_isolation
from autograder.submission.beside import notes_beside
from autograder.submission.files import folder_digest, plain_files
from autograder.submission.restore import gradebook_cells

__all__ = ["GradeInSandbox"]


class GradeInSandbox(NbGraderPreprocessor, settings.GradeInSandbox):
    """Runs a restored notebook in the sandbox and replaces the outputs of its test cells with verdicts.

    It takes the place of nbgrader's ``Execute`` in ``c.Autograde.autograde_preprocessors``. A grader error
    is raised before grades are saved, so that earlier scores stay.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Run and grade one notebook; nbgrader calls this in the course's folder."""
        who = resources["nbgrader"]
        course, name = Course.find(), who["assignment"]
        # An assignment that is not one of our labs is graded as nbgrader does it, but in the sandbox.
        ours = name in course.labs and who["notebook"] == name
        referee = _referee(course.root, name) if ours else None
        chosen = self.settings(referee.lab if referee else None)
        run = Run(course, name, chosen)
        require_isolation(chosen)
        folder = Path(resources["metadata"]["path"])
        server = _fork_server(course.root, name if ours else "", chosen)
        seed_for = functools.partial(run.seed_for, who["student"]) if ours else None
        path, digest = folder / f"{name}.ipynb", folder_digest(_submitted(course, who)) if ours else ""
        try:
            files, _ = plain_files(folder)
            graded = grade_notebook(nb, files, referee, server, chosen, seed_for)
        except GraderError as error:
            if ours:
                failed = ungraded(Task(who["student"], path, digest), "grader error", str(error), run)
                records.save(run, failed.result, digest)
            raise
        if referee is None:
            return graded.notebook, resources
        handed_in = _submitted(course, who) / f"{name}.ipynb"
        graded.notes += notes_beside(
            handed_in, graded.notebook, lambda: gradebook_cells(who["db_url"], name, name)
        )
        show_notes(graded.notebook, graded.notes)
        records.save(run, graded.result(path, who["student"], name, chosen), digest)
        for verdict in graded.verdicts:
            self.log.info("%s: %g of %g", verdict.name, verdict.points, verdict.max_points)
        return graded.notebook, resources


def _submitted(course: Course, who: Any) -> Path:
    """Return the folder in submitted/ of the submission that is being graded."""
    directory = CourseDirectory(config=load_config(course.root))
    directory.root = str(course.root)
    return Path(directory.format_path(directory.submitted_directory, who["student"], who["assignment"]))


@functools.cache
def _referee(root: Path, lab: str) -> Referee:
    """Return the referee for all submissions of a lab that this process grades."""
    return Referee(Course(root).lab(lab))


@functools.cache
def _fork_server(root: Path, lab: str, settings: Settings) -> ForkServer:
    """Return the fork server for a lab's submissions that this process grades; it ends with the process."""
    clear_up()
    server = settings.fork_server(Course(root).lab(lab) if lab else None, root)
    atexit.register(server.close)
    return server
