"""A named pipe, a socket's worth of holes and an enormous sparse file beside the notebook."""

import os

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
SAYS = "files left out, as links or too large: pipe, sparse"


def hand_in(folder, notebook):
    os.mkfifo(folder / "pipe")
    with open(folder / "sparse", "wb") as file:
        file.truncate(64 << 20)
    write(folder, notebook)
