"""Hard links to the lab's source and to a neighbour's notebook, to be written through."""

import os

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
PLACES = {
    "published.json": "source/target/target.ipynb",
    "other.txt": "submitted/a honest one/target/target.ipynb",
}


def hand_in(folder, notebook):
    course = folder.parents[2]
    (folder / "published.json").unlink()
    for name, place in PLACES.items():
        os.link(course / place, folder / name)
    write(folder, notebook)
