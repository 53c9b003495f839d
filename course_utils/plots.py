"""The figures of the labs, drawn by Matplotlib.

The background is transparent and all text is of a grey that can be read on a white page and on a black
one, so a figure suits both themes of JupyterLab. Its description goes out with it as alternative text.
Outside a notebook, and where SEQLAB_FIGURES is "off" (grading without figures), only the description is
printed: Matplotlib is not even imported.
"""

import os
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import BytesIO
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from course_utils.tables import display, in_ipython

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["COLOURS", "DASHES", "FONT_SIZE", "INK", "plot_bands", "plot_curves", "plot_gates", "show_figure"]

INK = "#7a7a7a"
"""The grey of text and axes: its contrast is 4.3 to 1 on white and on JupyterLab's dark #111."""
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00", "#4a94c4")
"""After Okabe and Ito's palette; each has a contrast of at least 3 to 1 on white and on #111."""
DASHES = ("-", (0, (4, 1.5)), (0, (7, 1.5, 1.5, 1.5)), (0, (1.2, 1.2)), (0, (7, 1.5, 1.5, 1.5, 1.5, 1.5)))
"""Line styles of Matplotlib: solid, dashed, dash-dotted, dotted, dash-dot-dotted."""
FONT_SIZE = 9
"""In points."""
STYLE: dict[Any, str | float] = {
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor"), "none"),
    "font.size": FONT_SIZE,
    "axes.titlesize": 10,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "grid.color": INK,
    "grid.alpha": 0.3,
    "grid.linewidth": 0.6,
    "image.cmap": "cividis",
}
DPI, GRADING_DPI = 144, 100
"""Pixels per inch; fewer in a grading sandbox, since the figures of a whole class are kept."""
CSS_DPI = 100
"""Pixels of the page per inch of a figure."""
ROW = 0.24
"""The height of a row of a heat map, in inches."""
LARGEST = 5e307
"""A curve has a gap where a value is larger: Matplotlib's limits would overflow."""


def plot_gates(
    gates: Mapping[str, ArrayLike],
    steps: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    title: str = "",
) -> None:
    """Draw values between 0 and 1 over time, one heat map for each entry of ``gates``.

    Every entry has shape (n_a, T_x): a row for each unit, a column for each time step.
    ``steps`` labels the columns, ``units`` the rows. Raises ValueError if shapes or labels do not agree.
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

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        axis = figure.add_subplot()
        gap = np.full((1, T_x), np.nan)  # an empty row above each panel, for its name
        rows = np.vstack([part for panel in panels.values() for part in (gap, panel)])
        image = axis.imshow(rows, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        tops = [(n_a + 1) * k + 0.5 for k in range(len(panels))]
        for name, top in zip(panels, tops, strict=True):
            axis.add_patch(Rectangle((-0.5, top), T_x, n_a, fill=False, edgecolor=INK))
            axis.text(-0.5, top - 0.2, name)
        axis.set_yticks([top + 0.5 + k for top in tops for k in range(n_a)], units * len(panels))
        every = 1 + T_x * (1 + max(map(len, steps))) // 90  # about 90 letters fit on the line
        axis.set_xticks(range(0, T_x, every), steps[::every])
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        axis.set(xlabel="time step", title=title)
        bar = figure.colorbar(image, ticks=[0, 0.5, 1], aspect=30, pad=0.02)
        bar.outline.set_edgecolor(INK)

    show_figure(draw, (8.0, 0.6 + ROW * len(panels) * (n_a + 1)), description)


def plot_curves(
    curves: Mapping[str, ArrayLike], xlabel: str = "time step", ylabel: str = "", title: str = ""
) -> None:
    """Draw one line for each entry of ``curves``, a sequence of T_x numbers, over steps 1 to T_x."""
    lines = {name: np.ravel(np.asarray(values, dtype=float)) for name, values in curves.items()}
    ends = (f"{name} goes from {line[0]:.2f} to {line[-1]:.2f}" for name, line in lines.items())
    description = f"Line plot of {ylabel} over {xlabel}. {title}: {'; '.join(ends)}."

    def draw(figure: "Figure") -> None:
        axis = figure.add_subplot()
        for (name, line), colour, dash in zip(lines.items(), cycle(COLOURS), cycle(DASHES), strict=False):
            shown = np.where(np.abs(line) < LARGEST, line, np.nan)
            marker = "o" if line.size == 1 else ""  # a line of one point would not be seen
            axis.plot(np.arange(1, line.size + 1), shown, label=name, color=colour, ls=dash, marker=marker)
        T_x = max(line.size for line in lines.values())
        margin = max(0.5, 0.04 * T_x)
        axis.set_xlim(1 - margin, T_x + margin)
        axis.locator_params("x", integer=True, min_n_ticks=1)
        axis.grid()
        axis.spines[["top", "right"]].set_visible(False)
        axis.set(xlabel=xlabel, ylabel=ylabel, title=title)
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), handlelength=3.2)

    show_figure(draw, (5.6, 2.7), description)


def plot_bands(
    bands: Mapping[str, tuple[ArrayLike, ArrayLike]],
    steps: Sequence[float],
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    *,
    doubling: bool = False,
) -> None:
    """Draw a line with a band around it for each entry of ``bands``: means, and half widths of intervals.

    Each has as many numbers as ``steps``. With ``doubling`` the steps are as far apart as their logarithms,
    and each is labelled. Raises ValueError where the lengths differ.
    """
    lines = {name: np.array([np.ravel(part) for part in band], float) for name, band in bands.items()}
    for name, line in lines.items():
        if line.shape != (2, len(steps)):
            raise ValueError(f"plot_bands: {name} has shape {line.shape}, expected (2, {len(steps)})")
    ends = (
        f"{name} goes from {mean[0]:.2f} ± {half[0]:.2f} to {mean[-1]:.2f} ± {half[-1]:.2f}"
        for name, (mean, half) in lines.items()
    )
    description = (
        f"Line plot of {ylabel} over {xlabel}, {steps[0]:g} to {steps[-1]:g}. {title}: {'; '.join(ends)}."
    )

    def draw(figure: "Figure") -> None:
        axis = figure.add_subplot()
        for (name, (mean, half)), colour, dash in zip(
            lines.items(), cycle(COLOURS), cycle(DASHES), strict=False
        ):
            axis.fill_between(steps, mean - half, mean + half, color=colour, alpha=0.22, lw=0)
            axis.plot(steps, mean, label=name, color=colour, ls=dash)
        if doubling:
            axis.set_xscale("log")
            axis.set_xticks(steps, [f"{step:g}" for step in steps])
            axis.minorticks_off()
        axis.grid()
        axis.spines[["top", "right"]].set_visible(False)
        axis.set(xlabel=xlabel, ylabel=ylabel, title=title)
        axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), handlelength=3.2)

    show_figure(draw, (5.6, 2.7), description)


def show_figure(draw: Callable[["Figure"], None], size: tuple[float, float], description: str) -> None:
    """Display the figure that ``draw`` fills, or print its description where no figure is wanted.

    ``draw`` is called with an empty figure whose ``size``, width and height, is in inches. What reaches
    beyond its edges is shown too. No global state of Matplotlib is left changed.
    """
    if not in_ipython() or os.environ.get("SEQLAB_FIGURES") == "off":
        print(description)
        return
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    dpi = GRADING_DPI if os.environ.get("NBGRADER_EXECUTION") == "autograde" else DPI
    stream = BytesIO()
    with rc_context(STYLE):
        figure = Figure(figsize=size, dpi=dpi)
        draw(figure)
        figure.savefig(stream, format="png", bbox_inches=figure.get_tightbbox().padded(0.05))
    png = stream.getvalue()
    width = int.from_bytes(png[16:20], "big")  # in pixels, from the header of the PNG
    # JupyterLab gives a bare image/png no alternative text, so the figure goes out as HTML.
    html = (
        f'<img alt="{escape(description)}" width="{round(CSS_DPI * width / dpi)}" '
        f'style="max-width:100%;height:auto" src="data:image/png;base64,{b64encode(png).decode()}">'
    )
    display({"text/html": html, "text/plain": description})
