"""A notebook that is not UTF-8."""

from tests.attacks.attack_files import text_of

SCORES = None
SAYS = "it is not UTF-8 text"


def hand_in(folder, notebook):
    text = text_of(notebook).encode()
    (folder / "target.ipynb").write_bytes(text.replace(b"# Target", b"# T\xe4rget"))
