"""Cells of the student's own have the ids of the test cells, whose metadata is gone: `mix` is judged last."""

from nbformat.v4 import new_code_cell
from tests.attacks.attack_files import write

SCORES = (0.0, 0.0, 10.0)


def hand_in(folder, notebook):
    for cell in notebook.cells:
        if cell.metadata.pop("nbgrader", {}).get("grade_id") == "mix":
            cell.source = "def mix(x, w):\n    return x, x"
        if cell.id == "test_mix":
            cell.id = "elsewhere"
    notebook.cells.append(new_code_cell("20.0", id="test_mix"))
    write(folder, notebook)
