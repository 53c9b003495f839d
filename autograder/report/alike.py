"""Finds submissions whose answers are equal but for names, comments and layout; it claims nothing."""

import ast
import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.results import Result

__all__ = ["NO_CLAIM", "Alike", "Answers", "alike", "none_alike"]

NO_CLAIM = (
    "Equal but for names, comments and layout, and rare in the class. Listed for a look, with no claim: who "
    "learns together, or from the same page, writes alike."
)
FEWEST_LINES = 3
"""An answer counts if it has so many lines of its own, beside those of the stub."""
FEWEST_EXERCISES = 2
"""Submissions are listed if they are equal in so many exercises."""
FEW, SHARE = 3, 0.1
"""An answer is rare if at most FEW submissions have it, or this share of the class."""
LONGEST = 10_000
"""The most characters of a cell that is compared."""
BINDS: dict[type[ast.AST], str] = {
    ast.Name: "id",
    ast.arg: "arg",
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.ExceptHandler: "name",
    ast.alias: "asname",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
    ast.MatchMapping: "rest",
}
"""Where the nodes that bind a name hold it."""

Code = Mapping[str, str]
"""The source of a function's cell by the name of the exercise."""


@dataclass(frozen=True)
class Answers:
    """What a class wrote: its cells by path, and by lab the stubs and the solutions, each by exercise."""

    cells: Mapping[str, Code]
    stubs: Mapping[str, Code]
    solutions: Mapping[str, Code]


@dataclass(frozen=True)
class Alike:
    """Submissions that are equal in some exercises of a lab; ``who`` has positions in the list of results.

    ``lines`` counts the lines of their own in these exercises, as in the shortest of them.
    """

    lab: str
    who: tuple[int, ...]
    exercises: tuple[str, ...]
    lines: int


def alike(results: Sequence[Result], answers: Answers) -> list[Alike]:
    """Return the submissions to look at, those that are equal in the most exercises first.

    The lab's own solution is never listed.
    """
    labs = dict.fromkeys(result.lab for result in results)
    found = [one for lab in labs for one in _of_lab(lab, results, answers)]
    return sorted(found, key=lambda one: (-len(one.exercises), -len(one.who), one.who))


def none_alike(results: Sequence[Result], answers: Answers) -> str:
    """Return what to say where nothing is listed."""
    labs = {result.lab for result in results} & answers.solutions.keys()
    if labs and all(len(answers.solutions[lab]) < FEWEST_EXERCISES for lab in labs):
        return "Nothing can be listed: that takes two equal exercises, and the lab has only one."
    return "No submissions are equal in two rare answers."


def _of_lab(lab: str, results: Sequence[Result], answers: Answers) -> list[Alike]:
    stubs = {name: set(_plain(source)[1]) for name, source in answers.stubs.get(lab, {}).items()}
    usual = {(name, _plain(source)[0]) for name, source in answers.solutions.get(lab, {}).items()}
    written: dict[int, dict[tuple[str, str], int]] = {}
    """For the position of a result, its answers with the number of lines of their own."""
    for n, result in enumerate(results):
        graded = result.lab == lab and result.status == "graded"
        cells = answers.cells.get(result.path, {}) if graded else {}
        if cells:
            written[n] = {}
        for name, source in cells.items():
            text, lines = _plain(source)
            own = sum(line.strip() != "pass" and line not in stubs.get(name, ()) for line in lines)
            if own >= FEWEST_LINES and (name, text) not in usual:
                written[n][name, text] = own
    who: dict[tuple[str, str], list[int]] = {}
    for n, counts in written.items():
        for key in counts:
            who.setdefault(key, []).append(n)
    most = max(FEW, int(SHARE * len(written)))
    shared = {key: frozenset(same) for key, same in who.items() if 1 < len(same) <= most}
    sets: dict[frozenset[int], None] = {}
    for counts in written.values():
        for several in itertools.combinations(sorted(counts.keys() & shared), FEWEST_EXERCISES):
            same = frozenset.intersection(*(shared[key] for key in several))
            if len(same) > 1:
                sets[same] = None
    found = []
    for same in sets:
        keys = [key for key in shared if same <= shared[key]]
        count = sum(min(written[n][key] for n in same) for key in keys)
        order = [name for name in answers.cells[results[min(same)].path] if name in {key[0] for key in keys}]
        found.append(Alike(lab, tuple(sorted(same)), tuple(order), count))
    return found


def _plain(source: str) -> tuple[str, list[str]]:
    """Return a cell without what may differ, and its lines with the names as they are.

    Names that it binds, annotations, docstrings, comments and layout may differ. Both are empty for what is
    no Python, and for what is too long.
    """
    if len(source) > LONGEST:
        return "", []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.fix_missing_locations(_Bare().visit(ast.parse(source)))
        lines = ast.unparse(tree).split("\n")
        return ast.unparse(_Renamed().visit(tree)), lines
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", []


class _Bare(ast.NodeTransformer):
    """Takes away docstrings and other statements that are a constant, and annotations."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.Pass() if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.Pass()
        return self.generic_visit(ast.Assign([node.target], node.value))

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        node.body = [part for part in node.body if not isinstance(part, ast.Pass)] or [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


class _Renamed(ast.NodeTransformer):
    """Gives the names that a cell binds new ones, in the order of their appearance."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._bound: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.AST:
        for one in ast.walk(node):
            if isinstance(one, ast.Import | ast.ImportFrom):
                for alias in one.names:
                    # `import a.b` binds `a`, and a star nobody knows what: they stay as they are.
                    alias.asname = alias.asname or (alias.name if alias.name.isidentifier() else None)
            if type(one) in BINDS and not (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)):
                self._bound.add(getattr(one, BINDS[type(one)]))
        return self.generic_visit(node)

    def visit(self, node: ast.AST) -> Any:
        field = BINDS.get(type(node), "")
        if field:
            setattr(node, field, self._new(getattr(node, field)))
        if isinstance(node, ast.Global | ast.Nonlocal):
            node.names = [self._new(name) for name in node.names]
        return super().visit(node)

    def _new(self, name: str) -> str:
        """Return the new name; names that are not bound stay, and so does None."""
        return self._names.setdefault(name, f"_{len(self._names)}") if name in self._bound else name
