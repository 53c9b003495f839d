import base64
import io
import wave
from itertools import pairwise

import numpy as np
import pytest

from course_utils.music import Note, from_values, parse_chords
from course_utils.music.generate import SETS
from course_utils.music.sound import RATE, TAIL, render, walking_bass
from course_utils.music.theory import chord_tones, kind_of

CHORDS = parse_chords("Dm7 | G7 | Cmaj7 A7 | Dm7")


def decoded(html):
    """Return the header and the samples of the WAV file in a player."""
    kind, data = html.partition('src="')[2].partition('"')[0].split(",")
    assert kind == "data:audio/wav;base64"
    with wave.open(io.BytesIO(base64.b64decode(data))) as file:
        return file.getparams(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


def loudness(sound):
    return float(np.sqrt(np.mean(np.square(sound.astype(float)))))


def test_a_tune_lasts_as_long_as_its_bars_and_is_audible():
    tune = from_values(["C1+1..2", "C1+3..4", "S1-1..2", "C1-1..2", "C2+5..7", "R2"] * 4, CHORDS)
    sound = render(tune.notes, CHORDS, 200)
    assert len(sound) == round((16 * 60 / 200 + TAIL) * RATE)
    assert np.abs(sound).max() == pytest.approx(0.9)
    assert all(loudness(second) > 0.05 for second in np.split(sound[: 4 * RATE], 4))
    assert loudness(sound[-RATE // 20 :]) < 0.02
    assert np.abs(sound.mean()) < 0.01
    assert np.array_equal(sound, render(tune.notes, CHORDS, 200))


@pytest.mark.parametrize("pitch", [69, 76, 84])
def test_a_note_sounds_at_its_pitch(pitch):
    second = render([Note(0, 8, pitch)], CHORDS, 200)[:RATE]
    spectrum = np.abs(np.fft.rfft(second * np.hanning(RATE)))
    lowest = 400  # Hz: bass and chords sound below
    assert lowest + spectrum[lowest:].argmax() == pytest.approx(440 * 2 ** ((pitch - 69) / 12), abs=1.0)


@pytest.mark.parametrize(("start", "beat"), [(0, 0), (1, 2 / 3), (2, 1), (7, 3 + 2 / 3)])
def test_eighths_are_heard_swung(start, beat):
    early = Note(0, 1, 84)
    one, two = (render(notes, CHORDS, 200) for notes in ([early], [early, Note(start + 16, 1, 84)]))
    one *= (one[:RATE] @ two[:RATE]) / (one[:RATE] @ one[:RATE])  # each is scaled to its own peak
    onset = np.flatnonzero(np.abs(two - one) > 0.01)[0] / RATE
    assert onset == pytest.approx((8 + beat) * 60 / 200, abs=0.01)


def test_a_tune_without_notes_or_chords_is_rendered():
    assert loudness(render([], CHORDS, 200)) > 0
    assert not render([], [], 200).any()


def test_the_player_holds_mono_sound_of_16_bits_under_a_megabyte():
    chords = parse_chords(" | ".join(SETS.values()))
    html = from_values(["C1+1..2", "C1-1..2"] * 160, chords)._repr_html_()
    header, samples = decoded(html)
    assert (header.nchannels, header.sampwidth, header.framerate) == (1, 2, RATE)
    assert 2 * len(samples) < 1_000_000
    assert np.abs(samples.astype(int)).max() == pytest.approx(0.9 * 32_767, abs=1)


def test_the_bass_walks_from_root_to_root():
    line = walking_bass(CHORDS)
    assert [start for start, _ in line] == list(range(0, 32, 2))
    at = dict(line)
    for chord in CHORDS:
        assert (at[chord.start] - chord_tones(chord.name)[0]) % 12 == 0
        assert all(kind_of(at[chord.start + t], chord.name) == "C" for t in range(2, chord.length - 2, 2))
    for before, chord in pairwise(CHORDS):
        assert abs(at[chord.start - 2] - at[chord.start]) == 1, before
    assert all(28 - 1 <= pitch <= 40 for pitch in at.values())
