"""Why a function could not be called, told from the cells that ran before."""

import nbformat
import pytest

from autograder.referee.cells import Cells

TEXT = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import numpy as np\nfrom os import path")])
START, END = "### START CODE HERE ###", "### END CODE HERE ###"
STUB = 'raise NotImplementedError("f: replace this line with your code, between START and END CODE HERE")\n'


@pytest.fixture
def cells():
    return Cells(TEXT)


def test_the_cell_that_should_define_a_function_raised(cells):
    cells.add("import numpy as np", None, "", "")
    cells.add("def f(x):\n    return (x", "SyntaxError", "'(' was never closed", "line 2: return (x")
    assert cells.why_undefined("f") == "its cell raised SyntaxError: '(' was never closed (line 2: return (x)"
    assert cells.why_undefined("np") == ""
    assert cells.why_undefined("g") == ""


def test_the_cell_that_should_import_a_package_raised(cells):
    cells.add("import seaborn\nimport numpy as np", "ModuleNotFoundError", "No module named 'seaborn'", "")
    raised = "the cell that defines it raised ModuleNotFoundError: No module named 'seaborn'"
    assert cells.why_undefined("np") == raised


def test_an_import_of_the_lab_is_missing(cells):
    assert cells.why_undefined("np") == "no code cell above has `import numpy as np`: put it back"
    assert cells.why_undefined("path") == "no code cell above has `from os import path`: put it back"


@pytest.mark.parametrize("name", ["np", "f", "x"])
def test_what_a_cell_below_defines_stands_too_low(cells, name):
    cells.below = ["import numpy as np", "def f(x): return x", "x = 1"]
    assert cells.why_undefined(name) == "the cell that defines it stands below this test; move it up"
    assert cells.why_undefined("g") == ""


def test_a_cell_that_ran_says_more_than_one_below(cells):
    cells.add("def f(x): return x", "NameError", "name 'y' is not defined", "")
    cells.below = ["def f(x): return x"]
    assert cells.why_undefined("f") == "its cell raised NameError: name 'y' is not defined"


def test_the_last_cell_that_defines_a_name_counts(cells):
    cells.add("def f(x): return x", "NameError", "name 'y' is not defined", "")
    cells.add("def f(x): return x", None, "", "")
    assert cells.why_undefined("f") == ""


def test_numbers_of_an_exception_are_left_out(cells):
    cells.add("def f(x): 0.25", "ValueError", "x is 0.123456 or 98765", "")
    assert cells.why_undefined("f") == "its cell raised ValueError: x is … or …"


@pytest.mark.parametrize(
    ("body", "stub"),
    [
        (f"    {START} (≈ 2 lines)\n    # sum\n    {STUB}    {END}\n", True),
        (f"    {START}\n    y = x + 1\n    {STUB}    {END}\n    return y", False),
        (f"    {START}\n    {STUB}    y = x + 1\n    {END}\n    return y", False),
        (f"    {STUB}", False),
    ],
)
def test_a_stub_has_nothing_but_its_raise(cells, body, stub):
    cells.add(f"def f(x):\n{body}", None, "", "")
    assert cells.is_stub("f") is stub
