"""Which submissions are listed as alike, and which are not."""

import pytest

from autograder.report import Answers, to_alike_lines
from autograder.report.alike import alike
from tests.autograder.report.report_factory import bad, graded, verdict

STUB = '''def {0}(x, n):
    """Return a sum."""
    ### START CODE HERE ###
    # add up
    total = None
    ### END CODE HERE ###
    return total
'''
WRITTEN = '''def {0}(x, n):
    """Return a sum."""
    ### START CODE HERE ###
    # add up
    total = 0
    for t in range(0, n):
        total += x[t] * 1.0
    ### END CODE HERE ###
    return total
'''
RENAMED = """def {0}( values:list , count : int )->float :
    ### START CODE HERE ###
    result: float = (
        0
    )

    for  step in range(0,count):   # my own loop
        result += values[step]*1.0
    return result
"""
SOLUTION = WRITTEN.format("{0}").replace("range(0, n)", "range(n)").replace(" * 1.0", "")
SHORT = WRITTEN.replace("total = 0\n    for t in range(0, n):\n        total += x[t] * 1.0", "total = sum(x)")
NAMES = ("first", "second", "third")


def cells(source, *names):
    return {name: source.replace("{0}", name) for name in names}


def others(count):
    """Answers that no two students share."""
    return [cells(WRITTEN.replace("1.0", f"1.{n}1"), *NAMES) for n in range(count)]


def listed(*class_):
    results = [graded(f"s{n}", [verdict(name) for name in NAMES]) for n in range(len(class_))]
    written = {result.path: one for result, one in zip(results, class_, strict=True)}
    stubs, solutions = cells(STUB, *NAMES), cells(SOLUTION, *NAMES)
    found = alike(results, Answers(written, {"cells": stubs}, {"cells": solutions}))
    return [(one.who, one.exercises) for one in found]


COPIED = [cells(WRITTEN, *NAMES), cells(RENAMED, *NAMES)]


def test_names_comments_annotations_and_layout_are_no_difference():
    assert listed(*COPIED, *others(5)) == [((0, 1), NAMES)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("import math as m\n    y = m.pi", "import math as maths\n    y = maths.pi"),
        ("from math import pi\n    y = pi", "from math import pi as p\n    y = p"),
        (
            "try:\n        y = x\n    except E as e:\n        y = e",
            "try:\n        y = x\n    except E as f:\n        y = f",
        ),
        (
            "async def f(a: int) -> int:\n        'help'\n        return a",
            "async def g(b):\n        return b",
        ),
        ("class A:\n        b = 1\n    y = A", "class B:\n        b = 1\n    y = B"),
        ("y = 1\n    def f():\n        nonlocal y", "z = 1\n    def g():\n        nonlocal z"),
        (
            "match x:\n        case [a, *b] | {'k': a, **b}:\n            y = a, b",
            "match x:\n        case [c, *d] | {'k': c, **d}:\n            y = c, d",
        ),
    ],
    ids=["import", "from", "except", "async", "class", "nonlocal", "match"],
)
def test_names_are_no_difference_however_they_are_bound(one, other):
    class_ = [cells(WRITTEN.replace("total = 0", f"{text}\n    total = 0"), *NAMES) for text in (one, other)]
    assert listed(*class_, *others(5)) == [((0, 1), NAMES)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("import math as m", "import cmath as m"),
        ("import os.path", "import os.abc"),
        ("from math import *", "from cmath import *"),
        ("from math import pi as p", "from math import tau as p"),
        ("async def f(a): return a", "def f(a): return a"),
    ],
)
def test_what_is_imported_is_a_difference(one, other):
    class_ = [cells(f"{text}\n{WRITTEN}", *NAMES) for text in (one, other)]
    assert listed(*class_, *others(5)) == []


def test_a_lab_with_one_exercise_has_nothing_to_list():
    results = [graded(name, [verdict("first")]) for name in ("ann", "bob")]
    written = {result.path: cells(WRITTEN, "first") for result in results}
    of_lab = {"cells": cells(STUB, "first")}, {"cells": cells(SOLUTION, "first")}
    said = "Nothing can be listed: that takes two equal exercises, and the lab has only one."
    assert to_alike_lines(results, Answers(written, *of_lab)) == [said]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("values[step]", "values[count]"),
        ("values[step]*1.0", "1.0*values[step]"),
        ("0,count", "1,count"),
        ("*1.0", "*1"),
        ("result +=", "result -="),
        ("range", "reversed"),
    ],
)
def test_other_code_is_a_difference(old, new):
    assert RENAMED.count(old) == 1
    assert listed(COPIED[0], cells(RENAMED.replace(old, new), *NAMES)) == []


def test_one_equal_exercise_is_not_enough():
    one = cells(RENAMED, "first") | others(1)[0] | cells(RENAMED, "first")
    assert listed(COPIED[0], one, *others(3)[1:]) == []
    assert listed(COPIED[0], one | cells(RENAMED, "third"), *others(3)[1:]) == [((0, 1), ("first", "third"))]


@pytest.mark.parametrize(
    "source",
    [STUB, SHORT, SOLUTION, SOLUTION.replace("total", "summe")],
    ids=["stub", "short", "solution", "renamed solution"],
)
def test_what_many_write_by_themselves_is_not_listed(source):
    assert listed(cells(source, *NAMES), cells(source, *NAMES)) == []


@pytest.mark.parametrize(("same", "class_size", "found"), [(3, 6, 1), (4, 6, 0), (4, 40, 1), (5, 40, 0)])
def test_what_is_common_in_the_class_is_not_listed(same, class_size, found):
    assert len(listed(*COPIED[:1] * same, *others(class_size - same))) == found


def test_the_most_equal_exercises_come_first_and_each_set_stands_once():
    third = cells(RENAMED, "first", "second") | cells(SHORT, "third")
    assert listed(*COPIED, third, *others(4)) == [((0, 1), NAMES), ((0, 1, 2), ("first", "second"))]


@pytest.mark.parametrize(
    "source",
    [
        "def {0}(x:\n return )",
        "\0",
        "-" * 200_000 + "1",
        WRITTEN.replace("{0}", "f") + "    # longer than any answer\n" * 400,
        "x = " + "(" * 5000,
        "x = " + "9" * 6000,
        "'\\d'\n" * 4,
    ],
    ids=["no Python", "null", "long", "longer", "deep", "a large number", "escapes that warn"],
)
def test_odd_cells_are_not_compared(source):
    odd = {name: source for name in NAMES}
    assert listed(odd, odd, *COPIED) == [((2, 3), NAMES)]


def test_bad_submissions_and_other_labs_are_left_out():
    results = [bad("a"), graded("b", [verdict("first")]), graded("c", [verdict("first")])]
    results[2].lab = "other"
    written = {result.path: cells(WRITTEN, *NAMES) for result in results}
    assert alike(results, Answers(written, {}, {})) == []


def test_the_lines_say_that_nothing_is_claimed():
    results = [graded(name, [verdict("first")]) for name in ("ann", "bob\n\x1b[31m")]
    written = {result.path: one for result, one in zip(results, COPIED, strict=True)}
    answers = Answers(written, {"cells": cells(STUB, *NAMES)}, {})
    first, line = to_alike_lines(results, answers)
    assert "no claim" in first
    assert line == "ann, bob: first, second, third (9 lines of their own)"
    assert to_alike_lines([], answers) == ["No submissions are equal in two rare answers."]
