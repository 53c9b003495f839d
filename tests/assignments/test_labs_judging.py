"""The hidden tests of every lab: the proofs of `seqlab audit`, and how wrong answers are named."""

import copy
import itertools
import random
from pathlib import Path

import numpy as np
import pytest

from autograder.audit import Proofs
from autograder.audit.mutants import mutants
from autograder.audit.play import grade, judged, namespace
from autograder.audit.prove import equivalent
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from autograder.referee import compare
from autograder.referee.call import call
from autograder.referee.cases import PUBLISHED, differs
from tests.autograder.referee.referee_play import edited

COURSE = Course(Path(__file__).parents[2])
EXERCISES = [(lab, name) for lab in COURSE.labs for name in COURSE.lab(lab).exercises]
MUTANTS = 30
"""How many mutants of each exercise are looked at here; the audit tries all."""


@pytest.fixture(scope="module")
def proofs(course):
    """The proofs of each lab, with a referee for each seed."""
    made = {name: Proofs(course.lab(name)) for name in course.labs}
    yield made
    for one in made.values():
        one.__exit__()


@pytest.fixture(scope="module")
def referees(proofs):
    """The referees of each lab, one for each seed."""
    return {name: one.referees for name, one in proofs.items()}


# ---------------------------------------------------------------- what is right, blank or empty


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_the_audit_holds(proofs, lab, name):
    found = proofs[lab].exercise(name)
    assert found.failures == []
    assert found.same == []
    assert found.mistakes >= 6
    assert found.answers >= 3


@pytest.mark.parametrize("lab", COURSE.labs)
def test_a_lab_has_100_points(course, lab):
    assert sum(course.lab(lab).points.values()) == 100


@pytest.mark.parametrize("fill", [0.0, 1.0, np.nan])
@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_a_constant_of_the_right_shape_gets_nothing(referees, lab, name, fill):
    def filled(value):
        if isinstance(value, np.ndarray):
            return np.full_like(value, fill)
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if isinstance(value, int | np.integer):
            return int(np.nan_to_num(fill))
        return type(value)(filled(item) for item in value)

    referee = referees[lab][0]
    right = referee.lab.reference[name]
    names = {name: lambda *args: filled(right(*copy.deepcopy(args)))}
    assert grade(referee, names, name)[name].points == 0


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_hard_coded_published_answers_get_nothing(referees, lab, name):
    referee = referees[lab][0]
    exercise, published = referee.lab.exercises[name], referee.cases[name][-1]
    assert published.group == PUBLISHED
    answer = published.outputs[: len(exercise.outputs)]  # effects cannot be returned
    if exercise.returns is dict:
        answer = dict(zip(exercise.outputs, answer, strict=True))
    elif len(answer) == 1:
        (answer,) = answer
    found = grade(referee, {name: lambda *args: answer}, name)[name]
    (case,) = [case for case in found.cases if case.name == published.name]
    assert case.status == ("failed" if exercise.effects else "passed")
    assert found.points == 0


# ---------------------------------------------------------------- the known mistakes


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_the_help_of_a_mistake_is_short_and_no_solution(course, lab, name):
    mistakes = course.lab(lab).mistakes[name]
    code = [line.strip() for line in reference_source(course.lab(lab).text)[name].splitlines()]
    code += [line.partition(" = ")[2] for line in code]
    pieces = {piece for piece in code if len(piece) > 12}
    assert len({mistake.help for mistake in mistakes}) == len(mistakes)
    for mistake in mistakes:
        assert len(mistake.help) <= 240, mistake.name
        assert mistake.help.endswith((".", "?"))
        quoted = mistake.help.split("`")[1::2]
        assert quoted, f"{mistake.name} names no symbol"
        assert all(word.replace("_", "").isalnum() for word in quoted), mistake.name
        assert not [piece for piece in pieces if piece in mistake.help], mistake.name
        assert not [old for old, _ in mistake.edits if old.strip(" +\n") in mistake.help and "(" in old]


# ---------------------------------------------------------------- several mistakes, and unknown ones


def values(function, case, exercise):
    """The outputs of one call, or None if it raises or returns something else."""
    try:
        with np.errstate(all="ignore"):
            return call(function, case.inputs, exercise, case.seed)
    except Exception:
        return None


def explains(referee, name, function, mistake):
    """Whether a mistake gives, in all cases, the values of some output that a function has wrong."""
    lab = referee.lab
    exercise = lab.exercises[name]
    made = lab.mistaken(name, mistake)
    same, wrong = dict.fromkeys(exercise.weights, True), set()
    for case in referee.cases[name]:
        got, other = values(function, case, exercise), values(made, case, exercise)
        for n, output in enumerate(exercise.weights) if got is not None else ():
            same[output] &= other is not None and not differs(exercise, case, output, got[n], other[n])
            if differs(exercise, case, output, got[n], case.outputs[n]):
                wrong.add(output)
    return any(same[output] for output in wrong)


def assert_well_diagnosed(referees, name, source):
    """Judge by one seed, look at the verdict with the cases of another. Returns the mistake's name."""
    referee, other = referees[:2]
    found = judged(referee, name, source)
    function = namespace(referee.lab, {name: source})[name]
    if found.correct:
        loose = referee.lab.exercises[name].loose
        for case in other.cases[name]:
            got = values(function, case, referee.lab.exercises[name])
            assert got is not None, source
            for output, mine, right in zip(
                referee.lab.exercises[name].weights, got, case.outputs, strict=True
            ):
                assert not compare(mine, right, "", 1e-9, loose=output in loose), f"not caught:\n{source}"
        return None
    assert found.message
    # Where an exercise seeds, the random state may name a mistake too, and it is the same by chance at times.
    if found.mistake is not None and not referee.lab.exercises[name].seeds:
        (mistake,) = [m for m in referee.lab.mistakes[name] if m.name == found.mistake]
        assert explains(other, name, function, mistake), f"{found.mistake} does not explain\n{source}"
    return found.mistake


@pytest.mark.parametrize(
    ("lab", "name", "one", "other", "named"),
    [
        ("cells", "rnn_cell_forward", "no-output-bias", "cache-order", "no-output-bias"),
        ("cells", "rnn_cell_forward", "no-hidden-bias", "no-output-bias", "no-hidden-bias"),
        ("cells", "rnn_cell_forward", "sigmoid-for-tanh", "raw-scores", "sigmoid-for-tanh"),
        ("cells", "rnn_cell_forward", "no-output-bias", "sigmoid-for-softmax", None),
        ("cells", "rnn_forward", "predictions-not-stored", "caches-without-x", "predictions-not-stored"),
        ("cells", "rnn_forward", "backwards", "starts-from-zero", None),
        ("cells", "lstm_cell_forward", "gates-swapped", "no-output-bias", "gates-swapped"),
        ("cells", "lstm_cell_forward", "gates-swapped", "no-tanh-of-memory", "gates-swapped"),
        ("cells", "lstm_cell_forward", "concat-order", "sigmoid-candidate", None),
        ("cells", "lstm_forward", "c-is-a", "caches-without-x", "c-is-a"),
        ("cells", "lstm_forward", "memory-is-a-slice", "predictions-not-stored", "predictions-not-stored"),
        ("backprop", "rnn_cell_backward", "bias-mean", "weights-transposed", "weights-transposed"),
        ("backprop", "rnn_cell_backward", "slope-sign", "bias-mean", "slope-sign"),
        (
            "backprop",
            "rnn_backward",
            "state-gradient-not-carried",
            "first-state-zero",
            "state-gradient-not-carried",
        ),
        ("backprop", "lstm_cell_backward", "stack-order", "old-memory-not-gated", "stack-order"),
        ("backprop", "lstm_backward", "published-recursion", "inputs-not-stored", "published-recursion"),
        ("backprop", "lstm_backward", "memory-gradient-not-carried", "forwards", None),
        ("sampling", "clip", "biases-left-out", "signs-lost", "signs-lost"),
        ("sampling", "sample", "no-output-bias", "newline-is-zero", None),
        ("sampling", "optimize", "mean-loss", "no-step", "no-step"),
        ("sampling", "model", "one-name-only", "slower-rate", None),
    ],
)
def test_two_mistakes_at_once(referees, lab, name, one, other, named):
    folder = referees[lab][0].lab
    edits = {mistake.name: mistake.edits for mistake in folder.mistakes[name]}
    source = edited(reference_source(folder.text)[name], *edits[one], *edits[other])
    assert assert_well_diagnosed(referees[lab], name, source) == named


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_no_pair_of_mistakes_is_misnamed(referees, lab, name):
    tried = 0
    folder = referees[lab][0].lab
    for one, other in itertools.combinations(folder.mistakes[name], 2):
        source = reference_source(folder.text)[name]
        for old, new in one.edits + other.edits:
            source = source.replace(old, new) if source.count(old) == 1 else ""
        if source:
            assert_well_diagnosed(referees[lab], name, source)
            tried += 1
    assert tried >= 10


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_mutants_are_caught_and_never_misnamed(referees, lab, name):
    made = mutants(referees[lab][0], name)
    same = equivalent(referees[lab][0].lab).get(name, ())
    for mutant in random.Random(0).sample(made, min(MUTANTS, len(made))):
        found = assert_well_diagnosed(referees[lab], name, mutant.source)
        assert found is None or (mutant.before, mutant.after) not in same
