"""Talks to the probe: sends cases, receives answers as bytes, and gives verdicts.

`Referee` belongs to a lab, `Judge` to one submission and its seed, `Session` to one exercise of it. A session
is opened once, when the run reaches the exercise's test cell. What it sends to the sandbox never depends on
an answer until all cases are answered, and the first answer to a case is final.

A session sends its cases, and then the first core case again. If earlier functions are wrong that this one
may call, it does so twice: with the student's own functions, then with right ones lent. The better series
counts. Then the verdict is fixed. If the function is wrong, it is traced on a few cases that are the same for
all, to say where it goes wrong: what comes of that has no part in the points.
"""

import functools
import inspect
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from autograder.lab.course import LabFolder
from autograder.lab.exercise import CORE, Exercise
from autograder.lab.variants import variants
from autograder.referee.answer import Answer, read_answer
from autograder.referee.cases import DrawnCase, draw, refuse_ill_conditioned, varied
from autograder.referee.cells import Cells
from autograder.referee.fitting import Fitted, best
from autograder.referee.lender import Lender, Refused
from autograder.referee.places import Tracing
from autograder.referee.points import Answers, readable
from autograder.results import Verdict
from course_utils.judging.compare import UNFILLED
from course_utils.judging.patterns import guarded

__all__ = ["Judge", "Referee", "Session"]

UNDEFINED = re.compile(r"name '(\w+)' is not defined.*")
Frame = tuple[dict[str, Any], list[bytes]]
MAX_LENT_CALLS = 2_000
"""Largest number of calls of lent functions that one exercise may make."""


class Referee:
    """The trusted side for one lab: its cases, the reference, and the functions it lends.

    ``seed`` is that of the cases where a submission has none of its own. With ``tracing`` off, wrong
    functions are not traced.
    """

    def __init__(self, lab: LabFolder, seed: int = 0) -> None:
        self.lab, self.seed, self.tracing = lab, seed, True
        refuse_ill_conditioned(lab)
        self.lender = Lender(lab)

    @functools.cached_property
    def cases(self) -> Mapping[str, list[DrawnCase]]:
        """The cases of each exercise for the referee's own seed."""
        return draw(self.lab, self.seed)

    def judge(self, seed: int | None = None) -> "Judge":
        """Return a judge for one submission, whose cases are drawn from ``seed``."""
        return Judge(self, self.cases if seed is None else draw(self.lab, seed))

    def close(self) -> None:
        """End the process that lends functions."""
        self.lender.close()

    def __enter__(self) -> "Referee":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Judge:
    """Judges one submission, exercise by exercise, in the order of its test cells."""

    def __init__(self, referee: Referee, cases: Mapping[str, list[DrawnCase]]) -> None:
        self.referee, self.cases = referee, cases
        self.verdicts: dict[str, Verdict] = {}
        self.cells = Cells(referee.lab.text)
        self.usable: set[str] = set()
        """The exercises whose function returned outputs in each of its cases."""
        self.fitted: dict[str, LabFolder] = {}
        """The variant of the lab by which each exercise was judged."""
        self._varied: dict[tuple[str, LabFolder], list[DrawnCase]] = {}
        self._opened: set[str] = set()

    def exercise_of(self, grade_id: str | None) -> Exercise | None:
        """Return the exercise that a test cell grades, by its grade id."""
        lab = self.referee.lab
        name = lab.tests.get(grade_id) if grade_id else None
        return lab.exercises[name] if name else None

    def open(self, exercise: Exercise) -> "Session":
        """Open the session of an exercise. A second session of the same exercise answers ``closed`` only."""
        lend = self._to_lend(exercise)
        if lend:  # here, because the cell's time limit does not run yet
            self.referee.lender.start()
        session = Session(self, exercise, lend, closed=exercise.name in self._opened)
        self._opened.add(exercise.name)
        return session

    def final(self, reason: str) -> list[Verdict]:
        """Return all verdicts in the lab's order; exercises without one did not run, for ``reason``."""
        for exercise in self.referee.lab.exercises.values():
            if exercise.name not in self.verdicts:
                self.verdicts[exercise.name] = self._judged(exercise, Answers({}), reason).verdict
        return [self.verdicts[name] for name in self.referee.lab.exercises]

    def _to_lend(self, exercise: Exercise) -> tuple[str, ...]:
        """Return the wrong functions it may call; fixed before the first case, from earlier verdicts alone.

        Functions that only a wrong one calls are not lent: the lent function uses the reference's. A right
        function may call a wrong one, by its name in the student's notebook; that one is lent.
        """
        lent: dict[str, None] = {}
        for name in exercise.calls:
            verdict = self.verdicts.get(name)
            wrong = verdict is not None and not verdict.correct
            lent |= dict.fromkeys([name] if wrong else self._to_lend(self.referee.lab.exercises[name]))
        return tuple(lent)

    @property
    def forms(self) -> dict[str, str]:
        """The alternatives that the student wrote, by exercise: those by which the exercises were judged."""
        return {name: lab.forms[name].name for name, lab in self.fitted.items() if name in lab.forms}

    def _judged(self, exercise: Exercise, answers: Answers, reason: str) -> Fitted:
        """Judge answers by the variant that fits best; of equal ones, by that of the earlier exercises."""
        lab, forms = self.referee.lab, self.forms
        labs = variants(lab, exercise.name)
        if len(labs) > 1:
            labs = tuple(sorted(labs, key=lambda one: _unlike(one, forms, exercise.name)))
        points = lab.points[exercise.name]
        return best(labs, lambda one: self._cases_of(one, exercise), exercise, answers, points, reason)

    def _cases_of(self, lab: LabFolder, exercise: Exercise) -> list[DrawnCase]:
        """Return the cases with the outputs of a variant of the lab."""
        cases = self.cases[exercise.name]
        if lab is self.referee.lab:
            return cases
        if (exercise.name, lab) not in self._varied:
            self._varied[exercise.name, lab] = varied(lab, exercise, cases)
        return self._varied[exercise.name, lab]


@dataclass
class Session:
    """The conversation with the probe about one exercise; a `Listener` of the executor."""

    judge: Judge
    exercise: Exercise
    lend: tuple[str, ...]
    closed: bool = False

    def __post_init__(self) -> None:
        self._cases = self.judge.cases[self.exercise.name]
        self._again = next(n for n, case in enumerate(self._cases) if case.group == CORE)
        own = bool(self.lend) and self.judge.usable.issuperset(self.lend)
        self._series = [False, True] if own else [bool(self.lend)]
        """Whether functions are lent, for each series of cases."""
        self._answers: list[Answer] = []
        self._first: tuple[dict[str, Any], list[bytes]] = {}, []
        """What the probe sent for the case that is sent again."""
        self._begun = False
        self._verdict: Verdict | None = None
        """The verdict, once all cases are answered or the session is closed."""
        self._labs: tuple[LabFolder, ...] = ()
        """The variants that fit the answers best, once there is a verdict."""
        self._tracing: Tracing | None = None
        self._trace_asked = False
        """Whether a trace was asked for that has not come."""
        self._lent_calls: Counter[str] = Counter()

    @property
    def _length(self) -> int:
        """The number of answers of one series."""
        return len(self._cases) + 1

    @property
    def _asked(self) -> int | None:
        """The number of the case that was sent and not answered; None if there is none."""
        number = len(self._answers)
        return number if self._begun and number < len(self._series) * self._length else None

    def answer(self, header: dict[str, Any], arrays: list[bytes]) -> list[Frame]:
        """Answer one frame of the probe; an unexpected one is answered ``closed`` and changes nothing."""
        kind = header.get("type")
        if self.closed:
            return [({"type": "closed"}, [])]
        if kind == "begin" and not self._begun and header.get("exercise") == self.exercise.name:
            self._begun = True
            return [self._opening(), self._next()]
        if kind == "answer" and self._asked is not None and header.get("case") == self._asked:
            self._answers.append(self._read(header, arrays, self._asked))
            return [self._next()]
        if kind == "traced" and self._tracing is not None and self._tracing.take(header, arrays):
            return [self._next()]
        if kind == "call" and self._lends and header.get("function") in self.lend:
            return [self._lent(header, arrays)]
        return [({"type": "closed"}, [])]

    def close(self, reason: str = "") -> Verdict:
        """End the session and return the verdict; ``reason`` says why any cases are unanswered."""
        first = self.exercise.name not in self.judge.verdicts
        self.closed = True
        if first:
            if not reason:
                reason = (
                    "the test cell ended early" if self._begun else "the test cell never called the function"
                )
            verdict = self._verdict or self._judged(reason)
            if self._tracing is not None:
                verdict.place = self._tracing.sentence()
                verdict.digests = {} if verdict.mistake else self._tracing.digests()
            self.judge.verdicts[self.exercise.name] = verdict
            self.judge.fitted[self.exercise.name] = self._labs[0]
        return self.judge.verdicts[self.exercise.name]

    def _judged(self, reason: str) -> Verdict:
        """Return the verdict of the better series; of equal ones, that with lent functions."""
        verdicts: list[tuple[bool, Fitted]] = []
        for number in reversed(range(len(self._series))):
            answers = self._answers[number * self._length : (number + 1) * self._length]
            again = answers.pop() if len(answers) == self._length else None
            if len(answers) == len(self._cases) and all(readable(self.exercise, one) for one in answers):
                self.judge.usable.add(self.exercise.name)
            given = Answers(dict(enumerate(answers)), again)
            fitted = self.judge._judged(self.exercise, given, reason)
            verdicts.append((self._series[number], fitted))
            if fitted.verdict.correct:
                break
        # The first of equal ones.
        lent, (verdict, self._labs) = max(verdicts, key=lambda pair: pair[1].verdict.points)
        returned = any(answer.status == "returned" for answer in self._answers)
        verdict.note = " ".join(filter(None, [verdict.note, self._note(verdict, lent, returned)]))
        verdict.carried_forward = lent and bool(self._lent_calls)
        return verdict

    @property
    def _lends(self) -> bool:
        """Whether functions are lent to the case that was sent, or to the function that is traced."""
        if self._verdict is not None:
            return bool(self.lend) and self._trace_asked
        return self._asked is not None and self._series[self._asked // self._length]

    def _opening(self) -> Frame:
        lab = self.judge.referee.lab
        header: dict[str, Any] = {"type": "open", "lend": list(self.lend)}
        if self.lend:
            header["parameters"] = {
                name: list(inspect.signature(lab.reference[name]).parameters) for name in self.lend
            }
        seeding = [name for name in self.lend if lab.exercises[name].seeds]
        header |= {"seeding": seeding} if seeding else {}
        header |= {"pure": pure} if (pure := self._pure) else {}
        return header, []

    @property
    def _pure(self) -> list[str]:
        """The lent functions that write into no argument: their calls may name inputs of the case.

        ``SEQLAB_SEND_INPUTS=1`` in the environment has all inputs sent instead, to measure what that takes.
        """
        if os.environ.get("SEQLAB_SEND_INPUTS") == "1":
            return []
        return [name for name in self.lend if not self.judge.referee.lab.exercises[name].writes]

    def _case(self, number: int) -> int:
        """Return which of the exercise's cases is sent under a number."""
        number %= self._length
        return number if number < len(self._cases) else self._again

    def _next(self) -> Frame:
        number, exercise = self._asked, self.exercise
        if number is None:
            return self._next_trace()
        case = self._cases[self._case(number)]
        node, arrays = case.packed
        asked = {"apart": exercise.apart, "outputs": len(exercise.outputs)}
        header = {"type": "case", "case": number, "inputs": node, **asked}
        header |= {"files": dict(case.files)} if case.files else {}
        header |= {"observer": exercise.observer} if exercise.observer else {}
        lent = {"lent": self._lends} if self.lend else {}
        return {**header, **lent, **({"seed": case.seed} if exercise.seeds else {})}, arrays

    def _next_trace(self) -> Frame:
        """Return the frame that asks for a trace, if the function is wrong, or ends the session.

        The verdict is fixed before the first one is asked for.
        """
        if self._verdict is None:
            self._verdict = self._judged("")
            returned = any(answer.status == "returned" for answer in self._answers)
            unfilled = UNFILLED in self._verdict.message  # then it is plain where it goes wrong
            traced = self.judge.referee.tracing and not self.exercise.observer
            if traced and returned and not (self._verdict.correct or unfilled):
                self._tracing = guarded(None, Tracing, self._labs, self.exercise.name)
        asked = self._tracing.next() if self._tracing is not None else None
        self._trace_asked = asked is not None
        return asked or ({"type": "end"}, [])

    def _read(self, header: dict[str, Any], arrays: list[bytes], number: int) -> Answer:
        """Read the answer to a case. The same answer to the same case is read once."""
        content = {key: value for key, value in header.items() if key != "case"}
        place = number % self._length
        if place == len(self._cases) and (content, arrays) == self._first:
            return self._answers[number - place + self._again]
        if place == self._again:
            self._first = content, arrays
        answer = read_answer(header, arrays, self._cases[self._case(number)])
        return guarded(answer, self._with_cause, answer)

    def _lent(self, header: dict[str, Any], arrays: list[bytes]) -> Frame:
        self._lent_calls[header["function"]] += 1
        try:
            if self._lent_calls.total() > MAX_LENT_CALLS:
                raise Refused("too many calls")
            given = self._given(header) if "given" in header else None
            answer, result = self.judge.referee.lender.call(header, arrays, self.judge.forms, given)
        except Refused as reason:
            return {"type": "refused", "reason": str(reason)}, []
        return {"type": "result", **answer}, result

    def _given(self, header: dict[str, Any]) -> DrawnCase:
        """Return the case of whose inputs a call names some. Raises Refused unless it may."""
        named, number = header["given"], self._asked
        if type(named) is not dict or number is None or header["function"] not in self._pure:
            raise Refused("no inputs are known")
        case = self._cases[self._case(number)]
        if unknown := [name for name in named.values() if type(name) is not str or name not in case.inputs]:
            raise Refused(f"the case has no input {str(unknown[0])[:80]}")
        return case

    def _with_cause(self, answer: Answer) -> Answer:
        """Add to an answer without a value what the cells before tell of it."""
        said, cells, cause = dict(answer.said), self.judge.cells, ""
        if answer.status == "missing":
            cause = cells.why_undefined(self.exercise.name)
        elif said.get("error") == "NameError" and (name := UNDEFINED.fullmatch(said.get("message", ""))):
            said["undefined"], cause = name[1], cells.why_undefined(name[1])
        if said.get("stub") and not cells.is_stub(self.exercise.name):
            said["stub"] = ""
        return replace(answer, said={**said, "cause": cause})

    def _note(self, verdict: Verdict, lent: bool, returned: bool) -> str:
        """Return what is to be said of lent functions; ``lent`` says whether their series counts."""
        called = [name for name in self.lend if self._lent_calls[name]]
        inlined = [name for name in self.lend if name not in called]
        notes = []
        if called and lent:
            cost = "its mistake costs" if len(called) == 1 else "their mistakes cost"
            end = (
                f", so that {cost} only once."
                if verdict.correct
                else ": what is wrong here is in this function."
            )
            notes.append(f"Graded with a correct {_names(called)}{end}")
        elif called:
            correct = "a correct one" if len(called) == 1 else "correct ones"
            notes.append(
                f"Graded with your own {_names(called)}: with {correct}, this function would earn less."
            )
        if inlined and returned and not verdict.correct:
            are, them = ("is", "it") if len(inlined) == 1 else ("are", "them")
            notes.append(
                f"Your {_names(inlined)} {are} wrong too, but this function does not call {them}, "
                "so no correct one could be lent."
            )
        return " ".join(notes)


def _unlike(lab: LabFolder, forms: Mapping[str, str], exercise: str) -> int:
    """Return in how many other functions than the exercise a variant differs from some forms."""
    mine = {name: one.name for name, one in lab.forms.items() if name != exercise}
    others = {name: form for name, form in forms.items() if name != exercise}
    return len(mine.items() ^ others.items())


def _names(functions: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in functions)
