"""Drawing cases: the same from the same seed, sound, and what they are said to be."""

import numpy as np
import pytest

from autograder.errors import GraderError, LabError
from autograder.referee import Referee, draw
from autograder.sandbox.inside.wire import unpack
from course_utils.judging.compare import leaves
from course_utils.judging.form import PUBLISHED
from tests.autograder.referee.referee_play import grade, student, write_lab

ROW = {
    "row": """
        def row(x, k):
            return k * x
    """
}
EXERCISES = """
    row = Exercise("row", outputs={"y": 1})

    @row.case
    def ordinary(rng):
        "ordinary"
        return {"x": rng.standard_normal(4), "k": 2.0}
    MORE
    lab = Lab(exercises=(row,), modules=())
"""
MORE = """
    @row.case
    def other(rng):
        "other"
        return {"x": rng.standard_normal(5), "k": rng.standard_normal()}
"""


def lab_of(folder, body=ROW["row"], more="", **kwargs):
    exercises = EXERCISES.replace("    MORE\n", more)
    return write_lab(folder / "toy", {"row": body}, exercises, **kwargs)


def numbers(cases):
    return np.concatenate([leaf.ravel() for case in cases for leaf in leaves(dict(case.inputs))])


def test_a_seed_gives_the_same_cases_again_and_another_seed_others(course):
    lab, again = course.lab("cells"), course.lab("cells")
    first, second, other = draw(lab, 5), draw(again, 5), draw(lab, 6)
    assert list(first) == list(lab.exercises)
    for name in first:
        np.testing.assert_array_equal(numbers(first[name]), numbers(second[name]))
        for a, b in zip(first[name], other[name], strict=True):
            same = np.array_equal(numbers([a]), numbers([b]))
            assert same == (a.group == PUBLISHED)


def test_two_cases_of_one_seed_differ(course):
    for cases in draw(course.lab("cells"), 5).values():
        given = [leaf for case in cases for leaf in leaves(dict(case.inputs))]
        drawn = [float(leaf.ravel()[0]) for leaf in given if leaf.dtype.kind == "f"]
        assert len(set(drawn)) == len(drawn)


def test_another_case_leaves_the_first_as_it_was(tmp_path):
    (alone,) = draw(lab_of(tmp_path / "a"), 1)["row"]
    first, second = draw(lab_of(tmp_path / "b", more=MORE), 1)["row"]
    np.testing.assert_array_equal(alone.inputs["x"], first.inputs["x"])
    assert not np.array_equal(first.inputs["x"], second.inputs["x"][:4])


def test_what_is_sent_are_the_inputs_and_nothing_else(course):
    for cases in draw(course.lab("cells"), 5).values():
        for case in cases:
            node, arrays = case.packed
            sent = unpack(arrays)(node)
            assert list(sent) == list(case.inputs)
            assert len(arrays) == len(leaves(dict(case.inputs)))
            np.testing.assert_array_equal(
                np.concatenate([leaf.ravel() for leaf in leaves(sent)]), numbers([case])
            )


def test_the_published_inputs_are_what_the_recipe_calls_the_function_with(course):
    lab = course.lab("cells")
    before = np.random.get_state()[1].copy()
    for name, cases in draw(lab, 5).items():
        (case,) = [case for case in cases if case.group == PUBLISHED]
        assert case is cases[-1]
        names = {"np": np}
        state = np.random.get_state()
        seen = {}

        def record(*args, name=name, seen=seen):
            seen["args"] = args
            return lab.reference[name](*args)

        exec("\n".join(lab.published[name]["inputs"]), {**names, name: record})
        np.random.set_state(state)
        expected = [leaf for arg in seen["args"] for leaf in leaves(arg)]
        actual = leaves(dict(case.inputs))
        assert len(expected) == len(actual) >= 3
        for left, right in zip(actual, expected, strict=True):
            np.testing.assert_array_equal(left, right)
    np.testing.assert_array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize("calls", [[], ["row(x, 2.0)", "row(x, 3.0)"]])
def test_a_recipe_that_does_not_call_the_function_once_is_refused(tmp_path, calls):
    published = {"row": {"inputs": ["x = np.ones(3)", *calls]}}
    with pytest.raises(LabError, match=f"calls it {len(calls)} times"):
        draw(lab_of(tmp_path, published=published), 1)


def test_an_ill_conditioned_case_is_refused_by_name(tmp_path):
    body = """
        def row(x, k):
            for _ in range(60):
                x = 4 * x * (1 - x)
            return x
    """
    exercises = EXERCISES.replace("    MORE\n", "").replace("standard_normal", "random")
    with pytest.raises(LabError, match="'ordinary' is ill-conditioned"):
        Referee(write_lab(tmp_path / "toy", {"row": body}, exercises))


def test_a_case_that_is_ill_conditioned_by_chance_costs_no_right_answer(tmp_path):
    body = "def row(x, k):\n    return np.sin(x / k)"
    exercises = EXERCISES.replace("    MORE\n", "").replace('"k": 2.0', '"k": rng.choice([1.0, 1e-8])')
    referee = Referee(write_lab(tmp_path / "toy", {"row": body}, exercises))
    other = student("def row(x, k):\n    return np.sin(x * (1 / k))")
    wrong = student("def row(x, k):\n    return np.cos(x / k)")
    assert {draw(referee.lab, seed)["row"][0].inputs["k"] for seed in range(8)} == {1.0, 1e-8}
    for seed in range(8):
        assert grade(referee.judge(seed), other)["row"].correct
        assert grade(referee.judge(seed), wrong)["row"].points == 0


def test_a_case_that_magnifies_rounding_is_refused(tmp_path):
    assert Referee(lab_of(tmp_path / "mild", "def row(x, k):\n    return np.sin(x)"))
    with pytest.raises(LabError, match="'ordinary' is ill-conditioned"):
        Referee(lab_of(tmp_path / "wild", "def row(x, k):\n    return np.sin(1e8 * x)"))


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ('@row.case\ndef bad(rng):\n    "bad"\n    raise KeyError("W")', GraderError, "KeyError: 'W'"),
        (
            '@row.case\ndef bad(rng):\n    "bad"\n    return {"x": None, "k": 1}',
            GraderError,
            "cannot be drawn",
        ),
        ('@row.case\ndef bad(rng):\n    "bad"\n    return {"k": 1.0, "x": 1.0}', LabError, "takes x, k"),
        ('@row.case\ndef bad(rng):\n    "bad"\n    return {"x": 1.0, "z": 1.0}', LabError, "draws x, z"),
        (
            '@row.case(group="edges")\ndef bad(rng):\n    "bad"\n    return {"x": 1.0, "k": 1.0}',
            LabError,
            "share",
        ),
        (
            '@row.case(group="edges", share=1.0)\ndef bad(rng):\n    "bad"\n    return {"x": 1.0, "k": 1.0}',
            LabError,
            "less than 1",
        ),
    ],
)
def test_a_lab_at_fault_is_named_and_is_no_students_zero(tmp_path, more, error, words):
    lab = lab_of(tmp_path, more="\n" + "\n".join(f"    {line}" for line in more.splitlines()) + "\n")
    with pytest.raises(error, match=words):
        Referee(lab)


def test_a_reference_that_returns_another_number_of_values_is_refused(tmp_path):
    exercises = EXERCISES.replace("    MORE\n", "").replace('{"y": 1}', '{"y": 1, "z": 1}')
    lab = write_lab(tmp_path / "toy", ROW, exercises)
    with pytest.raises(LabError, match="`row` returns one value; it should return 2: y, z"):
        Referee(lab)


def test_cases_are_solved_only_for_answers_that_have_values(tmp_path):
    """What a function that is not written should have returned is not computed."""
    lab = lab_of(tmp_path, more=MORE)
    for body, solved in (("raise NotImplementedError", False), ("return x / k", True)):
        judge = Referee(lab).judge(7)
        grade(judge, student(f"def row(x, k):\n    {body}"))
        assert {"outputs" in vars(case) for case in judge.cases["row"]} == {solved}


def test_an_exercise_without_core_cases_is_refused(tmp_path):
    exercises = EXERCISES.replace("    MORE\n", "").replace(
        "@row.case", '@row.case(group="edges", share=0.5)'
    )
    with pytest.raises(LabError, match="no case in the group 'core'"):
        draw(write_lab(tmp_path / "toy", ROW, exercises), 1)


def test_the_cases_of_cells_have_distinct_sizes_and_the_edges(course):
    cases = draw(course.lab("cells"), 5)
    for name in ("rnn_forward", "lstm_forward"):
        sizes = []
        for case in cases[name][:-1]:
            n_x, m, T_x = case.inputs["x"].shape
            n_a = case.inputs["a0"].shape[0]
            n_y = case.inputs["parameters"]["by"].shape[0]
            sizes.append((n_x, n_a, n_y, m, T_x))
        assert len(set(sizes[0])) == 5
        assert any(size[3] == 1 for size in sizes)
        assert any(size[4] == 1 for size in sizes)
    for cell in ("rnn_cell_forward", "lstm_cell_forward"):
        assert any(case.inputs["xt"].shape[1] == 1 for case in cases[cell])


def test_what_a_reference_prints_is_dropped(tmp_path, capfd):
    """And so is what it prints when it is lent."""
    loud = "def row(x, k):\n    print('loud')\n    return k * x"
    twice = "def twice(x, k):\n    return row(x, k) + row(x, k)"
    more = """
    twice = Exercise("twice", outputs={"y": 1}, calls=("row",))

    @twice.case
    def again(rng):
        "again"
        return {"x": rng.standard_normal(4), "k": 2.0}
"""
    exercises = EXERCISES.replace("    MORE\n", more).replace("(row,)", "(row, twice)")
    published = {"row": {"inputs": ["print('loud')", "row(np.ones(3), 2.0)"]}}
    lab = write_lab(tmp_path / "toy", {"row": loud, "twice": twice}, exercises, published=published)
    with Referee(lab, 1) as referee:
        assert grade(referee, student("def row(x, k): return x", twice))["twice"].carried_forward
    assert capfd.readouterr() == ("", "")
