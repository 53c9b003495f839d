"""Measurements of a solo: what can be said about it without listening."""

import math
import re
from collections.abc import Sequence

from course_utils.music.grammar import to_values
from course_utils.music.theory import BAR, HIGH, LOW, chord_at, kind_of
from course_utils.music.tune import Tune

__all__ = ["longest_loop", "measure", "repeated_runs"]

RUN = 4
"""The number of values in a run, for `repeated_runs`."""
LONGEST = 16
"""The length of the longest pattern that counts as a loop, in values."""
RANGE = re.compile(r"=|[+-].*")
"""The part of a value that is left out when only its kind and length are compared."""


def measure(tune: Tune) -> dict[str, float]:
    """Return the measurements of a solo, in this order:

    - notes: the number of notes
    - sounding: the share of the time during which a note sounds
    - in range: the share of the notes within the register, G3 to C6
    - in bars: the share of the notes that end within the bars of the chords
    - chord tones: the share of chord tones among the notes on strong beats, the first and third of a bar
    - elsewhere: the same share among all other notes
    - chance: what "chord tones" would be for pitches drawn uniformly from the register
    - repeated: the share of the runs of four values that occurred earlier in the solo
    - loop: the share of the values that belong to the longest loop: a pattern of up to 16 values that is
      repeated at once with the same kinds and lengths, whatever the ranges

    A share of nothing is NaN.
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
    """Return the share of the runs of four values that occurred before; NaN for fewer than four values."""
    runs = [tuple(values[first : first + RUN]) for first in range(len(values) - RUN + 1)]
    return _share(len(runs) - len(set(runs)), len(runs))


def longest_loop(values: Sequence[str]) -> int:
    """Return the number of values in the longest loop, 0 if there is none.

    A loop is a pattern of up to 16 values together with its repetitions, of which at least one is complete.
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
