"""What is said of a mistake: only what is so, the root first; and what follows from an unknown one."""

import warnings

import pytest

from autograder.referee import Referee
from tests.autograder.referee.referee_play import edited, grade, play, student, write_lab
from tests.autograder.referee.toy_lab import SCALE, toy_lab


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    with Referee(toy_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def verdict(referee, source, name="scale"):
    return grade(referee, student(source), name)[name]


def scale(*edits):
    return edited(SCALE, *edits)


class Listening:
    """A session that collects the warnings of the judging, which would stand among the grader's messages."""

    def __init__(self, session):
        self.exercise, self._session, self.shown = session.exercise, session, []

    def answer(self, header, arrays):
        with warnings.catch_warnings(record=True) as shown:
            warnings.simplefilter("always")
            frames = self._session.answer(header, arrays)
        self.shown += shown
        return frames


# ---------------------------------------------------------------- what follows from an unknown mistake


@pytest.mark.parametrize(
    ("big", "points"),
    [
        ("k * x + 0.01", 3.5),  # `total` follows and counts half; `kept` is right by itself
        ("1.1 * k * x", 3.5),
        ("k * x + 0.001 * k", 3.5),
        ("-k * x", 3.5),
        ("x + 0 * k", 2),
        ("3 * x", 2),
        ("x - 0.5 + 0.01 * np.random.RandomState(0).randn(*x.shape)", 2),
        ("np.random.RandomState(0).randn(*x.shape)", 2),
        ("np.ones(x.shape)", 2),
        ("k * x * np.inf", 2),
        ("k * x + np.nan", 2),
        ("1e200 * k * x", 2),
    ],
)
def test_what_follows_from_an_unknown_value_counts_half_if_that_tells_something(toy, big, points):
    found = verdict(toy, scale(("big = k * x", f"big = {big}")))
    assert found.points == pytest.approx(points)
    assert found.mistake is None
    half = "`total` differs only because of what it is computed from, and counts half"
    assert (half in found.cases[0].reason) == (points > 2)


@pytest.mark.parametrize(
    "big",
    [
        "(1.1 * k * x).astype(np.float32)",
        "(60_000 * np.sign(k * x)).astype(np.float16)",
        "np.longdouble('1e4000') * k * x",
        "np.full(x.shape, np.longdouble('1e4000'))",
        "1e308 * np.sign(k * x)",
    ],
)
def test_numbers_of_any_precision_print_no_warning(toy, big):
    source = scale(("big = k * x", f"big = {big}"), ("np.sum(big, axis=0)", "big[0] * 0 + big[-1] / 2"))
    session = toy.judge().open(toy.lab.exercises["scale"])
    listening = Listening(session)
    play(listening, student(source))
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        assert session.close().points < 10
    assert [str(one.message) for one in listening.shown + shown] == []


def test_half_of_an_edge_group_is_half_too(toy):
    """`total` follows in the core cases; what it follows from is right in an edge case."""
    found = verdict(toy, scale(("big = k * x", "big = k * x + 0.01 * (len(x) != 1)")))
    assert found.points == pytest.approx(0.5 * 3 + 2)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        ("def scale(x, k): return 0 * x, 0 * k[0], (x, k)", None),
        ("def scale(x, k): return x.copy(), k[0].copy(), (x, k)", None),
        ("def scale(x, k): return k * x / 2, 0 * k[0], (x, k)", "half"),
        ("def scale(x, k): return k * x + x, np.sum(k * x, axis=0), (x, k)", "adds-x"),
    ],
)
def test_zeros_and_copies_are_no_mistake(toy, source, mistake):
    assert verdict(toy, source).mistake == mistake


DOUBLE = """
    f = Exercise("f", outputs={"z": 1, "y": 2, "w": 1})
    @f.case
    def five(rng):
        "five"
        return {"x": rng.standard_normal(5)}
    @f.case
    def seven(rng):
        "seven"
        return {"x": rng.standard_normal(7)}
    lab = Lab(exercises=(f,), modules=())
"""
SOURCE = "def f(x):\n    w = np.exp(x)\n    y = x * 2 + w\n    z = np.cos(y)\n    return z, y, w\n"
KNOWN = """
    mistakes = {"f": [
        Mistake("zero", (("x * 2 + w", "0 * x"),), "`y` is zero. It earns part of the points.", credit=0.5),
        Mistake("same", (("x * 2 + w", "x"),), "`y` is `x`."),
        Mistake("minus", (("np.exp(x)", "np.exp(-x)"),), "The sign before `x` is wrong.", credit=0.5),
        Mistake("sine", (("np.cos", "np.sin"),), "`z` is a sine. It earns part of the points.", credit=0.75),
    ]}
"""


@pytest.fixture(scope="module")
def double(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labs") / "double"
    with Referee(write_lab(folder, {"f": SOURCE}, DOUBLE, KNOWN), 1) as made:
        yield made


def answer(w="np.exp(x)", y="x * 2 + w", z="np.cos(y)"):
    return f"def f(x):\n    w = {w}\n    y = {y}\n    z = {z}\n    return z, y, w\n"


@pytest.mark.parametrize(
    ("parts", "mistake", "begins", "points"),
    [
        # Zeros with everything else as the mistake has it, the right outputs too: these are the evidence.
        ({"y": "0 * x"}, "zero", "`y` is zero. It earns part of the points.", 5),
        ({"y": "x.copy()"}, "same", "`y` is `x`.", 5),
        # Zeros alone are none.
        ({"w": "0 * x", "y": "0 * x", "z": "0 * x"}, None, "`w` has the right shape", 0),
        ({"w": "x * 3", "y": "x.copy()", "z": "x * 2"}, None, "`w` has the right shape", 0),
        ({"z": "np.sin(y)"}, "sine", "`z` is a sine. It earns part of the points.", 7.5),
        # What is explained does not depend on what is not: among others, and nothing is paid.
        ({"w": "np.exp(-x)", "z": "y"}, "minus", "The sign before `x` is wrong.", 5),
        # What is explained is made from an unexplained one: that comes first.
        ({"y": "x * 2 + w + 0.1", "z": "np.sin(x * 2 + w)"}, None, "`y` has the right shape", 2.5),
    ],
)
def test_a_name_needs_evidence_and_the_root_is_named(double, parts, mistake, begins, points):
    found = verdict(double, answer(**parts), "f")
    assert found.mistake == mistake
    assert found.message.startswith(begins)
    assert found.points == pytest.approx(points)


def test_a_share_that_is_not_paid_is_not_promised(double):
    found = verdict(
        double, "def f(x):\n    w = np.exp(x)\n    y = x * 2 + w\n    return np.sin(y), y, 2 * w\n", "f"
    )
    assert found.mistake is None  # `z` is made from `w`, as far as names tell
    mixed = (
        "def f(x):\n    w = np.exp(x)\n    y = x * 2 + w\n    assert len(x) < 7\n    return np.sin(y), y, w\n"
    )
    found = verdict(double, mixed, "f")
    assert (found.mistake, found.points) == ("sine", 0)
    assert found.message == "`z` is a sine."


def test_what_is_said_first_is_what_others_are_made_from(double):
    found = verdict(double, answer(w="np.exp(x) + 0.3", z="np.cos(y) + 1"), "f")
    assert found.message.startswith("`w` has the right shape")
    found = verdict(double, answer(w="np.exp(x) + 0.3", z="np.cos(y)[:3]"), "f")
    assert found.message.startswith("`z` has shape (3,)")
    assert found.findings[1].text.startswith("`w` has the right shape")
