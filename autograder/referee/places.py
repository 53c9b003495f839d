"""Knows the right order of a function's quantities, and says which is the first wrong one of an answer.

The reference is traced on a few fixed cases of different groups, which are the same for every submission.
What may be said of a quantity is decided by the lab's other right answers (answers.py): none of them may be
called wrong.
"""

import ast
import contextlib
import copy
import functools
import re
import runpy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.earlier import importable
from autograder.lab.exercise import Exercise
from autograder.lab.extras import EXTRAS
from autograder.lab.text import (
    cell_regions,
    python_of,
    reference_namespace,
    solution_cells,
)
from autograder.lab.variants import variants
from autograder.referee.answer import read_answer
from autograder.referee.call import call, silence
from autograder.referee.cases import DrawnCase, draw_exercise, sensitivity, varied
from autograder.referee.digests import digests
from autograder.sandbox.inside.wire import MOST_TRACED, unpack
from course_utils.judging.form import SolvedCase
from course_utils.judging.locate import Known, KnownCase, Located, locate, suspected
from course_utils.judging.outputs import differs
from course_utils.judging.patterns import guarded
from course_utils.judging.placing import place, traced_cases
from course_utils.judging.trace import Trace, events_of, trace

__all__ = ["Places", "Tracing", "known_of", "known_places", "traced"]

SEED = 0x7ACE
"""The seed of the cases that are traced: the same for every submission, and no hidden case has it."""
TRIED = 3
"""With how many seeds a case is drawn until it is well-conditioned."""
SECONDS = 5.0
MOST_PARTS = 100_000
"""What a traced call returned is not read if its JSON has more parts."""


@dataclass(frozen=True)
class Places:
    """What is known of an exercise's right function, with the cases that it was traced on."""

    exercise: Exercise
    cases: tuple[DrawnCase, ...]
    known: Known

    def first_wrong(self, traces: Mapping[int, Trace]) -> Located | None:
        """Return the first wrong quantity, by the first case whose trace shows one."""
        for number in self.known.order():
            if number in traces and (found := locate(self.known, number, traces[number])) is not None:
                return found
        return None

    def sentence(self, located: Located) -> str:
        """Return the sentence that names a wrong quantity; empty if it would only repeat a finding."""
        return place(self.known, located, list(self.exercise.weights))


@functools.lru_cache(maxsize=256)
def known_places(lab: LabFolder, name: str) -> Places:
    """Return the places of an exercise; worked out once for a lab."""
    exercise = lab.exercises[name]
    if lab.base is not lab:
        same = tuple(varied(lab, exercise, known_places(lab.base, name).cases))
        return Places(exercise, same, known_of(lab, exercise, same))
    drawn = [draw_exercise(lab, exercise, seed) for seed in range(SEED, SEED + TRIED)]
    chosen = [traced_cases(cases) for cases in drawn]
    cases = tuple(
        next((case for case in same if not sensitivity(lab, exercise, case)), same[0])
        for same in zip(*chosen, strict=True)
    )
    return Places(exercise, cases, known_of(lab, exercise, cases))


def known_of(lab: LabFolder, exercise: Exercise, cases: Sequence[SolvedCase]) -> Known:
    """Trace an exercise's reference on some cases, and find out by its right answers what may be said."""
    code = _Code(lab, exercise)
    known = Known(
        tuple(code.case(traced(lab.reference[exercise.name], case, exercise)) for case in cases),
        uses=code.uses,
        counters=code.counters,
        rtol=exercise.rtol,
    )
    events = [event for case in known.cases for event in case.trace.events]
    names = frozenset(event.name for event in events if event.name.strip("_")) & _told(lab.base)
    filled_in = names & code.filled_in
    known = replace(known, claimed=names, held=filled_in, shown=filled_in)
    for function in _right_answers(lab, exercise.name):
        if len(variants(lab.base, exercise.name)) > 1 and not _equals(function, exercise, cases):
            continue  # it is another form, of which all may be told that follows from the form
        known = _without_false_claims(known, [traced(function, case, exercise) for case in cases])
    return known


def _equals(function: Callable[..., Any], exercise: Exercise, cases: Sequence[SolvedCase]) -> bool:
    """Whether one of our functions gives the outputs of some cases."""
    for case in cases:
        with np.errstate(all="ignore"):
            outputs = call(function, case.inputs, exercise, case.seed)
        pairs = zip(exercise.weights, outputs, case.outputs, strict=True)
        if any(differs(exercise, case, name, got, want) for name, got, want in pairs):
            return False
    return True


def _without_false_claims(known: Known, traces: Sequence[Trace]) -> Known:
    """Return what is known without the names of which a right answer would be told that they are wrong."""
    for number, found in enumerate(traces):
        while (accused := suspected(known, number, found)) is not None:
            name = frozenset((accused.name,))
            if not accused.by_name:
                known = replace(known, held=known.held - name)
            elif accused.missing and accused.name not in known.present:
                known = replace(known, present=known.present | name)
            elif accused.alike:
                known = replace(known, claimed=known.claimed - name)
            elif accused.name not in known.reshaped:
                known = replace(known, reshaped=known.reshaped | name)
            else:
                known = replace(known, alike=known.alike | name)
    return known


def traced(
    function: Callable[..., Any], case: SolvedCase, exercise: Exercise, seconds: float = SECONDS
) -> Trace:
    """Trace one of our functions on a copy of a case's inputs."""
    inputs = copy.deepcopy(dict(case.inputs))
    state = np.random.get_state()
    try:
        if exercise.seeds:
            np.random.seed(case.seed)
        with silence(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return trace(function, list(inputs.values()), seconds)._replace(value=())
    finally:
        np.random.set_state(state)


def _right_answers(lab: LabFolder, name: str) -> Iterator[Callable[..., Any]]:
    """Yield the functions of answers.py for an exercise, but those that need a framework.

    These have other variables, and places must be the same where no framework is installed.
    """
    path = lab.folder / "answers.py"
    answers: Mapping[str, Mapping[str, str]] = runpy.run_path(str(path))["answers"] if path.exists() else {}
    frameworks = {package for packages in EXTRAS.get(lab.lab.extra, {}).values() for package in packages}
    for kind, source in answers.get(name, {}).items():
        if frameworks & set(re.findall(r"\w+", source)):
            continue
        with importable(lab.folder.parent):
            try:
                yield reference_namespace(lab.reference_text, {name: source})[name]
            except LabError as error:
                raise LabError(f"{path}: {kind!r} of {name}: {error}") from None


class Tracing:
    """The traces of one wrong function: asked of the probe one by one, and read without trusting them.

    ``labs`` are the variants that fit the function best, as far as its answers tell.
    """

    def __init__(self, labs: Sequence[LabFolder], exercise: str) -> None:
        self._lab, self._all = labs[0], [known_places(lab, exercise) for lab in labs]
        self._places = self._all[0]
        self._asked = self._taken = 0
        self._traces: dict[int, Trace] = {}
        self._returned: dict[int, tuple[dict[str, Any], list[bytes]]] = {}
        """What the traced calls returned, still packed."""

    def next(self) -> tuple[dict[str, Any], list[bytes]] | None:
        """Return the frame that asks for the next trace, or None if there are no more."""
        number, cases = self._asked, self._places.cases
        if number >= len(cases):
            return None
        self._asked += 1
        node, arrays = cases[number].packed
        seeding = {"seed": cases[number].seed} if self._places.exercise.seeds else {}
        files = {"files": dict(cases[number].files)} if cases[number].files else {}
        return {"type": "trace", "case": number, "inputs": node, **seeding, **files}, arrays

    def take(self, header: Mapping[str, Any], arrays: list[bytes]) -> bool:
        """Read the probe's answer; return whether it is the one that was asked for."""
        number = header.get("case")
        if type(number) is not int or number != self._taken or self._taken >= self._asked:
            return False
        self._taken += 1
        if (found := guarded(None, _read, header, arrays)) is not None:
            self._traces[number] = found
            answer, told = header.get("answer"), arrays[1:]
            if type(answer) is dict and _is_small(answer, told, len(self._places.cases[number].sent)):
                self._returned[number] = answer, told
        return True

    def sentence(self) -> str:
        """Return the sentence that says where the function goes wrong; empty if nothing can be said.

        Of several variants that one is meant of which the most is right before.
        """
        found = [(places, guarded(None, places.first_wrong, self._traces)) for places in self._all]
        told = [(places, located) for places, located in found if located is not None]
        if not told:
            return ""
        places, located = max(told, key=lambda pair: len(pair[1].right))
        return guarded("", places.sentence, located)

    def digests(self) -> dict[str, list[str]]:
        """Return the digests of the wrong outputs by name (`Verdict.digests`)."""
        none: dict[str, list[str]] = {}
        return guarded(none, self._digests)

    def _digests(self) -> dict[str, list[str]]:
        answers = []
        for number, case in enumerate(self._places.cases):
            answer, arrays = self._returned.get(number, ({}, []))
            returned = {**answer, "status": "returned"} if answer else {}
            answers.append((case, read_answer(returned, arrays, case)))
        return digests(self._lab, self._places.exercise, answers)


def _is_small(answer: Mapping[str, Any], arrays: list[bytes], known: int) -> bool:
    """Whether reading what a call returned takes little, whoever wrote it: the probe sends no more.

    An array counts as often as it is referred to. Without inputs in the answer the numbers of the arrays
    follow those of the ``known`` ones, which the case was sent with.
    """
    sizes = [0] * (0 if "inputs" in answer else known) + list(map(len, arrays))
    left, size = list[Any]([answer]), 0
    for _ in range(MOST_PARTS):
        if not left:
            return max(size, sum(sizes)) <= MOST_TRACED
        part = left.pop()
        if type(part) is dict:
            number = part.get("array")
            size += sizes[number] if type(number) is int and 0 <= number < len(sizes) else 0
            left += part.values()
        elif type(part) is list:
            left += part
    return False


def _read(header: Mapping[str, Any], arrays: list[bytes]) -> Trace | None:
    """Return the trace in an answer, None if there is none. Raises WireError or ValueError.

    The first array is the table of the trace, the others are of what the call returned.
    """
    if header.get("status") != "traced":
        return None
    names, rows = header.get("names"), unpack(arrays[:1])(header.get("rows"))
    return Trace(events_of(names, rows), header.get("complete") is True)


class _Code:
    """What the source of a reference tells: what each quantity is made from, its loops, and the regions."""

    def __init__(self, lab: LabFolder, exercise: Exercise) -> None:
        source = solution_cells(lab.reference_text)[exercise.name].source
        nodes = ast.parse(python_of(source)).body
        function = next(n for n in nodes if isinstance(n, ast.FunctionDef) and n.name == exercise.name)
        first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
        self._offset = lab.reference[exercise.name].__code__.co_firstlineno - first
        self._regions = cell_regions(source, exercise.name)
        self._loop_of: dict[int, tuple[str, int]] = {}
        """For a line in a loop, the loop's counter and how many loops are around it."""
        self.uses: dict[str, frozenset[str]] = {}
        self.counters: dict[str, str] = {}
        self.filled_in: frozenset[str] = frozenset()
        """The names that are assigned in a region."""
        self._visit(function.body, "", 0)

    def _visit(self, body: Sequence[ast.stmt], counter: str, depth: int) -> None:
        for node in body:
            inner, deeper = counter, depth
            if isinstance(node, ast.For):
                names = _names(node.target)
                inner, deeper = (names[0] if names else ""), depth + 1
                self.counters |= dict.fromkeys(names, inner)
                self._assigned(node, names, _names(node.iter))
            elif isinstance(node, ast.While):
                deeper = depth + 1
            elif isinstance(node, ast.Assign):
                names = [name for target in node.targets for name in _targets(target)]
                self._assigned(node, names, _names(node.value), counter)
            elif isinstance(node, ast.AugAssign):
                self._assigned(node, _targets(node.target), _names(node.value), counter)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                call = node.value
                if isinstance(call.func, ast.Attribute):
                    self._assigned(
                        node, _targets(call.func), [n for a in call.args for n in _names(a)], counter
                    )
            end = node.end_lineno or node.lineno
            for line in range(node.lineno, end + 1):
                self._loop_of.setdefault(line, (inner, deeper))
            for part in ("body", "orelse", "finalbody"):
                if isinstance(inside := getattr(node, part, None), list):
                    for line in range(inside[0].lineno, (inside[-1].end_lineno or 0) + 1) if inside else ():
                        self._loop_of.pop(line, None)
                    self._visit(inside, inner, deeper)

    def _assigned(
        self, node: ast.stmt, names: Sequence[str], made_from: Sequence[str], counter: str | None = None
    ) -> None:
        for name in names:
            self.uses[name] = self.uses.get(name, frozenset()) | (frozenset(made_from) - {name})
            if counter:
                self.counters.setdefault(name, counter)
        if any(begin < node.lineno - 1 < end for begin, end in self._regions):
            self.filled_in |= frozenset(names)

    def case(self, found: Trace) -> KnownCase:
        """Return the trace of the reference with the pass of the loop in which each event came."""
        passes = []
        for event in found.events:
            _, depth = self._loop_of.get(event.line - self._offset, ("", 0))
            passes.append(event.times if depth == 1 else 0)
        values: dict[str, list[float]] = {}
        for event in found.events:
            if self.counters.get(event.name) == event.name and event.size == 1:
                values.setdefault(event.name, []).append(event.scale)
        backward = frozenset(name for name, seen in values.items() if len(seen) > 1 and seen[0] > seen[1])
        return KnownCase(found, tuple(passes), backward)


def _names(node: ast.AST) -> list[str]:
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]


def _targets(node: ast.AST) -> list[str]:
    """Return the names that an assignment to a target sets or writes into."""
    if isinstance(node, (ast.Tuple, ast.List)):
        return [name for element in node.elts for name in _targets(element)]
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Starred)):
        node = node.value
    return [node.id] if isinstance(node, ast.Name) else []


@functools.lru_cache(maxsize=16)
def _told(lab: LabFolder) -> frozenset[str]:
    """Return the names that a student can read: in the stubs, in other code cells, or quoted in the text."""
    found: set[str] = set()
    solutions = {id(cell) for cell in solution_cells(lab.reference_text).values()}
    for cell in lab.reference_text.cells:
        if cell.cell_type != "code":
            quoted = " ".join(re.findall(r"`[^`]+`", cell.source))
            found.update(re.findall(r"[A-Za-z_]\w*", quoted))
        elif id(cell) in solutions:
            found.update(re.findall(r"[A-Za-z_]\w*", _kept(cell.source)))
        else:
            found.update(re.findall(r"[A-Za-z_]\w*", cell.source))
    return frozenset(found)


def _kept(source: str) -> str:
    """Return what the stub of a solution cell keeps: its regions have only comments and plain targets."""
    lines = source.split("\n")
    kept = list(lines)
    with contextlib.suppress(SyntaxError):
        nodes = [node for node in ast.walk(ast.parse(python_of(source))) if isinstance(node, ast.stmt)]
        for begin, end in cell_regions(source, "a cell"):
            inside = [node for node in nodes if begin < node.lineno - 1 < end]
            plain = all(isinstance(node, ast.Assign) and all(map(_is_plain, node.targets)) for node in inside)
            kept[begin + 1 : end] = [
                line if line.strip().startswith("#") else "" for line in lines[begin + 1 : end]
            ]
            if plain:
                kept.append(" ".join(name for node in inside for name in _names_of_targets(node)))
    return "\n".join(kept)


def _is_plain(target: ast.expr) -> bool:
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    return all(isinstance(part, ast.Name) for part in parts)


def _names_of_targets(node: ast.stmt) -> list[str]:
    return [name for target in getattr(node, "targets", ()) for name in _targets(target)]
