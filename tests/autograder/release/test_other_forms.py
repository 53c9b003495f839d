"""What a release carries of other right forms: enough for the visible check to accept them, and no code."""

import json
import shutil
from dataclasses import replace

import nbformat
import numpy as np
import pytest

from autograder.audit.visible import passes_visible_check
from autograder.errors import LabError
from autograder.lab.variants import variants
from autograder.release.alternatives import refuse_equal_alternatives
from autograder.release.build import build
from autograder.release.known_places import places_text
from autograder.release.mistake_hints import hints_text
from autograder.release.open_cases import open_cases, open_cases_text
from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.open_cases import OPEN_CASES, read_text, same
from tests.autograder.referee.forms_lab import (
    DEEP,
    EXERCISES,
    GATE,
    MISTAKES,
    PAPER,
    SAYS,
    TOWER,
    USED,
    forms_lab,
    paper,
)
from tests.autograder.referee.referee_play import edited, student
from tests.autograder.referee.toy_lab import toy_lab

SHARES = "0.3 * new + 0.7 * h"
SWAPPED = (SHARES, "0.7 * new + 0.3 * h")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return forms_lab(tmp_path_factory.mktemp("labs"))


@pytest.fixture(scope="module")
def files(lab, tmp_path_factory):
    """A folder with what lies beside a notebook."""
    folder = tmp_path_factory.mktemp("files")
    shutil.copy(lab.folder / "published.json", folder)
    made = {"open_cases.json": open_cases_text, "places.json": places_text, "hints.json": hints_text}
    for name, text_of in made.items():
        (folder / name).write_text(text_of(lab, folder / "none"), "utf-8")
    return folder


@pytest.fixture
def beside(files, tmp_path, monkeypatch):
    """A copy of them to work in: the current folder."""
    folder = shutil.copytree(files, tmp_path / "work")
    monkeypatch.chdir(folder)
    return folder


def shown(capsys, name, *sources):
    """Return the heading of the table that the check of a function shows, and why it failed."""
    names = student(GATE, DEEP, TOWER, *sources)
    names["visible_check"] = visible_check
    try:
        exec(f"visible_check({name})", names)
        problem = ""
    except CheckFailed as error:
        problem = str(error)
    return capsys.readouterr().out.split("\n")[0], problem


@pytest.mark.parametrize("name", ["gate", "deep", "tower"])
def test_the_check_accepts_each_form_and_says_which_it_is(beside, capsys, name):
    passed = f"{name}: visible checks passed."
    assert shown(capsys, name) == (f"{passed} The hidden tests use other inputs.", "")
    said = SAYS if name == "gate" else USED
    assert shown(capsys, name, paper()) == (f"{passed} {said} The hidden tests use other inputs.", "")


@pytest.mark.parametrize("condition", ["len(x) == 3", "len(x) == 1", "len(x) == 2"])
def test_the_check_refuses_a_form_that_changes_from_case_to_case(beside, capsys, condition):
    """The two rows are the published example's."""
    mixed = edited(GATE, (PAPER[0], f"({PAPER[1]} if {condition} else {PAPER[0]})"))
    assert "gate: " in shown(capsys, "gate", mixed)[1]
    problem = shown(capsys, "deep", mixed)[1]
    assert problem.startswith("First mend `gate`: `deep` calls it.") == (condition != "len(x) == 2")


def test_the_check_names_a_mistake_in_either_form(beside, capsys):
    for source in (GATE, paper()):
        problem = shown(capsys, "gate", edited(source, SWAPPED))[1]
        assert problem.startswith(
            "gate: Likely cause: The shares are swapped. `r`, `made` and `new` are right;"
        )
        assert problem.endswith(SAYS) == (source != GATE)


def test_the_check_says_where_either_form_goes_wrong(beside, capsys):
    for source in (GATE, paper()):
        problem = shown(capsys, "gate", edited(source, (SHARES, "0.35 * new + 0.7 * h")))[1]
        assert "`r`, `made` and `new` are right; `out` is the first that is not." in problem


def test_expected_values_are_those_of_the_form_that_fits_better(beside, capsys):
    """Right in the other form but for one row: what is shown as expected is that form's."""
    heading, problem = shown(capsys, "gate", edited(paper(), ("return out", "return out + (len(x) == 1)")))
    assert heading == "gate: the published values are right, but not all else is."
    assert problem.endswith(SAYS)
    assert "open case “one row”" in problem


def test_the_check_and_the_hidden_tests_agree(lab):
    exercise = lab.exercises["gate"]
    for one in variants(lab, "gate"):
        assert passes_visible_check(lab, exercise, one.reference["gate"])
        for mistake in one.mistakes["gate"]:
            assert not passes_visible_check(lab, exercise, one.mistaken("gate", mistake))


def test_open_cases_are_read_back_with_their_forms(lab, files):
    made, found = open_cases(lab), read_text((files / OPEN_CASES).read_text("utf-8"))
    assert same(made, found, 0.0)
    for name in lab.exercises:
        ((first, other), (mine, theirs)) = made[name].all(), found[name].all()
        assert (mine.label, theirs.label, theirs.says) == ("", other.label, other.says)
        for one, case, read in zip(first.cases, other.cases, theirs.cases, strict=True):
            assert one.inputs["x"].tobytes() == read.inputs["x"].tobytes()
            assert read.outputs[0].tobytes() == case.outputs[0].tobytes() != one.outputs[0].tobytes()
        value = variants(lab, name)[1].reference[name](*published(lab, name))
        assert theirs.published == ([2, 3], value[1].tolist())


def published(lab, name):
    names = {"np": np, name: lambda *inputs: inputs}
    exec("\n".join(lab.published[name]["inputs"]), names)
    return names[lab.published[name]["outputs"][0]]


def test_a_difference_in_a_form_is_a_difference(lab, files):
    made, text = open_cases(lab), json.loads((files / OPEN_CASES).read_text("utf-8"))
    for change in ({"says": "else"}, {"label": "gate: pen"}, {"published": [[2, 3], [0.5, 0.25, 0.125]]}):
        other = json.loads(json.dumps(text))
        other["gate"]["others"][0] |= change
        assert not same(made, read_text(json.dumps(other)), 0.1)
    del text["gate"]["others"]
    assert not same(made, read_text(json.dumps(text)), 0.1)


@pytest.mark.parametrize(
    "change",
    [
        {"outputs": []},
        {"outputs": [[], [], []]},
        {"random": []},
        {"says": 3},
        {"published": "x"},
        {"published": [["x"]]},
        {"label": None},
    ],
)
def test_a_damaged_form_is_told(files, change):
    text = json.loads((files / OPEN_CASES).read_text("utf-8"))
    text["gate"]["others"][0] |= change
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        read_text(json.dumps(text))


def test_published_values_that_do_not_fit_are_told(beside, capsys):
    text = json.loads((beside / OPEN_CASES).read_text("utf-8"))
    text["gate"]["others"][0]["published"].pop()
    (beside / OPEN_CASES).write_text(json.dumps(text), "utf-8")
    assert shown(capsys, "gate")[1] == ""
    said = "open_cases.json and published.json do not fit together: copy both from the released lab"
    assert shown(capsys, "gate", paper())[1] == said


def test_a_lab_without_alternatives_has_nothing_more(tmp_path):
    lab = toy_lab(tmp_path)
    assert not any(one.others for one in open_cases(lab).values())
    for text_of in (open_cases_text, places_text, hints_text):
        text = text_of(lab, tmp_path / "none")
        assert set(json.loads(text)) <= {"scale", "both"}
        assert '"others"' not in text


@pytest.fixture
def course(tmp_path, lab):
    """A course with the lab alone."""
    root = tmp_path / "course"
    shutil.copytree(lab.folder, root / "assignments/forms")
    (root / "nbgrader_config.py").touch()
    return root


@pytest.mark.slow
def test_a_build_carries_the_forms_and_no_code_of_them(course):
    report = build(course)
    assert {"release/forms/open_cases.json", "release/forms/hints.json"} <= set(report.written)
    assert not build(course).changed
    assert SAYS in (course / "release/forms/open_cases.json").read_text("utf-8")
    for path in (course / "release/forms").iterdir():
        text = "".join(path.read_text("utf-8").split())
        assert "(r*h)@w" not in text
        assert "r*(h@w)" not in text
    assert nbformat.read(course / "release/forms/forms.ipynb", 4).cells


@pytest.mark.slow
@pytest.mark.parametrize(
    ("exercises", "mistakes", "words"),
    [
        (EXERCISES.replace(PAPER[1], "(h @ w) * r"), MISTAKES, "'paper' of gate equals the reference"),
        (EXERCISES.replace(PAPER[1], "1.0 * (h @ w)"), MISTAKES, "equals the mistake 'no-gate'"),
        (
            EXERCISES.replace(
                f'"{SAYS}"),',
                f'"{SAYS}"), Alternative("again", (("{PAPER[0]}", "(h * r).dot(w)"),), "Again."),',
            ),
            MISTAKES,
            "'paper' of gate equals the alternative 'again'",
        ),
        (EXERCISES.replace(PAPER[0], "q * (h @ w)"), MISTAKES, "occurs 0 times in gate; it must occur once"),
    ],
)
def test_a_build_refuses_an_alternative_that_is_none(tmp_path, exercises, mistakes, words):
    forms_lab(tmp_path / "assignments", exercises=exercises, mistakes=mistakes)
    (tmp_path / "nbgrader_config.py").touch()
    with pytest.raises(LabError, match=words) as caught:
        build(tmp_path)
    assert "\n" not in str(caught.value)


def test_alternatives_that_differ_are_not_refused(lab):
    refuse_equal_alternatives(lab)


def test_cases_stay_the_same_within_a_share_of_the_tolerance(lab, files):
    found = read_text((files / OPEN_CASES).read_text("utf-8"))
    form, first = found["gate"].form, found["gate"].cases[0]
    for rtol in (1e-10, 1e-4):
        known = {"gate": replace(found["gate"], form=replace(form, rtol=rtol))}
        for off, expected in ((0.01 * rtol, True), (0.5 * rtol, False)):
            moved = replace(first, outputs=tuple(value * (1 + off) for value in first.outputs))
            other = {"gate": replace(known["gate"], cases=(moved, *known["gate"].cases[1:]))}
            assert same(known, other, 0.1) == expected
