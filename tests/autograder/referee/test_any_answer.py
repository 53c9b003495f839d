"""Whatever an answer holds, as far as the wire format goes, there is a verdict."""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.referee import Referee
from autograder.sandbox.inside.wire import pack
from tests.autograder.referee.referee_play import through_bytes
from tests.autograder.referee.toy_lab import chain_lab, toy_lab

DTYPES = st.sampled_from(["?", "i1", "u8", "i8", "f2", "f4", "f8", "c8", "c16", "U3", "S2"])
EXTREMES = [0.0, -0.0, 1e307, -1e308, 5e-324, np.inf, -np.inf, np.nan, 1e-300, 1.7976931348623157e308]
FLOATS = st.one_of(st.floats(), st.sampled_from(EXTREMES))
SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
LIKELY = st.sampled_from([(4, 3), (7, 2), (1, 5), (3, 5), (2, 3), (3,), (2,), (5,), (1,), ()])
ARRAYS = st.one_of(
    arrays.arrays(DTYPES, st.one_of(SHAPES, LIKELY)),
    arrays.arrays("f8", LIKELY, elements=FLOATS),
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), FLOATS, st.text(max_size=5), ARRAYS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.one_of(st.text(max_size=3), st.integers(0, 9)), inner, max_size=3),
    ),
    max_leaves=8,
)
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = (
    "status",
    "value",
    "inputs",
    "shared",
    "random",
    "error",
    "message",
    "line",
    "source",
    "stub",
    "kind",
)
EACH = settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module", params=["toy", "chain"])
def referee(request, tmp_path_factory):
    make = {"toy": toy_lab, "chain": chain_lab}[request.param]
    with Referee(make(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def verdicts_on(referee, answer):
    """Give one answer to every case of every exercise; returns the verdicts."""
    judge, found = referee.judge(), []
    for exercise in referee.lab.exercises.values():
        session = judge.open(exercise)
        session.answer({"type": "begin", "exercise": exercise.name}, [])
        for number in range(len(referee.cases[exercise.name])):
            header, blobs = answer(exercise)
            session.answer(*through_bytes(({**header, "type": "answer", "case": number}, blobs)))
        found.append(session.close())
    return found


def check(verdicts):
    for verdict in verdicts:
        assert 0 <= verdict.points <= verdict.max_points
        assert all(case.status in ("passed", "failed", "not run") for case in verdict.cases)
        assert verdict.correct or verdict.message


@EACH
@given(value=VALUES, count=st.integers(1, 4), random=st.one_of(st.none(), ARRAYS))
def test_any_value_has_a_verdict(referee, value, count, random):
    def answer(exercise):
        packed = pack()
        returned = (value,) * count if count > 1 else value
        header = {"status": "returned", "value": packed(returned), "random": packed(random)}
        return header, packed.arrays

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(verdicts_on(referee, answer))


@EACH
@given(value=VALUES, name=st.sampled_from(["x", "k", "weights", "parameters", "seed", "nothing"]))
def test_any_inputs_after_the_call_have_a_verdict(referee, value, name):
    def answer(exercise):
        packed = pack()
        return {"status": "returned", "value": packed(None), "inputs": packed({name: value})}, packed.arrays

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(verdicts_on(referee, answer))


@EACH
@given(header=st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=9)), PLAIN, max_size=6))
def test_any_header_has_a_verdict(referee, header):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(verdicts_on(referee, lambda exercise: (header, [])))


@pytest.mark.parametrize("scale", [*EXTREMES, 1e150, 1e200, -3e307])
def test_right_values_of_any_size_have_a_verdict(referee, scale):
    """Finite answers of 1e307 and more once made a pattern overflow."""

    def verdict(exercise):
        session = referee.judge().open(exercise)
        session.answer({"type": "begin", "exercise": exercise.name}, [])
        for number, case in enumerate(referee.cases[exercise.name]):
            packed = pack()
            outputs = case.outputs[: len(exercise.outputs)]
            scaled = tuple(
                o * scale if isinstance(o, np.ndarray) and o.dtype.kind == "f" else o for o in outputs
            )
            value = scaled if len(scaled) > 1 else scaled[0]
            header = {"type": "answer", "case": number, "status": "returned", "value": packed(value)}
            session.answer(*through_bytes((header, packed.arrays)))
        return session.close()

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        check([verdict(exercise) for exercise in referee.lab.exercises.values()])
