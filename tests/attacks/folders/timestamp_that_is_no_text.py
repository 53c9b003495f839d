"""A timestamp.txt that is no text."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)


def hand_in(folder, notebook):
    (folder / "timestamp.txt").write_bytes(b"\xff99999999-99-99 <script>\n")
    write(folder, notebook)
