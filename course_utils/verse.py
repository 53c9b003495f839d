"""Verse as numbers, and measures of what a model writes: known bigrams, and n-grams that are new."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = ["RARE", "known_bigrams", "load_verse", "new_ngrams", "numbered"]

RARE = "□"
"""Stands for each character that is too rare to be learnt."""
EVERY = 10
"""One poem of so many is held out."""


def load_verse(path: str | os.PathLike[str]) -> tuple[str, str]:
    """Read poems that stand apart by empty lines; return a text to train on and one that is held out.

    Every tenth poem is held out. A poem is one line, its own line breaks left out. Raises FileNotFoundError
    if there is no such file.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}: copy the folder data from the released lab")
    poems = [
        "".join(poem.split()) + "\n" for poem in re.split(r"\n\s*\n", file.read_text("utf-8")) if poem.strip()
    ]
    held_out = poems[EVERY - 1 :: EVERY]
    return "".join(poem for n, poem in enumerate(poems, 1) if n % EVERY), "".join(held_out)


def numbered(text: str, most: int) -> tuple[list[str], dict[str, int]]:
    """Number the ``most`` most frequent characters of a text, and `RARE` behind them.

    Returns ``idx_to_char``, a list, and ``char_to_idx``, a dictionary. Of equally frequent characters the one
    that comes first is taken.
    """
    counts: dict[str, int] = {}
    for character in text:
        counts[character] = counts.get(character, 0) + 1
    idx_to_char = [*sorted(counts, key=lambda character: -counts[character])[:most], RARE]
    return idx_to_char, {character: number for number, character in enumerate(idx_to_char)}


def known_bigrams(written: str, texts: Iterable[str]) -> float:
    """Return the share of the pairs of neighbouring Chinese characters that occur in one of the texts."""
    pairs = _ngrams(written, 2)
    known = {pair for text in texts for pair in _ngrams(text, 2)}
    return sum(pair in known for pair in pairs) / max(1, len(pairs))


def new_ngrams(written: str, text: str, n: int) -> float:
    """Return the share of the runs of n Chinese characters that do not occur in a text."""
    runs, known = _ngrams(written, n), {*_ngrams(text, n)}
    return sum(run not in known for run in runs) / max(1, len(runs))


def _ngrams(text: str, n: int) -> Sequence[str]:
    """Return all runs of n Chinese characters; none reaches over a stop."""
    clauses = re.findall("[\u3400-\u9fff\U00020000-\U0002ffff]+", text)
    return [clause[k : k + n] for clause in clauses for k in range(len(clause) - n + 1)]
