"""The tune of the lab, the arrays made from it, and what there is to learn from it."""

import importlib.util
import random
import sys
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from course_utils.music import from_values, load_music_utils, measure, parse_chords, read_tune, to_values
from course_utils.music.generate import prune
from course_utils.music.grammar import lengths
from course_utils.music.theory import chord_at, kind_of

DATA = Path(__file__).parents[2] / "assignments" / "jazz" / "data"
SOLO = DATA / "solo.mid"


@pytest.fixture(scope="module")
def solo():
    return read_tune(SOLO)


@pytest.fixture(scope="module")
def values(solo):
    return to_values(solo)


# ---------------------------------------------------------------- the arrays


def test_shapes_are_the_published_ones():
    X, Y, n_values, indices_values = load_music_utils(SOLO)
    assert X.shape == (60, 30, n_values)
    assert Y.shape == (30, 60, n_values)
    assert list(indices_values) == list(range(n_values))
    assert 50 <= n_values <= 100


def test_each_target_is_the_next_input():
    X, Y, _, _ = load_music_utils(SOLO)
    assert np.array_equal(Y[:-1].transpose(1, 0, 2), X[:, 1:])
    for array in (X, Y):
        assert set(np.unique(array)) == {0.0, 1.0}
    assert (Y.sum(-1) == 1).all()
    first = X[:, 0].sum(-1)
    assert (X[:, 1:].sum(-1) == 1).all()
    assert first.tolist() == [0.0] + [1.0] * 59  # before the tune there is nothing


def test_each_sequence_is_a_part_of_the_tune_from_a_bar_line_on(values):
    X, Y, _, indices_values = load_music_utils(SOLO)
    times = np.cumsum([0, *lengths(values)])
    bars = []
    for number in range(60):
        stretch = [indices_values[index] for index in Y[:, number].argmax(-1)]
        places = [p for p in range(len(values) - 29) if values[p : p + 30] == stretch and times[p] % 8 == 0]
        assert places, number
        if number:
            assert indices_values[X[number, 0].argmax()] in {values[place - 1] for place in places}
        bars.append(times[places[0]] // 8)
    assert bars == sorted(set(bars))
    assert max(np.diff(bars)) <= 3


def test_a_short_tune_is_rejected(tmp_path):
    path, chords = tmp_path / "short.mid", parse_chords("Dm7 | G7 | Dm7 | G7")
    from_values(["C1+1..2", "C1-1..2"] * 15, chords).save(path)
    assert to_values(read_tune(path))[30:] == ["R2"]
    assert load_music_utils(path)[0].shape[:2] == (60, 30)
    from_values(["C1+1..2", "C1-1..2"] * 14, chords).save(path)
    with pytest.raises(ValueError, match=r"short\.mid has 29 values, but a sequence needs 30"):
        load_music_utils(path)


def test_the_file_beside_the_notebook_is_read(monkeypatch, tmp_path):
    monkeypatch.chdir(DATA.parent)
    assert load_music_utils()[2] == load_music_utils(SOLO)[2]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"data.solo\.mid"):
        load_music_utils()


# ---------------------------------------------------------------- the tune


def test_the_script_composes_the_file_again(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_file_location("compose", DATA.parent / "compose.py")
    compose = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(compose)
    compose.main(tmp_path / "again.mid")
    assert (tmp_path / "again.mid").read_bytes() == SOLO.read_bytes()


def test_tune_to_values_to_tune(solo, values):
    assert from_values(values, solo.chords, solo.tempo) == solo


def test_every_bar_is_full_and_no_note_crosses_its_end(solo):
    assert solo.bars >= 60
    assert solo.length == 8 * solo.bars
    assert all(note.start // 8 == (note.start + note.length - 1) // 8 for note in solo.notes)


def test_every_approach_note_leads_into_a_chord_tone_by_a_semitone(solo):
    approaches = 0
    for note, after in pairwise(solo.notes):
        if kind_of(note.pitch, chord_at(solo.chords, note.start)) == "A":
            approaches += 1
            assert note.start % 2 == 1
            assert abs(after.pitch - note.pitch) == 1
            assert after.start == note.start + note.length
            assert kind_of(after.pitch, chord_at(solo.chords, after.start)) == "C"
    assert approaches > 15


def test_the_solo_knows_the_beat_and_repeats_motifs(solo):
    found = measure(solo)
    assert found["in range"] == found["in bars"] == 1
    assert found["chord tones"] > 0.95 > 0.7 > found["elsewhere"]
    assert found["chance"] < 0.4
    assert 0.6 < found["sounding"] < 0.9
    assert 0.1 < found["repeated"] < 0.3
    assert found["loop"] < 0.05


def test_nothing_of_the_solo_would_be_pruned(solo):
    assert prune(solo.notes, solo.chords) == list(solo.notes)


def test_there_is_more_repetition_than_in_the_shuffled_values(solo, values):
    shuffled = values[:]
    random.Random(0).shuffle(shuffled)
    by_chance = measure(from_values(shuffled, solo.chords))
    assert measure(solo)["repeated"] > 5 * by_chance["repeated"]
    assert measure(solo)["chord tones"] > by_chance["chord tones"] + 0.2


def test_the_last_value_helps_to_predict_the_next_one(values):
    """The conditional entropy, in bits, is clearly below the entropy."""
    after = defaultdict(Counter)
    for one, two in pairwise(values):
        after[one][two] += 1

    def entropy(counts):
        shares = np.array(list(counts.values())) / counts.total()
        return -(shares * np.log2(shares)).sum()

    conditional = sum(c.total() * entropy(c) for c in after.values()) / (len(values) - 1)
    assert conditional < entropy(Counter(values)) - 1.5
