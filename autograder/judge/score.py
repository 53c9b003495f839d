"""From answers to a verdict: what each case says, what the exercise is worth, and why.

Points come from fresh values alone. Each output has a weight; an output earns the core group's share
when it is right in all core cases, and another group's share when it is right in all of that group's
too. The published example and the properties (inputs unchanged, memory kept apart) can only take away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..course import LabFolder
from ..exercise import CORE, Exercise
from ..results import CaseResult, Verdict
from .compare import Fault, compare
from .diagnose import Answered, Diagnosis, diagnose
from .draw import PUBLISHED, DrawnCase, as_outputs

__all__ = ["PENALTY", "Answer", "score"]

PENALTY = 0.2
"""The share of an exercise's points that each failed property, or a failed published example, takes away."""
DECIMAL = re.compile(r"[-+]?(\d+\.\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
UNCHANGED = "the inputs stay as they are"
APART = "the outputs have memory of their own"


@dataclass(frozen=True)
class Answer:
    """What came back for one case; ``said`` holds the words of an answer without a value."""

    status: str
    value: Any = None
    inputs: Any = None
    shared: list[tuple[int, str]] = field(default_factory=list)
    said: Mapping[str, str] = field(default_factory=dict)


def score(
    lab: LabFolder,
    exercise: Exercise,
    cases: Sequence[DrawnCase],
    answers: Mapping[int, Answer],
    points: float,
    reason: str,
) -> Verdict:
    """Return the verdict of one exercise. Cases without an answer did not run, for ``reason``."""
    verdict = Verdict(exercise.name, 0.0, points)
    right: dict[str, dict[str, bool]] = {}
    compared: list[Answered] = []
    faults: list[Fault] = []
    unpublished: frozenset[str] = frozenset()
    for number, case in enumerate(cases):
        answer = answers.get(number)
        found: list[Fault] = []
        if answer is None:
            result = CaseResult(case.name, "not run", reason)
            bad = frozenset(exercise.outputs)
        else:
            found, bad = _faults(exercise, case, answer)
            words = "; ".join(fault.message for fault in found)
            result = CaseResult(case.name, "failed" if bad else "passed", words)
            faults += found
            if answer.status == "returned":
                outputs = as_outputs(answer.value, exercise)
                if len(outputs) == len(exercise.outputs):
                    compared.append(Answered(case, outputs, bad))
        verdict.cases.append(result)
        if case.group == PUBLISHED:
            unpublished = bad
        else:
            group = right.setdefault(case.group, dict.fromkeys(exercise.outputs, True))
            for name in bad:
                group[name] = False
    earned = _earned(exercise, right)
    # What is wrong everywhere costs once; what is right on fresh inputs alone is not quite right.
    taken = int(any(right[CORE][name] for name in unpublished))
    for result in _properties(exercise, cases, answers):
        verdict.cases.append(result)
        taken += result.status == "failed"
    share = max(0.0, earned - PENALTY * taken)
    verdict.points = points if share == 1.0 else round(points * share, 6)
    if not verdict.correct:
        unanswered = reason if len(answers) < len(cases) else ""
        _explain(verdict, diagnose(lab, exercise, compared), faults, unanswered, len(compared) == len(cases))
    return verdict


def _faults(exercise: Exercise, case: DrawnCase, answer: Answer) -> tuple[list[Fault], frozenset[str]]:
    """Return the faults of an answer, one for each wrong output, and the names of the wrong outputs."""
    every = frozenset(exercise.outputs)
    if answer.status != "returned":
        return [Fault(answer.status, exercise.name, _without_value(exercise, answer))], every
    names = list(exercise.outputs)
    outputs = as_outputs(answer.value, exercise)
    if len(outputs) != len(names):
        got = f"{len(outputs)} values"
        if type(answer.value) is not tuple:
            got = "None" if answer.value is None else "a list" if type(answer.value) is list else "one value"
        message = f"`{exercise.name}` returns {got}; it should return {len(names)}: {', '.join(names)}"
        return [Fault("length", exercise.name, message)], every
    found = [
        fault
        for name, got, want in zip(names, outputs, case.outputs, strict=True)
        if (fault := compare(got, want, name, exercise.rtol))
    ]
    wrong = frozenset(fault.path.partition("[")[0] for fault in found)
    return found, wrong


def _without_value(exercise: Exercise, answer: Answer) -> str:
    said, name = answer.said, exercise.name
    if answer.status == "missing":
        return f"`{name}` is not defined: run and keep the cell that defines it"
    if answer.status == "not callable":
        kind = said.get("kind", "unknown")
        return f"`{name}` is no longer a function but of type {kind}: choose another name for that variable"
    if answer.status == "raised" and said.get("stub"):
        return f"`{name}` is still a stub: fill in between START and END CODE HERE"
    if answer.status == "raised":
        where = f" (line {said['line']}: {said['source']})" if said.get("line") and said.get("source") else ""
        # An exception's text may hold inputs of a hidden case: whole numbers (shapes) stay, others go.
        text = DECIMAL.sub("…", said.get("message", ""))
        message = f": {text}" if text else ""
        return f"`{name}` raised {said.get('error', 'an exception')}{message}{where}"
    return f"what `{name}` returned cannot be read ({said.get('reason', 'no answer')})"


def _earned(exercise: Exercise, right: Mapping[str, Mapping[str, bool]]) -> float:
    """Return the earned share of the points: by output, the core group first."""
    total = sum(exercise.outputs.values())
    earned = 0.0
    for name, weight in exercise.outputs.items():
        if right.get(CORE, {}).get(name):
            groups = [CORE, *exercise.shares]
            earned += weight / total * sum(exercise.share(group) for group in groups if right[group][name])
    return round(earned, 9)


def _properties(
    exercise: Exercise, cases: Sequence[DrawnCase], answers: Mapping[int, Answer]
) -> list[CaseResult]:
    """Judge, over all answers with a value, that inputs stay as they are and memory is kept apart."""
    changed: set[str] = set()
    shared: set[tuple[str, str]] = set()
    names = list(exercise.outputs)
    returned = [(cases[n], answer) for n, answer in answers.items() if answer.status == "returned"]
    for case, answer in returned:
        after = answer.inputs if type(answer.inputs) is dict else {}
        changed |= {
            name
            for name, before in case.inputs.items()
            if name not in exercise.may_mutate and compare(after.get(name), before, name, 0.0)
        }
        shared |= {
            (names[n], name) for n, name in answer.shared if 0 <= n < len(names) and name in case.inputs
        }
    # An input that is written to and handed back is one mistake, and costs once.
    shared = {(output, name) for output, name in shared if name not in changed}
    if not returned:
        return [CaseResult(UNCHANGED, "not run"), CaseResult(APART, "not run")]
    unchanged = CaseResult(UNCHANGED, "passed")
    if changed:
        listed = ", ".join(f"`{name}`" for name in sorted(changed))
        unchanged = CaseResult(
            UNCHANGED, "failed", f"your function writes into {listed}: work on a new array"
        )
    apart = CaseResult(APART, "passed")
    if shared:
        listed = ", ".join(f"`{out}` shares memory with `{name}`" for out, name in sorted(shared))
        apart = CaseResult(APART, "failed", f"{listed}: make a new array")
    return [unchanged, apart]


def _explain(
    verdict: Verdict, found: Diagnosis | None, faults: Sequence[Fault], unanswered: str, every: bool
) -> None:
    """Fill in the sentence that the student reads first, and the credit of a mistake that earns some.

    ``unanswered`` is why cases have no answer, if any have none; ``every`` says that all were compared.
    """
    if found is not None:
        verdict.mistake, verdict.message = found.mistake.name, found.mistake.help
        if found.whole and every:
            credit = round(verdict.max_points * found.mistake.credit, 6)
            verdict.points = max(verdict.points, credit)
    elif faults:
        verdict.message = _sentence(faults[0].message)
    else:
        failed = (case.reason for case in verdict.cases if case.status == "failed")
        verdict.message = _sentence(unanswered or next(failed, ""))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text and text[-1] not in ".?!" else text
