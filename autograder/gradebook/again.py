"""Grades some exercises of a class again, and leaves the points of all others as they are."""

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import GraderError, StorageError, UsageError
from autograder.gradebook import records
from autograder.gradebook.autograde import LOG, Class, handed_in, open_class
from autograder.gradebook.storage import storing
from autograder.gradebook.writer import Writer
from autograder.grading.grader import Outcome, Task
from autograder.grading.notebook import write_verdict
from autograder.grading.processes import grade_all
from autograder.grading.timing import log
from autograder.results import Result
from autograder.run import Run
from autograder.sandbox import Isolation

__all__ = ["check_points", "find_again", "grade_again", "known_exercises", "merged"]


def known_exercises(run: Run, names: Sequence[str]) -> list[str]:
    """Return the exercises with these names, each once. Raises UsageError for one that the lab lacks."""
    there = list(run.folder.exercises)
    if unknown := [name for name in names if name not in there]:
        raise UsageError(f"{run.lab} has no exercise {unknown[0]!r}; there are {', '.join(there)}")
    return list(dict.fromkeys(names))


def find_again(run: Run, students: Sequence[str], names: Sequence[str], *, force: bool = False) -> Class:
    """Return the submissions of which these exercises are to be graded again; register the lab.

    A submission counts as done if the exercises were graded with the lab and the settings of now, as those
    are that an interrupted run has graded; with ``force`` none does. It is new if it was not graded as it is
    now: points of two versions of a submission are not mixed. Its page may be missing, as after a kill while
    it was put in place.
    Raises UsageError as `handed_in` does, and if other exercises of a submission have other points now.
    """
    found = handed_in(run, students)
    open_class(run)
    tasks, found.tasks = found.tasks, []
    for task in tasks:
        old = None if task.refused else records.graded_before(run, task.student, task.digest)
        if old is None:
            found.new.append(task.student)
        elif not force and records.was_graded_again(run, task.student, names):
            found.done.append(task.student)
        else:
            check_points(run, old, names)
            found.tasks.append(task)
    return found


def check_points(run: Run, old: Result, names: Sequence[str]) -> None:
    """Raise UsageError if an exercise that is to stay has other points in the lab than in a result."""
    before = {verdict.name: verdict.max_points for verdict in old.exercises}
    for name, points in run.folder.points.items():
        if name not in names and before.get(name) != points:
            raise UsageError(
                f"{name} had {before.get(name, 0):g} points when {old.student} was graded and has {points:g} "
                f"now: grade all exercises, `seqlab autograde {run.lab}`"
            )


def grade_again(run: Run, tasks: Sequence[Task], names: Sequence[str]) -> Generator[Outcome, None, None]:
    """Grade these exercises of submissions into the gradebook; yield each outcome once it is written.

    The whole notebook runs; then the other exercises get back their verdicts of the record, so that their
    points stay. What cannot be graded now changes nothing. Raises StorageError when nothing can be written
    any more.
    """
    writer = Writer(run.course, run.lab)
    by_student = {task.student: task for task in tasks}
    state = run.course.state(run.lab)
    with contextlib.closing(grade_all(run, tasks)) as outcomes:
        for outcome in outcomes:
            task = by_student[outcome.result.student]
            old = records.graded_before(run, task.student, task.digest)
            if outcome.notebook is not None and old is not None:
                outcome.result = merged(old, outcome.result, names)
                _put_back(run, outcome.notebook, old, names)
                try:
                    with outcome.stages("write"):
                        writer.save(task.student, Path(outcome.result.path), outcome.notebook)
                except StorageError:
                    raise
                except GraderError as error:
                    outcome.result = replace(old, status="grader error", reason=str(error))
            with storing(state):
                log(state / LOG, outcome.result, outcome.stages)
                if outcome.result.status == "graded":  # last: what is in the record is not graded again
                    records.save_again(run, outcome.result, names)
            yield outcome


def merged(old: Result, new: Result, names: Sequence[str]) -> Result:
    """Return the old result of a submission with the new verdicts on these exercises."""
    before = {verdict.name: verdict for verdict in old.exercises}
    verdicts = [v if v.name in names else before.get(v.name, v) for v in new.exercises]
    weaker = Isolation.LIMITS in (old.isolation, new.isolation)
    return replace(
        old,
        path=new.path,
        points=sum(verdict.points for verdict in verdicts),
        max_points=sum(verdict.max_points for verdict in verdicts),
        seconds=new.seconds,
        exercises=verdicts,
        isolation=str(Isolation.LIMITS) if weaker else new.isolation,
        stale="",
    )


def _put_back(run: Run, notebook: NotebookNode, old: Result, names: Sequence[str]) -> None:
    """Give the test cells of other exercises the verdicts of an old result."""
    before = {verdict.name: verdict for verdict in old.exercises if verdict.name not in names}
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        grade_id = known.get("grade_id", "")
        name = run.folder.tests.get(grade_id, grade_id)
        if name in before and known.get("grade") and not known.get("solution"):
            write_verdict(cell, before[name], run.settings.feedback)
