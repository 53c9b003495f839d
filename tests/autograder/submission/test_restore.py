"""Mending what was handed in."""

import copy
import logging
import shutil
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, MissingEntry
from traitlets.utils.importstring import import_item

from autograder.gradebook.register import register
from autograder.lab.course import Course, load_config
from autograder.release.build import build
from autograder.release.generate import registered_cells
from autograder.submission.restore import RestoreCells, Sanitiser
from tests.plain import PLAIN

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests/files/labs/tiny"
LABS = {"tiny": TINY, **{lab: ROOT / "assignments" / lab for lab in PLAIN}}
EARLIER = {name: Course(ROOT).lab(name).lab.earlier for name in PLAIN}


class Lab:
    """A built and registered lab with its release."""

    def __init__(self, root, name):
        for lab in (name, *EARLIER.get(name, ())):
            shutil.copytree(LABS[lab], root / "assignments" / lab)
        shutil.copy(ROOT / "nbgrader_config.py", root)
        if name in EARLIER:  # built before it was committed
            for made in ("source", "release"):
                shutil.copytree(ROOT / made / name, root / made / name)
        else:
            build(root)
        self.name, self.db_url = name, f"sqlite:///{root}/gradebook.db"
        register(root, name, self.db_url)
        self.release = nbformat.read(root / f"release/{name}/{name}.ipynb", as_version=4)
        with Gradebook(self.db_url) as gradebook:
            notebook = gradebook.find_notebook(name, name)
            self.registered = {c.name: c.source for c in notebook.source_cells}
            self.solutions = {c.name for c in notebook.solution_cells}
            self.points = {c.name: c.max_score for c in notebook.grade_cells}
        self.log = logging.Logger("sanitise")
        self.messages = []
        handler = logging.Handler(logging.WARNING)
        handler.emit = lambda record: self.messages.append(record.getMessage())
        self.log.addHandler(handler)
        source = nbformat.read(root / f"source/{name}/{name}.ipynb", as_version=4)
        cells = registered_cells(source, load_config(root), name)
        self.sanitise = Sanitiser(name, cells, source.metadata.kernelspec, self.log)

    def sanitised(self, nb):
        """Return what becomes of a submission; it must be a valid notebook."""
        self.messages.clear()
        after = self.sanitise(copy.deepcopy(nb))
        nbformat.validate(after)
        return after

    def without(self, *names):
        nb = copy.deepcopy(self.release)
        nb.cells = [c for c in nb.cells if grade_id(c) not in names]
        return nb

    def check(self, nb, missing=()):
        """Everything registered is there once, in order, with its registered text and points."""
        names = [grade_id(c) for c in nb.cells if grade_id(c)]
        assert names == [name for name in self.registered if name not in missing]
        for cell in nb.cells:
            if not (name := grade_id(cell)):
                continue
            meta = cell.metadata.nbgrader
            assert meta.solution == (name in self.solutions)
            assert meta.grade == (name in self.points)
            assert meta.get("points") == self.points.get(name)
            if name not in self.solutions:
                assert without_notice(cell.source) == self.registered[name]


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def without_notice(source):
    if source.startswith("# This cell (id:"):
        return source.partition("\n\n")[2]
    return source


def cell_of(nb, name):
    return next(c for c in nb.cells if grade_id(c) == name)


@pytest.fixture(scope="module", params=LABS)
def lab(request, tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("course"), request.param)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return Lab(tmp_path_factory.mktemp("course"), "tiny")


def test_a_release_comes_back_with_its_tests(lab):
    after = lab.sanitised(lab.release)
    lab.check(after)
    assert [c.id for c in after.cells] == [c.id for c in lab.release.cells]
    assert lab.messages == []
    assert after == lab.sanitised(after)
    assert lab.messages == []


def test_each_registered_cell_can_be_missing(lab):
    for name in lab.registered:
        after = lab.sanitised(lab.without(name))
        lab.check(after, {name} & lab.solutions)
        assert any(repr(name) in message for message in lab.messages), name


def test_adjacent_pairs_can_be_missing(lab):
    names = list(lab.registered)
    for pair in pairwise(names):
        lab.check(lab.sanitised(lab.without(*pair)), set(pair) & lab.solutions)


def test_all_can_be_missing(lab):
    lab.check(lab.sanitised(lab.without(*lab.points)))
    lab.check(lab.sanitised(lab.without(*lab.registered)), lab.solutions)
    empty = lab.without(*lab.registered)
    empty.cells = []
    lab.check(lab.sanitised(empty), lab.solutions)


def test_a_missing_test_goes_right_after_its_solution(tiny):
    after = tiny.sanitised(tiny.without("test_walk", "why_walk"))
    ids = [c.id for c in after.cells]
    assert ids[ids.index("walk") + 1] == "test_walk"
    assert ids[ids.index("test_shift") + 1] == "why_walk"
    cell = cell_of(after, "test_walk")
    assert cell.source.startswith("# This cell (id:test_walk) was missing")
    assert cell.metadata.editable is False
    assert tiny.messages == [
        "cell 'why_walk' was missing; it was put back",
        "cell 'test_walk' was missing; it was put back",
    ]


def test_a_test_without_its_solution_cell_runs_as_late_as_it_can(tiny):
    nb = tiny.without("walk", "test_walk")
    nb.cells.insert(-2, new_code_cell("def walk(x, steps): return 'mine'"))
    ids = [c.id for c in tiny.sanitised(nb).cells]
    assert ids[-3:] == ["test_walk", "squash", "test_squash"]
    nb = tiny.without("squash", "test_squash")
    nb.cells.append(new_code_cell("def squash(x): return 'mine'"))
    assert tiny.sanitised(nb).cells[-1].id == "test_squash"


def test_cells_that_lost_their_metadata_are_known_by_their_id(lab):
    nb = copy.deepcopy(lab.release)
    for cell in nb.cells:
        cell.metadata = {}
        cell.source = cell.source + "\n# mine" if cell.id in lab.solutions else cell.source
    after = lab.sanitised(nb)
    lab.check(after)
    assert [c.id for c in after.cells] == [c.id for c in nb.cells]
    assert all(cell_of(after, name).source.endswith("# mine") for name in lab.solutions)


def test_cells_that_lost_metadata_and_id_are_still_tested(tiny):
    nb = copy.deepcopy(tiny.release)
    for number, cell in enumerate(nb.cells):
        cell.metadata, cell.id = {}, f"x{number}"
    after = tiny.sanitised(nb)
    tiny.check(after, tiny.solutions)
    assert [c.id for c in after.cells[-4:]] == ["test_shift", "why_walk", "test_walk", "test_squash"]


@pytest.mark.parametrize(
    ("name", "which"),
    [("shift", "the last one above its test"), ("test_shift", "the last one"), ("why_walk", "the last one")],
)
def test_of_several_copies_the_last_one_keeps_the_metadata(tiny, name, which):
    nb = copy.deepcopy(tiny.release)
    twin = copy.deepcopy(cell_of(nb, name))
    twin.id, twin.source = "twin", "# first" if twin.cell_type == "code" else "first"
    nb.cells.insert(1, twin)
    hidden = copy.deepcopy(twin)  # nbgrader's own DeduplicateIds does not see this one
    hidden.id = "hidden"
    hidden.metadata.nbgrader.update(grade=False, solution=False, locked=False)
    nb.cells.insert(1, hidden)
    after = tiny.sanitised(nb)
    tiny.check(after)
    assert [c.id for c in after.cells if grade_id(c) == name] == [name]
    assert {c.id: c.source for c in after.cells}["twin"] == twin.source
    assert tiny.messages == [f"cell '{name}' is there more than once; {which} counts"] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": 100}, "points put back from 100 to 2.0"),
        ({"points": "all"}, "points put back from 'all' to 2.0"),
        ({"points": None}, "points put back from None to 2.0"),
        ({"grade": False}, "grade put back from False to True"),
        ({"grade": False, "locked": False, "solution": True}, "solution put back from True to False"),
        ({"solution": True}, "solution put back from True to False"),
        ({"locked": False}, "locked put back from False to True"),
        ({"schema_version": 1, "checksum": 7, "cell_type": "raw", "extra": []}, None),
    ],
)
def test_changed_metadata_is_put_back(tiny, change, message):
    nb = copy.deepcopy(tiny.release)
    cell_of(nb, "test_shift").metadata.nbgrader.update(change)
    tiny.check(tiny.sanitised(nb))
    assert message is None or any(message in m for m in tiny.messages)


@pytest.mark.parametrize(
    "meta", ["text", [], {}, {"grade": True}, {"grade": True, "grade_id": ["x"]}, {"grade_id": "no"}]
)
def test_metadata_that_makes_no_sense_is_dropped(tiny, meta):
    nb = copy.deepcopy(tiny.release)
    nb.cells.append(new_code_cell("x = 1", metadata={"nbgrader": meta}))
    nb.cells.insert(0, new_markdown_cell("x", metadata={"nbgrader": meta}))
    after = tiny.sanitised(nb)
    tiny.check(after)
    assert "nbgrader" not in after.cells[-1].metadata
    assert "nbgrader" not in after.cells[0].metadata


def test_an_edited_test_gets_its_text_back(lab):
    for name in lab.points:
        nb = copy.deepcopy(lab.release)
        cell_of(nb, name).source = "5.0"
        lab.check(lab.sanitised(nb))
        assert lab.messages == [f"cell {name!r} was edited though it is locked; its text was put back"]


@pytest.mark.parametrize("cell_type", ["markdown", "raw"])
def test_a_changed_cell_type_is_put_back(tiny, cell_type):
    for name in ("shift", "test_shift", "intro"):
        nb = copy.deepcopy(tiny.release)
        cell = cell_of(nb, name)
        cell.cell_type = cell_type if cell.cell_type == "code" else "code"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        else:
            del cell["outputs"], cell["execution_count"]
            cell.attachments = {}
        tiny.check(tiny.sanitised(nb))


def test_outputs_go_and_the_kernel_comes_back(tiny):
    nb = copy.deepcopy(tiny.release)
    nb.metadata.kernelspec = {"name": "xonsh", "display_name": "x"}
    nb.cells[1].outputs = [nbformat.v4.new_output("stream", text="hello")]
    after = tiny.sanitised(nb)
    assert after.metadata.kernelspec.name == "python3"
    assert after.cells[1].outputs == []


def test_a_notebook_of_an_older_minor_format_stays_one(tiny):
    nb = tiny.without("test_walk", "why_walk")
    nb.nbformat_minor = 4
    for cell in nb.cells:
        del cell["id"]
    after = tiny.sanitised(nb)
    tiny.check(after)
    assert not any("id" in cell for cell in after.cells)


def resources(lab, name=""):
    """What nbgrader tells its steps."""
    known = {"notebook": name or lab.name, "assignment": name or lab.name, "db_url": lab.db_url}
    return {"nbgrader": {**known, "student": "ann"}}


def test_missing_cells_can_be_left_out(tiny):
    step = RestoreCells(add_missing_cells=False)
    after, _ = step(tiny.without("test_walk"), resources(tiny))
    tiny.check(after, {"test_walk"})


def test_an_unregistered_lab_is_refused(tiny):
    with pytest.raises(MissingEntry):
        RestoreCells()(tiny.release, resources(tiny, "no"))


def edited(lab):
    """A submission with something for every step: a missing test, an edited one, outputs, another kernel."""
    nb = lab.without(next(iter(lab.points)))
    nb.metadata.kernelspec = {"name": "xonsh", "display_name": "x"}
    cell_of(nb, list(lab.points)[-1]).source = "5.0"
    next(cell for cell in nb.cells if cell.cell_type == "code").outputs = [
        nbformat.v4.new_output("stream", text="hello")
    ]
    return nb


@pytest.mark.parametrize("make", [edited, lambda lab: lab.release], ids=["edited", "release"])
def test_nbgrader_s_own_way_through_the_gradebook_gives_the_same(lab, make):
    """The steps that nbgrader_config.py names for plain `nbgrader autograde`."""
    nb, known = copy.deepcopy(make(lab)), resources(lab)
    for name in load_config(ROOT).Autograde.sanitize_preprocessors:
        nb, known = import_item(name)()(nb, known)
    assert nb == lab.sanitised(make(lab))
