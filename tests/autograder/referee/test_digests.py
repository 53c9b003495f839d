"""Digests of wrong outputs: equal for equal mistakes, whatever the seed, and nothing in them is trusted."""

import numpy as np
import pytest

from autograder.audit.play import namespace
from autograder.lab.text import reference_source
from autograder.referee import Referee
from autograder.sandbox.inside.wire import pack
from course_utils.judging.fingerprints import agree
from tests.autograder.referee.referee_play import edited, grade, play
from tests.autograder.referee.toy_lab import SCALE, chain_lab, toy_lab


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    with Referee(toy_lab(tmp_path_factory.mktemp("lab"))) as referee:
        yield referee


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    with Referee(chain_lab(tmp_path_factory.mktemp("lab"))) as referee:
        yield referee


def verdict_of(referee, name, source, seed=1):
    return grade(referee.judge(seed), namespace(referee.lab, {name: source}), name)[name]


def scale(*edits):
    return edited(SCALE, *edits)


def numbers(text):
    form, *sums = text.split()
    return [int(form, 16), *map(float, sums)]


THIRD = ("k * x", "k * x / 3")
"""A mistake that has no name."""


def test_the_same_mistake_has_the_same_digests_with_any_seed_and_in_other_words(toy):
    found = [
        verdict_of(toy, "scale", scale(THIRD), 1).digests,
        verdict_of(
            toy, "scale", scale(("k * x", "(x / 3) * k"), ("np.sum(big, axis=0)", "big.sum(0)")), 2
        ).digests,
    ]
    assert list(found[0]) == ["big", "total"]
    for name in found[0]:
        assert len(found[0][name]) == 3
        for one, other in zip(found[0][name], found[1][name], strict=True):
            assert agree(numbers(one), numbers(other), 1e-6)


def test_other_mistakes_have_others(toy):
    one = verdict_of(toy, "scale", scale(THIRD)).digests
    other = verdict_of(toy, "scale", scale(("k * x", "k * x / 3.1"))).digests
    assert not agree(numbers(one["big"][0]), numbers(other["big"][0]), 1e-6)


def test_only_wrong_outputs_have_digests(toy):
    found = verdict_of(toy, "scale", scale(("np.sum(big, axis=0)", "np.sum(big, axis=0) + 1")))
    assert list(found.digests) == ["total"]


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (("k * x", "k * x / 2"),),  # a known mistake
        (("k * x", "0 * x"),),  # zeros say nothing
        (("    return big, total, kept", "    return big, total"),),
        (("    return big, total, kept", "    raise ValueError('no')"),),
    ],
    ids=["right", "named", "zeros", "two outputs", "raises"],
)
def test_others_have_none(toy, edits):
    assert verdict_of(toy, "scale", scale(*edits)).digests == {}


def test_effects_are_outputs_too(chain):
    """`step` changes its parameters in place: they come from the inputs after the call."""
    source = edited(reference_source(chain.lab.text)["step"], ("-= rate", "-= 0.7 * rate"))
    assert {"loss", "parameters"} <= verdict_of(chain, "step", source).digests.keys()


def test_a_call_with_draws_meets_the_same_numbers_each_time(chain):
    source = edited(reference_source(chain.lab.text)["train"], ("randn(3)", "randn(3) + 0.5"))
    one, other = (verdict_of(chain, "train", source, seed).digests for seed in (1, 2))
    assert one
    assert one == other


def forged(answer):
    def forge(frame):
        header, arrays = frame
        return ({**header, **answer(header)}, arrays) if header["type"] == "traced" else frame

    return forge


NOTHING = {"value": None}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"answer": None},
        {"answer": "text"},
        {"answer": {}},
        {"answer": {"value": {"array": 10**9}}},
        {"answer": {"value": {"array": -1}}},
        {"answer": {"value": NOTHING, "inputs": 3}},
        {"answer": {"value": {"tuple": [NOTHING, {"value": float("nan")}, {"other": "x"}]}}},
        {"answer": {"status": "raised", "value": NOTHING, "shared": [[1]], "random": []}},
    ],
    ids=str,
)
def test_a_forged_answer_of_a_trace_changes_no_verdict(toy, answer):
    def verdict(forge):
        session = toy.judge(1).open(toy.lab.exercises["scale"])
        play(session, namespace(toy.lab, {"scale": scale(THIRD)}), forge)
        found = session.close()
        digests, found.digests = found.digests, {}
        return digests, found

    honest, right = verdict(None)
    made, found = verdict(forged(lambda header: answer))
    assert found == right
    assert made == (honest if not answer else {})


def test_no_frame_to_the_student_s_process_tells_of_digests(toy):
    """What is sent is the same whether an answer has digests or not."""
    sent = []
    for edit in (THIRD, ("k * x", "0 * x")):
        session = toy.judge(1).open(toy.lab.exercises["scale"])
        sent.append(play(session, namespace(toy.lab, {"scale": scale(edit)})))
        session.close()
    assert sent[0] == sent[1]


def test_large_values_are_not_told_of_a_traced_call(toy):
    """They would take longer to send than they are worth."""
    for size, told in ((1 << 10, {"big", "total", "kept"}), (1 << 21, set())):
        source = scale(THIRD, ("kept = (x, k)", f"kept = (x, k, np.arange({size}.0))"))
        assert verdict_of(toy, "scale", source).digests.keys() == told


def extra(size, times):
    """Return what forges a third value of `kept`: an array of so many numbers, that many times."""

    def forge(frame):
        header, arrays = frame
        if header["type"] != "traced":
            return frame
        packed = pack()
        packed(np.zeros(size))
        number = 2 + len(arrays) - 1  # `x` and `k` come first, and a table that is not the answer's
        big, total, kept = header["answer"]["value"]["tuple"]
        kept = {"tuple": [*kept["tuple"], {"list": [{"array": number}] * times}]}
        answer = {**header["answer"], "value": {"tuple": [big, total, kept]}}
        return {**header, "answer": answer}, [*arrays, *packed.arrays]

    return forge


@pytest.mark.parametrize(
    ("size", "times", "told"),
    [(8, 8, True), (1 << 21, 0, False), (50_000, 40, False), (1, 90_000, False)],
    ids=["little", "large", "referred to often", "many parts"],
)
def test_a_forged_answer_that_is_large_is_not_read(toy, size, times, told):
    """The probe sends none, but what comes is of the student's making."""
    session = toy.judge(1).open(toy.lab.exercises["scale"])
    play(session, namespace(toy.lab, {"scale": scale(THIRD)}), extra(size, times))
    assert session.close().digests.keys() == ({"big", "total", "kept"} if told else set())
