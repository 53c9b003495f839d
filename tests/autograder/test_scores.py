"""The scores of a fixed class: changes of the grader must not change what it says of a submission.

What `seqlab check` says of each submission, times and paths apart, lies in tests/files/scores/<lab>.json.
After a change that is meant to alter points or messages, write the files anew and read their diff:

SEQLAB_RENEW_SCORES=1 .venv/bin/pytest tests/autograder/test_scores.py

Each lab of the repository gets the reference and the blank release, whole; a careless notebook, with a test
cell deleted, another edited, a syntax error and an exception; and nine notebooks with known mistakes. They
hold the first, the middle and the last mistake of each exercise: in one notebook every second exercise is
mistaken, so that wrong functions stand before right ones, in the next the others are, in a third all are.
Careless and mistaken notebooks keep of the cells that are not graded only those with imports:
demonstrations take most of the time. With `--only-graded` some notebooks keep them, and score as before.
The odd notebooks of tests/files/notebooks are of the small course, and graded in it.
"""

import difflib
import json
import os
import re
from collections.abc import Collection
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from tests.autograder.referee.referee_play import mistaken_source
from tests.plain import PLAIN as LABS

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "tests/files/notebooks"
SCORES = ROOT / "tests/files/scores"
RENEW = "SEQLAB_RENEW_SCORES"
"""An environment variable: where it is 1, the files are written and not compared."""
WITH_DEMONSTRATIONS = ("blank", "careless", "middle mistake, all exercises", "right")
"""The notebooks of a class that are graded once more, demonstrations left out: a sample, for its time."""
CHECK = ["seqlab", "check", "--seed", "12", "--json", "-", "--no-figures", "--isolation", "bubblewrap"]
APART = {"path", "student", "seconds", "isolation", "seed", "stale"}
"""The fields of a submission that the files leave out."""

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_scores_its_class_as_before(lab, course, class_of, call, tmp_path):
    for name, notebook in class_of(lab).items():
        if name not in ("right", "blank"):
            notebook = without_demonstrations(notebook)
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    assert_as_before(lab, call(course, *CHECK, str(tmp_path)))


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_scores_its_class_alike_if_only_what_is_graded_is_run(lab, course, class_of, call, tmp_path):
    notebooks = class_of(lab)
    for name in WITH_DEMONSTRATIONS:
        nbformat.write(notebooks[name], tmp_path / f"{name}.ipynb")
    run = call(course, *CHECK, "--only-graded", str(tmp_path))
    assert_as_before(lab, run, only=WITH_DEMONSTRATIONS)


@pytest.fixture
def class_of(course, solved, release):
    """A function that gives the notebooks of a lab's class, demonstrations and all, by name."""
    return lambda lab: make_class(lab, course, solved, release)


def make_class(lab, course, solved, release):
    """Return the notebooks of a lab's class by name."""
    mistakes = course.lab(lab).mistakes
    exercises = list(mistakes)
    notebooks = {
        "right": solved(lab),
        "blank": release(lab),
        "careless": careless(solved(lab)),
    }
    for place, share in {"first": 0.0, "middle": 0.5, "last": 1.0}.items():
        chosen = {name: known[int(share * (len(known) - 1))].name for name, known in mistakes.items()}
        wrong = {name: mistaken_source(course.lab(lab), name, mistake) for name, mistake in chosen.items()}
        for which, some in {"even": exercises[::2], "odd": exercises[1::2], "all": exercises}.items():
            mistaken = {name: wrong[name] for name in some}
            notebooks[f"{place} mistake, {which} exercises"] = solved(lab, **mistaken)
    return notebooks


def test_odd_notebooks_score_as_before(small_built, call):
    assert_as_before("odd", call(small_built, *CHECK, str(NOTEBOOKS)))


def test_odd_notebooks_score_alike_if_only_what_is_graded_is_run(small, call):
    text = small.root / "assignments/scaling/scaling.py"
    lines, names = text.read_text("utf-8"), json.loads((SCORES / "odd.json").read_text("utf-8"))
    text.write_text(re.sub(r"(?m)^# %%$", '# %% tags=["demonstration"]', lines), "utf-8")
    assert_as_before("odd", call(small, *CHECK, "--only-graded", str(NOTEBOOKS)), only=names)


def without_demonstrations(notebook: NotebookNode) -> NotebookNode:
    """Take the code cells out that are not graded and import nothing."""
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type != "code"
        or "nbgrader" in cell.metadata
        or re.search(r"(?m)^(import|from) ", cell.source)
    ]
    return notebook


def careless(notebook: NotebookNode) -> NotebookNode:
    """Spoil a notebook: one fault in each of its first three exercises and in the last test cell."""
    graded = [cell for cell in notebook.cells if cell.cell_type == "code" and "nbgrader" in cell.metadata]
    solutions = [cell for cell in graded if cell.metadata.nbgrader.solution]
    tests = [cell for cell in graded if cell.metadata.nbgrader.grade]
    notebook.cells.remove(tests[0])
    solutions[1].source += "\nreturn )"
    head, _, body = solutions[2].source.partition('"""\n')
    solutions[2].source = f'{head}"""\n    raise ValueError("not today")\n{body}'
    tests[-1].source = "100"
    tests[-1].metadata.nbgrader.points = 1000
    return notebook


def assert_as_before(name: str, run: CompletedProcess[str], only: Collection[str] = ()) -> None:
    """Compare the JSON of a run of `seqlab check` with a file (``only`` some names of it), or write it."""
    assert run.returncode == 0, run.stderr
    found = {Path(one["path"]).stem: told(one) for one in json.loads(run.stdout)["submissions"]}
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    path = SCORES / f"{name}.json"
    if os.environ.get(RENEW) == "1" and not only:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
        pytest.skip(f"{path.name} is written anew")
    before = path.read_text("utf-8")
    if only:
        kept = {name: one for name, one in json.loads(before).items() if name in only}
        before = json.dumps(kept, indent=1, ensure_ascii=False) + "\n"
    if text != before:
        lines = difflib.unified_diff(
            before.splitlines(), text.splitlines(), path.name, "found", n=5, lineterm=""
        )
        words = f"{path.name} differs; if that is meant, write it anew with {RENEW}=1"
        pytest.fail("\n".join([words, *lines][:200]), pytrace=False)


def told(submission: dict[str, Any]) -> dict[str, Any]:
    """Return what a file holds of a submission: all but `APART`, with one line for each case and finding.

    Digests are left out: their last digits may differ between versions of NumPy.
    """
    exercises = {}
    for verdict in submission["exercises"]:
        cases = [": ".join(filter(None, [c["status"], c["name"], c["reason"]])) for c in verdict["cases"]]
        findings = [f"{one['text']} [{'; '.join(one['cases'])}]" for one in verdict["findings"]]
        keys = sorted(verdict.keys() - {"name", "cases", "findings", "seconds", "digests"})
        rest = {key: verdict[key] for key in keys}
        exercises[verdict["name"]] = {**rest, "findings": findings, "cases": cases}
    rest = {key: submission[key] for key in sorted(submission.keys() - APART - {"exercises"})}
    return {**rest, "exercises": exercises}
