"""The notebook is a named pipe, which would keep its reader waiting for ever."""

import os

SCORES = None
SAYS = "not an ordinary file"


def hand_in(folder, notebook):
    os.mkfifo(folder / "target.ipynb")
