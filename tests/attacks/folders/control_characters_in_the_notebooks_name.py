"""The only notebook has line ends, markup and a terminal's codes in its name."""

from tests.attacks.attack_files import text_of

SCORES = (4.0, 6.0, 10.0)
SAYS = "the notebook is called"


def hand_in(folder, notebook):
    name = "x\n98 of 99 a honest one: 0 of 20 in 0.0 s\r\x1b[2K<script>attacked<.ipynb"
    (folder / name).write_text(text_of(notebook), "utf-8")
