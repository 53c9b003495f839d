"""JSON, JUnit XML and CSV, read back by the standard library."""

import csv
import io
import json

import pytest

from autograder.report import to_csv, to_json, to_junit, write
from autograder.results import Result
from tests.autograder.report.report_factory import (
    NASTY,
    bad,
    everyone,
    graded,
    nasty,
    partial,
    perfect,
    verdict,
)

SUBMISSION = {"path", "student", "lab", "status", "reason", "points", "max_points", "seconds", "exercises"}
EXERCISE = {"name", "points", "max_points", "carried_forward", "mistake", "message", "cases"}


def rows(results):
    return list(csv.DictReader(io.StringIO(to_csv(results)), strict=True))


def test_json_has_the_published_schema():
    document = json.loads(to_json(everyone(), 7))
    assert set(document) == {"schema", "seed", "submissions"}
    assert (document["schema"], document["seed"]) == (1, 7)
    for submission in document["submissions"]:
        assert set(submission) >= SUBMISSION | {"repairs"}
        for exercise in submission["exercises"]:
            assert set(exercise) >= EXERCISE | {"note", "seconds"}
            assert all(set(case) == {"name", "status", "reason"} for case in exercise["cases"])


def test_json_keeps_the_order_and_every_record():
    document = json.loads(to_json(everyone(), None))
    assert document["seed"] is None
    assert [Result.from_json(submission) for submission in document["submissions"]] == everyone()
    for submission in document["submissions"]:  # as an earlier version wrote it
        for exercise in submission["exercises"]:
            del exercise["findings"], exercise["seconds"]
        assert all(not exercise.findings for exercise in Result.from_json(submission).exercises)


def test_json_refuses_points_that_are_not_numbers():
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json([graded("ada", [verdict(points=float("nan"))])], 1)


def test_csv_has_one_line_for_each_submission_by_name():
    lines = to_csv(everyone()[:6][::-1]).splitlines()
    assert lines[0] == (
        "student,lab,status,points,max_points,percent,"
        "rnn_cell_forward,rnn_forward,lstm_cell_forward,lstm_forward,reason,stale"
    )
    assert [line.split(",")[0] for line in lines[1:]] == ["ada", "bob", "cyd", "dee", "eve", "fay"]


def test_csv_gives_points_and_percent():
    ada, dee = rows([partial(), perfect()])
    assert (ada["points"], ada["max_points"], ada["percent"]) == ("100", "100", "100")
    assert (dee["points"], dee["percent"], dee["lstm_forward"]) == ("87.5", "87.5", "12.5")


def test_csv_leaves_scores_empty_where_there_is_none():
    _, eve = rows([perfect(), bad()])
    assert (eve["status"], eve["points"], eve["percent"], eve["rnn_forward"]) == (
        "bad submission",
        "",
        "",
        "",
    )
    assert "not JSON" in eve["reason"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\x00=1", "＝1"])
def test_csv_guards_against_formulas(name):
    (row,) = rows([bad(name, reason=name)])
    assert row["student"].startswith("'")
    assert row["reason"].startswith("'")


def test_csv_keeps_the_spaces_of_an_id():
    ids = ["lead", " lead", "lead ", "two  spaces", "two spaces", "two\xa0spaces", " \u3000"]
    assert sorted(row["student"] for row in rows([bad(one) for one in ids])) == sorted(ids)


@pytest.mark.parametrize("broken", ["a\nb", "a\r\nb", "a\tb", "a\x85b", "a\u2028b", "a\x1b[31m \0b"])
def test_csv_has_no_line_breaks_or_control_characters_in_an_id(broken):
    assert [row["student"] for row in rows([bad(broken)])] == ["a b"]


def test_csv_keeps_commas_quotes_and_newlines_in_their_cell():
    (row,) = rows([bad('O"Neil, Ada\nsecond line')])
    assert row["student"] == 'O"Neil, Ada second line'


def test_csv_names_the_lab_of_an_exercise_when_there_are_several():
    other = perfect("zoe")
    other.lab = "backprop"
    header = to_csv([perfect(), other]).splitlines()[0]
    assert "backprop.rnn_forward" in header
    assert "cells.rnn_forward" in header


@pytest.mark.parametrize("render", [to_csv, to_junit])
def test_hostile_text_leaves_no_control_characters(render):
    text = render([nasty()])
    text.encode("utf-8")
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert "\u202e" not in text
    assert "محمد" in text
    assert "\x1b" in NASTY


def test_write_makes_folders_and_keeps_line_ends(tmp_path):
    path = write(tmp_path / "a" / "b.csv", "é\n")
    assert path.read_bytes() == "é\n".encode()
