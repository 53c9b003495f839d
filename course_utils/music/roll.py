"""The piano roll of a tune: one figure, eight bars to a row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course_utils.music.theory import BAR, Chord, Note, chord_at, end_of, kind_of, pitch_name
from course_utils.plots import COLOURS, INK, show_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_roll"]

ROW = 8 * BAR
KINDS = {"C": ("chord tone", COLOURS[0]), "S": ("scale tone", COLOURS[2]), "A": ("approach note", COLOURS[1])}
LINES = (60, 72, 84)
"""The pitches with a line of their own, named at its left end: each C."""
HEAD = 5
"""The height kept free above a row for chord names, in semitones."""


def plot_roll(notes: Sequence[Note], chords: Sequence[Chord], title: str = "") -> None:
    """Draw notes over time and pitch, coloured by what they are to the chord."""
    kinds = [kind_of(note.pitch, chord_at(chords, note.start)) for note in notes]
    counts = (f"{name}s {kinds.count(kind)}" for kind, (name, _) in KINDS.items())
    end = end_of(chords)
    description = f"Piano roll of {-(-end // BAR)} bars. {title}: {len(kinds)} notes; {', '.join(counts)}."
    pitches = [60, 79, *(note.pitch for note in notes)]
    low, high = min(pitches) - 1, max(pitches) + 2
    rows, step = max(1, -(-end // ROW)), high - low + HEAD
    bases = [-(row + 1) * step - low for row in range(rows)]  # the height of pitch 0 in each row

    def draw(figure: "Figure") -> None:
        axis = figure.add_axes((0, 0, 1, 1))  # one pair of axes for all rows: each costs time
        axis.set(xlim=(0, ROW), ylim=(-rows * step, 0), xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        for row, base in enumerate(bases):
            _draw_grid(axis, chords, row * ROW, base, low, high)
        for kind, (name, colour) in KINDS.items():
            boxes = [
                (start % ROW, min(length, ROW - start % ROW) - 0.12, bases[start // ROW] + pitch)
                for (start, length, pitch), own in zip(notes, kinds, strict=True)
                if own == kind and start < rows * ROW
            ]
            lefts, widths, bottoms = zip(*boxes, strict=True) if boxes else ((), (), ())
            axis.barh(bottoms, widths, 1, lefts, align="edge", color=colour, label=name)
        axis.legend(ncols=3, loc="upper right", bbox_to_anchor=(1, 0))
        axis.set_title(title, loc="left")

    show_figure(draw, (8.4, 1.1 * rows), description)


def _draw_grid(axis: "Axes", chords: Sequence[Chord], first: int, base: int, low: int, high: int) -> None:
    """Draw what lies behind the notes of a row: bar lines, the heights of C, and the chord names."""
    width = min(ROW, max(end_of(chords) - first, BAR))
    axis.vlines(range(0, width + 1, BAR), base + low, base + high, INK, linewidth=0.8, alpha=0.7, zorder=0)
    for pitch in LINES:
        if low <= pitch < high:
            axis.hlines(base + pitch + 0.5, 0, width, INK, linewidth=0.8, alpha=0.4, zorder=0)
            axis.text(-0.4, base + pitch + 0.5, pitch_name(pitch), fontsize=8, ha="right", va="center")
    for chord in chords:
        if first <= chord.start < first + ROW:
            axis.text(chord.start - first + 0.2, base + high + 1, chord.name, fontsize=8, va="baseline")
