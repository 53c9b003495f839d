"""Defines the commands of ``seqlab``: init, new, build, check, autograde, report, audit, doctor and demo.

Exit codes: 0 done, 1 a check did not hold, 2 bad usage or input, 3 a fault of the grader.
"""

import contextlib
import itertools
import os
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from autograder.errors import SeqLabError, UsageError
from autograder.imports import leave_out_unused
from autograder.results import Result
from autograder.sandbox import Isolation

if TYPE_CHECKING:
    from autograder.lab.course import Course
    from autograder.run import Run

app = typer.Typer(
    help="Labs on sequence models that grade themselves.",
    epilog="Any command takes --debug: an error then shows its traceback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Without emoji: `:x:` in an id or a path must stay text.
out, err = (Console(stderr=error, highlight=False, emoji=False) for error in (False, True))

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course's folder; the current one if left out.")
]
FiguresOption = Annotated[
    bool, typer.Option("--no-figures", help="Draw no figures while grading; their descriptions are printed.")
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Print a line for each submission, with the time of each stage.")
]
IsolationOption = Annotated[Isolation | None, typer.Option(help="Override what student code runs in.")]
JobsOption = Annotated[int, typer.Option(min=1, help="Processes that grade side by side.")]
SeedOption = Annotated[
    int | None, typer.Option(min=0, help="One seed for all hidden cases, instead of one per submission.")
]
HtmlOption = Annotated[Path | None, typer.Option(help="Folder for an HTML report.")]
CPUS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The course's folder; it is made if missing.")]) -> None:
    """Make a course: configuration, folders, README and a workflow that grades in CI."""
    from autograder.cli.init import init_course

    for path in (made := init_course(folder)):
        _say(f"  {path.relative_to(folder.resolve())}")
    _say(f"{made[0].parent} is a course now. Next: cd {shlex.quote(str(folder))}; seqlab new smoothing")


@app.command()
def new(lab: Annotated[str, typer.Argument(help="The new lab's name.")], course: CourseOption = None) -> None:
    """Make a small lab to start from, with one exercise, in assignments/LAB."""
    from autograder.cli.init import new_lab
    from autograder.lab.course import Course

    found = Course.find(course)
    for path in new_lab(found, lab):
        _say(f"  {path.relative_to(found.root)}")
    _say(f"Next: seqlab build {lab}; seqlab audit {lab}. docs/labs.md explains the files.")


@app.command()
def build(
    labs: Annotated[list[str] | None, typer.Argument(help="Labs to build; all if left out.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if something is out of date.")
    ] = False,
    from_notebook: Annotated[
        bool,
        typer.Option("--from-notebook", help="Carry an edited source notebook back into the text first."),
    ] = False,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Do not try whether the labs start in the sandbox.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Make source/ and release/ from the labs' text, and try whether the sandbox starts with them."""
    from autograder.cli.trial import try_sandbox
    from autograder.lab.course import Course
    from autograder.release.build import build as build_labs

    found = Course.find(course)
    report = build_labs(found.root, labs or None, check=check, from_notebook=from_notebook)
    for name in report.changed:
        _say(f"  {name}")
    made = f"{len(report.changed)} files changed" if report.changed else "nothing changed"
    _say(f"{', '.join(report.labs)}: {'up to date' if check else made}")
    for remark in report.remarks:
        _say(remark, err)
    if not (check or no_sandbox) and (reason := try_sandbox(found, report.labs)):
        _say(f"not tried in a sandbox: {reason}", err)


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
    seed: SeedOption = None,
    isolation: IsolationOption = None,
    no_figures: FiguresOption = False,
    verbose: VerboseOption = False,
    course: CourseOption = None,
) -> None:
    """Grade notebook files without a gradebook: for CI, and for trying things."""
    from autograder import report
    from autograder.cli.progress import watch
    from autograder.feedback import feedback_text
    from autograder.grading.files import check_files, expand
    from autograder.lab.course import Course

    found = Course.find(course)
    if fail_on_change and not baseline:
        raise UsageError("--fail-on-change needs --baseline FILE, of an earlier --json")
    before = report.read_results(baseline) if baseline else None
    handed_in = expand(found, notebooks)
    if gradescope and len(handed_in) != 1:
        raise UsageError(f"--gradescope is for one submission, not for {len(handed_in)}")

    def run_of(lab: str) -> "Run":
        return _run(found, lab, jobs, isolation, seed, figures=not no_figures)

    outcomes = check_files(found, handed_in, run_of)
    results = sorted(watch(outcomes, len(handed_in), "checked", err, verbose), key=lambda r: r.path)
    named = report.told_apart(results)
    if str(json) == "-":
        print(report.to_json(results, seed))
    else:
        _show(named)
        for verdict in results[0].exercises if len(results) == 1 else ():
            _say(f"\n{feedback_text(verdict, 'diagnosis')}")
        if json:
            report.write(json, report.to_json(results, seed))
    if junit:
        report.write(junit, report.to_junit(named))
    if html:
        _html(named, html, "Checked notebooks", seed, err if str(json) == "-" else out)
    if gradescope:
        report.write(gradescope, report.to_gradescope(results[0]))
    if markdown:
        report.write(markdown, report.to_markdown(results, "Checked notebooks"), append=True)
    for line in report.to_annotations(results) if annotations else ():
        _say(line, err)
    changed = report.changes(before, results) if before is not None else []
    for line in changed:
        _say(f"changed: {line}", err)
    _finish(results)
    if fail_on_change and changed:
        raise typer.Exit(1)
    if min_score is not None:
        below = [r for r in results if r.status != "graded" or 100 * r.points < min_score * r.max_points]
        if below:
            _say(
                f"below {min_score:g}%: {len(below)} of {len(results)}",
                err,
            )
            raise typer.Exit(1)


@app.command()
def autograde(
    lab: Annotated[str, typer.Argument(help="The lab to grade.")],
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    jobs: JobsOption = CPUS,
    seed: SeedOption = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    isolation: IsolationOption = None,
    no_figures: FiguresOption = False,
    verbose: VerboseOption = False,
    course: CourseOption = None,
) -> None:
    """Grade submitted/*/LAB into the gradebook."""
    from autograder.gradebook import records
    from autograder.lab.course import Course

    found = Course.find(course)
    run = _run(found, lab, jobs, isolation, seed, figures=not no_figures)
    results = _autograde(run, student or [], force=force, verbose=verbose)
    if results:
        from autograder.gradebook.autograde import LOG

        _show(results)
        for who, what in records.changes(found, lab, [result.student for result in results]).items():
            _say(f"changed since the last grading: {who}: {what}")
        for line in records.from_before(run):
            _say(line, err)
        _say(f"log: {found.state(lab) / LOG}", err)
        retry = ["seqlab", "autograde", lab, *(["--no-figures"] if no_figures else [])]
        retry += ["--course", str(course)] if course else []
        retry += ["--isolation", isolation] if isolation else []
        _finish(results, retry=shlex.join(retry))


@app.command("report")
def report_command(
    lab: Annotated[str, typer.Argument(help="The lab to report on.")],
    html: HtmlOption = None,
    csv: Annotated[Path | None, typer.Option(help="Write the scores as CSV.")] = None,
    canvas: Annotated[Path | None, typer.Option(help="Write the gradebook as CSV for Canvas.")] = None,
    moodle: Annotated[Path | None, typer.Option(help="Write the gradebook as CSV for Moodle.")] = None,
    course: CourseOption = None,
) -> None:
    """Show a graded class: scores, which exercises fail, which mistakes are common."""
    from autograder import report
    from autograder.gradebook import records
    from autograder.lab.course import Course

    found = Course.find(course)
    found.lab(lab)
    results = records.load_all(found, lab)
    if not results:
        raise UsageError(f"{lab} has not been graded yet: `seqlab autograde {lab}` first")
    _show(results)
    for line in records.from_before(_run(found, lab, 1, None)):
        _say(line, err)
    ranking = report.to_ranking(results)
    if ranking.rows:
        out.print(ranking)
    if csv or canvas or moodle:
        from autograder.gradebook.totals import totals

        held = totals(found, lab)
        for path, text in (
            (csv, report.to_csv(results, held)),
            (canvas, report.to_canvas(lab, held.values())),
            (moodle, report.to_moodle(lab, held.values())),
        ):
            if path:
                report.write(path, text)
                _say(f"scores: {path}")
    if html:
        _html(results, html, f"Lab {lab}", None)


@app.command()
def audit(
    labs: Annotated[list[str] | None, typer.Argument(help="Labs to audit; all if left out.")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many seeds right answers and mistakes meet.")] = 3,
    every: Annotated[bool, typer.Option("--all", help="Try mutants with all seeds: slower.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write what was found as JSON.")] = None,
    jobs: JobsOption = CPUS,
    course: CourseOption = None,
) -> None:
    """Prove the hidden tests of labs: right answers score full marks, mistakes and mutants are caught."""
    from autograder import report
    from autograder.audit import audit_lab, to_json, to_lines, to_table
    from autograder.lab.course import Course

    found = Course.find(course)
    tell = partial(_say, console=err)
    tried = range(1, seeds + 1)
    audits = [
        audit_lab(found.lab(lab), seeds=tried, every=every, jobs=jobs, tell=tell)
        for lab in labs or found.labs
    ]
    out.print(to_table(audits))
    for line in to_lines(audits):
        _say(line)
    if json:
        report.write(json, to_json(audits))
    if not all(one.holds for one in audits):
        raise typer.Exit(1)


@app.command()
def strength(
    labs: Annotated[list[str] | None, typer.Argument(help="Labs to measure; all if left out.")] = None,
    page: Annotated[Path, typer.Option(help="The page that keeps the figures.")] = Path("docs/strength.md"),
    renew: Annotated[bool, typer.Option("--renew", help="Write the page; all labs are measured.")] = False,
    remarks: Annotated[bool, typer.Option("--remarks", help="Show the wrong answers too.")] = False,
    jobs: JobsOption = CPUS,
    course: CourseOption = None,
) -> None:
    """Measure how well wrong answers are told what is wrong; fail where a figure of the page has fallen."""
    from autograder import report
    from autograder.audit.strength import strength_of
    from autograder.audit.strength_table import fallen, to_markdown
    from autograder.lab.course import Course

    if renew and labs:
        raise UsageError("--renew writes the figures of all labs: leave out their names")
    if not renew and not page.is_file():
        raise UsageError(f"{page}: there is no such page; write it with --renew")
    before = "" if renew else page.read_text("utf-8")
    found = Course.find(course)
    measured = [one for lab in labs or found.labs for one in strength_of(found.lab(lab), jobs)]
    for remark in itertools.chain(*(one.remarks for one in measured)) if remarks else ():
        _say(remark)
    text = to_markdown(measured, datetime.now().strftime("%Y-%m-%d"))
    if renew:
        report.write(page, text)
        _say(f"figures: {page}")
        return
    _say(text)
    for line in (lower := fallen(before, measured)):
        _say(line, err)
    if lower:
        raise typer.Exit(1)


@app.command()
def doctor(course: CourseOption = None) -> None:
    """Say what works on this machine, and how to fix what does not."""
    from autograder.cli.doctor import examine

    checks = examine(course)
    for result in checks:
        _say(f"{'ok  ' if result.ok else '    ' if result.optional else 'FAIL'}  {result.text}")
    if not all(result.ok or result.optional for result in checks):
        raise typer.Exit(1)


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
        _say(f"No sandbox: {reason}. Going on with `--isolation limits`, which suits this demo only.", err)
        isolation = Isolation.LIMITS
    made = make_course(source, folder)
    _say(f"A course with a class of {len(list((made.root / 'submitted').iterdir()))}: {made.root}")
    lab = lab_of(made)
    results = _autograde(_run(made, lab, jobs, isolation), [], force=True)
    _show(results)
    _html(results, made.root / "report", f"Demo: lab {lab}", None)
    _finish(results)


def _autograde(run: "Run", students: Sequence[str], *, force: bool, verbose: bool = False) -> list[Result]:
    """Grade a class with a progress bar; return the new results, sorted by student."""
    from autograder.cli.progress import watch
    from autograder.gradebook.autograde import autograde as grade_class
    from autograder.gradebook.autograde import find_class
    from autograder.gradebook.lock import alone
    from autograder.settings import require_isolation

    require_isolation(run.settings)
    with alone(run.course.state(run.lab).parent / "lock", f"seqlab autograde {run.lab}"):
        found = find_class(run, students, force=force)
        for name in found.nobodys:
            _say(f"not graded: {name} is in no student's folder", err)
        if found.done:
            _say(f"{len(found.done)} graded already (--force grades them again)")
        if not found.tasks:
            return []
        with contextlib.closing(grade_class(run, found.tasks)) as outcomes:
            shown = watch(outcomes, len(found.tasks), "graded", err, verbose)
            return sorted(shown, key=lambda r: r.student)


def _run(
    course: "Course",
    lab: str,
    jobs: int,
    isolation: Isolation | None,
    seed: int | None = None,
    *,
    figures: bool = True,
) -> "Run":
    """Return a run with the course's settings, some of them overridden."""
    from autograder.lab.course import load_config
    from autograder.run import Run
    from autograder.settings import settings_of

    settings = settings_of(load_config(course.root), course.lab(lab), isolation, figures)
    return Run(course, lab, settings, jobs, seed)


def _say(text: str, console: Console = out) -> None:
    """Print plain text, without markup and without wrapping."""
    console.print(text, markup=False, soft_wrap=True)


def _show(results: Sequence[Result]) -> None:
    """Print the score table, and below it what a narrow terminal has no room for."""
    from autograder import report

    out.print(report.to_table(results, out.width))
    for line in report.to_lines(results, out.width):
        _say(line)


def _html(results: list[Result], folder: Path, title: str, seed: int | None, console: Console = out) -> None:
    from autograder import report

    isolation = (
        Isolation.LIMITS if any(r.isolation == Isolation.LIMITS for r in results) else Isolation.BUBBLEWRAP
    )
    when = datetime.now().strftime("%Y-%m-%d %H:%M")
    page = report.to_html(results, title=title, generated=when, isolation=str(isolation), seed=seed)
    path = folder / "index.html"
    report.write(path, page)
    _say(f"report: {path}", console)


def _finish(results: Sequence[Result], retry: str = "") -> None:
    """Print how many submissions have which status; exit with 3 after a grader error.

    ``retry`` is the command that grades the students again whose ids are appended to it.
    """
    from autograder.feedback.text import one_line

    counts = Counter(result.status for result in results)
    text = ", ".join(f"{number} {status}" for status, number in counts.items())
    _say(f"{len(results)} submission{'s' if len(results) != 1 else ''}: {text}", err)
    if counts["grader error"]:
        failed = [result for result in results if result.status == "grader error"]
        for result in failed:
            _say(f"grader error, not the student's fault: {result.student}: {one_line(result.reason)}", err)
        if retry:
            students = " ".join(f"--student {shlex.quote(result.student)}" for result in failed)
            _say(f"to grade these again: {retry} {students}", err)
        raise typer.Exit(3)


def main() -> None:
    """Run the command line; an error is one line, unless ``--debug`` asks for its traceback."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    leave_out_unused()
    try:
        app(arguments, prog_name="seqlab")
    except SystemExit as error:
        if error.code == 130:  # Ctrl-C
            kept = "; what is graded is kept, and the same command goes on"
            _say(f"\nseqlab: stopped{kept if 'autograde' in arguments else ''}", err)
        raise
    except Exception as error:
        if debug:
            raise
        err.print(f"seqlab: {_in_words(error)}", markup=False, soft_wrap=True, style="red")
        code = error.exit_code if isinstance(error, SeqLabError) else 2 if isinstance(error, OSError) else 3
        raise SystemExit(code) from None


def _in_words(error: Exception) -> str:
    """Return an error as one line; an unexpected one is called a fault of the grader."""
    if isinstance(error, SeqLabError | OSError):
        return str(error)
    reason = " ".join(str(error).split())
    return f"a fault of the grader: {type(error).__name__}: {reason}; add --debug to see where"
