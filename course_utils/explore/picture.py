"""Draws the pictures of the explorers as SVG: fast enough for a slider, and in the colours of the theme.

Text and axes have JupyterLab's own text colour; curves and bars have the colours of `course_utils.plots`.
Every picture carries its description for screen readers.
"""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from course_utils.plots import COLOURS, DASHES, INK

__all__ = ["Array", "bars", "curves", "described", "tracks"]

Array = np.ndarray
THEME_INK = f"var(--jp-content-font-color1, {INK})"
"""The theme's colour of text."""
WIDTH = 640
LEFT, RIGHT, TOP, BOTTOM = 62, 190, 26, 40
"""The margins of a line plot: the axis on the left, the legend on the right, title above, steps below."""
LINE = 2.0
"""The width of a curve, in pixels."""
MOST_POINTS = 500
"""A longer curve is drawn from the smallest and the largest value of each of some stretches."""


def curves(
    lines: Mapping[str, Array],
    description: str,
    xlabel: str = "",
    ylabel: str = "",
    title: str = "",
    limits: tuple[float, float] | None = None,
    log: bool = False,
) -> str:
    """Return a line plot of sequences over steps 1, 2, ...; values that are not finite leave a gap.

    ``limits`` are the ends of the vertical axis. With ``log`` it is logarithmic, its limits are powers of
    ten, and what is zero or below its lower end lies on that end.
    """
    height, bottom = 250, 250 - BOTTOM
    if log:
        low, high = limits or (-6.0, 0.0)
        shown = {
            name: np.log10(np.maximum(np.abs(line), 10.0**low)) if len(line) else line
            for name, line in lines.items()
        }
    else:
        shown = dict(lines)
        low, high = limits or _limits(list(shown.values()))
    steps = max((len(line) for line in shown.values()), default=1)
    across = (WIDTH - LEFT - RIGHT) / max(1, steps - 1)
    up = (bottom - TOP) / (high - low)

    parts = [f'<text x="{LEFT}" y="15" font-size="14">{escape(title)}</text>']
    for tick in _ticks(low, high):
        y = bottom - up * (tick - low)
        number = f"{tick:g}".replace("-", "−")
        label = f"10<tspan dy='-5' font-size='9'>{number}</tspan>" if log else number
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{THEME_INK}" opacity=".25"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for tick in _ticks(1, max(2, steps), whole=True):
        x = LEFT + across * (tick - 1)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>')
    parts.append(
        f'<path d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}" fill="none" stroke="{THEME_INK}"/>'
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{bottom + 34}" text-anchor="middle">'
        f"{escape(xlabel)}</text>"
        f'<text transform="translate(14 {(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(ylabel)}</text>"
    )
    for place, (name, line) in enumerate(shown.items()):
        look = _look(place)
        at, values = _thinned(np.asarray(line, dtype=float))
        points = _path(LEFT + across * at, bottom - up * (np.clip(values, low, high) - low))
        parts.append(f'<path d="{points}" fill="none" {look}/>')
        y = TOP + 14 + 20 * place
        x = WIDTH - RIGHT + 14
        parts.append(
            f'<path d="M{x} {y - 4}h30" fill="none" {look}/><text x="{x + 38}" y="{y}">{escape(name)}</text>'
        )
    return _svg("".join(parts), WIDTH, height, description)


def bars(shares: Mapping[str, float], description: str, title: str = "") -> str:
    """Return horizontal bars of values between 0 and 1, one for each name, with their numbers."""
    left, row, full = 90, 20, 420
    parts = [f'<text x="{left}" y="15" font-size="14">{escape(title)}</text>']
    for place, (name, share) in enumerate(shares.items()):
        y = TOP + row * place
        width = full * min(1.0, max(0.0, share)) if np.isfinite(share) else 0
        parts.append(
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{left}" y="{y + 2}" width="{width:.1f}" height="{row - 6}" fill="{COLOURS[0]}"/>'
            f'<text x="{left + width + 6:.1f}" y="{y + 13}">{share:.3f}</text>'
        )
    return _svg("".join(parts), WIDTH, TOP + row * len(shares) + 4, description)


def tracks(
    groups: Mapping[str, Array], steps: Sequence[str], rows: Sequence[str], upto: int, description: str
) -> str:
    """Return small bars for each step, in a row for each unit and a block for each entry of ``groups``.

    An entry has the shape (units, steps). Its bars rise from the bottom of their row if no value is negative,
    else from the middle; the largest absolute value, or 1, fills the row. Steps up to ``upto``, counted from
    0, have bars; frames mark that one in each block and below, and leave the headings alone.
    """
    left, high, gap = 130, 20, 22
    across = min(34.0, (WIDTH - left - 10) / max(1, len(steps)))
    wide = across * len(steps)

    def frame(top: float, height: float) -> str:
        return (
            f'<rect x="{left + across * upto:.1f}" y="{top:.1f}" width="{across:.1f}" height="{height:.1f}" '
            f'rx="3" fill="none" stroke="{THEME_INK}" stroke-width="2"/>'
        )

    y, parts = 6, []
    for place, (name, values) in enumerate(groups.items()):
        parts.append(f'<text x="{left}" y="{y + 14}">{escape(name)}</text>')
        y += gap - 2
        finite = values[np.isfinite(values)]
        most = max(1.0, float(np.abs(finite).max(initial=0)))
        middle = bool((finite < 0).any())
        for unit, row in zip(rows, values, strict=True):
            zero, scale = (y + high / 2, high / 2 - 1) if middle else (y + high, high - 2)
            parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{escape(unit)}</text>')
            parts.append(
                f'<rect x="{left}" y="{y}" width="{wide:.1f}" height="{high}" fill="none" '
                f'stroke="{THEME_INK}" stroke-opacity=".35"/>'
                f'<path d="M{left} {zero}h{wide:.1f}" stroke="{THEME_INK}"/>'
            )
            for t, value in enumerate(row[: upto + 1]):
                if np.isfinite(value):
                    length = abs(value) / most * scale
                    top = zero - length if value > 0 else zero
                    parts.append(
                        f'<rect x="{left + across * t + 3:.1f}" y="{top:.1f}" width="{across - 6:.1f}" '
                        f'height="{length:.1f}" fill="{COLOURS[place % len(COLOURS)]}"/>'
                    )
            y += high
        parts.append(frame(y - high * len(values), high * len(values)))
    y += 18
    for t, step in enumerate(steps):
        bold = ' font-weight="bold"' if t == upto else ""
        x = left + across * (t + 0.5)
        parts.append(
            f'<text x="{x:.1f}" y="{y}" text-anchor="middle" font-size="14"{bold}>{escape(step)}</text>'
        )
    parts.append(frame(y - 14, 20))
    return _svg("".join(parts), WIDTH, y + 12, description)


def described(values: Mapping[str, Array]) -> str:
    """Return in words where each of some sequences begins and ends."""
    ends = (
        f"{name} goes from {line[0]:.3g} to {line[-1]:.3g}" if len(line) else f"{name} is empty"
        for name, line in values.items()
    )
    return "; ".join(ends)


def _svg(inside: str, width: int, height: float, description: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(description)}" viewBox="0 0 {width} {height:.0f}" '
        f'width="{width}" height="{height:.0f}" style="max-width:100%;height:auto;display:block" '
        f'font-family="var(--jp-ui-font-family, sans-serif)" font-size="12" fill="{THEME_INK}">{inside}</svg>'
    )


def _look(place: int) -> str:
    """Return the attributes of the curve in this place of the legend: its colour and its dashes."""
    colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
    style = f'stroke="{colour}" stroke-width="{LINE:g}"'
    if isinstance(dash, str):
        return style
    lengths = dash[1]
    assert isinstance(lengths, tuple)
    return f'{style} stroke-dasharray="{" ".join(f"{LINE * length:g}" for length in lengths)}"'


def _path(across: Array, down: Array) -> str:
    """Return the commands of an SVG path through points, which begins anew behind a gap."""
    pieces, pen = [], "M"
    for x, y in zip(across, down, strict=True):
        if np.isfinite(y):
            pieces.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        else:
            pen = "M"
    if len(pieces) == 1:  # a line of one point would not be seen
        pieces.append("h3")
    return "".join(pieces)


def _thinned(line: Array) -> tuple[Array, Array]:
    """Return the places and values of a curve, at most `MOST_POINTS` of them, extremes kept."""
    line = np.where(np.isfinite(line), line, np.nan)
    if len(line) <= MOST_POINTS:
        return np.arange(len(line)), line
    kept = set()
    for part in np.array_split(np.arange(len(line)), MOST_POINTS // 2):
        values = line[part]
        if not np.isnan(values).all():
            kept |= {int(part[np.nanargmin(values)]), int(part[np.nanargmax(values)])}
    at = np.array(sorted(kept | {0, len(line) - 1}))
    return at, line[at]


def _limits(lines: Sequence[Array]) -> tuple[float, float]:
    """Return ends of a vertical axis that hold all values, with a little room."""
    values = np.concatenate([np.ravel(line) for line in lines] or [np.zeros(1)]).astype(float)
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    room = 0.05 * (high - low) or max(abs(high) * 0.1, 0.1)
    return low - room, high + room


def _ticks(low: float, high: float, whole: bool = False) -> list[float]:
    """Return about five round numbers between two others."""
    rough = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(k for k in (1, 2, 2.5, 5, 10) if k * power >= rough * 0.999)
    if whole:
        step = max(1.0, np.ceil(step))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(round(step * k, 10)) for k in range(int(first), int(last) + 1)]
