"""A hundred thousand cells."""

from tests.attacks.attack_files import write

SCORES = None
SAYS = "more than 2000 cells"


def hand_in(folder, notebook):
    notebook.cells += [
        {"cell_type": "markdown", "id": str(n), "metadata": {}, "source": ""} for n in range(100_000)
    ]
    write(folder, notebook)
