"""JUnit XML: read back by the standard library, and held to a published schema."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from autograder.report import to_junit
from tests.autograder.report.report_factory import (
    bad,
    blank,
    everyone,
    graded,
    grader_error,
    perfect,
    verdict,
    wrong_cell,
)

SCHEMA = Path(__file__).parents[2] / "files/junit/junit-10.xsd"


def root_of(results):
    return ET.fromstring(to_junit(results).encode())


def suites(results):
    return list(root_of(results))


@pytest.fixture(scope="module")
def schema():
    return pytest.importorskip("xmlschema").XMLSchema10(SCHEMA)


def timed(seconds):
    return graded("ada", [verdict("first", seconds=seconds), verdict("second")], seconds=seconds)


@pytest.mark.parametrize(
    "results", [[], [perfect()], [bad()], [grader_error()], [timed(0.0004)], [timed(1234.5)], everyone()]
)
def test_it_follows_the_schema_of_jenkins(schema, results):
    assert [str(error.reason) for error in schema.iter_errors(to_junit(results))] == []


def test_the_schema_refuses_what_it_does_not_know(schema):
    assert not schema.is_valid(to_junit([perfect()]).replace("<testsuites ", '<testsuites skipped="0" '))
    assert not schema.is_valid(to_junit([timed(1.0)]).replace('time="1.000"', 'time="1 s"'))


def test_it_counts_what_it_holds():
    root = root_of(everyone())
    assert root.tag == "testsuites"
    for node in [root, *root]:
        cases = list(node.iter("testcase"))
        assert int(node.get("tests")) == len(cases)
        counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        for key in counts if node is not root else ("failures", "errors"):
            assert int(node.get(key)) == len(list(node.iter(counts[key])))
        assert all(case.get("name") and len(case) <= 1 for case in cases)


def test_a_suite_is_an_exercise_of_a_submission_and_names_each_case():
    found = suites([wrong_cell()])
    assert [suite.get("name") for suite in found] == [
        f"cyd.cells.{exercise.name}" for exercise in wrong_cell().exercises
    ]
    assert [len(suite) for suite in found] == [4] * 4
    assert found[0][0].attrib == {"classname": "cyd.cells.rnn_cell_forward", "name": "ordinary sizes"}
    assert [suite.get("failures") for suite in found] == ["4", "0", "0", "0"]
    assert "bias `ba`" in found[0][0][0].text


def test_times_are_those_that_were_measured_and_no_others():
    first, second = suites([timed(0.25)])
    assert first.get("time") == "0.250"
    assert second.get("time") is None
    assert not [case for case in root_of([timed(0.25)]).iter("testcase") if case.get("time")]
    assert root_of([perfect(), grader_error()]).get("time") == "3.250"
    assert [suite.get("time") for suite in suites([grader_error(), bad()])] == ["2.000", None]


def test_what_was_not_run_is_skipped():
    assert [(one.get("failures"), one.get("skipped")) for one in suites([blank()])] == [("1", "3")] * 4


@pytest.mark.parametrize("status", ["passed", "not run"])
def test_lost_points_are_never_hidden(status):
    exercise = verdict()
    exercise.points, exercise.message = 5.0, "the process died"
    for case in exercise.cases:
        case.status = status
    (suite,) = suites([graded("ada", [exercise])])
    assert suite.get("failures") == "1"
    assert suite[-1].attrib["name"] == "points"
    assert suite[-1][0].attrib["message"] == "5 of 25: the process died"


@pytest.mark.parametrize(("points", "failures"), [(25.0, "0"), (0.0, "1")])
def test_an_exercise_without_cases_has_a_testcase(points, failures):
    (suite,) = suites([graded("ada", [verdict(points=points, cases=[])])])
    assert (suite.get("tests"), suite.get("failures")) == ("1", failures)


def test_what_was_not_graded_is_an_error():
    (suite,) = suites([bad()])
    assert (suite.get("name"), suite.get("tests"), suite.get("errors")) == ("eve.cells", "1", "1")
    error = suite.find("testcase/error")
    assert error.get("type") == "bad submission"
    assert "not JSON" in error.get("message")


def test_a_bad_submission_of_no_lab_is_named_by_its_student():
    (suite,) = suites([replace(bad(), lab="")])
    assert suite.get("name") == "eve"
