import mido
import pytest

from course_utils.music import Chord, Note, Tune, parse_chords, read_tune

TUNE = Tune(
    (Note(0, 1, 69), Note(1, 1, 69), Note(2, 3, 72), Note(7, 2, 71), Note(12, 4, 60)),
    parse_chords("Dm7 | Bb7 G7 | Cmaj7"),
    200,
)


def write(path, *tracks, per_beat=480):
    """Write a file of tracks, each a list of messages with the ticks since the message before."""
    file = mido.MidiFile(ticks_per_beat=per_beat)
    for messages in tracks:
        track = mido.MidiTrack()
        for kind, time, value in messages:
            if kind in ("on", "off"):
                track.append(mido.Message(f"note_{kind}", note=value, velocity=64, time=time))
            else:
                track.append(mido.MetaMessage(kind, time=time, **value))
        file.tracks.append(track)
    file.save(path)
    return path


def marker(name, time=0):
    return ("marker", time, {"text": name})


def test_a_saved_tune_can_be_read(tmp_path):
    path = tmp_path / "new" / "folder" / "tune.mid"
    TUNE.save(path)
    assert read_tune(path) == TUNE
    assert read_tune(str(path)) == TUNE


def test_the_same_tune_is_the_same_file(tmp_path):
    TUNE.save(tmp_path / "a.mid")
    TUNE.save(tmp_path / "b.mid")
    assert (tmp_path / "a.mid").read_bytes() == (tmp_path / "b.mid").read_bytes()


def test_the_file_has_melody_and_chords_and_is_swung(tmp_path):
    TUNE.save(tmp_path / "a.mid")
    file = mido.MidiFile(tmp_path / "a.mid")
    assert [track.name for track in file.tracks] == ["melody", "chords"]
    melody, chords = ([m for m in track if m.type.startswith("note")] for track in file.tracks)
    assert [m.note for m in melody if m.type == "note_on"] == [69, 69, 72, 71, 60]
    assert [m.time for m in melody][:4] == [0, 320, 0, 160]  # two thirds of a beat, and the third
    assert [m.note for m in chords if m.type == "note_on"][:4] == [50, 53, 57, 60]
    assert file.length == pytest.approx(12 * 60 / 200, rel=1e-5)


def test_a_pitch_may_sound_twice_in_a_row(tmp_path):
    """Otherwise the end of the first would cut the second off."""
    TUNE.save(tmp_path / "a.mid")
    track = mido.MidiFile(tmp_path / "a.mid").tracks[0]
    kinds = [m.type for m in track if getattr(m, "note", None) == 69]
    assert kinds == ["note_on", "note_off", "note_on", "note_off"]


@pytest.mark.parametrize("second", [240, 250, 300, 320, 330])
def test_even_and_swung_eighths_are_read_alike(tmp_path, second):
    notes = [marker("Dm7"), ("on", 0, 60), ("off", second, 60), ("on", 0, 62), ("off", 480 - second + 5, 62)]
    tune = read_tune(write(tmp_path / "a.mid", [*notes, ("end_of_track", 1435, {})]))
    assert tune.notes == (Note(0, 1, 60), Note(1, 1, 62))
    assert tune.chords == (Chord(0, 8, "Dm7"),)
    assert tune.tempo == 120


def test_small_timing_errors_are_corrected(tmp_path):
    notes = [marker("Dm7"), ("on", 5, 60), ("off", 90, 60), ("on", 4, 62), ("off", 90, 62)]
    tune = read_tune(write(tmp_path / "a.mid", notes, per_beat=96))
    assert tune.notes == (Note(0, 2, 60), Note(2, 2, 62))
    assert tune.bars == 1


def test_of_several_voices_the_highest_counts_up_to_the_next_note(tmp_path):
    notes = [
        marker("Dm7"),
        ("on", 0, 60), ("on", 0, 67), ("on", 0, 64),
        ("on", 480, 65),
        ("off", 480, 60), ("off", 0, 67), ("off", 0, 64), ("off", 0, 65),
    ]  # fmt: skip
    assert read_tune(write(tmp_path / "a.mid", notes)).notes == (Note(0, 2, 67), Note(2, 2, 65))


def test_a_note_can_end_with_a_velocity_of_zero(tmp_path):
    path = write(tmp_path / "a.mid", [marker("Dm7"), ("on", 0, 60), ("on", 480, 60), ("on", 0, 62)])
    file = mido.MidiFile(path)
    file.tracks[0][2].velocity = 0
    file.save(path)
    assert read_tune(path).notes == (Note(0, 2, 60),)


def test_without_a_track_called_melody_the_first_with_notes_counts(tmp_path):
    first = [marker("Dm7"), ("set_tempo", 0, {"tempo": 300_000})]
    second = [("on", 0, 60), ("off", 480, 60)]
    third = [("on", 0, 48), ("off", 960, 48)]
    tune = read_tune(write(tmp_path / "a.mid", first, second, third))
    assert (tune.notes, tune.tempo) == ((Note(0, 2, 60),), 200)
    named = [("track_name", 0, {"name": "melody"}), *third]
    assert read_tune(write(tmp_path / "b.mid", first, second, named)).notes == (Note(0, 4, 48),)


def test_what_is_wrong_with_a_file_is_reported(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"there is no file .*none\.mid: copy it from the released lab"
    ):
        read_tune(tmp_path / "none.mid")
    (tmp_path / "text.mid").write_text("no music")
    with pytest.raises(ValueError, match=r"text\.mid is not a MIDI file"):
        read_tune(tmp_path / "text.mid")
    (tmp_path / "cut.mid").write_bytes(write(tmp_path / "a.mid", [marker("Dm7")]).read_bytes()[:30])
    with pytest.raises(ValueError, match=r"cut\.mid is not a MIDI file"):
        read_tune(tmp_path / "cut.mid")
    with pytest.raises(ValueError, match=r"a\.mid has no notes"):
        read_tune(tmp_path / "a.mid")
    notes = [("on", 0, 60), ("off", 480, 60)]
    with pytest.raises(ValueError, match=r"b\.mid has no markers with chord names, such as Dm7"):
        read_tune(write(tmp_path / "b.mid", notes))
    with pytest.raises(ValueError, match="'Verse' is not a known chord"):
        read_tune(write(tmp_path / "c.mid", [marker("Verse"), *notes]))
