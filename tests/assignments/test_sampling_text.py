"""What is particular to the text and data of the lab `sampling`; see test_labs_text for the rest."""

import re
import shutil
from pathlib import Path
from typing import Any

import jupytext
import pytest

from course_utils import watch

LAB = Path(__file__).parents[2] / "assignments" / "sampling"


@pytest.fixture(scope="module")
def notebook() -> Any:
    return jupytext.read(LAB / "sampling.py")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder like a student's, in which the long training takes as few steps as while grading."""
    shutil.copy(LAB / "published.json", tmp_path)
    shutil.copytree(LAB / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watch, "being_graded", lambda: True)
    return tmp_path


def test_what_the_demos_print_is_what_the_text_says(notebook, folder, capsys):
    namespace: dict[str, Any] = {}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            exec(compile(cell.source, f"<cell {number}>", "exec"), namespace)
    out = capsys.readouterr().out
    assert "it says: rex\n" in out
    assert "loss on 'rex': 13.182, per character 3.296 (log 27 is 3.296)" in out
    gradient, by_losses = re.search(r"gradient (\S+), by two losses (\S+)", out).groups()
    assert float(gradient) == pytest.approx(float(by_losses), abs=2e-9)
    assert out.count("Line plot") == 3


def test_what_the_text_says_of_the_chaotic_run_holds(notebook, folder, capsys):
    """Tenfold every two to three steps, up to where the runs have nothing in common; the tame one forgets."""
    namespace: dict[str, Any] = {}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (chaos,) = [cell for cell in cells if "distance[name]" in cell.source]
    setup, data = cells[:2]
    for cell in (setup, data, chaos):
        exec(cell.source, namespace)
    capsys.readouterr()
    wild, tame = namespace["distance"].values()
    full = next(step for step, value in enumerate(wild) if value > -1)
    assert 2 <= full / (wild[full] - wild[0]) <= 3
    assert wild[-10:].min() > -1
    assert tame.max() < -14.5
    assert tame[-1] <= -15.5


def test_the_marks_are_those_of_the_list(notebook, folder, capsys):
    namespace: dict[str, Any] = {}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (marks,) = [cell for cell in cells if "letters_only =" in cell.source]
    for cell in (*cells[:2], marks):
        exec(cell.source, namespace)
    capsys.readouterr()
    assert len(namespace["examples"]) >= 1200
    assert namespace["vocab_size"] == 27
    assert namespace["letters_only"] < 2.9


def test_the_names_are_one_a_line_and_distinct():
    names = (LAB / "data/dinosaurs.txt").read_text("ascii").splitlines()
    assert len(names) >= 1200
    assert names == sorted(set(names))
    assert all(re.fullmatch(r"[a-z]{2,}", name) for name in names)
    assert "dinosaurs.txt" in (LAB / "data/README.md").read_text("utf-8")
