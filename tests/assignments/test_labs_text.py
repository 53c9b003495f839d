"""The text of every lab: its size, its figures, and that it runs from top to bottom."""

import re
from typing import Any
from xml.dom.minidom import parse

import pytest

POINTS = {
    "cells": {"rnn_cell_forward": 20, "rnn_forward": 20, "lstm_cell_forward": 30, "lstm_forward": 30},
    "backprop": {"rnn_cell_backward": 20, "rnn_backward": 20, "lstm_cell_backward": 35, "lstm_backward": 25},
    "sampling": {"clip": 15, "sample": 35, "optimize": 20, "model": 30},
    "jazz": {
        **{"djmodel": 25, "music_loss": 15, "fit": 20, "music_inference_model": 20},
        **{"predict_and_sample": 15, "with_temperature": 5},
    },
    "emojify": {
        **{"sentence_to_avg": 15, "predict": 15, "model": 25, "sentences_to_indices": 15},
        **{"pretrained_embedding_layer": 10, "Emojify_V2": 20},
    },
    "variants": {
        **{"rnn": 10, "gru": 15, "from_lectures": 5, "lstm": 12, "deep_rnn": 10, "bidirectional_rnn": 10},
        **{"perplexity": 8, "data_iter_random": 8, "data_iter_consecutive": 8, "grad_clipping": 6},
        **{"truncated_step": 8},
    },
    "poetry": {
        **{"build_data": 10, "vectorization": 10, "predict": 15, "fit": 25, "sample": 10},
        **{"generate_output": 15, "bits_per_character": 15},
    },
}
SANITY_CHECKS = {
    "cells": 11,
    "backprop": 2,
    "sampling": 0,
    "jazz": 1,
    "emojify": 0,
    "variants": 2,
    "poetry": 1,
}
"""How many lines that end in True a right notebook prints."""
OWN_VALUES = {"model", "sentence_to_avg", "predict", "sentences_to_indices"}
OWN_VALUES |= {"pretrained_embedding_layer", "Emojify_V2"}
OWN_VALUES |= POINTS["variants"].keys()
OWN_VALUES |= {"djmodel", "music_loss", "fit", "music_inference_model", "with_temperature"}
"""Exercises whose visible check has values of our own, beside those of `poetry`: what the documents print
needs a file of theirs."""


pytestmark = pytest.mark.parametrize("lab", POINTS, indirect=True)


@pytest.fixture
def prose(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def by_grade_id(notebook, kind: str) -> dict[str, Any]:
    marked = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(kind)]
    return {cell.metadata.nbgrader.grade_id: cell for cell in marked}


def test_it_has_40_to_70_cells_and_at_most_4800_words(notebook, prose):
    assert 40 <= len(notebook.cells) <= 70
    assert len(prose.split()) <= 4800  # answers and further tasks included


def test_no_prose_got_into_a_cell_of_code(notebook):
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert re.findall(r"^#(?: (?:#+|>|<details>|\*\*).*)?$", code, re.MULTILINE) == []


def test_every_figure_has_alternative_text_and_is_a_small_svg(lab, prose):
    folder = lab.folder
    figures = re.findall(r"!\[(.*?)\]\((.*?)\)", prose)
    assert sorted(name for _, name in figures) == sorted(
        f"data/{path.name}" for path in (folder / "data").glob("*.svg")
    )
    for alt, name in figures:
        assert len(alt) > 60, name
        picture = parse(str(folder / name)).documentElement
        assert picture.tagName == "svg"
        assert picture.getElementsByTagName("title")
        assert "licence" in picture.getElementsByTagName("desc")[0].firstChild.data
        assert (folder / name).stat().st_size < 20_000


def test_every_exercise_has_a_solution_a_test_and_its_points(lab, notebook, prose):
    assert list(by_grade_id(notebook, "solution")) == list(POINTS[lab.name])
    tests = by_grade_id(notebook, "grade")
    assert list(tests) == [f"test_{name}" for name in POINTS[lab.name]]
    for number, (name, points) in enumerate(POINTS[lab.name].items(), 1):
        assert tests[f"test_{name}"].metadata.nbgrader.points == points
        assert tests[f"test_{name}"].source == (
            f'### BEGIN HIDDEN TESTS\n__seqlab_grade__("{name}")\n### END HIDDEN TESTS\nvisible_check({name})'
        )
        assert f"### Exercise {number}: `{name}` ({points} points)" in prose


def test_at_most_ten_lines_are_missing_from_a_function(notebook):
    for name, cell in by_grade_id(notebook, "solution").items():
        lines = [line.strip() for line in cell.source.splitlines()]
        first, last = (lines.index(f"### {word} CODE HERE ###") for word in ("START", "END"))
        code = [line for line in lines[first + 1 : last] if line and not line.startswith("#")]
        assert 1 <= len(code) <= 10, name


def test_the_prose_gives_no_line_of_a_solution_away(notebook, prose):
    others = "\n".join(cell.source for cell in notebook.cells if not cell.metadata.get("nbgrader"))
    for cell in by_grade_id(notebook, "solution").values():
        region = cell.source.split("### START CODE HERE ###")[1].split("### END CODE HERE ###")[0]
        for line in region.splitlines():
            if "(" in line and not line.strip().startswith("#"):
                assert line.strip() not in others


def test_it_runs_from_top_to_bottom(lab, executed):
    assert executed.out.count("visible checks passed") == len(POINTS[lab.name])
    assert "False" not in executed.out
    assert executed.out.count("True") == SANITY_CHECKS[lab.name]


def test_published_values_have_provenance(lab):
    published = lab.published
    assert [name for name in published if name in POINTS[lab.name]] == list(POINTS[lab.name])
    for name, entry in published.items():
        assert set(entry) - {"values", "printed", "compare", "files"} == {
            "provenance", "status", "notes", "inputs", "outputs"
        }  # fmt: skip
        assert ("values" in entry) == (name in POINTS[lab.name])
        document = entry["provenance"]["document"]
        own = lab.name == "poetry" or name in OWN_VALUES
        assert document is None if own else document.startswith("004")
