"""A notebook of a format that does not exist, with numbers of no sense."""

import json

from tests.attacks.attack_files import text_of

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    data = json.loads(text_of(notebook))
    data.update(nbformat_minor=10**30, orig_nbformat=float("nan"), worksheets=[{}])
    (folder / "target.ipynb").write_text(json.dumps(data), "utf-8")
