"""Alternatives of an exercise, and the variants of a lab that they make."""

import numpy as np
import pytest

from autograder.errors import LabError
from autograder.lab.course import LabFolder
from autograder.lab.variants import MOST, label, says, variant, variants
from tests.autograder.referee.forms_lab import EXERCISES, MISTAKES, PAPER, SAYS, USED, forms_lab
from tests.autograder.referee.toy_lab import toy_lab

RNG = np.random.default_rng(1)
INPUTS = [RNG.standard_normal((3, 4)), RNG.standard_normal((3, 4)), RNG.standard_normal((4, 4))]
DECLARED = f'Alternative("paper", (("{PAPER[0]}", "{PAPER[1]}"),), "{SAYS}"),'


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return forms_lab(tmp_path_factory.mktemp("labs"))


def declared(*alternatives: str) -> str:
    """Return exercises.py with other alternatives of `gate`."""
    assert EXERCISES.count(DECLARED) == 1
    return EXERCISES.replace(DECLARED, "".join(f"{one}," for one in alternatives))


def test_a_lab_without_alternatives_is_its_only_variant(tmp_path):
    lab = toy_lab(tmp_path)
    assert [variants(lab, name) for name in lab.exercises] == [(lab,)] * 2
    assert (label(lab), says(lab, "scale"), lab.base) == ("", "", lab)


def test_a_variant_has_the_other_form_in_place_wherever_it_is_called(lab):
    x, h, w = INPUTS
    r = np.tanh(x)
    expected = 0.3 * np.tanh((r * h) @ w + 1.5 * x) + 0.7 * h
    first, other = variants(lab, "gate")
    assert first is lab
    np.testing.assert_allclose(other.reference["gate"](x, h, w), expected, rtol=1e-14)
    gate, deep = other.reference["gate"], other.reference["deep"]
    np.testing.assert_array_equal(deep(x, h, w), gate(gate(x, h, w), h, w) + 1.0)
    assert not np.allclose(deep(x, h, w), lab.reference["deep"](x, h, w))


def test_what_calls_an_exercise_itself_or_through_others_has_its_forms(lab):
    assert [variants(lab, name) for name in ("gate", "deep", "tower")] == [variants(lab, "gate")] * 3
    assert variant(lab, {"gate": "paper"}) is variants(lab, "tower")[1]
    assert variant(lab, {"gate": "", "deep": ""}) is lab
    with pytest.raises(KeyError):
        variant(lab, {"gate": "pencil"})


def test_a_variant_is_told_by_its_sentence_and_its_label(lab):
    (other,) = variants(lab, "gate")[1:]
    assert [says(other, name) for name in ("gate", "deep")] == [SAYS, USED]
    assert label(other) == "gate: paper"


def test_a_variant_has_the_mistakes_whose_edits_fit(lab):
    (other,) = variants(lab, "gate")[1:]
    assert [m.name for m in other.mistakes["gate"]] == ["no-mix", "swapped"]
    assert other.mistakes["deep"] == lab.mistakes["deep"]
    swapped = other.mistakes["gate"][1]
    x, h, w = INPUTS
    new = np.tanh((np.tanh(x) * h) @ w + 1.5 * x)
    np.testing.assert_allclose(other.mistaken("gate", swapped)(x, h, w), 0.7 * new + 0.3 * h, rtol=1e-14)


@pytest.mark.parametrize(
    ("alternatives", "words"),
    [
        (
            ['Alternative("paper", (("nowhere", "x"),), "s")'],
            "'nowhere' of alternative 'paper' occurs 0 times",
        ),
        (
            ['Alternative("paper", (("h", "x"),), "s")'],
            r"'h' of alternative 'paper' occurs \d+ times in gate",
        ),
        ([DECLARED[:-1].replace("paper", "swapped", 1)], "'swapped' of gate has the name of a mistake"),
        ([DECLARED[:-1]] * 2, "'paper' of gate has the name of a mistake or of another alternative"),
        (['Alternative("same", (("np.tanh(x)", "np.tanh(x)"),), "s")'], "'same' of gate edits nothing"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(tmp_path, alternatives, words):
    lab = forms_lab(tmp_path, exercises=declared(*alternatives))
    with pytest.raises(LabError, match=words) as caught:
        _ = lab.exercises
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("number", [MOST - 1, MOST])
def test_too_many_forms_are_refused(tmp_path, number):
    many = [f'Alternative("form {n}", (("1.5", "{n}.25"),), "s")' for n in range(number)]
    lab = forms_lab(tmp_path, exercises=declared(*many))
    if number < MOST:
        assert len(variants(lab, "deep")) == MOST
    else:
        with pytest.raises(LabError, match="deep, with what it calls, has too many alternatives"):
            variants(lab, "deep")


def test_forms_of_several_functions_are_combined(tmp_path):
    more = 'calls=("gate",), alternatives=(Alternative("less", (("top + 1.0", "top - 1.0"),), "Less."),)'
    exercises = EXERCISES.replace('{"top": 1}, calls=("gate",)', '{"top": 1}, ' + more)
    lab = forms_lab(tmp_path, exercises=exercises, mistakes=MISTAKES)
    assert [label(one) for one in variants(lab, "deep")] == [
        "",
        "gate: paper",
        "deep: less",
        "gate: paper, deep: less",
    ]
    assert says(variants(lab, "deep")[3], "deep") == f"Less. {USED}"


def test_an_alternative_counts_in_the_digest_of_a_lab(lab, tmp_path):
    changed = forms_lab(tmp_path, exercises=EXERCISES.replace(PAPER[1], "(h * r) @ w"))
    assert LabFolder(lab.folder).digest != changed.digest
