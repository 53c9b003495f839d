"""Tunes as MIDI files: one track for the melody, one for the chords, whose names are markers."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import mido

from course_utils.music.theory import BAR, BEAT, SWING, Chord, Note, beats, chord_tones, end_of

__all__ = ["read_midi", "write_midi"]

TICKS = 480
"""Ticks per beat: two thirds of them are a whole number."""
MELODY, CHORDS = "melody", "chords"
BOTTOM = 48
"""The lowest pitch of a chord's root; all roots lie within an octave from here."""


def read_midi(path: str | os.PathLike[str]) -> tuple[tuple[Note, ...], tuple[Chord, ...], int]:
    """Return notes, chords and tempo (beats per minute) of a file; see `course_utils.music.read_tune`."""
    try:
        file = mido.MidiFile(path)
    except (EOFError, KeyError, ValueError, IndexError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise FileNotFoundError(f"there is no file {path}: copy it from the released lab") from None
        raise ValueError(f"{path} is not a MIDI file") from None
    per_beat = file.ticks_per_beat
    timed = [_timed(track, per_beat) for track in file.tracks]
    melody = next(
        (events for track, events in zip(file.tracks, timed, strict=True) if track.name == MELODY), None
    ) or next((events for events in timed if any(m.type == "note_on" for _, m in events)), [])
    every = [event for events in timed for event in events]
    end = max((time for time, _ in every), default=0)
    names = sorted((time, message.text.strip()) for time, message in every if message.type == "marker")
    notes = _one_voice(melody)
    if not names or not notes:
        raise ValueError(f"{path} has no {'notes' if names else 'markers with chord names, such as Dm7'}")
    starts = [time for time, _ in names] + [-(-end // BAR) * BAR]
    chords = tuple(
        Chord(start, after - start, name)
        for (start, name), after in zip(names, starts[1:], strict=True)
        if after > start and chord_tones(name)
    )
    tempos = [message.tempo for _, message in every if message.type == "set_tempo"]
    return notes, chords, round(mido.tempo2bpm(tempos[0] if tempos else 500_000))


def write_midi(
    path: str | os.PathLike[str], notes: Iterable[Note], chords: Sequence[Chord], tempo: int
) -> None:
    """Write notes and chords as a MIDI file, swung; missing folders are created."""
    head = [(0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo)))]
    head.append((0, mido.MetaMessage("time_signature", numerator=4, denominator=4)))
    melody, harmony = [], []
    for note in notes:
        melody += _sound(note, channel=0, velocity=90)
    for chord in chords:
        harmony.append((chord.start, mido.MetaMessage("marker", text=chord.name)))
        for tone in chord_tones(chord.name):
            harmony += _sound(Note(chord.start, chord.length, BOTTOM + tone), channel=1, velocity=45)
    file = mido.MidiFile(ticks_per_beat=TICKS)
    end = (end_of(chords), mido.MetaMessage("end_of_track"))
    for name, program, events in ((MELODY, 11, melody), (CHORDS, 4, harmony)):  # vibraphone, electric piano
        start = [(0, mido.MetaMessage("track_name", name=name))] + (head if name == MELODY else [])
        start.append((0, mido.Message("program_change", program=program, channel=name == CHORDS)))
        # At the same time, what ends comes before what begins: False sorts before True.
        events = sorted(events, key=lambda event: (event[0], event[1].type == "note_on"))
        file.tracks.append(_track([*start, *events, end]))
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


def _timed(track: mido.MidiTrack, per_beat: int) -> list[tuple[int, mido.Message]]:
    """Return the messages of a track, each after its time in eighths."""
    time, events = 0, []
    for message in track:
        time += message.time
        events.append((_eighths(time, per_beat), message))
    return events


def _eighths(ticks: int, per_beat: int) -> int:
    """Return the nearest eighth; the second one of a beat may be straight (1/2) or swung (2/3)."""
    beat, rest = divmod(ticks, per_beat)
    place = rest / per_beat
    return beat * BEAT + (place >= 1 / 4) + (place >= (1 + SWING) / 2)


def _one_voice(events: list[tuple[int, mido.Message]]) -> tuple[Note, ...]:
    """Return the notes of a track: the highest of those that begin together, each cut at the next."""
    begun: dict[int, int] = {}
    found: dict[int, Note] = {}
    for time, message in events:
        if message.type not in ("note_on", "note_off"):
            continue
        if message.type == "note_on" and message.velocity:
            begun[message.note] = time
        elif message.note in begun:
            note = Note(begun.pop(message.note), 0, message.note)
            note = note._replace(length=time - note.start)
            if note.start not in found or found[note.start].pitch < note.pitch:
                found[note.start] = note
    notes = [found[start] for start in sorted(found)]
    ends = [note.start for note in notes[1:]] + [notes[-1].start + notes[-1].length] if notes else []
    cut = (
        note._replace(length=min(note.length, end - note.start))
        for note, end in zip(notes, ends, strict=True)
    )
    return tuple(note for note in cut if note.length > 0)


def _sound(note: Note, channel: int, velocity: int) -> list[tuple[int, mido.Message]]:
    """Return the two messages of a note, each after its time in eighths."""
    start, end = (
        mido.Message(kind, note=note.pitch, velocity=velocity, channel=channel)
        for kind in ("note_on", "note_off")
    )
    return [(note.start, start), (note.start + note.length, end)]


def _track(events: list[tuple[int, mido.Message]]) -> mido.MidiTrack:
    """Return a track of messages, given each with its time in eighths."""
    track, now = mido.MidiTrack(), 0
    for time, message in events:
        ticks = round(TICKS * beats(time))
        track.append(message.copy(time=ticks - now))
        now = ticks
    return track
