"""JSON that is nested too deeply to be read."""

from tests.attacks.attack_files import text_of

SCORES = None
SAYS = "its JSON cannot be read"


def hand_in(folder, notebook):
    notebook.metadata.padding = "here"
    text = text_of(notebook).replace('"here"', "[" * 100_000 + "]" * 100_000)
    (folder / "target.ipynb").write_text(text, "utf-8")
