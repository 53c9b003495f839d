"""Reads the headlines of the lab `torch_rnn`."""

import csv
import os
from pathlib import Path

__all__ = ["TOPICS", "read_headlines"]

TOPICS = ("business", "culture", "health", "science", "sport")
"""The names of the classes 0 to 4."""


def read_headlines(path: str | os.PathLike[str]) -> tuple[list[str], list[int]]:
    """Read a CSV file with the columns headline and topic; return the headlines and their topics' numbers.

    Raises FileNotFoundError if there is no such file, and ValueError, with the line, for another topic.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}: copy the folder data from the released lab")
    headlines, topics = [], []
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        for row in rows:
            if not row.get("headline") or row.get("topic") not in TOPICS:
                raise ValueError(
                    f"{file}, line {rows.line_num}: a headline and one of {', '.join(TOPICS)} are expected"
                )
            headlines.append(row["headline"])
            topics.append(TOPICS.index(row["topic"]))
    return headlines, topics
