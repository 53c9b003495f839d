"""Every test cell is deleted, and with them the locked prose."""

from tests.attacks.attack_files import write

SCORES = (0.0, 6.0, 10.0)
SAYS = "was missing; it was put back"


def hand_in(folder, notebook):
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("locked")]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "mix":
            cell.source = "def mix(x, w):\n    return x, x"
    write(folder, notebook)
