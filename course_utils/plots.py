"""The figures of the labs, on a white ground on purpose: they read the same in both themes.

Each function draws, shows the picture with a description of it as alternative text, and returns
nothing. Where no picture can be shown, or none is wanted (SEQLAB_FIGURES=off, for grading), the
description is printed and nothing is drawn: matplotlib is imported only when something is.

A figure of matplotlib spends nearly all of its time on axes and texts. So plot_gates and plot_curves
take from matplotlib what it does best, the curves, the ticks and the colours, and Pillow does the rest.
"""

import os
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from io import BytesIO
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_utils.tables import in_ipython

__all__ = ["plot_curves", "plot_gates"]

DPI = 144
GRADING_DPI = 100
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # Okabe and Ito's palette
DASHES = (None, (3.7, 1.6), (6.4, 1.6, 1, 1.6), (1, 1.65))
"""Strokes and gaps, in widths of a curve."""
WIDTH = 1.8
"""The width of a curve, in points."""
ROW = 0.24
"""The height of a row of cells, in inches."""
LARGEST = 5e307
"""Where a value is beyond, a curve has a gap."""
TOP, MIDDLE, BOTTOM = 0.3, 1.25, 2.2
"""The heights of the axes of curves, from above, in inches."""
BLACK, GRID, WHITE = 0, 55, 63
"""The colours of a picture are numbered: 64 greys, then 192 that depend on what it shows."""
SHADES = 32
"""How many of them are of one curve, from nearly white to its full colour."""

Numbers = NDArray[Any]
Place = Callable[[Any], Numbers]


def plot_gates(
    gates: Mapping[str, ArrayLike],
    steps: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    title: str = "",
) -> None:
    """Draw values between 0 and 1 over time, one heat map for each entry of ``gates``.

    Every entry has shape (n_a, T_x): a row for each unit, a column for each time step.
    ``steps`` labels the columns, ``units`` the rows. Raises ValueError unless shapes agree.
    """
    panels = {name: np.asarray(values, dtype=float) for name, values in gates.items()}
    shapes = {panel.shape for panel in panels.values()}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 2:
        raise ValueError("plot_gates: give every gate the same shape (n_a, T_x)")
    n_a, T_x = shape
    steps = list(steps) if steps is not None else [str(t + 1) for t in range(T_x)]
    units = list(units) if units is not None else [str(k + 1) for k in range(n_a)]
    if (len(units), len(steps)) != shape:
        raise ValueError(f"plot_gates: {len(units)} units and {len(steps)} steps do not label shape {shape}")
    ranges = (f"{name}, between {panel.min():.2f} and {panel.max():.2f}" for name, panel in panels.items())
    description = f"Heat maps of {n_a} units over {T_x} steps. {title}: {'; '.join(ranges)}."
    if not _wanted(description):
        return
    from matplotlib import colormaps

    bottom = 0.25 + ROW * len(panels) * (n_a + 1)
    picture = _Picture(7.2, bottom + 0.45, colormaps["cividis"](np.linspace(0, 1, 192))[:, :3])
    left, right = 0.2 + max(picture.length(unit, 8) for unit in units), 6.4
    columns = np.linspace(left, right, T_x + 1)
    for number, (name, panel) in enumerate(panels.items()):
        rows = 0.25 + ROW * (number * (n_a + 1) + np.arange(1, n_a + 2))
        picture.text(left, rows[0] - 0.06, name, 9, "ls")
        picture.cells(columns, rows, panel)
        for y, unit in zip(rows, units, strict=False):
            picture.text(left - 0.06, y + ROW / 2, unit, 8, "rm")
    wide = (right - left) / T_x
    every = 1 + int(max(picture.length(step, 8) for step in steps) / wide)
    for x, step in list(zip(columns, steps, strict=False))[::every]:
        picture.text(x + wide / 2, bottom + 0.12, step, 8)
    picture.text((left + right) / 2, bottom + 0.31, "time step", 9)
    picture.text(3.6, 0.12, title, 10)
    _colour_scale(picture, 6.55, 0.25 + ROW, bottom)
    picture.show(description)


def _colour_scale(picture: "_Picture", left: float, top: float, bottom: float) -> None:
    """Draw which colour means what."""
    right = left + 0.12
    values = np.linspace(1, 0, 192)[:, np.newaxis]
    picture.cells(np.array([left, right]), np.linspace(top, bottom, 193), values, gap=0)
    for x in (left, right):
        picture.line(x, top, x, bottom)
    for y in (top, bottom):
        picture.line(left, y, right, y)
    for y, tick in zip(np.linspace(bottom, top, 3), ("0.0", "0.5", "1.0"), strict=True):
        picture.line(right, y, right + 0.05, y)
        picture.text(right + 0.1, y, tick, 8, "lm")


def plot_curves(
    curves: Mapping[str, ArrayLike], xlabel: str = "time step", ylabel: str = "", title: str = ""
) -> None:
    """Draw one line for each entry of ``curves``, a sequence of T_x numbers, over steps 1 to T_x."""
    lines = {name: np.ravel(np.asarray(values, dtype=float)) for name, values in curves.items()}
    ends = (f"{name} goes from {line[0]:.2f} to {line[-1]:.2f}" for name, line in lines.items())
    description = f"Line plot of {ylabel} over {xlabel}. {title}: {'; '.join(ends)}."
    if not _wanted(description):
        return
    from matplotlib.colors import to_rgba_array

    tints = np.linspace(1 / SHADES, 1, SHADES)[:, np.newaxis]
    full = to_rgba_array(COLOURS)[:, np.newaxis, :3]
    picture = _Picture(6.4, 2.7, (1 - tints * (1 - full)).reshape(-1, 3))
    left, right = 0.7, max(2.5, 5.8 - max(picture.length(name, 8) for name in lines))
    shown = [np.where(np.abs(line) < LARGEST, line, np.nan) for line in lines.values()]
    across, up = _axes(picture, left, right, shown)
    centre = (left + right) / 2
    picture.text(max(centre, 0.1 + picture.length(title, 10) / 2), 0.12, title, 10)
    picture.text(centre, 2.55, xlabel, 9)
    picture.text_upwards(0.14, MIDDLE, ylabel, 9)
    gap = min(0.17, 2.5 / len(lines))
    legend = MIDDLE + gap * (np.arange(len(lines)) - (len(lines) - 1) / 2)
    paths = []
    for name, line, y in zip(lines, shown, legend, strict=True):
        xs, ys = across(np.arange(1, len(line) + 1)), up(line)
        if len(line) == 1:  # a mere point would not be seen
            xs, ys = xs + np.array([-0.06, 0.06]), ys.repeat(2)
        sample = [[np.nan, np.nan], [right + 0.1, y], [right + 0.32, y]]
        paths.append(np.concatenate([np.column_stack([xs, ys]), sample]))
        picture.text(right + 0.41, y, name, 8, "lm")
    picture.curves(paths)
    picture.show(description)


def _axes(picture: "_Picture", left: float, right: float, lines: list[Numbers]) -> tuple[Place, Place]:
    """Draw the axes for some curves; return what finds the places of their steps and of their values."""
    T_x = max(len(line) for line in lines)
    across, ticks, _ = _scale(0.5, T_x + max(0.5, 0.05 * T_x), left, right, whole=True)
    for x, label in ticks:
        picture.line(x, TOP, x, BOTTOM, GRID, 0.6)
        picture.line(x, BOTTOM, x, BOTTOM + 0.05)
        picture.text(x, BOTTOM + 0.14, label, 8)
    up, ticks, unit = _scale(*_limits(np.concatenate(lines)), BOTTOM, TOP)
    for y, label in ticks:
        picture.line(left, y, right, y, GRID, 0.6)
        picture.line(left - 0.05, y, left, y)
        picture.text(left - 0.1, y, label, 8, "rm")
    picture.text(left, TOP - 0.05, unit, 8, "ls")
    picture.line(left, TOP, left, BOTTOM)
    picture.line(left, BOTTOM, right, BOTTOM)
    return across, up


def _limits(values: Numbers) -> tuple[float, float]:
    """Return the ends of an axis on which all finite values have room."""
    from matplotlib.ticker import MaxNLocator

    values = values[np.isfinite(values)]
    if not len(values):
        return 0, 1
    low, high = MaxNLocator().nonsingular(values.min(), values.max())
    return low - 0.05 * (high - low), high + 0.05 * (high - low)


def _scale(
    low: float, high: float, start: float, end: float, whole: bool = False
) -> tuple[Place, list[tuple[float, str]], str]:
    """Return what finds the places of numbers, where ``low`` is at ``start`` and ``high`` at ``end``.

    Also return the places and labels of some round (or whole) numbers, and the unit of the labels.
    """
    from matplotlib.ticker import MaxNLocator, ScalarFormatter

    def place(numbers: Any) -> Numbers:
        return np.interp(numbers, (low, high), (start, end))

    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10], integer=whole, min_n_ticks=1)
    numbers = np.asarray(locator.tick_values(low, high))
    numbers = numbers[(low <= numbers) & (numbers <= high)]
    formatter: Any = ScalarFormatter(useMathText=False)
    formatter.create_dummy_axis()
    formatter.axis.set_view_interval(low, high)
    labels = formatter.format_ticks(numbers)
    return place, list(zip(place(numbers), labels, strict=True)), formatter.get_offset()


class _Picture:
    """White paper to draw on; places and lengths are in inches, from the upper left corner.

    ``colours`` has shape (192, 3), red, green and blue between 0 and 1: those besides the greys.
    """

    def __init__(self, width: float, height: float, colours: Numbers) -> None:
        from PIL import Image, ImageDraw

        self.dpi = _dpi()
        self.colours = (255 * colours).round().astype(np.uint8)
        self.image = Image.new("L", (round(width * self.dpi), round(height * self.dpi)), WHITE)
        self.pen = ImageDraw.Draw(self.image)

    def line(
        self, x: float, y: float, to_x: float, to_y: float, colour: int = BLACK, width: float = 0.8
    ) -> None:
        """Draw a line, upright or level; its width is in points."""
        ends = [int(place * self.dpi) for place in (x, y, to_x, to_y)]
        self.pen.line(ends, colour, round(width * self.dpi / 72))

    def curves(self, paths: Iterable[Numbers]) -> None:
        """Draw a curve for each array of shape (number of points, 2); a point that is not finite is a gap."""
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D
        from PIL import Image

        renderer = RendererAgg(*self.image.size, self.dpi)
        to_pixels = Affine2D().scale(self.dpi, -self.dpi).translate(0, self.image.height)
        for path, colour, dash in zip(paths, cycle(COLOURS), cycle(DASHES), strict=False):
            style = renderer.new_gc()
            style.set_foreground(colour)
            style.set_linewidth(WIDTH)
            style.set_dashes(0, dash and [WIDTH * length for length in dash])
            renderer.draw_path(style, Path(path), to_pixels)
        drawn = np.asarray(renderer.buffer_rgba())
        covered = drawn[..., 3] > 0
        pixels = drawn[covered]
        # Of each pixel, the curve whose colour is nearest, and its share of the pixel.
        full = self.colours[SHADES - 1 :: SHADES].astype(float)
        nearest = (pixels[:, :3] @ full.T - (full**2).sum(axis=1) / 2).argmax(axis=1)
        numbers = np.zeros(covered.shape, np.uint8)
        numbers[covered] = WHITE + 1 + SHADES * nearest + pixels[:, 3] // (256 // SHADES)
        self.image.paste(Image.fromarray(numbers), mask=Image.fromarray(covered))

    def cells(self, columns: Numbers, rows: Numbers, values: Numbers, gap: int = 2) -> None:
        """Fill the cells between edges with the colours of values between 0 and 1, shape (rows, columns).

        A value that is not finite leaves its cell white. The gap between two cells is in pixels.
        """
        shades = np.where(np.isfinite(values), WHITE + 1 + 191 * np.clip(values, 0, 1), WHITE)
        xs, ys = ((edges * self.dpi).astype(int).tolist() for edges in (columns, rows))
        for row, y, to_y in zip(shades.astype(int).tolist(), ys, ys[1:], strict=False):
            for shade, x, to_x in zip(row, xs, xs[1:], strict=False):
                corner = max(x, to_x - gap - 1), max(y, to_y - gap - 1)
                self.pen.rectangle((x, y, *corner), shade)

    def length(self, words: str, size: float) -> float:
        """Return the length of a text; its size is in points."""
        lines = str(words).split("\n")
        return max(self.pen.textlength(line, _font(size * self.dpi / 72)) for line in lines) / self.dpi

    def text(self, x: float, y: float, words: str, size: float, anchor: str = "mm") -> None:
        """Write a text; ``anchor`` says what of it is at the place, in Pillow's words."""
        place = round(x * self.dpi), round(y * self.dpi)
        self.pen.text(place, str(words), BLACK, _font(size * self.dpi / 72), anchor)

    def text_upwards(self, x: float, y: float, words: str, size: float) -> None:
        """Write a text that runs upwards, around a place."""
        from PIL import Image, ImageDraw

        along = Image.new("L", (round(self.dpi * self.length(words, size)) + 2, self.dpi // 3))
        font = _font(size * self.dpi / 72)
        ImageDraw.Draw(along).text((along.width / 2, along.height / 2), str(words), 255, font, "mm")
        turned = along.transpose(Image.Transpose.ROTATE_90)
        place = (round(x * self.dpi - turned.width / 2), round(y * self.dpi - turned.height / 2))
        self.image.paste(BLACK, place, turned)

    def show(self, description: str) -> None:
        """Display the picture with a description of it."""
        greys = np.linspace(0, 255, WHITE + 1).astype(np.uint8).repeat(3)
        self.image.putpalette(greys.tobytes() + self.colours.tobytes())
        _display(self.image, description)


@cache
def _font(size: float) -> Any:
    """Return matplotlib's own font, in a size in pixels."""
    from matplotlib import get_data_path
    from PIL import ImageFont

    path = os.path.join(get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def _wanted(description: str) -> bool:
    """Whether to draw a picture; prints its description if not."""
    if in_ipython() and os.environ.get("SEQLAB_FIGURES") != "off":
        return True
    print(description)
    return False


def _grading() -> bool:
    """Whether the notebook is being graded: the pictures of a whole class are kept."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _dpi() -> int:
    return GRADING_DPI if _grading() else DPI


def _figure(
    width: float, height: float, *, left: float, right: float, top: float, bottom: float
) -> tuple[Any, Any]:
    """Return a figure that no global state knows of, and its axes; sizes and margins in inches."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_dpi(), facecolor="white")
    place = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    return figure, figure.add_axes(place)


def _show(figure: Any, description: str) -> None:
    """Display a figure of matplotlib."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    _display(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), description)


def _display(picture: Any, description: str) -> None:
    """Display a picture of Pillow as a PNG with its description as alternative text."""
    from IPython.display import display
    from PIL import Image

    width, stream = round(100 * picture.width / _dpi()), BytesIO()
    if _grading() and picture.mode == "RGB":  # a palette takes a third of the room, and of the time
        picture = picture.quantize(256, Image.Quantize.FASTOCTREE)
    picture.save(stream, format="png", compress_level=1)
    # JupyterLab gives a bare image/png no alternative text, so the picture goes out as HTML
    data = b64encode(stream.getvalue()).decode()
    html = (
        f'<img alt="{escape(description)}" width="{width}" style="max-width:100%;height:auto" '
        f'src="data:image/png;base64,{data}">'
    )
    display({"text/html": html, "text/plain": description}, raw=True)
