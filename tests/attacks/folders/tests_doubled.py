"""Every test cell stands there twice."""

import copy

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
SAYS = "is there more than once; the last one counts"


def hand_in(folder, notebook):
    tests = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    notebook.cells += copy.deepcopy(tests)
    for cell in notebook.cells[-len(tests) :]:
        cell.id += "-2"
    write(folder, notebook)
