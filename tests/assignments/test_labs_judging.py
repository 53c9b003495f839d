"""The hidden tests of every lab: what is right scores all, each mistake is caught and named."""

import ast
import copy
import itertools

import numpy as np
import pytest

from autograder.judge import Referee, compare
from autograder.judge.draw import PUBLISHED, call, differs
from autograder.labtext import reference_source
from tests.assignments import backprop_right_answers, sampling_right_answers
from tests.autograder.judge import cells_right_answers
from tests.autograder.judge.referee_play import edited, grade, mistaken_source
from tests.autograder.judge.referee_play import student as plain_student

SEEDS = [1, 2, 3]
RIGHT_ANSWERS = {
    "cells": cells_right_answers.RIGHT_ANSWERS,
    "backprop": backprop_right_answers.RIGHT_ANSWERS,
    "sampling": sampling_right_answers.RIGHT_ANSWERS,
}
GIVEN = {"sampling": sampling_right_answers.GIVEN}
"""What a lab's notebook imports beyond NumPy and the activations."""
EXERCISES = [(lab, name) for lab, answers in RIGHT_ANSWERS.items() for name in answers]


@pytest.fixture(scope="module")
def referees(course):
    """The referees of each lab, one for each seed."""
    made = {name: [Referee(course.lab(name), seed) for seed in SEEDS] for name in RIGHT_ANSWERS}
    yield made
    for referee in itertools.chain(*made.values()):
        referee.close()


def student(lab, *sources):
    """The namespace of a lab's notebook that has run its imports and then each source."""
    return plain_student(GIVEN.get(lab, ""), *sources)


def judged(referee, name, source):
    """The verdict of one exercise; what it calls, if anything, is the reference's."""
    return grade(referee, student(referee.lab.name, *called(referee.lab, name), source), name)[name]


def called(lab, name):
    """The reference sources of the exercises that one may call."""
    return [reference_source(lab.text)[other] for other in lab.exercises[name].calls]


# ---------------------------------------------------------------- what is right, blank or empty


@pytest.mark.parametrize("lab", RIGHT_ANSWERS)
def test_the_reference_gets_full_marks(referees, lab):
    for referee in referees[lab]:
        verdicts = grade(referee, student(lab, *reference_source(referee.lab.text).values()))
        assert [verdict.points for verdict in verdicts.values()] == list(referee.lab.points.values())
        assert sum(referee.lab.points.values()) == 100
        assert all(case.status == "passed" for v in verdicts.values() for case in v.cases)


@pytest.mark.parametrize(
    ("lab", "name", "kind"),
    [(lab, name, kind) for lab, name in EXERCISES for kind in RIGHT_ANSWERS[lab][name]],
)
def test_other_right_solutions_get_full_marks(referees, lab, name, kind):
    for referee in referees[lab]:
        found = judged(referee, name, RIGHT_ANSWERS[lab][name][kind])
        assert (found.points, found.message) == (found.max_points, "")


@pytest.mark.parametrize("lab", RIGHT_ANSWERS)
def test_blank_stubs_get_nothing(referees, release, lab):
    stubs = [c.source for c in release(lab).cells if c.metadata.get("nbgrader", {}).get("solution")]
    verdicts = grade(referees[lab][0], student(lab, *stubs))
    assert list(verdicts) == list(RIGHT_ANSWERS[lab])
    assert all(v.points == 0 and v.mistake is None for v in verdicts.values())


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
    names = student(lab, "def answer(*args): return FILLED(REFERENCE(*COPY(args)))")
    names |= {"FILLED": filled, "REFERENCE": referee.lab.reference[name], "COPY": copy.deepcopy}
    names[name] = names["answer"]
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
    names = student(lab, "def answer(*args): return ANSWER")
    names |= {"ANSWER": answer, name: names["answer"]}
    found = grade(referee, names, name)[name]
    (case,) = [case for case in found.cases if case.name == published.name]
    assert case.status == ("failed" if exercise.effects else "passed")
    assert found.points == 0


# ---------------------------------------------------------------- the known mistakes


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_every_mistake_is_caught_and_named(referees, lab, name):
    for referee in referees[lab]:
        assert len(referee.lab.mistakes[name]) >= 6
        for mistake in referee.lab.mistakes[name]:
            found = judged(referee, name, mistaken_source(referee.lab, name, mistake.name))
            assert found.points < found.max_points, mistake.name
            assert (found.mistake, found.message) == (mistake.name, mistake.help)


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_no_two_mistakes_give_the_same_answers(referees, lab, name):
    folder, cases = referees[lab][0].lab, referees[lab][0].cases[name]
    made = {}
    for mistake in folder.mistakes[name]:
        function = folder.mistaken(name, mistake)
        made[mistake.name] = [values(function, case, folder.exercises[name]) for case in cases]
    assert len(made) == len(folder.mistakes[name])
    for (one, a), (other, b) in itertools.combinations(made.items(), 2):
        assert any(compare(left, right, "", 1e-6) for left, right in zip(a, b, strict=True)), (one, other)


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
    function = student(referee.lab.name, *called(referee.lab, name), source)[name]
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


OTHER_OPERATORS = [ast.Add(), ast.Sub(), ast.Mult(), ast.MatMult()]
OTHER_FUNCTIONS = ["np.tanh", "sigmoid", "np.exp", "np.sin", "np.negative"]


def mutant(source, rng):
    """Change a node or two of a function: a name, an operator, a number, an activation, a statement."""
    tree = ast.parse(source)
    kinds = (ast.Name, ast.BinOp, ast.Constant, ast.Call)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    variables = sorted(names - {"np", "range", "parameters"})
    for _ in range(rng.integers(1, 3)):
        nodes = [node for node in ast.walk(tree.body[0]) if isinstance(node, kinds)]
        bodies = [getattr(node, "body", None) for node in ast.walk(tree)]
        blocks = [body for body in bodies if isinstance(body, list) and len(body) > 1]
        node = nodes[rng.integers(len(nodes))]
        if rng.random() < 0.15:
            block = blocks[rng.integers(len(blocks))]
            del block[rng.integers(len(block))]
        elif isinstance(node, ast.Name) and node.id in variables:
            node.id = variables[rng.integers(len(variables))]
        elif isinstance(node, ast.BinOp):
            node.op = copy.copy(OTHER_OPERATORS[rng.integers(4)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            node.value = int(rng.integers(-1, 3))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in (*OTHER_FUNCTIONS, "softmax"):
            node.func = ast.parse(OTHER_FUNCTIONS[rng.integers(5)], mode="eval").body
    return ast.unparse(ast.fix_missing_locations(tree))


@pytest.mark.parametrize(("lab", "name"), EXERCISES)
def test_random_mutants_are_caught_and_never_misnamed(referees, lab, name):
    rng = np.random.default_rng(0)
    right = reference_source(referees[lab][0].lab.text)[name]
    mutants = {mutant(right, rng) for _ in range(250)} - {ast.unparse(ast.parse(right))}
    named = [assert_well_diagnosed(referees[lab], name, source) for source in sorted(mutants)]
    assert len(named) > 50
