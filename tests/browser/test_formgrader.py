"""formgrader in JupyterLab: a submission graded by its buttons, and what teacher and student see."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cli.demo import hand_in
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from tests.browser.harness import Lab

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]

LAB, STUDENT, EXERCISE = "cells", "ada", "rnn_cell_forward"


def checked(course: Course, notebook: Path) -> float:
    """Return the points that `seqlab check` gives a notebook."""
    seqlab = Path(sys.executable).with_name("seqlab")
    result = course.root / "result.json"
    subprocess.run(
        [seqlab, "check", notebook, "--json", result], cwd=course.root, check=True, capture_output=True
    )
    (submission,) = json.loads(result.read_text("utf-8"))["submissions"]
    return float(submission["points"])


def test_formgrader_grades_as_seqlab_does(lab: Lab, copied: Course) -> None:
    from playwright.sync_api import expect

    folder, page = copied.lab(LAB), lab.page
    mistake = folder.mistakes[EXERCISE][0]
    said = mistake.help.replace("`", "")
    wrong = {**reference_source(folder.text), EXERCISE: folder.edited(EXERCISE, mistake)}
    handed_in = hand_in(copied, LAB, STUDENT, wrong)

    lab.open(f"source/{LAB}/{LAB}.ipynb")
    lab.menu("Nbgrader", "Formgrader")
    grader = page.frame_locator("iframe")
    grader.get_by_role("row").filter(has_text=LAB).locator(".num-submissions a").click()
    row = grader.get_by_role("row").filter(has_text=STUDENT)
    expect(row.locator(".status")).to_have_text("needs autograding")
    row.locator(".autograde a").click()
    done = grader.get_by_role("dialog")
    expect(done).to_contain_text(f"Successfully autograded '{LAB}' for student '{STUDENT}'.")
    done.get_by_role("button", name="OK").click()
    points = checked(copied, handed_in)
    assert 0 < points < 100
    expect(row.locator(".score")).to_have_text(f"{points:g} / 100")
    expect(row.locator(".status")).to_have_text("graded")

    row.locator(".generate-feedback a").click()
    expect(done).to_contain_text(f"Successfully generated feedback for '{LAB}' for student '{STUDENT}'.")
    done.get_by_role("button", name="OK").click()
    expect(done).to_have_count(0)
    page.screenshot(path=lab.pictures / "formgrader.png")

    grader.get_by_role("link", name="Manual Grading").click()
    for name in (LAB, LAB, "Submission #1"):
        grader.get_by_role("link", name=name, exact=True).click()
    expect(grader.locator("body")).to_contain_text(said)
    page.screenshot(path=lab.pictures / "formgrader-graded.png")

    page.goto((copied.root / "feedback" / STUDENT / LAB / f"{LAB}.html").as_uri())
    expect(page.locator("body")).to_contain_text(said)
    expect(page.locator("body")).to_contain_text(f"(Score: {points:.1f} / 100.0)")
    page.screenshot(path=lab.pictures / "feedback.png", full_page=True)
