"""Makes text from a submission safe to show, and numbers short."""

import re

from autograder.results import Verdict

__all__ = ["SYMBOLS", "clean", "mark", "number", "one_line", "shortened"]

SYMBOLS = {"passed": "✓", "failed": "✗", "not run": "–"}
"""One mark for each case status, so that nothing is said by colour alone."""

MOST_LINES, MOST_CHARACTERS = 200, 20_000
"""Of what a student wrote, no more is shown in one place."""

# Terminal escape sequences, which tracebacks are coloured with.
_ANSI = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]")
# C0 (but tab and newline), DEL and C1, lone surrogates, and the noncharacters that XML forbids.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Characters that reorder the text around them: embeddings, overrides and isolates.
_REORDER = re.compile("[\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Remove control characters; show one that would reorder its surroundings as U+FFFD.

    Tabs and newlines stay. The result is valid in XML 1.0 and can be encoded as UTF-8.
    """
    return _REORDER.sub("\ufffd", _CONTROL.sub("", _ANSI.sub("", text)))


def one_line(text: str) -> str:
    """Return `clean` text on one line, with each run of white space as a single space."""
    return " ".join(clean(re.sub(r"\s", " ", text)).split())


def shortened(text: str) -> tuple[str, str]:
    """Return the beginning of a text, and a sentence that says what is left out; empty if it is whole."""
    begin = "\n".join(text[:MOST_CHARACTERS].split("\n", MOST_LINES)[:MOST_LINES])
    if begin == text:
        return text, ""
    lines = text.count("\n") + 1
    return begin, f"Cut here: there are {lines:,} lines with {len(text):,} characters in all."


def mark(verdict: Verdict) -> str:
    """Return ✓ for all points, ◐ for some, ✗ for none."""
    return "✓" if verdict.correct else "◐" if verdict.points > 0 else "✗"


def number(value: float) -> str:
    """Return a number with at most two decimals and no trailing zeros: 20, 12.5, 0.33."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
