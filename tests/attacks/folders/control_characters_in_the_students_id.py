"""The student's id has line ends and a terminal's codes: it looks like lines of the report."""

from tests.attacks.attack_files import write

SCORES = None
SAYS = "cannot be an id"
STUDENT = "x\n99 of 99 a honest one: 0 of 20 in 0.0 s\r\x1b[2K\x1b]0;attacked\x07"


def hand_in(folder, notebook):
    write(folder, notebook)
