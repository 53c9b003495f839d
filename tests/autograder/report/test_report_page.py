"""The class page: read as a browser would, and searched for what must not be there."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from autograder.feedback import feedback_html
from autograder.feedback.template import render
from autograder.report import to_html
from tests.autograder.report.report_factory import (
    NASTY,
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

VOID = {"meta", "wbr", "br"}
CELLS = {"td", "th", "dt", "dd", "p", "li"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5"}


class Page(HTMLParser):
    """Collects tags, attributes and text; fails where tags do not nest."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.attributes, self.text, self.ids, self.links = [], [], [], "", [], []
        self.scripts = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        values = dict(attrs)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        self.text += " " if tag == "br" else ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " " if tag in CELLS else ""

    def handle_data(self, data):
        if "script" in self.open:
            self.scripts.append(data)
        elif "style" not in self.open:
            self.text += data


def page(results, isolation="bubblewrap", **others):
    return to_html(results, title="cells", generated="yesterday", isolation=isolation, **others)


def text(results, **others):
    return " ".join(Page(page(results, **others)).text.split())


def test_the_page_is_well_formed_and_self_contained():
    html = page(everyone())
    seen = Page(html)
    assert not {"link", "img", "iframe", "button"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on") or name == "src"]
    assert not re.search(r"https?:|url\(|@import", html)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert {"header", "main", "nav", "footer"} <= set(seen.tags)


def test_the_one_script_is_ours_and_no_other_may_run():
    for results in ([], everyone(), [nasty(), bad(NASTY, NASTY)]):
        html = page(results)
        (script,) = Page(html).scripts
        assert script == render("autograder.report", "page.js")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src &#39;sha256-{digest}&#39;" in html or f"script-src 'sha256-{digest}'" in html
        assert "default-src 'none'" in html


def test_headings_never_skip_a_level():
    levels = [int(tag[1]) for tag in Page(page(everyone())).tags if tag in HEADINGS]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_header_counts_the_class():
    shown = text(everyone()[:6], seed=7)
    for part in (
        "✓ graded 4",
        "✗ bad submissions 1",
        "! grader errors 1",
        "mean 65.62 %",
        "median 81.25 %",
    ):
        assert part in shown
    assert "yesterday · isolation: bubblewrap · seed 7" in shown


def test_seed_zero_is_shown_and_none_is_not():
    assert "seed 0" in text([perfect()], seed=0)
    assert "seed" not in text([perfect()])


@pytest.mark.parametrize(("isolation", "warned"), [("limits", True), ("bubblewrap", False)])
def test_a_grading_without_sandbox_is_marked(isolation, warned):
    assert ("Graded without a sandbox" in text([perfect()], isolation=isolation)) == warned


def test_a_submission_graded_without_sandbox_is_marked_in_a_mixed_class():
    unsafe = perfect("zoe")
    unsafe.isolation = "limits"
    shown = text([perfect(), unsafe])
    assert "Graded without a sandbox: 1 of 2 submissions" in shown
    assert shown.count("isolation: limits") == 1


def test_what_was_not_graded_stands_first_with_its_reason():
    shown = text([perfect(), bad(), grader_error()])
    assert "Bad submissions: 1" in shown
    assert "Grader errors: 1" in shown
    assert shown.index("cells.ipynb is not JSON") < shown.rindex("Spread of scores")
    assert shown.index("the sandbox closed its pipe") < shown.rindex("Spread of scores")


def test_the_histogram_has_a_text_alternative():
    html = page([perfect("a"), perfect("b"), blank()])
    assert ">0 to under 10 percent: 1; 90 to 100 percent: 2</desc>" in html
    assert "90 to 100 2" in text([perfect("a"), perfect("b"), blank()])


def test_exercises_show_pass_rates_and_mistakes():
    shown = text([perfect(), blank(), wrong_cell("x"), wrong_cell("y")])
    assert "rnn_cell_forward ✓ 1 ◐ 0 ✗ 3 25 % 6.25 of 25 –" in shown
    assert "2 no_bias a_next looks as if the bias ba was left out. x, y" in shown
    assert "↷ 2 with an earlier function lent" in shown


def test_a_submission_shows_cases_reasons_notes_and_repairs():
    shown = text([wrong_cell(), partial()])
    assert "graded with a correct rnn_cell_forward" in shown
    assert "known mistake: no_bias" in shown
    assert "✗failed: inputs unchanged – x was changed in place" in shown
    assert "✓passed: ordinary sizes, a batch of one example (m = 1), a single time step (T_x = 1)" in shown
    assert "Repaired: a test cell was put back" in shown


def test_no_text_of_a_submission_becomes_markup():
    html = page([nasty(), bad(NASTY, NASTY)], seed=1)
    seen = Page(html)
    assert seen.tags.count("script") == html.count("<script") == 1
    assert "<script>alert('x')</script>" in seen.text
    assert not [c for c in html if ord(c) < 32 and c != "\n"]
    assert "\u202e" not in html
    html.encode("utf-8")


def test_backticks_cannot_smuggle_markup():
    exercise = verdict(points=0.0, message="`<b onclick=1>` and `a_next`")
    html = feedback_html(exercise, "diagnosis")
    assert "<code>&lt;b onclick=1&gt;</code> and <code>a_next</code>" in html


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ([], "Nothing was handed in."),
        ([bad()], "Bad submissions: 1"),
        ([grader_error()], "Grader errors: 1"),
        ([perfect()], "1 graded submission: open"),
    ],
)
def test_small_classes_have_a_page(results, says):
    assert says in text(results)


def test_a_lab_of_which_nothing_was_graded_has_no_empty_parts():
    shown = text([bad()])
    assert not [heading for heading in ("Spread", "Exercises", "Scores", "Submissions") if heading in shown]


# ---------------------------------------------------------------- several labs


def of_two_labs():
    other = [replace(perfect("ada"), lab="jazz", points=80.0), replace(bad("cyd"), lab="jazz")]
    return [perfect("ada"), blank("bob"), *other, replace(bad("gus"), lab="")]


def section(html, lab):
    """Return the text of a lab's section."""
    found = re.search(
        rf'<section class="lab" aria-labelledby="{lab}">.*?(?=<section class="lab"|</main>)', html, re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_each_lab_has_a_section_of_its_own():
    html = page(of_two_labs())
    cells, jazz, unknown = (section(html, f"lab{n}") for n in (1, 2, 3))
    assert [one.split()[0] for one in (cells, jazz)] == ["cells", "jazz"]
    assert unknown.startswith("no known lab")
    assert ("bob" in cells, "bob" in jazz, "gus" in unknown) == (True, False, True)
    assert "mean 50 %" in cells.replace("\u202f", " ").replace("&#8239;", " ")
    assert html.count('class="lab"') == 3
    assert Page(html).ids.count("labs") == 1


@pytest.mark.parametrize(("title", "heading"), [("Lab cells", "Overview"), ("My class", "cells")])
def test_the_heading_of_a_single_lab_does_not_repeat_the_title(title, heading):
    html = to_html([perfect()], title=title, generated="now", isolation="bubblewrap")
    assert re.findall(r"<h2[^>]*>([^<]*)</h2>", html) == [heading]


def test_all_labs_stand_side_by_side_for_each_student():
    shown = text(of_two_labs())
    table = shown[shown.index("Points by student and lab") : shown.index("cells ✓ graded")]
    assert "student cells jazz no known lab total" in table
    assert "ada 100 / 100 80 / 100 – 180" in table
    assert "bob 0 / 100 – – 0" in table
    assert "cyd – bad submission – 0" in table
    assert "Points by student" not in text([perfect()])


def test_links_among_several_labs_lead_somewhere():
    seen = Page(page([*of_two_labs(), wrong_cell(), replace(wrong_cell("ada"), lab="jazz")]))
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def test_a_link_at_a_mistake_leads_to_the_student_in_that_lab():
    html = page([perfect("ada"), perfect("bob"), replace(wrong_cell("eve"), lab="jazz")])
    (link,) = re.findall(r'<td><a href="#(s\d+)"><bdi>eve</bdi></a>', html)
    assert re.search(rf'<h4><bdi>eve</bdi></h4>[^<]*</summary>\s*<div id="{link}">', html)


def test_who_handed_nothing_in_is_listed():
    shown = text([perfect()], absent={"cells": ["007", "<b>"]})
    assert "On the roster, and handed nothing in: 2 007 <b>" in shown
    assert "not handed in 2" in shown


# ---------------------------------------------------------------- item statistics


def test_exercises_and_cases_have_their_discrimination():
    results = [*(perfect(f"p{n}") for n in range(6)), *(blank(f"b{n}") for n in range(6))]
    shown = text(results)
    assert "rnn_cell_forward ✓ 6 ◐ 0 ✗ 6 50 % 12.5 of 25 1.00" in shown
    assert "rnn_cell_forward inputs unchanged 12 50 % 1.00" in shown
    assert "The same for each of the 16 cases" in shown


def test_discrimination_is_left_out_where_it_is_not_defined():
    assert "rnn_cell_forward inputs unchanged 2 50 % –" in text([perfect(), blank()])


def test_a_table_that_can_be_sorted_has_a_header_for_each_column():
    html = page([*of_two_labs(), wrong_cell()])
    tables = re.findall(r'<table class="[^"]*sortable">.*?</table>', html, re.S)
    assert len(tables) == 1 + 2 * 3
    for table in tables:
        (head,) = re.findall(r"<thead><tr>(.*?)</tr></thead>", table, re.S)
        count = len(re.findall(r"<t[hd]\b", head))
        for row in re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.S):
            spans = [int(n) for n in re.findall(r'colspan="(\d+)"', row)]
            assert len(re.findall(r"<t[hd]\b", row)) + sum(spans) - len(spans) == count


def test_equal_results_in_any_order_make_equal_pages():
    assert page(everyone()) == page(everyone()[::-1])


def test_a_large_class_stays_small():
    makers = (perfect, blank, wrong_cell, partial)
    html = page([makers[i % 4](f"student {i:03}") for i in range(500)])
    assert len(html.encode()) < 2_000_000


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_has_enough_contrast_in_both_themes(theme):
    blocks = re.findall(r":root \{(.*?)\}", render("autograder.report", "page.css"), re.S)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", blocks[theme]))
    for ink in ("ink", "muted", "good", "part", "bad", "link"):
        for ground in ("paper", "panel"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert contrast(colours["ink"], colours["warn"]) >= 4.5
