"""The text of the lab `cells`: its size, its figures, and that it runs from top to bottom."""

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any
from xml.dom.minidom import parse

import jupytext
import pytest

LAB = Path(__file__).parents[2] / "assignments" / "cells"
POINTS = {"rnn_cell_forward": 20, "rnn_forward": 20, "lstm_cell_forward": 30, "lstm_forward": 30}


@pytest.fixture(scope="module")
def notebook() -> Any:
    return jupytext.read(LAB / "cells.py")


@pytest.fixture(scope="module")
def prose(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def by_grade_id(notebook, kind: str) -> dict[str, Any]:
    marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]
    return {cell.metadata.nbgrader.grade_id: cell for cell in marked}


def test_it_has_40_to_60_cells_and_at_most_3500_words(notebook, prose):
    assert 40 <= len(notebook.cells) <= 60
    assert len(prose.split()) <= 3500


def test_every_figure_has_alternative_text_and_is_a_small_svg(prose):
    figures = re.findall(r"!\[(.*?)\]\((.*?)\)", prose)
    assert sorted(name for _, name in figures) == sorted(
        f"data/{path.name}" for path in (LAB / "data").iterdir()
    )
    for alt, name in figures:
        assert len(alt) > 60, name
        picture = parse(str(LAB / name)).documentElement
        assert picture.tagName == "svg"
        assert picture.getElementsByTagName("title")
        assert "licence" in picture.getElementsByTagName("desc")[0].firstChild.data
        assert (LAB / name).stat().st_size < 20_000


def test_every_exercise_has_a_solution_a_test_and_its_points(notebook, prose):
    assert list(by_grade_id(notebook, "solution")) == list(POINTS)
    tests = by_grade_id(notebook, "grade")
    assert list(tests) == [f"test_{name}" for name in POINTS]
    for number, (name, points) in enumerate(POINTS.items(), 1):
        assert tests[f"test_{name}"].metadata.nbgrader.points == points
        assert tests[f"test_{name}"].source == (
            f'### BEGIN HIDDEN TESTS\n__seqlab_grade__("{name}")\n### END HIDDEN TESTS\nvisible_check({name})'
        )
        assert f"### Exercise {number}: `{name}` ({points} points)" in prose


def test_at_most_ten_lines_are_missing_from_a_function(notebook):
    for name, cell in by_grade_id(notebook, "solution").items():
        lines = cell.source.splitlines()
        first, last = (lines.index(f"    ### {word} CODE HERE ###") for word in ("START", "END"))
        code = [line for line in lines[first + 1 : last] if line.strip() and not line.strip().startswith("#")]
        assert 1 <= len(code) <= 10, name


def test_the_prose_gives_no_line_of_a_solution_away(notebook, prose):
    others = "\n".join(cell.source for cell in notebook.cells if not cell.metadata.get("nbgrader"))
    for cell in by_grade_id(notebook, "solution").values():
        region = cell.source.split("### START CODE HERE ###")[1].split("### END CODE HERE ###")[0]
        for line in region.splitlines():
            if "(" in line and not line.strip().startswith("#"):
                assert line.strip() not in others


def test_it_runs_from_top_to_bottom(notebook, tmp_path, monkeypatch, capsys):
    shutil.copy(LAB / "published.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {}
    started = time.monotonic()
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            exec(compile(cell.source, f"<cell {number}>", "exec"), namespace)
    assert time.monotonic() - started < 60
    out = capsys.readouterr().out
    assert out.count("visible checks passed") == len(POINTS)
    assert "False" not in out
    assert out.count("True") == 11


def test_published_values_have_provenance(notebook):
    published = json.loads((LAB / "published.json").read_text(encoding="utf-8"))
    assert list(published) == list(POINTS)
    for entry in published.values():
        assert set(entry) == {"provenance", "status", "notes", "inputs", "outputs", "values"}
        assert entry["provenance"]["document"].startswith("004")
