"""Turns the answers to an exercise's cases into a verdict: points, and the reasons for them.

Only cases with fresh values earn points. Each output has a weight; an output earns the core group's share
if it is right in all core cases, and then another group's share if it is right in all cases of that group.
The published example and the properties (inputs unchanged, no shared memory, NumPy's random state) can
only take points away.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.lab.course import LabFolder
from autograder.lab.exercise import CORE, Exercise
from autograder.referee.answer import Answer
from autograder.referee.cases import DrawnCase, excused
from autograder.referee.follow_through import followed
from autograder.referee.mistakes import STATE, Answered, Diagnosis, diagnose
from autograder.referee.wording import without_value
from autograder.results import CaseResult, Finding, Verdict
from course_utils.judging.compare import Fault
from course_utils.judging.findings import Findings
from course_utils.judging.findings import reason as said
from course_utils.judging.form import PUBLISHED
from course_utils.judging.outputs import WrongForm, as_outputs, differ, faults
from course_utils.judging.patterns import guarded
from course_utils.judging.properties import Call, broken, properties_of

__all__ = ["PENALTY", "score"]

PENALTY = 0.2
"""The share of an exercise's points that each failed property or published example takes away."""
INEXACT = ("shape", "length", "values")
"""The kinds of faults that an ill-conditioned case may give a right function."""
FOLLOWS = "follows"


def score(
    lab: LabFolder,
    exercise: Exercise,
    cases: Sequence[DrawnCase],
    answers: Mapping[int, Answer],
    points: float,
    reason: str,
) -> Verdict:
    """Return the verdict of one exercise. Cases without an answer did not run, for ``reason``.

    Points come first: what finds mistakes and makes words is guarded, so that no answer can make it fail.
    """
    verdict = Verdict(exercise.name, 0.0, points)
    right: dict[str, dict[str, bool]] = {}
    findings = Findings()
    unpublished: frozenset[str] = frozenset()
    judged = {number: _judged(lab, exercise, cases[number], answer) for number, answer in answers.items()}
    compared = [
        _answered(exercise, cases[number], answers[number], outputs, found)
        for number, (outputs, found) in judged.items()
        if outputs is not None
    ]
    diagnosis = guarded(None, diagnose, lab, exercise, compared)
    for number, case in enumerate(cases):
        if number not in judged:
            result = CaseResult(case.name, "not run", reason)
            found = dict.fromkeys(exercise.weights, Fault("not run", exercise.name, reason))
        else:
            outputs, found = judged[number]
            # Only for a known mistake: other wrong values may be made up so that outputs follow from them.
            if outputs is not None and diagnosis is not None:
                explained, none = diagnosis.explained, frozenset[str]()
                follows = guarded(none, followed, lab, exercise, case, outputs, found, explained)
                found |= {name: _follow_fault(name) for name in follows}
            result = CaseResult(
                case.name, "failed" if found else "passed", guarded("it is wrong", said, found)
            )
        guarded(None, findings.add, case.name, found)
        wrong = {name for name, fault in found.items() if fault.kind != FOLLOWS}
        verdict.cases.append(result)
        if case.group == PUBLISHED:
            unpublished = frozenset(wrong)
        else:
            group = right.setdefault(case.group, dict.fromkeys(exercise.weights, True))
            group |= dict.fromkeys(wrong, False)
    for group in right.values():
        for name, needed in exercise.needs.items():
            group[name] = group[name] and all(group[other] for other in needed)
    earned = _earned(exercise, right)
    # A failed published example costs extra only for outputs that are right in the core cases.
    taken = int(any(right[CORE][name] for name in unpublished))
    values = {number: outputs for number, (outputs, _) in judged.items()}
    for result in _properties(exercise, cases, answers, values):
        verdict.cases.append(result)
        if result.status == "failed":
            taken += 1
            findings.add(result.name, {"": Fault("property", "", result.reason)})
    share = max(0.0, earned - PENALTY * taken)
    verdict.points = points if share == 1.0 else round(points * share, 6)
    texts: list[tuple[str, list[str]]] = []
    verdict.findings = [Finding(*found) for found in guarded(texts, findings.all)]
    if not verdict.correct:
        guarded(None, _explain, verdict, diagnosis, len(compared) == len(cases))
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


def _follow_fault(name: str) -> Fault:
    said = f"`{name}` differs only because of what it is computed from, and counts as right"
    return Fault(FOLLOWS, name, said)


def _earned(exercise: Exercise, right: Mapping[str, Mapping[str, bool]]) -> float:
    """Return the earned share of the points, from 0 to 1, before anything is taken away."""
    total = sum(exercise.weights.values())
    earned = 0.0
    for name, weight in exercise.weights.items():
        if right.get(CORE, {}).get(name):
            groups = [CORE, *exercise.shares]
            earned += weight / total * sum(exercise.share(group) for group in groups if right[group][name])
    return round(earned, 9)


def _properties(
    exercise: Exercise,
    cases: Sequence[DrawnCase],
    answers: Mapping[int, Answer],
    outputs: Mapping[int, tuple[Any, ...] | None],
) -> list[CaseResult]:
    """Judge, over all answers with a value, whether the function has forbidden side effects."""
    names = properties_of(exercise)
    returned = [
        Call(cases[number], outputs.get(number), answer.after, answer.shared, answer.random)
        for number, answer in answers.items()
        if answer.status == "returned"
    ]
    if not returned:
        return [CaseResult(name, "not run") for name in names]
    reasons = broken(exercise, returned)
    return [
        CaseResult(name, "failed" if name in reasons else "passed", reasons.get(name, "")) for name in names
    ]


def _explain(verdict: Verdict, found: Diagnosis | None, every: bool) -> None:
    """Fill in the sentence that the student reads first, and the credit of a mistake that earns some.

    ``every`` says whether the answers to all cases were compared.
    """
    verdict.message = verdict.findings[0].text
    if found is not None:
        verdict.mistake, verdict.message = found.mistake.name, found.mistake.help
        if found.whole and every:
            credit = round(verdict.max_points * found.mistake.credit, 6)
            verdict.points = max(verdict.points, credit)
