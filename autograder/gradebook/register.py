"""Registers a lab in a gradebook without touching release/, so that a fresh clone can grade at once."""

import functools
import os
import stat
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect
from traitlets.config import Application
from traitlets.log import get_logger

import autograder.gradebook.nbgrader_fixes  # noqa: F401 - before nbgrader looks for submissions
from autograder.errors import UsageError
from autograder.lab.course import load_config
from autograder.release.generate import generate_release, registered_cells
from autograder.release.source_edits import notebook_path, read_notebook
from autograder.scratch import all_in_scratch

__all__ = ["register", "register_before_autograde"]


def register(root: Path, lab: str, db_url: str) -> None:
    """Register a lab in a gradebook, as `nbgrader generate_assignment` does, without touching release/.

    Does nothing if the gradebook has the same cells already. Raises UsageError if the lab is not built, or
    if cells were added or removed while the gradebook holds submissions of it.
    """
    root = root.resolve()
    path = notebook_path(root, lab)
    if not path.is_file():
        raise UsageError(f"source/{lab}/{lab}.ipynb: no such file; run `seqlab build {lab}`")
    config = load_config(root)
    cells = registered_cells(read_notebook(path), config, lab)
    wanted = {cell.name: cell.checksum for cell in cells.values()}
    _stamp_if_new(db_url)
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
            f"or delete the submissions with `nbgrader db assignment remove {lab} --force`"
        )
    with all_in_scratch() as folder:
        generate_release(config, root, lab, db_url, folder)


def _stamp_if_new(db_url: str) -> None:
    """Write into a new database the version that nbgrader's tables will have; nbgrader adds the tables.

    nbgrader itself writes the version last, and starts alembic for it: that takes 2.4 s of CPU time, and a
    gradebook whose making was interrupted before it could never be upgraded.
    """
    engine = create_engine(db_url)
    try:
        with engine.begin() as connection:
            if set(inspect(connection).get_table_names()) <= {"alembic_version"}:
                # Here, since it takes 0.2 s: most gradebooks are there already.
                from alembic.runtime.migration import MigrationContext
                from alembic.script import ScriptDirectory

                MigrationContext.configure(connection).stamp(ScriptDirectory(ALEMBIC_DIR), "head")
    finally:
        engine.dispose()


def register_before_autograde(assignment: str, student: str, notebooks: list[str]) -> None:
    """Register a lab before plain `nbgrader autograde` grades it: nbgrader's pre_convert_hook.

    nbgrader calls it in the course's folder before each submission. It ignores what the hook raises, so
    the reason is logged here.
    """
    root = Path.cwd()
    # nbgrader would follow a link and block on a pipe. It grades what is left in its list.
    notebooks[:] = [name for name in notebooks if stat.S_ISREG(os.lstat(name).st_mode)]
    try:
        app = Application.instance() if Application.initialized() else None
        coursedir = getattr(app, "coursedir", None) or CourseDirectory(
            config=load_config(root), root=str(root)
        )
        path = notebook_path(root, assignment)
        stamp = path.stat().st_mtime_ns if path.is_file() else 0
        _register_once(root, assignment, coursedir.db_url, stamp)
    except Exception as error:
        get_logger().error("%s could not be registered in the gradebook: %s", assignment, error)
        raise


@functools.lru_cache(maxsize=64)
def _register_once(root: Path, lab: str, db_url: str, stamp: int) -> None:
    """Register a lab once for each process and version of its source notebook."""
    register(root, lab, db_url)
