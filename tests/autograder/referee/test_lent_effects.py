"""Carry forward along a chain: the fewest functions are lent, and what they write and seed comes along."""

import re

import numpy as np
import pytest

from autograder.referee import Referee
from autograder.sandbox.inside.wire import pack
from tests.autograder.referee.referee_play import edited, grade, play, student, through_bytes
from tests.autograder.referee.toy_lab import CHAIN, chain_lab


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    with Referee(chain_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def chained(chain, **wrong):
    return grade(chain, student(*CHAIN.values(), *wrong.values()))


def test_a_lent_function_writes_into_the_callers_own_arrays(chain):
    """`step` reads what `clip` left in the dictionary, not what it returned."""
    step = edited(
        CHAIN["step"],
        ("gradients = clip({", "gradients = {"),
        ("0 * x}, 1.5)", "0 * x}\n    kept = gradients['w']\n    clip(gradients, 1.5)"),
        ('rate * gradients["w"]', "rate * kept"),
    )
    verdicts = chained(chain, clip="def clip(gradients, limit): pass", step=step)
    assert [found.points for found in verdicts.values()] == [0, 10, 10, 10]
    assert verdicts["step"].note == "Graded with a correct `clip`, so that its mistake costs only once."


def test_a_lent_function_changes_lists_and_random_state_as_at_home(chain):
    """`train` reads what `step` left in a list, and goes on with the random state that `pick` left."""
    verdicts = chained(
        chain, pick="def pick(weights, seed): return [0] * 6", step="def step(*a): return 0, 0"
    )
    assert [found.points for found in verdicts.values()] == [10, 0, 0, 10]
    assert verdicts["train"].note == (
        "Graded with a correct `pick`, `step`, so that their mistakes cost only once."
    )


@pytest.mark.parametrize(
    ("wrong", "lent"),
    [
        ({"clip"}, {"step": ("clip",), "train": ("clip",)}),  # train calls it through a right step
        ({"step"}, {"train": ("step",)}),
        ({"clip", "step"}, {"step": ("clip",), "train": ("step",)}),  # a lent step brings its own clip
        ({"pick"}, {"train": ("pick",)}),
        ({"clip", "pick"}, {"step": ("clip",), "train": ("pick", "clip")}),
        ({"clip", "pick", "step"}, {"step": ("clip",), "train": ("pick", "step")}),
        ({"train"}, {}),
    ],
)
def test_in_a_chain_the_fewest_wrong_functions_are_lent(chain, wrong, lent):
    judge = chain.judge()
    names = student(*CHAIN.values(), *(f"def {name}(*args): return 0, 0" for name in wrong))
    for name, exercise in chain.lab.exercises.items():
        session = judge.open(exercise)
        assert session.lend == lent.get(name, ())
        play(session, names)
        found = session.close()
        assert found.points == (0 if name in wrong else 10)
        assert found.carried_forward == bool(session.lend and name not in wrong)


def test_only_what_was_called_is_said_to_be_lent(chain):
    loop = edited(CHAIN["train"], ('[pick(np.abs(parameters["w"]), n)[0]]', "[0]"))
    verdicts = chained(chain, clip="def clip(*args): pass", pick="def pick(*args): pass", train=loop)
    assert verdicts["train"].note == (
        "Graded with a correct `clip`: what is wrong here is in this function. "
        "Your `pick` is wrong too, but this function does not call it, so no correct one could be lent."
    )


def test_a_function_of_a_chain_that_inlines_a_wrong_one_is_told_why(chain):
    def inlining(name, callee, wrong):
        both = re.sub(rf"(?<![.\w]){callee}\(", f"my_{callee}(", f"{CHAIN[callee]}\n{CHAIN[name]}")
        return edited(both, wrong)

    half = ("-limit, limit", "-limit / 2, limit / 2")
    verdicts = chained(chain, clip=edited(CHAIN["clip"], half), step=inlining("step", "clip", half))
    assert [found.points for found in verdicts.values()] == [0, 10, 0, 10]
    assert verdicts["step"].note == (
        "Your `clip` is wrong too, but this function does not call it, so no correct one could be lent."
    )
    assert verdicts["train"].note == "Graded with a correct `step`, so that its mistake costs only once."
    train = inlining("train", "pick", ("seed + n", "seed + 1"))
    verdicts = chained(chain, pick="def pick(*args): pass", step="def step(*args): return 0, 0", train=train)
    assert verdicts["train"].note == (
        "Graded with a correct `step`: what is wrong here is in this function. "
        "Your `pick` is wrong too, but this function does not call it, so no correct one could be lent."
    )


@pytest.mark.parametrize(
    "state",
    [
        None,
        [],
        {"list": [{"array": 0}, {"value": 625}, {"value": 0}, {"value": 0.0}]},
        {"list": [{"array": 0}, {"value": 2**40}, {"value": 0}, {"value": 0.0}]},
        {"list": [{"array": 0}, {"value": -1}, {"value": 0}, {"value": 0.0}]},
        {"list": [{"array": 0}, {"value": 5}, {"value": 2}, {"value": 0.0}]},
        {"list": [{"array": 0}, {"value": 5}, {"value": 0}, {"value": "x"}]},
        {"list": [{"array": 1}, {"value": 5}, {"value": 0}, {"value": 0.0}]},
        {"list": [{"value": 1}, {"value": 5}, {"value": 0}, {"value": 0.0}]},
    ],
)
def test_a_forged_random_state_is_refused(chain, state):
    judge = chain.judge()
    grade(judge, student(""), "pick")
    session = judge.open(chain.lab.exercises["train"])
    opened, _ = session.answer({"type": "begin", "exercise": "train"}, [])
    parameters = {"pick": ["weights", "seed"]}
    known = {"seeding": ["pick"], "pure": ["pick"]}
    assert opened[0] == {"type": "open", "lend": ["pick"], "parameters": parameters, **known}

    def lent(state):
        packed = pack()
        keys, short = np.zeros(624, np.uint32), np.zeros(623, np.uint32)
        packed([keys, short])
        sent = {"type": "call", "function": "pick", "args": packed([[np.ones(3), 5], {}]), "state": state}
        ((header, _),) = session.answer(*through_bytes((sent, packed.arrays)))
        return header

    assert lent(state)["type"] == "refused"
    good = {"list": [{"array": 0}, {"value": 624}, {"value": 0}, {"value": 0.0}]}
    assert set(lent(good)) == {"type", "value", "state"}
