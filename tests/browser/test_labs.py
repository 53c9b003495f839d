"""Each lab in JupyterLab, as a student lives it: released, with a right and a wrong answer, and solved."""

import re

import pytest

from autograder.lab.course import Course
from autograder.lab.text import reference_source
from tests.browser.harness import LONG, Lab
from tests.plain import PLAIN

pytestmark = pytest.mark.browser

LABS = ("cells", "backprop", "sampling", "jazz", "emojify", "variants", "poetry")
EXPLORERS = {"cells": 3, "backprop": 1, "sampling": 2, "variants": 1, "poetry": 1}
"""How many explorers a lab has."""
WRONG = {"poetry": "stride-ignored"}
"""The mistake that is typed in, where it is not the first: one that explains all that is wrong."""


def test_all_labs_are_opened(course: Course) -> None:
    assert set(LABS) == set(PLAIN)


@pytest.mark.parametrize("name", LABS)
def test_a_first_exercise(lab: Lab, course: Course, name: str) -> None:
    from playwright.sync_api import expect

    folder = course.lab(name)
    exercise = next(iter(reference_source(folder.text)))
    mistake = next(one for one in folder.mistakes[exercise] if one.name == WRONG.get(name, one.name))
    cause = f"CheckFailed: {exercise}: Likely cause: {mistake.help}"
    lab.open(f"release/{name}/{name}.ipynb")

    # As released: the first cell that needs an exercise says so, in one line, and nothing runs after it.
    lab.run_all()
    failed = lab.failed()
    assert len(failed) == 1
    line = lab.output(failed[0])
    expect(line).to_have_text(f"`{exercise}` is not written yet: exercise 1")
    expect(line).to_be_in_viewport()

    # A right answer: every line of the table has a tick.
    answer, check = lab.place(exercise), lab.place(f"test_{exercise}")
    lab.write(exercise, reference_source(folder.text)[exercise])
    lab.run(answer, check)
    seen = lab.output(check)
    expect(seen).to_contain_text(f"{exercise}: visible checks passed.")
    expect(seen.get_by_text("✓").first).to_be_visible()
    expect(seen.get_by_text("✗")).to_have_count(0)
    lab.picture(f"{name}-right", lab.cell(check))

    # A known mistake: the diagnosis comes first, and the table below it marks what is wrong.
    lab.write(exercise, folder.edited(exercise, mistake))
    lab.run(answer, check)
    expect(seen.get_by_text("✗").first).to_be_visible()
    expect(seen).to_contain_text(cause)
    heights = [
        (seen.locator(".jp-OutputArea-output", has_text=text).bounding_box() or {})["y"]
        for text in ("CheckFailed", "expression")
    ]
    assert heights == sorted(heights)
    lab.picture(f"{name}-wrong", lab.cell(check))

    # Validate, nbgrader's button, says the same.
    lab.page.get_by_role("button", name="Validate").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Validation Results", timeout=3 * LONG)
    first = re.sub(r"\s+", " ", dialog.inner_text())
    assert first.startswith(
        f"Validation Results The following cell failed: visible_check({exercise}) {cause}"
    )
    lab.picture(f"{name}-validate", dialog)
    dialog.get_by_role("button", name="Ok").click()


@pytest.mark.parametrize("name", LABS)
def test_a_solved_lab(lab: Lab, course: Course, name: str) -> None:
    from playwright.sync_api import expect

    lab.open(f"filled/{name}/{name}.ipynb")
    lab.run_all()
    assert lab.failed() == []
    count = len(course.lab(name).exercises)
    expect(lab.output(lab.places(r"^checks_so_far\(\)")[-1])).to_have_text(
        f"visible checks: {count} of {count} exercises"
    )
    explorers = lab.places("^explore_")
    assert len(explorers) == EXPLORERS.get(name, 0)
    for number, place in enumerate(explorers, 1):
        seen = lab.output(place)
        drawn = seen.locator(".widget-html-content svg")
        handle = seen.get_by_role("slider").first
        value, before, words = (
            handle.get_attribute("aria-valuenow"),
            drawn.inner_html(),
            drawn.get_attribute("aria-label"),
        )
        handle.focus()
        lab.page.keyboard.press("ArrowRight")
        expect(handle).not_to_have_attribute("aria-valuenow", value)
        expect(drawn).not_to_have_attribute("aria-label", words)
        assert drawn.inner_html() != before
        lab.picture(f"{name}-explorer-{number}", seen)
    for number, place in enumerate(lab.places(r"(watching|live)_losses\(|^losses = np\.array\(fit\("), 1):
        if lab.output(place).is_visible():  # not where a function is defined
            lab.picture(f"{name}-training-{number}", lab.output(place))
