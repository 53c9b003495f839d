"""Thousands of empty files beside the notebook."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "many").mkdir()
    for number in range(5000):
        (folder / "many" / f"{number:0100d}").touch()
    write(folder, notebook)
