"""Tells which cells of a lab are demonstrations, and which of them a submission needs all the same."""

import ast
import copy
import functools
import re
import symtable
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograder.lab.text import python_of

__all__ = [
    "TAG",
    "Names",
    "always_draws",
    "demonstrations",
    "is_demonstration",
    "names_of",
    "needed",
    "plain",
    "unneeded",
]

TAG = "demonstration"
"""The tag of a cell in a lab's text by which its author says that grading does not need it."""
UNSEEN = frozenset({"eval", "exec", "globals", "In", "locals", "Out", "vars"})
"""Names by which code may reach any other name without naming it."""
HIDDEN_WAYS = re.compile(
    r"(?m)^\s*(?!%matplotlib\b)[%!]|=\s*[%!]|\b(?:__main__|__globals__|f_globals|f_locals|get_ipython|user_ns)\b"
)
"""Magics, shell lines, and words of other code whose use of names cannot be seen."""

DRAWS = re.compile(r"\b(matplotlib|plt|pylab)\b")


@dataclass(frozen=True)
class Names:
    """The global names that a code cell ``binds`` or changes, and those that it ``reads`` from other cells.

    ``unseen`` if it may use names in a way that cannot be read from its text.
    """

    binds: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    unseen: bool = False


def is_demonstration(cell: NotebookNode) -> bool:
    """Whether an author marked a cell of a lab's text as a demonstration."""
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and isinstance(tags, list) and TAG in tags


def demonstrations(text: NotebookNode) -> list[str]:
    """Return the code of the demonstrations in a lab's text, in order, as `plain` gives it."""
    return [plain(cell.source) for cell in text.cells if is_demonstration(cell)]


def plain(source: str) -> str:
    """Return code without the white space at the ends of lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")


def unneeded(cells: Sequence[NotebookNode], text: NotebookNode) -> set[int]:
    """Return the positions of a submission's cells that are unedited demonstrations and that nothing needs.

    A demonstration is known by its code: a student may have lost its id. It is needed if another cell that is
    run reads a name that it binds; if what a cell uses cannot be seen, all are needed.
    """
    known = set(demonstrations(text))
    shown, run = {}, []
    for position, cell in enumerate(cells):
        if cell.cell_type == "code":
            if (source := plain(cell.source)) in known:
                shown[position] = names_of(source)
            else:
                run.append(names_of(cell.source))
    return shown.keys() - needed(run, shown)


def always_draws(text: NotebookNode) -> bool:
    """Whether a cell of a lab's text names Matplotlib that is run without its demonstrations too."""
    left_out = unneeded(text.cells, text)
    run = [cell for position, cell in enumerate(text.cells) if position not in left_out]
    return any(cell.cell_type == "code" and DRAWS.search(cell.source) for cell in run)


def needed(run: Collection[Names], shown: Mapping[int, Names]) -> set[int]:
    """Return the keys of the demonstrations ``shown`` that cells which are ``run`` need, or each other."""
    if any(names.unseen for names in run):
        return set(shown)
    found: set[int] = set()
    reads = frozenset[str]().union(*(names.reads for names in run))
    while more := {key for key, names in shown.items() if key not in found and names.binds & reads}:
        found |= more
        if any(shown[key].unseen for key in more):
            return set(shown)
        reads = reads.union(*(shown[key].reads for key in more))
    return found


@functools.lru_cache(maxsize=2048)
def names_of(source: str) -> Names:
    """Return the names that a code cell binds and reads; none if it is no valid Python."""
    if HIDDEN_WAYS.search(source):
        return Names(unseen=True)
    try:
        code = python_of(source)
        tree = ast.parse(code)
        reachable = _without_unreachable(tree)
        table = symtable.symtable(ast.unparse(reachable) if reachable else code, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return Names()
    top = _TopLevel()
    try:
        top.visit(reachable or tree)
    except RecursionError:
        return Names(unseen=True)
    inner_reads: set[str] = set()
    inner_binds: set[str] = set()
    for symbol in _inner(table):
        if symbol.is_global():
            (inner_binds if symbol.is_assigned() else inner_reads).add(symbol.get_name())
    reads = top.reads | (inner_reads - top.bound)
    return Names(
        frozenset(top.bound | top.changed | inner_binds),
        frozenset(reads | inner_binds),
        bool(reads & UNSEEN),
    )


def _inner(table: symtable.SymbolTable) -> Iterator[symtable.Symbol]:
    """Yield the symbols of all scopes inside a scope."""
    for child in table.get_children():
        yield from child.get_symbols()
        yield from _inner(child)


def _without_unreachable(tree: ast.Module) -> ast.Module | None:
    """Return a copy without what follows a function's first raise or return; None if all is reachable.

    A stub raises before it returns variables that it does not have.
    """
    if not any(map(_cut, _statements(tree))):
        return None
    made = copy.deepcopy(tree)
    for node in _statements(made):
        if end := _cut(node):
            del node.body[end:]  # type: ignore[attr-defined]
    return made


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements below a node, an outer one before those in it."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        for child in getattr(node, name, ()):
            yield child
            yield from _statements(child)


def _cut(node: ast.AST) -> int:
    """Return how many statements of a function can be reached, if there are more; else 0."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for count, line in enumerate(node.body[:-1], 1):
            if isinstance(line, ast.Raise | ast.Return):
                return count
    return 0


@dataclass
class _TopLevel(ast.NodeVisitor):
    """Follows what a cell does outside functions, in order: what it reads before it has bound it itself."""

    reads: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    """What has a value of the cell's own from here on."""
    changed: set[str] = field(default_factory=set)
    """What is changed in place, deleted, or bound in some cases only."""

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound:
            self.reads.add(node.id)
            if isinstance(node.ctx, ast.Del):
                self.changed.add(node.id)

    def _visit_place(self, node: ast.Subscript | ast.Attribute) -> None:
        """Visit ``name[...]`` or ``name.x``; where it is assigned, the name's value is changed."""
        if not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                self.changed.add(base.id)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute = _visit_place

    def visit_Assign(self, node: ast.Assign) -> None:
        for part in (node.value, *node.targets):
            self.visit(part)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        for part in (node.annotation, node.value, node.target if node.value else None):
            if part is not None:
                self.visit(part)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.visit(ast.Name(node.target.id, ast.Load()))
        self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.visit(node.target)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        for part in (node.iter, node.target, *node.body, *node.orelse):
            self.visit(part)

    visit_AsyncFor = visit_For

    def _visit_branch(self, node: ast.AST) -> None:
        """Visit what may not be run to its end: what it binds may keep another cell's value."""
        before = set(self.bound)
        self.generic_visit(node)
        self.changed |= self.bound - before
        self.bound = before

    visit_If = visit_While = visit_Try = visit_TryStar = visit_Match = _visit_branch

    def _visit_comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        """Visit what is evaluated outside: the symbol table has the rest, which is a scope of its own."""
        self.visit(node.generators[0].iter)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_comprehension

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        annotations = [a.annotation for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        for part in (
            *node.decorator_list,
            *arguments.defaults,
            *arguments.kw_defaults,
            *annotations,
            node.returns,
        ):
            if part is not None:
                self.visit(part)
        self.bound.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self.bound.add(node.name)

    def _visit_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for name in node.names:
            self.bound.add(name.asname or name.name.partition(".")[0])

    visit_Import = visit_ImportFrom = _visit_import
