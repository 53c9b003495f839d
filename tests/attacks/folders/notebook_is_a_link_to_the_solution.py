"""The notebook is a link to the instructor's own, with the solutions."""

SCORES = None
SAYS = "not an ordinary file but a link"


def hand_in(folder, notebook):
    (folder / "target.ipynb").symlink_to("../../../source/target/target.ipynb")
