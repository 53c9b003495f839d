"""The student's id is as long as a name can be, in characters that take three bytes each."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
STUDENT = "学" * 85


def hand_in(folder, notebook):
    write(folder, notebook)
