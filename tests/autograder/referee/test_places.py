"""Where a wrong function goes wrong: what is said, what is asked for it, and that it never changes points."""

import sys

import numpy as np
import pytest

from autograder.audit.play import namespace
from autograder.lab.text import reference_source
from autograder.referee.places import known_places
from autograder.sandbox.inside.probe import Probe
from autograder.sandbox.inside.wire import pack
from course_utils.judging.trace import Trace
from tests.autograder.referee.referee_play import edited, grade, play


@pytest.fixture(scope="module")
def cells(referee_of):
    return referee_of("cells", 1)


@pytest.fixture(scope="module")
def backprop(referee_of):
    return referee_of("backprop", 1)


def verdict_of(referee, name, *edits):
    source = edited(reference_source(referee.lab.text)[name], *edits)
    return grade(referee, namespace(referee.lab, {name: source}), name)[name]


def test_a_gate_copied_from_another(cells):
    found = verdict_of(cells, "lstm_cell_forward", ("np.dot(Wo, concat) + bo", "np.dot(Wi, concat) + bi"))
    assert found.place == "`concat`, `ft`, `it` and `cct` are right; `ot` is the first that is not."


def test_an_output_that_is_left_none_needs_no_place(cells):
    found = verdict_of(
        cells,
        "lstm_cell_forward",
        ("c_next = ft * c_prev + it * cct", "c_next = None"),
        ("np.tanh(c_next)", "np.tanh(c_prev)"),
    )
    assert found.message.startswith("`c_next` is None")
    assert found.place == ""


def test_a_wrong_slope(backprop):
    found = verdict_of(backprop, "lstm_cell_backward", ("it * (1 - cct**2)", "it * (1 - cct) ** 2"))
    assert found.place == "`dc`, `dzf` and `dzi` are right; `dzc` is the first that is not."


def test_a_loop_that_leaves_out_a_step(backprop):
    found = verdict_of(backprop, "lstm_backward", ("reversed(range(T_x))", "reversed(range(1, T_x))"))
    assert found.place == "The loop over `t` ends too early."


def test_a_gradient_handed_on_twice(backprop):
    found = verdict_of(
        backprop, "rnn_backward", ('da_prev = step["da_prev"]', 'da_prev = da_prev + step["da_prev"]')
    )
    assert found.place == "`da_prev` is right after the last step, wrong after the one before."


def test_other_names_are_matched_by_value(cells):
    source = """
def lstm_cell_forward(word, h, c, p):
    both = np.concatenate((h, word))
    keep = sigmoid(p["Wf"] @ both + p["bf"])
    add = sigmoid(p["Wi"] @ both + p["bi"])
    new = np.tanh(p["Wc"] @ both + p["bc"])
    out = sigmoid(p["Wo"] @ both + p["bo"])
    memory = keep * c + new
    state = out * np.tanh(memory)
    return state, memory, softmax(p["Wy"] @ state + p["by"]), (
        state, memory, h, c, keep, add, new, out, word, p)
"""
    found = grade(cells, namespace(cells.lab, {"lstm_cell_forward": source}), "lstm_cell_forward")
    place = found["lstm_cell_forward"].place
    assert place == "`ft`, `it`, `cct` and `ot` are right; `c_next` is the first that is not."


def test_nothing_is_said_of_a_right_quantity_that_a_student_computes_inline(cells):
    """The gates are never held by a variable: only the outputs can be said to be wrong."""
    source = """
def rnn_cell_forward(xt, a_prev, parameters):
    z = softmax(parameters["Wya"] @ np.tanh(
        parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"]))
    a = np.tanh(parameters["Waa"] @ a_prev + parameters["Wax"] @ xt + parameters["ba"])
    return a, z, (a, a_prev, xt, parameters)
"""
    found = grade(cells, namespace(cells.lab, {"rnn_cell_forward": source}), "rnn_cell_forward")
    assert found["rnn_cell_forward"].place in ("", "`a_next` is right; `yt_pred` is the first that is not.")


@pytest.mark.parametrize("lab", ["cells", "backprop"])
def test_a_right_function_is_never_traced(lab, request):
    referee = request.getfixturevalue(lab)
    for name, exercise in referee.lab.exercises.items():
        frames = play(referee.judge().open(exercise), dict(referee.lab.reference))
        assert "trace" not in {header["type"] for header, _ in frames}, name


def test_the_traced_cases_are_the_same_for_all_and_are_no_hidden_ones(cells):
    name = "rnn_cell_forward"
    wrong = {**cells.lab.reference, name: lambda xt, a_prev, parameters: (a_prev, xt, ())}
    asked = []
    for seed in (1, 2):
        judge = cells.judge(seed)
        frames = play(judge.open(cells.lab.exercises[name]), wrong)
        asked.append([(h["inputs"], a) for h, a in frames if h["type"] == "trace"])
        hidden = [case.packed[1] for case in judge.cases[name]]
        assert not [a for _, a in asked[-1] if a in hidden]
    assert len(asked[0]) == 3
    assert asked[0] == asked[1]


def row(*numbers):
    return np.array([numbers], np.float64)


HOSTILE = [
    {},
    {"status": "dropped"},
    {"status": "traced"},
    {"status": "traced", "names": ["a_next"], "rows": {"array": 99}, "complete": True},
    {"status": "traced", "names": [5], "rows": row(0, 1, 1, 1, 0, 0, 0, 1)},
    {"status": "traced", "names": ["a_next"], "rows": row(7, 1, 1, 1, 0, 0, 0, 1), "complete": True},
    {"status": "traced", "names": ["a_next"], "rows": row(0, np.nan, 1, 1, 0, 0, 0, 1), "complete": True},
    {"status": "traced", "names": ["a_next"], "rows": np.zeros((10**6, 8)), "complete": True},
    {"status": "traced", "names": ["a_next"] * 10**5, "rows": np.zeros((1, 8)), "complete": True},
    {"status": "traced", "names": ["a_next", "<b>x"], "rows": np.ones((3000, 8)), "complete": True},
    {"status": "traced", "names": [], "rows": np.zeros((0, 8)), "complete": True, "points": 20},
    {"type": "answer", "status": "returned", "case": 0},
    {"type": "traced", "case": -1},
    {"type": "begin", "exercise": "lstm_cell_forward"},
]


@pytest.mark.parametrize("forged", HOSTILE)
def test_no_answer_to_a_trace_changes_points(cells, forged):
    name = "lstm_cell_forward"
    source = edited(reference_source(cells.lab.text)[name], ("ft * c_prev", "it * c_prev"))
    names = namespace(cells.lab, {name: source})
    honest = grade(cells, names, name)[name]
    session = cells.judge().open(cells.lab.exercises[name])

    def forge(sent):
        header, _ = sent
        if header["type"] != "traced":
            return sent
        packed, made = pack(), {**forged}
        if isinstance(made.get("rows"), np.ndarray):
            made["rows"] = packed(made["rows"])
        return {"type": "traced", "case": header["case"], **made}, packed.arrays

    play(session, names, forge)
    found = session.close()
    said = (found.points, found.message, found.mistake, found.findings, found.cases, found.note)
    assert said == (honest.points, honest.message, honest.mistake, honest.findings, honest.cases, honest.note)
    assert "<b>" not in found.place
    assert len(found.place) < 300


@pytest.mark.skipif(sys.gettrace() is not None, reason="coverage measures by the same tracer")
@pytest.mark.parametrize(
    "line",
    [
        "raise SystemExit",
        "raise KeyboardInterrupt",
        "raise BaseException('x')",
        "1 / 0",
        "parameters.clear()",
    ],
)
def test_a_function_that_fails_when_it_is_traced_keeps_its_points(cells, line):
    name = "rnn_cell_forward"
    source = edited(
        reference_source(cells.lab.text)[name],
        ("+ ba)", ")"),
        ("    Wax = ", f"    import sys\n    if sys.gettrace(): {line}\n    Wax = "),
    )
    plain = verdict_of(cells, name, ("+ ba)", ")"))
    found = grade(cells, namespace(cells.lab, {name: source}), name)[name]
    assert 0 < found.points == plain.points
    assert found.message == plain.message


def test_a_session_that_ends_in_a_trace_keeps_its_verdict(cells):
    name = "rnn_cell_forward"
    wrong = namespace(cells.lab, {name: edited(reference_source(cells.lab.text)[name], ("+ ba)", ")"))})
    whole = grade(cells, wrong, name)[name]
    session = cells.judge().open(cells.lab.exercises[name])

    class Gone(Exception):
        pass

    def forge(sent):
        if sent[0]["type"] == "traced":
            raise Gone
        return sent

    with pytest.raises(Gone):
        play(session, wrong, forge)
    found = session.close("the notebook's process was ended")
    assert (found.points, found.cases) == (whole.points, whole.cases)


def test_a_slow_trace_is_dropped(monkeypatch):
    names = {"slow": None}
    exec("def slow(n):\n    for k in range(n):\n        len(str(k))\n    return n\n", names)
    packed = pack()
    inputs = packed({"n": 10**7})
    inward = [
        ({"type": "open", "lend": []}, []),
        ({"type": "trace", "case": 0, "inputs": inputs}, []),
        ({"type": "end"}, []),
    ]
    outward = []
    Probe(names, lambda *sent: outward.append(sent[0]), lambda: inward.pop(0))("slow")
    assert outward[1]["type"] == "traced"
    assert outward[1]["status"] == "dropped" or not outward[1]["complete"]


@pytest.mark.parametrize("lab", ["cells", "backprop"])
def test_nothing_can_be_said_of_the_reference(lab, request):
    referee = request.getfixturevalue(lab)
    for name in referee.lab.exercises:
        places = known_places(referee.lab, name)
        traces = {n: case.trace for n, case in enumerate(places.known.cases)}
        assert places.first_wrong(traces) is None
        assert places.first_wrong({0: Trace([], True)}) is None or places.known.held
