"""nbgrader's settings for this course: `nbgrader ...` in this folder and `seqlab` both read them."""

import os
import shutil
import sys
import warnings

c = get_config()

c.CourseDirectory.course_id = "seqlab"

# The student's copy: keep START and END, keep comments, blank the code between them.
c.ClearSolutions.begin_solution_delimeter = "### START CODE HERE ###"
c.ClearSolutions.end_solution_delimeter = "### END CODE HERE ###"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "autograder.release.stubs.StubWriter",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "autograder.release.stubs.FinishRelease",
]

# Grading: restore what was handed in, run it in the sandbox, and let the referee judge it.
c.Autograde.pre_convert_hook = "autograder.gradebook.register.register_before_autograde"
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "autograder.submission.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "autograder.gradebook.plugins.GradeInSandbox",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Pages for students and for the formgrader: what a student wrote is shown, but never run.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    name: f"autograder.gradebook.pages.{name}"
    for name in ("ansi2html", "clean_html", "highlight_code", "markdown2html", "strip_files_prefix")
}

# After a kill, `nbgrader generate_feedback` makes the pages that are missing or cut off.
c.GenerateFeedback.exporter_class = "autograder.gradebook.unfinished.FeedbackExporter"

# A notebook is validated once after all steps, not after each.
c.NotebookExporter.optimistic_validation = True

# nbgrader calls `alembic` by name when it makes a gradebook. It lies beside this interpreter, whose folder
# need not be on PATH.
if shutil.which("alembic") is None:
    os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", "")])

# SQLAlchemy warns, several lines each time, while nbgrader 0.9.6 makes a submission; all of it is saved.
warnings.filterwarnings("ignore", r"Object of type <\w+> not in session")
