"""Renders a tune as sound in NumPy, by additive synthesis: lead, chord pad, walking bass and brush."""

import wave
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from io import BytesIO

import numpy as np

from course_utils.music.theory import BAR, BEAT, Chord, Note, beats, chord_tones, end_of

__all__ = ["RATE", "TAIL", "player", "render", "walking_bass"]

RATE = 8_000
"""Samples per second: enough for up to 4 kHz, at a megabyte a minute."""
TAIL = 0.7
"""Seconds of sound after the last bar."""
VOICES = {  # amplitude of each partial, attack in seconds, decay time constant in seconds, gain
    "lead": ((1, 0.35, 0.12, 0.10, 0.02), 0.008, 0.55, 1.0),
    "pad": ((1, 0.25, 0.10), 0.060, 2.50, 0.16),
    "bass": ((1, 0.60, 0.30, 0.12, 0.05), 0.010, 0.45, 0.75),
}
STROKES = ((0, 0.6), (2, 1.0), (3, 0.5), (4, 0.6), (6, 1.0), (7, 0.5))
"""The brush strokes of a bar: the eighth of each, and its gain."""
RELEASE = 0.06
"""Seconds in which a tone fades out after its end."""
BRUSH = 0.05
"""The gain of the brush, a burst of noise."""
ECHO = ((0.11, 0.16), (0.19, 0.10), (0.31, 0.06))
"""The delay of each echo in seconds, and its gain: a small room."""


def render(notes: Iterable[Note], chords: Sequence[Chord], tempo: int) -> np.ndarray:
    """Return a tune as sound, (samples,), between -0.9 and 0.9, at ``RATE`` samples per second."""
    beat, end = 60 / tempo, end_of(chords)
    sound = np.zeros(round((beats(end) * beat + TAIL) * RATE))

    def add(tone: np.ndarray, start: int) -> None:
        piece = sound[round(beats(start) * beat * RATE) :][: len(tone)]
        piece += tone[: len(piece)]

    def play(start: int, end: int, pitch: int, voice: str) -> None:
        add(_tone(pitch, round((beats(end) - beats(start)) * beat * RATE), voice), start)

    for start, length, pitch in notes:
        play(start, start + length, pitch, "lead")
    for chord in chords:
        for tone in chord_tones(chord.name)[1:]:
            play(chord.start, chord.start + chord.length, 52 + (tone - 52) % 12, "pad")
    for start, pitch in walking_bass(chords):
        play(start, start + BEAT, pitch, "bass")
    for bar in range(0, end, BAR):
        for place, strength in STROKES:
            add(strength * _brush(), bar + place)
    dry = sound.copy()
    for delay, strength in ECHO:
        late = round(delay * RATE)
        sound[late:] += strength * dry[:-late]
    sound *= 0.9 / max(np.abs(sound).max(initial=0), 1e-9)
    return sound


def player(notes: Iterable[Note], chords: Sequence[Chord], tempo: int) -> str:
    """Return an HTML audio player that holds the tune as WAV, mono, 16 bits."""
    stream = BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((render(notes, chords, tempo) * 32_767).astype("<i2").tobytes())
    data = b64encode(stream.getvalue()).decode()
    return f'<audio controls preload="metadata" src="data:audio/wav;base64,{data}"></audio>'


def walking_bass(chords: Sequence[Chord]) -> list[tuple[int, int]]:
    """Return a walking bass, a (start, pitch) on each beat: chord tones, then a semitone to the next root.

    ``start`` is in eighths, ``pitch`` a MIDI number.
    """
    line = []
    for chord, after in zip(chords, [*chords[1:], *chords[:1]], strict=True):
        root, third, fifth, seventh = (28 + (tone - 28) % 12 for tone in chord_tones(chord.name))
        count = chord.length // BEAT
        steps = [root, third, fifth, seventh] * (count // 4 + 1)
        goal = 28 + (chord_tones(after.name)[0] - 28) % 12
        if count > 1:
            steps[count - 1] = goal + (1 if steps[count - 2] > goal else -1)
        line += [(chord.start + BEAT * place, pitch) for place, pitch in enumerate(steps[:count])]
    return line


@lru_cache(maxsize=500)
def _tone(pitch: int, samples: int, voice: str) -> np.ndarray:
    """Return a tone and its release, (samples + release,): a sum of partials under an envelope."""
    partials, rise, fall, loud = VOICES[voice]
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    release = round(RELEASE * RATE)
    time = np.arange(samples + release) / RATE
    tone = np.zeros(len(time))
    for number, strength in enumerate(partials, start=1):
        if number * frequency < RATE / 2:
            # Higher partials decay faster, as on a struck string or bar.
            envelope = np.exp(-time * number**0.5 / fall)
            tone += strength * envelope * np.sin(2 * np.pi * number * frequency * time)
    tone *= np.minimum(time / rise, 1)
    tone[samples:] *= np.linspace(1, 0, release)
    return loud / sum(partials) * tone


@lru_cache(maxsize=1)
def _brush() -> np.ndarray:
    """Return a stroke of the brush: high-pass filtered noise that decays."""
    noise = np.diff(np.random.default_rng(0).standard_normal(RATE // 8))
    return BRUSH * noise * np.exp(-np.arange(len(noise)) / (0.025 * RATE))
