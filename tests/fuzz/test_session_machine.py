"""The session protocol, whatever frames come in whatever order, beside a model of the legal order.

The model knows what is sent inward before any answer is given, and which answers count: verdicts must be the
same as when just these answers are given, in order, with nothing between them.
"""

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
from autograder.referee.session import Session
from autograder.sandbox.inside.wire import pack, random_state
from tests.autograder.referee.toy_lab import chain_lab, toy_lab
from tests.fuzz.documents import VALUES

CLOSED = [({"type": "closed"}, [])]
HOWS = ("right", "changed", "wrong", "raised", "missing", "unreadable", "strange")
ANSWERS = st.tuples(st.sampled_from(HOWS), st.sampled_from([0, 0, 0, 0, 0, -1, 1, 10**6]))
"""How a case is answered, and how far its number is from the one that was asked."""

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


class Protocol(RuleBasedStateMachine):
    """One submission's judge, its sessions, and the model of them."""

    referee: Referee
    sessions = Bundle("sessions")

    def __init__(self):
        super().__init__()
        self.judge = self.referee.judge()
        self.model = {}
        """What the model knows of each session."""
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
        session = self.judge.open(exercise)
        again = any(known["exercise"] is exercise for known in self.model.values())
        self.model[id(session)] = {
            "exercise": exercise,
            "session": session,
            "closed": again,
            "begun": False,
            "counted": [],
            "lend": self.lent(exercise),
        }
        if begins:
            self.begin_with(session, exercise.name)
        self.answer_all(session, answers)
        return session

    def ask(self, session, header, arrays=()):
        return session.answer(*through_bytes((header, list(arrays))))

    def case_of(self, exercise, number):
        """What the model expects to be sent for a case, by its number alone."""
        cases = self.referee.cases[exercise.name]
        if number == len(cases):
            return "end", None, []
        node, arrays = cases[number].packed
        return "case", (number, node, cases[number].seed), arrays

    def check_sent(self, sent, exercise, number):
        header, arrays = sent
        kind, content, wanted = self.case_of(exercise, number)
        assert (header["type"], arrays) == (kind, wanted)
        if content:
            assert (header["case"], header["inputs"], header.get("seed")) == content
            assert header.keys() <= {"type", "case", "inputs", "apart", "seed"}

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
        self.check_sent(first, known["exercise"], 0)

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
        header, arrays = answer_to(self.referee, exercise, min(asked, len(cases) - 1), how)
        header["case"] = asked + ahead
        sent = self.ask(session, header, arrays)
        if known["closed"] or not known["begun"] or ahead or asked >= len(cases):
            assert sent == CLOSED
            return
        known["counted"].append((header, arrays))
        (one,) = sent
        self.check_sent(one, exercise, len(known["counted"]))

    @rule(session=sessions, data=st.data(), arguments=VALUES)
    def call(self, session, data, arguments):
        known = self.model[id(session)]
        name = data.draw(st.sampled_from([*self.referee.lab.exercises, "nothing"]))
        packed, cases = pack(), self.referee.cases.get(name)
        given = list(cases[0].inputs.values()) if cases and data.draw(st.booleans()) else [arguments]
        state = packed(random_state())
        header = {"type": "call", "function": name, "args": packed([given, {}]), "state": state}
        ((answer, _),) = self.ask(session, header, packed.arrays)
        is_lent = not known["closed"] and known["begun"] and name in known["lend"]
        assert answer["type"] in (("result", "refused") if is_lent else ("closed",))
        known["called"] = known.get("called", False) or is_lent

    @rule(session=sessions, header=st.dictionaries(st.text(max_size=4), VALUES, max_size=3), kind=VALUES)
    def junk(self, session, header, kind):
        assert session.answer({**header, "type": kind}, []) == CLOSED

    @rule(session=sessions, reason=st.sampled_from(["", "the time limit was reached"]), later=OFTEN)
    def close(self, session, reason, later):
        if later:
            return
        known = self.model[id(session)]
        exercise = known["exercise"]
        found = session.close(reason)
        known["closed"] = True
        if exercise.name in self.final:
            assert found is self.final[exercise.name][0]
            return
        self.final[exercise.name] = found, repr(found)
        alone = Session(self.referee.judge(), exercise, ())
        if known["begun"]:
            alone.answer({"type": "begin", "exercise": exercise.name}, [])
        for header, arrays in known["counted"]:
            alone.answer(*through_bytes((header, arrays)))
        plain = alone.close(reason)
        assert (found.points, found.cases, found.mistake) == (plain.points, plain.cases, plain.mistake)
        assert (found.message, found.findings) == (plain.message, plain.findings)

    @invariant()
    def verdicts_stay_and_are_bounded(self):
        assert self.judge.verdicts.keys() == self.final.keys()
        for name, (verdict, said) in self.final.items():
            assert self.judge.verdicts[name] is verdict
            assert repr(verdict) == said
            assert 0 <= verdict.points <= verdict.max_points == self.referee.lab.points[name]

    def teardown(self):
        found = self.judge.final("the notebook ended")
        assert [verdict.name for verdict in found] == list(self.referee.lab.exercises)
        assert all(found[n] is self.judge.verdicts[one.name] for n, one in enumerate(found))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", [toy_lab, chain_lab])
def test_any_order_of_frames(make, tmp_path_factory):
    with Referee(make(tmp_path_factory.mktemp("labs")), 1) as referee:
        few = settings(max_examples=min(settings().max_examples, 2_000))
        run_state_machine_as_test(type("Protocol", (Protocol,), {"referee": referee}), settings=few)
