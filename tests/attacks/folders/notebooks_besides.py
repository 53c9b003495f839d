"""Other notebooks beside the one that counts, one of them with the name of another lab."""

from tests.attacks.attack_files import text_of

SCORES = (0.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "target-right.ipynb").write_text(text_of(notebook), "utf-8")
    (folder / "cells.ipynb").write_text(text_of(notebook), "utf-8")
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "mix":
            cell.source = "def mix(x, w):\n    return x, x"
    (folder / "target.ipynb").write_text(text_of(notebook), "utf-8")
