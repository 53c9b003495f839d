"""The class page in a browser: tables are sorted by keyboard and mouse, and nothing else runs."""

import re
import shutil
from dataclasses import replace

import pytest

from autograder.report import to_html
from tests.autograder.report.report_factory import NASTY, bad, blank, nasty, partial, perfect, wrong_cell

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM, reason="needs Debian's package chromium")]


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """A function that opens the page of a class; a message of the console fails the test."""
    pages, said = [], []

    def show(results, **options):
        path = tmp_path / "index.html"
        html = to_html(results, title="Lab", generated="now", isolation="bubblewrap")
        path.write_text(html, "utf-8")
        pages.append(browser.new_page(viewport={"width": 1280, "height": 900}, **options))
        pages[-1].on("console", lambda message: said.append(message.text))
        pages[-1].on("pageerror", lambda error: said.append(str(error)))
        pages[-1].on(
            "request", lambda request: said.append(request.url) if request.url != path.as_uri() else None
        )
        pages[-1].goto(path.as_uri())
        return pages[-1]

    yield show
    for page in pages:
        page.close()
    assert said == []


def scores(page):
    return page.locator("table", has=page.locator("caption", has_text="full points"))


def names(table):
    return [text.strip() for text in table.locator("tbody th").all_inner_texts()]


def test_scores_are_sorted_by_keyboard_and_the_header_says_so(show):
    table = scores(
        show([perfect("ann"), blank("bob"), partial("cyd"), bad("dee"), perfect("s10"), perfect("s9")])
    )
    total = table.locator("th", has_text="total")
    total.locator("button").focus()
    total.page.keyboard.press("Enter")
    assert names(table) == ["bob", "cyd", "ann", "s10", "s9", "dee"]
    assert total.get_attribute("aria-sort") == "ascending"
    total.page.keyboard.press("Space")
    assert names(table)[-3:] == ["cyd", "bob", "dee"], "what has no score stays last"
    assert total.get_attribute("aria-sort") == "descending"
    student = table.locator("th", has_text="student").first
    student.locator("button").click()
    assert names(table) == ["ann", "bob", "cyd", "dee", "s9", "s10"]
    assert (student.get_attribute("aria-sort"), total.get_attribute("aria-sort")) == ("ascending", None)


def test_sixty_students_fit_a_screen_with_the_header_in_sight(show):
    makers = (perfect, blank, wrong_cell, partial)
    page = show([makers[n % 4](f"student {n:02}") for n in range(60)])
    region = scores(page).locator("xpath=..")
    assert region.bounding_box()["height"] <= 900
    region.evaluate("region => region.scrollTo(0, 1e6)")
    region.scroll_into_view_if_needed()
    assert scores(page).locator("thead th").first.bounding_box()["y"] >= region.bounding_box()["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_link_opens_the_submission_in_the_folded_list(show):
    page = show([perfect(f"student {n:02}") for n in range(30)])
    shown = page.locator("h5").filter(has_text="rnn_cell_forward")
    assert not shown.nth(29).is_visible()
    scores(page).get_by_role("link", name="student 29").click()
    shown.nth(29).wait_for(state="visible")


def test_the_path_of_what_was_not_graded_breaks_at_slashes_alone(show):
    student = "astudentwithalongname"
    one = bad(
        student, "cells.ipynb is not JSON: hand in the notebook file itself, as Jupyter saved it. " * 30
    )
    page = show([perfect(), one])
    page.set_viewport_size({"width": 1280, "height": 800})
    lines = page.locator("td.path bdi").evaluate(
        """(element) => [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => {
          const range = document.createRange(); range.selectNodeContents(node);
          return range.getClientRects().length; })"""
    )
    assert len(lines) > 1
    assert lines == [1] * len(lines)


def test_without_script_the_page_is_whole_and_has_no_dead_buttons(show):
    page = show([perfect("ann"), replace(blank("ann"), lab="jazz")], java_script_enabled=False)
    assert page.locator("button").count() == 0
    assert page.locator("table.sortable").count() == 7


def test_a_script_in_a_submission_does_not_run(show):
    page = show([nasty(), bad(NASTY, NASTY), bad("<img src=x onerror=alert(1)>")])
    assert re.findall("alert", page.inner_text("main"))
    assert page.locator("img").count() == 0
