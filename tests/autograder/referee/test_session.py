"""The conversation between probe and referee: what goes inward, what counts, and what is forged."""

import numpy as np
import pytest

from autograder.referee import Referee
from autograder.sandbox.inside.probe import Probe
from autograder.sandbox.inside.wire import pack, unpack
from tests.autograder.referee.referee_play import grade, play, student
from tests.autograder.referee.toy_lab import SCALE, toy_lab


@pytest.fixture(scope="module")
def referee(tmp_path_factory):
    with Referee(toy_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def test_nothing_that_goes_inward_depends_on_the_answers_until_all_are_given(referee):
    said = []
    for source in (SCALE, "def scale(x, k): return 1", "def scale(x, k): raise ValueError", "a = 1"):
        session = referee.judge().open(referee.lab.exercises["scale"])
        said.append(play(session, student(source)))
    ends = [[header["type"] for header, _ in frames[7:]] for frames in said]
    assert ends == [["end"], ["trace", "trace", "trace", "end"], ["end"], ["end"]]
    said = [frames[:7] for frames in said]
    assert said[0] == said[1] == said[2] == said[3]
    headers = [header for header, _ in said[0]]
    assert [header["type"] for header in headers] == ["open", *["case"] * 6]
    assert set(headers[1]) == {"type", "case", "inputs", "apart", "outputs", "arrays"}
    assert headers[0] == {"type": "open", "lend": [], "arrays": []}


def test_the_first_answer_is_final(referee):
    session = referee.judge().open(referee.lab.exercises["scale"])
    good = {"type": "answer", "status": "returned", "inputs": {"dict": []}}
    assert session.answer({**good, "case": 0}, []) == [({"type": "closed"}, [])]  # before it has begun
    begin = {"type": "begin", "exercise": "scale"}
    opened, first = session.answer(begin, [])
    assert (opened[0]["type"], first[0]["case"]) == ("open", 0)
    assert session.answer(begin, [])[0][0]["type"] == "closed"
    ((second, _),) = session.answer({"type": "answer", "case": 0, "status": "raised", "error": "E"}, [])
    assert second["case"] == 1
    for case in (0, 5, -1, None, "1", [1]):
        assert session.answer({**good, "case": case}, []) == [({"type": "closed"}, [])]
    found = session.close()
    assert found.cases[0].reason == "`scale` raised E"
    assert [case.status for case in found.cases[1:5]] == ["not run"] * 4
    assert {case.reason for case in found.cases[1:5]} == {"the test cell ended early"}
    assert session.answer(begin, []) == [({"type": "closed"}, [])]
    assert session.close() is found


def test_a_second_session_answers_nothing_and_keeps_the_verdict(referee):
    judge = referee.judge()
    wrong = grade(judge, student("a = 1"), "scale")["scale"]
    again = grade(judge, student(SCALE), "scale")["scale"]
    assert again is wrong
    assert again.points == 0


@pytest.mark.parametrize("exercise", ["both", "", None, ["scale"]])
def test_only_the_open_exercise_can_begin(referee, exercise):
    session = referee.judge().open(referee.lab.exercises["scale"])
    assert session.answer({"type": "begin", "exercise": exercise}, []) == [({"type": "closed"}, [])]


def test_exercises_that_never_ran_say_why_and_get_nothing(referee):
    judge = referee.judge()
    assert (
        judge.open(referee.lab.exercises["scale"]).close().message
        == "The test cell never called the function."
    )
    timed = judge.open(referee.lab.exercises["both"]).close("the time limit of 10 s was reached")
    assert timed.message == "The time limit of 10 s was reached."
    assert {case.reason for case in timed.cases[:-3]} == {"the time limit of 10 s was reached"}
    for found in [*judge.final("never"), *referee.judge().final("the notebook ended")]:
        assert found.points == 0
        assert all(case.status == "not run" for case in found.cases)
    assert [found.name for found in referee.judge().final("x")] == ["scale", "both"]


def test_grade_ids_lead_to_exercises(referee):
    judge = referee.judge()
    assert judge.exercise_of("test_both") is referee.lab.exercises["both"]
    assert [judge.exercise_of(name) for name in ("both", "nothing", "", None)] == [None] * 4


FORGED = [
    {"status": "returned"},
    {"status": "returned", "value": {"value": 1}},
    {"status": "returned", "value": {"array": 99}, "inputs": {"dict": []}},
    {"status": "returned", "value": {"value": 10**400}, "inputs": {"value": None}, "shared": 3},
    {"status": "returned", "value": {"tuple": [{"value": 10**400}] * 3}, "inputs": {"dict": []}},
    {"status": "returned", "value": {"tuple": [{"value": 1e999}] * 3}, "inputs": {"dict": []}},
    {"status": "returned", "value": {"tuple": []}, "inputs": {"dict": [["x", {"other": "x"}]]}},
    {"status": "returned", "value": {"dict": [[1, {"value": 1}]]}, "inputs": {"dict": []}, "shared": [[0]]},
    {"status": "returned", "value": {"value": 1}, "inputs": {"dict": []}, "shared": [[-1, "x"], [9, "x"]]},
    {"status": "passed", "points": 10},
    {"status": ["returned"]},
    {"status": "raised", "error": 5, "message": None, "line": True},
    {"status": "raised", "error": "E" * 10**5, "message": "m" * 10**5, "line": 10**400, "source": "s"},
    {"status": "missing", "points": 10, "verdict": "correct"},
    {},
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_answer_scores_nothing_and_breaks_nothing(referee, forged):
    session = referee.judge().open(referee.lab.exercises["scale"])

    def forge(sent):
        header, _ = sent
        if header["type"] != "answer":
            return sent
        return {"type": "answer", "case": header["case"], **forged}, []

    play(session, student(SCALE), forge)
    found = session.close()
    assert found.points == 0
    assert all(len(case.reason) < 1500 for case in found.cases)


@pytest.mark.parametrize(("inputs", "points"), [({"inputs": {"dict": []}}, 8.0), ({}, 10.0)])
def test_right_values_that_claim_to_share_nothing_and_changed_nothing(referee, inputs, points):
    """A forger who hides what it did to the inputs gains what an honest answer gets, and no more."""
    session = referee.judge().open(referee.lab.exercises["scale"])

    def forge(sent):
        header, _ = sent
        if header["type"] != "answer":
            return sent
        case = referee.cases["scale"][header["case"] % 5]  # the first is sent again
        packed = pack(known=() if inputs else case.sent)
        return {
            **{key: header[key] for key in ("type", "case", "status")},
            "value": packed(case.outputs),
            **inputs,
        }, packed.arrays

    play(session, student(SCALE), forge)
    found = session.close()
    assert found.points == pytest.approx(points)
    assert ("writes into `k`, `x`" in found.message) == bool(inputs)


TAKES = """
def takes(x, box, flags):
    {}
    return x, x + 1
"""


@pytest.mark.parametrize(
    ("line", "is_sent"),
    [
        ("pass", False),
        ("x = x * 2", False),
        ("x *= 1", False),
        ("x[0] += 1", True),
        ("x.shape = (3, 2)", True),
        ("box['w'] = box['w'].copy()", False),
        ("box['w'] = box['w'] + 1", True),
        ("box['v'] = 1", True),
        ("box['w'] = x", True),
        ("flags[0] = 1", True),
        ("flags.append(None)", True),
    ],
)
def test_inputs_are_sent_back_only_where_they_have_changed(line, is_sent):
    inputs = {"x": np.ones((2, 3)), "box": {"w": np.zeros(2)}, "flags": [True, 1.0]}
    packed = pack()
    case = {"type": "case", "case": 0, "inputs": packed(inputs), "apart": []}
    inward, outward = [({"type": "open", "lend": []}, []), (case, packed.arrays), ({"type": "end"}, [])], []
    names = student(TAKES.format(line))
    Probe(names, lambda *sent: outward.append(sent), lambda: inward.pop(0))("takes")
    header, arrays = outward[1]
    assert ("inputs" in header) == is_sent
    values = unpack(arrays, known=() if is_sent else packed.sent)
    value = values(header["value"])
    after = values(header["inputs"]) if is_sent else inputs
    names["takes"](*inputs.values())
    assert repr(after) == repr(inputs)
    assert "x = " in line or repr(value[0]) == repr(inputs["x"])


@pytest.mark.parametrize(("effect", "asked"), [({}, 2), ({"args": {"list": []}}, 4)])
def test_equal_calls_of_a_lent_function_are_asked_for_once(effect, asked):
    names = student(
        "def double(x): return x",
        "def takes(x):\n    first = double(x)\n    first += 1\n"
        "    return [first, double(x), double(x + 1), double(x=x)]",
    )
    packed, outward = pack(), []
    case = {"type": "case", "case": 0, "inputs": packed({"x": np.ones(2)}), "apart": [], "lent": True}
    opened = {"type": "open", "lend": ["double"], "parameters": {"double": ["x"]}}
    inward = [(opened, []), (case, packed.arrays), ({"type": "end"}, [])]

    def receive():
        header, arrays = outward[-1]
        if header["type"] != "call":
            return inward.pop(0)
        read = unpack(arrays)
        _, named = read(header["args"])
        made = pack(known=read.received)
        return {"type": "result", "value": made(2 * named["x"]), **effect}, made.arrays

    Probe(names, lambda header, arrays=(): outward.append((header, arrays)), receive)("takes")
    assert [header["type"] for header, _ in outward] == ["begin", *["call"] * asked, "answer"]
    header, arrays = outward[-1]
    returned = unpack(arrays, known=packed.sent)(header["value"])
    assert [value.tolist() for value in returned] == [[3, 3], [2, 2], [4, 4], [2, 2]]


GIVEN = """
def first(x, box, n): return x
def takes(x, box, flags):
    {}
    return first(x, box, 1)[0]
"""


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("pass", {"x": "x", "box": "box"}),
        ("x = x * 1", {"box": "box"}),
        ("x *= 1", {"x": "x", "box": "box"}),
        ("x[0] += 1", {"box": "box"}),
        ("x.shape = (3, 2)", {"box": "box"}),
        ("x = x.T", {"box": "box"}),
        ("box['w'] = box['w'].copy()", {"x": "x"}),
        ("box['w'][0] = 5", {"x": "x"}),
        ("box['v'] = 1", {"x": "x"}),
        ("box['text'] = 'b'", {"x": "x"}),
        ("box = dict(box)", {"x": "x"}),
        ("x, box = box, x", {"x": "box", "box": "x"}),
    ],
)
def test_a_lent_call_names_the_inputs_that_it_passes_on_as_they_came(line, given):
    names = student(GIVEN.format(line))
    inputs = {"x": np.arange(6.0).reshape(2, 3), "box": {"w": np.zeros(2), "text": "a"}, "flags": [True, 1.0]}
    packed, outward = pack(), []
    case = {"type": "case", "case": 0, "inputs": packed(inputs), "apart": [], "lent": True}
    opened = {
        "type": "open",
        "lend": ["first"],
        "parameters": {"first": ["x", "box", "n"]},
        "pure": ["first"],
    }
    inward = [(opened, []), (case, packed.arrays), ({"type": "end"}, [])]
    # The result is a value of the call's own arrays, then the first array of the case's inputs.
    answers = iter([{"type": "result", "value": {"list": [{"value": 7}]}}])

    def receive():
        return (next(answers), []) if outward[-1][0]["type"] == "call" else inward.pop(0)

    Probe(names, lambda header, arrays=(): outward.append((header, arrays)), receive)("takes")
    call, arrays = outward[1]
    assert call.get("given", {}) == given
    _, sent = unpack(arrays)(call["args"])
    assert sent.keys() == {"x", "box", "n"} - given.keys()
    assert outward[-1][0]["value"] == {"value": 7}


def test_random_trees_as_answers_never_break_the_referee(referee):
    rng = np.random.default_rng(0)
    kinds = [np.float64, np.float32, np.int64, np.bool_, np.complex128, np.uint8, np.longdouble]

    def tree(depth=0):
        pick = rng.integers(0, 12 if depth < 3 else 8)
        if pick < 4:
            shape = tuple(int(n) for n in rng.integers(0, 4, size=rng.integers(0, 4)))
            return np.asarray(rng.integers(-3, 3, size=shape)).astype(kinds[rng.integers(len(kinds))])
        if pick < 8:
            return [None, float("nan"), -1, "text", True, 10**30, object(), b"x"][rng.integers(8)]
        items = [tree(depth + 1) for _ in range(rng.integers(0, 4))]
        return [tuple(items), items, dict(enumerate(items)), (tree(depth + 1),) * 3][pick - 8]

    for _ in range(150):
        names = student("def scale(x, k): return next(VALUES)")
        names["VALUES"] = iter(
            [tree() if rng.random() < 0.5 else tuple(tree() for _ in range(3)) for _ in range(5)]
        )
        found = grade(referee, names, "scale")["scale"]
        assert found.points == 0
        assert found.message
