"""Millions of empty dictionaries, which take a hundred times their bytes when they are read."""

from tests.attacks.attack_files import text_of

SCORES = None
SAYS = "holds too many values"


def hand_in(folder, notebook):
    notebook.metadata.padding = "here"
    text = text_of(notebook).replace('"here"', "[" + ",".join(["{}"] * 3_000_000) + "]")
    (folder / "target.ipynb").write_text(text, "utf-8")
