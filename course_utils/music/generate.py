"""A solo from a network: values predicted for five sets of chords, made into notes and cleaned up."""

import os
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from course_utils.music.grammar import from_values, lengths
from course_utils.music.theory import BAR, HIGH, LOW, Chord, Note, chord_at, kind_of, parse_chords
from course_utils.music.tune import Tune

__all__ = ["SETS", "generate_music", "prune"]

SETS = (
    "Dm7 | G7 | Cmaj7 | Am7 | Dm7 | G7 | Cmaj7 | Cmaj7",
    "Gm7 | C7 | Fmaj7 | D7 | Gm7 | C7 | Fmaj7 | Fmaj7",
    "F7 | Bb7 | F7 | F7 | Bb7 | Bb7 | F7 | F7",
    "Bm7b5 | E7 | Am7 | Am7 | Bm7b5 | E7 | Am7 | A7",
    "Dm7 G7 | Em7 A7 | Dm7 G7 | Cmaj7 A7 | Dm7 | G7 | Cmaj7 | Cmaj7",
)
"""Eight bars each: ii-V-I in C and in F, the first bars of a blues in F, ii-V-i in A minor, turnarounds."""
MOST = 3
"""How often a pitch may sound in a row."""

Predict = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def generate_music(
    predict: Predict,
    x_initializer: np.ndarray,
    a_initializer: np.ndarray,
    c_initializer: np.ndarray,
    indices_values: Mapping[int, str],
    path: str | os.PathLike[str] = "output/my_music.midi",
) -> Tune:
    """Compose a solo over five sets of chords of eight bars each, save it as MIDI, and return it.

    Parameters
    ----------
    predict
        Called as ``predict(x_initializer, a_initializer, c_initializer)`` once for each set of chords.
        Returns results, which are not looked at, and indices (T_y, 1), those of the predicted values.
    x_initializer
        The first input, with n_values entries, such as zeros of shape (1, 1, n_values). After the first
        set it is the one-hot of the last value before a bar begins, in the same shape: as the sequences
        that `load_music_utils` gives, the next set begins with a bar.
    a_initializer, c_initializer
        The first states, such as zeros of shape (1, n_a). They are handed on as they are.
    indices_values
        The value of each index, as `load_music_utils` gives it.

    Raises ValueError where predict gives no indices, or others than those of ``indices_values``.
    """
    print(f"Predicting values for {len(SETS)} sets of chords.")
    x = np.array(x_initializer, dtype=float)
    chords, notes, end = [], [], 0
    for number, text in enumerate(SETS, start=1):
        _, indices = predict(x, a_initializer, c_initializer)
        numbers = _checked(indices, indices_values)
        values = [indices_values[index] for index in numbers]
        part = from_values(values, parse_chords(text))
        kept = prune(part.notes, part.chords)
        print(f'Set of chords "{number}": {len(numbers)} values give {len(kept)} sounds after pruning.')
        chords += [chord._replace(start=chord.start + end) for chord in part.chords]
        notes += [note._replace(start=note.start + end) for note in kept]
        end += part.length
        x = np.zeros_like(x)
        x.flat[numbers[_before_a_bar(values)]] = 1
    tune = Tune(tuple(notes), tuple(chords))
    tune.save(path)
    print(f"The solo is saved as {os.fspath(path)}.")
    return tune


def prune(notes: Sequence[Note], chords: Sequence[Chord]) -> list[Note]:
    """Return notes without what sounds like a slip.

    An approach note after which the next note does not come at once and by a half step moves into the
    scale, by a half step towards the next note. A pitch that sounds a fourth time in a row, no other one
    between, is left out.
    """
    moved: list[Note] = []
    for note in reversed(notes):
        after = moved[-1] if moved else None
        if kind_of(note.pitch, chord_at(chords, note.start)) == "A" and not _leads(note, after):
            up = note.pitch == LOW or (note.pitch < HIGH and after is not None and after.pitch > note.pitch)
            note = note._replace(pitch=note.pitch + (1 if up else -1))
        moved.append(note)
    kept: list[Note] = []
    for note in reversed(moved):
        if [other.pitch for other in kept[-MOST:]] != [note.pitch] * MOST:
            kept.append(note)
    return kept


def _before_a_bar(values: Sequence[str]) -> int:
    """Return the place of the last value that ends where a bar ends; of the last one, if there is none."""
    ends = np.flatnonzero(np.cumsum(lengths(values)) % BAR == 0)
    return int(ends[-1]) if len(ends) else len(values) - 1


def _leads(note: Note, after: Note | None) -> bool:
    """Whether a note leads to the one after it without a gap and by a half step."""
    return (
        after is not None and after.start == note.start + note.length and abs(after.pitch - note.pitch) == 1
    )


def _checked(indices: np.ndarray, indices_values: Mapping[int, str]) -> list[int]:
    """Return indices as a list of whole numbers. Raises ValueError."""
    numbers = np.ravel(indices).tolist()
    wrong = [number for number in numbers if isinstance(number, bool) or number not in indices_values]
    if not numbers or wrong:
        found = f"{wrong[0]!r} among its indices" if wrong else "no indices"
        raise ValueError(
            f"predict gave {found}: whole numbers from 0 to {len(indices_values) - 1} are wanted, "
            "in an array of shape (T_y, 1)"
        )
    return [int(number) for number in numbers]
