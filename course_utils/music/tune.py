"""A tune, as the lab `jazz` has it: it can be read, saved, drawn and heard."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from course_utils.music.midi import read_midi, write_midi
from course_utils.music.roll import plot_roll
from course_utils.music.sound import player
from course_utils.music.theory import BAR, TEMPO, Chord, Note, end_of
from course_utils.tables import display, in_ipython
from course_utils.watch import being_graded

__all__ = ["Tune", "play_side_by_side", "read_tune"]


@dataclass(frozen=True)
class Tune:
    """A melody of one voice over chords. JupyterLab shows it as an audio player.

    ``notes`` are in order and do not overlap, ``chords`` follow each other from time 0, and ``tempo`` is
    in beats per minute.
    """

    notes: tuple[Note, ...]
    chords: tuple[Chord, ...]
    tempo: int = TEMPO

    @property
    def length(self) -> int:
        """How many eighths the chords last."""
        return end_of(self.chords)

    @property
    def bars(self) -> int:
        """How many bars the chords last."""
        return -(-self.length // BAR)

    def part(self, first: int, bars: int) -> "Tune":
        """Return ``bars`` bars of the tune, from bar ``first`` on; the tune begins with bar 1.

        A note or chord belongs to the part if it begins there, and is cut at its end.
        """
        start, end = (first - 1) * BAR, (first - 1 + bars) * BAR
        notes = (
            Note(note.start - start, min(note.length, end - note.start), note.pitch)
            for note in self.notes
            if start <= note.start < end
        )
        chords = (
            Chord(chord.start - start, min(chord.length, end - chord.start), chord.name)
            for chord in self.chords
            if start <= chord.start < end
        )
        return Tune(tuple(notes), tuple(chords), self.tempo)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the tune as a MIDI file, melody and chords; missing folders are created."""
        write_midi(path, self.notes, self.chords, self.tempo)

    def plot(self, title: str = "") -> None:
        """Draw the notes over time and pitch, eight bars to a row, with the names of the chords."""
        plot_roll(self.notes, self.chords, title)

    def __repr__(self) -> str:
        return f"A tune of {self.bars} bars with {len(self.notes)} notes, {self.tempo} beats a minute"

    def _repr_html_(self) -> str | None:
        """Return an audio player; None while a notebook is graded, where nobody listens."""
        return None if being_graded() else player(self.notes, self.chords, self.tempo)


def play_side_by_side(tunes: Mapping[str, Tune]) -> None:
    """Show tunes one below the other, each with its name and an audio player.

    Without players, as while a notebook is graded, each is a line of text.
    """
    players = {name: tune._repr_html_() for name, tune in tunes.items()}
    text = "\n".join(f"{name}: {tune!r}" for name, tune in tunes.items())
    if not in_ipython() or not all(players.values()):
        print(text)
        return
    rows = (
        f'<tr><td style="text-align:left">{escape(name)}</td><td>{player}</td></tr>'
        for name, player in players.items()
    )
    display({"text/plain": text, "text/html": f"<table>{''.join(rows)}</table>"})


def read_tune(path: str | os.PathLike[str]) -> Tune:
    """Return the tune in a MIDI file, quantised to eighths, straight or swung.

    The melody is the track called "melody", or else the first one with notes. Of notes that begin
    together the highest counts, and each note ends where the next one begins. Chord names are MIDI markers.
    Raises FileNotFoundError, and ValueError for a file that is not MIDI or lacks notes or chord names.
    """
    return Tune(*read_midi(path))
