"""The seed of a submission's hidden cases: a keyed hash of whose it is and of all that its code can read."""

import functools
import hashlib
import hmac
from collections.abc import Mapping

from nbformat import NotebookNode

__all__ = ["submission_seed"]

BYTES = 6
"""Bytes of a seed: as a number it is exact in every JSON reader."""


LARGE = 4 << 20
"""Of larger files, in bytes, no digest is kept."""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


_known = functools.lru_cache(maxsize=16)(_digest)
"""The digests of the lab's own files, which are the same bytes for a whole class."""


def submission_seed(
    secret: bytes, lab: str, student: str, notebook: NotebookNode, files: Mapping[str, bytes]
) -> int:
    """Return the seed for a restored notebook: HMAC-SHA-256 under the course's secret.

    What was handed in unchanged meets the same cases again; anything else meets others, and so does another
    student. So a table of answers to the cases of an earlier hand-in is worthless in code, in a comment
    (which code can read in ``In``), and in a file beside the notebook. The clock is left: see
    docs/security.md.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    parts = [lab, student, str(len(code))]
    for (
        cell
    ) in code:  # with its grade id: which of several equal cells is the test cell can be seen from code
        parts += [cell.metadata.get("nbgrader", {}).get("grade_id", ""), cell.source]
    for path, content in sorted(files.items()):
        parts += [path, (_known if len(content) < LARGE else _digest)(content)]
    digests = (hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest() for part in parts)
    return int.from_bytes(hmac.digest(secret, b"".join(digests), "sha256")[:BYTES], "big")
