"""The text of every test cell is replaced, and locked cells unlocked."""

from tests.attacks.attack_files import write

SCORES = (0.0, 6.0, 10.0)
SAYS = "points put back from 1000"


def hand_in(folder, notebook):
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade"):
            cell.source = "20.0"
            known.update(locked=False, points=1000)
        if known.get("grade_id") == "mix":
            cell.source = "def mix(x, w):\n    return x, x"
    write(folder, notebook)
