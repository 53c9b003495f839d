"""Composes solo.mid, the tune that the lab `jazz` learns from: python compose.py [FILE]

The solo is made by rule. Motifs of two bars, written down below, are laid over the chords of each chorus
after a plan of repetitions; a repetition may be varied, as chance has it, with a fixed seed. Then the notes
are found all at once: of all melodies the one that costs least, where it costs something to leave a motif,
to put no chord tone on a strong beat, or to leave the middle of the register.
"""

import random
import sys
from pathlib import Path

from course_utils.music import Tune, parse_chords
from course_utils.music.grammar import RANGES, pitch_for
from course_utils.music.theory import BAR, HIGH, LOW, START, Note, chord_at, kind_of

SEED = 32
TEMPO = 200

# Each token is a kind (C chord tone, S scale tone, A approach note, R rest), a length in eighths, and the
# number of its range, up or down: 1 is a step, 2 a third, 3 a fourth or fifth, 4 more; = stays, ? is free.
MOTIFS = {
    # lines of eighths
    "climb": "C1? C1+2 C1+2 C1+2 S1-1 C1-1 S1-1 C1-1 | C2-2 R2 R4",
    "turn": "R1 S1? A1-2 C1+1 S1+1 C1+1 S1+1 C1+1 | C3-2 C1-2 R4",
    "fall": "C1? S1-1 C1-1 S1-1 C1-1 A1-1 C1+1 C1+2 | C2+2 S1-1 C1-1 C2-2 R2",
    "leap": "C1? C1+4 S1-1 C1-1 S1-1 C1-1 A1-1 C1+1 | S2-1 C2-1 R4",
    "run": "C1? S1+1 C1+1 S1+1 C1+1 C1+2 S1-1 A1-1 | C1-1 S1-1 C1-1 C1-2 C2= R2",
    "ladder": "C1? C1-2 S1+1 C1-3 C1+3 S1-1 A1-1 C1+1 | C1= C1-2 S1+1 C1-3 C2-1 R2",
    "cascade": "C1? S1-3 C1+4 S1-3 C1+4 S1-3 A1+2 C1-1 | C3-1 S1-2 C3+2 R1",
    # answers with room to breathe
    "question": "R2 C1? C1+2 C2+2 S1+1 C1-1 | C4-2 R4",
    "answer": "R2 C1? C1-2 C2-2 S1-1 A1+1 | C4+1 R4",
    "sigh": "C2? S1-1 C1-1 S2+1 C2-1 | C6-2 R2",
    "call": "R3 S1? C2+1 C1-3 C1+3 | S1+1 A1-1 C2-1 R4",
    "long": "C6? S1-1 A1-1 | C5+1 R3",
    "pickup": "R5 C1? S1+1 A1+1 | C3+1 S3-1 C2-2",
    # rhythms
    "charleston": "C3? C1+2 R4 | C3-2 C1+2 R2 S1+1 C1-1",
    "riff": "C2? S1-1 C1+1 C2+3 R2 | C1? S1-1 C1+1 C1-3 R4",
    "blue": "R1 C1? A1-1 C1+1 C2+2 C2-2 | R1 C1= A1-1 C1+1 C4-3",
    "tresillo": "C3? C3+1 C2-2 | C3+1 S3-1 C2-1",
    "offbeat": "R1 C2? S2-1 C2-1 C1-1 | R1 S2+3 C2-1 C3-3",
    "enclose": "R2 S1? A1-2 C2+1 S1+2 A1-2 | C2+1 S1+3 A1-2 C3+1 R1",
    "triad": "C2? C2+2 C2+2 S2+2 | C2-1 C2-3 C4-4",
    "echo": "C1? R1 C1= R1 C2+3 R2 | C1= R1 C1= R1 C2-3 R2",
    "glide": "C3? A1+1 C2+1 S2-1 | C3-1 A1-1 C4-1",
    "stab": "R3 C1? R3 C1-2 | R3 C1+4 R4",
    # the end of a chorus
    "close": "C1? C1-2 S1-1 A1+1 C1+1 S1-1 C1-1 A1-1 | C8+1",
}

BLUES = "F7 | Bb7 | F7 | Cm7 F7 | Bb7 | Bb7 | F7 | D7 | Gm7 | C7 | F7 D7 | Gm7 C7"
CHORUSES = [
    # a song of 32 bars over ii-V-I: A A B A
    ("Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | Cmaj7", "climb fall climb question"),
    ("Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | C7", "climb fall leap answer"),
    ("Gm7 | C7 | Fmaj7 | Fmaj7 | Am7 | D7 | Dm7 | G7", "charleston sigh charleston run"),
    ("Dm7 | G7 | Cmaj7 | A7 | Dm7 | G7 | Cmaj7 | Cmaj7", "climb fall turn close"),
    # three choruses of a blues: a call, the call again, an answer
    (BLUES, "blue question blue question ladder answer"),
    (BLUES, "riff call riff call enclose turn"),
    (BLUES, "tresillo stab tresillo stab leap close"),
    # sixteen bars of ii-V-i in minor, and home
    ("Bm7b5 | E7 | Am7 | Am7 | Bm7b5 | E7 | Am7 | A7", "glide pickup glide sigh"),
    ("Dm7 | G7 | Cmaj7 | Am7 | Bm7b5 | E7 | Am7 | Am7", "offbeat echo offbeat long"),
    # turnarounds
    ("Cmaj7 A7 | Dm7 G7 | Cmaj7 A7 | Dm7 G7 | Cmaj7 | Cmaj7 | Dm7 G7 | Cmaj7", "triad cascade triad close"),
]


def main(path):
    """Write the solo as a MIDI file."""
    compose(SEED).save(path)


def compose(seed):
    """Return the solo."""
    rng = random.Random(seed)
    bars, plan, played = [], [], set()
    for chords, motifs in CHORUSES:
        bars.append(chords)
        for name in motifs.split():
            motif = [bar.split() for bar in MOTIFS[name].split("|")]
            plan += vary(motif, rng) if name in played else motif
            played.add(name)
    chords = parse_chords(" | ".join(bars))
    steps = []
    for number, bar in enumerate(plan):
        time = number * BAR
        for token in bar:
            if token[0] != "R":
                steps.append((time, int(token[1]), token[0], token[2:]))
            time += int(token[1])
        assert time == (number + 1) * BAR, bar
    pitches = cheapest(steps, chords)
    notes = (Note(time, length, pitch) for (time, length, _, _), pitch in zip(steps, pitches, strict=True))
    return Tune(tuple(notes), chords, TEMPO)


# ---------------------------------------------------------------- variations


def vary(motif, rng):
    """Return a motif played again: as it was, or changed in one or two places."""
    first, last = (list(bar) for bar in motif)
    for change in (late, upside_down, split, lengthen):
        if rng.random() < 0.3:
            first, last = change(first, last)
    return [first, last]


def late(first, last):
    """A rest takes the place of the first note."""
    return [f"R{first[0][1]}", *first[1:]], last


def upside_down(first, last):
    """The second bar goes up where it went down."""
    return first, [token.translate(str.maketrans("+-", "-+")) for token in last]


def split(first, last):
    """The first quarter becomes two eighths, the second a step above the first."""
    for place, token in enumerate(first):
        if token[:2] == "C2":
            return [*first[:place], "C1" + token[2:], "S1+1", *first[place + 1 :]], last
    return first, last


def lengthen(first, last):
    """The last note lasts up to the end of its rest."""
    if len(last) > 1 and last[-1] in ("R2", "R4") and last[-2][0] == "C":
        length = int(last[-2][1]) + int(last[-1][1])
        return first, [*last[:-2], f"C{length}{last[-2][2:]}"]
    return first, last


# ---------------------------------------------------------------- pitches


def cheapest(steps, chords):
    """Return the pitches of the cheapest melody, by dynamic programming over the pitch of each note."""
    best = {START: (0, [])}
    for number, step in enumerate(steps):
        chord = chord_at(chords, step[0])
        after = steps[number + 1] if number + 1 < len(steps) else None
        lead = after is not None and after[0] == step[0] + step[1]
        found = {}
        for previous, (cost, line) in sorted(best.items()):
            for pitch in sorted(reachable(previous, chord)):
                if not resolves(line, pitch, steps, number, chord, chords):
                    continue
                total = cost + price(step, pitch, pitch - previous, chord, lead)
                if pitch not in found or total < found[pitch][0]:
                    found[pitch] = (total, [*line, pitch])
        best = found
    return min(best.values())[1]


def reachable(previous, chord):
    """Return the pitches that a value can name: the nearest of its kind in its range."""
    ranges = [(0, 0), *RANGES, *((-high, -low) for low, high in RANGES)]
    for kind in "CSA":
        for low, high in ranges:
            pitch = pitch_for(kind, low, high, previous, chord)
            if low <= pitch - previous <= high:
                yield pitch


def resolves(line, pitch, steps, number, chord, chords):
    """Whether an approach note before, if there is one, leads into a chord tone by a half step."""
    if not line:
        return True
    time, length, _, _ = steps[number - 1]
    if kind_of(line[-1], chord_at(chords, time)) != "A":
        return True
    joined = time + length == steps[number][0]
    return joined and abs(pitch - line[-1]) == 1 and kind_of(pitch, chord) == "C"


def price(step, pitch, interval, chord, lead):
    """Return what a note costs: whole numbers, so that the result is the same everywhere."""
    time, length, wanted, move = step
    kind = kind_of(pitch, chord)
    cost = 20 * (kind != wanted)
    if move != "?":
        cost += 10 * abs(size(interval) - (0 if move == "=" else int(move)))
    if time % (BAR // 2) == 0 and kind != "C":
        cost += 40
    if kind == "A" and (time % 2 == 0 or length > 1 or not lead):
        cost += 100
    if move != "=" and interval == 0:
        cost += 15
    if kind == "S" and length > 2:
        cost += 30
    cost += max(0, abs(interval) - 7) * 3
    return cost + (pitch - 71) ** 2 // 12


def size(interval):
    """Return the number of an interval's range, with its sign."""
    number = next((n for n, (_, high) in enumerate(((0, 0), *RANGES)) if abs(interval) <= high), 9)
    return number if interval > 0 else -number


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "data/solo.mid")
