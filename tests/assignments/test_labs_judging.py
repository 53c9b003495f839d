"""How the hidden tests of every lab judge: what is right, blank or wrong, and how mistakes are named.

`seqlab audit` proves the same of right answers and stubs with every seed, tries all mutants, and has each
known mistake lose points and go by its own name; here one seed must do.
"""

import copy
import functools
import itertools
import random
from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest

from autograder.audit.mutants import mutants
from autograder.audit.play import grade, judged, namespace
from autograder.audit.prove import equivalent
from autograder.referee import compare
from autograder.referee.call import call
from autograder.referee.points import PAID
from course_utils.judging.form import PUBLISHED
from course_utils.judging.outputs import differs
from tests.autograder.referee.referee_play import edited, mistaken_source
from tests.plain import COURSE, PLAIN

EXERCISES = [(lab, name) for lab in PLAIN for name in COURSE.lab(lab).exercises]
MUTANTS = 12
"""How many mutants of each exercise are looked at here; the audit tries all."""
PAIRS = 20
"""How many pairs of mistakes of each exercise are looked at."""

each_lab = pytest.mark.parametrize("lab", PLAIN, indirect=True)
each_exercise = pytest.mark.parametrize(("lab", "name"), EXERCISES, indirect=["lab"])


# ---------------------------------------------------------------- what is right, blank or empty


@each_exercise
def test_right_answers_get_everything(referee, right, answers, name):
    assert len(answers[name]) >= 3
    for source in (right[name], *answers[name].values()):
        found = judged(referee, name, source)
        assert found.correct, (source, found.message)
    assert all(case.status == "passed" for case in judged(referee, name, right[name]).cases)


@each_lab
def test_stubs_get_nothing(referee, lab, stubs):
    assert list(stubs) == list(lab.exercises)
    for found in grade(referee, namespace(lab, stubs)).values():
        assert found.points == 0
        assert found.message


@each_lab
def test_each_exercise_has_known_mistakes(lab):
    assert all(len(lab.mistakes[name]) >= 6 for name in lab.exercises)


@each_lab
def test_a_lab_has_100_points(lab):
    assert sum(lab.points.values()) == 100


@pytest.mark.parametrize("fill", [0.0, 1.0, np.nan])
@each_exercise
def test_a_constant_of_the_right_shape_gets_nothing(referee, name, fill):
    def filled(value):
        if isinstance(value, np.ndarray):
            return np.full_like(value, fill)
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        if isinstance(value, int | np.integer):
            return int(np.nan_to_num(fill))
        return type(value)(filled(item) for item in value)

    reference = referee.lab.reference[name]
    names = {name: lambda *args: filled(reference(*copy.deepcopy(args)))}
    assert grade(referee, names, name)[name].points == 0


@each_exercise
def test_hard_coded_published_answers_get_nothing(referee, name):
    exercise, published = referee.lab.exercises[name], referee.cases[name][-1]
    assert published.group == PUBLISHED
    answer = published.outputs[: len(exercise.outputs)]  # effects cannot be returned
    if exercise.returns is dict:
        answer = dict(zip(exercise.outputs, answer, strict=True))
    elif len(answer) == 1:
        (answer,) = answer
    found = grade(referee, {name: lambda *args: answer}, name)[name]
    (case,) = [case for case in found.cases if case.name == published.name]
    right = dict(zip(exercise.weights, published.outputs, strict=True))
    changed = any(compare(published.inputs[name], right[name], name, 0.0) for name in exercise.effects)
    assert case.status == ("failed" if changed else "passed")
    assert found.points == 0


# ---------------------------------------------------------------- the known mistakes


def called(lab, name) -> Iterator[str]:
    """The exercises that a function calls, itself or through another."""
    for other in lab.exercises[name].calls:
        yield other
        yield from called(lab, other)


@each_exercise
def test_one_mistake_costs_once(referee, lab, name):
    verdicts = grade(referee, namespace(lab, {name: mistaken_source(lab, name, lab.mistakes[name][0].name)}))
    wrong = verdicts.pop(name)
    assert wrong.points < wrong.max_points
    assert not wrong.carried_forward
    for other, found in verdicts.items():
        assert found.points == found.max_points, other
        assert found.carried_forward == (name in called(lab, other)), other


@each_exercise
def test_the_help_of_a_mistake_is_short_and_no_solution(lab, right, name):
    mistakes = lab.mistakes[name]
    code = [line.strip() for line in right[name].splitlines()]
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


@each_exercise
def test_a_help_speaks_of_points_exactly_where_some_are_paid(lab, name):
    for mistake in lab.mistakes[name]:
        assert ("It earns part of the points" in mistake.help) == (mistake.credit > 0), mistake.name
        assert "point" not in PAID.sub("", mistake.help) or not mistake.credit, mistake.name


# ---------------------------------------------------------------- several mistakes, and unknown ones


def values(function, case, exercise):
    """The outputs of one call, or None if it raises or returns something else."""
    try:
        with np.errstate(all="ignore"):
            return call(function, case.inputs, exercise, case.seed)
    except Exception:
        return None


@functools.cache
def mistaken_values(referee, name, mistake):
    """The values of a mistake in all cases."""
    exercise, function = referee.lab.exercises[name], referee.lab.mistaken(name, mistake)
    return [values(function, case, exercise) for case in referee.cases[name]]


def explains(referee, name, function, mistake):
    """Whether a mistake gives, in all cases, the values of some output that a function has wrong."""
    exercise = referee.lab.exercises[name]
    same, wrong = dict.fromkeys(exercise.weights, True), set()
    for case, other in zip(referee.cases[name], mistaken_values(referee, name, mistake), strict=True):
        got = values(function, case, exercise)
        for n, output in enumerate(exercise.weights) if got is not None else ():
            same[output] &= other is not None and not differs(exercise, case, output, got[n], other[n])
            if differs(exercise, case, output, got[n], case.outputs[n]):
                wrong.add(output)
    return any(same[output] for output in wrong)


def assert_well_diagnosed(referees, name, source):
    """Judge by one seed, look at the verdict with the cases of another. Returns the mistake's name."""
    referee, other = referees[:2]
    exercise = referee.lab.exercises[name]
    names = namespace(referee.lab, {name: source})
    with mock.patch.object(referee, "tracing", False):  # which takes most of the time, and names no mistake
        found = grade(referee, names, name)[name]
    if found.correct:
        for case in other.cases[name]:
            got = values(names[name], case, exercise)
            assert got is not None, source
            for output, mine, right in zip(exercise.weights, got, case.outputs, strict=True):
                loose = output in exercise.loose
                assert not compare(mine, right, "", 1e-9, loose=loose), f"not caught:\n{source}"
        return None
    assert found.message
    # Where an exercise seeds, the random state may name a mistake too, and it is the same by chance at times.
    if found.mistake is not None and not exercise.seeds:
        (mistake,) = [m for m in referee.lab.mistakes[name] if m.name == found.mistake]
        assert explains(other, name, names[name], mistake), f"{found.mistake} does not explain\n{source}"
    return found.mistake


@pytest.mark.parametrize(
    ("lab", "name", "one", "other", "named"),
    [
        ("cells", "rnn_cell_forward", "no-output-bias", "cache-order", "no-output-bias"),
        ("cells", "rnn_cell_forward", "no-hidden-bias", "no-output-bias", "no-hidden-bias"),
        ("cells", "rnn_cell_forward", "sigmoid-for-tanh", "raw-scores", "sigmoid-for-tanh"),
        ("cells", "rnn_cell_forward", "no-output-bias", "sigmoid-for-softmax", None),
        ("cells", "rnn_forward", "predictions-not-stored", "caches-without-x", "caches-without-x"),
        ("cells", "rnn_forward", "backwards", "starts-from-zero", None),
        ("cells", "lstm_cell_forward", "gates-swapped", "no-output-bias", "gates-swapped"),
        ("cells", "lstm_cell_forward", "gates-swapped", "no-tanh-of-memory", "gates-swapped"),
        ("cells", "lstm_cell_forward", "concat-order", "sigmoid-candidate", None),
        ("cells", "lstm_forward", "c-is-a", "caches-without-x", "c-is-a"),
        ("cells", "lstm_forward", "memory-is-a-slice", "predictions-not-stored", "memory-is-a-slice"),
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
        ("sampling", "clip", "whole-threshold", "signs-lost", None),
        ("sampling", "sample", "no-output-bias", "reads-another-alphabet", None),
        ("sampling", "optimize", "mean-loss", "step-uphill", "step-uphill"),
        ("sampling", "model", "one-name-only", "slower-rate", None),
    ],
    indirect=["lab"],
)
def test_two_mistakes_at_once(referees, lab, right, name, one, other, named):
    edits = {mistake.name: mistake.edits for mistake in lab.mistakes[name]}
    source = edited(right[name], *edits[one], *edits[other])
    assert assert_well_diagnosed(referees, name, source) == named


@pytest.mark.slow
@each_exercise
def test_no_pair_of_mistakes_is_misnamed(referees, lab, right, name):
    tried = 0
    pairs = [*itertools.combinations(lab.mistakes[name], 2)]
    for one, other in random.Random(0).sample(pairs, min(PAIRS, len(pairs))):
        source = right[name]
        for old, new in one.edits + other.edits:
            source = source.replace(old, new) if source.count(old) == 1 else ""
        if source:
            assert_well_diagnosed(referees, name, source)
            tried += 1
    assert tried >= 5


@pytest.mark.slow
@each_exercise
def test_mutants_are_caught_and_never_misnamed(referees, lab, name):
    made = mutants(referees[0], name)
    same = equivalent(lab).get(name, ())
    for mutant in random.Random(0).sample(made, min(MUTANTS, len(made))):
        found = assert_well_diagnosed(referees, name, mutant.source)
        assert found is None or (mutant.before, mutant.after) not in same
