"""Says who would gain or lose if a class were graded now, without touching what is stored of it."""

from collections.abc import Sequence

from autograder.gradebook import records
from autograder.gradebook.again import check_points
from autograder.gradebook.autograde import Class, handed_in
from autograder.results import Result
from autograder.run import Run

__all__ = ["differences", "find_preview"]


def find_preview(
    run: Run, students: Sequence[str] = (), names: Sequence[str] = (), *, force: bool = False
) -> Class:
    """Return the submissions that `seqlab autograde` would grade now, of these exercises or of all.

    Neither the gradebook nor autograded/ is looked at: a submission with an up-to-date record is done.
    Raises UsageError as grading would.
    """
    found = handed_in(run, students)
    tasks, found.tasks = found.tasks, []
    for task in tasks:
        old = None if task.refused else records.graded_before(run, task.student, task.digest)
        if names and old is None:
            found.new.append(task.student)
        elif not force and old is not None and _is_done(run, task.student, task.digest, names):
            found.done.append(task.student)
        else:
            if names and old is not None:
                check_points(run, old, names)
            found.tasks.append(task)
    return found


def _is_done(run: Run, student: str, submission: str, names: Sequence[str]) -> bool:
    if names:
        return records.was_graded_again(run, student, names)
    return records.was_graded(run, student, submission)


def differences(
    run: Run, results: Sequence[Result], done: int = 0, names: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """Return a line for each student whose points would change, and lines that sum up.

    ``results`` are those of the preview, ``done`` counts the submissions that would not be graded, and
    ``names`` are the exercises that would be graded again, all if it is empty.
    """
    lines, gain, lose, first, kept = [], 0, 0, 0, 0
    for result in results:
        before = records.scores(run.course, run.lab, result.student)
        if result.status != "graded":
            kept += before is not None
        elif before is None:
            first += 1
        else:
            now = {v.name: v.points for v in result.exercises}
            if names:
                now = {name: now.get(name, 0.0) if name in names else before[name] for name in before}
            if said := records.in_words(before, now):
                lines.append(f"{result.student}: {said}")
                gain += sum(now.values()) > sum(before.values())
                lose += sum(now.values()) < sum(before.values())
    total = f"{len(lines)} of {len(results) + done} would change"
    sums = [f"{total}: {gain} would gain, {lose} would lose" if lines else total]
    if first:
        sums.append(f"{first} would be graded for the first time")
    if kept:
        sums.append(f"{kept} could not be graded now: earlier points would stay")
    return lines, sums
