"""The piano roll of a tune: one picture, eight bars to a row."""

from typing import Any

from course_utils.music._tune import BAR, Tune, chord_at, kind_of, pitch_name
from course_utils.plots import COLOURS, _figure, _show, _wanted

__all__ = ["plot_tune"]

ROW = 8 * BAR
KINDS = {"C": ("chord tone", COLOURS[0]), "S": ("scale tone", COLOURS[4]), "A": ("approach note", COLOURS[1])}
LINES = (60, 72, 84)
"""The pitches that are named at the side: each C."""
HEAD = 5
"""How many half steps of height the names of the chords take above a row."""


def plot_tune(tune: Tune, title: str = "") -> None:
    """Draw the notes of a tune over time and pitch, coloured by what they are to the chord."""
    kinds = [kind_of(note.pitch, chord_at(tune.chords, note.start)) for note in tune.notes]
    counts = (f"{name}s {kinds.count(kind)}" for kind, (name, _) in KINDS.items())
    description = f"Piano roll of {tune.bars} bars. {title}: {len(kinds)} notes; {', '.join(counts)}."
    if not _wanted(description):
        return
    pitches = [60, 79, *(note.pitch for note in tune.notes)]
    low, high = min(pitches) - 1, max(pitches) + 2
    rows, step = max(1, -(-tune.length // ROW)), high - low + HEAD
    # One set of axes for all rows, with text for labels: each more would take its time.
    figure, axis = _figure(9.0, 0.8 + 1.1 * rows, left=0.4, right=0.15, top=0.45, bottom=0.35)
    axis.set(xlim=(0, ROW), ylim=(-rows * step, 0), xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    bases = [-(row + 1) * step - low for row in range(rows)]  # what a pitch of 0 would have for its height
    for row, base in enumerate(bases):
        _ground(axis, tune, row * ROW, base, low, high)
    for kind, (name, colour) in KINDS.items():
        boxes = [
            ((start % ROW, base + pitch), min(length, ROW - start % ROW))
            for (start, length, pitch), its in zip(tune.notes, kinds, strict=True)
            if its == kind
            for base in bases[start // ROW : start // ROW + 1]
        ]
        _draw_boxes(axis, boxes, colour, name)
    axis.legend(fontsize=8, frameon=False, ncols=3, loc="upper right", bbox_to_anchor=(1, 0))
    figure.text(0.4 / 9, 1 - 0.2 / figure.get_size_inches()[1], title, fontsize=10)
    _show(figure, description)


def _draw_boxes(axis: Any, boxes: list[tuple[tuple[int, int], int]], colour: str, label: str) -> None:
    """Draw notes, each given by its lower left corner and its width, and name them in the legend."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    patches = [Rectangle(corner, width - 0.12, 1) for corner, width in boxes]
    axis.add_collection(PatchCollection(patches, facecolor=colour, edgecolor="none"))
    axis.plot([], [], "s", color=colour, label=label)


def _ground(axis: Any, tune: Tune, first: int, base: int, low: int, high: int) -> None:
    """Draw what lies behind the notes of a row: bars, the heights of C, and the names of the chords."""
    width = min(ROW, max(tune.length - first, BAR))
    axis.vlines(range(0, width + 1, BAR), base + low, base + high, color="#bbbbbb", linewidth=0.8, zorder=0)
    for pitch in LINES:
        if low <= pitch < high:
            axis.hlines(base + pitch + 0.5, 0, width, color="#dddddd", linewidth=0.8, zorder=0)
            axis.text(-0.4, base + pitch + 0.5, pitch_name(pitch), fontsize=7, ha="right", va="center")
    for chord in tune.chords:
        if first <= chord.start < first + ROW:
            axis.text(chord.start - first + 0.2, base + high + 1, chord.name, fontsize=8, va="baseline")
