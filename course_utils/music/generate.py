"""A solo from a network: values predicted for five sets of chords, decoded into notes and cleaned up."""

import os
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from course_utils.music.grammar import from_values, lengths
from course_utils.music.theory import BAR, HIGH, LOW, Chord, Note, chord_at, kind_of, parse_chords, pitch_name
from course_utils.music.tune import Tune

__all__ = ["SETS", "generate_music", "prune"]

SETS = {
    "ii-V-I in C": "Dm7 | G7 | Cmaj7 | Am7 | Dm7 | G7 | Cmaj7 | Cmaj7",
    "ii-V-I in F": "Gm7 | C7 | Fmaj7 | D7 | Gm7 | C7 | Fmaj7 | Fmaj7",
    "blues in F": "F7 | Bb7 | F7 | F7 | Bb7 | Bb7 | F7 | F7",
    "ii-V-i in A minor": "Bm7b5 | E7 | Am7 | Am7 | Bm7b5 | E7 | Am7 | A7",
    "turnarounds in C": "Dm7 G7 | Em7 A7 | Dm7 G7 | Cmaj7 A7 | Dm7 | G7 | Cmaj7 | Cmaj7",
}
"""Chords of eight bars each; of the blues, the beginning."""
MOST = 3
"""How many times in a row a pitch may sound."""

Predict = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def generate_music(
    predict: Predict,
    x_initializer: np.ndarray,
    a_initializer: np.ndarray,
    c_initializer: np.ndarray,
    indices_values: Mapping[int, str],
    path: str | os.PathLike[str] = "output/my_music.midi",
) -> Tune:
    """Compose a solo over five sets of chords, eight bars each, save it as MIDI, and return it.

    Parameters
    ----------
    predict
        Called as ``predict(x_initializer, a_initializer, c_initializer)`` once for each set of chords.
        Returns results, which are ignored, and the indices of the predicted values, (T_y, 1).
    x_initializer
        The first input, with n_values entries, such as zeros of shape (1, 1, n_values). Each further set
        starts from the last value that ended a bar, one-hot in the same shape, so that it begins at a bar
        line as the training sequences do.
    a_initializer, c_initializer
        The initial states, such as zeros of shape (1, n_a), passed on unchanged.
    indices_values
        The value of each index, as `load_music_utils` returns it.

    Where the file cannot be written, a line says so and the solo is returned all the same. Raises ValueError
    if predict returns no indices, or one that is not in ``indices_values``.
    """
    print(f"Predicting values for {len(SETS)} sets of chords.")
    x = np.array(x_initializer, dtype=float)
    chords, notes, end = [], [], 0
    for number, (name, text) in enumerate(SETS.items(), start=1):
        _, indices = predict(x, a_initializer, c_initializer)
        numbers = _checked(indices, indices_values)
        values = [indices_values[index] for index in numbers]
        part = from_values(values, parse_chords(text))
        kept = prune(part.notes, part.chords)
        print(f'Set of chords "{number}", {name}: {_described(kept)}')
        chords += [chord._replace(start=chord.start + end) for chord in part.chords]
        notes += [note._replace(start=note.start + end) for note in kept]
        end += part.length
        x = np.zeros_like(x)
        x.flat[numbers[_before_a_bar(values)]] = 1
    tune = Tune(tuple(notes), tuple(chords))
    try:
        tune.save(path)
        print(f"The solo is saved as {os.fspath(path)}.")
    except OSError as error:
        print(f"The solo could not be saved as {os.fspath(path)} ({error.strerror}). It can be played here.")
    return tune


def prune(notes: Sequence[Note], chords: Sequence[Chord]) -> list[Note]:
    """Return the notes without what sounds like a slip.

    An approach note that is not followed at once by a note a semitone away moves into the scale, a
    semitone towards the next note. A note that would repeat its pitch a fourth time in a row is dropped.
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


def _described(notes: Sequence[Note]) -> str:
    """Say how many notes there are after pruning, how high and low they go, and how they begin."""
    if not notes:
        return "silence"
    pitches = [note.pitch for note in notes]
    span = f"{len(notes)} notes from {pitch_name(min(pitches))} to {pitch_name(max(pitches))}"
    return f"{span}, beginning {' '.join(map(pitch_name, pitches[:4]))}"


def _before_a_bar(values: Sequence[str]) -> int:
    """Return the index of the last value that ends a bar, or of the last value if none does."""
    ends = np.flatnonzero(np.cumsum(lengths(values)) % BAR == 0)
    return int(ends[-1]) if len(ends) else len(values) - 1


def _leads(note: Note, after: Note | None) -> bool:
    """Return whether the next note follows without a gap and a semitone away."""
    return (
        after is not None and after.start == note.start + note.length and abs(after.pitch - note.pitch) == 1
    )


def _checked(indices: np.ndarray, indices_values: Mapping[int, str]) -> list[int]:
    """Return the indices as a list of integers. Raises ValueError for one that is not valid."""
    numbers = np.ravel(indices).tolist()
    wrong = [number for number in numbers if isinstance(number, bool) or number not in indices_values]
    if not numbers or wrong:
        found = f"{wrong[0]!r} among its indices" if wrong else "no indices"
        raise ValueError(
            f"predict gave {found}: whole numbers from 0 to {len(indices_values) - 1} are wanted, "
            "in an array of shape (T_y, 1)"
        )
    return [int(number) for number in numbers]
