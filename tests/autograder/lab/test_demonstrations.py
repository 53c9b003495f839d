"""Which names a cell binds and reads, and which demonstrations a submission needs all the same."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.lab.demonstrations import always_draws, demonstrations, is_demonstration, names_of, unneeded


@pytest.mark.parametrize(
    ("source", "binds", "reads"),
    [
        ("x = f(y)\nprint(x)", {"x"}, {"f", "y", "print"}),
        ("x += 1", {"x"}, {"x"}),
        ("for i in r:\n    a = i\nprint(a, i)", {"a", "i"}, {"r", "print"}),
        ("if c:\n    x = 1\nx", {"x"}, {"c", "x"}),
        ("def f(a):\n    b = 1\n    return a, b, q", {"f"}, {"q"}),
        ("def f(a=d):\n    return [lambda: a + g for a in h]", {"f"}, {"d", "g", "h"}),
        ("def f():\n    global w\n    w = 2", {"f", "w"}, {"w"}),
        ("class A(B):\n    c = d\n    def f(self):\n        return e", {"A"}, {"B", "d", "e"}),
        ("[z for z in zz if q > z]", set(), {"zz", "q"}),
        ("x = [x for x in x]", {"x"}, {"x"}),
        ("keeper['bf'][0] -= 20", {"keeper"}, {"keeper"}),
        ("np.dot = mine", {"np"}, {"np", "mine"}),
        ("del x", {"x"}, {"x"}),
        ("import a.b, c as d\nfrom e import g", {"a", "d", "g"}, set()),
        ("await f(1)", set(), {"f"}),
        ("%matplotlib inline\nx = y", {"x"}, {"y"}),
        ("def f(", set(), set()),
    ],
)
def test_what_a_cell_binds_and_reads(source, binds, reads):
    found = names_of(source)
    assert (found.binds, found.reads, found.unseen) == (binds, reads, False)


def test_a_stub_reads_nothing_of_what_it_would_return():
    assert "a" not in names_of("def f(x):\n    ...\n    raise NotImplementedError\n    return a").reads


@pytest.mark.parametrize(
    "source",
    [
        "globals()['x']",
        "exec(code)",
        "%run other.ipynb",
        "!ls",
        "x = %time f(y)",
        "%%time\nx = y",
        "import __main__",
        "get_ipython().x",
    ],
)
def test_what_may_use_names_unseen(source):
    assert names_of(source).unseen


def cell(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


TEXT = new_notebook(
    cells=[
        cell("import numpy as np"),
        cell("tiny = np.zeros(3)", "demonstration"),
        cell("large = 2 * tiny\nprint(large)", "demonstration"),
        cell("np.ones(2)", "demonstration"),
        cell("def f(x):\n    return x"),
    ]
)


def left_out(*sources):
    """Which of the given cells, handed in beside import and function, are left out."""
    cells = [cell("import numpy as np"), *map(cell, sources), cell("def f(x):\n    return x")]
    return {cells[position].source for position in unneeded(cells, TEXT)}


SHOWN = ("tiny = np.zeros(3)", "large = 2 * tiny\nprint(large)", "np.ones(2)")


def test_the_tag_alone_makes_a_demonstration():
    assert [is_demonstration(one) for one in TEXT.cells] == [False, True, True, True, False]
    assert demonstrations(TEXT) == list(SHOWN)


def test_unedited_demonstrations_are_left_out_wherever_they_stand_and_whatever_id_they_have():
    assert left_out(*SHOWN) == set(SHOWN)
    assert left_out(*reversed(SHOWN), SHOWN[0]) == set(SHOWN)
    assert left_out("\ntiny = np.zeros(3)  \n\n") == {"\ntiny = np.zeros(3)  \n\n"}


def test_what_was_edited_is_run_with_what_it_needs():
    assert left_out(SHOWN[0], SHOWN[1] + "\nprint(tiny)", SHOWN[2]) == {SHOWN[2]}
    assert left_out("tiny = np.ones(3)", *SHOWN[1:]) == set(SHOWN[1:])


def test_what_a_students_own_cell_needs_is_run_and_what_that_needs():
    assert left_out(*SHOWN, "print(large)") == {SHOWN[2]}
    assert left_out(*SHOWN, "def g(x):\n    return tiny + x") == set(SHOWN[1:])
    assert left_out(*SHOWN, "print(globals())") == set()


@pytest.mark.parametrize(
    ("cells", "draws"),
    [
        ([cell("import numpy as np")], False),
        ([cell("import matplotlib.pyplot as plt")], True),
        ([cell("%matplotlib inline")], True),
        ([cell("plt.plot([1])", "demonstration")], False),
        ([cell("import pylab as p", "demonstration"), cell("p.plot([1])")], True),
        ([cell("simple_plt = 1")], False),
    ],
)
def test_a_lab_always_draws_where_a_cell_does_that_is_always_run(cells, draws):
    assert always_draws(new_notebook(cells=cells)) == draws
