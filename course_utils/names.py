"""Reads the names that the lab `sampling` learns from: one to a line."""

import os
from pathlib import Path

__all__ = ["load_names"]

OWN = Path("data/dinosaurs.txt")
"""The lab's own list, in the folder of the notebook."""
VARIABLE = "SEQLAB_NAMES"
"""An environment variable that names another file."""


def load_names(path: str | os.PathLike[str] | None = None) -> str:
    """Return the text of a names file in lower case, one name to a line.

    The file is ``path``, else the one that the environment variable SEQLAB_NAMES names, else the list
    of dinosaurs beside the notebook. Raises FileNotFoundError where it is missing, and ValueError where
    it is no text or holds fewer than two names.
    """
    file = Path(path or os.environ.get(VARIABLE) or OWN)
    try:
        text = file.read_text(encoding="utf-8").lower()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no names file {file}: copy it from the released lab, or let {VARIABLE} name another"
        ) from None
    except UnicodeDecodeError:
        raise ValueError(f"{file} is no text file") from None
    if len(text.split()) < 2:
        raise ValueError(f"{file} holds fewer than two names")
    return text
