"""What the writer leaves in the gradebook and in autograded/ is what nbgrader's own steps leave there."""

import copy
import shutil

import nbformat
import pytest
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_code_cell, new_output
from nbgrader.api import Gradebook
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import parse_utc
from sqlalchemy import text
from traitlets.utils.importstring import import_item

from autograder.cli.demo import fill_in
from autograder.cli.init import init_course, new_lab
from autograder.gradebook.register import register
from autograder.gradebook.writer import Writer
from autograder.lab.course import Course, load_config
from autograder.lab.text import reference_source
from autograder.release.build import build
from autograder.submission.restore import EXECUTES, Sanitiser, gradebook_cells
from tests.autograder.gradebook.test_stock_cells import BY_HAND, MARKED, TASK, WRITTEN

pytestmark = pytest.mark.slow

LAB, TEST = "smoothing", "test_smoothing_step"
FRIDAY, SATURDAY = "2026-03-06 12:00:00 UTC", "2026-03-07 12:00:00 UTC"
QUERIES = {
    "students": "SELECT * FROM student",
    "submissions": "SELECT student_id, timestamp, extension FROM submitted_assignment",
    "notebooks": """
        SELECT student_id, notebook.name, flagged, late_submission_penalty FROM submitted_notebook
        JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        JOIN notebook ON notebook.id = submitted_notebook.notebook_id""",
    "grades": """
        SELECT base_cell.name, type, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade
        JOIN base_cell ON base_cell.id = grade.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id""",
    "comments": """
        SELECT base_cell.name, type, auto_comment, manual_comment FROM comment
        JOIN base_cell ON base_cell.id = comment.cell_id
        JOIN submitted_notebook ON submitted_notebook.id = comment.notebook_id""",
}


class TwoPoints(BasePlugin):
    """Takes two points of whoever is late."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Return the points, also where there are fewer."""
        return 2


class Halves(NbGraderPreprocessor):
    """Halves the points that the test cell says."""

    def preprocess_cell(self, cell, resources, cell_index):
        for output in cell.get("outputs", []):
            if output.output_type == "execute_result":
                output.data["text/plain"] = str(float(output.data["text/plain"]) / 2)
        return cell, resources


class AddsOne(SaveAutoGrades):
    """Saves one point more than the test cell says."""

    def _add_score(self, cell, resources):
        super()._add_score(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, LAB, LAB, self.student_id)
        grade.auto_score = (grade.auto_score or 0) + 1
        self.gradebook.db.commit()


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A course with one lab, whose text has all kinds of cells; built and registered. Read only."""
    root = tmp_path_factory.mktemp("same") / "course"
    init_course(root)
    with open(root / "nbgrader_config.py", "a") as config:
        config.write('\nc.GradeInSandbox.isolation = "limits"\nc.GradeInSandbox.figures = False\n')
    new_lab(Course(root), LAB)
    with open(root / "assignments/smoothing/smoothing.py", "a") as lab:
        lab.write(WRITTEN + BY_HAND + MARKED + TASK)
    build(root)
    register(root, LAB, url(root))
    with Gradebook(url(root), "course") as book:
        book.update_or_create_assignment(LAB, duedate=FRIDAY)
    return root


class Side:
    """A course, written by the writer or by nbgrader's own classes."""

    def __init__(self, template, root, config=""):
        shutil.copytree(template, root)
        with open(root / "nbgrader_config.py", "a") as file:
            file.write(config)
        self.root, self.course = root, Course(root)

    def teach(self, what):
        """Change the gradebook as an instructor may."""
        with Gradebook(url(self.root), "course") as book:
            what(book)
            book.db.commit()

    def rows(self):
        """Return all that is stored of submissions, but for ids that are drawn."""
        with Gradebook(url(self.root), "course") as book:
            return {name: sorted(map(repr, book.db.execute(text(query)))) for name, query in QUERIES.items()}


class Ours(Side):
    def save(self, notebook, timestamp):
        """Let the writer save a notebook; return what stands in autograded/."""
        folder = self.root / "submitted/ann" / LAB
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if timestamp:
            (folder / "timestamp.txt").write_text(timestamp)
        Writer(self.course, LAB).save("ann", folder / f"{LAB}.ipynb", copy.deepcopy(notebook))
        return nbformat.read(self.root / "autograded/ann" / LAB / f"{LAB}.ipynb", 4)


class Nbgraders(Side):
    def save(self, notebook, timestamp):
        """Do what `nbgrader autograde` does after a notebook has run; return what it would write."""
        times = {"timestamp": parse_utc(timestamp)} if timestamp else {}
        with Gradebook(url(self.root), "course") as book:
            book.update_or_create_student("ann")
            book.update_or_create_submission(LAB, "ann", **times)
        config = load_config(self.root)
        steps = [import_item(step) for step in config.Autograde.autograde_preprocessors]
        names = [step.__name__ for step in steps]
        who = {"student": "ann", "assignment": LAB, "notebook": LAB, "db_url": url(self.root)}
        notebook, resources = copy.deepcopy(notebook), ResourcesDict(nbgrader=who, unique_key=LAB)
        for step in steps[names.index(EXECUTES) + 1 :]:
            notebook, resources = step(config=config)(notebook, resources)
        nbformat.validate(notebook)
        return notebook


def url(root):
    return f"sqlite:///{root}/gradebook.db"


@pytest.fixture
def both(template, tmp_path):
    """A function that returns the two courses, with some lines of configuration."""

    def make(config=""):
        return Ours(template, tmp_path / "ours", config), Nbgraders(template, tmp_path / "theirs", config)

    return make


@pytest.fixture(scope="module")
def executed(template):
    """A function that returns a restored notebook with what its test cell says.

    ``edits`` are new sources of cells by grade id, ``twice`` and ``without`` name cells that the student has
    copied and deleted.
    """
    release = nbformat.read(template / "release" / LAB / f"{LAB}.ipynb", 4)
    cells = gradebook_cells(url(template), LAB, LAB)
    sanitise = Sanitiser(LAB, cells, release.metadata.kernelspec)
    solution = reference_source(Course(template).lab(LAB).text)

    def make(said=(), edits=(), twice="", without="", solved=True):
        notebook = fill_in(copy.deepcopy(release), solution if solved else {})
        for cell in list(notebook.cells):
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = dict(edits).get(name, cell.source)
            if name and name == twice:
                notebook.cells.append(new_code_cell(cell.source, metadata=copy.deepcopy(cell.metadata)))
            if name and name == without:
                notebook.cells.remove(cell)
        notebook = sanitise(notebook)
        for number, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                cell.execution_count = number
                cell.outputs = [new_output("stream", name="stdout", text="a line\n" * 1200)]
            if cell.metadata.get("nbgrader", {}).get("grade_id") == TEST:
                cell.outputs = copy.deepcopy(list(said))
        return notebook

    return make


def points(number):
    return [new_output("execute_result", {"text/plain": str(number)}, execution_count=1)]


FAILED = [new_output("error", ename="NameError", evalue="x", traceback=["line"] * 300)]
WARNED = [new_output("stream", name="stderr", text="a warning")]
ANSWERS = {"why": "It averages.", "plot": "print(1)", "extra": "own = [3]"}
KINDS = {
    "full points": {"said": points(10)},
    "some points, all answered": {"said": points(7.5), "edits": ANSWERS},
    "no points": {"said": points(0.0), "edits": {"why": "It averages."}},
    "failed": {"said": FAILED},
    "on standard error": {"said": WARNED},
    "nothing said": {"solved": False},
    "no number": {"said": points("'none'")},
    "less than no points": {"said": points(-3)},
    "test deleted": {"said": points(4), "without": TEST},
    "test twice": {"said": points(4), "twice": TEST},
    "answer deleted": {"said": points(4), "without": "why"},
    "cell graded by hand twice": {"said": points(4), "twice": "plot", "edits": ANSWERS},
}


@pytest.mark.parametrize("kind", KINDS)
def test_graded_once(both, executed, kind):
    notebook = executed(**KINDS[kind])
    ours, theirs = both()
    assert ours.save(notebook, "") == theirs.save(notebook, "")
    assert ours.rows() == theirs.rows()
    assert len(ours.rows()["grades"]) == 5


def by_hand(book):
    """Give points by hand, extra credit and a comment, and flag the notebook."""
    for name, score, extra in (("why", 2.5, None), ("plot", None, 1), (TEST, 9, None), ("essay", 1, 0)):
        mine = book.find_grade(name, LAB, LAB, "ann")
        mine.manual_score, mine.extra_credit, mine.needs_manual_grade = score, extra, False
    book.find_comment("why", LAB, LAB, "ann").manual_comment = "Well said."
    book.find_submission_notebook(LAB, LAB, "ann").flagged = True


@pytest.mark.parametrize("first", ["full points", "nothing said", "some points, all answered"])
@pytest.mark.parametrize("then", ["full points", "failed", "some points, all answered", "test deleted"])
def test_graded_again_after_a_grader_has_looked_at_it(both, executed, first, then):
    ours, theirs = both()
    for side in (ours, theirs):
        side.save(executed(**KINDS[first]), FRIDAY)
        side.teach(by_hand)
    notebook = executed(**KINDS[then])
    assert ours.save(notebook, "") == theirs.save(notebook, "")
    rows = ours.rows()
    assert rows == theirs.rows()
    assert "Well said." in str(rows["comments"])
    assert "datetime" not in str(rows["students"])


PLUGIN = f'c.AssignLatePenalties.plugin_class = "{__name__}.TwoPoints"\n'
ZERO = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'


@pytest.mark.parametrize(
    ("config", "penalty"),
    [("", "None"), (ZERO, "7.5"), (PLUGIN, "2.0")],
    ids=["no penalty", "all", "plug-in"],
)
def test_late_and_then_in_time(both, executed, config, penalty):
    ours, theirs = both(config)
    notebook = executed(**KINDS["some points, all answered"])
    for timestamp, expected in ((SATURDAY, penalty), ("", penalty), (FRIDAY, "None"), (SATURDAY, penalty)):
        for side in (ours, theirs):
            side.save(notebook, timestamp)
        assert ours.rows() == theirs.rows()
        assert ours.rows()["notebooks"] == [f"('ann', '{LAB}', 0, {expected})"]
    for side in (ours, theirs):
        side.teach(lambda book: book.grant_extension(LAB, "ann", days=1))
        side.save(notebook, "")
    assert ours.rows() == theirs.rows()
    assert ours.rows()["notebooks"] == [f"('ann', '{LAB}', 0, None)"]


def test_no_more_than_the_points_that_there_are(both, executed):
    ours, theirs = both(PLUGIN)
    for said in (points(1), FAILED):
        for side in (ours, theirs):
            side.save(executed(said), SATURDAY)
        assert ours.rows() == theirs.rows()


@pytest.mark.parametrize(
    "lines",
    [
        'c.Autograde.autograde_preprocessors.remove("nbgrader.preprocessors.SaveAutoGrades")\n',
        'c.Autograde.autograde_preprocessors.remove("nbgrader.preprocessors.AssignLatePenalties")\n',
        "c.SaveAutoGrades.enabled = False\n",
        "c.AssignLatePenalties.enabled = False\n",
        "c.ClearMetadataPreprocessor.enabled = True\n"
        'c.ClearMetadataPreprocessor.preserve_cell_metadata_mask = {"nbgrader"}\n',
        "c.LimitOutput.max_lines = 7\n",
        f'c.Autograde.autograde_preprocessors.insert(-3, "{__name__}.Halves")\n',
        f'c.Autograde.autograde_preprocessors[-3] = "{__name__}.AddsOne"\n',
    ],
)
def test_steps_of_a_course(both, executed, lines):
    ours, theirs = both(lines)
    for kind in ("some points, all answered", "failed"):
        notebook = executed(**KINDS[kind])
        assert ours.save(notebook, SATURDAY) == theirs.save(notebook, SATURDAY)
        assert ours.rows() == theirs.rows()
