"""Reads the names that the lab `sampling` learns from, one per line."""

import os
from pathlib import Path

__all__ = ["load_names"]

OWN = Path("dinos.txt")
"""The lab's own list, beside the notebook, under the name by which many existing solutions open it."""
VARIABLE = "SEQLAB_NAMES"
"""An environment variable that names another file."""


def load_names(path: str | os.PathLike[str] | None = None) -> str:
    """Return the text of a file of names in lower case, one name per line.

    The file is ``path``, or else the one that the environment variable SEQLAB_NAMES names, or else the
    list of dinosaurs beside the notebook. Raises FileNotFoundError if it does not exist, and ValueError
    if it is not UTF-8 text or holds fewer than two names.
    """
    file = Path(path or os.environ.get(VARIABLE) or OWN)
    try:
        text = file.read_text(encoding="utf-8").lower()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no names file {file}: copy it from the released lab, or let {VARIABLE} name another"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"{file} is not a text file") from None
    if len(text.split()) < 2:
        raise ValueError(f"{file} holds fewer than two names")
    return text
