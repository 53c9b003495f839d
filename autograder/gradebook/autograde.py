"""Grades a class into nbgrader's gradebook: several processes grade, and this one alone writes."""

import contextlib
import glob
import os
from collections.abc import Container, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory

from autograder.errors import GraderError, StorageError, UsageError
from autograder.gradebook import records
from autograder.gradebook.register import register
from autograder.gradebook.storage import storing
from autograder.gradebook.writer import Writer, directory_of
from autograder.grading.grader import Outcome, Task
from autograder.grading.processes import begin, clear_up, grade_all
from autograder.grading.timing import log
from autograder.lab.course import Course
from autograder.processes import Workers
from autograder.run import Run
from autograder.submission.choose import ARCHIVE, IGNORED, files_in, is_notebook
from autograder.submission.files import folder_digest, link_in

__all__ = ["Class", "autograde", "begin_early", "find_class", "handed_in", "open_class", "there"]


LOG = "log.jsonl"
"""The log in .seqlab/<lab>/: a line of JSON for each submission, with seconds by stage."""


@dataclass
class Class:
    """The submissions to grade, the students who are graded already, and files that are no student's.

    ``new`` are the students whose submission was not graded as it is now, where only some exercises are to be
    graded again.
    """

    tasks: list[Task] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    nobodys: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


def find_class(run: Run, students: Sequence[str] = (), *, force: bool = False) -> Class:
    """Return the submissions of a lab under submitted/, and register the lab in the gradebook.

    A submission counts as done if neither it nor what decides its outcome has changed since it was graded.
    With ``force`` none counts as done, but those that an interrupted run with ``force`` has graded.
    Raises UsageError as `handed_in` does, and if the lab cannot be registered.
    """
    found = handed_in(run, students)
    saved = open_class(run)
    if force and not students:
        records.begin_again(run, {task.student for task in found.tasks})
    tasks, found.tasks = found.tasks, []
    for task in tasks:
        known = task.student in saved and not task.refused and not (force and students)
        if known and records.was_graded(run, task.student, task.digest):
            found.done.append(task.student)
        else:
            found.tasks.append(task)
    return found


def handed_in(run: Run, students: Sequence[str] = ()) -> Class:
    """Return all submissions of a lab under submitted/, without touching the gradebook.

    A student whose notebook lies elsewhere than in the lab's folder has a bad submission.
    Raises UsageError if nothing was handed in.
    """
    lab = run.lab
    clear_up()
    directory = directory_of(run.course, lab)
    step = directory.submitted_directory
    before, folders, nobodys, strays = _folders(run.course, lab, directory)
    excluded = (directory.student_id_exclude or "").split(",")
    if left_out := [name for name in students if name in excluded]:
        raise UsageError(f"{left_out[0]!r} is left out by c.CourseDirectory.student_id_exclude")
    folders = {name: folder for name, folder in folders.items() if name not in excluded}
    if unknown := [name for name in students if name not in folders]:
        raise UsageError(
            f"nothing was handed in by {unknown[0]!r} for {lab}: {step}/{unknown[0]}/{lab} is missing"
        )
    if not folders:
        raise UsageError(
            f"{step}/{nobodys[0]} is in no student's folder: put it into {step}/<student>/{lab}/"
            if nobodys
            else f"nothing was handed in for {lab}: put submissions into {step}/<student>/{lab}/{lab}.ipynb"
        )
    found = Class(nobodys=nobodys)
    for name in sorted(students or folders):
        if name in strays:
            found.tasks.append(Task(name, folders[name], refused=strays[name]))
            continue
        link = link_in(folders[name], before)
        if link:
            reason = f"{link.name} is a link: hand in the folder itself"
            found.tasks.append(Task(name, folders[name], refused=reason))
            continue
        found.tasks.append(Task(name, folders[name], folder_digest(folders[name])))
    return found


def there(run: Run) -> set[str]:
    """Return the students of whom something lies under submitted/ for a lab, to be graded or not."""
    _, folders, _, _ = _folders(run.course, run.lab, directory_of(run.course, run.lab))
    return set(folders)


def _folders(
    course: Course, lab: str, directory: CourseDirectory
) -> tuple[Path, dict[str, Path], list[str], dict[str, str]]:
    """Return the folder of all submissions and the students' folders, and what `_misplaced` finds there."""
    # No path contains a null character: it marks the place of the student's id.
    before, after = directory.format_path(directory.submitted_directory, "\0", lab).split("\0")
    folders = {}
    for path in glob.glob(f"{glob.escape(before)}*{glob.escape(after)}"):
        folder = Path(path)
        if folder.is_dir() or folder.is_symlink():
            folders[path[len(before) : len(path) - len(after)]] = folder
    nobodys: list[str] = []
    strays: dict[str, str] = {}
    if after == os.sep + lab:
        nobodys, strays = _misplaced(course, lab, Path(before), folders)
        folders |= {name: Path(before, name) for name in strays}
    above = Path(before) if before.endswith(os.sep) else Path(before).parent
    return above, folders, nobodys, strays


def open_class(run: Run) -> set[str]:
    """Register a lab in the gradebook; return the students whose submission is there and in autograded/."""
    directory = directory_of(run.course, run.lab)
    with storing(run.course.root, directory.db_url):
        register(run.course.root, run.lab, directory.db_url)
        saved = _saved(directory, run.lab)
    folder = {name: directory.format_path(directory.autograded_directory, name, run.lab) for name in saved}
    return {name for name in saved if Path(folder[name], f"{run.lab}.ipynb").exists()}


def _misplaced(
    course: Course, lab: str, submitted: Path, known: Container[str]
) -> tuple[list[str], dict[str, str]]:
    """Find what was handed in for a lab but lies in no folder of its name.

    Returns the names of files that are in no student's folder, and by student what is wrong. A student who
    has handed in nothing for this lab is not among them.
    """
    files: list[str] = []
    reasons: dict[str, str] = {}
    for place in sorted(submitted.iterdir()) if submitted.is_dir() else ():
        if place.name.startswith(".") or place.name in IGNORED or place.is_symlink():
            continue
        if not place.is_dir():
            files += [place.name] if is_notebook(place) or ARCHIVE.search(place.name) else []
        elif place.name not in known and (reason := _elsewhere(course, lab, place)):
            reasons[place.name] = reason
    return files, reasons


def _elsewhere(course: Course, lab: str, folder: Path) -> str:
    """Say where in a student's folder a lab's notebook lies, if not in the lab's folder, and what to do."""
    inside = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    for path in inside:
        if path.is_dir() and path.name.lower() == lab.lower():
            return f"its folder is called {path.name}: rename it to {lab}"
    others = {name.lower() for name in course.labs}
    for path in files_in(folder):
        place = path.relative_to(folder)
        named = lab.lower() in path.name.lower()
        if place.parts[0].lower() in others or not (
            is_notebook(path) or (named and ARCHIVE.search(path.name))
        ):
            continue
        if named or len(place.parts) == 1 or lab.lower() in place.parts[0].lower():
            return f"{place} lies outside the lab's folder: put it into {folder.name}/{lab}/"
    return ""


def _saved(directory: CourseDirectory, lab: str) -> set[str]:
    """Return the ids of the students whose submission is in the gradebook."""
    with Gradebook(directory.db_url, directory.course_id) as gradebook:
        try:
            return {submission.student.id for submission in gradebook.assignment_submissions(lab)}
        except MissingEntry:
            return set()


def begin_early(run: Run, students: Sequence[str] = (), *, force: bool = False) -> Workers | None:
    """Start the processes that will grade before the gradebook is read.

    Returns None where there may be nothing to grade: all that was handed in has a record. Close what is
    returned if an error comes before `autograde` takes it.
    """
    new = [
        student
        for student in students or there(run)
        if force or not records.path_of(run.course, run.lab, student).exists()
    ]
    return begin(run, len(new)) if new and not run.scheduler else None


def autograde(
    run: Run, tasks: Sequence[Task], begun: Workers | None = None
) -> Generator[Outcome, None, None]:
    """Grade submissions into the gradebook; yield each outcome once it is written.

    ``begun`` are the processes that `begin_early` has started.

    Graded submissions are written to the gradebook, to autograded/ and to the records; bad submissions and
    grader errors to the records only, so that earlier scores stay. Raises StorageError when nothing can be
    written any more.
    """
    writer = Writer(run.course, run.lab)
    return _written(run, writer, {task.student: task for task in tasks}, grade_all(run, tasks, begun))


def _written(
    run: Run, writer: Writer, tasks: Mapping[str, Task], outcomes: Generator[Outcome, None, None]
) -> Generator[Outcome, None, None]:
    made_of = run.made_of
    with contextlib.closing(outcomes):  # ends the grading processes now, not when it is garbage-collected
        for outcome in outcomes:
            result, task = outcome.result, tasks[outcome.result.student]
            if outcome.notebook is not None:
                try:
                    with outcome.stages("write"):
                        writer.save(task.student, Path(result.path), outcome.notebook)
                except StorageError:
                    raise
                except GraderError as error:
                    result.status, result.reason = "grader error", str(error)
            # The record comes last: what has one is not graded again.
            with storing(run.course.state(run.lab)):
                log(run.course.state(run.lab) / LOG, result, outcome.stages)
                records.save(run, result, task.digest, made_of)
            yield outcome
