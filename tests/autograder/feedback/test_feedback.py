"""What a student reads: no more than the detail allows, nothing a submission wrote as markup."""

import re

import pytest

from autograder.feedback import feedback_html, feedback_text
from autograder.results import CaseResult, Finding
from tests.autograder.report.report_factory import CASES, blank, nasty, partial, perfect, verdict, wrong_cell

BOTH = pytest.mark.parametrize("render", [feedback_html, feedback_text])
STYLES = {"border-left", "padding", "margin", "margin-top", "color", "font-weight", "list-style-type"}
"""What JupyterLab's sanitiser keeps of inline styles, as far as the fragment uses it."""


def lent(**others):
    return verdict("rnn_forward", 10.0, message="MESSAGE", note="NOTE", mistake="MISTAKE", **others)


@BOTH
@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("points", []),
        ("cases", ["ordinary sizes", "failed"]),
        ("diagnosis", ["ordinary sizes", "failed", "wrong values", "MESSAGE", "NOTE"]),
    ],
)
def test_detail_decides_what_is_shown(render, detail, shown):
    text = render(lent(), detail)
    parts = ["ordinary sizes", "failed", "wrong values", "MESSAGE", "NOTE"]
    assert [part for part in parts if part in text] == shown
    assert "10 of 25 points" in text
    assert "MISTAKE" not in text


@BOTH
def test_unknown_detail_is_refused(render):
    with pytest.raises(ValueError, match="choose one of points, cases, diagnosis"):
        render(perfect().exercises[0], "everything")


@BOTH
@pytest.mark.parametrize(
    ("exercise", "mark"),
    [(perfect().exercises[0], "✓"), (partial().exercises[3], "◐"), (wrong_cell().exercises[0], "✗")],
)
def test_the_mark_says_how_it_went(render, exercise, mark):
    first = re.sub("<[^>]*>", "", render(exercise, "points")).strip()
    assert first.startswith(f"{mark} {exercise.name}: ")


@BOTH
def test_each_reason_is_said_once_with_its_cases(render):
    text = render(blank().exercises[0], "diagnosis")
    assert text.count("NotImplementedError") == 1
    assert "END CODE HERE (case 1)" in text
    assert text.count("the first case raised") == 1
    assert "the first case raised (cases 2–4)" in text


@BOTH
@pytest.mark.parametrize(
    ("where", "said"),
    [
        ([2], "case 2"),
        ([1, 2], "cases 1, 2"),
        ([4, 1, 3, 2], "cases 1–4"),
        ([1, 3, 4, 5, 7], "cases 1, 3–5, 7"),
    ],
)
def test_cases_in_a_row_are_a_range(render, where, said):
    cases = [CaseResult(f"number {n}", "failed") for n in range(1, 8)]
    found = [Finding("It is wrong.", [cases[n - 1].name for n in where])]
    text = render(verdict(points=0.0, cases=cases, message="It is wrong.", findings=found), "diagnosis")
    assert f"It is wrong. ({said})" in text


@BOTH
@pytest.mark.parametrize(
    ("message", "mistake", "said"),
    [
        ("The bias is missing.", "no-bias", "Likely cause: The bias is missing."),
        ("Among others: The bias is missing.", "no-bias", "Likely cause, among others: The bias is missing."),
        ("It is zero everywhere.", None, "It is zero everywhere."),
    ],
)
def test_a_known_mistake_is_called_likely_as_in_the_visible_check(render, message, mistake, said):
    text = render(verdict(points=0.0, message=message, mistake=mistake), "diagnosis")
    first = re.sub("<[^>]*>", "", text).strip().split("\n")[1]
    assert first.strip() == said


@BOTH
def test_findings_stand_for_the_reasons_of_the_cases(render):
    found = [Finding("MESSAGE", [CASES[0]]), Finding("`b` is not right.", [CASES[0], CASES[2]])]
    text = re.sub("</?code>", "`", render(lent(findings=found), "diagnosis"))
    assert "MESSAGE (case 1)" in text
    assert "`b` is not right. (cases 1, 3)" in text
    assert text.index("MESSAGE") < text.index("`b`") < text.index("NOTE") < text.index(CASES[0])
    assert "wrong values" not in text


def test_text_is_one_line_for_each_case():
    lines = feedback_text(wrong_cell().exercises[1], "diagnosis").splitlines()
    assert lines[:3] == [
        "✓ rnn_forward: 25 of 25 points",
        "graded with a correct rnn_cell_forward",
        "  1 ✓ passed  ordinary sizes",
    ]
    assert len(lines) == 6


@BOTH
def test_hostile_text_stays_text(render):
    text = render(nasty().exercises[0], "diagnosis")
    text.encode("utf-8")
    assert not [c for c in text if ord(c) < 32 and c != "\n"]
    assert "\u202e" not in text
    assert "محمد" in text
    if render is feedback_html:
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_the_fragment_uses_inline_styles_that_survive_sanitising():
    html = "".join(feedback_html(exercise, "diagnosis") for exercise in wrong_cell().exercises)
    styles = re.findall(r'style="([^"]*)"', html)
    assert {
        rule.split(":")[0].strip() for style in styles for rule in style.split(";") if rule.strip()
    } <= STYLES
    assert set(re.findall(r"<(\w+)", html)) <= {"div", "span", "code", "strong", "em", "ul", "li"}


def test_a_formula_in_a_message_is_not_typeset():
    html = feedback_html(verdict(points=0.0, message=r"$\href{javascript:alert(1)}{x}$"), "diagnosis")
    assert html.startswith('<div class="tex2jax_ignore mathjax_ignore"')
