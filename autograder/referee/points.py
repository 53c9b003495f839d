"""Turns the answers to an exercise's cases into a verdict: points, and the reasons for them.

Only cases with fresh values earn points. Each output has a weight; an output earns the core group's share
if it is right in all core cases, and then another group's share if it is right in all cases of that group.
One that is only right given a wrong output before it earns all of that, or half (`follow_through`).
The published example and the properties (inputs unchanged, no shared memory, NumPy's random state, the same
again from the same inputs) can only take points away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.lab.course import LabFolder
from autograder.lab.exercise import CORE, Exercise
from autograder.referee.answer import Answer
from autograder.referee.cases import DrawnCase, excused
from autograder.referee.follow_through import followed, telling
from autograder.referee.mistakes import STATE, Answered, Diagnosis, diagnose
from autograder.referee.order import made_from, rank
from autograder.referee.wording import without_value
from autograder.results import CaseResult, Finding, Verdict
from course_utils.judging.compare import Fault
from course_utils.judging.findings import Findings
from course_utils.judging.findings import reason as said
from course_utils.judging.form import PUBLISHED
from course_utils.judging.outputs import WrongForm, as_outputs, differ, faults
from course_utils.judging.patterns import guarded
from course_utils.judging.properties import Call, broken, properties_of

__all__ = ["AMONG", "PENALTY", "Answers", "is_right", "readable", "score"]

PENALTY = 0.2
"""The share of an exercise's points that each failed property or published example takes away."""
HALF = 0.5
"""The share of its weight that an output earns which follows from a wrong one that is no known mistake's."""
INEXACT = ("shape", "length", "values")
"""The kinds of faults that an ill-conditioned case may give a right function."""
STRUCTURE = ("missing", "type", "length", "keys", "shape")
"""The kinds of faults that are said first: others come of them."""
FOLLOWS, HALF_FOLLOWS = "follows", "follows in part"
SHARES = {FOLLOWS: 1.0, HALF_FOLLOWS: HALF}
"""The share of its weight that an output with a fault earns, by the fault's kind; of other kinds nothing."""
AMONG = "Among others: "
"""Begins the help of a mistake that does not explain all that is wrong."""
PAID = re.compile(r"\s*\bIt earns [^.]*\.")
"""The sentence of a help that says that the mistake earns part of the points."""


@dataclass(frozen=True)
class Answers:
    """The answers of one series by the number of the case; ``again`` is that to the repeated case."""

    cases: Mapping[int, Answer]
    again: Answer | None = None


def readable(exercise: Exercise, answer: Answer) -> bool:
    """Whether an answer has the outputs of the exercise, right or wrong."""
    try:
        return answer.status == "returned" and bool(as_outputs(answer.value, answer.after, exercise))
    except WrongForm:
        return False


def is_right(lab: LabFolder, exercise: Exercise, cases: Sequence[DrawnCase], given: Answers) -> bool:
    """Whether the answers to all cases are right."""
    return len(given.cases) == len(cases) and not any(
        _judged(lab, exercise, cases[number], answer)[1] for number, answer in given.cases.items()
    )


def score(
    lab: LabFolder,
    exercise: Exercise,
    cases: Sequence[DrawnCase],
    given: Answers,
    points: float,
    reason: str,
) -> Verdict:
    """Return the verdict of one exercise. Cases without an answer did not run, for ``reason``.

    Points come first: what finds mistakes and makes words is guarded, so that no answer can make it fail.
    """
    verdict = Verdict(exercise.name, 0.0, points)
    answers = given.cases
    earned: dict[str, dict[str, float]] = {}
    findings = Findings()
    unpublished: frozenset[str] = frozenset()
    judged = {number: _judged(lab, exercise, cases[number], answer) for number, answer in answers.items()}
    compared = [
        _answered(exercise, cases[number], answers[number], outputs, found)
        for number, (outputs, found) in judged.items()
        if outputs is not None
    ]
    diagnosis = guarded(None, diagnose, lab, exercise, compared)
    order = rank(lab, exercise.name)
    none = frozenset[str]()
    wrong = none.union(*(answer.wrong for answer in compared))
    known = none if diagnosis is None else _known(lab, exercise, diagnosis.explained, wrong)
    likely = known | guarded(none, telling, lab, exercise, compared) if len(wrong) > 1 else known
    follow = set(wrong)
    """The wrong outputs that follow from others in each case."""
    for number, case in enumerate(cases):
        if number not in judged:
            result = CaseResult(case.name, "not run", reason)
            found = dict.fromkeys(exercise.weights, Fault("not run", exercise.name, reason))
        else:
            outputs, found = judged[number]
            if outputs is not None and found:
                arguments = lab, exercise, case, outputs, found
                whole = guarded(none, followed, *arguments, known)
                half = guarded(none, followed, *arguments, likely) - whole if likely != known else none
                found |= {name: _follow_fault(name, FOLLOWS) for name in whole}
                found |= {name: _follow_fault(name, HALF_FOLLOWS) for name in half}
                found = {name: found[name] for name in sorted(found, key=order.__getitem__)}
            result = CaseResult(
                case.name, "failed" if found else "passed", guarded("it is wrong", said, found)
            )
        guarded(None, findings.add, case.name, found)
        shares = {name: SHARES.get(fault.kind, 0.0) for name, fault in found.items()}
        follow -= {name for name, share in shares.items() if not share}
        verdict.cases.append(result)
        if case.group == PUBLISHED:
            unpublished = frozenset(name for name, share in shares.items() if share < 1)
        else:
            group = earned.setdefault(case.group, dict.fromkeys(exercise.weights, 1.0))
            group |= {name: min(share, group[name]) for name, share in shares.items()}
    for group in earned.values():
        for name, needed in exercise.needs.items():
            group[name] = min(group[name], *(group[other] for other in needed))
    # The published example costs extra only where it alone is wrong: core cases have counted other faults.
    taken = int(bool(unpublished) and all(earned[CORE][name] == 1 for name in unpublished))
    values = {number: outputs for number, (outputs, _) in judged.items()}
    for result in _properties(exercise, cases, given, values):
        verdict.cases.append(result)
        if result.status == "failed":
            taken += 1
            findings.add(result.name, {"": Fault("property", "", result.reason)})
    share = max(0.0, _earned(exercise, earned) - PENALTY * taken)
    verdict.points = points if share == 1.0 else round(points * share, 6)
    texts: list[tuple[str, list[str]]] = []
    verdict.findings = [
        Finding(*found) for found in guarded(texts, findings.all, lambda *of: _place(order, *of))
    ]
    if not verdict.correct:
        every = len(compared) == len(cases)
        guarded(None, _explain, lab, verdict, diagnosis, wrong - follow, every)
        verdict.message = verdict.message or f"`{exercise.name}` is not right."
    return verdict


def _judged(
    lab: LabFolder, exercise: Exercise, case: DrawnCase, answer: Answer
) -> tuple[tuple[Any, ...] | None, dict[str, Fault]]:
    """Return an answer's outputs, or None if it has none, and the faults by output name."""
    try:
        if answer.status != "returned":
            raise WrongForm(without_value(exercise, answer))
        outputs = as_outputs(answer.value, answer.after, exercise)
    except WrongForm as error:
        return None, dict.fromkeys(exercise.weights, Fault(answer.status, exercise.name, str(error)))
    found = faults(exercise, case, outputs, answer.after)
    given = dict(zip(exercise.weights, zip(outputs, case.outputs, strict=True), strict=True))
    return outputs, {
        name: fault
        for name, fault in found.items()
        if fault.kind not in INEXACT or not guarded(False, excused, lab, exercise, case, name, *given[name])
    }


def _answered(
    exercise: Exercise, case: DrawnCase, answer: Answer, outputs: tuple[Any, ...], found: Mapping[str, Fault]
) -> Answered:
    """Return an answer in the form that `diagnose` takes."""
    missing = frozenset(name for name, fault in found.items() if fault.kind == "missing")
    if not exercise.seeds:
        return Answered(case, outputs, frozenset(found), missing)
    state = {STATE} if differ(answer.random, case.random, STATE) else set()
    return Answered(case, (*outputs, answer.random), frozenset(found) | state, missing)


def _follow_fault(name: str, kind: str) -> Fault:
    counts = "counts as right" if kind == FOLLOWS else "counts half"
    return Fault(kind, name, f"`{name}` differs only because of what it is computed from, and {counts}")


def _place(order: Mapping[str, tuple[float, int]], fault: Fault, names: Sequence[str]) -> Any:
    """Return a key for findings: structure first, then as the reference makes them; what follows is last."""
    if fault.kind in SHARES:
        kind = 2
    elif fault.kind == "property":
        kind = 3
    else:
        kind = 0 if fault.kind in STRUCTURE else 1
    return kind, min(order.get(name, (0.0, 0)) for name in names)


def _earned(exercise: Exercise, right: Mapping[str, Mapping[str, float]]) -> float:
    """Return the earned share of the points, from 0 to 1, before anything is taken away."""
    total = sum(exercise.weights.values())
    earned = 0.0
    for name, weight in exercise.weights.items():
        core = right.get(CORE, {}).get(name, 0.0)
        groups = [CORE, *exercise.shares]
        earned += weight / total * sum(exercise.share(one) * min(core, right[one][name]) for one in groups)
    return round(earned, 9)


def _properties(
    exercise: Exercise,
    cases: Sequence[DrawnCase],
    given: Answers,
    outputs: Mapping[int, tuple[Any, ...] | None],
) -> list[CaseResult]:
    """Judge, over all answers with a value, whether the function has forbidden side effects."""
    names, answers = properties_of(exercise), given.cases
    returned = [
        Call(cases[number], outputs.get(number), answer.after, answer.shared, answer.random)
        for number, answer in answers.items()
        if answer.status == "returned"
    ]
    if not returned:
        return [CaseResult(name, "not run") for name in names]
    core = next(number for number, case in enumerate(cases) if case.group == CORE)
    first, case = answers.get(core), cases[core]
    if given.again is not None and first is not None and given.again is not first:
        again = _read_again(exercise, case, given.again)
        returned += [again] if first.status == "returned" or again.outputs is not None else []
    reasons = broken(exercise, returned)
    return [
        CaseResult(name, "failed" if name in reasons else "passed", reasons.get(name, "")) for name in names
    ]


def _read_again(exercise: Exercise, case: DrawnCase, answer: Answer) -> Call:
    """Return the answer to a repeated case as a call, without outputs if it has none."""
    if not readable(exercise, answer):
        return Call(case, None, case.inputs, (), case.random)
    outputs = as_outputs(answer.value, answer.after, exercise)
    return Call(case, outputs, answer.after, answer.shared, answer.random)


def _explain(
    lab: LabFolder, verdict: Verdict, found: Diagnosis | None, wrong: frozenset[str], every: bool
) -> None:
    """Fill in the sentence that the student reads first, and the credit of a mistake that earns some.

    ``wrong`` are the wrong outputs that do not follow from others. ``every`` says whether the answers to all
    cases were compared.
    """
    verdict.message = verdict.findings[0].text
    made = made_from(lab, verdict.name)
    if found is None or _of_others(made, found.explained, wrong - found.explained):
        return
    verdict.mistake, paid = found.mistake.name, found.whole and every
    verdict.message = found.mistake.help if paid else PAID.sub("", found.mistake.help)
    others = {name for name in wrong - found.explained if not made.get(name, frozenset()) & found.explained}
    if others:
        verdict.message = f"{AMONG}{verdict.message}"
    if paid:
        credit = round(verdict.max_points * found.mistake.credit, 6)
        verdict.points = max(verdict.points, credit)


def _known(
    lab: LabFolder, exercise: Exercise, explained: frozenset[str], wrong: frozenset[str]
) -> frozenset[str]:
    """Return the explained outputs but for those made from wrong ones that nothing explains."""
    made, none = made_from(lab, exercise.name), frozenset[str]()
    return frozenset(name for name in explained if not made.get(name, none) & (wrong - explained))


def _of_others(made: Mapping[str, frozenset[str]], explained: frozenset[str], others: frozenset[str]) -> bool:
    """Whether all explained outputs are made from other wrong ones: then these are to be named first."""
    return all(made.get(name, frozenset()) & others for name in explained)
