"""The commands of those who write labs and hand them out, from init to strength."""

import itertools
import os
import shlex
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CPUS, CourseOption, JobsOption, app, err, out, say
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.lab.course import Course

__all__ = ["audit", "build", "bundle", "init", "new", "release", "strength"]


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The course's folder; it is made if missing.")]) -> None:
    """Make a course: configuration, folders, README and a workflow that grades in CI."""
    from autograder.cli.init import init_course

    for path in (made := init_course(folder)):
        say(f"  {path.relative_to(folder.resolve())}")
    say(f"{made[0].parent} is a course now. Next: cd {shlex.quote(str(folder))}; seqlab new smoothing")


@app.command()
def new(lab: Annotated[str, typer.Argument(help="The new lab's name.")], course: CourseOption = None) -> None:
    """Make a small lab to start from, with one exercise, in assignments/LAB."""
    from autograder.cli.init import new_lab
    from autograder.lab.course import Course

    found = Course.find(course)
    for path in new_lab(found, lab):
        say(f"  {path.relative_to(found.root)}")
    say(f"Next: seqlab build {lab}; seqlab audit {lab}. docs/labs.md explains the files.")


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
        say(f"  {name}")
    made = f"{len(report.changed)} files changed" if report.changed else "nothing changed"
    say(f"{', '.join(report.labs)}: {'up to date' if check else made}")
    for remark in report.remarks:
        say(remark, err)
    if not (check or no_sandbox):
        lacks = [found.lab(name).lacks for name in report.labs]
        for reason in filter(None, [*lacks, try_sandbox(found, report.labs)]):
            say(f"not tried in a sandbox: {reason}", err)


@app.command()
def release(
    folder: Annotated[Path, typer.Argument(help="Where the labs' folders go.")],
    upto: Annotated[
        str | None, typer.Option(help="This lab and those that it builds on; all if left out.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Copy labs into a folder for students, and say which hold the solutions of earlier ones."""
    from autograder.cli.handout import hand_out
    from autograder.lab.course import Course

    for line in hand_out(Course.find(course), upto, folder):
        say(line)


@app.command()
def bundle(
    lab: Annotated[str, typer.Argument(help="The lab.")],
    file: Annotated[Path | None, typer.Argument(help="The zip file; LAB-bundle.zip if left out.")] = None,
    course: CourseOption = None,
) -> None:
    """Write what the workers of a cluster are sent of a lab; it holds solutions and hidden tests."""
    import hashlib

    from autograder.grading.cluster.bundle import packed_course
    from autograder.lab.course import Course

    found = Course.find(course)
    found.lab(lab)
    packed = packed_course(found, lab)
    file = file or Path(f"{lab}-bundle.zip")
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
        os.fchmod(written.fileno(), 0o600)  # of a file that was there before too
        written.write(packed)
    say(f"{file}: {len(packed):,} bytes, SHA-256 {hashlib.sha256(packed).hexdigest()}")
    say("it holds solutions and hidden tests, but not the course's secret: keep it from students", err)


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
    tell = partial(say, console=err)
    tried = range(1, seeds + 1)
    audits = [
        audit_lab(found.lab(lab), seeds=tried, every=every, jobs=jobs, tell=tell)
        for lab in _chosen(found, labs)
    ]
    out.print(to_table(audits))
    for line in to_lines(audits):
        say(line)
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
    if renew and (left := set(found.labs) - set(found.runnable)):
        raise UsageError(f"--renew writes the figures of all labs: {found.lab(min(left)).lacks}")
    measured = [one for lab in _chosen(found, labs) for one in strength_of(found.lab(lab), jobs)]
    for remark in itertools.chain(*(one.remarks for one in measured)) if remarks else ():
        say(remark)
    text = to_markdown(measured, datetime.now().strftime("%Y-%m-%d"))
    if renew:
        report.write(page, text)
        say(f"figures: {page}")
        return
    say(text)
    for line in (lower := fallen(before, measured)):
        say(line, err)
    if lower:
        raise typer.Exit(1)


def _chosen(course: "Course", named: list[str] | None) -> list[str]:
    """Return the labs that are named, or all that can run here; say which are left out.

    Raises UsageError for a named lab that cannot run.
    """
    for name in named or course.labs:
        if missing := course.lab(name).lacks:
            if named:
                raise UsageError(missing)
            say(f"left out: {missing}", err)
    return named or course.runnable
