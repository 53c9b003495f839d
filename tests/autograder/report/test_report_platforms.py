"""The formats of learning platforms and of CI, read back by the standard library."""

import csv
import io
import json
import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from autograder.report import to_annotations, to_canvas, to_csv, to_gradescope, to_markdown, to_moodle, write
from autograder.results import Total
from tests.autograder.report.report_factory import (
    NASTY,
    bad,
    blank,
    everyone,
    graded,
    nasty,
    partial,
    perfect,
    verdict,
)

CLASS = [
    Total("0042", 18.0, 20.0, penalty=2.5),
    Total("ann", 21.0, 20.0),
    Total("bob", 1.0, 20.0, penalty=5.0),
    Total("eve", 9.5, 20.0, needs_manual_grading=True),
]
ODD = [
    "007",
    "=cmd()",
    "+49",
    "-x",
    "@a",
    'O"Neil, Ada',
    "two  spaces",
    "علي",
    "<script>",
    "Zoë\u0308",
    "a|b",
]
"""Ids that a spreadsheet, CSV or HTML could take for something else."""


def held(*totals, **labs):
    labs = labs or {"cells": totals}
    return {lab: {total.student: total for total in of} for lab, of in labs.items()}


def rows(text):
    return list(csv.reader(io.StringIO(text), strict=True))


def test_canvas_gets_ids_as_they_are_and_the_points_that_count():
    head, possible, *students = rows(to_canvas(held(*CLASS)))
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
    assert rows(to_moodle(held(*CLASS))) == [
        ["idnumber", "cells"],
        ["0042", "15.5"],
        ["ann", "21"],
        ["bob", "0"],
        ["eve", ""],
    ]


def test_each_lab_is_a_column_and_who_handed_in_one_alone_has_an_empty_cell():
    both = held(
        cells=[Total("ann", 1, 20), Total("bob", 2, 20)], jazz=[Total("ann", 3, 30), Total("cyd", 4, 30)]
    )
    assert rows(to_moodle(both)) == [
        ["idnumber", "cells", "jazz"],
        ["ann", "1", "3"],
        ["bob", "2", ""],
        ["cyd", "", "4"],
    ]
    head, possible, *students = rows(to_canvas(both))
    assert (head[5:], possible[5:]) == (["cells", "jazz"], ["20", "30"])
    assert [row[2:3] + row[5:] for row in students] == [["ann", "1", "3"], ["bob", "2", ""], ["cyd", "", "4"]]


@pytest.mark.parametrize("write", [to_canvas, to_moodle])
def test_no_id_is_changed_for_the_platform_would_not_find_the_student(write):
    found = rows(write(held(*(Total(student, 1, 2) for student in ODD))))
    place = found[0].index("SIS User ID" if write is to_canvas else "idnumber")
    assert [row[place] for row in found if row[-1] == "1"] == sorted(ODD)


@pytest.mark.parametrize("write", [to_canvas, to_moodle])
def test_a_lab_without_scores_is_an_empty_column(write):
    assert len(rows(write({"cells": {}}))) == (2 if write is to_canvas else 1)


def test_csv_tells_what_the_gradebook_holds_if_asked():
    kept = held(Total("ada", 100.0, 100.0, penalty=10.0), Total("gus", 1.0, 100.0, needs_manual_grading=True))
    text = to_csv([perfect("ada"), perfect("bob")], kept, {"cells": ["fay"]})
    found = list(csv.DictReader(io.StringIO(text)))
    keys = ("student", "status", "points", "gradebook", "late_penalty", "needs_manual_grading")
    assert [[row[key] for key in keys] for row in found] == [
        ["ada", "graded", "100", "90", "10", "no"],
        ["bob", "graded", "100", "", "", ""],
        ["fay", "not handed in", "", "", "", ""],
        ["gus", "no record", "", "1", "0", "yes"],
    ]
    assert "gradebook" not in to_csv([perfect("ada")])


def test_csv_tells_labs_of_one_student_apart():
    other = perfect("ada")
    other.lab = "jazz"
    kept = held(cells=[Total("ada", 1, 20)], jazz=[Total("ada", 2, 20)])
    found = list(csv.DictReader(io.StringIO(to_csv([other, perfect("ada")], kept))))
    assert [(row["lab"], row["gradebook"]) for row in found] == [("cells", "1"), ("jazz", "2")]


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


def cells(text):
    """Return the rows of a summary's table as a reader sees them, code between backticks."""
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    assert not re.findall(r"<(?!/?(?:h2|p|table|thead|tbody|tr|td|th|code)\b)[^>]*>", html)
    html = re.sub(r"</?code>", "`", html)
    found = [
        re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", html, re.S)
    ]
    return [[unescape(cell) for cell in row] for row in found[1:]]


@pytest.mark.parametrize(
    "name",
    [
        "a|b",
        "a`b",
        "`a`",
        "*a* _b_ ~~c~~",
        "<b>x</b>",
        "[x](y)",
        "&lt;",
        "\\|",
        "a\\",
        "![x](y)",
        "| x |",
        "# x",
        "a\nb",
    ],
)
def test_a_summary_shows_ids_as_they_are(name):
    ((student, _, _, first),) = cells(to_markdown([bad(name, f"see {name}")], "title"))
    assert student.replace("`", "") == " ".join(name.split()).replace("`", "")
    assert first.replace("`", "") == f"see {' '.join(name.split())}".replace("`", "")


def test_a_summary_makes_no_links():
    text = to_markdown([bad("eve", "http://example.org and www.example.org")], "title")
    assert "http://" not in text
    assert "www." not in text
    assert cells(text)[0][3] == "http://example.org and www.example.org"


def test_a_summary_shows_code_as_code_with_bars_and_angles_in_it():
    wrong = verdict(points=0.0, message="`a | b` is `<NoneType>`, not `x_1 * y_2`.")
    text = to_markdown([graded("ada", [wrong])], "title")
    assert "<code>&lt;NoneType&gt;</code>" in text
    assert cells(text)[0][3] == f"{wrong.name}: {wrong.message}"


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


def test_what_was_not_graded_is_annotated_first():
    lines = to_annotations([*(blank(f"a{n:02}") for n in range(12)), bad("zed")])
    assert lines[0].startswith("::error file=submitted/zed/")


def test_everything_can_be_written_of_any_class(tmp_path):
    for result in everyone():
        json.loads(to_gradescope(result))
    path = tmp_path / "a/summary.md"
    write(path, to_markdown(everyone(), "one"), append=True)
    write(path, to_markdown(everyone(), "two"), append=True)
    assert path.read_text("utf-8").count("## ") == 2
