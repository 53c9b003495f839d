"""From answers to points: what earns, what takes away, and what the student reads."""

import itertools
import re

import pytest

from autograder.referee import Referee
from tests.autograder.referee.referee_play import edited, grade, student, write_lab
from tests.autograder.referee.toy_lab import BOTH, EXERCISES, SCALE, toy_lab


@pytest.fixture(scope="module")
def referee(tmp_path_factory):
    with Referee(toy_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def verdict(referee, source, name="scale"):
    found = grade(referee, student(source), name)[name]
    assert found.max_points == 10
    assert (found.message == "") == found.correct
    return found


def scale(*edits):
    return edited(SCALE, *edits)


def statuses(found):
    return {case.name: case.status for case in found.cases}


def test_the_reference_gets_everything_and_hears_nothing(referee):
    found = verdict(referee, SCALE)
    assert found.points == 10
    assert set(statuses(found).values()) == {"passed"}
    assert [case.name for case in found.cases][-4:] == [
        "the published example",
        "the inputs stay as they are",
        "the outputs have memory of their own",
        "the same inputs give the same outputs again",
    ]
    assert not any(case.reason for case in found.cases)


# ---------------------------------------------------------------- partial credit


@pytest.mark.parametrize(("wrong", "points"), [((), 10), (("big",), 2), (("total",), 7), (("kept",), 8)])
def test_an_output_earns_nothing_without_those_it_needs(tmp_path, wrong, points):
    exercises = EXERCISES.replace('may_alias=("kept",)', 'may_alias=("kept",), needs={"total": ("big",)}')
    lab = write_lab(tmp_path / "toy", {"scale": SCALE, "both": BOTH}, exercises)
    values = [f"({value}, 1)" if name in wrong else value for name, value in RIGHT.items()]
    with Referee(lab, 1) as judging:
        assert verdict(judging, f"def scale(x, k): return {', '.join(values)}").points == points


RIGHT = {"big": "k * x", "total": "np.sum(k * x, axis=0)", "kept": "(x, k)"}
WEIGHTS = {"big": 5, "total": 3, "kept": 2}


@pytest.mark.parametrize("good", [set(g) for n in range(4) for g in itertools.combinations(RIGHT, n)])
def test_each_right_output_earns_its_weight(referee, good):
    values = [RIGHT[name] if name in good else f"({RIGHT[name]}, 1)" for name in RIGHT]
    found = verdict(referee, f"def scale(x, k): return {', '.join(values)}")
    assert found.points == pytest.approx(sum(WEIGHTS[name] for name in good))
    for name in RIGHT:
        assert (f"`{name}" in found.cases[0].reason) == (name not in good)


def wrong_when(condition, output="total"):
    return scale(("return big", f"if {condition}: {output} = {output} + 1\n    return big"))


@pytest.mark.parametrize(
    ("condition", "points"),
    [
        ("x.shape == (4, 3)", 7.0),  # one core case: the output earns nothing at all
        ("x.shape == (7, 2)", 7.0),
        ("x.shape == (1, 5)", 10 - 3 * 0.2),
        ("x.shape == (3, 5)", 10 - 3 * 0.1),
        ("x.shape in [(1, 5), (3, 5)]", 10 - 3 * 0.3),
        ("x.shape in [(1, 5), (4, 3)]", 7.0),
    ],
)
def test_groups_earn_their_share_and_only_after_the_core(referee, condition, points):
    assert verdict(referee, wrong_when(condition)).points == pytest.approx(points)


def test_a_case_that_raises_loses_its_group_for_every_output(referee):
    found = verdict(referee, scale(("(x, k):", "(x, k):\n    assert len(x) > 1, 'one'")))
    assert found.points == pytest.approx(8.0)
    reason = found.cases[2].reason
    assert reason == "`scale` raised AssertionError: one (line 2: assert len(x) > 1, 'one')"
    assert found.message.startswith("`scale` raised AssertionError")


def test_an_exception_in_another_function_says_in_which_and_what_is_none(referee):
    helper = "def helper(x, k):\n    y = None\n    return y * k\n"
    found = verdict(referee, f"{helper}\ndef scale(x, k):\n    return helper(x, k)\n")
    assert found.message.endswith("(line 3 of `helper`: return y * k); `y` is None there.")


# ---------------------------------------------------------------- what earns nothing


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def scale(x, k): return 0 * x, np.zeros(x.shape[1]), (0 * x, 0 * k)", "values are off"),
        ("def scale(x, k): raise NotImplementedError('scale: ...')", "`scale` is still a stub"),
        ("def scale(x, k): return None, None, None", "`big` is None"),
        ("def scale(x, k): pass", "returns None; it should return 3: big, total, kept"),
        ("def scale(x, k): return k * x", "returns one value; it should return 3"),
        ("def scale(x, k): return [k * x, 1]", "returns 2 values; it should return 3"),
        ("def scale(x, k): return k * x, 1", "returns 2 values; it should return 3"),
        ("def scale(x): return x", "`scale` raised TypeError"),
        ("scale = 3", "no longer a function but of type int: choose another name"),
        ("x = 1", "`scale` is not defined"),
        ("import sys\ndef scale(x, k): sys.exit()", "`scale` raised SystemExit"),
        ("def scale(x, k): return scale(x, k)", "`scale` raised RecursionError"),
        ("def scale(x, k): return (np.zeros(3, dtype=object),) * 3", "of type array of object"),
        ("def scale(x, k): return (lambda: 1,) * 3", "`big` is a value of type function"),
        ("class A:\n    __eq__ = lambda *_: True\ndef scale(x, k): return A(), A(), A()", "of type A"),
        (
            "def scale(x, k):\n    a = []\n    a.append(a)\n    return a, a, a",
            "cannot be read (nested too deeply",
        ),
        ("def scale(x, k): return (np.zeros((3000, 3000)),) + tuple(np.zeros((2, 9**6)))", "cannot be read"),
    ],
)
def test_wrong_answers_score_nothing_and_say_why(referee, source, words):
    found = verdict(referee, source)
    assert found.points == 0
    assert words in found.message
    assert found.mistake is None
    assert found.message[0].isupper() or found.message[0] == "`"
    assert found.message.endswith(".")


def test_hard_coded_published_answers_score_nothing(referee):
    (case,) = [case for case in referee.cases["scale"] if case.group == "published"]
    names = student("def scale(x, k): return ANSWER")
    names["ANSWER"] = case.outputs
    found = grade(referee, names, "scale")["scale"]
    assert statuses(found)["the published example"] == "passed"
    assert found.points == 0


def test_fresh_cases_right_and_the_published_one_wrong_takes_a_share_away(referee):
    found = verdict(referee, wrong_when("x.shape == (2, 3)"))
    assert found.points == pytest.approx(8.0)
    assert "`total`" in found.message


def test_what_is_wrong_everywhere_is_not_punished_again_in_the_published_example(referee):
    found = verdict(referee, scale(("np.sum(big, axis=0)", "np.sum(big, axis=0) + 1")))
    assert statuses(found)["the published example"] == "failed"
    assert found.points == pytest.approx(7.0)


# ---------------------------------------------------------------- properties


MUTATE = ("kept = (x, k)", "kept = (x.copy(), k)\n    x += 0.5")
ALIAS = ("big = k * x", "np.multiply(x, k, out=x)\n    big = x")


def test_writing_into_an_input_takes_a_share_away(referee):
    found = verdict(referee, scale(MUTATE))
    assert found.points == pytest.approx(8.0)
    assert found.message == "Your function writes into `x`: work on a new array."
    assert statuses(found)["the inputs stay as they are"] == "failed"


@pytest.mark.parametrize(
    "change", ["k[0, 0] = np.nan", "k.shape = (k.size, 1)", "k -= 1e-12", "k.dtype = np.int64"]
)
def test_every_change_of_an_input_is_seen(referee, change):
    found = verdict(referee, scale(("kept = (x, k)", f"kept = (x, k.copy())\n    {change}")))
    assert found.points == pytest.approx(8.0)
    assert "writes into `k`" in found.message


def test_handing_back_an_inputs_memory_takes_a_share_away(tmp_path):
    lab = toy_lab(tmp_path)
    path = lab.folder / "toy.py"
    path.write_text(path.read_text("utf-8").replace("big = k * x", "big = 1 * x"), "utf-8")
    found = verdict(Referee(lab, 1), scale(("k * x", "x[:]")))
    assert found.points == pytest.approx(8.0)
    assert found.message == "`big` shares memory with `x`: make a new array."
    assert statuses(found)["the outputs have memory of their own"] == "failed"


def test_an_output_that_may_share_memory_does(referee):
    assert verdict(referee, SCALE).points == 10  # `kept` holds the inputs themselves


def test_writing_into_an_input_and_returning_it_costs_once(referee):
    found = verdict(referee, scale(ALIAS, ("= (x, k)", "= (x / k, k)")))
    assert statuses(found)["the inputs stay as they are"] == "failed"
    assert found.points == pytest.approx(8.0)


def test_penalties_end_at_zero(referee):
    source = "def scale(x, k):\n    x += 1\n    return x, k[0], (x - 1, k)"
    found = verdict(referee, source)
    assert [case.status for case in found.cases[-3:-1]] == ["failed", "failed"]
    assert found.points == 0


def test_properties_are_not_judged_without_any_value(referee):
    found = verdict(referee, "def scale(x, k): raise ValueError")
    assert [case.status for case in found.cases[-3:]] == ["not run"] * 3


# ---------------------------------------------------------------- mistakes


def test_a_known_mistake_is_named(referee):
    found = verdict(referee, scale(("np.sum(", "np.mean(")))
    assert (found.mistake, found.message) == ("mean", "`total` is a mean, not a sum.")
    assert found.points == pytest.approx(7.0)


def test_the_credit_of_a_mistake_is_a_floor(referee):
    found = verdict(referee, scale(("k * x", "0.5 * k * x")))
    assert (found.mistake, found.points) == ("half", 6.0)


def test_no_credit_for_half_a_mistake(referee):
    found = verdict(referee, scale(("k * x", "k * x / 2"), ("= (x, k)", "= (k, x)")))
    assert (found.mistake, found.points) == ("half", 3.0)  # for a sum that follows from the half
    found = verdict(referee, scale(("big = k * x", "assert len(x) > 1\n    big = k * x / 2")))
    assert (found.mistake, found.points) == ("half", pytest.approx((3 + 2) * (0.7 + 0.1)))


def test_an_answer_that_only_sometimes_equals_a_mistake_is_not_named(referee):
    found = verdict(referee, scale(("total =", "total = np.mean(big, axis=0) if len(x) == 3 else")))
    assert found.mistake is None
    assert "`total` has the right shape" in found.message
    found = verdict(referee, scale(("total =", "total = np.mean(big, axis=0) if len(x) > 2 else")))
    assert found.mistake is None  # the published case has two rows, and there it is right


def test_a_mistake_that_crashes_explains_nothing(tmp_path):
    lab = toy_lab(tmp_path)
    path = lab.folder / "mistakes.py"
    path.write_text(path.read_text("utf-8").replace('"k * x / 2"', '"k * x / 2 + nowhere"'), "utf-8")
    found = verdict(Referee(lab, 1), scale(("k * x", "k * x / 2")))
    assert found.mistake is None


# ---------------------------------------------------------------- what follows from a wrong output


def test_an_output_that_is_right_for_a_wrong_one_before_it_keeps_its_points(referee):
    found = verdict(referee, scale(("big = k * x", "big = k * x + x")))
    assert found.points == pytest.approx(5.0)
    assert found.cases[0].reason.endswith(
        "; `total` differs only because of what it is computed from, and counts as right"
    )
    assert statuses(found)["the published example"] == "failed"


@pytest.mark.parametrize(
    ("edits", "points"),
    [
        ([("big = k * x", "big = k * x + x"), ("axis=0)", "axis=0) + 1")], 2),
        ([("big = k * x", "big = k * x + x"), ("np.sum(big", "np.sum(k * x")], 5),  # right by itself
        ([("return big", "big = big + x\n    return big")], 5),  # the sum was made before
        ([("big = k * x", "big = 0 * x")], 2),  # from a constant nothing follows
        ([("big = k * x", "big = 0 * x + np.nan")], 2),
        ([("big = k * x", "big = (k * x).T"), ("axis=0", "axis=1")], 5),  # right by itself
        ([("big = k * x", "big = (k * x + x).T"), ("axis=0", "axis=1")], 2),  # not from a wrong shape
        ([("total =", "total = 1 +"), ("= (x, k)", "= (x, k + total)")], 5),  # `kept` is not made from it
    ],
)
def test_what_follows_and_what_does_not(referee, edits, points):
    assert verdict(referee, scale(*edits)).points == pytest.approx(points)


def test_a_later_output_that_follows_in_some_core_cases_only_is_wrong(referee):
    edits = [
        ("big = k * x", "big = k * x + x"),
        ("return big", "total = total + (len(x) == 7)\n    return big"),
    ]
    assert verdict(referee, scale(*edits)).points == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("y = 2 * x\nz = y + 1", 5),
        ("y, z = 2 * x, None\nz = y + 1", 5),  # y is assigned once
        ("y = np.zeros(len(x))\nfor n in range(len(x)):\n    y[n] = 2 * x[n]\nz = y + 1", 0),
        ("y = x\ny = 2 * y\nz = y + 1", 0),
        ("y = 2 * x\nwhile len(y) != len(x):\n    pass\nz = y + 1", 0),
        ("y = 2 * x\nassert np.all(y == 2 * x)\nz = y + 1", 0),
        ("y = 2 * x\nz = 1 * y\nz += 1", 5),
    ],
)
def test_only_names_that_the_reference_assigns_once_are_followed(tmp_path, body, points):
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    exercises = """
        f = Exercise("f", outputs={"y": 1, "z": 1})
        @f.case
        def five(rng):
            "five"
            return {"x": rng.standard_normal(5)}
        @f.case
        def one(rng):
            "one"
            return {"x": rng.standard_normal(1)}
        lab = Lab(exercises=(f,), modules=())
    """
    edit = (" = 2 * y", " = 3 * y") if "2 * y" in body else (" = 2 * x", " = 3 * x")
    mistakes = f'mistakes = {{"f": [Mistake("thrice", ({edit!r},), "thrice")]}}'
    functions = {"f": f"def f(x):\n{lines}    return y, z\n"}
    lab = write_lab(tmp_path / "follow", functions, exercises, mistakes)
    found = grade(Referee(lab, 1), student("def f(x): return 3 * x, 3 * x + 1"))["f"]
    assert found.points == pytest.approx(points)


def test_a_list_of_the_outputs_counts_as_the_tuple(referee):
    """It unpacks alike; that an entry shares memory with an input is still seen."""
    assert verdict(referee, scale(("return big, total, kept", "return [big, total, kept]"))).points == 10
    found = verdict(referee, scale(("return big, total, kept", "x *= k; return [x, total, (x / k, k)]")))
    assert "writes into `x`" in " ".join(finding.text for finding in found.findings)
    kept = verdict(referee, scale(("return big, total, kept", "return [big, total, kept, 1]")))
    assert (kept.points, kept.message) == (
        0,
        "`scale` returns 4 values; it should return 3: big, total, kept.",
    )


# ---------------------------------------------------------------- findings


def test_each_fault_is_said_once_with_its_outputs_and_cases(referee):
    found = verdict(referee, scale(("total = ", "total = -"), ("= (x, k)", "= (x, -k)")))
    names = [case.name for case in found.cases]
    (finding,) = found.findings
    assert finding.cases == names[:5]
    assert finding.text.startswith("`total` has the right shape, but its values are off by")
    assert finding.text.endswith(": the sign is wrong; the same holds for `kept`.")
    assert found.message == finding.text
    assert [case.reason for case in found.cases[:5]].count("") == 0


def test_faults_of_other_shapes_in_other_cases_are_one(referee):
    found = verdict(referee, scale(("return big", "return big.T")))
    assert [(finding.text, len(finding.cases)) for finding in found.findings] == [
        ("`big` has shape (3, 4); it should be (4, 3): it is transposed.", 5)
    ]


def test_other_faults_stand_apart(referee):
    raises = ("big = ", "if len(x) == 7: raise ValueError(f'no {len(x)}')\n    big = ")
    found = verdict(referee, scale(raises, MUTATE, ("return big", "return 2 * big")))
    names = [case.name for case in found.cases]
    assert [(finding.text.partition(":")[0], finding.cases) for finding in found.findings] == [
        (found.message.partition(":")[0], [names[0], *names[2:5]]),
        ("`scale` raised ValueError", [names[1]]),
        ("Your function writes into `x`", ["the inputs stay as they are"]),
    ]
    assert found.message.startswith("`big` has the right shape")


def test_what_did_not_run_is_said_once(referee):
    session = referee.judge().open(referee.lab.exercises["scale"])
    (finding,) = session.close("the cell was stopped").findings
    assert (finding.text, len(finding.cases)) == ("The cell was stopped.", 5)


# ---------------------------------------------------------------- exactness


def test_points_are_exact_where_shares_are_not(tmp_path):
    lab = toy_lab(tmp_path)
    path = lab.folder / "exercises.py"
    text = path.read_text("utf-8").replace(
        '{"big": 5, "total": 3, "kept": 2}', '{"big": 1, "total": 1, "kept": 1}'
    )
    path.write_text(text.replace("share=0.1", "share=0.3333"), "utf-8")
    text = (lab.folder / "toy.py").read_text("utf-8")
    (lab.folder / "toy.py").write_text(text.replace('"points": 10', '"points": 3.3333333333'), "utf-8")
    found = grade(Referee(lab, 1), student(SCALE), "scale")["scale"]
    assert found.points == found.max_points == 3.3333333333
    assert found.correct


def test_a_function_of_one_output_may_return_a_tuple_only_if_it_should(referee):
    assert verdict(referee, SCALE + BOTH, "both").points == 10
    found = verdict(referee, "def both(x, k): return (k * x + np.sum(k * x, axis=0),)", "both")
    assert found.points == 0
    assert "`sum` is a value of type tuple; it should be a NumPy array" in found.message


def test_an_exception_does_not_carry_the_inputs_into_the_feedback(referee):
    found = verdict(
        referee, "def scale(x, factor):\n    raise ValueError(f'{x.shape} {x.tolist()} {factor!r}')\n"
    )
    reasons = [case.reason for case in found.cases if "ValueError" in case.reason]
    assert reasons
    assert all("ValueError: (" in reason and "…" in reason for reason in reasons)
    said = " ".join(reasons).partition("(line")[0]
    assert not re.search(r"\d\.\d", said)
