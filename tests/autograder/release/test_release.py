"""The committed source/ and release/ of this repository; `make check-build` has them up to date."""

import ast
from pathlib import Path

import nbformat
import pytest

from autograder.lab.text import python_of, reference_source
from autograder.release.build import find_labs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("lab", find_labs(ROOT))
def test_every_released_cell_compiles_and_holds_no_solution(lab):
    release = nbformat.read(ROOT / f"release/{lab}/{lab}.ipynb", as_version=4)
    code = [python_of(c.source) for c in release.cells if c.cell_type == "code"]
    for source in code:
        compile(source, lab, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert "HIDDEN" not in "".join(code)
    source = nbformat.read(ROOT / f"source/{lab}/{lab}.ipynb", as_version=4)
    released = {c.id: c.source for c in release.cells}
    for name, solution in reference_source(source).items():
        assert solution.strip() not in released[name]
