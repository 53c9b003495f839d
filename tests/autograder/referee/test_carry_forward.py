"""Carry forward: a wrong cell under a right loop costs once, and what is lent stays within bounds."""

import os
import re
import time

import numpy as np
import pytest

from autograder.errors import GraderError
from autograder.referee import Referee
from autograder.referee import lender as lender_module
from autograder.referee import session as referee_module
from autograder.referee.lender import Lender, Refused
from autograder.sandbox.inside.wire import pack, unpack
from tests.autograder.referee.referee_play import edited, grade, mistaken_source, play, student, through_bytes
from tests.autograder.referee.toy_lab import BOTH, SCALE, toy_lab

PAIRS = {"rnn_cell_forward": "rnn_forward", "lstm_cell_forward": "lstm_forward"}
GARBAGE = {
    "raises": "def {name}(*args):\n    raise ZeroDivisionError",
    "stub": "def {name}(*args):\n    raise NotImplementedError('fill in')",
    "returns None": "def {name}(*args):\n    pass",
    "returns text": "def {name}(*args):\n    return 'a', 'b', 'c', 'd'",
    "no function": "{name} = 3",
    "missing": "",
}


@pytest.fixture(scope="module")
def referee(referee_of):
    return referee_of("cells", 3)


def inlined(right, cell, body):
    """A loop that has its cell within, as a function of another name."""
    loop = right[PAIRS[cell]].replace(f"{cell}(", "step(")
    return body.replace(f"def {cell}(", "def step(") + "\n" + loop


@pytest.mark.parametrize("cell", PAIRS)
def test_a_wrong_cell_costs_once(referee, right, cell):
    loop = PAIRS[cell]
    for mistake in referee.lab.mistakes[cell]:
        wrong = mistaken_source(referee.lab, cell, mistake.name)
        verdicts = grade(referee, student(wrong, right[loop]), cell, loop)
        assert verdicts[cell].mistake == mistake.name
        assert not verdicts[cell].carried_forward
        found = verdicts[loop]
        assert (found.points, found.message) == (found.max_points, "")
        assert found.carried_forward
        assert found.note == f"Graded with a correct `{cell}`, so that its mistake costs only once."


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("cell", PAIRS)
def test_a_cell_that_gives_nothing_usable_is_lent_as_well(referee, right, cell, kind):
    names = student(GARBAGE[kind].format(name=cell), right[PAIRS[cell]])
    own = names.get(cell)
    verdicts = grade(referee, names, cell, PAIRS[cell])
    assert verdicts[cell].points == 0
    assert verdicts[PAIRS[cell]].correct
    assert verdicts[PAIRS[cell]].carried_forward
    assert names.get(cell) is own  # put back afterwards


@pytest.mark.parametrize("cell", PAIRS)
def test_a_right_cell_is_not_lent(referee, right, cell):
    judge = referee.judge()
    names = student(*right.values())
    grade(judge, names, cell)
    session = judge.open(referee.lab.exercises[PAIRS[cell]])
    opened = play(session, names)[0][0]
    assert opened["lend"] == []
    found = session.close()
    assert found.correct
    assert not found.carried_forward
    assert not found.note


def test_a_cell_that_was_not_graded_yet_is_not_lent(referee, right):
    wrong = mistaken_source(referee.lab, "rnn_cell_forward", "no-hidden-bias")
    found = grade(referee, student(wrong, right["rnn_forward"]), "rnn_forward")["rnn_forward"]
    assert found.points == 0
    assert not found.carried_forward


def test_a_cell_of_the_other_network_is_not_lent(referee, right):
    wrong = {**right, "rnn_cell_forward": GARBAGE["raises"].format(name="rnn_cell_forward")}
    judge = referee.judge()
    names = student(*wrong.values())
    grade(judge, names, "rnn_cell_forward", "lstm_cell_forward")
    assert judge.open(referee.lab.exercises["lstm_forward"]).lend == ()
    assert judge.open(referee.lab.exercises["rnn_forward"]).lend == ("rnn_cell_forward",)


@pytest.mark.parametrize("cell", PAIRS)
def test_a_loop_that_inlines_its_wrong_cell_loses_and_is_told_why(referee, right, cell):
    mistake = referee.lab.mistakes[cell][0]
    wrong = mistaken_source(referee.lab, cell, mistake.name)
    found = grade(referee, student(wrong, inlined(right, cell, wrong)), cell, PAIRS[cell])[PAIRS[cell]]
    assert found.points == 0
    assert not found.carried_forward
    assert f"Your `{cell}` is wrong too, but this function does not call it" in found.note
    assert found.mistake is None


@pytest.mark.parametrize("cell", PAIRS)
def test_a_loop_that_inlines_a_right_cell_is_right_though_the_cell_is_wrong(referee, right, cell):
    wrong = mistaken_source(referee.lab, cell, referee.lab.mistakes[cell][0].name)
    verdicts = grade(referee, student(wrong, inlined(right, cell, right[cell])), cell, PAIRS[cell])
    assert verdicts[PAIRS[cell]].correct
    assert not verdicts[PAIRS[cell]].note


def test_a_wrong_loop_over_a_wrong_cell_is_diagnosed_by_its_own_mistake(referee, right):
    wrong = mistaken_source(referee.lab, "lstm_cell_forward", "gates-swapped")
    loop = mistaken_source(referee.lab, "lstm_forward", "c-is-a")
    verdicts = grade(referee, student(wrong, loop), "lstm_cell_forward", "lstm_forward")
    assert [v.mistake for v in verdicts.values()] == ["gates-swapped", "c-is-a"]
    assert verdicts["lstm_forward"].carried_forward
    assert verdicts["lstm_forward"].points == pytest.approx(22.5)
    assert verdicts["lstm_forward"].note.endswith(
        "`lstm_cell_forward`: what is wrong here is in this function."
    )


def test_a_blank_submission_hears_nothing_of_lending(referee, release):
    stubs = [c.source for c in release().cells if c.metadata.get("nbgrader", {}).get("solution")]
    verdicts = grade(referee, student(*stubs))
    for found in verdicts.values():
        assert found.points == 0
        assert not found.note
        assert not found.carried_forward
        assert "still a stub" in found.message or "is None" in found.message


def test_a_loop_may_call_by_keyword_and_from_a_helper(referee, right):
    wrong = mistaken_source(referee.lab, "lstm_cell_forward", "no-forget-gate")
    by_name = "lstm_cell_forward(xt=x[:, :, t], c_prev=c_next, a_prev=a_next, parameters=parameters)"
    loop = edited(
        right["lstm_forward"], ("lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)", by_name)
    )
    found = grade(referee, student(wrong, loop), "lstm_cell_forward", "lstm_forward")["lstm_forward"]
    assert found.correct
    assert found.carried_forward
    helper = "def helper(*args):\n    return lstm_cell_forward(*args)\n"
    loop = helper + right["lstm_forward"].replace("lstm_cell_forward(", "helper(")
    assert grade(referee, student(wrong, loop), "lstm_cell_forward", "lstm_forward")["lstm_forward"].correct


# ---------------------------------------------------------------- what is lent, frame by frame


@pytest.fixture
def session(referee, right):
    """The session of rnn_forward with the cell lent, after its beginning."""
    judge = referee.judge()
    grade(judge, student(""), "rnn_cell_forward")
    session = judge.open(referee.lab.exercises["rnn_forward"])
    opened, _ = session.answer({"type": "begin", "exercise": "rnn_forward"}, [])
    assert opened[0]["lend"] == ["rnn_cell_forward"]
    return session


def sizes(n_x=3, n_a=4, n_y=2, m=5, **shapes):
    rng = np.random.default_rng(0)
    wanted = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "ba": (n_a, 1), "by": (n_y, 1)}
    wanted |= {"xt": (n_x, m), "a_prev": (n_a, m)} | shapes
    made = {name: rng.standard_normal(shape) for name, shape in wanted.items()}
    return [made.pop("xt"), made.pop("a_prev"), made]


def call(session, args, kwargs=None, function="rnn_cell_forward", **more):
    packed = pack()
    node = packed([list(args), dict(kwargs or {})])
    sent = through_bytes(({"type": "call", "function": function, "args": node, **more}, packed.arrays))
    ((header, arrays),) = session.answer(*sent)
    return header, arrays, packed


def test_a_lent_function_gives_the_right_values_and_the_callers_own_arrays(session, referee):
    args = sizes()
    header, arrays, packed = call(session, args)
    a_next, yt_pred, cache = unpack(arrays, known=packed.sent)(header["value"])
    expected = referee.lab.reference["rnn_cell_forward"](*args)
    np.testing.assert_array_equal(a_next, expected[0])
    np.testing.assert_array_equal(yt_pred, expected[1])
    assert cache[0] is a_next
    assert cache[1] is args[1]
    assert cache[2] is args[0]
    assert cache[3]["Wax"] is args[2]["Wax"]
    assert len(arrays) == 2  # what the caller has is not sent back


def test_an_input_that_a_call_names_is_the_cases_own(session, referee):
    case = referee.cases["rnn_forward"][0]
    inputs = dict(case.inputs)
    xt, a_prev = inputs["x"][:, :, 0].copy(), inputs["a0"]
    for _ in range(2):  # the lender is sent the inputs once
        given = {"parameters": "parameters", "a_prev": "a0"}
        header, arrays, packed = call(session, [], {"xt": xt}, given=given)
        a_next, _, cache = unpack(arrays, known=[*packed.sent, *case.sent])(header["value"])
        expected = referee.lab.reference["rnn_cell_forward"](xt, a_prev, inputs["parameters"])
        np.testing.assert_array_equal(a_next, expected[0])
        assert cache[1] is next(array for array in case.sent if array is a_prev)
        assert cache[2] is xt
        assert cache[3]["Wax"] is inputs["parameters"]["Wax"]
        assert len(arrays) == 2


def test_all_inputs_can_be_sent_to_measure_what_that_takes(referee, monkeypatch):
    monkeypatch.setenv("SEQLAB_SEND_INPUTS", "1")
    judge = referee.judge()
    grade(judge, student(""), "rnn_cell_forward")
    session = judge.open(referee.lab.exercises["rnn_forward"])
    opened, _ = session.answer({"type": "begin", "exercise": "rnn_forward"}, [])
    assert opened[0]["lend"] == ["rnn_cell_forward"]
    assert "pure" not in opened[0]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (5, "no inputs are known"),
        (["x"], "no inputs are known"),
        ({"xt": "secret"}, "the case has no input secret"),
        ({"xt": ["x"]}, "the case has no input"),
        ({"xt": None}, "the case has no input"),
        ({"other": "x"}, "do not fit"),
        ({"xt": "x"}, "larger than any case|has shape|do not fit"),
    ],
)
def test_a_forged_name_of_an_input_is_refused(session, given, words):
    header, arrays, _ = call(
        session, [], dict(zip(("xt", "a_prev", "parameters"), sizes(), strict=True)), given=given
    )
    assert header["type"] == "refused"
    assert re.search(words, header["reason"])
    assert not arrays
    assert call(session, sizes())[0]["type"] == "result"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (sizes(a_prev=(4, 6)), "the state has shape (4, 6)"),
        (sizes(Wax=(4, 4)), "Wax has shape (4, 4)"),
        (sizes(Waa=(4, 3)), "Waa has shape"),
        (sizes(ba=(4,)), "ba has shape"),
        (sizes(by=(2, 10**5)), "by has shape"),
        (sizes(m=501), "larger than any case"),
        (sizes(n_a=201), "larger than any case"),
        (sizes(xt=(3, 5, 1)), "do not fit"),
        ([1.0, 2.0, 3.0], "do not fit"),
        ([np.ones((3, 5)), np.ones((4, 5)), {}], "do not fit"),
        ([], "do not fit"),
        ([None] * 7, "do not fit"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(session, args, words):
    header, arrays, _ = call(session, args)
    assert header["type"] == "refused"
    assert words in header["reason"]
    assert not arrays
    assert call(session, sizes())[0]["type"] == "result"  # and it goes on


@pytest.mark.parametrize(
    "node", [None, 5, {"value": 1}, {"list": []}, {"list": [{"list": []}]}, {"array": 3}, {"list": 3}]
)
def test_a_malformed_call_is_refused(session, node):
    sent = {"type": "call", "function": "rnn_cell_forward", "args": node}
    ((header, _),) = session.answer(sent, [])
    assert header["type"] == "refused"
    assert call(session, sizes())[0]["type"] == "result"


@pytest.mark.parametrize(
    "function", ["rnn_forward", "lstm_cell_forward", "softmax", "exec", "", None, ["rnn_cell_forward"], 3]
)
def test_what_is_not_lent_is_closed(session, function):
    assert call(session, sizes(), function=function)[0] == {"type": "closed"}


def test_a_right_function_is_closed(referee, right):
    judge = referee.judge()
    grade(judge, student(*right.values()), "rnn_cell_forward")
    session = judge.open(referee.lab.exercises["rnn_forward"])
    session.answer({"type": "begin", "exercise": "rnn_forward"}, [])
    assert call(session, sizes())[0] == {"type": "closed"}


def test_nothing_is_lent_before_the_beginning_and_after_the_end(referee):
    judge = referee.judge()
    grade(judge, student(""), "rnn_cell_forward")
    session = judge.open(referee.lab.exercises["rnn_forward"])
    assert call(session, sizes())[0] == {"type": "closed"}
    session.close()
    assert call(session, sizes())[0] == {"type": "closed"}


def test_a_function_that_writes_nothing_sends_no_effects_back(session):
    header, _, _ = call(session, sizes())
    assert set(header) == {"type", "value"}


def test_too_many_calls_are_refused(session, monkeypatch):
    monkeypatch.setattr(referee_module, "MAX_LENT_CALLS", 2)
    assert [call(session, sizes())[0]["type"] for _ in range(4)] == ["result"] * 2 + ["refused"] * 2


def test_a_refusal_reaches_the_student_as_an_ordinary_error(referee, right):
    loop = edited(right["rnn_forward"], ("x[:, :, t], a_next,", "x[:, :, t].T, a_next,"))
    found = grade(referee, student(loop), "rnn_cell_forward", "rnn_forward")["rnn_forward"]
    assert found.points == 0
    assert "raised RuntimeError: rnn_cell_forward: the arguments do not fit" in found.message


# ---------------------------------------------------------------- the process


@pytest.fixture
def watched(tmp_path):
    """A toy lab, and a function that gives the other processes that have loaded it."""
    lab, log = toy_lab(tmp_path), tmp_path / "processes"
    log.touch()
    with open(lab.folder / "exercises.py", "a") as file:
        file.write(f"import os\nwith open({str(log)!r}, 'a') as log:\n    print(os.getpid(), file=log)\n")
    return lab, lambda: [int(pid) for pid in log.read_text().split() if int(pid) != os.getpid()]


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_process_lends_to_many_submissions_and_ends_with_its_referee(watched):
    lab, processes = watched
    with Referee(lab, 1) as referee:
        grade(referee, student(SCALE, BOTH))
        assert not processes()  # nothing was lent
        for _ in range(2):
            assert grade(referee, student(BOTH))["both"].carried_forward
        (pid,) = processes()
        assert runs(pid)
    assert not runs(pid)
    referee.close()


def test_a_lender_may_begin_early_and_start_again_after_it_is_closed(watched):
    lab, processes = watched
    lender = Lender(lab)
    try:
        lender.begin()
        end = time.monotonic() + 60
        while not processes() and time.monotonic() < end:
            time.sleep(0.01)
        lender.start()
        (first,) = processes()
        assert runs(first)
        lender.close()
        assert not runs(first)
        lender.start()
        first_again, second = processes()
        assert first_again == first
        assert runs(second)
    finally:
        lender.close()
    assert not runs(second)


def test_a_call_that_dies_or_takes_too_long_is_refused_and_the_next_one_answered(tmp_path, monkeypatch):
    lab = toy_lab(tmp_path)
    path = lab.folder / "toy.py"
    ends = "    if x[0, 0] == 99:\n        import os; os._exit(3)\n"
    stays = "    while x[0, 0] == 98:\n        pass\n"
    path.write_text(path.read_text("utf-8").replace("    kept =", f"{ends}{stays}    kept ="), "utf-8")
    monkeypatch.setattr(lender_module, "SECONDS", 0.5)
    lender = Lender(lab)

    def lent(value):
        packed = pack()
        node = packed([[np.full((2, 2), value), np.ones((1, 2))], {}])
        answer, arrays = lender.call({"function": "scale", "args": node}, packed.arrays)
        return unpack(arrays, known=packed.sent)(answer["value"])[0]

    try:
        for deadly_value in (99.0, 98.0):
            np.testing.assert_array_equal(lent(1.0), np.ones((2, 2)))
            with pytest.raises(Refused, match="too large or took too long"):
                lent(deadly_value)
        np.testing.assert_array_equal(lent(1.0), np.ones((2, 2)))
    finally:
        lender.close()


def test_a_lender_that_does_not_start_is_the_graders_fault(tmp_path, right, course):
    lab = toy_lab(tmp_path)
    referee = Referee(lab, 1)
    judge = referee.judge()
    (lab.folder / "exercises.py").write_text("lab = 1 / 0\n", "utf-8")
    grade(judge, student(""), "scale")
    with pytest.raises(GraderError, match="does not start"):
        judge.open(lab.exercises["both"])


def test_files_of_the_current_folder_are_not_taken_for_modules(tmp_path, monkeypatch, course):
    for name in ("numpy", "resource", "autograder", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'harm')!r}, 'w')\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    lender = Lender(course.lab("cells"))
    try:
        lender.start()
    finally:
        lender.close()
    assert not (tmp_path / "harm").exists()
