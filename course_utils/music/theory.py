"""Music theory: notes and chords, counted in eighths of a bar of four beats.

Eighths are written straight and played swung: the second one of a beat begins after two thirds of it.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "BAR", "BEAT", "HIGH", "LOW", "QUALITIES", "START", "SWING", "TEMPO", "Chord", "Note",
    "beats", "chord_at", "chord_tones", "end_of", "kind_of", "parse_chords", "pitch_name",
]  # fmt: skip

BEAT, BAR = 2, 8
"""The length of a beat and of a bar, in eighths."""
LOW, HIGH = 55, 84
"""The register of a solo as MIDI pitches, G3 to C6."""
START = 69
"""The pitch from which the first interval of a tune is counted: A4."""
TEMPO = 200
"""The default tempo, in beats per minute."""
SWING = 2 / 3
"""Where in a beat its second eighth begins."""

PITCHES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
QUALITIES = {
    "maj7": ((0, 4, 7, 11), (0, 2, 4, 5, 7, 9, 11)),  # ionian
    "m7": ((0, 3, 7, 10), (0, 2, 3, 5, 7, 9, 10)),  # dorian
    "7": ((0, 4, 7, 10), (0, 2, 4, 5, 7, 9, 10)),  # mixolydian
    "m7b5": ((0, 3, 6, 10), (0, 1, 3, 5, 6, 8, 10)),  # locrian
}
"""The tones of each chord quality, and of its scale, in semitones above the root."""


class Note(NamedTuple):
    """A note: ``start`` and ``length`` in eighths, ``pitch`` as a MIDI number (60 is C4)."""

    start: int
    length: int
    pitch: int


class Chord(NamedTuple):
    """A chord: ``start`` and ``length`` in eighths, and a ``name`` such as Dm7."""

    start: int
    length: int
    name: str


def parse_chords(text: str) -> tuple[Chord, ...]:
    """Return the chords of a text such as "Dm7 | G7 | Cmaj7 A7", with "|" between bars.

    The chords of a bar share it evenly. Raises ValueError for an unknown name, and for a bar without
    chords or with a number of chords that does not divide eight.
    """
    chords: list[Chord] = []
    for number, bar in enumerate(text.split("|")):
        names = bar.split()
        if len(names) not in (1, 2, 4, 8):
            raise ValueError(f"bar {number + 1} of the chords has {len(names)} names: give it 1, 2, 4 or 8")
        each = BAR // len(names)
        for place, name in enumerate(names):
            chord_tones(name)
            chords.append(Chord(number * BAR + place * each, each, name))
    return tuple(chords)


def chord_at(chords: Sequence[Chord], start: int) -> str:
    """Return the name of the chord that sounds at a time in eighths; after the end, of the last one."""
    return next((chord.name for chord in chords if start < chord.start + chord.length), chords[-1].name)


def end_of(chords: Sequence[Chord]) -> int:
    """Return the time at which the last chord ends, in eighths; 0 if there is none."""
    return chords[-1].start + chords[-1].length if chords else 0


def chord_tones(name: str) -> tuple[int, ...]:
    """Return the tones of a chord from its root up, in semitones above the C at or below the root."""
    root, quality = _parts(name)
    return tuple(root + step for step in QUALITIES[quality][0])


def kind_of(pitch: int, name: str) -> str:
    """Return the kind of a pitch over a chord: "C" chord tone, "S" other scale tone, "A" any other."""
    root, quality = _parts(name)
    tones, scale = QUALITIES[quality]
    step = (pitch - root) % 12
    return "C" if step in tones else "S" if step in scale else "A"


def pitch_name(pitch: int) -> str:
    """Return the name of a MIDI pitch, such as Bb4."""
    return f"{PITCHES[pitch % 12]}{pitch // 12 - 1}"


def beats(eighths: int) -> float:
    """Return the time at which an eighth is played, swung, in beats."""
    beat, second = divmod(eighths, BEAT)
    return beat + SWING * second


@lru_cache(maxsize=200)
def _parts(name: str) -> tuple[int, str]:
    """Return the root of a chord, 0 (C) to 11, and its quality. Raises ValueError for an unknown name."""
    match = re.fullmatch(r"([A-G])([b#]?)(.+)", name)
    if match is None or match[3] not in QUALITIES:
        known = ", ".join(f"C{quality}" for quality in QUALITIES)
        raise ValueError(f"{name!r} is not a known chord; those on C are {known}")
    return (LETTERS[match[1]] + {"": 0, "#": 1, "b": -1}[match[2]]) % 12, match[3]
