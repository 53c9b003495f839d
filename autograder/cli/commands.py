"""Defines the commands of ``seqlab``; those of classes, of labs and of answers stand in modules of their own.

Exit codes: 0 done, 1 a check did not hold, 2 bad usage or input, 3 a fault of the grader.
"""

import os
import sys

import typer

from autograder.cli import classes, labs, lookups
from autograder.cli.app import CourseOption, app, err, say
from autograder.errors import SeqLabError
from autograder.imports import leave_out_unused

__all__ = ["classes", "doctor", "labs", "lookups", "main"]


@app.command()
def doctor(course: CourseOption = None) -> None:
    """Say what works on this machine, and how to fix what does not."""
    from autograder.cli.doctor import examine

    checks = examine(course)
    for result in checks:
        say(f"{'ok  ' if result.ok else '    ' if result.optional else 'FAIL'}  {result.text}")
    if not all(result.ok or result.optional for result in checks):
        raise typer.Exit(1)


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
            say(f"\nseqlab: stopped{kept if 'autograde' in arguments else ''}", err)
        raise
    except Exception as error:
        if debug:
            raise
        err.print(f"seqlab: {_in_words(error)}", markup=False, soft_wrap=True, style="red")
        code = error.exit_code if isinstance(error, SeqLabError) else 2 if isinstance(error, OSError) else 3
        raise SystemExit(code) from None


ADVICE: dict[type[OSError], str] = {
    FileNotFoundError: "there is no such file or folder, or none can be made: check the path",
    FileExistsError: "there is a file where a folder is needed: name a folder, or remove the file",
    NotADirectoryError: "there is a file where a folder is needed: name a folder, or remove the file",
    IsADirectoryError: "it is a folder: name a file",
    PermissionError: "permission denied: choose another path, or change the permissions",
}
"""What to do after an error of the file system; of others their own words are told."""


def _in_words(error: Exception) -> str:
    """Return an error as one line; an unexpected one is called a fault of the grader."""
    if isinstance(error, SeqLabError):
        return str(error)
    if isinstance(error, OSError):
        reason = ADVICE.get(type(error)) or error.strerror or str(error)
        place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
        return " ".join((f"{place}: {reason}" if place else reason).split())
    reason = " ".join(str(error).split())
    return f"a fault of the grader: {type(error).__name__}: {reason}; add --debug to see where"
