"""The hidden tests of the lab `cells`: what is right scores all, each mistake is caught and named."""

import ast
import copy
import itertools

import numpy as np
import pytest

from autograder.judge import Referee, compare
from autograder.judge.draw import call
from tests.autograder.judge.cells_right_answers import RIGHT_ANSWERS
from tests.autograder.judge.referee_play import edited, grade, mistaken_source, student

SEEDS = [1, 2, 3]
NAMES = list(RIGHT_ANSWERS)
CELLS = {"rnn_forward": "rnn_cell_forward", "lstm_forward": "lstm_cell_forward"}


@pytest.fixture(scope="module")
def lab(course):
    return course.lab("cells")


@pytest.fixture(scope="module")
def referees(lab):
    made = [Referee(lab, seed) for seed in SEEDS]
    yield made
    for referee in made:
        referee.close()


def judged(referee, right, name, source):
    """The verdict of one exercise; its cell, if it calls one, is the reference's."""
    return grade(referee, student(*(right[c] for c in [CELLS.get(name)] if c), source), name)[name]


# ---------------------------------------------------------------- what is right, blank or empty


def test_the_reference_gets_full_marks(referees, right):
    for referee in referees:
        verdicts = grade(referee, student(*right.values()))
        assert [verdict.points for verdict in verdicts.values()] == [20, 20, 30, 30]
        assert all(case.status == "passed" for v in verdicts.values() for case in v.cases)


@pytest.mark.parametrize(("name", "kind"), [(n, kind) for n in NAMES for kind in RIGHT_ANSWERS[n]])
def test_other_right_solutions_get_full_marks(referees, right, name, kind):
    for referee in referees:
        found = judged(referee, right, name, RIGHT_ANSWERS[name][kind])
        assert (found.points, found.message) == (found.max_points, "")


def test_blank_stubs_get_nothing(referees, release):
    stubs = [c.source for c in release().cells if c.metadata.get("nbgrader", {}).get("solution")]
    verdicts = grade(referees[0], student(*stubs))
    assert list(verdicts) == NAMES
    assert all(v.points == 0 and v.mistake is None for v in verdicts.values())


@pytest.mark.parametrize("fill", [0.0, 1.0, np.nan])
@pytest.mark.parametrize("name", NAMES)
def test_a_constant_of_the_right_shape_gets_nothing(referees, lab, name, fill):
    def filled(value):
        if isinstance(value, np.ndarray):
            return np.full_like(value, fill)
        if isinstance(value, dict):
            return {key: filled(item) for key, item in value.items()}
        return type(value)(filled(item) for item in value)

    names = student("def answer(*args): return FILLED(REFERENCE(*args))")
    names |= {"FILLED": filled, "REFERENCE": lab.reference[name], name: names["answer"]}
    assert grade(referees[0], names, name)[name].points == 0


@pytest.mark.parametrize("name", NAMES)
def test_hard_coded_published_answers_get_nothing(referees, name):
    names = student("def answer(*args): return ANSWER")
    names |= {"ANSWER": referees[0].cases[name][-1].outputs, name: names["answer"]}
    found = grade(referees[0], names, name)[name]
    assert found.cases[-3].status == "passed"
    assert found.points == 0


# ---------------------------------------------------------------- the known mistakes


def test_every_mistake_is_caught_and_named(referees, lab, right):
    for referee, name in itertools.product(referees, NAMES):
        for mistake in lab.mistakes[name]:
            found = judged(referee, right, name, mistaken_source(lab, name, mistake.name))
            assert found.points < found.max_points, (name, mistake.name)
            assert (found.mistake, found.message) == (mistake.name, mistake.help), (name, found.mistake)


@pytest.mark.parametrize("name", NAMES)
def test_no_two_mistakes_give_the_same_answers(referees, lab, name):
    exercise = lab.exercises[name]
    made = {}
    for mistake in lab.mistakes[name]:
        function = lab.mistaken(name, mistake)
        made[mistake.name] = [values(function, case, exercise) for case in referees[0].cases[name]]
    assert len(made) == len(lab.mistakes[name])
    for (one, a), (other, b) in itertools.combinations(made.items(), 2):
        assert any(compare(left, right, "", 1e-6) for left, right in zip(a, b, strict=True)), (one, other)


def test_the_help_of_a_mistake_is_short_and_no_solution(lab, right):
    for name, mistakes in lab.mistakes.items():
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


# ---------------------------------------------------------------- several mistakes, and unknown ones


def values(function, case, exercise):
    """The outputs of one call, or None if it raises or returns another number of them."""
    try:
        with np.errstate(all="ignore"):
            outputs = call(function, case.inputs, exercise)
    except Exception:
        return None
    return outputs if len(outputs) == len(exercise.outputs) else None


def explains(referee, name, function, mistake):
    """Whether a mistake gives, in all cases, the values of some output that a function has wrong."""
    lab = referee.lab
    exercise = lab.exercises[name]
    made = lab.mistaken(name, mistake)
    same, wrong = dict.fromkeys(exercise.outputs, True), set()
    for case in referee.cases[name]:
        got, other = values(function, case, exercise), values(made, case, exercise)
        for n, output in enumerate(exercise.outputs) if got is not None else ():
            same[output] &= other is not None and not compare(got[n], other[n], "", exercise.rtol)
            if compare(got[n], case.outputs[n], "", exercise.rtol):
                wrong.add(output)
    return any(same[output] for output in wrong)


def assert_well_diagnosed(referees, right, name, source):
    """Judge by one seed, look at the verdict with the cases of another. Returns the mistake's name."""
    referee, other = referees[:2]
    found = judged(referee, right, name, source)
    function = student(*(right[c] for c in [CELLS.get(name)] if c), source)[name]
    if found.correct:
        for case in other.cases[name]:
            got = values(function, case, referee.lab.exercises[name])
            assert got is not None, source
            assert not compare(got, case.outputs, "", 1e-9), f"not caught:\n{source}"
        return None
    assert found.message
    if found.mistake is not None:
        (mistake,) = [m for m in referee.lab.mistakes[name] if m.name == found.mistake]
        assert explains(other, name, function, mistake), f"{found.mistake} does not explain\n{source}"
    return found.mistake


@pytest.mark.parametrize(
    ("name", "one", "other", "named"),
    [
        ("rnn_cell_forward", "no-output-bias", "cache-order", "no-output-bias"),
        ("rnn_cell_forward", "no-hidden-bias", "no-output-bias", "no-hidden-bias"),
        ("rnn_cell_forward", "sigmoid-for-tanh", "raw-scores", "sigmoid-for-tanh"),
        ("rnn_cell_forward", "no-output-bias", "sigmoid-for-softmax", None),
        ("rnn_forward", "predictions-not-stored", "caches-without-x", "predictions-not-stored"),
        ("rnn_forward", "backwards", "starts-from-zero", None),
        ("lstm_cell_forward", "gates-swapped", "no-output-bias", "gates-swapped"),
        ("lstm_cell_forward", "gates-swapped", "no-tanh-of-memory", "gates-swapped"),
        ("lstm_cell_forward", "concat-order", "sigmoid-candidate", None),
        ("lstm_forward", "c-is-a", "caches-without-x", "c-is-a"),
        ("lstm_forward", "memory-is-a-slice", "predictions-not-stored", "predictions-not-stored"),
    ],
)
def test_two_mistakes_at_once(referees, lab, right, name, one, other, named):
    edits = {mistake.name: mistake.edits for mistake in lab.mistakes[name]}
    source = edited(right[name], *edits[one], *edits[other])
    assert assert_well_diagnosed(referees, right, name, source) == named


@pytest.mark.parametrize("name", NAMES)
def test_no_pair_of_mistakes_is_misnamed(referees, lab, right, name):
    tried = 0
    for one, other in itertools.combinations(lab.mistakes[name], 2):
        source = right[name]
        for old, new in one.edits + other.edits:
            source = source.replace(old, new) if source.count(old) == 1 else ""
        if source:
            assert_well_diagnosed(referees, right, name, source)
            tried += 1
    assert tried >= 20


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


@pytest.mark.parametrize("name", NAMES)
def test_random_mutants_are_caught_and_never_misnamed(referees, right, name):
    rng = np.random.default_rng(0)
    mutants = {mutant(right[name], rng) for _ in range(250)} - {ast.unparse(ast.parse(right[name]))}
    named = [assert_well_diagnosed(referees, right, name, source) for source in sorted(mutants)]
    assert len(named) > 100
