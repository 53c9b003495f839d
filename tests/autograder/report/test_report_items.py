"""Item statistics of exercises and cases."""

import csv
import io

import pytest

from autograder.report import to_items
from tests.autograder.report.report_factory import bad, blank, graded, grader_error, perfect, verdict


def table(results):
    rows = csv.DictReader(io.StringIO(to_items(results)), strict=True)
    return {(row["exercise"], row["case"]): row for row in rows}


def of_points(*points):
    """A class in which student i has points[i] in two exercises, and all points in a third."""
    names = ("first", "second")
    return [
        graded(
            f"s{n}",
            [*(verdict(name, value) for name, value in zip(names, pair, strict=True)), verdict("full")],
        )
        for n, pair in enumerate(points)
    ]


def test_difficulty_is_the_share_of_full_points_and_the_mean_share():
    row = table(of_points((25, 25), (10, 0), (0, 0), (25, 0)))["first", ""]
    assert (row["students"], row["full_share"], row["mean_share"]) == ("4", "0.500", "0.600")


def test_discrimination_leaves_the_exercise_itself_out():
    same = table(of_points(*[(25, 25)] * 5, *[(0, 0)] * 5))
    against = table(of_points(*[(25, 0)] * 5, *[(0, 25)] * 5))
    none = table(of_points(*[(25, 25), (0, 25), (25, 0), (0, 0)] * 3))
    assert same["first", ""]["discrimination"] == "1.000"
    assert against["first", ""]["discrimination"] == "-1.000"
    assert float(none["first", ""]["discrimination"]) == pytest.approx(0)
    assert same["first", "ordinary sizes"]["discrimination"] == "1.000"


def test_discrimination_needs_ten_students_and_spread():
    few = table(of_points(*[(25, 25)] * 5, *[(0, 0)] * 4))
    assert few["first", ""]["discrimination"] == "-"
    enough = table(of_points(*[(25, 25)] * 5, *[(0, 0)] * 5))
    assert enough["full", ""]["discrimination"] == "-"


def test_an_exercise_alone_has_no_discrimination():
    results = [graded(f"s{n}", [verdict("only", 25.0 * (n % 2))]) for n in range(12)]
    assert table(results)["only", ""]["discrimination"] == "-"


def test_what_was_not_graded_is_no_wrong_answer():
    results = [perfect(), blank()]
    assert to_items([*results, bad(), grader_error()]) == to_items(results)
    assert to_items([bad()]).count("\n") == 1


def test_a_case_has_the_share_that_passes_and_not_run_is_not_passed():
    found = table([perfect(), perfect("cyd"), perfect("dee"), blank()])
    assert found["rnn_forward", "inputs unchanged"]["full_share"] == "0.750"


def test_names_are_no_formulas():
    assert ",'=1+1," in to_items([graded("ada", [verdict("=1+1")])])


def test_names_keep_their_spaces():
    assert ", two  spaces," in to_items([graded("ada", [verdict(" two  spaces")])])
