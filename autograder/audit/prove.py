"""Runs the proofs of an audit and collects what does not hold."""

import itertools
import json
import runpy
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from autograder.audit.locating import located
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.play import fitted, grade, namespace
from autograder.audit.workers import killed
from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.exercise import Exercise, Mistake
from autograder.lab.text import solution_cells
from autograder.lab.variants import label, rivals, variants
from autograder.referee import Referee
from autograder.referee.call import run
from autograder.referee.cases import DrawnCase
from autograder.results import Verdict
from course_utils.judging.outputs import differs

__all__ = ["SEEDS", "ExerciseAudit", "LabAudit", "Proofs", "audit_lab", "equivalent", "kept"]

SEEDS = (1, 2, 3)
"""Seeds of the cases: right answers and mistakes are tried with all of them, mutants with the first."""
FEWEST_ANSWERS = 3
"""How many right answers other than the reference an exercise needs."""


@dataclass
class ExerciseAudit:
    """What the audit found for one exercise; ``failures`` says what does not hold."""

    name: str
    mistakes: int = 0
    same: list[tuple[str, str]] = field(default_factory=list)
    answers: int = 0
    wrong: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every proof holds: no failure, and no survivor that is not marked as equivalent."""
        return not self.failures and not self.survivors


@dataclass
class LabAudit:
    """What the audit found for a lab."""

    lab: str
    exercises: list[ExerciseAudit]
    seconds: float = 0.0
    seeds: tuple[int, ...] = SEEDS

    @property
    def holds(self) -> bool:
        """Whether every proof of every exercise holds."""
        return all(exercise.holds for exercise in self.exercises)


def audit_lab(
    lab: LabFolder,
    *,
    seeds: Sequence[int] = SEEDS,
    every: bool = False,
    jobs: int = 2,
    tell: Callable[[str], None] = lambda _: None,
) -> LabAudit:
    """Prove the hidden tests of a lab with some seeds; with ``every``, mutants are tried with every seed too.

    Raises LabError when answers.py or equivalent.json cannot be used.
    """
    start = time.monotonic()
    marked = equivalent(lab)
    with Proofs(lab, seeds) as proofs:
        found = {name: proofs.exercise(name) for name in lab.exercises}
        made = {name: mutants(proofs.referees[0], name) for name in found}
    chosen = list(itertools.chain(*made.values()))
    tell(f"{lab.name}: {len(chosen)} mutants")
    dead = dict(killed(lab, seeds if every else seeds[:1], chosen, jobs))
    for name, one in found.items():
        _add_mutants(one, {mutant: dead[mutant] for mutant in made[name]}, marked.get(name, frozenset()))
        if len(variants(lab, name)) > 1:
            _leave_out_right(one, proofs.referees[0])
    return LabAudit(lab.name, list(found.values()), time.monotonic() - start, tuple(seeds))


def _add_mutants(one: ExerciseAudit, dead: Mapping[Mutant, bool], marked: Set[tuple[str, str]]) -> None:
    """Count killed, equivalent and surviving mutants; a wrong entry of equivalent.json is a failure."""
    stale = set(marked)
    one.mutants, one.killed = len(dead), sum(dead.values())
    for mutant, is_dead in dead.items():
        change = mutant.before, mutant.after
        stale.discard(change)
        if change not in marked:
            one.survivors += [] if is_dead else [mutant]
        elif is_dead:
            one.failures.append(f"equivalent.json has a mutant that is killed:\n{mutant.diff}")
        else:
            one.equivalent += 1
    for before, after in sorted(stale):
        diff = Mutant(one.name, "", before, after).diff
        one.failures.append(f"equivalent.json has a mutant that is not made:\n{diff}")


def _leave_out_right(one: ExerciseAudit, referee: Referee) -> None:
    """Count the survivors that equal another right form as equivalent."""
    right = [
        mutant for mutant in one.survivors if fitted(referee, one.name, mutant.source)[1] is not referee.lab
    ]
    one.equivalent += len(right)
    one.survivors = [mutant for mutant in one.survivors if mutant not in right]


def equivalent(lab: LabFolder) -> dict[str, set[tuple[str, str]]]:
    """Return the mutants that equivalent.json calls equivalent to the reference, by exercise."""
    path = lab.folder / "equivalent.json"
    try:
        groups = json.loads(path.read_text("utf-8")) if path.exists() else {}
        if odd := groups.keys() - lab.exercises.keys():
            raise ValueError(f"no exercise {', '.join(sorted(odd))}")
        return {
            name: {(before, after) for group in marks if group["why"] for before, after in group["mutants"]}
            for name, marks in groups.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LabError(f"{path}: cannot be used ({type(error).__name__}: {error})") from None


def kept(lab: LabFolder, name: str) -> Mapping[str, Any]:
    """Return the answers in answers.py or wrong.py: exercise -> description -> answer.

    Raises LabError where the file names an exercise that does not exist.
    """
    path = lab.folder / f"{name}.py"
    found: dict[str, Any] = runpy.run_path(str(path))[name] if path.exists() else {}
    if odd := found.keys() - lab.exercises.keys():
        raise LabError(f"{path}: there is no exercise {', '.join(sorted(odd))}")
    return found


class Proofs:
    """The proofs of a lab, exercise by exercise; each returns what does not hold."""

    def __init__(self, lab: LabFolder, seeds: Sequence[int] = SEEDS) -> None:
        self.lab = lab
        self.referees = [Referee(lab, seed) for seed in seeds]
        for referee in self.referees:
            referee.tracing = False  # no proof rests on what a trace tells

    def __enter__(self) -> "Proofs":
        return self

    def __exit__(self, *_: object) -> None:
        for referee in self.referees:
            referee.close()

    @cached_property
    def right(self) -> Mapping[str, Mapping[str, str]]:
        """The right answers in answers.py: exercise -> description -> source."""
        return kept(self.lab, "answers")

    @cached_property
    def others(self) -> Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]]:
        """The wrong answers in wrong.py: exercise -> description -> edits of the reference's source."""
        return kept(self.lab, "wrong")

    def exercise(self, name: str) -> ExerciseAudit:
        """Run all proofs of one exercise."""
        wrong, same = self.mistakes(name)
        return ExerciseAudit(
            name,
            mistakes=len(self.lab.mistakes.get(name, ())),
            same=same,
            answers=len(self.right.get(name, {})),
            wrong=len(self.others.get(name, {})),
            failures=[
                *self.reference(name),
                *self.blank(name),
                *self.answers(name),
                *self.alternatives(name),
                *wrong,
                *self.wrong(name),
            ],
        )

    def reference(self, name: str) -> list[str]:
        """Prove that the reference scores full marks and passes every case."""
        found = []
        for referee in self.referees:
            verdict = grade(referee, namespace(self.lab, {}), name)[name]
            if not verdict.correct or any(case.status != "passed" for case in verdict.cases):
                found.append(f"the reference does not score full with seed {referee.seed}: {verdict.message}")
        return found

    @cached_property
    def _blank(self) -> Mapping[str, float]:
        """The points of each exercise's stub, in a submission of stubs alone."""
        from autograder.release.stubs import stub_source  # here, since importing nbgrader takes a second

        cells = solution_cells(self.lab.text)
        stubs = {name: stub_source(cell.source, name) for name, cell in cells.items()}
        verdicts = grade(self.referees[0], namespace(self.lab, stubs))
        return {name: verdict.points for name, verdict in verdicts.items()}

    def blank(self, name: str) -> list[str]:
        """Prove that the stub scores nothing."""
        points = self._blank[name]
        return [f"the blank stub scores {points:g} points"] if points else []

    def answers(self, name: str) -> list[str]:
        """Prove that there are enough other right answers, that each scores full marks, and is not accused.

        Of a right answer no quantity may be called wrong, though right answers are never traced in grading:
        a wrong one may have the same lines.
        """
        right = self.right.get(name, {})
        few = f"answers.py has {len(right)} right answers; an exercise needs {FEWEST_ANSWERS}"
        found = [few] if len(right) < FEWEST_ANSWERS else []
        equal = dict.fromkeys(right, self.lab)
        for (kind, source), referee in itertools.product(right.items(), self.referees):
            verdict, equal[kind] = fitted(referee, name, source)
            if not verdict.correct:
                points = f"{verdict.points:g} of {verdict.max_points:g} with seed {referee.seed}"
                found.append(f"the right answer {kind!r} scores {points}: {verdict.message}")
        for kind, source in right.items() if not self.lab.exercises[name].observer else ():
            if (place := located(equal[kind], name, source)) is not None:
                found.append(f"of the right answer {kind!r} it is said that {place.name} is wrong")
        return found

    def alternatives(self, name: str) -> list[str]:
        """Prove of each other right form that it scores full marks, and equals nothing else.

        So do the functions that call one, where it stands in place of the reference.
        """
        found = []
        for lab, referee in itertools.product(variants(self.lab, name)[1:], self.referees):
            where = f"with seed {referee.seed}"
            verdict = grade(referee, lab.as_written(), *lab.forms, name)[name]
            if not verdict.correct or any(case.status != "passed" for case in verdict.cases):
                found.append(
                    f"the reference with {label(lab)} does not score full {where}: {verdict.message}"
                )
            if lab.forms.keys() == {name}:
                found += [
                    f"the alternative {lab.forms[name].name!r} equals {other} in all cases {where}"
                    for other in self._equal(name, lab, referee.cases[name])
                ]
                found += self._wrong_alternatives(name, lab, referee)
        return found

    def _equal(self, name: str, lab: LabFolder, cases: Sequence[DrawnCase]) -> list[str]:
        """Return which functions give the same as an alternative in all cases, in words."""
        exercise = self.lab.exercises[name]
        mine = [self._values(name, lab.reference[name], case) for case in cases]
        return [
            words
            for words, function in rivals(self.lab, lab, name)
            if all(
                _same(exercise, case, one, self._values(name, function, case))
                for case, one in zip(cases, mine, strict=True)
            )
        ]

    def _wrong_alternatives(self, name: str, lab: LabFolder, referee: Referee) -> list[str]:
        """Return which known mistakes, made in an alternative, score full marks or are not named."""
        found = []
        for mistake in lab.mistakes.get(name, ()):
            judge = referee.judge()
            try:
                wrong = lab.as_written(name, mistake)
            except LabError:  # both edit one place of the text's solution
                continue
            verdict = grade(judge, {name: wrong[name]}, name)[name]
            what = f"the mistake {mistake.name!r} in the alternative {lab.forms[name].name!r}"
            if verdict.correct and judge.fitted[name] is lab:  # in another form it may be right
                found.append(f"{what} scores full with seed {referee.seed}")
            elif not verdict.correct and verdict.mistake is None:
                found.append(f"{what} is not named with seed {referee.seed}")
        return found

    def mistakes(self, name: str) -> tuple[list[str], list[tuple[str, str]]]:
        """Prove that each known mistake loses the same with every seed and is named.

        Also return the pairs of mistakes that no case tells apart.
        """
        found, mistakes = [], self.lab.mistakes.get(name, [])
        same = self._alike(name, mistakes)
        for mistake in mistakes:
            names = {mistake.name, *itertools.chain(*(pair for pair in same if mistake.name in pair))}
            verdicts, faults = self._wrong(name, mistake, "mistake")
            found += faults
            for seed, verdict in verdicts.items():
                if not verdict.correct and verdict.mistake not in names:
                    taken = f"is taken for {verdict.mistake!r} with seed {seed}"
                    found.append(f"the mistake {mistake.name!r} {taken}")
        return found, same

    def wrong(self, name: str) -> list[str]:
        """Prove that each other wrong answer loses the same with every seed."""
        wrong = [Mistake(kind, edits, "") for kind, edits in self.others.get(name, {}).items()]
        return [fault for one in wrong for fault in self._wrong(name, one, "wrong answer")[1]]

    def _wrong(self, name: str, wrong: Mistake, kind: str) -> tuple[dict[int, Verdict], list[str]]:
        """Return the verdicts of a wrong function by seed; also say where it is right, or earns by luck."""
        names = {name: self.lab.answered(name, wrong)}
        verdicts = {referee.seed: grade(referee, names, name)[name] for referee in self.referees}
        full = [seed for seed, verdict in verdicts.items() if verdict.correct]
        found = [f"the {kind} {wrong.name!r} scores full with seed {seed}" for seed in full]
        earned: dict[float, int] = {}
        for seed, verdict in verdicts.items():
            earned.setdefault(verdict.points, seed)
        if len(earned) > 1:
            said = ", ".join(f"{points:g} with seed {seed}" for points, seed in earned.items())
            found.append(f"the {kind} {wrong.name!r} earns {said}: cases should force the difference")
        return verdicts, found

    def _alike(self, name: str, mistakes: Sequence[Mistake]) -> list[tuple[str, str]]:
        """Return the pairs of mistakes with the same outputs in all cases of all seeds."""
        exercise = self.lab.exercises[name]
        cases = [case for referee in self.referees for case in referee.cases[name]]
        made = {
            mistake.name: [self._values(name, self.lab.mistaken(name, mistake), case) for case in cases]
            for mistake in mistakes
        }
        return [
            (one, other)
            for one, other in itertools.combinations(made, 2)
            if all(map(_same, itertools.repeat(exercise), cases, made[one], made[other]))
        ]

    def _values(self, name: str, function: Callable[..., Any], case: DrawnCase) -> tuple[Any, Any] | None:
        """Return a function's outputs and the random state after the call; None if it raises."""
        exercise = self.lab.exercises[name]
        try:
            with np.errstate(all="ignore"):
                return run(function, case.inputs, exercise, case.seed)
        except Exception:
            return None


def _same(exercise: Exercise, case: DrawnCase, one: Any, other: Any) -> bool:
    """Whether two functions gave the same outputs and left the same random state, or both raised."""
    if one is None or other is None:
        return one is other
    (outputs, random), (others, their) = one, other
    values = zip(exercise.weights, outputs, others, strict=True)
    kept = not any(differs(exercise, case, output, a, b) for output, a, b in values)
    return kept and np.array_equal(random, their)
