"""All cells have one id, which is that of a test cell."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    for cell in notebook.cells:
        cell.id = "test_mix"
    write(folder, notebook)
