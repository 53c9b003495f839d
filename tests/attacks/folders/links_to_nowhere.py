"""The lab's folder is a link that leads nowhere."""

import shutil

SCORES = None
SAYS = "target is a link"


def hand_in(folder, notebook):
    shutil.rmtree(folder)
    folder.symlink_to("nowhere")
