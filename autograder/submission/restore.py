"""Restores a submitted notebook before it runs: locked cells, metadata and missing test cells.

`RestoreCells` replaces nbgrader's OverwriteCells and DeduplicateIds, and carries on where they raise.
`Sanitiser` does all of nbgrader's sanitising in memory, without a gradebook.
"""

import copy
import logging
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearOutput,
    NbGraderPreprocessor,
    OverwriteCells,
)
from traitlets import Bool
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.errors import BadSubmission, UsageError
from autograder.release.generate import RegisteredCell
from autograder.submission.read import needed_metadata

__all__ = ["EXECUTES", "RestoreCells", "Sanitiser", "gradebook_cells"]


def gradebook_cells(db_url: str, assignment_id: str, notebook_id: str) -> dict[str, RegisteredCell]:
    """Return a notebook's registered cells in order. Raises MissingEntry if the gradebook has none."""
    with Gradebook(db_url) as gradebook:
        notebook = gradebook.find_notebook(notebook_id, assignment_id)
        points = {cell.name: cell.max_score for cell in [*notebook.grade_cells, *notebook.task_cells]}
        grades = {cell.name for cell in notebook.grade_cells}
        solutions = {cell.name for cell in notebook.solution_cells}
        tasks = {cell.name for cell in notebook.task_cells}
        return {
            cell.name: RegisteredCell(
                name=cell.name,
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=cell.checksum,
                locked=cell.locked,
                grade=cell.name in grades,
                solution=cell.name in solutions,
                task=cell.name in tasks,
                points=points.get(cell.name),
            )
            for cell in notebook.source_cells
        }


class RestoreCells(OverwriteCells):
    """OverwriteCells that accepts any metadata and puts missing cells back in order.

    Cells that the gradebook does not know lose nbgrader's metadata; of cells with the same grade id
    the last one keeps it. A cell without metadata is recognised by its cell id. A missing solution
    cell is not put back: its stub would undo what the student wrote elsewhere.
    """

    add_missing_cells = Bool(True, help="Whether missing cells are put back").tag(config=True)
    registered: dict[str, RegisteredCell] | None = None
    """The registered cells; None means that the gradebook is asked."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._released: dict[RegisteredCell, str] = {}

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Repair a submitted notebook in place. Raises BadSubmission if its folder holds a link.

        nbgrader followed the link when it copied the folder; it removes the copy when this raises.
        """
        who = resources["nbgrader"]
        refuse_links(resources.get("metadata", {}).get("path"), {who["assignment"], who.get("student")})
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.db_url = resources["nbgrader"]["db_url"]
        self._known = self.registered or gradebook_cells(self.db_url, self.assignment_id, self.notebook_id)
        nb.metadata = nbformat.from_dict(needed_metadata(nb.metadata))
        for cell in nb.cells:  # the rest, which may be malformed, is not needed either
            cell.metadata = NotebookNode(
                {key: cell.metadata[key] for key in cell.metadata if key == "nbgrader"}
            )
        self._repair_metadata(nb, self._known)
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            self._add_missing(nb, list(self._known.values()))
        return nb, resources

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put back the text of a locked cell, hidden tests included."""
        entry = self._known.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if entry is None or not entry.locked or utils.compute_checksum(cell) == entry.checksum:
            return cell, resources
        if entry not in self._released:
            self._released[entry] = self._released_source(entry, cell)
        if cell.source != self._released[entry]:
            self.log.warning("cell %r was edited though it is locked; its text was put back", entry.name)
        cell.source = entry.source
        return cell, resources

    def _released_source(self, entry: RegisteredCell, cell: NotebookNode) -> str:
        released = NotebookNode(cell_type=cell.cell_type, source=entry.source, metadata=cell.metadata)
        if entry.grade:
            released, _ = ClearHiddenTests(parent=self).preprocess_cell(released, None, 0)
        source: str = released.source
        return source

    def report_change(self, name: str, attr: str, old: Any, new: Any) -> None:
        """Log in one line which attribute of a cell was put back."""
        self.log.warning("cell %r: %s put back from %r to %r", name, attr, new, old)

    def _repair_metadata(self, nb: NotebookNode, registered: dict[str, RegisteredCell]) -> None:
        """Give each registered cell its metadata and type, and remove metadata from all others."""
        found: dict[str, NotebookNode] = {}
        for cell in reversed(nb.cells):
            meta = cell.metadata.pop("nbgrader", None)
            if meta is None:
                continue
            name = meta.get("grade_id") if isinstance(meta, dict) else None
            if not isinstance(name, str) or name not in registered:
                self.log.warning("a cell with the unknown grade id %r is treated as an ordinary cell", name)
            elif name in found:
                self.log.warning("cell %r is there more than once; %s", name, _which(registered[name]))
            else:
                found[name] = cell
                self._report_metadata(meta, registered[name])
        for cell in nb.cells:
            name = cell.get("id")
            if name in registered and name not in found and not any(cell is c for c in found.values()):
                self.log.warning("cell %r had lost nbgrader's metadata: recognised by its cell id", name)
                found[name] = cell
        for name, cell in found.items():
            entry = registered[name]
            cell.metadata.nbgrader = entry.metadata()
            if cell.cell_type != entry.cell_type:
                self.report_change(name, "cell type", entry.cell_type, cell.cell_type)
                self.update_cell_type(cell, entry.cell_type)

    def _report_metadata(self, meta: dict[str, Any], entry: RegisteredCell) -> None:
        for key, old in entry.metadata().items():
            if key in ("grade", "solution", "locked", "points") and meta.get(key) != old:
                self.report_change(entry.name, key, old, meta.get(key))

    def update_cell_type(self, cell: NotebookNode, cell_type: str) -> None:
        """Change a cell's type, dropping what the new type cannot hold."""
        cell.cell_type = cell_type
        if cell_type == "code":
            cell.pop("attachments", None)
            cell.outputs, cell.execution_count = [], None
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)

    def _add_missing(self, nb: NotebookNode, registered: list[RegisteredCell]) -> None:
        """Put missing cells back, in the order of the gradebook.

        A cell goes after the nearest earlier registered cell that is present, else to the start.
        If the solution cell before it is missing too, the student may have written the solution in
        another cell: then it goes as late as possible, before the next registered cell or to the end.
        """
        present = _positions(nb)
        for index, entry in enumerate(registered):
            if entry.name in present:
                continue
            if entry.solution and not entry.grade:
                self.log.warning("the solution cell %r is missing", entry.name)
                continue
            earlier = [present[e.name] for e in registered[:index] if e.name in present]
            later = [present[e.name] for e in registered[index + 1 :] if e.name in present]
            solution = next((e.name for e in reversed(registered[:index]) if e.solution), None)
            if solution is None or solution in present:
                position = earlier[-1] + 1 if earlier else 0
            else:
                position = later[0] if later else len(nb.cells)
            self.log.warning("cell %r was missing; it was put back", entry.name)
            nb.cells.insert(position, self._restored(nb, entry))
            present = _positions(nb)

    def _restored(self, nb: NotebookNode, entry: RegisteredCell) -> NotebookNode:
        """Return a missing cell; a test cell's code starts with a comment that says so."""
        notice = self.missing_cell_notification.format(cell_id=entry.name)
        metadata = NotebookNode(deletable=False, nbgrader=entry.metadata())
        if not entry.solution:
            metadata.editable = False
        if entry.cell_type == "code":
            cell: NotebookNode = new_code_cell(f"# {notice}{entry.source}", metadata=metadata)
        else:
            cell = new_markdown_cell(entry.source, metadata=metadata)
            if entry.grade:
                cell.source = notice + cell.source
        if (nb.nbformat, nb.nbformat_minor) < (4, 5):
            del cell["id"]
        elif all(other.get("id") != entry.name for other in nb.cells):
            cell.id = entry.name[:64]
        return cell


def _which(entry: RegisteredCell) -> str:
    """Say which of several cells of the same grade id counts: all of them are run."""
    tested = entry.solution and not entry.grade
    return "the last one above its test counts" if tested else "the last one counts"


def _positions(nb: NotebookNode) -> dict[str, int]:
    """Return the index of each cell with a grade id."""
    return {
        cell.metadata["nbgrader"]["grade_id"]: at
        for at, cell in enumerate(nb.cells)
        if "nbgrader" in cell.metadata
    }


def refuse_links(folder: str | None, names: Container[Any]) -> None:
    """Raise BadSubmission for a symbolic link below a submission's folder, or on the way to it.

    The way begins where one of ``names``, the student's and the lab's, is in the path. None has no links.
    """
    if not folder:
        return
    whole = Path(folder).absolute()
    way = [path for path in (whole, *whole.parents[:1]) if path.name in names]
    for path in (*way, *sorted(whole.rglob("*"))):
        if path.is_symlink():
            raise BadSubmission(f"{path} is a link: hand in the file itself")


STANDARD = (
    "CheckCellMetadata",
    "ClearOutput",
    "DeduplicateIds",
    "OverwriteCells",
    "OverwriteKernelspec",
    "RestoreCells",
)
"""Names of the preprocessors that the sanitiser does without being asked, or does better."""
EXECUTES = "GradeInSandbox"
"""The preprocessor that runs a notebook."""


def own_steps(config: Config | None) -> list[tuple[Any, bool]]:
    """Return the preprocessors that a course runs before a notebook is executed, in order.

    With each stands whether it comes after the cells are restored. They are those of
    ``c.Autograde.sanitize_preprocessors``, and those before `GradeInSandbox` in
    ``c.Autograde.autograde_preprocessors``. Raises UsageError for one that cannot be loaded.
    """
    try:
        return _own_steps(config)
    except ImportError as error:
        raise UsageError(f"nbgrader_config.py, c.Autograde: {error}") from None


def _own_steps(config: Config | None) -> list[tuple[Any, bool]]:
    options = config.Autograde if config and "Autograde" in config else {}
    found, late = [], False
    for step in options.get("sanitize_preprocessors", []):
        kind: Any = import_item(step) if isinstance(step, str) else step
        late = late or kind.__name__ == "RestoreCells"
        found.append((kind, late))
    steps = [
        import_item(step) if isinstance(step, str) else step
        for step in options.get("autograde_preprocessors", [])
    ]
    names = [kind.__name__ for kind in steps]
    before = steps[: names.index(EXECUTES)] if EXECUTES in names else []
    return [*found, *((kind, True) for kind in before)]


class Sanitiser:
    """Turns submitted notebooks of one lab into what `nbgrader autograde` would run, with the same steps.

    Parameters
    ----------
    lab
        The lab's name.
    cells, kernelspec
        The registered cells and the kernelspec of its source notebook.
    log
        Receives one warning for each repair.
    """

    def __init__(
        self,
        lab: str,
        cells: dict[str, RegisteredCell],
        kernelspec: Mapping[str, Any],
        log: logging.Logger | None = None,
        config: Config | None = None,
    ) -> None:
        options: dict[str, Any] = {"log": log} if log else {}
        options |= {"config": config} if config else {}
        self._ids = {"notebook": lab, "assignment": lab, "db_url": ""}
        self._kernelspec = kernelspec
        self._clear, self._restore = ClearOutput(**options), RestoreCells(**options)
        self._restore.registered = cells
        self._own = [
            (kind(**options), late) for kind, late in own_steps(config) if kind.__name__ not in STANDARD
        ]

    def __call__(self, nb: NotebookNode) -> NotebookNode:
        """Sanitise a notebook (nbformat 4) in place; returns it."""
        resources = ResourcesDict(nbgrader=dict(self._ids), unique_key=self._ids["notebook"])
        for step in (step for step, late in self._own if not late):
            nb, resources = step(nb, resources)
        nb, resources = self._clear(nb, resources)
        if self._kernelspec:
            nb.metadata["kernelspec"] = copy.deepcopy(self._kernelspec)
        nb, resources = self._restore(nb, resources)
        for step in (step for step, late in self._own if late):
            nb, resources = step(nb, resources)
        return nb
