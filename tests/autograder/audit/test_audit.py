"""The audit of a lab: what it finds when all is well, and when a proof does not hold."""

import json
import os
import sys

import pytest

from autograder.audit import audit_lab, to_json, to_lines
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.play import judged
from autograder.audit.workers import killed, tried
from autograder.cli import commands as cli
from autograder.errors import GraderError, LabError
from autograder.lab.course import LabFolder
from autograder.referee import Referee
from course_utils.judging.locate import Located
from tests.autograder.audit.average_lab import EXERCISES, lab_in, marks
from tests.autograder.referee.referee_play import write_lab

pytestmark = pytest.mark.slow


def only(lab):
    (exercise,) = audit_lab(lab).exercises
    return exercise


# ---------------------------------------------------------------- what an audit says


def test_a_good_lab_holds_and_twins_among_its_mistakes_are_said_to_be_the_same(tmp_path):
    found = audit_lab(lab_in(tmp_path), every=True)
    (mean,) = found.exercises
    assert found.holds, to_lines([found])
    assert (mean.mistakes, mean.answers, mean.equivalent) == (3, 3, 0)
    assert mean.mutants == mean.killed > 15
    assert to_lines([found]) == ["average, mean: no case tells 'half' from 'half-again'"]


WEAK = EXERCISES.replace("1.0 + rng.random()", "1.0")
SURVIVOR = ["scaled = k * total", "scaled = total"]


def test_a_hole_in_the_cases_lets_mutants_through_and_each_is_shown(tmp_path):
    found = audit_lab(lab_in(tmp_path, exercises=WEAK))
    assert not found.holds
    assert "average, mean: a mutant survived:\n- scaled = k * total\n+ scaled = total" in to_lines([found])
    (mean,) = found.exercises
    assert mean.killed + len(mean.survivors) == mean.mutants
    (entry,) = json.loads(to_json([found]))["labs"]
    assert SURVIVOR in entry["exercises"][0]["survivors"]
    assert entry["kill_rate"] == mean.killed / mean.mutants < 1
    assert not entry["holds"]


def test_a_mutant_that_is_marked_as_equivalent_does_not_count(tmp_path):
    mean = only(lab_in(tmp_path, exercises=WEAK, marked=marks(SURVIVOR)))
    assert mean.equivalent == 1
    assert SURVIVOR not in [[mutant.before, mutant.after] for mutant in mean.survivors]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [(SURVIVOR, "is killed"), (["scaled = k * total", "scaled = 7"], "is not made")],
)
def test_a_mark_that_is_wrong_or_out_of_date_does_not_hold(tmp_path, change, wrong):
    (failure,) = only(lab_in(tmp_path, marked=marks(change))).failures
    assert failure.startswith(f"equivalent.json has a mutant that {wrong}")


@pytest.mark.parametrize("text", ["[]", "{", '{"median": []}', '{"mean": [{"mutants": []}]}'])
def test_marks_that_cannot_be_read_are_named(tmp_path, text):
    lab = lab_in(tmp_path)
    (lab.folder / "equivalent.json").write_text(text)
    with pytest.raises(LabError, match=r"equivalent\.json: cannot be used"):
        audit_lab(lab)


def test_a_right_answer_that_loses_points_and_too_few_of_them_do_not_hold(tmp_path):
    wrong = 'answers = {"mean": {"a real mean": "def mean(x, k):\\n    return k * x.mean(axis=0)"}}'
    failures = only(lab_in(tmp_path, answers=wrong)).failures
    assert failures[0] == "answers.py has 1 right answers; an exercise needs 3"
    assert failures[1].startswith("the right answer 'a real mean' scores 0 of 10 with seed 1: ")
    assert len(failures) == 4


def test_a_right_answer_of_which_a_quantity_is_called_wrong_does_not_hold(tmp_path, monkeypatch):
    """What is known of a lab accuses none of its answers; here it is made to."""
    lab = lab_in(tmp_path)
    assert only(lab).holds
    said = Located("total", 1, (), True)
    monkeypatch.setattr(
        "autograder.audit.prove.located", lambda lab, name, source: said if "einsum" in source else None
    )
    assert only(lab).failures == ["of the right answer 'einsum' it is said that total is wrong"]


def test_answers_of_no_exercise_are_named(tmp_path):
    with pytest.raises(LabError, match="there is no exercise median"):
        audit_lab(lab_in(tmp_path, answers='answers = {"median": {}}'))


def test_a_mistake_that_is_none_and_one_that_is_misnamed_do_not_hold(tmp_path):
    mistakes = """
        mistakes = {
            "mean": [
                Mistake("none", (("k * total", "total * k"),), "`scaled` is right."),
                Mistake("raises", (("k * total", "k @ total"),), "`scaled` is no product."),
            ]
        }
    """
    failures = only(lab_in(tmp_path, mistakes=mistakes)).failures
    assert "the mistake 'none' scores full with seed 1" in failures
    assert "the mistake 'raises' is taken for None with seed 3" in failures


def test_a_mistake_whose_points_depend_on_the_seed_does_not_hold(tmp_path):
    exercises = EXERCISES.replace('"k": 1.0 + rng.random()', '"k": float(rng.choice([1.0, 2.0]))')
    mistakes = """
        mistakes = {"mean": [Mistake("lucky", (("k * total", "total"),), "`scaled` is not scaled.")]}
    """
    lab = lab_in(tmp_path, exercises=exercises, mistakes=mistakes)
    (mean,) = audit_lab(lab, seeds=range(1, 9)).exercises
    (said,) = [failure for failure in mean.failures if "earns" in failure]
    assert said.startswith("the mistake 'lucky' earns ")
    assert said.endswith(": cases should force the difference")


LUCKY = EXERCISES.replace('"k": 1.0 + rng.random()', '"k": float(rng.choice([1.0, 2.0]))')


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("k * total", "total + 1"), []),
        (("k * total", "total"), ["earns"]),
        (("k * total", "total * k"), ["scores full with seed 1", "scores full with seed 2"]),
    ],
)
def test_another_wrong_answer_must_lose_the_same_with_every_seed(tmp_path, edit, said):
    lab = lab_in(tmp_path, exercises=LUCKY, wrong={"mean": {"odd": (edit,)}})
    (mean,) = audit_lab(lab, seeds=[1, 2] if len(said) != 1 else range(1, 9)).exercises
    failures = [failure for failure in mean.failures if "earns" in failure or len(said) != 1]
    assert mean.wrong == 1
    assert len(failures) == len(said)
    assert all(
        f"the wrong answer 'odd' {part}" in failure for part, failure in zip(said, failures, strict=True)
    )


def test_wrong_answers_of_no_exercise_are_named(tmp_path):
    with pytest.raises(LabError, match=r"wrong\.py: there is no exercise median"):
        audit_lab(lab_in(tmp_path, wrong={"median": {}}))


# ---------------------------------------------------------------- the mutants


MANY = {
    "many": """
        def many(x, y, parameters, n):
            W = parameters["Wa"]
            b = parameters["ba"]
            out = np.zeros((n, 2))
            for t in range(n):
                out[:, t] = np.dot(W.T, x)[:, 0] + b
                if t == n:
                    break
            out += np.sum(x * y, axis=1, keepdims=True)
            a, c = x[1:], -x
            return {"a": a, "c": c}
    """
}
MANY_CASE = """
    many = Exercise("many", outputs={"a": 1, "c": 1}, returns=dict)

    @many.case
    def plain(rng):
        "plain"
        parameters = {"Wa": np.ones((2, 2)), "ba": np.ones(2)}
        return {"x": np.ones((2, 1)), "y": np.ones((2, 1)), "parameters": parameters, "n": 2}

    lab = Lab(exercises=(many,), modules=())
"""
STEP = "out[:, t] = np.dot(W.T, x)[:, 0] + b"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    lab = write_lab(tmp_path_factory.mktemp("labs") / "many", MANY, MANY_CASE)
    return mutants(Referee(lab, 1), "many")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("W = parameters['Wa']", "W = parameters['ba']"),
        ("b = parameters['ba']", "pass"),
        ("out = np.zeros((n, 2))", "out = np.ones((n, 2))"),
        ("out = np.zeros((n, 2))", "out = np.zeros((2, n))"),
        ("out = np.zeros((n, 2))", "out = np.zeros((n, 3))"),
        ("for t in range(n):", "for t in range(1, n):"),
        ("for t in range(n):", "for t in range(n - 1):"),
        ("for t in range(n):", "for t in list(range(n))[::-1]:"),
        (STEP, STEP.replace("W.T", "W")),
        (STEP, STEP.replace("W.T, x", "x, W.T")),
        (STEP, STEP.replace(" + b", "")),
        (STEP, STEP.replace("+", "-")),
        (STEP, STEP.replace(":, t", "t, :")),
        (STEP, STEP.replace("t]", "t - 1]")),
        (STEP, STEP.replace("x)", "y)")),
        ("if t == n:", "if t != n:"),
        ("break", "continue"),
        ("out += np.sum(x * y, axis=1, keepdims=True)", "out = np.sum(x * y, axis=1, keepdims=True)"),
        ("out += np.sum(x * y, axis=1, keepdims=True)", "out += np.sum(x * y, axis=0, keepdims=True)"),
        ("out += np.sum(x * y, axis=1, keepdims=True)", "out += np.sum(x * y, axis=1)"),
        ("out += np.sum(x * y, axis=1, keepdims=True)", "out += np.mean(x * y, axis=1, keepdims=True)"),
        ("a, c = (x[1:], -x)", "a, c = (x[:1], -x)"),
        ("a, c = (x[1:], -x)", "a, c = (x[2:], -x)"),
        ("a, c = (x[1:], -x)", "a, c = (x[1:], x)"),
        ("a, c = (x[1:], -x)", "a, c = (-x, x[1:])"),
        ("return {'a': a, 'c': c}", "return {'a': c, 'c': a}"),
        ("return {'a': a, 'c': c}", "return {'c': c}"),
    ],
)
def test_each_kind_of_slip_is_made(many, before, after):
    assert (before, after) in {(mutant.before, mutant.after) for mutant in many}


def test_every_mutant_is_another_function(many):
    assert len({mutant.source for mutant in many}) == len(many)
    assert len({(mutant.before, mutant.after) for mutant in many}) == len(many)


# ---------------------------------------------------------------- the processes


def version(body):
    return Mutant("mean", f"def mean(x, k):\n    {body}\n    return k * np.sum(x, axis=0)\n", "", body)


def test_what_never_ends_eats_the_memory_or_dies_is_killed_and_the_rest_is_tried(tmp_path):
    bodies = {
        "pass": False,
        "while True: pass": True,
        "np.empty(1 << 33)": True,
        "import os; os._exit(0)": True,
        "k = 2 * k": True,
        "x = x + 0": False,
    }
    made = [version(body) for body in bodies]
    found = dict(killed(lab_in(tmp_path), [1, 2], made, jobs=2, seconds=0.5))
    assert {mutant.after: dead for mutant, dead in found.items()} == bodies


def process(referees, mutant):
    judged(referees[0], mutant.exercise, mutant.source)
    return os.getpid(), prepared


prepared = []


def prepare(referees):
    prepared.append(len(referees))


def test_what_never_ends_is_interrupted_and_its_process_goes_on_as_it_was_prepared(tmp_path):
    made = [version(body) for body in ("pass", "while True: pass", "x = 2 * x")]
    found = dict(tried(lab_in(tmp_path), [1], made, 1, process, prepare=prepare, seconds=0.5))
    first, endless, last = (found[one] for one in made)
    assert endless is None
    assert first == last == (first[0], [1])
    assert first[0] != os.getpid()


def test_a_lab_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(LabError, match=r"nowhere: exercises\.py is missing"):
        list(killed(LabFolder(tmp_path / "nowhere"), [1], [version("pass")], jobs=1))


def test_a_mutant_on_which_the_referee_fails_is_no_killed_one(tmp_path):
    broken = """
    import autograder.referee.fitting

    def score(*_):
        raise KeyError("scaled")

    autograder.referee.fitting.score = score  # in the process that tries mutants alone
    """
    lab = lab_in(tmp_path, exercises=EXERCISES + broken)
    with pytest.raises(GraderError, match=r"failed \(KeyError: 'scaled'\) on a mutant of mean:\n- \n\+ pass"):
        list(killed(lab, [1], [version("pass")], jobs=1))


# ---------------------------------------------------------------- the command


@pytest.mark.parametrize(("exercises", "code"), [(EXERCISES, 0), (WEAK, 1)])
def test_the_command(tmp_path, monkeypatch, capsys, exercises, code):
    lab_in(tmp_path, exercises=exercises)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["seqlab", "audit", "--json", "found.json"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == code
    said = capsys.readouterr()
    assert f"{'✗' if code else '✓'} mean " in said.out
    assert ("a mutant survived" in said.out) == bool(code)
    assert said.err.startswith("average: ")
    (entry,) = json.loads((tmp_path / "found.json").read_text())["labs"]
    assert entry["holds"] == (not code)
    assert all(len(line) <= 80 for line in said.out.splitlines())
