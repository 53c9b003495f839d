import builtins

import pytest

from course_utils.music import Chord, Note, Tune, parse_chords, play_side_by_side
from course_utils.music.theory import QUALITIES, beats, chord_at, chord_tones, kind_of, pitch_name

ROOTS = [letter + sign for letter in "CDEFGAB" for sign in ("", "b", "#")]


def tune():
    notes = (Note(0, 4, 69), Note(6, 4, 72), Note(10, 1, 71), Note(16, 8, 67))
    return Tune(notes, parse_chords("Dm7 | G7 A7 | Cmaj7"), 120)


def test_the_chords_of_a_bar_share_it():
    assert parse_chords("Dm7 | G7 A7 | C7 D7 E7 F7") == (
        Chord(0, 8, "Dm7"),
        Chord(8, 4, "G7"),
        Chord(12, 4, "A7"),
        *(Chord(16 + 2 * place, 2, name) for place, name in enumerate(("C7", "D7", "E7", "F7"))),
    )


@pytest.mark.parametrize("name", ["H7", "C", "Cm", "m7", "Cbb7", "c7", ""])
def test_an_unknown_chord_is_named(name):
    with pytest.raises(
        ValueError, match=f"{name!r} is not a known chord; those on C are Cmaj7, Cm7, C7, Cm7b5"
    ):
        kind_of(60, name)


@pytest.mark.parametrize("text", ["Dm7 || G7", "Dm7 G7 C7", ""])
def test_a_bar_has_chords_that_can_share_it(text):
    with pytest.raises(ValueError, match=r"bar \d of the chords has [03] names: give it 1, 2, 4 or 8"):
        parse_chords(text)


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("root", ROOTS)
def test_every_pitch_has_one_kind_in_every_octave(root, quality):
    kinds = [kind_of(pitch, root + quality) for pitch in range(12, 24)]
    assert [kinds.count(kind) for kind in "CSA"] == [4, 3, 5]
    assert kinds == [kind_of(pitch, root + quality) for pitch in range(72, 84)]
    assert [kind_of(tone, root + quality) for tone in chord_tones(root + quality)] == ["C"] * 4
    # a note outside the scale has the scale on both sides
    assert all("A" not in (kinds[k - 1], kinds[(k + 1) % 12]) for k in range(12) if kinds[k] == "A")


def test_kinds_by_hand():
    """From C to B."""
    assert "".join(kind_of(pitch, "Dm7") for pitch in range(60, 72)) == "CACASCASACAS"
    assert "".join(kind_of(pitch, "Bb7") for pitch in range(60, 72)) == "SACSACASCACA"
    assert "".join(kind_of(pitch, "F#m7b5") for pitch in range(60, 72)) == "CASACACSACAS"


def test_the_chord_at_a_time():
    chords = parse_chords("Dm7 | G7 A7")
    assert [chord_at(chords, time) for time in (0, 7, 8, 11, 12, 15, 16, 99)] == (
        ["Dm7"] * 2 + ["G7"] * 2 + ["A7"] * 4
    )


def test_eighths_swing():
    assert [beats(eighths) for eighths in (0, 1, 2, 3)] == [0, 2 / 3, 1, 1 + 2 / 3]


def test_names_of_pitches():
    assert [pitch_name(pitch) for pitch in (0, 60, 69, 70, 84)] == ["C-1", "C4", "A4", "Bb4", "C6"]


def test_a_tune_says_what_it_is():
    assert tune().bars == 3
    assert repr(tune()) == "A tune of 3 bars with 4 notes, 120 beats a minute"
    assert Tune((), ()).bars == 0


def test_a_part_counts_from_its_own_start():
    part = tune().part(2, 2)
    assert part.notes == (Note(2, 1, 71), Note(8, 8, 67))
    assert part.chords == parse_chords("G7 A7 | Cmaj7")
    assert part.tempo == 120


def test_a_part_cuts_what_lasts_longer():
    assert tune().part(1, 1) == Tune((Note(0, 4, 69), Note(6, 2, 72)), parse_chords("Dm7"), 120)


def test_while_a_notebook_is_graded_there_is_no_player(monkeypatch):
    assert tune()._repr_html_().startswith("<audio ")
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    assert tune()._repr_html_() is None


def test_side_by_side_without_players_is_a_line_for_each(capsys):
    play_side_by_side({"one": tune(), "two": tune()})
    assert capsys.readouterr().out.splitlines() == [f"{name}: {tune()!r}" for name in ("one", "two")]
