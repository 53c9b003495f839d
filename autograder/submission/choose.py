"""Chooses the notebook in a student's folder, and recognises the lab that it belongs to."""

import re
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import BadSubmission
from autograder.lab.course import Course, LabFolder
from autograder.lab.text import in_process_tests

__all__ = ["find_notebook", "recognise"]


def find_notebook(folder: Path, lab: str) -> tuple[Path, list[str]]:
    """Return the path of the notebook in a student's folder, and the repairs.

    The notebook is named after the lab; failing that, the only notebook in the folder is taken. Raises
    BadSubmission if there is no notebook or more than one such.
    """
    path = folder / f"{lab}.ipynb"
    if path.is_file():
        return path, []
    others = sorted(p for p in folder.glob("*.ipynb") if not p.name.startswith("."))
    if len(others) == 1:
        return others[0], [f"the notebook is called {others[0].name}, not {lab}.ipynb"]
    if others:
        raise BadSubmission(
            f"there is no {lab}.ipynb, and it is unclear which of {len(others)} other notebooks is meant"
        )
    raise BadSubmission(f"there is no notebook: {lab}.ipynb is missing")


def recognise(course: Course, notebook: NotebookNode, likely: LabFolder | None = None) -> str:
    """Return the lab that a notebook belongs to, by its grade ids. Raises BadSubmission if none fits.

    Where nbgrader's metadata was lost, the lab is recognised by cell ids or by the functions defined:
    in a release both equal the grade ids. If all grade ids of ``likely`` are found, the other labs are
    not looked at.
    """
    ids = {cell.metadata["nbgrader"]["grade_id"] for cell in notebook.cells if "nbgrader" in cell.metadata}
    if likely and _grade_ids(likely) <= ids:
        return likely.name
    for cell in notebook.cells:
        ids |= {cell.id, *re.findall(r"^def (\w+)\(", cell.source, re.MULTILINE)}
    if likely and _grade_ids(likely) <= ids:
        return likely.name
    found = {name: len(ids & _grade_ids(course.lab(name))) for name in course.labs}
    best = max(found, key=lambda name: found[name], default=None)
    if best is None or not found[best]:
        raise BadSubmission(
            f"it belongs to no lab of this course ({', '.join(course.labs) or 'there are none'}): "
            "its test cells are unknown"
        )
    return best


def _grade_ids(lab: LabFolder) -> set[str]:
    return {*lab.tests, *lab.tests.values(), *in_process_tests(lab.text)}
