"""Music for the lab `jazz`: tunes, values to learn from, MIDI files, sound, figures and measurements.

A tune is a melody over chords. `to_values` encodes it as tokens, called values, that a network can learn to
predict; `from_values` decodes values into notes, over the same chords or others. Each module uses only those
before it: theory; midi, roll, sound; tune; grammar; corpus, generate, measurement.
"""

from course_utils.music.corpus import load_music_utils
from course_utils.music.generate import generate_music
from course_utils.music.grammar import from_values, to_values
from course_utils.music.measurement import measure
from course_utils.music.theory import Chord, Note, parse_chords
from course_utils.music.tune import Tune, play_side_by_side, read_tune

__all__ = [
    "Chord",
    "Note",
    "Tune",
    "from_values",
    "generate_music",
    "load_music_utils",
    "measure",
    "parse_chords",
    "play_side_by_side",
    "read_tune",
    "to_values",
]
