"""The figures of the labs, on a white ground on purpose: they read the same in both themes.

Each function draws, shows the picture with a description of it as alternative text, and returns
nothing. matplotlib is imported only when something is drawn.
"""

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

DPI = 160
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # Okabe and Ito's palette
DASHES = ("-", "--", "-.", ":")


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
    figure = _figure(7.2, 0.6 + len(panels) * (0.35 + 0.24 * n_a))
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for axis, (name, panel) in zip(axes, panels.items(), strict=True):
        image = axis.imshow(panel, cmap="cividis", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        axis.set_title(name, fontsize=9, loc="left", pad=3)
        axis.set_yticks(range(n_a), units, fontsize=8)
        axis.set_xticks(range(T_x), steps, fontsize=8)
        axis.set_yticks(np.arange(1, n_a) - 0.5, minor=True)
        axis.set_xticks(np.arange(1, T_x) - 0.5, minor=True)
        axis.grid(which="minor", color="white", linewidth=1)
        axis.tick_params(which="both", length=0)
        axis.spines[:].set_visible(False)
    axes[-1].set_xlabel("time step", fontsize=9)
    figure.colorbar(image, ax=list(axes), label="value", fraction=0.04, pad=0.02).ax.tick_params(labelsize=8)
    figure.suptitle(title, fontsize=10)
    described = "; ".join(
        f"{name}, between {panel.min():.2f} and {panel.max():.2f}" for name, panel in panels.items()
    )
    _show(figure, f"Heat maps of {n_a} units over {T_x} steps. {title}: {described}.")


def plot_curves(
    curves: Mapping[str, ArrayLike], xlabel: str = "time step", ylabel: str = "", title: str = ""
) -> None:
    """Draw one line for each entry of ``curves``, a sequence of T_x numbers, over steps 1 to T_x."""
    lines = {name: np.ravel(np.asarray(values, dtype=float)) for name, values in curves.items()}
    figure = _figure(6.4, 2.7)
    axis = figure.subplots()
    for (name, line), colour, dash in zip(lines.items(), cycle(COLOURS), cycle(DASHES), strict=False):
        axis.plot(range(1, len(line) + 1), line, dash, color=colour, label=name, linewidth=1.8)
    axis.set_xlabel(xlabel, fontsize=9)
    axis.set_ylabel(ylabel, fontsize=9)
    axis.set_title(title, fontsize=10)
    axis.tick_params(labelsize=8)
    axis.set_xlim(left=0.5)
    axis.grid(color="#dddddd", linewidth=0.6)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    described = "; ".join(f"{name} goes from {line[0]:.2f} to {line[-1]:.2f}" for name, line in lines.items())
    _show(figure, f"Line plot of {ylabel} over {xlabel}. {title}: {described}.")


def _figure(width: float, height: float) -> Any:
    """Return an empty figure, sizes in inches, that no global state knows of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout="constrained")


def _show(figure: Any, description: str) -> None:
    """Display a figure as a PNG with its description; print the description where nothing can display."""
    if not in_ipython():
        print(description)
        return
    from IPython.display import display

    stream = BytesIO()
    figure.savefig(stream, format="png")
    # JupyterLab gives a bare image/png no alternative text, so the picture goes out as HTML
    data = b64encode(stream.getvalue()).decode()
    width = round(100 * figure.get_size_inches()[0])
    html = (
        f'<img alt="{escape(description)}" width="{width}" style="max-width:100%;height:auto" '
        f'src="data:image/png;base64,{data}">'
    )
    display({"text/html": html, "text/plain": description}, raw=True)
