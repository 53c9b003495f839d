"""A notebook that starts with a byte order mark."""

from tests.attacks.attack_files import text_of

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "target.ipynb").write_text(text_of(notebook), "utf-8-sig")
