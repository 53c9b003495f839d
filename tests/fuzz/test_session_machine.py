"""The session protocol, whatever frames come in whatever order, beside a model of the legal order.

The model knows what is sent inward before any answer is given, and which answers count: verdicts must be the
same as when just these answers are given, in order, with nothing between them. Traces follow when the verdict
is fixed, and change nothing but its `place` and `digests`.
"""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from autograder.audit.play import through_bytes
from autograder.referee import Referee
from autograder.referee.places import known_places
from autograder.referee.session import Session
from autograder.sandbox.inside.wire import pack, random_state
from course_utils.judging.compare import UNFILLED
from course_utils.judging.trace import rows_of
from tests.autograder.referee.toy_lab import chain_lab, toy_lab
from tests.fuzz.documents import VALUES

CLOSED = [({"type": "closed"}, [])]
HOWS = ("right", "changed", "wrong", "raised", "missing", "unreadable", "strange")
ANSWERS = st.tuples(st.sampled_from(HOWS), st.sampled_from([0, 0, 0, 0, 0, -1, 1, 10**6]))
"""How a case is answered, and how far its number is from the one that was asked."""
FORGED = "<script>forged"
NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 3.0, 1e300, float("inf"), float("nan")])
TRACED = ("right", "changed", "changed", "forged", "forged", "strange", "dropped")
KINDS = st.lists(st.sampled_from(TRACED), max_size=3)
LENDING = {"toy": ("scale", "both"), "chain": ("pick", "train")}
"""In each lab, a function and another that calls it."""

THREE = st.tuples(st.sampled_from([*["wrong"] * 7, *HOWS]), *[st.sampled_from(HOWS)] * 2)
"""How a function answers, mostly so that the next has two series, and how that one answers in each."""
OFTEN = st.sampled_from([True, True, True, False])


def answer_to(referee, exercise, number, how):
    """Return a frame that answers a case, rightly or not."""
    case = referee.cases[exercise.name][number]
    header, packed = {"type": "answer", "case": number, "status": "returned"}, pack(known=case.sent)
    if how in ("right", "changed"):
        values = dict(zip(exercise.weights, case.outputs, strict=True))
        named = {name: values[name] for name in exercise.outputs}
        value = named if exercise.returns is dict else tuple(named.values())
        header["value"] = packed(value if len(named) > 1 or exercise.returns is dict else value[0])
        if how == "changed":
            packed = pack()
            header |= {"value": packed(None), "inputs": packed({name: None for name in case.inputs})}
    elif how == "wrong":
        header["value"] = packed((1.0, [2.0], None))
    elif how in ("raised", "missing"):
        header |= {"status": how, "error": "ValueError", "message": "no", "line": 3}
    elif how == "unreadable":
        header["value"] = {"array": 10**6}
    else:
        header |= {"status": [how], "points": 1000, "verdict": "correct"}
    return header, packed.arrays


def trace_of(places, number, kind, table, value):
    """Return a trace: the right function's own, one with all but the first event changed, or anything."""
    if kind in ("right", "changed"):
        events = list(places.known.cases[number].trace.events)
        if kind == "changed":
            events[1:] = [event._replace(sums=(1.0, 2.0, 3.0)) for event in events[1:]]
        names, rows = rows_of(events)
    else:
        names, rows = [FORGED, *[event.name for event in places.known.cases[number].trace.events]][:60], table
    packed = pack()
    node = packed(rows) if kind != "strange" else value
    header = {"status": "traced", "names": names, "rows": node, "complete": True, "answer": value}
    returned = pack(known=places.cases[number].sent)
    if kind in ("changed", "forged"):  # what was returned can be read
        numbers = table if kind == "forged" else np.linspace(1.0, 2.0, 20)
        outputs = {
            name: (numbers + n, FORGED) if n else numbers for n, name in enumerate(places.exercise.outputs)
        }
        made = outputs if places.exercise.returns is dict else tuple(outputs.values())
        header["answer"] = {"value": returned(made if len(outputs) > 1 else made[0])}
    return header | ({"status": value, "names": value} if kind == "dropped" else {}), [
        *packed.arrays,
        *returned.arrays,
    ]


class Protocol(RuleBasedStateMachine):
    """One submission's judge, its sessions, and the model of them."""

    referee: Referee
    twice: list
    """How many sessions were closed after two whole series."""
    placed: list
    """How many verdicts said where a function goes wrong."""
    digested: list
    """How many verdicts have digests."""
    sessions = Bundle("sessions")

    def __init__(self):
        super().__init__()
        self.judge = self.referee.judge()
        self.model = {}
        """What the model knows of each session."""
        self.usable = set()
        """The exercises with a series of cases that all had outputs."""
        self.final = {}
        """The verdict of each exercise as first given, and a copy of what it said then."""

    def lent(self, exercise):
        found = []
        for name in exercise.calls:
            if name in self.final and not self.final[name][0].correct:
                found.append(name)
            else:
                found += self.lent(self.referee.lab.exercises[name])
        return list(dict.fromkeys(found))

    @precondition(lambda self: len(self.model) < 3)
    @rule(target=sessions, data=st.data(), begins=OFTEN, answers=st.lists(ANSWERS, max_size=6))
    def open(self, data, begins, answers):
        exercise = data.draw(st.sampled_from(list(self.referee.lab.exercises.values())))
        return self.opened(exercise, begins, answers)

    @precondition(lambda self: not self.model)
    @rule(target=sessions, hows=THREE, last=st.sampled_from([0, 0, 1]), kinds=KINDS)
    def open_after_a_wrong_one(self, hows, last, kinds):
        """A wrong function whose cases are all answered, then one that calls it: two series, each alike."""
        first, second = (self.referee.lab.exercises[name] for name in LENDING[self.referee.lab.name])
        length = len(self.referee.cases[first.name]) + 1
        session = self.opened(first, True, [("wrong" if hows[0] == "right" else hows[0], 0)] * length)
        for kind in kinds:
            self.trace_once(session, kind, np.zeros((2, 8)), kind, 0)
        self.closed(session, "")
        length = len(self.referee.cases[second.name]) + 1
        answers = [(how, 0) for how in hows[1:] for _ in range(length)]
        session = self.opened(second, True, answers[: len(answers) - last])
        for kind in kinds:
            self.trace_once(session, kind, np.zeros((2, 8)), kind, 0)
        return session

    @precondition(lambda self: len(self.model) < 3)
    @rule(
        target=sessions,
        data=st.data(),
        how=st.sampled_from(["wrong", "wrong", "changed", "raised"]),
        kinds=KINDS,
    )
    def open_a_traced_one(self, data, how, kinds):
        exercise = data.draw(st.sampled_from(list(self.referee.lab.exercises.values())))
        session = self.opened(exercise, True, [(how, 0)] * (len(self.referee.cases[exercise.name]) + 1))
        for kind in kinds:
            self.trace_once(session, kind, np.zeros((2, 8)), kind, 0)
        return session

    def opened(self, exercise, begins, answers):
        session = self.judge.open(exercise)
        again = any(known["exercise"] is exercise for known in self.model.values())
        self.model[id(session)] = {
            "exercise": exercise,
            "session": session,
            "closed": again,
            "begun": False,
            "counted": [],
            "traces": None,
            "traced": 0,
            "lend": self.lent(exercise),
        }
        lend = self.model[id(session)]["lend"]
        own = bool(lend) and self.usable.issuperset(lend)
        self.model[id(session)]["series"] = [False, True] if own else [bool(lend)]
        if begins:
            self.begin_with(session, exercise.name)
        self.answer_all(session, answers)
        return session

    def ask(self, session, header, arrays=()):
        return session.answer(*through_bytes((header, list(arrays))))

    def case_of(self, known, exercise, number):
        """What the model expects to be sent for a case, by its number alone."""
        cases, lent = self.referee.cases[exercise.name], known["series"]
        length = len(cases) + 1  # the first case is sent again
        if number == length * len(lent):
            return self.after_cases(known, exercise)
        case = [*cases, cases[0]][number % length]
        node, arrays = case.packed
        lends = {"lent": lent[number // length]} if known["lend"] else {}
        return "case", {"case": number, "inputs": node, "seed": case.seed, **lends}, arrays

    def after_cases(self, known, exercise):
        """What is sent when all cases are answered: traces of a wrong function that returned something."""
        if known["traces"] is None:
            series = self.series_of(known)
            verdicts = [self.alone(known, one, "") for one in reversed(series)]
            best = max(verdicts, key=lambda verdict: verdict.points)
            wrong = not any(verdict.correct for verdict in verdicts) and UNFILLED not in best.message
            returned = any(how in ("right", "changed", "wrong") for _, _, how in known["counted"])
            places = known_places(self.referee.lab, exercise.name)
            known["traces"] = list(places.cases) if wrong and returned else []
            self.note_usable(known)
        if known["traced"] == len(known["traces"]):
            return "end", {}, []
        node, arrays = known["traces"][known["traced"]].packed
        return "trace", {"case": known["traced"], "inputs": node}, arrays

    def series_of(self, known):
        length = len(self.referee.cases[known["exercise"].name]) + 1
        return [known["counted"][n * length : (n + 1) * length] for n in range(len(known["series"]))]

    def traces_due(self, known):
        """Whether a trace was asked for and has not come."""
        return not known["closed"] and known["traced"] < len(known["traces"] or ())

    def check_sent(self, sent, known, number):
        header, arrays = sent
        kind, content, wanted = self.case_of(known, known["exercise"], number)
        assert (header["type"], arrays) == (kind, wanted)
        assert {key: header.get(key) for key in content} == content
        told = {"case": {"apart", "outputs", "seed", "lent"}, "trace": {"seed"}, "end": set()}
        assert header.keys() - content.keys() <= told[kind] | {"type"}
        assert ("lent" in header) == (kind == "case" and bool(known["lend"]))

    @rule(session=sessions, right_name=OFTEN, name=VALUES)
    def begin(self, session, right_name, name):
        self.begin_with(session, self.model[id(session)]["exercise"].name if right_name else name)

    def begin_with(self, session, given):
        known = self.model[id(session)]
        sent = self.ask(session, {"type": "begin", "exercise": given})
        if known["closed"] or known["begun"] or given != known["exercise"].name:
            assert sent == CLOSED
            return
        known["begun"] = True
        (opened, _), first = sent
        assert (opened["type"], opened["lend"]) == ("open", known["lend"])
        self.check_sent(first, known, 0)

    @rule(session=sessions, answers=st.lists(ANSWERS, min_size=1, max_size=4))
    def answer(self, session, answers):
        self.answer_all(session, answers)

    def answer_all(self, session, answers):
        for how, ahead in answers:
            self.answer_once(session, how, ahead)

    def answer_once(self, session, how, ahead):
        known = self.model[id(session)]
        exercise, asked = known["exercise"], len(known["counted"])
        cases = self.referee.cases[exercise.name]
        length = len(cases) + 1
        header, arrays = answer_to(self.referee, exercise, asked % length % len(cases), how)
        header["case"] = asked + ahead
        sent = self.ask(session, header, arrays)
        if known["closed"] or not known["begun"] or ahead or asked >= length * len(known["series"]):
            assert sent == CLOSED
            return
        known["counted"].append((header, arrays, how))
        (one,) = sent
        self.check_sent(one, known, len(known["counted"]))

    @rule(
        session=sessions,
        kind=st.sampled_from(TRACED),
        rows=st.lists(st.lists(NUMBERS, min_size=8, max_size=8), max_size=12),
        value=VALUES,
        ahead=st.sampled_from([0, 0, 0, 1, -1]),
    )
    def trace(self, session, kind, rows, value, ahead):
        self.trace_once(session, kind, np.array(rows, np.float64).reshape(-1, 8), value, ahead)

    def trace_once(self, session, kind, table, value, ahead):
        known = self.model[id(session)]
        places, number = known_places(self.referee.lab, known["exercise"].name), known["traced"]
        content, arrays = trace_of(places, number % len(places.cases), kind, table, value)
        sent = self.ask(session, {"type": "traced", "case": number + ahead, **content}, arrays)
        if ahead or not self.traces_due(known):
            assert sent == CLOSED
            return
        known["traced"] += 1
        self.check_sent(sent[0], known, len(known["counted"]))

    @rule(session=sessions, data=st.data(), arguments=VALUES)
    def call(self, session, data, arguments):
        known = self.model[id(session)]
        name = data.draw(st.sampled_from([*self.referee.lab.exercises, "nothing"]))
        packed, cases = pack(), self.referee.cases.get(name)
        given = list(cases[0].inputs.values()) if cases and data.draw(st.booleans()) else [arguments]
        state = packed(random_state())
        header = {"type": "call", "function": name, "args": packed([given, {}]), "state": state}
        ((answer, _),) = self.ask(session, header, packed.arrays)
        asked, length = len(known["counted"]), len(self.referee.cases[known["exercise"].name]) + 1
        lends = asked < length * len(known["series"]) and known["series"][asked // length]
        asks = (known["begun"] and lends) or self.traces_due(known)
        is_lent = not known["closed"] and asks and name in known["lend"]
        assert answer["type"] in (("result", "refused") if is_lent else ("closed",))
        known["called"] = known.get("called", False) or is_lent

    @rule(session=sessions, header=st.dictionaries(st.text(max_size=4), VALUES, max_size=3), kind=VALUES)
    def junk(self, session, header, kind):
        assert session.answer({**header, "type": kind}, []) == CLOSED

    @rule(session=sessions, reason=st.sampled_from(["", "the time limit was reached"]), later=OFTEN)
    def close(self, session, reason, later):
        if not later:
            self.closed(session, reason)

    def closed(self, session, reason):
        known = self.model[id(session)]
        exercise = known["exercise"]
        found = session.close(reason)
        known["closed"] = True
        if exercise.name in self.final:
            assert found is self.final[exercise.name][0]
            return
        self.final[exercise.name] = found, repr(found)
        length = len(self.referee.cases[exercise.name]) + 1
        self.twice[0] += len(known["counted"]) == 2 * length
        series = self.series_of(known)
        plain = max((self.alone(known, one, reason) for one in reversed(series)), key=lambda one: one.points)
        assert (found.points, found.cases, found.mistake) == (plain.points, plain.cases, plain.mistake)
        assert (found.message, found.findings) == (plain.message, plain.findings)
        assert FORGED not in found.place
        assert not found.place or known["traced"]
        assert not found.digests or known["traced"]
        assert found.digests.keys() <= exercise.weights.keys()
        assert FORGED not in repr(found.digests)
        self.placed[0] += bool(found.place)
        self.digested[0] += bool(found.digests)
        self.note_usable(known)

    def note_usable(self, known):
        exercise = known["exercise"]
        length = len(self.referee.cases[exercise.name])
        if any(len(one) >= length and self.has_outputs(exercise, one) for one in self.series_of(known)):
            self.usable.add(exercise.name)

    def has_outputs(self, exercise, answers):
        """Whether each case has the outputs of the exercise: of `wrong`, one output is what was returned."""
        single = len(exercise.outputs) in (1, 3) and exercise.returns is tuple
        hows = {"right", "wrong"} if single else {"right"}
        if len(exercise.outputs) == 1 and exercise.returns is tuple:
            hows.add("changed")
        return all(how in hows for _, _, how in answers[: len(self.referee.cases[exercise.name])])

    def alone(self, known, answers, reason):
        """The verdict on one series of answers, as if nothing had been lent."""
        session = Session(self.referee.judge(), known["exercise"], ())
        if known["begun"]:
            session.answer({"type": "begin", "exercise": known["exercise"].name}, [])
        for number, (header, arrays, _) in enumerate(answers):
            session.answer(*through_bytes(({**header, "case": number}, arrays)))
        return session.close(reason)

    @invariant()
    def verdicts_stay_and_are_bounded(self):
        assert self.judge.verdicts.keys() == self.final.keys()
        for name, (verdict, said) in self.final.items():
            assert self.judge.verdicts[name] is verdict
            assert repr(verdict) == said
            assert 0 <= verdict.points <= verdict.max_points == self.referee.lab.points[name]

    def teardown(self):
        for known in list(self.model.values()):
            self.closed(known["session"], "")
        found = self.judge.final("the notebook ended")
        assert [verdict.name for verdict in found] == list(self.referee.lab.exercises)
        assert all(found[n] is self.judge.verdicts[one.name] for n, one in enumerate(found))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", [toy_lab, chain_lab])
def test_any_order_of_frames(make, tmp_path_factory):
    with Referee(make(tmp_path_factory.mktemp("labs")), 1) as referee:
        few = settings(max_examples=min(max(settings().max_examples, 150), 2_000))
        counts = {"twice": [0], "placed": [0], "digested": [0]}
        machine = type("Protocol", (Protocol,), {"referee": referee, **counts})
        run_state_machine_as_test(machine, settings=few)
        assert machine.twice[0] > 0
        assert machine.digested[0] > 0
        told = any(known_places(referee.lab, name).known.claimed for name in referee.lab.exercises)
        assert bool(machine.placed[0]) == told
