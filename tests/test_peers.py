"""What `benchmarks.peers` writes, without the peers: tests, marimo programs, attacks and the page."""

import ast

import numpy as np
import pytest

from benchmarks.peers import page
from benchmarks.peers.assignment import Question, literal, source_of_test
from benchmarks.peers.attacks import ATTACKS, cells, endless
from benchmarks.peers.marimo import fill_in, marimo_source

VALUES = [((np.array([[1.5, 2.0]]), {"w": np.array([3])}), (np.array([[4.5, 6.0]]), None))]
RIGHT = "def double(x, parameters):\n    return 3 * x, ()"
QUESTION = Question(
    "double", 100, "Write it.", "def double(x, parameters):\n    pass", RIGHT, literal(VALUES)
)


def judged(source):
    """Run the tests of the question on a solution."""
    names = {"np": np}
    exec(f"{source}\n{source_of_test(QUESTION)}\ncheck_all(double, CASES)", names)


def test_tests_hold_the_values_to_the_last_digit():
    names = {"np": np}
    exec(f"made = {literal([np.array([[0.1 + 0.2, np.pi]]), {'a': (np.arange(3), None)}])}", names)
    np.testing.assert_array_equal(names["made"][0], [[0.1 + 0.2, np.pi]])
    assert names["made"][1]["a"][0].dtype == np.arange(3).dtype
    assert names["made"][1]["a"][1] is None


def test_tests_accept_a_right_function_and_no_other():
    judged(RIGHT)
    for wrong in ("3.001 * x, ()", "3 * x[0], ()", "3 * x", "None"):
        with pytest.raises((AssertionError, TypeError, AttributeError)):
            judged(RIGHT.replace("3 * x, ()", wrong))


def test_a_marimo_program_gets_functions_where_solutions_were():
    source = marimo_source([QUESTION])
    ast.parse(source)
    filled = fill_in(source, {"double": QUESTION.stub})
    ast.parse(filled)
    assert "return 3 * x" in source
    assert "return 3 * x" not in filled
    assert "# YOUR CODE HERE" in filled
    with pytest.raises(ValueError, match="no cell for triple"):
        fill_in(source, {"triple": QUESTION.stub})


def test_each_attack_defines_all_functions_and_solves_none():
    others = [
        Question(name, 30, "", "", f"def {name}(x):\n    return x", "[]") for name in ("second", "third")
    ]
    for attack in ATTACKS.values():
        first, *rest = cells(attack, [QUESTION, *others]).values()
        defined = {n.name for n in ast.parse(first).body if isinstance(n, ast.FunctionDef)}
        assert {"double", "second", "third"} <= defined
        assert not any(ast.parse(source).body for source in rest)
    assert "while True" in endless([QUESTION, *others])["third"]


def test_the_page_counts_what_was_paid(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "DOCS", tmp_path)
    speed = {"seconds": [36.0, 72.0], "peak": [2**20, 3 * 2**20], "one mistake": 60.0}
    nothing = dict.fromkeys(ATTACKS, 0.0) | {"endless": 70.0, "endless seconds": 9.0}
    some = {**nothing, "frame": 100.0, "exit": None, "endless": None, "endless seconds": None}
    page.write_page(
        {
            "machine": {"date": "2026-01-01", "cores": 2, "model": "M", "python": "3.11", "load": 0.5},
            "students": 10,
            "rounds": 2,
            "versions": {"SeqLab": "1", "nbgrader": "2"},
            "class": {"SeqLab": speed, "nbgrader": speed},
            "attacks": {"SeqLab": nothing, "nbgrader": some},
        }
    )
    text = (tmp_path / "benchmarks.md").read_text("utf-8")
    assert "| nbgrader 2 | 750 (500 to 1,000) | 3 MiB | 60 |" in text
    assert f"| **earn points** | **0 of {len(ATTACKS)}** | **1 of {len(ATTACKS)}** |" in text
    assert "nbgrader: no score, and was ended by the benchmark" in text
    assert "prefers-color-scheme: dark" in (tmp_path / "benchmarks.svg").read_text("utf-8")
