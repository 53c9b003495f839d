import random

import pytest

from course_utils.music import Note, Tune, from_values, parse_chords, to_values
from course_utils.music.grammar import lengths, pitch_for
from course_utils.music.theory import HIGH, LOW, chord_at, kind_of

CHORDS = parse_chords("Dm7 | G7")
NAMES = ("Dm7", "G7", "Cmaj7", "Bm7b5", "F#7")
RANGES = [(0, 0)] + [(sign * a, sign * b) for a, b in ((1, 2), (3, 4), (5, 7), (8, 12)) for sign in (1, -1)]


def tune(*notes):
    return Tune(tuple(Note(*note) for note in notes), CHORDS)


def test_by_hand():
    """A tune starts from A4; over Dm7, F, A, C and D are chord tones, and Ab is outside the scale."""
    written = tune((0, 1, 69), (1, 1, 72), (3, 2, 71), (5, 1, 64), (6, 2, 65), (8, 1, 66), (9, 3, 67))
    values = ["C1=", "C1+3..4", "R1", "S2-1..2", "S1-5..7", "C2+1..2", "A1+1..2", "C3+1..2", "R4"]
    assert to_values(written) == values
    assert from_values(values, CHORDS) == written


def test_a_rest_is_split_at_a_bar_line():
    assert to_values(tune((6, 1, 69))) == ["R6", "C1=", "R1", "R8"]
    assert to_values(Tune((), CHORDS)) == ["R8", "R8"]


def test_a_wide_leap_counts_in_the_last_range():
    assert to_values(tune((0, 8, 84), (8, 8, 55))) == ["C8+8..12", "C8-8..12"]


def test_the_same_values_make_other_notes_over_other_chords():
    values = ["C1+1..2", "C1+3..4", "S1-1..2", "C1-1..2"]
    pitches = {name: [n.pitch for n in from_values(values, parse_chords(name)).notes] for name in NAMES[:3]}
    assert pitches["Cmaj7"] == [71, 76, 74, 72]
    assert pitches["G7"] == [71, 74, 72, 71]
    for name, found in pitches.items():
        assert [kind_of(pitch, name) for pitch in found] == ["C", "C", "S", "C"]


def test_notes_are_cut_at_the_end_of_the_last_chord():
    found = from_values(["C9=", "R6", "C4=", "C1="], CHORDS)
    assert [(note.start, note.length) for note in found.notes] == [(0, 9), (15, 1)]
    assert from_values(["C1="], ()).notes == ()


@pytest.mark.parametrize(
    "value", ["", "C", "C1", "C0=", "R0", "R", "R2=", "X1=", "C1+1", "C1+1..2 ", "c1=", "C100=", "1C="]
)
def test_a_malformed_value_is_named(value):
    with pytest.raises(ValueError, match=r"is not a value such as C1\+"):
        from_values(["C1=", value], CHORDS)
    with pytest.raises(ValueError, match="is not a value"):
        lengths([value])


def test_how_long_values_last():
    assert lengths(["C1=", "R12", "S3-1..2"]) == [1, 12, 3]


@pytest.mark.parametrize("chord", NAMES)
def test_a_pitch_has_its_kind_lies_in_the_register_and_is_the_nearest_in_its_range(chord):
    exact = 0
    for kind in "CSA":
        for low, high in (sorted(pair) for pair in RANGES):
            for previous in range(LOW, HIGH + 1):
                pitch = pitch_for(kind, low, high, previous, chord)
                assert kind_of(pitch, chord) == kind
                assert LOW <= pitch <= HIGH
                fits = [
                    other
                    for other in range(LOW, HIGH + 1)
                    if low <= other - previous <= high and kind_of(other, chord) == kind
                ]
                if fits:
                    exact += 1
                    assert pitch == min(fits, key=lambda other: abs(other - previous))
    assert exact > 300


def test_at_the_end_of_the_register_the_line_continues_an_octave_away():
    """C6 is the highest pitch, G3 the lowest."""
    assert pitch_for("C", 3, 4, 84, "Cmaj7") == 76  # from C5 up to E5
    assert pitch_for("C", 1, 2, 83, "Cmaj7") == 84  # within the register
    assert pitch_for("S", -2, -1, 55, "Cmaj7") == 65  # from G4 down to F4
    assert pitch_for("C", 8, 12, 76, "Cmaj7") == 84


def test_kinds_and_times_survive_encoding_and_decoding():
    rng = random.Random(0)
    chords = parse_chords("Dm7 | G7 | Cmaj7 A7 | Bm7b5 E7 | Am7 | F#7 | Bbmaj7 | Ab7")
    for _ in range(20):
        notes, time = [], 0
        while time < 60:
            time += rng.choice((0, 0, 0, 1, 3))
            notes.append(Note(time, rng.choice((1, 1, 2, 3)), rng.randint(LOW, HIGH)))
            time += notes[-1].length
        played = Tune(tuple(notes), chords)
        again = from_values(to_values(played), chords)
        assert [note[:2] for note in again.notes] == [note[:2] for note in played.notes]
        assert kinds(again) == kinds(played)


def kinds(tune):
    return [kind_of(note.pitch, chord_at(tune.chords, note.start)) for note in tune.notes]


@pytest.mark.parametrize("seed", range(5))
def test_where_every_range_can_be_met_values_and_notes_are_equivalent(seed):
    rng = random.Random(seed)
    chords = parse_chords("Dm7 | G7 | Cmaj7 A7 | Bm7b5 E7 | Am7 | F#7")
    values, time, previous = [], 0, 69
    while time < 48:
        kind, length, (low, high) = rng.choice("CCSA"), rng.choice((1, 2, 3)), sorted(rng.choice(RANGES))
        pitch = pitch_for(kind, low, high, previous, chord_at(chords, time))
        if time + length > 48 or not low <= pitch - previous <= high:
            continue
        sign, ends = ("+" if low > 0 else "-"), sorted((abs(low), abs(high)))
        values.append(f"{kind}{length}" + (f"{sign}{ends[0]}..{ends[1]}" if high or low else "="))
        time, previous = time + length, pitch
    made = from_values(values, chords)
    assert to_values(made) == values
    assert from_values(to_values(made), chords) == made
