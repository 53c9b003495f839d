"""Builds source/ and release/ from the texts of the labs, or checks that they are up to date."""

import fnmatch
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import LabError, OutOfDate, UsageError
from autograder.lab import text as labtext
from autograder.lab.course import LabFolder, load_config
from autograder.lab.earlier import module_source
from autograder.release.alternatives import refuse_equal_alternatives
from autograder.release.generate import generate_release
from autograder.release.known_places import places_text
from autograder.release.lacks import refuse_in_process_tests, refuse_unoffered, remarks
from autograder.release.marks import doubtful_marks, refuse_marked_exercises
from autograder.release.mistake_hints import hints_text
from autograder.release.open_cases import open_cases_text
from autograder.release.source_edits import (
    carry_back,
    content_hash,
    notebook_path,
    refuse_edit,
    text_path,
)
from autograder.scratch import Scratch
from course_utils.judging.fingerprints import HINTS
from course_utils.judging.open_cases import OPEN_CASES
from course_utils.judging.placing import PLACES

__all__ = ["BuildReport", "build", "find_labs"]

IGNORED = ("__pycache__", "*.pyc", ".*", "feedback")
"""Patterns of files that are never copied or removed; nbgrader ignores most of them as well."""


@dataclass
class BuildReport:
    """What a build did, as paths relative to the course's root; ``remarks`` name what labs lack."""

    labs: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def changed(self) -> list[str]:
        """Every file that was written or removed."""
        return sorted([*self.written, *self.removed])


def find_labs(root: Path) -> list[str]:
    """Return the labs of a course: the folders assignments/<lab> that hold <lab>.py."""
    return sorted(
        path.parent.name for path in root.glob("assignments/*/*.py") if path.stem == path.parent.name
    )


def build(
    root: Path, labs: list[str] | None = None, check: bool = False, from_notebook: bool = False
) -> BuildReport:
    """Build source/<lab> and release/<lab> from the texts of ``labs`` (default: all).

    A second run changes nothing. With ``check`` nothing is written: OutOfDate names the files that
    a build would change. With ``from_notebook`` an edit made in source/<lab>/<lab>.ipynb is first
    carried back into the text. Raises UsageError for an unknown lab, and LabError for a wrong text, a stray
    notebook, or a source notebook that was edited by hand.
    """
    root = root.resolve()
    known = find_labs(root)
    if not known:
        raise UsageError(f"{root}: no assignments/<lab>/<lab>.py to build; `seqlab new LAB` makes one")
    if unknown := sorted(set(labs or ()) - set(known)):
        raise UsageError(f"unknown lab {', '.join(unknown)}; the labs are {', '.join(known)}")
    if from_notebook and check:
        raise UsageError("--from-notebook writes the text, --check writes nothing; use one of them")
    labs = [lab for lab in known if not labs or lab in labs]
    _refuse_strays(root, known)
    config = load_config(root)
    report = BuildReport(labs)
    with Scratch() as folder:
        scratch = Path(folder).resolve()
        for lab in labs:
            if from_notebook and carry_back(root, lab):
                report.written.append(f"assignments/{lab}/{lab}.py")
            nb = labtext.read_text(text_path(root, lab))
            if not check and not from_notebook:
                refuse_edit(root, lab, nb)
            refuse_in_process_tests(nb, lab, config)
            refuse_marked_exercises(nb, lab)
            _write_source(root, scratch, lab, nb)
            report.remarks += [*remarks(LabFolder(root / "assignments" / lab)), *doubtful_marks(nb, lab)]
            generate_release(config, scratch, lab)
        for tree in ("source", "release"):
            for lab in labs:
                _compare(scratch, root, f"{tree}/{lab}", report)
        if check and report.changed:
            raise OutOfDate(f"out of date: {', '.join(report.changed)}; run `seqlab build` and commit")
        if not check:
            _sync(scratch, root, report)
    return report


def _write_source(root: Path, scratch: Path, lab: str, nb: NotebookNode) -> None:
    """Write the instructor notebook, and the files that go beside it, under ``scratch``."""
    labtext.test_cells(nb)
    nb.metadata.seqlab = NotebookNode(built=content_hash(nb))
    target = notebook_path(scratch, lab)
    target.parent.mkdir(parents=True)
    target.write_text(nbformat.writes(nb) + "\n", encoding="utf-8")
    home = root / "assignments" / lab
    for path in [home / "published.json", *sorted(home.glob("*.txt")), *_files(home / "data")]:
        if path.suffix == ".ipynb":
            raise LabError(f"{path}: a lab's data cannot hold a notebook")
        if path.is_file():
            copied = target.parent / path.relative_to(home)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
    if (home / "exercises.py").exists():
        folder = LabFolder(home)
        refuse_unoffered(folder)
        for name in _earlier(root, folder):
            (target.parent / f"{name}.py").write_text(module_source(text_path(root, name)), encoding="utf-8")
        refuse_equal_alternatives(folder)
        open_text = open_cases_text(folder, root / "source" / lab / OPEN_CASES)
        (target.parent / OPEN_CASES).write_text(open_text, encoding="utf-8")
        places = places_text(folder, root / "source" / lab / PLACES)
        (target.parent / PLACES).write_text(places, encoding="utf-8")
        if text := hints_text(folder, root / "source" / lab / HINTS):
            (target.parent / HINTS).write_text(text, encoding="utf-8")


def _earlier(root: Path, folder: LabFolder) -> tuple[str, ...]:
    """Return the labs whose functions a lab's notebook imports; raises LabError if one does not exist."""
    lab, earlier = folder.name, folder.lab.earlier
    for name in earlier:
        if name == lab or not text_path(root, name).is_file():
            raise LabError(f"{lab}: exercises.py has earlier={name!r}, which is no other lab of this course")
    return earlier


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder that a build may copy or remove, sorted by path."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(fnmatch.fnmatch(part, p) for part in parts for p in IGNORED):
            yield path


def _compare(scratch: Path, root: Path, folder: str, report: BuildReport) -> None:
    """Add the files of a folder that a build would write or remove to the report."""
    wanted = {path.relative_to(scratch).as_posix(): path for path in _files(scratch / folder)}
    present = {path.relative_to(root).as_posix(): path for path in _files(root / folder)}
    for name, path in wanted.items():
        if name not in present or present[name].read_bytes() != path.read_bytes():
            report.written.append(name)
    report.removed.extend(present.keys() - wanted.keys())


def _sync(scratch: Path, root: Path, report: BuildReport) -> None:
    """Write and remove the files that `_compare` found; unchanged files keep their times."""
    for name in report.written:
        if (scratch / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(scratch / name, root / name)
    for name in report.removed:
        (root / name).unlink()
        parent = (root / name).parent
        while parent != root and not any(parent.iterdir()):
            parent.rmdir()
            parent = parent.parent
    report.removed.sort()


def _refuse_strays(root: Path, known: list[str]) -> None:
    """Raise LabError for a folder or a notebook in source/ or release/ that is built from no text."""
    for tree in ("source", "release"):
        for folder in sorted((root / tree).glob("[!.]*")):
            if folder.is_dir() and folder.name not in known:
                text = f"assignments/{folder.name}/{folder.name}.py"
                raise LabError(
                    f"{tree}/{folder.name}: there is no {text} to build it from; remove the folder"
                )
        for path in _files(root / tree):
            name = path.relative_to(root / tree)
            if path.suffix == ".ipynb" and name.parts != (path.stem, path.name):
                raise LabError(f"{tree}/{name}: no text builds this notebook; move it out of {tree}/")
