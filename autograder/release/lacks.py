"""Says what a lab lacks: files without which it works less well, modules that its sandbox would not have."""

import ast
from collections.abc import Iterator

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.text import python_of
from autograder.sandbox.mounted_files import imported, with_imports

__all__ = ["refuse_unoffered", "remarks"]


def remarks(lab: LabFolder) -> list[str]:
    """Return a line for each missing file that instructors usually want, in plain words."""
    if not (lab.folder / "exercises.py").exists():
        return [f"{lab.name}: there is no exercises.py, so no submission can be graded"]
    found = []
    if not (lab.folder / "mistakes.py").exists():
        found.append(f"{lab.name}: there is no mistakes.py, so no wrong answer is called by its name")
    checked = sorted(_visibly_checked(lab) - lab.published.keys())
    if not (lab.folder / "published.json").exists():
        what = f": the visible checks of {', '.join(checked)} will fail" if checked else ""
        found.append(f"{lab.name}: there is no published.json, so no exercise has a published example{what}")
    elif checked:
        found.append(f"{lab.name}: published.json lacks {', '.join(checked)}: the visible check will fail")
    return found


def _visibly_checked(lab: LabFolder) -> set[str]:
    """Return the exercises that the text calls `visible_check` with."""
    return {
        argument.id
        for tree in _code(lab)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "visible_check"
        for argument in node.args
        if isinstance(argument, ast.Name)
    } & lab.exercises.keys()


def refuse_unoffered(lab: LabFolder) -> None:
    """Raise LabError if the text imports a module of course_utils that the lab's sandbox would not have."""
    used = {name for tree in _code(lab) for name in imported(tree)}
    if missing := sorted(used - set(with_imports(("judging", *lab.lab.modules)))):
        names, quoted = ", ".join(f"course_utils.{name}" for name in missing), ", ".join(map(repr, missing))
        raise LabError(
            f"{lab.name}: the text imports {names}, which the sandbox would not have: add {quoted} to "
            "`modules` in exercises.py"
        )


def _code(lab: LabFolder) -> Iterator[ast.Module]:
    for number, cell in enumerate(lab.text.cells, 1):
        if cell.cell_type == "code":
            try:
                yield ast.parse(python_of(cell.source))
            except SyntaxError as error:
                raise LabError(f"{lab.name}: cell {number}, line {error.lineno}: {error.msg}") from None
