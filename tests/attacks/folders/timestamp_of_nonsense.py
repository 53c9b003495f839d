"""A timestamp.txt with words in place of a time."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "timestamp.txt").write_bytes(b"yesterday, in time\n")
    write(folder, notebook)
