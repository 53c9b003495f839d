"""The figures of the labs, on a white ground on purpose: they read the same in both themes.

Each function draws, shows the picture with a description of it as alternative text, and returns
nothing. Where no picture can be shown, or none is wanted (SEQLAB_FIGURES=off, for grading), the
description is printed and nothing is drawn: matplotlib is imported only when something is.
"""

import os
from base64 import b64encode
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.tables import in_ipython

__all__ = ["plot_curves", "plot_gates"]

DPI = 144
GRADING_DPI = 100
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # Okabe and Ito's palette
DASHES = ("-", "--", "-.", ":")
LETTER = 0.075
"""About the width of a character of the legend, in inches."""


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
    # One set of axes for all panels, with text for labels: each more would double the time to draw.
    rows = len(panels) * (n_a + 1)
    left = 0.2 + LETTER * max(len(unit) for unit in units)
    figure, axis = _figure(7.2, 0.7 + 0.24 * rows, left=left, right=0.8, top=0.25, bottom=0.45)
    axis.set(xlim=(0, T_x), ylim=(rows, 0), xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    for number, (name, panel) in enumerate(panels.items()):
        first = number * (n_a + 1) + 1
        edges = (np.arange(T_x + 1), np.arange(first, first + n_a + 1))
        image = axis.pcolormesh(
            *edges, panel, cmap="cividis", vmin=0, vmax=1, edgecolors="white", linewidth=1
        )
        axis.text(0, first - 0.25, name, fontsize=9)
        for row, unit in enumerate(units):
            axis.text(-0.08, first + row + 0.5, unit, fontsize=8, ha="right", va="center")
    for column, step in enumerate(steps):
        axis.text(column + 0.5, rows + 0.5, step, fontsize=8, ha="center", va="center")
    axis.text(T_x / 2, rows + 1.3, "time step", fontsize=9, ha="center", va="center")
    width, height = figure.get_size_inches()
    scale = figure.add_axes((1 - 0.65 / width, 0.45 / height, 0.12 / width, 1 - 0.94 / height))
    figure.colorbar(image, cax=scale, ticks=[0, 0.5, 1]).ax.tick_params(labelsize=8)
    figure.suptitle(title, fontsize=10)
    _show(figure, description)


def plot_curves(
    curves: Mapping[str, ArrayLike], xlabel: str = "time step", ylabel: str = "", title: str = ""
) -> None:
    """Draw one line for each entry of ``curves``, a sequence of T_x numbers, over steps 1 to T_x."""
    lines = {name: np.ravel(np.asarray(values, dtype=float)) for name, values in curves.items()}
    ends = (f"{name} goes from {line[0]:.2f} to {line[-1]:.2f}" for name, line in lines.items())
    description = f"Line plot of {ylabel} over {xlabel}. {title}: {'; '.join(ends)}."
    if not _wanted(description):
        return
    legend = 0.6 + LETTER * max(len(name) for name in lines)
    figure, axis = _figure(6.4, 2.7, left=0.7, right=legend, top=0.3, bottom=0.5)
    for (name, line), colour, dash in zip(lines.items(), cycle(COLOURS), cycle(DASHES), strict=False):
        axis.plot(range(1, len(line) + 1), line, dash, color=colour, label=name, linewidth=1.8)
    # Places are given, which saves matplotlib from measuring all labels twice.
    axis.set_title(title, fontsize=10, y=1.03)
    axis.set_xlabel(xlabel, fontsize=9)
    axis.set_ylabel(ylabel, fontsize=9)
    axis.xaxis.set_label_coords(0.5, -0.15)
    axis.yaxis.set_label_coords(-0.11, 0.5)
    axis.tick_params(labelsize=8)
    axis.locator_params(nbins=5)
    axis.set_xlim(left=0.5)
    axis.grid(color="#dddddd", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    _show(figure, description)


def _wanted(description: str) -> bool:
    """Whether to draw a picture; prints its description if not."""
    if in_ipython() and os.environ.get("SEQLAB_FIGURES") != "off":
        return True
    print(description)
    return False


def _grading() -> bool:
    """Whether the notebook is being graded: the pictures of a whole class are kept."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _figure(
    width: float, height: float, *, left: float, right: float, top: float, bottom: float
) -> tuple[Any, Any]:
    """Return a figure that no global state knows of, and its axes; sizes and margins in inches."""
    from matplotlib.figure import Figure

    dpi = GRADING_DPI if _grading() else DPI
    figure = Figure(figsize=(width, height), dpi=dpi, facecolor="white")
    place = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    return figure, figure.add_axes(place)


def _show(figure: Any, description: str) -> None:
    """Display a figure as a PNG with its description as alternative text."""
    from IPython.display import display
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas, stream = FigureCanvasAgg(figure), BytesIO()
    canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba()))
    if _grading():  # a palette takes a third of the room, and of the time
        picture = picture.quantize(256, Image.Quantize.FASTOCTREE)
    picture.save(stream, format="png", compress_level=1)
    # JupyterLab gives a bare image/png no alternative text, so the picture goes out as HTML
    data = b64encode(stream.getvalue()).decode()
    width = round(100 * figure.get_size_inches()[0])
    html = (
        f'<img alt="{escape(description)}" width="{width}" style="max-width:100%;height:auto" '
        f'src="data:image/png;base64,{data}">'
    )
    display({"text/html": html, "text/plain": description}, raw=True)
