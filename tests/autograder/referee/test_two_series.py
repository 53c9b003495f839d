"""Lending in two series: with the student's own functions, and with right ones; the better one counts."""

import signal
import time

import pytest

from autograder.referee import Referee
from autograder.sandbox.inside.probe import CellTimeout
from tests.autograder.referee.referee_play import edited, grade, play, student, write_lab
from tests.autograder.referee.toy_lab import BOTH, SCALE, toy_lab


@pytest.fixture(scope="module")
def referee(referee_of):
    return referee_of("cells", 3)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    with Referee(toy_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


# ---------------------------------------------------------------- how arguments are passed on

NO_BIAS = ("np.dot(Wax, xt) + ba)", "np.dot(Wax, xt))")
CALL = "rnn_cell_forward(x[:, :, t], a_next, parameters)"


@pytest.mark.parametrize(
    ("signature", "begins", "call"),
    [
        ("(x, a, p)", "xt, a_prev, parameters = x, a, p", "(x=x[:, :, t], a=a_next, p=parameters)"),
        ("(x, a, p)", "xt, a_prev, parameters = x, a, p", "(x[:, :, t], a_next, parameters)"),
        ("(x, a_prev, p)", "xt, parameters = x, p", "(p=parameters, x=x[:, :, t], a_prev=a_next)"),
        ("(parameters, a_prev, xt)", "pass", "(parameters, a_next, x[:, :, t])"),
        ("(a_prev, xt, p)", "parameters = p", "(a_next, x[:, :, t], parameters)"),
        ("(xt, a_prev, parameters, t=0)", "pass", "(x[:, :, t], a_next, parameters, t)"),
        ("(xt, a_prev, parameters, *, t=0)", "pass", "(x[:, :, t], a_next, parameters, t=t)"),
        ("(*all)", "xt, a_prev, parameters = all", "(x[:, :, t], a_next, parameters)"),
        (
            "(xt, **all)",
            "a_prev, parameters = all.values()",
            "(x[:, :, t], a_prev=a_next, parameters=parameters)",
        ),
        ("(xt, a_prev)", "global parameters", "(x[:, :, t], a_next, parameters)"),
    ],
)
def test_a_wrong_cell_with_another_signature_costs_its_loop_nothing(referee, right, signature, begins, call):
    head = ("(xt, a_prev, parameters):", f"{signature}:\n    {begins}")
    cell = edited(right["rnn_cell_forward"], head, NO_BIAS).replace("Arguments:", "")
    loop = edited(right["rnn_forward"], (CALL, f"rnn_cell_forward{call}"))
    found = grade(referee, student(cell, loop), "rnn_cell_forward", "rnn_forward")["rnn_forward"]
    assert found.correct, found.message
    assert found.carried_forward


@pytest.mark.parametrize(
    "call",
    [
        "rnn_cell_forward(x[:, :, t], a_next)",
        "rnn_cell_forward(x[:, :, t], a_next, parameters, t)",
        "rnn_cell_forward(x[:, :, t], a_next, parameters, step=t)",
        "rnn_cell_forward(x[:, :, t].T, a_next, parameters)",
        "rnn_cell_forward(None, a_next, parameters)",
        "rnn_cell_forward.cache",
    ],
)
@pytest.mark.parametrize("cell", ["wrong", "stub"])
def test_no_internal_name_is_read_where_a_call_does_not_fit(referee, right, cell, call):
    source = edited(
        right["rnn_cell_forward"],
        NO_BIAS if cell == "wrong" else ("    Wax =", "    raise NotImplementedError\n    Wax ="),
    )
    loop = edited(right["rnn_forward"], (CALL, call))
    found = grade(referee, student(source, loop), "rnn_cell_forward", "rnn_forward")["rnn_forward"]
    said = repr(found)
    assert found.points == 0
    assert "rnn_cell_forward" in found.message
    for internal in ("_Lent", "_lent", "passed_on", "check_rnn", "*args", "kwargs", "<locals>"):
        assert internal not in said


# ---------------------------------------------------------------- which series counts

TURNED = edited(SCALE, ("return big, total, kept", "return big.T, total, kept"))
TURNING = edited(BOTH, ("return big + total", "return big.T + total"))


def test_a_loop_that_fits_its_own_wrong_cell_keeps_its_points(toy):
    """Of a lent function, whose `big` is not turned, this one makes nothing."""
    verdicts = grade(toy, student(TURNED, TURNING))
    assert verdicts["scale"].points == pytest.approx(5.0)
    assert verdicts["both"].correct
    assert not verdicts["both"].carried_forward
    assert (
        verdicts["both"].note
        == "Graded with your own `scale`: with a correct one, this function would earn less."
    )


def test_where_both_series_earn_the_same_the_lent_one_speaks(toy):
    wrong = edited(SCALE, ("k * x", "k * x + 1"))
    found = grade(toy, student(wrong, edited(BOTH, ("big + total", "big - total"))))["both"]
    assert found.points == 0
    assert found.carried_forward
    assert found.note == "Graded with a correct `scale`: what is wrong here is in this function."


@pytest.mark.parametrize(
    ("source", "series"),
    [
        (SCALE, [None]),
        (TURNED, [False, True]),
        ("def scale(x, k): return 1, 2, 3", [False, True]),
        ("def scale(x, k): return 1, 2", [True]),
        ("def scale(x, k): pass", [True]),
        (edited(SCALE, ("big = k * x", "assert len(x) > 1\n    big = k * x")), [True]),
        ("def scale(x, k): raise NotImplementedError", [True]),
        ("", [True]),
    ],
)
def test_the_series_are_fixed_by_the_earlier_verdict(toy, source, series):
    frames = []
    for body in (BOTH, "def both(x, k): raise ValueError", "def both(x, k): return 1"):
        judge = toy.judge()
        names = student(source, body)
        grade(judge, names, "scale")
        session = judge.open(toy.lab.exercises["both"])
        frames.append(
            [header for header, _ in play(session, names) if header["type"] in ("open", "case", "end")]
        )
    assert frames[0] == frames[1] == frames[2]
    cases = [header for header in frames[0] if header["type"] == "case"]
    assert [header["case"] for header in cases] == list(range(2 * len(series)))  # one case, and again
    assert [header.get("lent") for header in cases] == [lent for lent in series for _ in range(2)]


def test_nothing_is_lent_while_own_functions_are_called(toy):
    judge = toy.judge()
    grade(judge, student(TURNED), "scale")
    session = judge.open(toy.lab.exercises["both"])
    session.answer({"type": "begin", "exercise": "both"}, [])
    call = {"type": "call", "function": "scale", "args": {"list": [{"list": []}, {"dict": []}]}}
    for number in range(2):
        assert session.answer(call, [])[0][0] == {"type": "closed"}
        session.answer({"type": "answer", "case": number, "status": "raised"}, [])
    assert session.answer(call, [])[0][0]["type"] == "refused"


def test_an_own_function_that_does_not_end_leaves_time_for_the_lent_one(toy):
    """`scale` ends in its own cases, and hangs when `both` calls it."""
    loop = "while sys._getframe(1).f_code.co_name == 'both': pass"
    hangs = f"import sys\ndef scale(x, k):\n    {loop}\n    return 1, 2, 3\n"

    def over(*_):
        raise CellTimeout

    before = signal.signal(signal.SIGALRM, over)
    judge, names = toy.judge(), student(hangs, BOTH)
    try:
        grade(judge, names, "scale")
        signal.setitimer(signal.ITIMER_REAL, 2.0, 0.5)
        start = time.monotonic()
        session = judge.open(toy.lab.exercises["both"])
        play(session, names)
        left, seconds = signal.getitimer(signal.ITIMER_REAL)[0], time.monotonic() - start
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert 0.4 < seconds < 1.9
    assert left == pytest.approx(2.0 - seconds, abs=0.2)
    assert session.close().correct


def test_the_cells_own_limit_still_ends_the_cell(toy):
    judge = toy.judge()
    names = student(TURNED, "def both(x, k):\n    while True:\n        pass\n")
    grade(judge, names, "scale")

    def over(*_):
        raise CellTimeout

    before = signal.signal(signal.SIGALRM, over)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.8, 0.5)
        session = judge.open(toy.lab.exercises["both"])
        with pytest.raises(CellTimeout):
            play(session, names)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    found = session.close("the time limit was reached")
    assert (found.points, found.cases[0].status) == (0, "not run")


# ---------------------------------------------------------------- the same inputs twice

AGAIN = "the same inputs give the same outputs again"


@pytest.mark.parametrize(
    ("edit", "status", "points"),
    [
        (("total =", "total ="), "passed", 10),
        (("big = k * x", "calls.append(1)\n    big = k * x * (1 + (len(calls) > 5))"), "failed", 8),
        (("big = k * x", "calls.append(1)\n    assert len(calls) < 6\n    big = k * x"), "failed", 8),
        (
            ("big = k * x", "calls.append(1)\n    if len(calls) > 5: return None\n    big = k * x"),
            "failed",
            8,
        ),
        (("total =", "total = np.random.rand() +"), "failed", 5),
        (("total =", "total = np.nan +"), "passed", 7),
        (("(x, k)\n", "(x, k, lambda: 1)\n"), "passed", 8),
    ],
)
def test_the_first_core_case_is_sent_again(toy, edit, status, points):
    names = student("calls = []", edited(SCALE, edit))
    found = grade(toy, names, "scale")["scale"]
    assert [case.status for case in found.cases if case.name == AGAIN] == [status]
    assert found.points == pytest.approx(points)
    assert len(found.cases) == len(toy.cases["scale"]) + 3
    if points == 8 and status == "failed":
        assert "gives other outputs when it is called again with the same inputs" in found.message


def test_the_cases_of_an_edge_group_are_not_taken_for_the_first(tmp_path):
    exercises = """
        f = Exercise("f", outputs={"y": 1})
        @f.case(group="edges", share=0.2)
        def zero(rng):
            "zero"
            return {"x": np.zeros(3)}
        @f.case
        def some(rng):
            "some"
            return {"x": rng.standard_normal(4)}
        lab = Lab(exercises=(f,), modules=())
    """
    lab = write_lab(tmp_path / "order", {"f": "def f(x):\n    return 2 * x\n"}, exercises)
    with Referee(lab, 1) as judging:
        names = student(
            "calls = []\ndef f(x):\n    calls.append(1)\n    return 2 * x + (len(calls) > 2) * (x != 0)"
        )
        found = grade(judging, names)["f"]
    assert found.points == 8
    assert [case.status for case in found.cases] == ["passed", "passed", "passed", "passed", "failed"]
