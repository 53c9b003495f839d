"""Files beside the notebook whose names have control characters, markup, bytes that are no text, and dots."""

import os

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
NAMES = (
    b"a\nb",
    b"\x1b[31mred\x07",
    b"<script>attacked<",
    b"..",
    b"...",
    b"..\\..\\x",
    b"\xff\xfe",
    b"\xef\xbf\xbd",
    b"-rf",
    b"x" * 250,
    "\u202etxt.exe".encode(),
)


def hand_in(folder, notebook):
    for name in NAMES:
        if name != b"..":
            with open(os.fsencode(folder) + b"/" + name, "w") as file:
                file.write("x")
    os.mkdir(os.fsencode(folder) + b"/\xfe\xff")
    with open(os.fsencode(folder) + b"/\xfe\xff/x", "w") as file:
        file.write("x")
    write(folder, notebook)
