"""Groups of equal wrong answers without a name, and the skeletons that come of them."""

import ast
import importlib
import random

import pytest

from autograder.report import groups, to_group_lines, to_skeleton
from autograder.report.groups import tallies
from autograder.results import Result
from course_utils.judging.fingerprints import agree
from tests.autograder.report.report_factory import bad, graded, perfect, verdict

C_NEXT = "0000002a 1.234567890e+00 -5.000000000e-01 2.000000000e+01"
A_NEXT = "0000002a 3.000000000e+00 1.000000000e-03 -7.000000000e+00"
OTHER = "0000002a 1.234667890e+00 -5.000000000e-01 2.000000000e+01"


def answers(*digests, **others):
    """A class of which each student has these digests in one exercise; the points may be given by number."""
    points = others.pop("points", {})
    return [
        graded(f"s{n}", [verdict("cell", points.get(n, 5.0), digests=one, **others), verdict("loop")])
        for n, one in enumerate(digests)
    ]


def raising(*messages, name="cell"):
    return [
        graded(f"s{n}", [verdict(name, 0.0, message=f"`{name}` raised {one}")])
        for n, one in enumerate(messages)
    ]


def found(results):
    return [(group.outputs, group.who) for group in groups(results)]


def test_equal_digests_make_a_group():
    same = {"c_next": [C_NEXT, ""]}
    (group,) = groups(answers(same, {"c_next": [OTHER, ""]}, same, {}))
    assert group.sentence == "2 students give the same wrong `c_next`"
    assert (group.who, group.lost, group.column.name) == ((0, 2), 40.0, "cell")


def test_digests_are_equal_up_to_rounding():
    near = C_NEXT.replace("1.234567890", "1.234569999")
    assert found(answers({"c_next": [C_NEXT]}, {"c_next": [near]})) == [(("c_next",), (0, 1))]
    assert found(answers({"c_next": [C_NEXT]}, {"c_next": [OTHER]})) == []


@pytest.mark.parametrize(
    "other", [[C_NEXT, OTHER], [C_NEXT, ""], ["", C_NEXT], [C_NEXT], [C_NEXT.replace("2a", "2b"), A_NEXT]]
)
def test_they_must_agree_in_all_calls(other):
    assert found(answers({"c_next": [C_NEXT, A_NEXT]}, {"c_next": other})) == []


def test_outputs_that_the_same_students_have_wrong_make_one_group():
    both = {"c_next": [C_NEXT], "a_next": [A_NEXT]}
    results = answers(both, both, both, {"c_next": [C_NEXT], "a_next": [OTHER]})
    (group,) = groups(results)  # three of the four agree in `a_next` too: no other mistake is to be seen
    assert group.sentence == "4 students give the same wrong `c_next`"
    (group,) = groups(results[:3])
    assert group.sentence == "3 students give the same wrong `c_next` (and `a_next`)"


def test_each_answer_is_in_the_group_of_its_own_first_wrong_output():
    """What follows from one mistake may equal what is another one by itself."""
    only, both = {"total": [A_NEXT]}, {"y": [C_NEXT], "total": [A_NEXT]}
    for class_ in ([only] * 3 + [both] * 8, [both] * 8 + [only] * 3):
        found = [group.sentence for group in groups(answers(*class_))]
        assert found == [
            "8 students give the same wrong `y` (and `total`)",
            "3 students give the same wrong `total`",
        ]


def test_the_sentence_names_the_output_that_the_reference_makes_first():
    made = {"v_next": [C_NEXT], "v_corrected": [A_NEXT]}
    results = answers({"v_corrected": [A_NEXT]}, made, made)
    assert [group.sentence for group in groups(results)] == [
        "2 students give the same wrong `v_next` (and `v_corrected`)"
    ]


def test_many_different_answers_are_not_compared_with_each_other(monkeypatch):
    compared = []
    module = importlib.import_module("autograder.report.groups")
    monkeypatch.setattr(module, "agree", lambda *both: compared.append(both) or agree(*both))
    draw = random.Random(1)
    different = [
        {"out": [f"0000002a {draw.uniform(-1, 1):.9e} {n:.9e} {draw.uniform(-1, 1):.9e}"]} for n in range(300)
    ]
    results = answers(*different, different[7], different[200])
    assert sorted(who for _, who in found(results)) == [(7, 300), (200, 301)]
    assert len(compared) < 900


def test_projections_of_any_size_can_be_compared():
    huge = {"out": ["0000002a 1.7e+308 -1.7e+308 1.7e+308", "0000002a 1.7e+308 1.7e+308 1.7e+308"]}
    assert found(answers(huge, {"out": [C_NEXT, C_NEXT]}, huge)) == [(("out",), (0, 2))]


def test_the_largest_group_comes_first_then_the_one_that_lost_most():
    one, two, three = ({"out": [text]} for text in (C_NEXT, A_NEXT, OTHER))
    results = answers(one, one, two, two, three, three, three, points={2: 0.0})
    assert [who for _, who in found(results)] == [(4, 5, 6), (2, 3), (0, 1)]


def test_the_order_of_the_results_changes_no_number():
    one, two, three = ({"out": [text]} for text in (C_NEXT, A_NEXT, OTHER))
    results = answers(one, one, two, two, three, three)
    before = [[results[n].student for n in who] for _, who in found(results)]
    random.Random(3).shuffle(results)
    assert [sorted(results[n].student for n in who) for _, who in found(results)] == before


def test_the_example_is_the_answer_that_earned_most():
    same = {"c_next": [C_NEXT]}
    (group,) = groups(answers(same, same, same, points={1: 20.0, 2: 20.0}))
    assert group.example == 1


def test_named_mistakes_are_only_counted():
    same = {"c_next": [C_NEXT]}
    named = answers(same, same, mistake="no_bias")
    results = [*named, *answers(same, same, {}), perfect(), bad()]
    assert found(results) == [(("c_next",), (2, 3))]
    (tally,) = tallies(results, groups(results))
    assert (tally.wrong, tally.named, tally.grouped) == (5, 2, 2)
    assert to_group_lines(results)[-1] == "cell: 5 wrong, 2 of them known mistakes, 2 in groups"


def test_equal_exceptions_make_a_group_whatever_the_numbers_and_the_line():
    results = raising(
        "ValueError: shapes (3,4) and (5,2) not aligned (line 7: np.dot(a, b)).",
        "ValueError: shapes (6,1) and (9,8) not aligned (line 12 of `help`: a @ b); `c` is None there.",
        "ValueError: shapes differ (line 7: np.dot(a, b)).",
    )
    (group,) = groups(results)
    assert group.who == (0, 1)
    said = "2 students get the same exception: `cell` raised ValueError: shapes (…,…) and (…,…) not aligned"
    assert group.sentence == said


def test_the_text_of_an_exception_is_cleaned_before_its_numbers_are_left_out():
    results = raising(*["ValueError: \x1b[31mno\x1b[0m\n\x1b[1;32m3\x1b[m\x00 rows"] * 2)
    (group,) = groups(results)
    assert group.sentence == "2 students get the same exception: `cell` raised ValueError: no … rows"


def test_a_class_without_groups_says_so():
    assert to_group_lines([perfect()]) == ["No two wrong answers without a name are equal."]
    assert groups([]) == []


@pytest.mark.parametrize(
    "digest",
    [
        "",
        "x",
        "2a 1 2",
        "2a 1 2 nan",
        "2a 1 2 inf",
        "2a 1 2 1e999",
        "zz 1 2 3",
        "2a 1 2 3 4",
        "f" * 300 + " 1 2 3",
        "9" * 5000,
        "<script> 1 2 3",
    ],
    ids=lambda text: text[:20],
)
def test_a_forged_digest_makes_no_group(digest):
    assert found(answers({"c_next": [digest]}, {"c_next": [digest]})) == []


def test_results_of_before_have_no_digests():
    data = answers({})[0].to_json()
    for one in data["exercises"]:
        del one["digests"]
    assert groups([Result.from_json(data)] * 2) == []


# ---------------------------------------------------------------- skeletons


SOLUTION = '''def cell(x):
    """Return x and one."""
    ### START CODE HERE ###
    # add
    y = x + 1
    ### END CODE HERE ###
    return y
'''


def skeleton(answer):
    same = {"c_next": [C_NEXT]}
    (group,) = groups(answers(same, same))
    return to_skeleton(group, SOLUTION, answer)


def test_a_skeleton_shows_the_change_in_comments():
    text = skeleton(SOLUTION.replace("x + 1", "x - 1  # mine"))
    lines = text.splitlines()
    assert lines[0] == "# 2 students give the same wrong `c_next`, in `cell`."
    assert [line for line in lines if line.startswith("#   ")] == ["#   -    y = x + 1", "#   +    y = x - 1"]
    assert "mine" not in text


NASTY = [
    "y = 1\rimport os\r\nos.system('x')",
    "y = 1\x0cimport os\x0bimport os\x1cimport os\x85import os\u2028import os",
    "y = 1\x00\x1b[31m\ud800\u202e",
    '"""\nimport os\n"""',
    "# -*- coding: utf-7 -*-\n+AGkAbQBwAG8AcgB0-",
    "y = (1\n\\",
    "\t y = 1\n  \ty = 2\n y = 3",
]


@pytest.mark.parametrize("answer", NASTY, ids=ascii)
def test_nothing_of_an_answer_is_code_in_a_skeleton(answer):
    plain, nasty = skeleton(SOLUTION), skeleton(f"{SOLUTION}\n{answer}\n")
    assert nasty != plain or "coding" in answer
    (entry,) = ast.parse(nasty.encode()).body  # bytes, for which a comment may choose the encoding
    (usual,) = ast.parse(plain).body
    assert ast.dump(entry) == ast.dump(usual)
    assert all(line.isprintable() for line in nasty.split("\n"))


def test_a_long_answer_is_cut_in_a_skeleton():
    text = skeleton(SOLUTION + "z = 1\n" * 3000)
    assert len(text.splitlines()) < 230
    assert "#   Cut here: there are 3,004 lines with" in text
    assert len(skeleton(SOLUTION + f"z = {'1' * 90_000}\n")) < 22_000
    assert "Cut here" not in skeleton(SOLUTION + "z = 1\n" * 100)
