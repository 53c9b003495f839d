"""The student's folder is a link to a neighbour's."""

import shutil

SCORES = None
SAYS = "links_for_the_student is a link"


def hand_in(folder, notebook):
    shutil.rmtree(folder.parent)
    folder.parent.symlink_to("a honest one")
