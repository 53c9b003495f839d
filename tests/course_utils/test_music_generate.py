import builtins
from pathlib import Path

import numpy as np
import pytest

from course_utils.music import Note, generate_music, measure, parse_chords, read_tune
from course_utils.music.generate import SETS, prune

VALUES = dict(enumerate(["A1+1..2", "C1+1..2", "C1-1..2", "C2+3..4", "C2-3..4", "C4=", "R1", "S1-1..2"]))
N = len(VALUES)
ZERO = np.zeros((1, 1, N)), np.zeros((1, 5)), np.zeros((1, 5))


class Model:
    """Answers as predict_and_sample does, and records the arguments of each call."""

    def __init__(self, *answers):
        self.answers = [np.array(answer).reshape(-1, 1) for answer in answers]
        self.asked = []

    def __call__(self, x_initializer, a_initializer, c_initializer):
        self.asked.append((x_initializer, a_initializer, c_initializer))
        indices = self.answers[(len(self.asked) - 1) % len(self.answers)]
        return np.eye(N)[indices.ravel().astype(int)], indices


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def line(count=50):
    return np.random.default_rng(0).integers(0, N, count)


def test_five_sets_of_eight_bars_make_one_solo(tmp_path, capsys):
    tune = generate_music(Model(line()), *ZERO, VALUES)
    assert tune.bars == 40
    assert tune.chords == parse_chords(" | ".join(SETS.values()))
    assert read_tune(tmp_path / "output" / "my_music.midi") == tune
    sounds = [len(tune.part(1 + 8 * number, 8).notes) for number in range(5)]
    assert min(sounds) > 20
    first, *said, last = capsys.readouterr().out.splitlines()
    assert first == "Predicting values for 5 sets of chords."
    for number, (line_said, name, count) in enumerate(zip(said, SETS, sounds, strict=True), start=1):
        assert line_said.startswith(f'Set of chords "{number}", {name}: {count} notes from ')
        assert ", beginning " in line_said
    assert last == f"The solo is saved as {Path('output/my_music.midi')}."


def test_the_notes_lie_in_the_bars_of_their_set():
    """Ninety values last longer than eight bars, so the rest is cut."""
    tune = generate_music(Model(line(90)), *ZERO, VALUES)
    for first in range(1, 41, 8):
        part = tune.part(first, 8)
        assert measure(part)["in bars"] == 1
        assert part.notes[-1].start >= 56
    assert measure(tune)["in range"] == 1
    starts = [note.start for note in tune.notes]
    assert starts == sorted(set(starts))


def test_each_set_starts_from_the_last_value_that_ended_a_bar():
    """Two half notes, which end a bar, and an eighth; then an eighth rest and a quarter, which end none."""
    model = Model([5, 5, 1], [6, 4])
    a, c = np.full((1, 5), 0.5), np.full((1, 5), 0.25)
    x = np.zeros((1, 1, N))
    generate_music(model, x, a, c, VALUES)
    assert [asked[0].shape for asked in model.asked] == [(1, 1, N)] * 5
    assert model.asked[0][0].sum() == x.sum() == 0
    assert [(asked[0].argmax(), asked[0].sum()) for asked in model.asked[1:]] == [(5, 1), (4, 1)] * 2
    assert all(asked[1] is a and asked[2] is c for asked in model.asked)


def test_another_file_and_flat_indices(tmp_path, capsys):
    tune = generate_music(
        lambda x, a, c: (None, np.array([1, 3, 4])), *ZERO, VALUES, path=tmp_path / "deep" / "a.mid"
    )
    assert len(tune.notes) == 15
    assert read_tune(tmp_path / "deep" / "a.mid") == tune
    assert f"The solo is saved as {tmp_path / 'deep' / 'a.mid'}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("indices", "what"),
    [
        ([], "no indices"),
        ([1, 8], "8 among its indices"),
        ([-1], "-1 among"),
        ([0.5], "0.5 among"),
        ([True], "True"),
    ],
)
def test_invalid_indices_are_rejected_and_nothing_is_written(indices, what, tmp_path):
    with pytest.raises(ValueError, match=rf"predict gave {what}.*whole numbers from 0 to 7 are wanted"):
        generate_music(lambda x, a, c: (None, np.array(indices)), *ZERO, VALUES)
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_written_the_solo_is_returned_all_the_same(tmp_path, capsys):
    (tmp_path / "output").write_text("a file where the folder should be")
    tune = generate_music(Model(line()), *ZERO, VALUES)
    assert tune.bars == 40
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith(f"The solo could not be saved as {Path('output/my_music.midi')} (")


def test_during_grading_the_solo_is_saved_but_not_rendered(monkeypatch, tmp_path):
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    tune = generate_music(Model(line()), *ZERO, VALUES)
    assert tune._repr_html_() is None
    assert (tmp_path / "output" / "my_music.midi").exists()


# ---------------------------------------------------------------- pruning

CHORDS = parse_chords("Cmaj7 | E7")


def notes(*pitches, start=0):
    return [Note(start + place, 1, pitch) for place, pitch in enumerate(pitches)]


def test_an_approach_note_that_leads_to_a_note_stays():
    assert prune(notes(66, 67, 68, 69), CHORDS) == notes(66, 67, 68, 69)


@pytest.mark.parametrize(
    ("pitches", "pruned"),
    [
        ((66, 72), (67, 72)),
        ((66, 60), (65, 60)),
        ((66, 64), (65, 64)),
        ((67, 66), (67, 65)),  # nothing comes after it
        ((61, 63, 67), (62, 64, 67)),  # the second moves first, and so the first leads nowhere
    ],
)
def test_one_that_leads_nowhere_moves_into_the_scale_towards_the_next_note(pitches, pruned):
    assert prune(notes(*pitches), CHORDS) == notes(*pruned)


def test_after_a_gap_it_leads_nowhere():
    assert prune([Note(0, 1, 66), Note(2, 1, 67)], CHORDS) == [Note(0, 1, 67), Note(2, 1, 67)]


def test_no_note_is_moved_out_of_the_register():
    assert [note.pitch for note in prune([Note(8, 1, 55), Note(10, 1, 84)], CHORDS)] == [56, 83]


def test_a_pitch_sounds_three_times_in_a_row_at_most():
    assert prune(notes(60, 60, 60), CHORDS) == notes(60, 60, 60)
    assert prune(notes(60, 60, 60, 60, 60, 62, 60), CHORDS) == notes(60, 60, 60) + notes(62, 60, start=5)
    assert prune([], CHORDS) == []
