"""The notebook is a link to a neighbour's."""

SCORES = None
SAYS = "not an ordinary file but a link"


def hand_in(folder, notebook):
    (folder / "target.ipynb").symlink_to("../../a honest one/target/target.ipynb")
