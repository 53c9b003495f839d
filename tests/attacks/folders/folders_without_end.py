"""Folders in folders, as deep as the system lets them be, and a folder called like the notebook."""

import os

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    home = os.getcwd()
    os.chdir(folder)
    try:
        while len(os.getcwd()) < 3700:
            os.mkdir("d" * 200)
            os.chdir("d" * 200)
        (left := 4090 - len(os.getcwd())) > 0 and open("f" * min(left, 250), "w").close()
    finally:
        os.chdir(home)
    (folder / "more.ipynb").mkdir()
    (folder / "more.ipynb/x.txt").write_text("x")
    write(folder, notebook)
