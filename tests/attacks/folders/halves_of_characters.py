"""Escaped halves of characters, which JSON may hold and no file can."""

from nbformat.v4 import new_code_cell, new_markdown_cell
from tests.attacks.attack_files import text_of

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    notebook.cells += [
        new_markdown_cell("half"),
        new_code_cell("print('half')"),
        new_code_cell("half = '\x00'"),
    ]
    notebook.metadata.language_info = {"name": "half"}
    text = text_of(notebook).replace("half", "\\ud800")
    (folder / "target.ipynb").write_text(text, "utf-8")
