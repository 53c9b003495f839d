"""The student's id has markup, dots and quotes."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
STUDENT = "a..\\..\\<script>attacked'\"; DROP TABLE grade; --"


def hand_in(folder, notebook):
    write(folder, notebook)
