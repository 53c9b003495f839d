"""What has changed since earlier results."""

import pytest

from autograder.errors import UsageError
from autograder.report import changes, read_results, to_json, write
from tests.autograder.report.report_factory import bad, blank, everyone, partial, perfect


def test_the_same_results_have_not_changed(tmp_path):
    path = write(tmp_path / "old.json", to_json(everyone(), 1))
    assert changes(read_results(path), everyone()) == []
    assert changes(read_results(path), everyone()[::-1]) == []


def test_points_that_move_are_told_by_exercise_and_in_all():
    assert changes([perfect("dee")], [partial("dee")]) == [
        "dee cells: lstm_forward 25 → 12.5, total 100 → 87.5"
    ]


def test_another_status_is_told():
    assert changes([perfect("eve")], [bad("eve")]) == ["eve cells: 100 of 100 → bad submission"]


def test_who_is_in_only_one_of_both_is_told():
    assert changes([perfect("ada")], [blank("bob")]) == [
        "ada cells: not checked now",
        "bob cells: new, 0 of 100",
    ]


def test_an_exercise_that_comes_and_one_that_goes_are_told():
    old, new = perfect(), perfect()
    new.exercises = new.exercises[1:]
    new.points -= 25
    assert changes([old], [new]) == ["ada cells: rnn_cell_forward is gone, total 100 → 75"]
    assert changes([new], [old]) == ["ada cells: rnn_cell_forward 0 → 25, total 75 → 100"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}', '{"schema": 9, "submissions": []}', "null"])
def test_a_file_without_results_is_named(tmp_path, text):
    path = write(tmp_path / "old.json", text)
    with pytest.raises(UsageError, match=r"old\.json holds no results"):
        read_results(path)
