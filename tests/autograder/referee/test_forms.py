"""What a function may return, change and seed: dictionaries, effects on inputs, NumPy's random state."""

import numpy as np
import pytest

from autograder.errors import LabError
from autograder.referee import Referee, compare, draw
from autograder.sandbox.inside.wire import pack
from course_utils.judging.compare import ABSENT
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.properties import Call, broken
from tests.autograder.referee.referee_play import edited, grade, play, student, write_lab
from tests.autograder.referee.toy_lab import CHAIN, CHAIN_EXERCISES, chain_lab


@pytest.fixture(scope="module")
def referee(tmp_path_factory):
    with Referee(chain_lab(tmp_path_factory.mktemp("labs")), 1) as made:
        yield made


def verdict(referee, name, *edits, source=None):
    return grade(referee, student(*CHAIN.values(), source or edited(CHAIN[name], *edits)), name)[name]


def status(found, case):
    return {case.name: case.status for case in found.cases}[case]


def test_the_references_get_everything(referee):
    verdicts = grade(referee, student(*CHAIN.values()))
    assert [found.points for found in verdicts.values()] == [10] * 4
    assert all(case.status == "passed" for found in verdicts.values() for case in found.cases)


# ---------------------------------------------------------------- a dictionary of outputs


def test_keys_are_weighed_like_outputs(referee):
    found = verdict(referee, "clip", ("return gradients", "return {**gradients, 'b': gradients['b'] + 1}"))
    assert found.points == pytest.approx(7.5)
    assert "`b`" in found.message


def test_a_missing_key_is_named_and_an_extra_one_costs_nothing(referee):
    found = verdict(referee, "clip", ("return gradients", "return {'w': gradients['w'], 'c': 1}"))
    assert found.points == pytest.approx(7.5)
    assert found.message == "`b` is missing from the dictionary that is returned."
    assert verdict(referee, "clip", ("return gradients", "return {'c': 1, **gradients}")).points == 10


@pytest.mark.parametrize(
    ("value", "words"),
    [("None", "None"), ("gradients['w'], 1", "2 values"), ("[gradients]", "a list"), ("limit", "one value")],
)
def test_what_is_no_dictionary_is_told_so(referee, value, words):
    found = verdict(referee, "clip", ("return gradients", f"return {value}"))
    assert found.points == 0
    assert found.message == f"`clip` returns {words}; it should return a dictionary with w, b."


def test_a_key_that_shares_memory_is_named(tmp_path):
    exercises = CHAIN_EXERCISES.replace('may_alias=("w", "b")', 'may_alias=("w",)')
    new = {
        "clip": CHAIN["clip"].replace("return gradients", "return {k: v + 0 for k, v in gradients.items()}")
    }
    lab = write_lab(tmp_path / "chain", {**CHAIN, **new}, exercises)
    found = verdict(Referee(lab, 1), "clip")
    assert found.points == pytest.approx(8.0)
    assert found.message == "`b` shares memory with `gradients`: make a new array."


def test_a_mistake_is_found_by_its_keys(referee):
    assert verdict(referee, "clip", ("-limit, limit", "-np.inf, limit")).mistake == "upper-only"


@pytest.mark.parametrize("b", ["float(b[0, 0])", "b[0]", "b[None]", "b[0, 0]"])
def test_axes_of_length_one_do_not_count_where_an_output_is_loose(referee, b):
    new = f"b = gradients['b']\n    return {{'w': gradients['w'], 'b': {b}}}"
    assert verdict(referee, "clip", ("return gradients", new)).points == 10
    new = "return {'w': gradients['w'][None], 'b': gradients['b']}"
    found = verdict(referee, "clip", ("return gradients", new))
    assert "`w` has shape (1, 5); it should be (5,)" in found.message


# ---------------------------------------------------------------- effects


def test_an_effect_is_weighed_like_an_output(referee):
    found = verdict(referee, "step", ('parameters["w"] -= rate', 'parameters["w"] -= 2 * rate'))
    assert found.points == pytest.approx(2.5)  # for the gradients alone
    assert found.cases[0].reason.count("`parameters['w']`") == 1
    assert "after the call, `parameters['w']` has the right shape" in found.cases[0].reason


def test_faults_of_an_effect_are_one_whatever_their_size(tmp_path):
    more = (
        '@step.case\n    def another(rng):\n        "another"\n        return {"x": rng.standard_normal(4), '
    )
    more += '"parameters": {"w": 1e3 * rng.standard_normal(4), "steps": []}}\n\n    @train.case'
    lab = write_lab(tmp_path / "chain", CHAIN, CHAIN_EXERCISES.replace("@train.case", more))
    found = verdict(Referee(lab, 1), "step", ('["w"] -= rate', '["w"] -= 2 * rate'))
    (after,) = [finding for finding in found.findings if finding.text.startswith("After the call")]
    assert after.cases == ["one step", "another"]


def test_an_effect_may_put_new_arrays_into_a_dictionary(referee):
    assert verdict(referee, "step", ('["w"] -= rate', '["w"] = parameters["w"] - rate')).points == 10


def test_an_input_that_stays_as_it_was_has_no_effect(referee):
    new = 'parameters = {"w": 1 * parameters["w"], "steps": []}\n    parameters["w"] -= rate'
    found = verdict(referee, "step", ('parameters["w"] -= rate', new))
    assert found.points == pytest.approx(5)
    assert found.message == "`parameters` is as it was: `step` should change it in place."


# ---------------------------------------------------------------- the random state


def test_the_random_state_takes_away_and_never_gives(referee):
    found = verdict(referee, "pick", ("return picked", "np.random.random()\n    return picked"))
    assert found.points == pytest.approx(8)
    assert found.message.startswith("`pick` leaves NumPy's global random generator in another state")
    assert status(found, "the random state is left as it should be") == "failed"
    found = verdict(referee, "pick", ("return picked", "return [n + 1 for n in picked]"))
    assert found.points == 0
    assert status(found, "the random state is left as it should be") == "passed"


def test_the_random_state_after_wrong_outputs_costs_nothing_more():
    """What is drawn otherwise has changed the outputs already."""
    form = Form("draw", {"y": 1.0}, seeds=True)
    right, other = np.arange(3.0), np.arange(4.0)
    case = SolvedCase("a case", "core", {}, (right,), seed=1, random=other)
    wrong, fine = (Call(case, (value,), {}, (), other + 1) for value in (right + 1, right))
    assert broken(form, [wrong]) == {}
    assert list(broken(form, [fine])) == ["the random state is left as it should be"]


def test_a_mistake_of_the_random_state_alone_is_named(referee):
    found = verdict(referee, "pick", ("return picked", "np.random.seed(5)\n    return picked"))
    assert (found.points, found.mistake) == (8, "seed-last")
    assert verdict(referee, "pick", ("seed + n", "seed")).mistake == "one-seed"


def test_the_state_before_a_case_is_the_cases_own(referee):
    """A function that leans on the state it finds gets the same as the reference does, once for each case."""
    lab = referee.lab
    drawn = {case.seed for cases in draw(lab, 1).values() for case in cases}
    assert drawn == {case.seed for cases in referee.cases.values() for case in cases}
    assert len(drawn) == 3  # pick's, train's, and None
    found = verdict(referee, "pick", ("np.random.seed(seed + n)", "pass"))
    assert found.points == 0
    assert found.mistake is None


def test_a_mistake_is_run_under_the_cases_seed(tmp_path):
    body = "def noise(x):\n    return x + np.random.random(3)\n"
    exercises = """
        noise = Exercise("noise", outputs={"y": 1}, seeds=True)
        @noise.case
        def three(rng):
            "three"
            return {"x": rng.standard_normal(3)}
        lab = Lab(exercises=(noise,), modules=())
    """
    mistakes = (
        'mistakes = {"noise": [Mistake("normal", (("random(3)", "randn(3)"),), "`x` gets normal noise.")]}'
    )
    referee = Referee(write_lab(tmp_path / "noise", {"noise": body}, exercises, mistakes), 1)
    before = np.random.get_state()[1].copy()
    assert grade(referee, student(body))["noise"].points == 10
    assert (
        grade(referee, student(body.replace("random(3)", "standard_normal(3)")))["noise"].mistake == "normal"
    )
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # the notebook's own state is left alone


# ---------------------------------------------------------------- as far as it is conditioned


def test_only_the_first_entries_are_compared(referee):
    assert verdict(referee, "pick", ("return picked", "return picked[:4] + [0] * 40")).points == 10
    assert verdict(referee, "pick", ("return picked", "return np.array(picked[:4])")).points == 10
    found = verdict(referee, "pick", ("return picked", "return picked[:3]"))
    assert found.message == "`picked[:4]` has 3 elements: too few."
    found = verdict(referee, "pick", ("return picked", "picked[2] += 1\n    return picked"))
    assert found.message == (
        "`picked[:4]` has the right length, but its entries are not right after the first 2."
    )


def test_a_chaotic_case_is_drawn_when_it_is_compared_as_far_as_it_is_conditioned(tmp_path):
    body = """
        def chaos(x):
            values = []
            for _ in range(120):
                x = 4 * x * (1 - x)
                values.append(int(27 * x[0]))
            return values
    """
    exercises = """
        chaos = Exercise("chaos", outputs={"values": 1})
        @chaos.case(compare={"values": COUNT})
        def ordinary(rng):
            "ordinary"
            return {"x": 0.1 + 0.3 * rng.random(1)}
        lab = Lab(exercises=(chaos,), modules=())
    """
    with pytest.raises(LabError, match="'ordinary' is ill-conditioned"):
        Referee(write_lab(tmp_path / "a", {"chaos": body}, exercises.replace("COUNT", "120")))
    published = {"chaos": {"inputs": ["chaos(np.array([0.3]))"], "compare": {"values": 15}}}
    lab = write_lab(tmp_path / "b", {"chaos": body}, exercises.replace("COUNT", "20"), published=published)
    assert [case.first for case in draw(lab, 1)["chaos"]] == [{"values": 20}, {"values": 15}]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('loose=("b",)', 'loose=("c",)', "clip has no output c"),
        ('loose=("b",)', 'needs={"b": ("c",)}', "clip has no output c"),
        ('loose=("b",)', 'needs={"c": ("b",)}', "clip has no output c"),
        ('compare={"picked": 4}', 'compare={"letters": 4}', "pick has no output letters"),
        ('effects={"parameters": 2}', 'effects={"loss": 2}', "an output and an effect of one name"),
        ('effects={"parameters": 2}', 'effects={"nothing": 2}', "lacks outputs that"),
        ('outputs={"w": 3, "b": 1}', 'outputs={"w": 3, "b": 1, "c": 1}', "lacks outputs that"),
    ],
)
def test_an_exercise_that_contradicts_itself_is_refused(tmp_path, old, new, words):
    lab = write_lab(tmp_path / "chain", CHAIN, edited(CHAIN_EXERCISES, (old, new)))
    with pytest.raises(LabError, match=words):
        Referee(lab)


# ---------------------------------------------------------------- whole numbers, text, and what holds them


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ([1, 2], [1, 2]),
        ([np.int64(1), np.array(2)], [1, 2]),
        (np.array([1, 2]), [1, 2]),
        ([1, 2], np.array([1, 2])),
        ([], []),
        (np.array(True), True),
        ({"a": [1, ("x", None)], 2: "b"}, {2: "b", "a": [1, ("x", None)]}),
        (10**17, 10**17),
    ],
)
def test_whole_numbers_and_text_are_accepted_in_any_dress(got, want):
    assert compare(got, want, "indices", 1e-10) is None


@pytest.mark.parametrize(
    ("got", "want", "words"),
    [
        ([1, 3], [1, 2], "its entries are not right after the first 1"),
        ([2, 2], [1, 2], "its entries are not right from the first on"),
        ([1], [1, 2], "has 1 element: too few"),
        (np.array([1, 3]), np.array([1, 2]), "its values are not right"),
        (10**17 + 1, 10**17, "its values are not right"),
        (np.array([10**15, 1 + 10**5]), np.array([10**15, 10**5]), "its values are not right"),
        ("1 2", [1, 2], "is a value of type str; it should be a list"),
        ((1, 2), [1, 2], "is a value of type tuple; it should be a list"),
        ([1.5, 2], [1, 2], "`indices[0]`"),
        (np.array(1), True, "is not what it should be"),
        (["a", "c"], ["a", "b"], "`indices[1]` is not what it should be"),
        (ABSENT, 1, "is missing from the dictionary"),
    ],
)
def test_whole_numbers_and_text_are_compared_exactly(got, want, words):
    found = compare(got, want, "indices", 1e-10)
    assert found is not None
    assert words in found.message


def test_the_case_is_sent_with_its_seed_and_names(referee):
    sent = {}
    for name in ("clip", "pick"):
        session = referee.judge().open(referee.lab.exercises[name])
        sent[name], *_ = [
            header for header, _ in play(session, student(*CHAIN.values())) if "inputs" in header
        ]
    assert sent["clip"]["apart"] == []
    assert "seed" not in sent["clip"]
    assert sent["pick"]["seed"] == referee.cases["pick"][0].seed


def test_text_of_numpy_is_sent_as_text():
    assert pack()([np.str_("ab"), "c"]) == {"list": [{"value": "ab"}, {"value": "c"}]}
