"""Writes the figures of `Strength` as docs/strength.md, and says which have fallen since it was written."""

import platform
import re
from collections.abc import Callable, Sequence
from importlib.metadata import version

import numpy as np

from autograder.audit.strength import Strength

__all__ = ["fallen", "to_markdown"]

Share = tuple[int, int]
SHARES: dict[str, tuple[Callable[[Strength], Share], str]] = {
    "caught": (
        lambda s: (s.killed, s.mutants - s.equivalent),
        "mutants that lose points, of those that some input tells from the reference",
    ),
    "named": (
        lambda s: (s.named, s.wrong),
        "mutants and answers of wrong.py that are called by a known mistake's name, of those that return "
        "values",
    ),
    "located": (
        lambda s: (s.said, s.placeable),
        "wrong answers, known mistakes included, of which a first wrong quantity is named, of those whose "
        "change sets a variable and which do not raise where they are traced",
    ),
    "rightly": (
        lambda s: (s.rightly, s.said),
        "those of the located where the change sets that very quantity",
    ),
    "seen": (
        lambda s: (s.losing - s.unseen, s.losing),
        "wrong answers that fail the notebook's visible check, of those that lose points",
    ),
}
"""The columns: how each is counted, and what it says. None may fall."""
ROW = re.compile(r"^\| (\S+) \| `(\w+)` \|(.*)\|$", re.MULTILINE)
SHARE = re.compile(r"(\d+) of (\d+)")

HEAD = """\
# How strong the tests are

Written by `seqlab strength --renew` on {date}, with Python {python}, NumPy {numpy} and SeqLab {seqlab}.
The same command without `--renew` fails where a share has fallen; CI runs it.

The wrong answers are each lab's known mistakes, pairs of neighbours among them, the answers in `wrong.py`,
and mutants of the reference: copies with one thing changed. Mutants that no input tells from the reference
are marked in `equivalent.json` with the reason, and left out.

"""


def to_markdown(found: Sequence[Strength], date: str) -> str:
    """Return the page for some exercises; ``date`` is that of the measurement."""
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "seqlab": version("seqlab"),
    }
    lines = [f"- **{name}**: {meaning}" for name, (_, meaning) in SHARES.items()]
    counts = ("cases", "mistakes", "mutants", "marked equal")
    heads = ["lab", "exercise", *counts, *SHARES]
    table = [_row(heads), _row([":--", ":--", *["--:"] * (len(heads) - 2)])]
    for one in found:
        numbers = (one.cases, one.mistakes, one.mutants, one.equivalent)
        shares = [_words(count(one)) for count, _ in SHARES.values()]
        table.append(_row([one.lab, f"`{one.exercise}`", *map(str, numbers), *shares]))
    sums = [_words(_total(found, count)) for count, _ in SHARES.values()]
    totals = [
        sum(getattr(one, name) for one in found) for name in ("cases", "mistakes", "mutants", "equivalent")
    ]
    table.append(_row(["all", "", *map(str, totals), *sums]))
    return HEAD.format(date=date, **versions) + "\n".join([*lines, "", *table]) + "\n"


def fallen(text: str, found: Sequence[Strength]) -> list[str]:
    """Return a line for each share that is lower than in the page ``text``, and for each missing exercise."""
    before = {
        (lab, exercise): [(int(a), int(b)) for a, b in SHARE.findall(rest)]
        for lab, exercise, rest in ROW.findall(text)
    }
    lines = []
    for one in found:
        where, shares = f"{one.lab}, {one.exercise}", before.get((one.lab, one.exercise), [])
        if len(shares) != len(SHARES):
            lines.append(f"{where}: no figures are kept; write them with --renew")
            continue
        for (name, (count, _)), old in zip(SHARES.items(), shares, strict=True):
            new = count(one)
            if new[0] * old[1] < old[0] * new[1]:
                lines.append(f"{where}: {name} has fallen from {_words(old)} to {_words(new)}")
    return lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _total(found: Sequence[Strength], count: Callable[[Strength], Share]) -> Share:
    parts = [count(one) for one in found]
    return sum(part for part, _ in parts), sum(whole for _, whole in parts)


def _words(share: Share) -> str:
    part, whole = share
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f}%)" if whole else "")
