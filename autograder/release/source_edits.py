"""Detects edits made in a source notebook, and carries them back into the lab's text.

A built notebook holds the hash of its own content in its metadata. Outputs, execution counts and
metadata that JupyterLab adds do not count as edits.
"""

import copy
import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import LabError, UsageError
from autograder.lab import text as labtext

__all__ = ["carry_back", "content_hash", "notebook_path", "read_notebook", "refuse_edit", "text_path"]

LAB_ONLY = (
    *("collapsed", "deletable", "editable", "execution", "scrolled", "trusted"),  # JupyterLab
    *("cellView", "colab", "colab_type", "executionInfo", "id", "outputId", "vscode"),  # Colab, VS Code
    *labtext.LAYOUT,
)
"""Cell metadata that programs add and that is not carried back into a text."""
DIFF_LINES = 24


def text_path(root: Path, lab: str) -> Path:
    """Return the path of a lab's text."""
    return root / "assignments" / lab / f"{lab}.py"


def notebook_path(root: Path, lab: str) -> Path:
    """Return the path of a lab's instructor notebook."""
    return root / "source" / lab / f"{lab}.ipynb"


def content_hash(nb: NotebookNode) -> str:
    """Return the hash of the content that counts for edits: cell types, sources, nbgrader's metadata."""
    content = [[cell.cell_type, cell.source, cell.metadata.get("nbgrader")] for cell in nb.cells]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook file as nbformat 4; raises LabError if it cannot be read."""
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise LabError(f"{path}: not a notebook ({reason}); remove it and run `seqlab build`") from None
    return notebook


def refuse_edit(root: Path, lab: str, nb: NotebookNode) -> None:
    """Raise LabError, with a diff, if the source notebook has an edit that the text lacks."""
    path = notebook_path(root, lab)
    if not path.exists():
        return
    edited = read_notebook(path)
    now = content_hash(edited)
    if now in (edited.metadata.get("seqlab", {}).get("built"), content_hash(nb)):
        return
    name = f"{lab}/{lab}"
    diff = list(
        difflib.unified_diff(
            _percent(nb), _percent(edited), f"assignments/{name}.py", f"source/{name}.ipynb", "", "", 1, ""
        )
    )
    if len(diff) > DIFF_LINES:
        diff[DIFF_LINES:] = [f"... and {len(diff) - DIFF_LINES} more lines"]
    raise LabError(
        f"source/{name}.ipynb was edited by hand; carry the edit into the text with "
        f"`seqlab build {lab} --from-notebook`, or remove the notebook to drop it",
        *diff,
    )


def _percent(nb: NotebookNode) -> list[str]:
    """Return the cells of a notebook as lines of py:percent text, without the header."""
    import jupytext

    bare = nbformat.v4.new_notebook(cells=[_cell_for_text(cell) for cell in nb.cells])
    text: str = jupytext.writes(bare, fmt="py:percent")
    return text.partition("# %%")[2].splitlines()


def _cell_for_text(cell: NotebookNode, layout: dict[str, Any] | None = None) -> NotebookNode:
    """Return a copy of a cell with only what a text keeps; ``layout`` is the text's own spacing."""
    bare = copy.deepcopy(cell)
    bare.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k not in LAB_ONLY})
    bare.metadata.update(layout or {})
    if bare.cell_type == "code":
        bare.outputs, bare.execution_count = [], None
    return bare


def carry_back(root: Path, lab: str) -> bool:
    """Write an edited source notebook into the lab's text; return whether there was an edit.

    Raises UsageError if there is no source notebook, and LabError, leaving the text as it was, if the
    text was edited too or would be wrong with the edit.
    """
    import jupytext

    path, notebook = text_path(root, lab), notebook_path(root, lab)
    if not notebook.exists():
        raise UsageError(
            f"source/{lab}/{lab}.ipynb: no such file, so no edit to carry back; run `seqlab build`"
        )
    before, edited = labtext.read_text(path), read_notebook(notebook)
    built, now = edited.metadata.get("seqlab", {}).get("built"), content_hash(edited)
    if now in (built, content_hash(before)):
        return False
    if built != content_hash(before):
        raise LabError(
            f"both assignments/{lab}/{lab}.py and source/{lab}/{lab}.ipynb changed since the last build; "
            "carry one edit over by hand, or remove the notebook to keep the text"
        )
    original = path.read_text(encoding="utf-8")
    raw = jupytext.reads(original, fmt="py:percent")
    layouts = {
        cell.id: {key: spaced.metadata[key] for key in labtext.LAYOUT if key in spaced.metadata}
        for cell, spaced in zip(before.cells, raw.cells, strict=True)
    }
    try:
        labtext.check_cells(edited)
        labtext.set_ids(edited)
    except LabError as error:
        raise LabError(f"source/{lab}/{lab}.ipynb: {error}") from None
    raw.cells = [_cell_for_text(cell, layouts.get(cell.id)) for cell in edited.cells]
    text = jupytext.writes(raw, fmt="py:percent")
    header = re.compile(r"\A# ---\n.*?\n# ---\n", re.DOTALL)
    if kept := header.match(original):
        text = header.sub(lambda _: kept[0], text)
    path.write_text(text, encoding="utf-8")
    try:
        labtext.test_cells(labtext.read_text(path))
    except LabError:
        path.write_text(original, encoding="utf-8")
        raise
    return True
