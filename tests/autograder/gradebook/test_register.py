"""Making a lab known to a gradebook, for `seqlab autograde` and for plain `nbgrader autograde`."""

import contextlib
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, get_alembic_version
from nbgrader.converters import GenerateAssignment

from autograder.errors import UsageError
from autograder.gradebook.register import register, register_before_autograde
from autograder.lab.course import load_config
from autograder.release.build import build
from autograder.release.generate import registered_cells
from autograder.release.source_edits import read_notebook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
NBGRADER = Path(sys.executable).parent / "nbgrader"


@pytest.fixture
def built(tmp_path):
    """A course with the tiny lab, built."""
    root = tmp_path / "a course"
    shutil.copytree(ROOT / "tests/files/labs/tiny", root / "assignments/tiny")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    build(root)
    return root


def change(root, old, new):
    """Change the lab's text and build it."""
    path = root / "assignments/tiny/tiny.py"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    build(root)


def contents(root):
    """Return the files of source/ and release/, with their times of change."""
    files = [
        path for folder in ("source", "release") for path in (root / folder).rglob("*") if path.is_file()
    ]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def cells_of(db_url):
    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_notebook("tiny", "tiny")
        points = {c.name: c.max_score for c in notebook.grade_cells}
        return [(c.name, c.source, points.get(c.name)) for c in notebook.source_cells]


def test_register_makes_the_gradebook_and_leaves_the_release(built, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    db_url = f"sqlite:///{built}/gradebook.db"
    before = contents(built)
    register(built, "tiny", db_url)
    assert contents(built) == before
    cells = cells_of(db_url)
    assert [name for name, *_ in cells] == [
        "intro", "shift", "test_shift", "why_walk", "walk", "test_walk", "squash", "test_squash",
    ]  # fmt: skip
    sources = {name: source for name, source, _ in cells}
    assert "moved = None" in sources["shift"]
    assert '__seqlab_grade__("walk")' in sources["test_walk"]
    assert [points for *_, points in cells if points] == [2, 3, 1.5]


def test_a_new_gradebook_has_the_version_that_nbgrader_gives_it(built):
    path = built / "gradebook.db"
    register(built, "tiny", f"sqlite:///{path}")
    with contextlib.closing(sqlite3.connect(path)) as base:
        assert base.execute("select version_num from alembic_version").fetchall() == [
            (get_alembic_version(),)
        ]


def test_register_does_nothing_the_second_time_and_sees_a_change(built, monkeypatch):
    db_url = f"sqlite:///{built}/gradebook.db"
    register(built, "tiny", db_url)
    with monkeypatch.context() as patch:
        patch.setattr(GenerateAssignment, "start", lambda self: pytest.fail("converted again"))
        register(built, "tiny", db_url)
    change(built, '"points": 3', '"points": 7')
    with Gradebook(db_url) as gradebook:
        gradebook.add_student("ann")
        gradebook.add_submission("tiny", "ann")
    register(built, "tiny", db_url)
    assert [points for *_, points in cells_of(db_url) if points] == [2, 7, 1.5]


def test_register_says_when_submissions_stand_in_the_way(built):
    db_url = f"sqlite:///{built}/gradebook.db"
    register(built, "tiny", db_url)
    with Gradebook(db_url) as gradebook:
        gradebook.add_student("ann")
        gradebook.add_submission("tiny", "ann")
    change(built, '"grade_id": "why_walk"', '"grade_id": "why"')
    with pytest.raises(UsageError, match="from before why, why_walk came or went") as caught:
        register(built, "tiny", db_url)
    assert "\n" not in str(caught.value)


def test_register_needs_a_built_lab(built):
    shutil.rmtree(built / "source")
    with pytest.raises(UsageError, match="run `seqlab build tiny`"):
        register(built, "tiny", f"sqlite:///{built}/gradebook.db")
    assert not (built / "gradebook.db").exists()


def test_the_hook_finds_the_gradebook_of_the_course(built, monkeypatch, caplog):
    monkeypatch.chdir(built)
    register_before_autograde(assignment="tiny", student="*", notebooks=[])
    assert cells_of(f"sqlite:///{built}/gradebook.db")
    with pytest.raises(UsageError), caplog.at_level(logging.ERROR):
        register_before_autograde(assignment="none", student="*", notebooks=[])
    assert "none could not be registered" in caplog.text


def test_plain_autograde_works_in_a_fresh_clone(built):
    shutil.rmtree(built / "assignments")
    folder = built / "submitted/ann lee/tiny"
    shutil.copytree(built / "release/tiny", folder)
    steps = "--Autograde.autograde_preprocessors=nbgrader.preprocessors.LimitOutput"
    line = [NBGRADER, "autograde", "tiny", steps, "--db", f"sqlite:///{built}/other.db"]
    done = subprocess.run(line, cwd=built, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (built / "autograded/ann lee/tiny/tiny.ipynb").exists()
    assert (built / "other.db").exists()
    assert not (built / "gradebook.db").exists()


def test_what_is_read_of_the_source_is_what_nbgrader_registers(built):
    """Graders take the cells from the source notebook, and never open a gradebook."""
    db_url = f"sqlite:///{built}/gradebook.db"
    register(built, "tiny", db_url)
    cells = registered_cells(read_notebook(built / "source/tiny/tiny.ipynb"), load_config(built), "tiny")
    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_notebook("tiny", "tiny")
        points = {c.name: c.max_score for c in [*notebook.grade_cells, *notebook.task_cells]}
        solutions = {c.name for c in notebook.solution_cells}
        wanted = [
            (
                c.name,
                str(c.cell_type),
                c.source,
                c.checksum,
                c.locked,
                c.name in solutions,
                points.get(c.name),
            )
            for c in notebook.source_cells
        ]
    assert wanted == [
        (c.name, c.cell_type, c.source, c.checksum, c.locked, c.solution, c.points) for c in cells.values()
    ]


def test_cells_are_read_again_when_the_notebook_or_the_configuration_has_changed(built):
    source, config = read_notebook(built / "source/tiny/tiny.ipynb"), load_config(built)
    cells = registered_cells(source, config, "tiny")
    first = next(iter(cells))
    removed = cells.pop(first)
    assert registered_cells(source, config, "tiny")[first] is removed  # as read before
    config.ClearSolutions.code_stub = {"python": "..."}
    config.GenerateAssignment.preprocessors = ["nbgrader.preprocessors.ComputeChecksums"]
    other = registered_cells(source, config, "tiny")
    assert {name: cell.source for name, cell in other.items()} != {
        name: cell.source for name, cell in registered_cells(source, load_config(built), "tiny").items()
    }
    next(cell for cell in source.cells if cell.metadata.get("nbgrader")).source += "\n# more"
    assert registered_cells(source, config, "tiny") != other


def test_the_hook_leaves_links_and_pipes_out(built, monkeypatch):
    """nbgrader would follow a link, and wait for ever at a pipe."""
    monkeypatch.chdir(built)
    Path("plain.ipynb").write_text("{}")
    Path("link.ipynb").symlink_to("plain.ipynb")
    os.mkfifo("pipe.ipynb")
    notebooks = ["link.ipynb", "pipe.ipynb", "plain.ipynb"]
    register_before_autograde(assignment="tiny", student="*", notebooks=notebooks)
    assert notebooks == ["plain.ipynb"]
