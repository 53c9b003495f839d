"""open_cases.json: what is written is read back, and what is damaged is told in one line."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.open_cases import OpenCases, Unusable, read, read_text, same, text_of

X = np.linspace(-1, 1, 6).reshape(2, 3) / 3
FORM = Form(
    "step",
    outputs={"y": 1.0, "steps": 1.0},
    effects={"parameters": 1.0},
    may_mutate=("x",),
    may_alias=("y",),
    seeds=True,
    loose=("y",),
)
CASE = SolvedCase(
    "a case",
    "core",
    {"x": X, "parameters": {"W": X.T, 3: [1, 2.5, None, "ä"]}, "flag": True},
    (X * np.pi, [(X, np.float32(0.1)), np.arange(3), np.nan], {"W": X + 1j}),
    {"steps": 2},
    1 << 31,
    np.random.RandomState(1).random_sample(4),
    {"names.txt": "ä\nb"},
)
OPENED = {"step": OpenCases(FORM, ("other",), (CASE, replace(CASE, name="another", group="edges")))}


def test_what_is_written_is_read_back_to_the_last_bit():
    text = text_of(OPENED)
    read_back = read_text(text)
    assert text_of(read_back) == text
    assert same(read_back, OPENED, 0.0)
    (one, other), form = read_back["step"].cases, read_back["step"].form
    assert (form, read_back["step"].calls) == (FORM, ("other",))
    assert one.outputs[0].tobytes() == (X * np.pi).tobytes()
    assert one.outputs[1][0][1].dtype == np.float32
    assert list(one.inputs["parameters"]) == ["W", 3]
    assert type(one.outputs[1][0]) is tuple
    assert (one.seed, dict(one.files), dict(one.first)) == (1 << 31, {"names.txt": "ä\nb"}, {"steps": 2})
    assert other.group == "edges"


def test_an_array_is_written_once_and_read_apart():
    text = text_of(OPENED)
    assert text.count(json.dumps(X.ravel().tolist())) == 1
    one, other = read_text(text)["step"].cases
    assert not np.shares_memory(one.inputs["x"], other.inputs["x"])
    assert not np.shares_memory(one.inputs["x"], one.outputs[1][0][0])


def test_sets_of_cases_are_the_same_up_to_a_tolerance():
    def with_case(**changed):
        return {"step": replace(OPENED["step"], cases=(replace(CASE, **changed), OPENED["step"].cases[1]))}

    moved = (CASE.outputs[0] * (1 + 1e-13), *CASE.outputs[1:])
    assert same(with_case(outputs=moved), OPENED, 0.1)
    assert not same(with_case(outputs=moved), OPENED, 1e-5)
    for changed in (
        {"outputs": (CASE.outputs[0] * (1 + 1e-9), *CASE.outputs[1:])},
        {"outputs": (CASE.outputs[0].T, *CASE.outputs[1:])},
        {"inputs": {**CASE.inputs, "flag": False}},
        {"name": "new"},
        {"group": "edges"},
        {"seed": 7},
        {"files": {}},
        {"first": {}},
    ):
        assert not same(with_case(**changed), OPENED, 0.1), changed
    assert not same({}, OPENED, 0.1)
    assert not same({"step": replace(OPENED["step"], calls=())}, OPENED, 0.1)
    form = replace(FORM, seeds=False)
    assert not same({"step": replace(OPENED["step"], form=form)}, OPENED, 0.1)


def test_values_that_the_file_has_no_word_for_are_refused():
    for value in (object(), np.array([None]), {1, 2}):
        case = replace(CASE, inputs={"x": value})
        with pytest.raises(ValueError, match="cannot be written"):
            text_of({"step": OpenCases(FORM, (), (case,))})


DAMAGED = {
    "cut off": lambda text: text[:-200],
    "no object": lambda text: "[1]",
    "no entry": lambda text: '{"step": 1}',
    "no cases": lambda text: '{"step": {"form": [], "arrays": [], "cases": []}}',
    "deep": lambda text: "[" * 100_000,
    "an array of objects": lambda text: text.replace('["<f8", [2, 3]', '["O", [2, 3]'),
    "another shape": lambda text: text.replace('["<f8", [2, 3]', '["<f8", [2, 4]'),
    "a huge shape": lambda text: text.replace('["<f8", [2, 3]', '["<f8", [1000000000, 1000000000]'),
    "an array that is not there": lambda text: text.replace('{"array": 0}', '{"array": 99}'),
    "a number as an array": lambda text: text.replace('{"array": 0}', '{"array": "0"}'),
    "an unknown word": lambda text: text.replace('{"tuple"', '{"set"'),
    "no outputs": lambda text: text.replace('"outputs": ["y", "steps"]', '"outputs": []'),
    "another output": lambda text: text.replace('"outputs": ["y", "steps"]', '"outputs": ["y"]'),
    "text for a list": lambda text: text.replace('"outputs": ["y", "steps"]', '"outputs": "ys"'),
    "another kind": lambda text: text.replace('"returns": "tuple"', '"returns": "int"'),
    "no seed": lambda text: text.replace('"seed": 2147483648', '"seed": null'),
    "a path": lambda text: text.replace("names.txt", "../names.txt"),
    "no core case": lambda text: text.replace('"group": "core"', '"group": "other"'),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_told_in_one_line(tmp_path, damage):
    text = text_of(OPENED)
    damaged = DAMAGED[damage](text)
    assert damaged != text
    (tmp_path / "open_cases.json").write_text(damaged, "utf-8")
    with pytest.raises(Unusable) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "open_cases.json in the notebook's folder cannot be read: copy it again from the released lab"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "open_cases.json is not in the notebook's folder: copy it there from the released lab"),
        ("{", "open_cases.json in the notebook's folder cannot be read: copy it again from the released lab"),
        ("{}", "open_cases.json has no entry for rnn_cell_forward: copy it again from the released lab"),
    ],
)
def test_a_visible_check_without_the_file_says_what_to_do(student, lab, text, said):
    (lab / "open_cases.json").unlink()
    if text is not None:
        Path("open_cases.json").write_text(text)
    with pytest.raises(CheckFailed) as caught:
        visible_check(student("rnn_cell_forward"))
    assert str(caught.value) == said
