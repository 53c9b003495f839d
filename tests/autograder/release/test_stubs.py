"""From solutions to stubs."""

from textwrap import dedent, indent

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import LabError
from autograder.lab.text import BEGIN, END
from autograder.release.stubs import FinishRelease, StubWriter, check_compiles, stub_source

RAISE = 'raise NotImplementedError("f: replace this line with your code, between START and END CODE HERE")'


def cell(body: str, marker: str = BEGIN) -> str:
    """Return a function f whose region is ``body``."""
    return f"def f(x):\n    {marker}\n{indent(dedent(body).strip(), '    ')}\n    {END}\n    return x"


CASES = {
    "one assignment": ("y = x + 1", 1, "y = None"),
    "a tuple": ("a, b = x, 2 * x", 1, "a, b = None, None"),
    "a tuple in brackets": ("(a, b) = x", 1, "a, b = None, None"),
    "two targets": ("a = b = x", 1, "a = b = None"),
    "with an annotation": ("y: float = x", 1, "y = None"),
    "comments stay, trailing ones go": (
        """
        # first "add"
        y = x + 1  # the answer is x + 1

        # then double
        z = "# no comment"
        # the end
        """,
        2,
        """
        # first "add"
        y = None

        # then double
        z = None
        # the end
        """,
    ),
    "an assignment of several lines": (
        '''
        y = max(
            x,  # hint
            # more of a hint
            1,
        )
        z = """
        # no comment

        """
        w = x \\
            + 1
        ''',
        3,
        "y = None\nz = None\nw = None",
    ),
    "repeated targets": ("y = x\ny = y + 1\n\ny = y * 2\nz = y", 4, "y = None\n\nz = None"),
    "repeated after a comment": ("# a\ny = x\n# b\ny = y + 1", 2, "# a\ny = None\n# b\ny = None"),
    "two on a line": ("y = x; z = y", 1, "y = None\nz = None"),
    "a comprehension is no loop": ("y = [i for i in x if i]", 1, "y = None"),
    "a loop": (
        """
        # start
        total = 0
        for i in x:
            # add one
            total = (
                # hidden in a statement
                total + i  # trailing
            )

            if i:
                # a branch
                break
        """,
        5,
        f"# start\n# add one\n# a branch\n{RAISE}",
    ),
    "a branch": ("if x:\n    y = 1\nelse:\n    # no\n    y = 2", 4, f"# no\n{RAISE}"),
    "with": ("with x as y:\n    z = y", 2, RAISE),
    "return": ("return x + 1", 1, RAISE),
    "a call": ("y = []\n# collect\ny.append(x)", 2, f"# collect\n{RAISE}"),
    "a subscript": ('x["a"] = 1', 1, RAISE),
    "an attribute": ("x.a = 1", 1, RAISE),
    "in place": ("x += 1", 1, RAISE),
    "a star": ("a, *b = x", 1, RAISE),
    "nested targets": ("a, (b, c) = x", 1, RAISE),
    "a decorated function": ("@x\ndef g():\n    # inner\n    return 1", 3, f"# inner\n{RAISE}"),
    "an import": ("import os", 1, RAISE),
    "an inner function": ("def g(y):\n    # inner\n    return y\ng(x)", 3, f"# inner\n{RAISE}"),
}


@pytest.mark.parametrize("name", CASES)
def test_stub(name):
    body, count, expected = CASES[name]
    stub = stub_source(cell(body), "f")
    lines = "1 line" if count == 1 else f"{count} lines"
    assert stub == cell(expected, f"{BEGIN} (≈ {lines})")
    check_compiles(stub, "f")


def test_a_hint_in_the_text_is_computed_anew():
    source = cell("y = x").replace(BEGIN, f"{BEGIN} (≈ 9 lines)")
    assert "(≈ 1 line)" in stub_source(source, "f")
    assert "9" not in stub_source(source, "f")


def test_several_regions_and_a_region_in_a_loop():
    source = dedent(f"""\
        def f(x):
            {BEGIN}
            y = 2 * x
            {END}
            for i in range(3):
                {BEGIN}
                # step
                z = y + i
                {END}
            if x:
                {BEGIN}
                for i in x:
                    print(i)
                {END}
            return z""")
    stub = dedent(f"""\
        def f(x):
            {BEGIN} (≈ 1 line)
            y = None
            {END}
            for i in range(3):
                {BEGIN} (≈ 1 line)
                # step
                z = None
                {END}
            if x:
                {BEGIN} (≈ 2 lines)
                {RAISE}
                {END}
            return z""")
    assert stub_source(source, "f") == stub


def test_a_region_outside_a_function_and_magics():
    assert stub_source(f"%matplotlib inline\n{BEGIN}\nn = 3\n{END}", "n") == (
        f"%matplotlib inline\n{BEGIN} (≈ 1 line)\nn = None\n{END}"
    )
    assert 'NotImplementedError("setup: ' in stub_source(f"{BEGIN}\nprint(3)\n{END}", "setup")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(x):\n    return x", "cell 'f': a solution cell needs"),
        (f"def f(x):\n    {BEGIN}\n    return x", "without an"),
        (f"def f(x):\n    return x\n    {END}", "without a "),
        (f"def f(x):\n    {BEGIN}\n    # nothing\n    {END}\n    return x", "line 2: there is no code"),
        (f"for i in x:\n    {BEGIN}\n    y = i\n    {END}\n        z = i", "valid Python"),
        (f"{BEGIN}\nif x:\n    y = 1\n    {END}\n    z = 2", "line 2: the region begins or ends"),
        (f"if x:\n    {BEGIN}\n    y = 1\nelse:\n    z = 1\n    {END}", "line 3: the region begins"),
        (f"if x:\n    {BEGIN}\n    y = 1\nelse:\n    {END}\n    z = 1", "line 4: the region begins"),
        (f"y = (\n    {BEGIN}\n    x\n    {END}\n)", "line 2: there is no code"),
        (f"{BEGIN}\ny = 1\nz = (\n    {END}\n    x\n)", "line 3: the region begins"),
        (f"def f(x:\n    {BEGIN}\n    y = 1\n    {END}", "valid Python"),
    ],
)
def test_a_wrong_cell_is_named(source, message):
    with pytest.raises(LabError, match=message):
        stub_source(source, "f")


def nbgrader(**flags):
    meta = {"grade": False, "solution": False, "locked": False, "grade_id": "f", "schema_version": 3}
    return {"nbgrader": {**meta, **flags}}


@pytest.fixture
def writer():
    writer = StubWriter()
    writer.begin_solution_delimeter, writer.end_solution_delimeter = BEGIN, END
    return writer


def test_the_writer_changes_solution_cells_alone(writer):
    prose = f"Write between `{BEGIN}` and `{END}`.\n{BEGIN}"
    nb = new_notebook(
        cells=[
            new_markdown_cell(prose),
            new_code_cell(f'print("{BEGIN}")'),
            new_code_cell(cell("y = x"), metadata=nbgrader(solution=True)),
            new_markdown_cell("because", metadata=nbgrader(solution=True, grade=True, points=1)),
        ]
    )
    nb, _ = writer(nb, {})
    assert nb.cells[0].source == prose
    assert nb.cells[1].source == f'print("{BEGIN}")'
    assert "y = None" in nb.cells[2].source
    assert nb.cells[3].source == "YOUR ANSWER HERE"


def test_the_writer_refuses_a_region_that_is_no_solution(writer):
    with pytest.raises(LabError, match=r"cell 1: has .* not marked"):
        writer(new_notebook(cells=[new_code_cell(cell("y = x"))]), {})


def test_the_release_is_finished():
    cells = [
        new_code_cell("%matplotlib inline\nawait g()"),
        new_code_cell("%%bash\nif then"),
        new_code_cell(""),
    ]
    nb = new_notebook(cells=cells, metadata={"seqlab": {"built": "1"}, "jupytext": {}, "orig_nbformat": 4})
    nb, _ = FinishRelease()(nb, {})
    assert dict(nb.metadata) == {"orig_nbformat": 4}
    nb.cells.append(new_code_cell("if True:"))
    with pytest.raises(LabError, match="cell 4: the released cell does not compile, line 1"):
        FinishRelease()(nb, {})
