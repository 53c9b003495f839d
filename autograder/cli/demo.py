"""Makes a demo course, whose small class is made from a lab's solutions and known mistakes."""

import copy
import shutil
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import UsageError
from autograder.lab.course import Course, LabFolder
from autograder.lab.text import reference_source, solution_cells
from autograder.release.build import build

__all__ = ["hand_in", "lab_of", "make_class", "make_course"]

MARK = ".seqlab-demo"
"""The file that marks a folder as made by the demo."""


def make_course(source: Course, folder: Path) -> Course:
    """Copy the course ``source`` into a folder, build it, and hand in for a class.

    Raises UsageError if the folder holds anything that no demo made.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise UsageError(f"{folder} is not empty and no demo made it: name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    shutil.copytree(source.root / "assignments", folder / "assignments", ignore=ignore)
    shutil.copy(source.root / "nbgrader_config.py", folder)
    course = Course(folder.resolve())
    build(course.root)
    make_class(course, lab_of(course))
    return course


def lab_of(course: Course) -> str:
    """Return the lab that a demo grades: the first that needs no earlier lab and no framework."""
    labs = {name: course.lab(name).lab for name in course.labs}
    return next(name for name, lab in labs.items() if not lab.earlier and not lab.extra)


def make_class(course: Course, lab_name: str) -> None:
    """Hand in for a small class: right, blank, with known mistakes, an endless loop, not a notebook."""
    lab = course.lab(lab_name)
    right = reference_source(lab.text)
    first = next(iter(right))
    hand_in(course, lab_name, "perfect", right)
    hand_in(course, lab_name, "Zoë Ångström", right)
    hand_in(course, lab_name, "blank", {})
    for name, exercise in lab.exercises.items():
        if exercise.calls:  # a wrong cell under a right loop, and a wrong loop over a right cell
            hand_in(
                course, lab_name, f"wrong {exercise.calls[0]}", {**right, **_wrong(lab, exercise.calls[0], 0)}
            )
            hand_in(course, lab_name, f"wrong {name}", {**right, **_wrong(lab, name, 0)})
    mistaken = {name: source for exercise in right for name, source in _wrong(lab, exercise, 1).items()}
    hand_in(course, lab_name, "many mistakes", mistaken)
    head, _, body = right[first].partition("):\n")
    hand_in(course, lab_name, "endless", {**right, first: f"{head}):\n    while True:\n        pass\n{body}"})
    broken = course.root / "submitted" / "not a notebook" / lab_name
    broken.mkdir(parents=True)
    (broken / f"{lab_name}.ipynb").write_text("Dear teacher, my notebook is in the other bag.\n", "utf-8")


def hand_in(course: Course, lab: str, student: str, functions: Mapping[str, str]) -> Path:
    """Hand in a release notebook with some functions filled in; return the notebook's path."""
    release = course.root / "release" / lab
    target = course.root / "submitted" / student / lab
    shutil.copytree(release, target)
    path = target / f"{lab}.ipynb"
    nbformat.write(fill_in(nbformat.read(path, 4), functions), path)
    return path


def fill_in(release: NotebookNode, functions: Mapping[str, str]) -> NotebookNode:
    """Return a copy of a release notebook with the given functions in place of their stubs."""
    notebook = copy.deepcopy(release)
    for name, cell in solution_cells(notebook).items():
        cell.source = functions.get(name, cell.source).rstrip("\n")
    return notebook


def _wrong(lab: LabFolder, exercise: str, number: int) -> dict[str, str]:
    """Return an exercise's source with one of its known mistakes, by name; empty if none is known."""
    mistakes = lab.mistakes.get(exercise)
    if not mistakes:
        return {}
    return {exercise: lab.written(exercise, mistakes[number % len(mistakes)])}
