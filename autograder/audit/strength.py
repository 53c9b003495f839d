"""Measures how well wrong answers are told what is wrong.

The wrong answers are a lab's known mistakes, pairs of them, the edits in wrong.py, and mutants of the
reference. Those that no input tells from the reference are left out.
"""

import ast
import contextlib
import io
import itertools
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from autograder.audit.locating import aims, located, raises
from autograder.audit.mutants import Mutant, changed, mutants
from autograder.audit.play import fitted, judged, namespace
from autograder.audit.prove import equivalent, kept
from autograder.audit.visible import passes_visible_check
from autograder.audit.workers import tried
from autograder.lab.course import LabFolder
from autograder.lab.exercise import Mistake
from autograder.lab.text import reference_source
from autograder.referee import Referee
from autograder.referee.call import call
from autograder.referee.places import known_places
from autograder.release.open_cases import open_cases
from course_utils.judging.observed import watched

__all__ = ["Strength", "Trial", "measure", "strength_of"]

SEEDS = (1, 2)
"""Wrong answers are judged with the first; a name must be given again with the second."""
SECONDS = 1.5
"""CPU seconds that a wrong answer may take with each seed."""


@dataclass(frozen=True)
class Trial:
    """What became of one wrong answer.

    ``returns`` says whether it returns values, so that there is something to name; ``misnamed``, whether
    another seed gives another name. ``placeable`` says that the change sets a variable, and that nothing
    raises in the traced cases; ``said`` is the variable that is called the first wrong one, and ``rightly``,
    whether the change sets it. ``unseen`` says that it passes the visible check.
    """

    loses: bool
    returns: bool = False
    named: str | None = None
    misnamed: bool = False
    said: str | None = None
    placeable: bool = False
    rightly: bool = False
    unseen: bool = False
    equal: bool = False
    """Whether it is right: it equals another right form of the exercise."""


@dataclass
class Strength:
    """The figures of one exercise: how many cases, mistakes, and so on; and what does not hold, as diffs."""

    lab: str
    exercise: str
    cases: int
    mistakes: int
    mutants: int
    equivalent: int
    killed: int = 0
    wrong: int = 0
    """The mutants and other wrong answers that lose points and return values: they can be named."""
    named: int = 0
    placeable: int = 0
    """The wrong answers, known mistakes included, that can be located: see `Trial`."""
    said: int = 0
    rightly: int = 0
    losing: int = 0
    """All wrong answers that lose points."""
    unseen: int = 0
    """Those of them that pass the visible check."""
    remarks: list[str] = field(default_factory=list)

    def add(self, mutant: Mutant, trial: Trial, *, known: bool, made: bool) -> None:
        """Count one wrong answer: ``known``, if it is a mistake of the lab; ``made``, if it is a mutant."""
        if trial.equal:
            self.equivalent += made
            return
        self.killed += made and trial.loses
        self.losing += trial.loses
        if trial.returns and not known:
            self.wrong += 1
            self.named += trial.named is not None
        if trial.placeable:
            self.placeable += 1
            self.said += trial.said is not None
            self.rightly += trial.said is not None and trial.rightly
        self.unseen += trial.loses and trial.unseen
        for holds, what in (
            (trial.loses, "is not caught"),
            (not trial.misnamed, f"is called {trial.named!r}"),
            (trial.rightly or not trial.said or not trial.placeable, f"is said to begin with {trial.said}"),
            (not (trial.loses and trial.unseen), "passes the visible check"),
        ):
            if not holds:
                self.remarks.append(f"{self.lab}, {self.exercise}: {what}:\n{mutant.diff}")


def strength_of(lab: LabFolder, jobs: int) -> list[Strength]:
    """Measure each exercise of a lab. Raises GraderError when the referee fails on a wrong answer."""
    marked = equivalent(lab)
    others: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = kept(lab, "wrong")
    found: dict[str, Strength] = {}
    known: set[Mutant] = set()
    made: set[Mutant] = set()
    tasks: dict[Mutant, None] = {}
    with Referee(lab, SEEDS[0]) as referee:
        for name in lab.exercises:
            all_made = mutants(referee, name)
            unlike = [one for one in all_made if (one.before, one.after) not in marked.get(name, ())]
            mistakes = lab.mistakes.get(name, [])
            edits = [mistake.written or mistake.edits for mistake in mistakes]
            pairs = [one + other for one, other in itertools.pairwise(edits)]
            known |= set(_edited(lab, name, edits))
            made |= set(unlike)
            more = [*edits, *pairs, *others.get(name, {}).values()]
            tasks |= dict.fromkeys([*_edited(lab, name, more), *unlike])
            counts = len(referee.cases[name]), len(mistakes), len(all_made), len(all_made) - len(unlike)
            found[name] = Strength(lab.name, name, *counts)
    for mutant, trial in tried(lab, SEEDS, list(tasks), jobs, measure, prepare=prepare, seconds=SECONDS):
        outcome = trial or Trial(loses=True)  # it takes too long, or all memory
        found[mutant.exercise].add(mutant, outcome, known=mutant in known, made=mutant in made)
    return list(found.values())


def _edited(lab: LabFolder, name: str, edits: Sequence[tuple[tuple[str, str], ...]]) -> Iterator[Mutant]:
    """Yield edits of the solution as mutants; pairs that do not fit together are left out."""
    original = ast.unparse(ast.parse(reference_source(lab.text)[name]))
    for one in edits:
        with contextlib.suppress(Exception):  # two edits of one place
            source = ast.unparse(ast.parse(lab.written(name, Mistake("", one, ""))))
            if source != original:  # a pair may undo itself
                yield Mutant(name, source, *changed(original, source))


def prepare(referees: Sequence[Referee]) -> None:
    """Work out once for a process what is kept for all wrong answers: no answer's time is spent on it."""
    lab = referees[0].lab
    open_cases(lab)
    for name, exercise in lab.exercises.items():
        if not exercise.observer:
            known_places(lab, name)


def measure(referees: Sequence[Referee], mutant: Mutant) -> Trial:
    """Judge one wrong answer in every way."""
    referee, other = referees
    name, lab = mutant.exercise, referee.lab
    exercise = lab.exercises[name]
    verdict, meant = fitted(referee, name, mutant.source)
    if verdict.correct:
        return Trial(loses=False, equal=meant is not lab)
    function = namespace(lab, {name: mutant.source})[name]
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        unseen = passes_visible_check(lab, exercise, function)
        case = referee.cases[name][0]
        try:
            with np.errstate(all="ignore"):
                call(watched(function, exercise.observer), case.inputs, exercise, case.seed)
        except Exception:
            return Trial(loses=True, unseen=unseen)
        set_there = frozenset() if exercise.observer else aims(lab, mutant)
        placeable = bool(set_there) and not raises(lab, name, function)
        place = located(meant, name, function) if placeable else None
    again = judged(other, name, mutant.source).mistake if verdict.mistake else None
    return Trial(
        loses=True,
        returns=True,
        named=verdict.mistake,
        misnamed=verdict.mistake != again,
        said=place.name if place else None,
        placeable=placeable,
        rightly=place is not None and place.name in set_there,
        unseen=unseen,
    )
