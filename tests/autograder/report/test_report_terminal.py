"""The score table as a terminal shows it."""

import io

import pytest
from rich.console import Console

from autograder.report import to_lines, to_ranking, to_table
from tests.autograder.report.report_factory import (
    bad,
    blank,
    everyone,
    grader_error,
    nasty,
    partial,
    perfect,
    wrong_cell,
)


def shown(results, width=160, table=lambda results: to_table(results)):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    console.print(table(results))
    return console.file.getvalue()


def line(results, student):
    return next(row for row in shown(results).splitlines() if row.startswith(student)).split()


def test_a_row_has_points_total_and_status():
    assert line([perfect(), partial()], "dee")[:7] == ["dee", "25", "25", "25", "12.5", "87.5", "graded:"]
    assert line([perfect()], "ada") == ["ada", "25", "25", "25", "25", "100", "graded"]


def test_the_header_gives_the_points_of_each_exercise():
    header = shown([perfect()]).split("─")[0]
    assert header.count("of 25") == 4
    assert "of 100" in header
    assert "rnn_cell" in header


def test_a_lent_function_and_a_known_mistake_are_shown():
    row = line([wrong_cell()], "cyd")
    assert row == ["cyd", "0", "25", "↷", "25", "25", "75", "graded:", "no_bias"]
    assert "earlier function lent" in shown([wrong_cell()])
    assert "lent" not in shown([perfect()])


@pytest.mark.parametrize("result", [bad(), grader_error()])
def test_what_was_not_graded_has_no_points_but_a_reason(result):
    row = " ".join(line([perfect(), result], result.student))
    assert row.startswith(f"{result.student} – – – – – {result.status}: {result.reason[:20]}")


def test_rows_are_sorted_by_name():
    rows = [row.split()[0] for row in shown(everyone()[:6][::-1]).splitlines() if "graded" in row][:4]
    assert rows == ["ada", "bob", "cyd", "dee"]


def test_text_of_a_submission_is_never_markup_nor_an_escape_sequence():
    text = shown([nasty()], width=400)
    assert "[bold]=1+1[/bold]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_it_fits_eighty_columns_with_a_row_for_each_and_the_details_below():
    results = everyone()[:6]
    rows = shown(results, 80, lambda results: to_table(results, 80)).splitlines()
    assert max(map(len, rows)) <= 80
    below = rows[next(n for n, row in enumerate(rows) if row.startswith("──")) + 1 :]
    assert [row.split()[0] for row in below if row[0] != " "][:6] == [
        "ada",
        "bob",
        "cyd",
        "dee",
        "eve",
        "fay",
    ]
    lines = to_lines(results, 80)
    assert "eve: cells.ipynb is not JSON: hand in the notebook file itself" in lines
    assert "cyd: no_bias" in lines
    assert to_lines(results, 160) == []


def test_the_lab_has_a_column_when_there_are_several():
    other = perfect("zoe")
    other.lab = "backprop"
    assert "backprop" in line([perfect(), other], "zoe")


def test_an_empty_class_has_a_table():
    assert "student" in shown([])


# ---------------------------------------------------------------- the ranking of mistakes


def test_the_ranking_counts_mistakes_of_each_exercise_the_most_common_first():
    rows = shown([blank(), wrong_cell("a"), wrong_cell("b"), partial()], table=to_ranking).splitlines()[2:]
    first, second = rows[0].split(), rows[1].split()
    assert first[:3] == ["rnn_cell_forward", "2", "no_bias:"]
    assert second[:1] == ["1"], "the exercise is named once"
    assert [row.split()[:2] for row in rows if row.startswith("lstm_forward")] == [["lstm_forward", "1"]]


def test_the_ranking_of_a_class_without_mistakes_is_empty():
    assert not to_ranking([perfect(), bad()]).rows
