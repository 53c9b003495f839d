"""JSON that is nested so deeply that it can just be read, in the metadata and the outputs."""

from tests.attacks.attack_files import text_of

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    notebook.metadata.padding = "here"
    notebook.cells[1].metadata.padding = "here"
    text = text_of(notebook).replace('"here"', '{"a":' * 400 + "[" * 400 + "]" * 400 + "}" * 400)
    (folder / "target.ipynb").write_text(text, "utf-8")
