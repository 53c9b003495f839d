"""The grammar: encodes a tune as a list of values, and decodes it.

A value such as C1+3..4 says which kind of tone a note is over the chord, how many eighths it lasts, and how
many semitones it lies above or below the note before it. R2 is a rest of two eighths.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from course_utils.music.theory import BAR, HIGH, LOW, START, TEMPO, Chord, Note, chord_at, kind_of
from course_utils.music.tune import Tune

__all__ = ["RANGES", "from_values", "lengths", "pitch_for", "to_values"]

RANGES = ((1, 2), (3, 4), (5, 7), (8, 12))
"""Semitones up or down. A wider leap counts in the last range."""
VALUE = re.compile(r"R(?P<rest>[1-9]\d?)|(?P<kind>[CSA])(?P<length>[1-9]\d?)(?P<range>=|[+-](\d+)\.\.(\d+))")


def to_values(tune: Tune) -> list[str]:
    """Return the values of a tune, including rests up to the end of the last bar.

    A rest that crosses a bar line becomes two values.
    """
    values: list[str] = []
    time, previous = 0, START
    for note in tune.notes:
        values += _rests(time, note.start)
        kind = kind_of(note.pitch, chord_at(tune.chords, note.start))
        values.append(f"{kind}{note.length}{_range(note.pitch - previous)}")
        time, previous = note.start + note.length, note.pitch
    return values + _rests(time, tune.length)


def from_values(values: Sequence[str], chords: Sequence[Chord], tempo: int = TEMPO) -> Tune:
    """Return the tune that the values describe over chords.

    Each note is the nearest to the note before that has the right kind and lies in the range; see
    `pitch_for`. What lies past the last chord is cut. Raises ValueError for a malformed value.
    """
    notes: list[Note] = []
    time, previous = 0, START
    end = chords[-1].start + chords[-1].length if chords else 0
    for value in values:
        found = _match(value)
        if time >= end:
            break
        length = min(int(found["rest"] or found["length"]), end - time)
        if found["kind"]:
            low, high = _bounds(found["range"])
            previous = pitch_for(found["kind"], low, high, previous, chord_at(chords, time))
            notes.append(Note(time, length, previous))
        time += length
    return Tune(tuple(notes), tuple(chords), tempo)


def lengths(values: Sequence[str]) -> list[int]:
    """Return how many eighths each value lasts. Raises ValueError for a malformed value."""
    matches = (_match(value) for value in values)
    return [int(found["rest"] or found["length"]) for found in matches]


@lru_cache(maxsize=10_000)
def pitch_for(kind: str, low: int, high: int, previous: int, chord: str) -> int:
    """Return a pitch of the given kind that lies ``low`` to ``high`` semitones above ``previous``.

    If there are several, it is the nearest to ``previous``; if there is none, the nearest to the range.
    If the range lies outside the register, the line continues an octave lower or higher.
    """
    previous += 12 * ((previous + high < LOW) - (previous + low > HIGH))
    options = [pitch for pitch in range(LOW, HIGH + 1) if kind_of(pitch, chord) == kind]

    def order(pitch: int) -> tuple[int, int, int]:
        step = pitch - previous
        return max(low - step, step - high, 0), abs(step), pitch

    return min(options, key=order)


def _rests(start: int, end: int) -> list[str]:
    """Return the rests from one time to another, split at bar lines."""
    rests = []
    while start < end:
        length = min(end, (start // BAR + 1) * BAR) - start
        rests.append(f"R{length}")
        start += length
    return rests


def _range(step: int) -> str:
    """Return the range that an interval in semitones falls into, such as -3..4."""
    if step == 0:
        return "="
    low, high = next((pair for pair in RANGES if abs(step) <= pair[1]), RANGES[-1])
    return f"{'+' if step > 0 else '-'}{low}..{high}"


def _bounds(text: str) -> tuple[int, int]:
    """Return the smallest and the largest interval of a range: -4 and -3 for -3..4."""
    if text == "=":
        return 0, 0
    low, high = map(int, text[1:].split(".."))
    return (low, high) if text[0] == "+" else (-high, -low)


def _match(value: str) -> re.Match[str]:
    if found := VALUE.fullmatch(value):
        return found
    raise ValueError(f"{value!r} is not a value such as C1+3..4 or R2")
