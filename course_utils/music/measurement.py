"""Listening by measurement: what can be said of a solo without an ear."""

import math
import re
from collections.abc import Sequence

from course_utils.music.grammar import to_values
from course_utils.music.theory import BAR, HIGH, LOW, chord_at, kind_of
from course_utils.music.tune import Tune

__all__ = ["longest_loop", "measure", "repeated_runs"]

RUN = 4
"""How many values make a run whose return is noticed."""
LONGEST = 16
"""The most values of a pattern that counts as a loop."""
RANGE = re.compile(r"=|[+-].*")
"""What is left out of a value where its kind and its length are compared."""


def measure(tune: Tune) -> dict[str, float]:
    """Return what can be measured of a solo, in this order:

    - notes: how many
    - sounding: the share of the time in which a note sounds
    - in range: the share of the notes within the register, G3 to C6
    - in bars: the share of the notes that begin and end within the bars of the chords
    - chord tones: the share of the notes on strong beats, the first and third of a bar, that belong to
      the chord
    - elsewhere: the same share for all other notes
    - chance: what chord tones would be for pitches drawn evenly from the register
    - repeated: the share of the runs of four values that came before in the solo
    - loop: the share of the values taken by the longest loop: a pattern of up to 16 values played again
      at once, each with the same kind and length, whatever its range

    A share of nothing is nan.
    """
    notes = tune.notes
    hits: dict[bool, list[bool]] = {True: [], False: []}
    chances = []
    for note in notes:
        chord, strong = chord_at(tune.chords, note.start), note.start % (BAR // 2) == 0
        hits[strong].append(kind_of(note.pitch, chord) == "C")
        if strong:
            chances += [kind_of(pitch, chord) == "C" for pitch in range(LOW, HIGH + 1)]
    values = to_values(tune)
    return {
        "notes": len(notes),
        "sounding": _share(sum(note.length for note in notes), tune.length),
        "in range": _share(sum(LOW <= note.pitch <= HIGH for note in notes), len(notes)),
        "in bars": _share(sum(note.start + note.length <= tune.length for note in notes), len(notes)),
        "chord tones": _share(sum(hits[True]), len(hits[True])),
        "elsewhere": _share(sum(hits[False]), len(hits[False])),
        "chance": _share(sum(chances), len(chances)),
        "repeated": repeated_runs(values),
        "loop": _share(longest_loop([RANGE.sub("", value) for value in values]), len(values)),
    }


def repeated_runs(values: Sequence[str]) -> float:
    """Return the share of the runs of four values that came before; nan for fewer than four values."""
    runs = [tuple(values[first : first + RUN]) for first in range(len(values) - RUN + 1)]
    return _share(len(runs) - len(set(runs)), len(runs))


def longest_loop(values: Sequence[str]) -> int:
    """Return how many values the longest loop takes, 0 where there is none.

    A loop is a pattern of up to 16 values and all that goes on as it does, at least once through.
    """
    longest = 0
    for period in range(1, LONGEST + 1):
        same = 0
        for place in range(period, len(values)):
            same = same + 1 if values[place] == values[place - period] else 0
            if same >= period:
                longest = max(longest, same + period)
    return longest


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
