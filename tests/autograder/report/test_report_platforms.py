"""The formats of learning platforms and of CI, read back by the standard library."""

import csv
import io
import json

import pytest

from autograder.report import to_annotations, to_canvas, to_csv, to_gradescope, to_markdown, to_moodle, write
from autograder.results import Total
from tests.autograder.report.report_factory import NASTY, bad, blank, everyone, nasty, partial, perfect

CLASS = [
    Total("0042", 18.0, 20.0, penalty=2.5),
    Total("ann", 21.0, 20.0),
    Total("bob", 1.0, 20.0, penalty=5.0),
    Total("eve", 9.5, 20.0, needs_manual_grading=True),
]


def rows(text):
    return list(csv.reader(io.StringIO(text), strict=True))


def test_canvas_gets_ids_as_they_are_and_the_points_that_count():
    head, possible, *students = rows(to_canvas("cells", CLASS))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "cells"]
    assert (possible[0].strip(), possible[-1]) == ("Points Possible", "20")
    assert [(row[2], row[-1]) for row in students] == [
        ("0042", "15.5"),
        ("ann", "21"),
        ("bob", "0"),
        ("eve", ""),
    ]
    assert all(len(row) == len(head) for row in students)


def test_moodle_gets_ids_as_they_are_and_the_points_that_count():
    assert rows(to_moodle("cells", CLASS)) == [
        ["idnumber", "cells"],
        ["0042", "15.5"],
        ["ann", "21"],
        ["bob", "0"],
        ["eve", ""],
    ]


def test_an_id_that_a_spreadsheet_would_compute_is_text():
    assert rows(to_moodle("cells", [Total("=1+1", 1, 2)]))[1] == ["'=1+1", "1"]


def test_csv_tells_what_the_gradebook_holds_if_asked():
    held = {"ada": Total("ada", 100.0, 100.0, penalty=10.0)}
    found = list(csv.DictReader(io.StringIO(to_csv([perfect("ada"), perfect("bob")], held))))
    keys = ("gradebook", "late_penalty", "needs_manual_grading")
    assert [[row[key] for key in keys] for row in found] == [["90", "10", "no"], ["", "", ""]]
    assert "gradebook" not in to_csv([perfect("ada")])


def test_gradescope_gets_a_test_for_each_exercise():
    found = json.loads(to_gradescope(partial()))
    assert found["score"] == partial().points
    assert [test["name"] for test in found["tests"]] == [v.name for v in partial().exercises]
    assert [test["status"] for test in found["tests"]] == [
        "passed" if v.correct else "failed" for v in partial().exercises
    ]
    assert all(test["score"] <= test["max_score"] for test in found["tests"])


def test_gradescope_is_told_why_a_submission_cannot_be_graded():
    found = json.loads(to_gradescope(bad()))
    assert (found["score"], found["tests"], found["output"]) == (0, [], bad().reason)


def test_a_summary_has_counts_a_row_for_each_and_what_is_wrong_first():
    text = to_markdown([perfect("ada"), blank("bob"), bad("eve")], "Lab cells")
    title, _, counts, _, head, _, *students = text.splitlines()
    assert title == "## Lab cells"
    assert counts.startswith("3 handed in, 2 graded, 1 with all points; mean 50%")
    columns = len(head.replace("\\|", "").split("|"))
    assert {len(row.replace("\\|", "").split("|")) for row in students} == {columns}
    assert "rnn_cell_forward: " in students[1]
    assert bad("eve").reason.split()[0] in students[2]


def test_a_summary_shows_no_markup_of_a_submission():
    text = to_markdown([nasty()], NASTY)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\n## " not in text[3:]


def test_an_annotation_names_the_file_and_the_first_thing_that_is_wrong():
    assert to_annotations([perfect()]) == []
    (warning,) = to_annotations([blank("bob")])
    assert warning.startswith("::warning file=submitted/bob/cells/cells.ipynb,title=bob::rnn_cell_forward: ")
    (error,) = to_annotations([bad("eve")])
    assert error.startswith("::error file=")


def test_an_annotation_is_one_command():
    (line,) = to_annotations([bad("a,b:c%\n::error::x")])
    assert line.count("\n") == 0
    assert "title=a%2Cb%3Ac%25" in line


@pytest.mark.parametrize("count", [3, 10, 11, 40])
def test_there_are_no_more_annotations_than_github_shows(count):
    lines = to_annotations([blank(f"s{n:02}") for n in range(count)])
    assert len(lines) == min(count, 10)
    assert (lines[-1] == f"::notice::and {count - 9} more: see the summary") == (count > 10)


def test_everything_can_be_written_of_any_class(tmp_path):
    for result in everyone():
        json.loads(to_gradescope(result))
    path = tmp_path / "a/summary.md"
    write(path, to_markdown(everyone(), "one"), append=True)
    write(path, to_markdown(everyone(), "two"), append=True)
    assert path.read_text("utf-8").count("## ") == 2
