"""Test cells are declared to be solutions, solutions to be tests, with points of all kinds."""

from tests.attacks.attack_files import write

SCORES = (0.0, 6.0, 10.0)


def hand_in(folder, notebook):
    for cell, points in zip(notebook.cells, [1e308, -5, 0.5, 10**30, 1, 2, 3, 4] * 9, strict=False):
        known = cell.metadata.get("nbgrader")
        if known:
            known.update(
                solution=known.grade, grade=not known.grade, points=points, task=False, extra={"a": [1]}
            )
        if known and known.grade_id == "mix":
            cell.source = "def mix(x, w):\n    return x, x\n20.0"
    write(folder, notebook)
