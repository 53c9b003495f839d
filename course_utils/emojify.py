"""What the lab `emojify` needs besides word vectors: its sentences, its five emoji, two figures."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.plots import COLOURS, FONT_SIZE, show_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "LABELS",
    "convert_to_one_hot",
    "label_to_emoji",
    "plot_confusion",
    "plot_words",
    "print_cost",
    "read_sentences",
]

LABELS = ("heart", "ball", "smile", "sad", "fork")
"""The names of the classes 0 to 4."""
MARKERS = "os^vD"
PLACES = [
    (right, up, side) for up in (1.0, -9.0, 7.0, -15.0) for right, side in ((4.0, "left"), (-4.0, "right"))
]
PLACES[4:4] = [(0.0, 5.0, "center"), (0.0, -13.0, "center")]
"""Where a word may stand beside its point, the best place first: offset to the right and up, and its side."""
EMOJI = ("❤️", "⚾", "😄", "😞", "🍴")


def label_to_emoji(label: int) -> str:
    """Return the emoji of a class, 0 to 4, which may be of any numeric type."""
    return EMOJI[int(label)]


def read_sentences(path: str | os.PathLike[str]) -> tuple[list[str], NDArray[np.int64], list[str]]:
    """Read a CSV file with the columns sentence, label (0 to 4) and, optionally, kind.

    Returns the m sentences, their labels of shape (m,), and their kinds ("" where the file has none).
    Raises FileNotFoundError if the file does not exist, and ValueError, with the line, if it is malformed.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}: copy the folder data from the released lab")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file} is not UTF-8 text: save it as UTF-8") from None
    X, Y, kinds = [], [], []
    rows = csv.DictReader(io.StringIO(text, newline=""))
    for row in rows:
        label = row.get("label") or ""
        if not row.get("sentence") or label not in tuple("01234"):
            raise ValueError(f"{file}, line {rows.line_num}: a sentence and a label 0 to 4 are expected")
        X.append(row["sentence"])
        Y.append(int(label))
        kinds.append(row.get("kind") or "")
    if not X:
        raise ValueError(f"{file} holds no sentences under the headings sentence,label")
    return X, np.array(Y), kinds


def convert_to_one_hot(Y: ArrayLike, C: int) -> NDArray[np.float64]:
    """Return labels of shape (m,) as rows of shape (m, C) with a single 1."""
    rows: NDArray[np.float64] = np.eye(C)[np.asarray(Y)]
    return rows


def print_cost(
    t: int, averages: ArrayLike, Y: ArrayLike, W: NDArray[np.floating], b: NDArray[np.floating]
) -> None:
    """Print the mean cross-entropy of softmax regression on averaged vectors, at t = 0, 50, 100, ...

    ``averages`` has shape (m, n_x), Y (m,), W (n_y, n_x), b (n_y,).
    """
    if t % 50 == 0:
        z = np.asarray(averages) @ W.T + b
        z -= z.max(axis=1, keepdims=True)
        cost = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), Y])
        print(f"iteration {t}: mean cost {cost:.4f}")


def plot_confusion(Y: ArrayLike, pred: ArrayLike, title: str = "") -> None:
    """Draw how often each class (row) was predicted as each class (column); Y and pred have shape (m,)."""
    counts = np.zeros((len(LABELS), len(LABELS)), dtype=int)
    np.add.at(counts, (np.ravel(Y).astype(int), np.ravel(pred).astype(int)), 1)
    rows = (f"{name}: {', '.join(map(str, row))}" for name, row in zip(LABELS, counts, strict=True))
    description = (
        f"Confusion matrix, true classes in rows. {title}. Columns {', '.join(LABELS)}. {'; '.join(rows)}."
    )

    def draw(figure: "Figure") -> None:
        axis = figure.add_subplot()
        axis.imshow(counts, vmin=0)
        for (row, column), count in np.ndenumerate(counts):
            colour = "black" if count > counts.max() / 2 else "white"
            axis.text(column, row, str(count), ha="center", va="center", fontsize=10, color=colour)
        axis.set_xticks(range(len(LABELS)), LABELS)
        axis.set_yticks(range(len(LABELS)), LABELS)
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.set(xlabel="predicted", ylabel="true", title=title)

    show_figure(draw, (4.8, 3.8), description)


def plot_words(words: Sequence[str], points: ArrayLike, classes: Sequence[int], title: str = "") -> None:
    """Draw each word beside the marker of its class; ``points`` has shape (number of words, 2)."""
    places = np.asarray(points, dtype=float)
    groups = {
        name: [word for word, c in zip(words, classes, strict=True) if c == k]
        for k, name in enumerate(LABELS)
    }
    listed = "; ".join(f"{name}: {', '.join(group)}" for name, group in groups.items() if group)
    description = f"Map of {len(words)} words. {title}. {listed}."

    def draw(figure: "Figure") -> None:
        axis = figure.add_subplot()
        margin = 0.08 * np.ptp(places, axis=0) + 1e-9
        (left, low), (right, high) = places.min(axis=0) - margin, places.max(axis=0) + margin
        axis.set(xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])
        offsets = _offsets(words, axis.transData.transform(places) * 72 / figure.dpi)
        for word, (x, y), k, (right, up, side) in zip(words, places, classes, offsets, strict=True):
            axis.plot(x, y, MARKERS[k], color=COLOURS[k], markersize=5)
            axis.annotate(word, (x, y), (right, up), textcoords="offset points", ha=side)
        for k, name in enumerate(LABELS):
            axis.plot([], [], MARKERS[k], color=COLOURS[k], label=name)
        axis.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(LABELS))
        axis.set_title(title, pad=26)

    show_figure(draw, (8.4, 5.6), description)


def _offsets(words: Sequence[str], points: NDArray[np.float64]) -> list[tuple[float, float, str]]:
    """Return the offset of each word from its point, and its side there: the place that overlaps least.

    All lengths are in typographical points; a letter is assumed to be 0.6 of the font size wide.
    """
    taken: list[tuple[float, ...]] = [(x - 3, y - 3, x + 3, y + 3) for x, y in points]
    offsets: list[tuple[float, float, str]] = []
    for word, (x, y) in zip(words, points, strict=True):
        wide = 0.6 * FONT_SIZE * len(word)
        boxes: dict[tuple[float, float, str], tuple[float, ...]] = {}
        for right, up, side in PLACES:
            left, low = x + right - {"left": 0, "center": wide / 2, "right": wide}[side], y + up
            boxes[right, up, side] = (left, low, left + wide, low + FONT_SIZE)
        best = min(boxes, key=lambda place: sum(_overlap(boxes[place], box) for box in taken))
        offsets.append(best)
        taken.append(boxes[best])
    return offsets


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the area that two boxes (left, low, right, high) share."""
    width, height = (min(one[i + 2], other[i + 2]) - max(one[i], other[i]) for i in (0, 1))
    return max(0.0, width) * max(0.0, height)
