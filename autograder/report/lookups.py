"""Shows equal wrong answers and like submissions: as plain lines, and to the page's template."""

from collections.abc import Sequence
from typing import Any

from autograder.feedback.text import number, one_line, shortened
from autograder.report.alike import NO_CLAIM, Answers, alike, none_alike
from autograder.report.groups import groups, tallies
from autograder.results import Result

__all__ = ["MOST_NAMED", "for_page", "to_alike_lines", "to_group_lines"]

MOST_NAMED = 10
"""How many students a line names; the page folds a list of more."""


def to_group_lines(results: Sequence[Result]) -> list[str]:
    """Return a line for each group, with its number, and one for each exercise that is often wrong."""
    lines, found = [], groups(results)
    for place, group in enumerate(found, 1):
        who = _names(results, group.who)
        lost = f"{number(group.lost)} points lost"
        lines.append(f"{place}. {one_line(group.column.label)}: {one_line(group.sentence)} ({lost}): {who}")
    lines = lines or ["No two wrong answers without a name are equal."]
    for tally in tallies(results, found):
        counts = f"{tally.wrong} wrong, {tally.named} of them known mistakes, {tally.grouped} in groups"
        lines.append(f"{one_line(tally.column.label)}: {counts}")
    return lines


def to_alike_lines(results: Sequence[Result], answers: Answers) -> list[str]:
    """Return a line for each set of submissions that are alike, after one that says what that means."""
    found = [
        f"{_names(results, one.who)}: {', '.join(one.exercises)} ({one.lines} lines of their own)"
        for one in alike(results, answers)
    ]
    return [NO_CLAIM, *found] if found else [none_alike(results, answers)]


def for_page(results: Sequence[Result], answers: Answers | None) -> dict[str, Any]:
    """Return the values of groups.html.j2; without ``answers`` it shows no code and no like submissions."""
    found = groups(results)
    cells = answers.cells if answers else {}
    codes = [shortened(cells.get(results[g.example].path, {}).get(g.column.name, "")) for g in found]
    return {
        "groups": list(zip(found, codes, strict=True)),
        "tallies": tallies(results, found),
        "alike": alike(results, answers) if answers else None,
        "none_alike": none_alike(results, answers) if answers else "",
        "no_claim": NO_CLAIM,
    }


def _names(results: Sequence[Result], who: Sequence[int]) -> str:
    named = ", ".join(one_line(results[n].student) for n in who[:MOST_NAMED])
    return named if len(who) <= MOST_NAMED else f"{named} and {len(who) - MOST_NAMED} more"
