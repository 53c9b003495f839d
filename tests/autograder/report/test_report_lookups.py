"""What the instructor's page shows of wrong answers without a name and of like submissions."""

import re

from autograder.feedback import feedback_html, feedback_text
from autograder.report import Answers, to_gradescope, to_html
from tests.autograder.report.report_factory import NASTY, graded, perfect, verdict
from tests.autograder.report.test_report_page import Page

DIGEST = "0000002a 1.234567890e+00 -5.000000000e-01 2.000000000e+01"


def wrong(student):
    """A student whose answer is the same as that of others, with an output of an odd name."""
    return graded(student, [verdict("cell", 5.0, digests={NASTY: [DIGEST]}), verdict("loop")])


def page(results, answers=None):
    return to_html(results, title="t", generated="now", isolation="bubblewrap", answers=answers)


CODE = {"cell": f"# {NASTY}\ny = 1 < 2\nz = 3\nw = 4", "loop": "a = 1\nb = 2\nc = 3"}


def test_the_page_shows_a_group_with_the_code_of_one_escaped():
    results = [wrong("ann"), wrong("bob"), perfect()]
    html = page(results, Answers({results[0].path: CODE}, {}, {}))
    seen = Page(html)
    assert seen.tags.count("script") == 1  # ours
    assert "2 students give the same wrong" in seen.text
    assert "y = 1 < 2" in seen.text
    assert {"pre", "details"} <= set(seen.tags)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links} <= set(seen.ids)


def test_the_page_cuts_a_long_answer():
    results = [wrong("ann"), wrong("bob")]
    for code, begin in (("y = 1\n" * 3000, "y = 1\n" * 199), ("é" * 90_000, "é" * 20_000)):
        html = page(results, Answers({results[0].path: {"cell": code}}, {}, {}))
        assert begin in html
        assert len(html) < len(page(results)) + 30_000
        assert "Cut here: there are" in html
    assert "Cut here" not in page(results, Answers({results[0].path: CODE}, {}, {}))


def test_a_page_without_answers_shows_no_code_and_claims_nothing_of_likeness():
    html = page([wrong("ann"), wrong("bob")])
    assert "give the same wrong" in html
    assert "One of these answers" not in html
    assert "Submissions that are alike" not in html


def test_the_page_lists_like_submissions():
    results = [wrong("ann"), wrong("bob"), perfect()]
    code = {"cell": CODE["loop"], "loop": CODE["loop"]}
    shown = Page(page(results, Answers({one.path: code for one in results[:2]}, {}, {}))).text
    assert "Submissions that are alike" in shown
    assert "with no claim" in shown


def test_each_lab_has_groups_of_its_own():
    results = [wrong("ann"), wrong("bob"), wrong("cyd"), wrong("dee"), perfect()]
    for result in results[:2]:
        result.lab = "others"
    html = page(results)
    first, second = (html.index(f'id="lab{n}-groups"') for n in (1, 2))
    assert "2 students give" in html[first:second]
    assert html.count("students give the same wrong") == 2
    for student, part in (("cyd", html[first:second]), ("ann", html[second:])):
        (number,) = set(re.findall(rf'<a href="#s(\d+)"><bdi>{student}</bdi>', part))
        assert f'<div id="s{number}">' in html
    assert ">ann<" not in html[first:second].partition("Scores</h3>")[0]


def test_lists_of_many_are_folded_of_groups_and_of_mistakes():
    """Where the answers have a message too, the same students stand under both headings."""
    for count, folded in ((8, 0), (10, 0), (11, 2)):
        html = page([wrong(f"s{n}") for n in range(count)])
        assert html.count(f"<summary>{count} students</summary>") == folded
        assert html.count("<bdi>s7</bdi></a>") == 3  # the scores have the third


def test_students_read_nothing_of_digests():
    result = wrong("ann")
    (found, _) = result.exercises
    shown = [
        feedback_html(found, one) + feedback_text(found, one) for one in ("points", "cases", "diagnosis")
    ]
    assert not [text for text in [*shown, to_gradescope(result)] if DIGEST[:8] in text or "digest" in text]
