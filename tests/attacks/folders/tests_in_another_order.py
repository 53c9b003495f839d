"""The test cells stand in the opposite order, so that `walk` is judged before what it calls."""

from tests.attacks.attack_files import write

SCORES = (0.0, 0.0, 10.0)


def hand_in(folder, notebook):
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    others = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    for cell in others:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "mix":
            cell.source = "def mix(x, w):\n    return x, x"
    notebook.cells = others + tests[::-1]
    write(folder, notebook)
