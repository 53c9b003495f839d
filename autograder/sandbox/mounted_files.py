"""Makes the mounted files: the one folder, besides the interpreter, that student code sees.

It holds the ``inside`` package and the parts of ``course_utils`` that the lab may use, as plain copies, so
that no link leads outside, and the lab's own files. A submission's own files are not among them: they are
sent to its child.
"""

import ast
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import course_utils
from autograder.errors import LabError

__all__ = ["NONE", "copy_mounted_files", "imported", "mounted_modules", "with_imports"]

NONE: Mapping[str, bytes] = MappingProxyType({})
INNER = Path(__file__).parent / "inside"
COURSE_UTILS = Path(course_utils.__file__).parent
ALWAYS = ("__init__", "judging")
"""Modules of course_utils that every lab has."""
STATEMENTS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def copy_mounted_files(folder: Path, modules: Iterable[str], files: Mapping[str, bytes] = NONE) -> None:
    """Fill an empty folder with the ``inside`` package, named modules of ``course_utils``, and ``files``.

    What a named module imports from ``course_utils`` comes with it. Raises LabError when a lab asks for a
    module that does not exist.
    """
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(INNER, folder / "seqlab_inside", ignore=ignore)
    target = folder / "course_utils"
    target.mkdir()
    for name in mounted_modules(modules):
        if (module := COURSE_UTILS / f"{name}.py").is_file():
            shutil.copy(module, target)
        else:
            shutil.copytree(COURSE_UTILS / name, target / name, ignore=ignore)
    for place, content in files.items():
        path = folder / "files" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _readable(folder)


def mounted_modules(modules: Iterable[str]) -> list[str]:
    """Return the modules of ``course_utils`` that `copy_mounted_files` copies for a lab that names these."""
    return with_imports((*ALWAYS, *modules))


def with_imports(modules: Iterable[str]) -> list[str]:
    """Return modules of ``course_utils``, and those that they import, without doubles, importers first.

    A package counts as a whole. Raises LabError for a module that does not exist.
    """
    found: list[str] = []
    todo = list(modules)
    while todo:
        name = todo.pop(0)
        if name not in found:
            found.append(name)
            for path in _files_of(name):
                todo += _needed(path, path.stat().st_mtime_ns)
    return found


@cache
def _needed(path: Path, _stamp: int) -> tuple[str, ...]:
    """Return the modules of ``course_utils`` that a file imports; read once for each version of it."""
    source = path.read_bytes()
    return tuple(imported(ast.parse(source))) if COURSE_UTILS.name.encode() in source else ()


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the modules of ``course_utils`` that code imports, anywhere in it."""
    top = COURSE_UTILS.name
    for node in _statements(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == top:
            names = [f"{top}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if name.startswith(f"{top}."):
                yield name.split(".")[1]


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what `ast.walk` does, without expressions, which hold no imports and are most of a tree."""
    todo = deque([tree])
    while todo:
        yield (node := todo.popleft())
        todo += (child for child in ast.iter_child_nodes(node) if isinstance(child, STATEMENTS))


def _files_of(name: str) -> list[Path]:
    """Return the source files of a module or a package of ``course_utils``."""
    module, package = COURSE_UTILS / f"{name}.py", COURSE_UTILS / name
    if module.is_file():
        return [module]
    if (package / "__init__.py").is_file():
        return sorted(package.rglob("*.py"))
    files = [*COURSE_UTILS.glob("[!_]*.py"), *(path.parent for path in COURSE_UTILS.glob("*/__init__.py"))]
    raise LabError(
        f"a lab asks for course_utils.{name}, which does not exist: correct `modules` in its exercises.py; "
        f"there are {', '.join(sorted(path.stem for path in files))}"
    )


def _readable(folder: Path) -> None:
    """Let everybody read and only the owner write: student code runs as another user."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
