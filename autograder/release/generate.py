"""Runs nbgrader on a source notebook: makes the release, and lists the cells that a gradebook registers."""

import copy
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.errors import LabError

__all__ = ["RegisteredCell", "generate_release", "registered_cells"]


@dataclass(frozen=True)
class RegisteredCell:
    """One cell as a gradebook registers it: with stubs in place of solutions, and with the hidden tests."""

    name: str
    cell_type: str
    source: str
    checksum: str
    locked: bool
    grade: bool
    solution: bool
    task: bool
    points: float | None

    def metadata(self) -> NotebookNode:
        """Return the cell's nbgrader metadata as in the release.

        Tests are locked, and cells that students write in, graded by hand or not, are not.
        """
        meta = NotebookNode(
            grade=self.grade,
            grade_id=self.name,
            locked=self.locked,
            schema_version=3,
            solution=self.solution,
            task=self.task,
            cell_type=self.cell_type,
            checksum=self.checksum,
        )
        if self.points is not None:
            meta.points = self.points
        return meta


def registered_cells(source: NotebookNode, config: Config, lab: str) -> dict[str, RegisteredCell]:
    """Return the cells of a source notebook that `nbgrader generate_assignment` registers, in order.

    The course's own steps (``c.GenerateAssignment.preprocessors``) run up to the one that saves cells. Equal
    notebooks and configurations are read once: the process that registers a lab forks those that grade it,
    each of which saves 20 ms.
    """
    asked = lab, json.dumps(source), repr(config)
    if asked not in _read:
        _read.clear()
        _read[asked] = _registered_cells(source, config, lab)
    return dict(_read[asked])


_read: dict[tuple[str, str, str], dict[str, RegisteredCell]] = {}
"""The cells that were read last, by lab, notebook and configuration."""


def _registered_cells(source: NotebookNode, config: Config, lab: str) -> dict[str, RegisteredCell]:
    from nbgrader import utils
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import SaveCells

    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    nb, resources = copy.deepcopy(source), ResourcesDict(language="python")
    resources["nbgrader"] = {"notebook": lab, "assignment": lab, "student": ".", "db_url": ""}
    for step in converter.preprocessors:
        kind: Any = import_item(step) if isinstance(step, str) else step
        if kind is SaveCells:
            break
        nb, resources = kind(parent=converter)(nb, resources)
    found = {}
    for cell in nb.cells:
        grade, solution, task = utils.is_grade(cell), utils.is_solution(cell), utils.is_task(cell)
        if grade or solution or task or utils.is_locked(cell):
            meta = cell.metadata.nbgrader
            found[meta.grade_id] = RegisteredCell(
                name=meta.grade_id,
                cell_type=cell.cell_type,
                source=cell.source,
                checksum=meta.get("checksum") or utils.compute_checksum(cell),
                locked=utils.is_locked(cell),
                grade=grade,
                solution=solution,
                task=task,
                points=float(meta.points) if grade or task else None,
            )
    return found


class _Errors(logging.Handler):
    """Collects errors that nbgrader only logs: its converters swallow the exception that stopped them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.reasons: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            kind, _, reason = message.splitlines()[-1].partition(": ")
            self.reasons.append(reason or kind)


def generate_release(
    config: Config, root: Path, lab: str, db_url: str = "", release: Path | None = None
) -> None:
    """Run nbgrader's GenerateAssignment on source/<lab>; without ``db_url`` no gradebook is used.

    ``release`` replaces the release folder. Raises LabError with the reason when nbgrader fails.
    """
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = copy.deepcopy(config)
    config.BaseConverter.force = True
    config.CourseDirectory.update(root=str(root), assignment_id=lab)
    if release:
        config.CourseDirectory.release_directory = str(release)
    if db_url:
        config.CourseDirectory.db_url = db_url
    else:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    errors = _Errors()
    log = logging.Logger("seqlab.build")
    log.addHandler(errors)
    coursedir = CourseDirectory(config=config, log=log)
    try:
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except NbGraderException as error:
        reason = errors.reasons[-1] if errors.reasons else str(error)
        raise LabError(f"source/{lab}/{lab}.ipynb: no release can be made from it: {reason}") from None
