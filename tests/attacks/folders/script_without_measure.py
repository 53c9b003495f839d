"""Prose that takes minutes or gigabytes to show: formulas without an end, references, tags that cross."""

from nbformat.v4 import new_code_cell, new_markdown_cell
from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
CROSSING = "<p>" + "".join(f"<b id={n}>" for n in range(900)) + "<p>x" * 9_000
PROSE = (
    "attacked",
    "\\begin{a}" * 15_000,
    "\\begin{a}\\end{b}" * 9_000,
    "\\\\(" * 50_000,
    "\\\\[\n" * 40_000,
    "- " + "\\begin{a}" * 13_000 + "\n\n\n" + "\\end{a}" * 13_000,
    "[a]: http://" + "x" * 30_000 + "\n\n" + "[a]" * 10_000,
    "<div>" * 20_000,
    f"<div>{CROSSING}",
    '<p style="color: ' + "(" * 100_000 + '">x</p>',
    "![x](attachment:none.png)",
    "# a\n" * 60_000,
    "```html+jinja\n" + "<a " * 50_000,
    "```python\n" + "\n " * 50_000,
)


def hand_in(folder, notebook):
    notebook.cells += [new_markdown_cell(text) for text in PROSE]
    notebook.cells += [new_code_cell("#\n" + text * 50_000) for text in ("\n ", "#a.\n")]
    notebook.metadata.language_info = {"name": "html+jinja", "pygments_lexer": "html+jinja"}
    write(folder, notebook)
