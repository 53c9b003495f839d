"""The only notebook is empty, and its name looks like lines of the report."""

SCORES = None
SAYS = "is empty"


def hand_in(folder, notebook):
    (folder / "x\n97 of 99 a honest one: 0 of 20 in 0.0 s\x1b[2K.ipynb").touch()
