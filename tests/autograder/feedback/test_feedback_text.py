"""Cleaning text and writing numbers."""

import pytest

import autograder.report
from autograder.feedback.text import clean, number, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x00b\x7fc\x9bd", "abcd"),
        ("\x1b[0;31mValueError\x1b[0m", "ValueError"),
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("\ud800\ufffe\uffff", ""),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("שלום محمد 李 é 👩\u200d🔬", "שלום محمد 李 é 👩\u200d🔬"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


def test_one_line_keeps_words_apart():
    assert one_line("  a\r\nb\x0bc\u2028d ") == "a b c d"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(20.0, "20"), (12.5, "12.5"), (1 / 3, "0.33"), (0, "0"), (-0.001, "0"), (100, "100")],
)
def test_number(value, expected):
    assert number(value) == expected


def test_public_names_are_sorted_and_exist():
    names = autograder.report.__all__
    assert names == sorted(names)
    assert all(hasattr(autograder.report, name) for name in names)
