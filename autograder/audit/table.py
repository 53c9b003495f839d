"""Shows the findings of an audit as a table, as lines of text and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich import box
from rich.table import Table

from autograder.audit.prove import ExerciseAudit, LabAudit

__all__ = ["to_json", "to_lines", "to_table"]


HEADS = ("wrong", "right", "mutants", "killed", "equal", "alive", "rate")
CAPTION = (
    "wrong: known mistakes and other wrong answers; right: right answers unlike the reference; equal: "
    "mutants that no input can tell from it; alive: others that were not caught; rate: those caught of all "
    "but the equal"
)


def to_table(audits: Sequence[LabAudit]) -> Table:
    """Return a table with a row for each lab and each exercise; the caption explains the columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, caption=CAPTION)
    table.caption_justify = "left"
    table.add_column("lab and exercise", overflow="fold")
    for head in HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    for audit in audits:
        table.add_row(f"{_mark(audit.holds)} lab {audit.lab}", *_cells(audit.exercises), style="bold")
        for one in audit.exercises:
            table.add_row(f"{_mark(one.holds)} {one.name}", *_cells([one]))
        table.add_section()
    return table


def _mark(holds: bool) -> str:
    return "✓" if holds else "✗"


def _cells(parts: Sequence[ExerciseAudit]) -> list[str]:
    numbers = [
        str(sum(one.mistakes + one.wrong for one in parts)),
        str(sum(one.answers for one in parts)),
        str(sum(one.mutants for one in parts)),
        str(sum(one.killed for one in parts)),
        str(sum(one.equivalent for one in parts)),
        str(sum(len(one.survivors) for one in parts)),
    ]
    share = rate(parts)
    return [*numbers, "–" if share is None else f"{100 * share:.1f}%"]


def rate(parts: Sequence[ExerciseAudit]) -> float | None:
    """Return the share of the non-equivalent mutants that were killed; None if there are none."""
    dead = sum(one.killed for one in parts)
    living = sum(len(one.survivors) for one in parts)
    return dead / (dead + living) if dead + living else None


def to_lines(audits: Sequence[LabAudit]) -> list[str]:
    """Return lines that say what does not hold, and which mistakes no case can tell apart."""
    lines = []
    for audit in audits:
        for one in audit.exercises:
            where = f"{audit.lab}, {one.name}"
            lines += [f"{where}: no case tells {a!r} from {b!r}" for a, b in one.same]
            lines += [f"{where}: {failure}" for failure in one.failures]
            lines += [f"{where}: a mutant survived:\n{mutant.diff}" for mutant in one.survivors]
    return lines


def to_json(audits: Sequence[LabAudit]) -> str:
    """Return the findings as a JSON document."""
    labs = []
    for audit in audits:
        parts = asdict(audit)
        for one in parts["exercises"]:
            one["survivors"] = [[mutant["before"], mutant["after"]] for mutant in one["survivors"]]
        more = {"holds": audit.holds, "kill_rate": rate(audit.exercises)}
        labs.append({**parts, "seconds": round(audit.seconds, 1), **more})
    return json.dumps({"schema": 1, "labs": labs}, indent=2) + "\n"
