"""The score table as a terminal shows it."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.report import to_lines, to_ranking, to_tables, to_text
from tests.autograder.report.report_factory import (
    bad,
    blank,
    everyone,
    grader_error,
    nasty,
    partial,
    perfect,
    verdict,
    wrong_cell,
)


def shown(results, width=160, tables=lambda results: to_tables(results, 160)):
    console = Console(file=io.StringIO(), width=width, force_terminal=False)
    for table in tables(results):
        console.print(table)
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
    rows = shown(results, 80, lambda results: to_tables(results, 80)).splitlines()
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


def of_two_labs():
    other = perfect("zoe")
    other.lab, other.exercises[0].name = "backprop", "rnn_backward"
    return [perfect(), other, wrong_cell(), replace(bad(), lab="")]


def test_each_lab_has_a_table_of_its_own_exercises():
    first, second, last = to_tables(of_two_labs(), 160)
    assert [str(table.title) for table in (first, second, last)] == ["backprop", "cells", "no known lab"]
    assert "rnn_backward" in to_text(to_tables(of_two_labs())[0])
    assert [table.row_count for table in (first, second, last)] == [1, 2, 1]
    assert to_tables([perfect(), bad()], 160)[0].title is None
    assert to_lines(of_two_labs(), 80)[0] == "cyd (cells): no_bias"


@pytest.mark.parametrize("width", [30, 40, 60, 80, 119, 120, 200])
def test_a_table_that_has_no_room_leaves_exercises_out_and_nothing_else(width):
    """The ids, the totals and the status stand there at any width, and nothing is cut off."""
    results = [perfect(f"student{n}") for n in range(3)]
    for result in results:
        result.exercises += [verdict(f"another_exercise_{n}") for n in range(4)]
    (table,) = to_tables(results, width)
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    assert [line.split()[0] for line in text.splitlines() if line.startswith("student")][1:] == [
        "student0",
        "student1",
        "student2",
    ]
    assert text.count("graded") == 3
    assert ("no room" in text) == (width <= 80)


def test_off_a_terminal_a_row_is_one_line_however_long_and_the_text_is_plain():
    long = "a reason " * 40
    (table,) = to_tables([*everyone()[:6], bad("zed", long)])
    lines = to_text(table).split("\n")
    rows = [line for line in lines if line.startswith(("ada", "bob", "cyd", "dee", "eve", "fay", "zed"))]
    assert len(rows) == 7
    assert rows[-1].endswith(f"bad submission: {long.strip()}")
    assert "rnn_cell_forward" in lines[0]
    assert not [line for line in lines if line != line.rstrip() or "\x1b" in line]
    totals = {line[: lines[0].index("total") + len("total")].split()[-1] for line in rows[:4]}
    assert totals == {"100", "0", "75", "87.5"}, "columns are aligned"


def test_an_empty_class_has_a_table():
    assert "student" in shown([])
    assert to_text(to_tables([])[0]).startswith("student")


# ---------------------------------------------------------------- the ranking of mistakes


def ranking(results):
    return [to_ranking(results)]


def test_the_ranking_counts_mistakes_of_each_exercise_the_most_common_first():
    rows = shown([blank(), wrong_cell("a"), wrong_cell("b"), partial()], tables=ranking).splitlines()[2:]
    first, second = rows[0].split(), rows[1].split()
    assert first[:3] == ["rnn_cell_forward", "2", "no_bias:"]
    assert second[:1] == ["1"], "the exercise is named once"
    assert [row.split()[:2] for row in rows if row.startswith("lstm_forward")] == [["lstm_forward", "1"]]


def test_the_ranking_of_a_class_without_mistakes_is_empty():
    assert not to_ranking([perfect(), bad()]).rows
