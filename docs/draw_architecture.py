"""Draws docs/architecture.svg from the imports of autograder/, and writes the tables of docs/architecture.md.

``python docs/draw_architecture.py`` writes both; with ``--check`` it changes nothing, and exits with 1 when
one of them is out of date. It needs the standard library alone.
"""

import ast
import re
import sys
from collections import defaultdict
from html import escape
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "autograder"
ORDER = (
    *(
        "errors",
        "imports",
        "results",
        "scratch",
        "versions",
        "processes",
        "lab",
        "sandbox",
        "referee",
        "release",
    ),
    *("submission", "feedback", "settings", "run", "grading", "gradebook", "report", "audit", "cli"),
)
"""Each may import those before it."""
WAY = {
    "lab": "what a lab is",
    "release": "text to notebooks",
    "submission": "reads, restores",
    "sandbox": "runs the code",
    "referee": "says verdicts",
    "grading": "runs and judges",
    "gradebook": "saves scores",
    "report": "shows a class",
}
BESIDE = {
    "audit": (1.0, "proves the tests"),
    "settings": (2.9, "of a course"),
    "run": (4.0, "one run"),
    "processes": (5.1, "workers"),
    "feedback": (6.6, "for students"),
}
"""Package or module -> its column, counted in boxes, and what it does."""
BASE = ("errors", "imports", "results", "scratch", "versions")
GREY, BLUE = "#767676", "#2b7bd9"  # both stand out on white and on black
WIDTH, HEIGHT, GAP, LEFT = 112, 46, 22, 10
ROW, LOW, FLOOR = 250, 402, 526
"""Tops of the row of the way, of what stands beside it, and of the bar at the bottom."""
TITLE = "The way of a submission through the packages of autograder/"
Point = tuple[float, float]
Edge = tuple[str, str]


def modules() -> dict[str, Path]:
    """Return the file of each module by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def imported(name: str, path: Path) -> set[str]:
    """Return the dotted names that a module imports, wherever in it; of ``from a import b``, a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".") + ["__init__"] * (path.name == "__init__.py")
            start = (
                [*parts[: -node.level], *filter(None, [node.module])] if node.level else [node.module or ""]
            )
            module = ".".join(start)
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def imports() -> dict[str, set[str]]:
    """Return what each package, or module at the top, imports of the others."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, path in modules().items():
        source = name.split(".")[1] if "." in name else ""
        if source not in ("", *ORDER):
            raise SystemExit(
                f"docs/draw_architecture.py: give autograder.{source} a place in ORDER, and a box"
            )
        parts = {target.split(".")[1] for target in imported(name, path) if target.startswith("autograder.")}
        found[source] |= (parts & set(ORDER)) - {source}
    return found


def docstring(path: Path) -> str:
    """Return the first line of a module's docstring, without the full stop."""
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return text.partition("\n")[0].rstrip(".").replace("<", "&lt;").replace("|", "\\|")


def tables() -> dict[str, str]:
    """Return the generated parts of docs/architecture.md by the names of their markers."""
    edges = imports()
    rows = ["| package | imports |", "|:--|:--|"]
    for name in reversed(ORDER):
        targets = ", ".join(f"`{target}`" for target in ORDER if target in edges[name])
        rows.append(f"| `{name}` | {targets or 'none of the others'} |")
    lines = ["| module | what it does |", "|:--|:--|"]
    found = modules()
    place = {part: number for number, part in enumerate(("", *WAY, *BESIDE, *BASE, "cli"))}
    for name in sorted(found, key=lambda name: (place[[*name.split("."), ""][1]], name)):
        path = found[name].relative_to(PACKAGE.parent).as_posix()
        label = path.removeprefix("autograder/").removesuffix("__init__.py")
        bold = "**" if path.endswith("__init__.py") else ""
        lines.append(f"| {bold}[`{label or 'autograder/'}`](../{path}){bold} | {docstring(found[name])} |")
    return {"imports": "\n".join(rows), "modules": "\n".join(lines)}


def filled(text: str) -> str:
    """Return the text of docs/architecture.md with its generated parts as they should be."""
    for name, table in tables().items():
        parts = re.split(rf"(<!-- {name}: .*?-->\n|\n<!-- end of {name} -->)", text)
        if len(parts) != 5:
            raise SystemExit(f"docs/architecture.md: the markers of {name!r} are missing or doubled")
        text = "".join([*parts[:2], table, *parts[3:]])
    return text


def boxes() -> dict[str, Point]:
    """Return the upper left corner of each box."""
    way = {name: (LEFT + number * (WIDTH + GAP), ROW) for number, name in enumerate(WAY)}
    beside = {name: (LEFT + column * (WIDTH + GAP), LOW) for name, (column, _) in BESIDE.items()}
    return {**way, **beside}


def ports(edges: list[Edge], place: dict[str, Point], *, nested: bool) -> dict[Edge, float]:
    """Spread the ends of edges over one side of each box: (box, other end) -> x.

    ``nested`` is for arcs along a row: the ends of the widest lie in the middle, so that arcs cross less.
    """
    ends: dict[str, list[str]] = defaultdict(list)
    for source, target in edges:
        ends[source].append(target)
        ends[target].append(source)
    found = {}
    for name, others in ends.items():
        x = place[name][0]
        others.sort(key=lambda other: place[other])
        if nested:
            left = [other for other in others if place[other][0] < x]
            others = [*reversed(left), *reversed(others[len(left) :])]
        for number, other in enumerate(others, 1):
            found[name, other] = x + WIDTH * number / (len(others) + 1)
    return found


def arrow(start: Point, end: Point, bend: float) -> str:
    """Return a curve that leaves and arrives vertically; ``bend`` is the reach of its control points."""
    (x, y), (u, v) = start, end
    last = v + bend if abs(v - y) < HEIGHT else v - bend
    points = f"M{x:.0f} {y:.0f}C{x:.0f} {y + bend:.0f} {u:.0f} {last:.0f} {u:.0f} {v:.0f}"
    return f'<path class="import" marker-end="url(#import)" d="{points}"/>'


def import_arrows() -> list[str]:
    """Return an arrow for each import between boxes; those of the bars at top and bottom are in the table."""
    place = boxes()
    edges = [(a, b) for a, targets in imports().items() for b in sorted(targets) if {a, b} <= place.keys()]
    way = [edge for edge in edges if {*edge} <= WAY.keys()]
    beside = [edge for edge in edges if {*edge} <= BESIDE.keys()]
    between = [edge for edge in edges if edge not in way + beside]
    lines = []
    for row, y, side, most in ((way, ROW, -1, 240), (beside, LOW + HEIGHT, 1, 70)):
        x = ports(row, place, nested=True)
        for edge in row:
            start, end = x[edge], x[edge[::-1]]
            bend = min(16 + 0.24 * abs(end - start), most)
            lines.append(arrow((start, y), (end, y + 3 * side), side * bend))
    x = ports(between, place, nested=False)
    for edge in between:
        down = edge[0] in WAY
        start, end = (ROW + HEIGHT, LOW - 3) if down else (LOW, ROW + HEIGHT + 3)
        lines.append(arrow((x[edge], start), (x[edge[::-1]], end), 50 if down else -50))
    return lines


def box(x: float, y: float, width: float, name: str, text: str, kind: str = "") -> list[str]:
    """Return a box with its name and a few words."""
    middle = x + width / 2
    return [
        f'<rect class="box {kind}" x="{x:.0f}" y="{y}" width="{width}" height="{HEIGHT}" rx="6"/>',
        f'<text class="name" x="{middle:.0f}" y="{y + 20}">{name}</text>',
        f'<text x="{middle:.0f}" y="{y + 36}">{escape(text)}</text>',
    ]


def svg() -> str:
    """Return the picture."""
    place = boxes()
    whole = len(WAY) * (WIDTH + GAP) - GAP
    middle = ROW + HEIGHT / 2
    lines = import_arrows()
    for first, second in zip(list(WAY), list(WAY)[1:], strict=False):
        start, end = place[first][0] + WIDTH, place[second][0]
        kind = "lab" if first in ("lab", "release") else "way"
        back, margin = (' marker-start="url(#way)"', 5) if first == "sandbox" else ("", 0)
        line = f"M{start + margin:.0f} {middle}H{end - 5:.0f}"
        lines.append(f'<path class="{kind}"{back} marker-end="url(#{kind})" d="{line}"/>')
    lines += box(LEFT, 10, whole, "cli", "the commands call the packages below")
    for name, text in WAY.items():
        lines += box(*place[name], WIDTH, name, text, "" if name in ("lab", "release") else "on")
    for name, (_, text) in BESIDE.items():
        lines += box(*place[name], WIDTH, name, text)
    lines += box(LEFT, FLOOR, whole, " · ".join(BASE), "used by the packages above")
    inner = "\n".join(lines)
    described = (
        "Boxes for the packages in the order lab, release, submission, sandbox, referee, grading, gradebook, "
        "report. A blue line leads a submission from submission to report, to and fro between sandbox and "
        "referee. Grey arrows are imports between packages; docs/architecture.md lists them as a table."
    )
    size = f"{whole + 2 * LEFT} {FLOOR + HEIGHT + 36}"
    labels = 'aria-labelledby="title description"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img" {labels}>
<title id="title">{TITLE}</title>
<desc id="description">{described}</desc>
<style>
text {{ font: 12px system-ui, sans-serif; fill: {GREY}; text-anchor: middle; }}
.name {{ font-size: 15px; font-weight: 700; }}
.box {{ fill: {GREY}; fill-opacity: .07; stroke: {GREY}; stroke-width: 1.2; }}
.on {{ stroke: {BLUE}; stroke-width: 2.5; }}
path {{ fill: none; }}
.import {{ stroke: {GREY}; stroke-width: 1; }}
.way, .lab {{ stroke: {BLUE}; stroke-width: 4; }}
.lab {{ stroke-dasharray: 4 3; stroke-width: 3; }}
.key {{ text-anchor: start; }}
</style>
<defs>
{_head("import", GREY, 6)}
{_head("way", BLUE, 12)}
{_head("lab", BLUE, 11)}
</defs>
{inner}
{_key(FLOOR + HEIGHT + 20)}
</svg>
"""


def _head(kind: str, colour: str, size: int) -> str:
    return (
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="6" refY="5" markerWidth="{size}" '
        f'markerHeight="{size}" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
        f'<path d="M0 0L10 5L0 10z" style="fill:{colour}"/></marker>'
    )


def _key(y: int) -> str:
    words = {"way": "a submission", "lab": "a lab, on its way to the student", "import": "imports"}
    parts, x = [], LEFT + 4
    for kind, text in words.items():
        parts.append(f'<path class="{kind}" marker-end="url(#{kind})" d="M{x} {y}h30"/>')
        parts.append(f'<text class="key" x="{x + 42}" y="{y + 4}">{text}</text>')
        x += 70 + 7 * len(text)
    return "\n".join(parts)


def main() -> int:
    """Write what is out of date, or with ``--check`` only name it; return the exit code."""
    page, picture = DOCS / "architecture.md", DOCS / "architecture.svg"
    wanted = {page: filled(page.read_text("utf-8")), picture: svg()}
    old = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in old:
        if "--check" in sys.argv[1:]:
            print(f"docs/{path.name} is out of date: python docs/draw_architecture.py")
        else:
            path.write_text(wanted[path], "utf-8")
    return 1 if old and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
