"""A notebook of format 3."""

import nbformat

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "target.ipynb").write_text(nbformat.writes(nbformat.convert(notebook, 3), version=3), "utf-8")
