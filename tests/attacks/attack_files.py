"""Reads the attacks: each is one file, whose first lines say what it tries and what it is worth.

An attack of notebooks/ is a text of cells, in jupytext's percent format::

    # What it tries, in a sentence.
    # scores: 0 6 10
    # says: words that the record of the submission has
    # shows: words that the graded notebook's outputs have
    # with: pipe
    # %% first
    code of a cell before all others
    # %% mix
    code in place of the function's
    # %% before walk
    code of a cell before the test cell of a function
    # %% last
    code of a cell after all others

Only the first two lines are needed. A function that is not given is right, so that `scores` (of mix,
walk and slope) also says what the attack leaves alone; with ", at most" after it, the attack may lose more.
`with` names a text of helpers/ that stands in front of the first cell.

An attack of folders/ is a module with a docstring, SCORES (None for a bad submission), and
``hand_in(folder, notebook)``, which fills a student's folder; STUDENT names the student, where that is
the attack, and SAYS has words of the record.
"""

import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
from autograder.cli.demo import fill_in
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

HERE = Path(__file__).parent
NAMES = ("mix", "walk", "slope")
FULL = (4.0, 6.0, 10.0)
KEYS = ("scores", "says", "shows", "with")

HandIn = Callable[[Path, NotebookNode], None]


@dataclass
class Attack:
    """One attack: who hands it in, what it is worth, and how it is put into the student's folder."""

    name: str
    tries: str
    scores: tuple[float, ...] | None
    hand_in: HandIn
    student: str
    says: str = ""
    shows: list[str] = field(default_factory=list)
    of_folder: bool = False
    at_most: bool = False
    """Whether the scores are the most that it may get: what else is lost depends on when it is stopped."""


def read_all() -> dict[str, Attack]:
    """Return all attacks by name."""
    found = [read_notebook(path) for path in sorted((HERE / "notebooks").glob("*.py"))]
    found += [read_folder(path) for path in sorted((HERE / "folders").glob("*.py"))]
    return {attack.name: attack for attack in found}


def read_notebook(path: Path) -> Attack:
    """Read an attack of notebooks/."""
    head, _, body = path.read_text("utf-8").partition("\n# %%")
    tries, *lines = (line.removeprefix("# ") for line in head.splitlines())
    said: dict[str, list[str]] = {}
    for line in lines:
        key, _, value = line.partition(": ")
        assert key in KEYS, f"{path.name}: {line}"
        said.setdefault(key, []).append(value)
    (scores,) = said["scores"]
    text = "\n".join(["# %%" + body])
    helpers = [(HERE / "helpers" / f"{name}.py").read_text("utf-8") for name in said.get("with", [])]

    def hand_in(folder: Path, notebook: NotebookNode) -> None:
        write(folder, edited(notebook, text, helpers))

    return Attack(
        path.stem,
        tries,
        tuple(map(float, scores.removesuffix(", at most").split())),
        hand_in,
        path.stem,
        " ".join(said.get("says", [])),
        said.get("shows", []),
        at_most=scores.endswith(", at most"),
    )


def edited(notebook: NotebookNode, text: str, helpers: list[str]) -> NotebookNode:
    """Return a notebook with the cells of an attack's text put where they belong."""
    functions: dict[str, str] = {}
    own: dict[str, list[str]] = {}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        place = cell.metadata.get("title", "")
        if place in NAMES:
            functions[place] = cell.source
        else:
            assert re.fullmatch(rf"first|last|before ({'|'.join(NAMES)})", place), place
            own.setdefault(place, []).append(cell.source)
    if helpers:
        own.setdefault("first", []).insert(0, "\n".join(helpers))
    notebook = fill_in(notebook, functions)
    cells: list[NotebookNode] = []
    for cell in notebook.cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade"):
            cells += made(own.pop(f"before {known['grade_id'].removeprefix('test_')}", []))
        cells.append(cell)
        if cell.cell_type == "code" and "first" in own:  # after the imports
            cells += made(own.pop("first"))
    notebook.cells = cells + made(own.pop("last", []))
    assert not own, own
    return notebook


def made(sources: list[str]) -> list[NotebookNode]:
    """Return new code cells."""
    return [new_code_cell(source) for source in sources]


def text_of(notebook: NotebookNode) -> str:
    """Return a notebook as JSON, whatever is in it: nothing is checked or put right."""
    return json.dumps(notebook, ensure_ascii=False)


def write(folder: Path, notebook: NotebookNode) -> None:
    """Write a notebook as a student hands it in."""
    (folder / "target.ipynb").write_text(text_of(notebook), "utf-8")


def read_folder(path: Path) -> Attack:
    """Read an attack of folders/."""
    spec = importlib.util.spec_from_file_location(f"attack_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Attack(
        path.stem,
        (module.__doc__ or "").splitlines()[0],
        module.SCORES,
        module.hand_in,
        getattr(module, "STUDENT", path.stem),
        getattr(module, "SAYS", ""),
        of_folder=True,
    )
