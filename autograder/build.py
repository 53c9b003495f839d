"""From a lab's text to source/ and release/, and into a gradebook.

`build` writes the two folders, with ``check=True`` it only compares; `register` makes a lab known
to a gradebook without touching the release, which is what grading a fresh clone needs.
"""

import copy
import fnmatch
import functools
import logging
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from traitlets.config import Application, Config
from traitlets.log import get_logger

from autograder import labtext
from autograder.course import LabFolder
from autograder.earlier import module_source
from autograder.edits import carry_back, content_hash, notebook_path, read_notebook, refuse_edit, text_path
from autograder.errors import LabError, OutOfDate, UsageError
from autograder.openbook import keep_open
from autograder.settings import load_config
from autograder.visible import hints_text
from course_utils.checks import HINTS

__all__ = ["BuildReport", "build", "find_labs", "register", "register_before_autograde"]

IGNORED = ("__pycache__", "*.pyc", ".*", "feedback")
"""What is never copied or removed; nbgrader ignores most of it as well."""


@dataclass
class BuildReport:
    """What a build did, as paths relative to the course's root."""

    labs: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

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
    """Make source/<lab> and release/<lab> from the texts of the labs (all, where none is named).

    A second run changes nothing. With ``check`` nothing is written: OutOfDate names the files that
    a build would change. With ``from_notebook`` an edit made in source/<lab>/<lab>.ipynb first goes
    back into the text. Raises UsageError for an unknown lab, and LabError for a wrong text, a stray
    notebook, or a source notebook that was edited by hand.
    """
    root = root.resolve()
    known = find_labs(root)
    if not known:
        raise UsageError(f"{root}: no assignments/<lab>/<lab>.py; only the course's repository can build")
    if unknown := sorted(set(labs or ()) - set(known)):
        raise UsageError(f"unknown lab {', '.join(unknown)}; the labs are {', '.join(known)}")
    if from_notebook and check:
        raise UsageError("--from-notebook writes the text, --check writes nothing; use one of them")
    labs = [lab for lab in known if not labs or lab in labs]
    _refuse_strays(root, known)
    config = load_config(root)
    report = BuildReport(labs)
    with tempfile.TemporaryDirectory(prefix="seqlab-build-") as folder:
        stage = Path(folder).resolve()
        for lab in labs:
            if from_notebook and carry_back(root, lab):
                report.written.append(f"assignments/{lab}/{lab}.py")
            nb = labtext.read_text(text_path(root, lab))
            if not check and not from_notebook:
                refuse_edit(root, lab, nb)
            _stage_source(root, stage, lab, nb)
            _generate(config, stage, lab)
        for step in ("source", "release"):
            for lab in labs:
                _compare(stage, root, f"{step}/{lab}", report)
        if check and report.changed:
            raise OutOfDate(f"out of date: {', '.join(report.changed)}; run `seqlab build` and commit")
        if not check:
            _sync(stage, root, report)
    return report


def _stage_source(root: Path, stage: Path, lab: str, nb: NotebookNode) -> None:
    """Write the instructor notebook and what stands beside it under ``stage``."""
    labtext.test_cells(nb)
    nb.metadata.seqlab = NotebookNode(built=content_hash(nb))
    target = notebook_path(stage, lab)
    target.parent.mkdir(parents=True)
    target.write_text(nbformat.writes(nb) + "\n", encoding="utf-8")
    home = root / "assignments" / lab
    for path in [home / "published.json", *_files(home / "data")]:
        if path.suffix == ".ipynb":
            raise LabError(f"{path}: a lab's data cannot hold a notebook")
        if path.is_file():
            copied = target.parent / path.relative_to(home)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
    if (home / "exercises.py").exists():
        folder = LabFolder(home)
        for name in _earlier(root, folder):
            (target.parent / f"{name}.py").write_text(module_source(text_path(root, name)), encoding="utf-8")
        if text := hints_text(folder, root / "source" / lab / HINTS):
            (target.parent / HINTS).write_text(text, encoding="utf-8")


def _earlier(root: Path, folder: LabFolder) -> tuple[str, ...]:
    """Return the labs whose functions a lab's notebook imports, once they are known to exist."""
    lab, earlier = folder.name, folder.lab.earlier
    for name in earlier:
        if name == lab or not text_path(root, name).is_file():
            raise LabError(f"{lab}: exercises.py has earlier={name!r}, which is no other lab of this course")
    return earlier


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files under a folder that are ours to copy and to remove, in a fixed order."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(fnmatch.fnmatch(part, p) for part in parts for p in IGNORED):
            yield path


def _compare(stage: Path, root: Path, folder: str, report: BuildReport) -> None:
    """Note which files of a folder differ from what was staged."""
    wanted = {path.relative_to(stage).as_posix(): path for path in _files(stage / folder)}
    present = {path.relative_to(root).as_posix(): path for path in _files(root / folder)}
    for name, path in wanted.items():
        if name not in present or present[name].read_bytes() != path.read_bytes():
            report.written.append(name)
    report.removed.extend(present.keys() - wanted.keys())


def _sync(stage: Path, root: Path, report: BuildReport) -> None:
    """Write and remove what `_compare` found; files that are right keep their times."""
    for name in report.written:
        if (stage / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(stage / name, root / name)
    for name in report.removed:
        (root / name).unlink()
        parent = (root / name).parent
        while parent != root and not any(parent.iterdir()):
            parent.rmdir()
            parent = parent.parent
    report.removed.sort()


def _refuse_strays(root: Path, known: list[str]) -> None:
    """Raise LabError for a folder or a notebook in source/ or release/ that no text makes."""
    for step in ("source", "release"):
        for folder in sorted((root / step).glob("[!.]*")):
            if folder.is_dir() and folder.name not in known:
                text = f"assignments/{folder.name}/{folder.name}.py"
                raise LabError(
                    f"{step}/{folder.name}: there is no {text} to build it from; remove the folder"
                )
        for path in _files(root / step):
            name = path.relative_to(root / step)
            if path.suffix == ".ipynb" and name.parts != (path.stem, path.name):
                raise LabError(f"{step}/{name}: no text builds this notebook; move it out of {step}/")


class _Errors(logging.Handler):
    """Keep what nbgrader only logs: its converters swallow the exception that stopped them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.reasons: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            kind, _, reason = message.splitlines()[-1].partition(": ")
            self.reasons.append(reason or kind)


def _generate(config: Config, root: Path, lab: str, db_url: str = "", release: Path | None = None) -> None:
    """Run nbgrader's GenerateAssignment on source/<lab>; without ``db_url`` no gradebook is used."""
    from nbgrader.converters import GenerateAssignment, NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = copy.deepcopy(config)
    config.BaseConverter.force = True
    config.CourseDirectory.update(root=str(root), assignment_id=lab)
    if release:
        config.CourseDirectory.release_directory = str(release)
    if db_url:
        config.CourseDirectory.db_url = db_url
    else:
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
    errors = _Errors()
    log = logging.Logger("seqlab.build")
    log.addHandler(errors)
    coursedir = CourseDirectory(config=config, log=log)
    try:
        GenerateAssignment(coursedir=coursedir, config=config, log=log).start()
    except NbGraderException as error:
        reason = errors.reasons[-1] if errors.reasons else str(error)
        raise LabError(f"source/{lab}/{lab}.ipynb: no release can be made of it: {reason}") from None


def register(root: Path, lab: str, db_url: str) -> None:
    """Make a lab known to a gradebook, as `nbgrader generate_assignment` would, leaving release/ alone.

    Does nothing where the gradebook has the same cells already. Raises UsageError if the lab is not
    built, or if cells came or went while the gradebook holds submissions of it.
    """
    from nbgrader.api import Gradebook, MissingEntry

    root = root.resolve()
    path = notebook_path(root, lab)
    if not path.is_file():
        raise UsageError(f"source/{lab}/{lab}.ipynb: no such file; run `seqlab build {lab}`")
    config = load_config(root)
    wanted = _registered_form(read_notebook(path), config)
    _prepare(db_url)
    with Gradebook(db_url, config.CourseDirectory.get("course_id", "")) as gradebook:
        try:
            notebook = gradebook.find_notebook(lab, lab)
        except MissingEntry:
            known, used = None, False
        else:
            known = {cell.name: cell.checksum for cell in notebook.source_cells}
            used = len(notebook.submissions) > 0
    if known == wanted:
        return
    if used and known is not None and known.keys() != wanted.keys():
        names = ", ".join(sorted(known.keys() ^ wanted.keys()))
        raise UsageError(
            f"{lab}: the gradebook holds submissions from before {names} came or went; put the cells back, "
            f"or forget the submissions with `nbgrader db assignment remove {lab} --force`"
        )
    with tempfile.TemporaryDirectory(prefix="seqlab-register-") as folder:
        _generate(config, root, lab, db_url, Path(folder).resolve())


def _prepare(db_url: str) -> None:
    """Make the tables of a new gradebook, as nbgrader does, but without a process for their version."""
    import sqlalchemy
    from nbgrader.api import Base

    engine = sqlalchemy.create_engine(db_url)
    try:
        if sqlalchemy.inspect(engine).get_table_names():
            return
        Base.metadata.create_all(bind=engine)
        with engine.begin() as connection:
            for statement in (
                "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
                f"INSERT INTO alembic_version (version_num) VALUES ('{_version()}')",
            ):
                connection.execute(sqlalchemy.text(statement))
    finally:
        engine.dispose()


def _version() -> str:
    """Return the version of nbgrader's tables: of its migrations the one that no other follows.

    alembic would say it too, but loading alembic takes longer than all else that a new gradebook needs.
    """
    from nbgrader.dbutil import ALEMBIC_DIR

    texts = [path.read_text("utf-8") for path in Path(ALEMBIC_DIR, "versions").glob("*.py")]
    made, followed = (
        {match[2] for text in texts if (match := re.search(rf"^{name} = (['\"])(\w+)\1", text, re.M))}
        for name in ("revision", "down_revision")
    )
    (version,) = made - followed
    return version


def _registered_form(nb: NotebookNode, config: Config) -> dict[str, str]:
    """Return the cells that nbgrader would register -> their checksums, stubs in place."""
    from nbconvert.exporters.exporter import ResourcesDict
    from nbgrader import utils

    from autograder.stubs import StubWriter

    writer = StubWriter(config=config)
    cells: dict[str, str] = {}
    for index, cell in enumerate(copy.deepcopy(nb).cells):
        if utils.is_grade(cell) or utils.is_solution(cell) or utils.is_locked(cell) or utils.is_task(cell):
            cell, _ = writer.preprocess_cell(cell, ResourcesDict(language="python"), index)
            cells[cell.metadata.nbgrader.grade_id] = utils.compute_checksum(cell)
    return cells


def register_before_autograde(assignment: str, student: str, notebooks: list[str]) -> None:
    """Register the lab before plain `nbgrader autograde` grades it: nbgrader's pre_convert_hook.

    nbgrader calls it in the course's folder, before each submission, and goes on if it raises; so
    the reason is logged here.
    """
    from nbgrader.coursedir import CourseDirectory

    root = Path.cwd()
    # nbgrader would follow a link, and wait for ever at a pipe: it grades what is left in its own list.
    notebooks[:] = [name for name in notebooks if stat.S_ISREG(os.lstat(name).st_mode)]
    try:
        app = Application.instance() if Application.initialized() else None
        coursedir = getattr(app, "coursedir", None) or CourseDirectory(
            config=load_config(root), root=str(root)
        )
        path = notebook_path(root, assignment)
        stamp = path.stat().st_mtime_ns if path.is_file() else 0
        _register_once(root, assignment, coursedir.db_url, stamp)
        keep_open()
    except Exception as error:
        get_logger().error("%s could not be registered in the gradebook: %s", assignment, error)
        raise


@functools.lru_cache(maxsize=64)
def _register_once(root: Path, lab: str, db_url: str, stamp: int) -> None:
    """Register a lab once per process and version of its source notebook."""
    register(root, lab, db_url)
