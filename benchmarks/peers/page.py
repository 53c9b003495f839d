"""Writes docs/benchmarks.md and its plot from the figures of a run of `benchmarks.peers`."""

import io
import statistics
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.peers.attacks import ATTACKS
from benchmarks.peers.graders import CELL_SECONDS, GRADERS, NOTEBOOK_SECONDS, ROOT

DOCS = ROOT / "docs"
MIB = 2**20
INK, BAR, OURS = "#1f2328", "#8a94a0", "#2a7bd1"
DARK = (
    "<style>@media (prefers-color-scheme: dark) {"
    f' [style*="fill: {INK}"] {{ fill: #e6edf3 !important; }}'
    f' [style*="stroke: {INK}"] {{ stroke: #e6edf3 !important; }} }}</style>'
)
"""What makes text and lines light where the reader's theme is dark; the background is transparent."""


def spread(values: list[float]) -> str:
    """Return the median of rates, with the smallest and the largest."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def rates(figures: dict[str, Any], name: str) -> list[float]:
    """Return the notebooks per hour of each round."""
    return [3600 * figures["students"] / seconds for seconds in figures["class"][name]["seconds"]]


def paid(earned: dict[str, Any]) -> int:
    """Return how many of the attacks earned points."""
    return sum(bool(earned[name]) for name in ATTACKS)


def write_page(figures: dict[str, Any]) -> None:
    """Write docs/benchmarks.md and docs/benchmarks.svg."""
    about, versions = figures["machine"], figures["versions"]
    machine = (
        f"Measured on {about['date']}: {about['cores']} cores ({about['model']}), Python {about['python']}; "
        f"other work kept {about['load']:.1f} processes busy when the run began. Only figures of one run "
        "compare: the graders took turns."
    )
    best = {name: statistics.median(rates(figures, name)) for name in figures["class"]}
    alt = "Notebooks per hour: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in best.items())
    alt += ". Attacks that earn points: " + ", ".join(
        f"{name} {paid(earned)} of {len(ATTACKS)}" for name, earned in figures["attacks"].items()
    )
    rows = [
        f"| {name} {versions[name]} | {spread(rates(figures, name))} | "
        f"{max(entry['peak']) / MIB:,.0f} MiB | {entry['one mistake']:.0f} |"
        for name, entry in figures["class"].items()
    ]
    speed = "\n".join(
        ["| | notebooks per hour | peak memory | mean points with one mistake |", "|:--|--:|--:|--:|", *rows]
    )
    how = "\n".join(
        f"{kind.name} {versions[kind.name]} | {kind.how}" for kind in GRADERS if kind.name in versions
    )
    text = (
        (Path(__file__).parent / "page.md")
        .read_text("utf-8")
        .format(
            machine=machine,
            alt=alt,
            speed=speed,
            attacks=attack_table(figures["attacks"]),
            endless=endless_text(figures["attacks"]),
            how=how,
            number=len(ATTACKS),
            students=figures["students"],
            rounds=figures["rounds"],
            cell=CELL_SECONDS,
            notebook=NOTEBOOK_SECONDS,
            mograder=versions.get("mograder", "its version"),
        )
    )
    (DOCS / "benchmarks.md").write_text(text, "utf-8")
    plot(figures, DOCS / "benchmarks.svg")


def attack_table(attacks: dict[str, Any]) -> str:
    """Return the table of the points that each attack earns."""
    lines = [f"| attack | {' | '.join(attacks)} |", "|:--|" + "--:|" * len(attacks)]
    for name, attack in ATTACKS.items():
        cells = ("none" if earned[name] is None else f"{earned[name]:g}" for earned in attacks.values())
        lines.append(f"| **{attack.title}**: {attack.tries} | {' | '.join(cells)} |")
    counts = (f"**{paid(earned)} of {len(ATTACKS)}**" for earned in attacks.values())
    return "\n".join([*lines, f"| **earn points** | {' | '.join(counts)} |"])


def endless_text(attacks: dict[str, Any]) -> str:
    """Return what became of the notebook with an endless loop, a sentence for each grader."""
    said = []
    for name, earned in attacks.items():
        if "endless" not in earned:
            continue
        seconds = earned["endless seconds"]
        points = "no score" if earned["endless"] is None else f"{earned['endless']:g} points"
        after = f"after {seconds:.0f} s" if seconds else "and was ended by the benchmark"
        said.append(f"{name}: {points}, {after}")
    return "; ".join(said) + ". The seconds are those of the whole command."


def plot(figures: dict[str, Any], path: Path) -> None:
    """Draw rates with their ranges, and the attacks that earn points."""
    settings = {"svg.fonttype": "none", "svg.hashsalt": "peers", "font.family": "sans-serif", "font.size": 10}
    colours = dict.fromkeys(
        ("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), INK
    )
    with mpl.rc_context({**settings, **colours}):
        figure = Figure(figsize=(9, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        bars(left, {name: rates(figures, name) for name in figures["class"]}, "notebooks per hour")
        bars(
            right,
            {name: [paid(e)] for name, e in figures["attacks"].items()},
            f"of {len(ATTACKS)} attacks earn points",
        )
        right.set_xlim(0, len(ATTACKS) + 0.8)
        left.set_xlim(0, 1.3 * max(max(rates(figures, name)) for name in figures["class"]))
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    text = out.getvalue().replace("<defs>", f"{DARK}\n <defs>", 1)
    path.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", "utf-8")


def bars(axes: Any, values: dict[str, list[float]], title: str) -> None:
    """Draw horizontal bars, with the median written beside each and a line from smallest to largest."""
    for place, (name, found) in enumerate(values.items()):
        middle = statistics.median(found)
        axes.barh(place, middle, color=OURS if name.startswith("SeqLab") else BAR, height=0.6)
        if len(found) > 1:
            axes.plot([min(found), max(found)], [place, place], color=INK, linewidth=1.5)
        axes.annotate(
            f"{middle:,.0f}", (max(found), place), xytext=(5, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(range(len(values)), list(values))
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10)
    axes.tick_params(left=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
