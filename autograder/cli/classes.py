"""The commands that grade and report: check, autograde, report and demo."""

import contextlib
import itertools
import os
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from autograder.cli.app import (
    CPUS,
    CourseOption,
    FiguresOption,
    GradedOption,
    HtmlOption,
    IsolationOption,
    JobsOption,
    NoCacheOption,
    SchedulerOption,
    SeedOption,
    VerboseOption,
    app,
    err,
    out,
    run_of,
    say,
)
from autograder.cli.previews import preview_class, say_of_caches
from autograder.errors import UsageError
from autograder.results import Result
from autograder.sandbox import Isolation

if TYPE_CHECKING:
    from rich.table import Table

    from autograder.lab.course import Course
    from autograder.run import Run

__all__ = ["autograde", "check", "demo", "report_command"]

NO_SECRET = (
    "This clone has no secret (.seqlab/secret), so hidden cases differ from run to run and scores cannot be "
    "compared: give a seed, as in `--seed 20260401`"
)


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(help="Notebook files, or folders of them.")],
    json: Annotated[
        Path | None, typer.Option(help="Write the results as JSON ('-' for standard output).")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit XML.")] = None,
    html: HtmlOption = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="Write Gradescope's results.json, of one submission.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="Append a summary in Markdown, as to $GITHUB_STEP_SUMMARY.")
    ] = None,
    annotations: Annotated[
        bool, typer.Option("--annotations", help="Print what is wrong as GitHub's annotations.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="Say what has changed since an earlier --json.")
    ] = None,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit 1 if something has changed since the baseline.")
    ] = False,
    min_score: Annotated[
        float | None, typer.Option(help="Exit 1 if a submission has less than this percentage.")
    ] = None,
    jobs: JobsOption = CPUS,
    scheduler: SchedulerOption = "",
    no_cache: NoCacheOption = False,
    seed: SeedOption = None,
    isolation: IsolationOption = None,
    no_figures: FiguresOption = False,
    only_graded: GradedOption = False,
    verbose: VerboseOption = False,
    course: CourseOption = None,
) -> None:
    """Grade notebook files without a gradebook: for CI, and for trying things."""
    from autograder import report
    from autograder.cli.progress import watch
    from autograder.feedback import feedback_text
    from autograder.grading.cache import Cache
    from autograder.grading.files import check_files, expand
    from autograder.lab.course import Course

    found = Course.find(course)
    if fail_on_change and not baseline:
        raise UsageError("--fail-on-change needs --baseline FILE, of an earlier --json")
    before = report.read_results(baseline) if baseline else None
    handed_in = expand(found, notebooks)
    if gradescope and len(handed_in) != 1:
        raise UsageError(f"--gradescope is for one submission, not for {len(handed_in)}")

    def one_run(lab: str) -> "Run":
        chosen = {"figures": not no_figures, "demonstrations": not only_graded}
        return run_of(found, lab, jobs, isolation, seed, scheduler=scheduler, **chosen)

    if os.environ.get("CI", "").lower() == "true" and seed is None and not found.has_secret:
        say(NO_SECRET, err)
    caches: list[Cache] = []

    def one_cache(run: "Run") -> Cache | None:
        caches.extend([] if no_cache else [Cache(run)])
        return caches[-1] if caches else None

    outcomes = check_files(found, handed_in, one_run, one_cache)
    results = sorted(watch(outcomes, len(handed_in), "checked", err, verbose), key=lambda r: r.path)
    say_of_caches(caches)
    named = report.told_apart(results)
    if str(json) == "-":
        print(report.to_json(results, seed))
    else:
        _show(named)
        for verdict in results[0].exercises if len(results) == 1 else ():
            say(f"\n{feedback_text(verdict, 'diagnosis')}")
        if json:
            report.write(json, report.to_json(results, seed))
    if junit:
        report.write(junit, report.to_junit(named))
    if html:
        _html(found, named, html, "Checked notebooks", seed, err if str(json) == "-" else out)
    if gradescope:
        report.write(gradescope, report.to_gradescope(results[0]))
    if markdown:
        report.write(markdown, report.to_markdown(results, "Checked notebooks"), append=True)
    for line in report.to_annotations(results) if annotations else ():
        say(line, err)
    changed = report.changes(before, results) if before is not None else []
    for line in changed:
        say(f"changed: {line}", err)
    _finish(results)
    if fail_on_change and changed:
        raise typer.Exit(1)
    if min_score is not None:
        below = [r for r in results if r.status != "graded" or 100 * r.points < min_score * r.max_points]
        if below:
            say(f"below {min_score:g}%: {len(below)} of {len(results)}", err)
            raise typer.Exit(1)


@app.command()
def autograde(
    lab: Annotated[str, typer.Argument(help="The lab to grade.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    jobs: JobsOption = CPUS,
    scheduler: SchedulerOption = "",
    seed: SeedOption = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    exercise: Annotated[
        list[str] | None,
        typer.Option(help="Grade only this exercise again, other points stay; may be repeated."),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Say who would gain or lose, and write nothing of it.")
    ] = False,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit 1 if a preview shows other points.")
    ] = False,
    no_cache: NoCacheOption = False,
    isolation: IsolationOption = None,
    no_figures: FiguresOption = False,
    only_graded: GradedOption = False,
    verbose: VerboseOption = False,
    course: CourseOption = None,
) -> None:
    """Grade submitted/*/LAB into the gradebook."""
    from autograder.gradebook import records
    from autograder.gradebook.again import known_exercises
    from autograder.lab.course import Course

    found = Course.find(course)
    if (fail_on_change or no_cache) and not preview:
        raise UsageError(f"{'--fail-on-change' if fail_on_change else '--no-cache'} needs --preview")
    chosen = {"figures": not no_figures, "demonstrations": not only_graded}
    run = run_of(found, lab, jobs, isolation, seed, scheduler=scheduler, **chosen)
    names = known_exercises(run, exercise or [])
    if preview:
        results, changed = preview_class(run, student or [], names, force, not no_cache, verbose)
        _finish(results)
        if changed and fail_on_change:
            raise typer.Exit(1)
        return
    results = _autograde(run, student or [], names, force=force, verbose=verbose)
    if results:
        from autograder.gradebook.autograde import LOG, there

        _show(results)
        for who, what in records.changes(found, lab, [result.student for result in results]).items():
            say(f"changed since the last grading: {who}: {what}")
        for line in records.from_before(run, there(run)):
            say(line, err)
        say(f"log: {found.state(lab) / LOG}", err)
        retry = ["seqlab", "autograde", lab, *(["--no-figures"] if no_figures else [])]
        retry += ["--only-graded"] if only_graded else []
        retry += ["--course", str(course)] if course else []
        retry += ["--isolation", isolation] if isolation else []
        retry += ["--scheduler", scheduler] if scheduler else []
        retry += [part for name in names for part in ("--exercise", name)]
        _finish(results, retry=shlex.join(retry))


@app.command("report")
def report_command(
    labs: Annotated[
        list[str] | None, typer.Argument(help="The labs to report on; all that are graded if left out.")
    ] = None,
    html: HtmlOption = None,
    csv: Annotated[Path | None, typer.Option(help="Write the scores as CSV.")] = None,
    canvas: Annotated[Path | None, typer.Option(help="Write the gradebook as CSV for Canvas.")] = None,
    moodle: Annotated[Path | None, typer.Option(help="Write the gradebook as CSV for Moodle.")] = None,
    items: Annotated[Path | None, typer.Option(help="Write item statistics as CSV.")] = None,
    course: CourseOption = None,
) -> None:
    """Show a graded class: scores, which exercises fail, which mistakes are common."""
    from autograder import report
    from autograder.cli.scores import absent_from, write_scores
    from autograder.gradebook import records
    from autograder.gradebook.autograde import there
    from autograder.lab.course import Course

    found = Course.find(course)
    graded = {lab: records.load_all(found, lab) for lab in labs or found.labs if found.lab(lab)}
    if labs is None:
        graded = {lab: results for lab, results in graded.items() if results}
    for lab in [lab for lab, results in graded.items() if not results]:
        raise UsageError(f"{lab} has not been graded yet: `seqlab autograde {lab}` first")
    if not graded:
        raise UsageError("no lab has been graded yet: `seqlab autograde LAB` first")
    results = list(itertools.chain(*graded.values()))
    _show(results)
    for lab in graded:
        run = run_of(found, lab, 1, None)
        for line in records.from_before(run, there(run)):
            say(line, err)
    absent = absent_from(found, graded)
    ranking = report.to_ranking(results)
    if ranking.rows:
        say("")
        _print(ranking)
    if csv or canvas or moodle:
        write_scores(found, graded, absent, csv, canvas, moodle)
    if items:
        report.write(items, report.to_items(results))
        say(f"item statistics: {items}")
    if html:
        title = f"Lab{'s' * (len(graded) > 1)} {', '.join(graded)}"
        _html(found, results, html, title, None, absent=absent)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="An empty folder, or one that a demo made before.")] = Path(
        "demo"
    ),
    jobs: JobsOption = CPUS,
    isolation: IsolationOption = None,
    course: CourseOption = None,
) -> None:
    """Make a course with a small class, grade it and write a report."""
    from autograder.cli.demo import lab_of, make_course
    from autograder.lab.course import Course
    from autograder.sandbox import why_not

    source = Course.find(course)
    if isolation is None and (reason := why_not()):
        say(f"No sandbox: {reason}. Going on with `--isolation limits`, which suits this demo only.", err)
        isolation = Isolation.LIMITS
    made = make_course(source, folder)
    say(f"A course with a class of {len(list((made.root / 'submitted').iterdir()))}: {made.root}")
    lab = lab_of(made)
    results = _autograde(run_of(made, lab, jobs, isolation), [], [], force=True)
    _show(results)
    _html(made, results, made.root / "report", f"Demo: lab {lab}", None)
    _finish(results)


def _autograde(
    run: "Run", students: Sequence[str], names: Sequence[str], *, force: bool, verbose: bool = False
) -> list[Result]:
    """Grade a class with a progress bar; return the new results, sorted by student.

    ``names`` are the exercises to grade again, if not all are to be graded.
    """
    from autograder.cli.progress import watch
    from autograder.gradebook.again import find_again, grade_again
    from autograder.gradebook.autograde import autograde as grade_class
    from autograder.gradebook.autograde import begin_early, find_class
    from autograder.gradebook.lock import alone
    from autograder.settings import require_isolation

    if not run.scheduler:
        require_isolation(run.settings)
    with (
        alone(run.course.state(run.lab).parent / "lock", f"seqlab autograde {run.lab}"),
        contextlib.ExitStack() as ending,
    ):
        again = bool(names)
        if begun := None if again else begin_early(run, students, force=force):
            ending.callback(begun.close)
        found = (
            find_again(run, students, names, force=force) if again else find_class(run, students, force=force)
        )
        for name in found.nobodys:
            say(f"not graded: {name} is in no student's folder", err)
        if found.done:
            say(f"{len(found.done)} graded already (--force grades them again)")
        if found.new:
            say(
                f"{len(found.new)} handed in since, or not graded: `seqlab autograde {run.lab}` grades them",
                err,
            )
        if not found.tasks:
            return []
        graded = grade_again(run, found.tasks, names) if again else grade_class(run, found.tasks, begun)
        with contextlib.closing(graded) as outcomes:
            shown = watch(outcomes, len(found.tasks), "graded", err, verbose)
            return sorted(shown, key=lambda r: r.student)


def _show(results: Sequence[Result]) -> None:
    """Print a table of scores for each lab, and below what a narrow terminal has no room for."""
    from autograder import report

    width = out.width if out.is_terminal else None
    for number, table in enumerate(report.to_tables(results, width)):
        if number:
            say("")
        _print(table)
    for line in report.to_lines(results, width):
        say(line)


def _print(table: "Table") -> None:
    """Print a table: for the terminal, or as plain text where it goes into a file or a pipe."""
    from autograder import report

    if out.is_terminal:
        out.print(table)
    else:
        say(report.to_text(table))


def _html(
    course: "Course",
    results: list[Result],
    folder: Path,
    title: str,
    seed: int | None,
    console: Console = out,
    absent: Mapping[str, Sequence[str]] | None = None,
) -> None:
    from autograder import report
    from autograder.cli.written import written

    isolation = (
        Isolation.LIMITS if any(r.isolation == Isolation.LIMITS for r in results) else Isolation.BUBBLEWRAP
    )
    when = datetime.now().strftime("%Y-%m-%d %H:%M")
    answers, _ = written(course, results)
    page = report.to_html(
        results,
        title=title,
        generated=when,
        isolation=str(isolation),
        seed=seed,
        absent=absent or {},
        answers=answers,
    )
    path = folder / "index.html"
    report.write(path, page)
    say(f"report: {path}", console)


def _finish(results: Sequence[Result], retry: str = "") -> None:
    """Print how many submissions have which status, if any; exit with 3 after a grader error.

    ``retry`` is the command that grades the students again whose ids are appended to it.
    """
    from autograder.feedback.text import one_line

    if not results:
        return
    counts = Counter(result.status for result in results)
    text = ", ".join(f"{n} {of}{'s' if n > 1 and of != 'graded' else ''}" for of, n in counts.items())
    say(f"{len(results)} submission{'s' if len(results) != 1 else ''}: {text}", err)
    if counts["grader error"]:
        failed = [result for result in results if result.status == "grader error"]
        for result in failed:
            say(f"grader error, not the student's fault: {result.student}: {one_line(result.reason)}", err)
        if retry:
            students = " ".join(f"--student {shlex.quote(result.student)}" for result in failed)
            say(f"to grade these again: {retry} {students}", err)
        raise typer.Exit(3)
