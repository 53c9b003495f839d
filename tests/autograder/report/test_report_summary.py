"""Numbers of a class, each small enough to check by hand."""

import pytest

from autograder.report.summary import columns, histogram, ordered, percent, spread, summarise, told_apart
from tests.autograder.report.report_factory import (
    EXERCISES,
    bad,
    blank,
    everyone,
    graded,
    grader_error,
    partial,
    perfect,
    verdict,
    wrong_cell,
)


def test_histogram_counts_every_score_once():
    bins = histogram([0, 9.99, 10, 55, 99, 100])
    assert [count for _, count in bins] == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]
    assert bins[0][0] == "0 to under 10"
    assert bins[-1][0] == "90 to 100"


def test_spread_is_mean_and_median():
    assert spread([0, 10, 80]) == (30, 10)
    assert spread([]) is None


@pytest.mark.parametrize(
    ("result", "expected"),
    [(partial(), 87.5), (bad(), None), (grader_error(), None), (graded("x", []), None)],
)
def test_percent(result, expected):
    assert percent(result) == expected


def test_exercises_count_full_part_and_none():
    last = summarise(everyone()[:6])[-1]
    assert (last.column.name, last.full, last.part, last.none, last.count) == ("lstm_forward", 2, 1, 1, 4)
    assert last.mean == pytest.approx((25 + 0 + 25 + 12.5) / 4)


def test_carried_forward_is_counted():
    assert [summary.carried for summary in summarise([perfect(), wrong_cell()])] == [0, 1, 0, 0]


def test_mistakes_are_ranked_by_how_many_made_them():
    results = [blank(), wrong_cell("a"), wrong_cell("b"), perfect(), bad()]
    mistakes = summarise(results)[0].mistakes
    assert [(kind.mistake, kind.who) for kind in mistakes] == [("no_bias", (1, 2)), (None, (0,))]
    assert "bias" in mistakes[0].message
    assert "NotImplementedError" in mistakes[1].message


def test_a_wrong_verdict_without_message_is_named_by_its_reason():
    (kind,) = summarise([graded("a", [verdict(points=0.0)])])[0].mistakes
    assert kind.message == "a_next: wrong values, error about 1e-1"
    (kind,) = summarise([graded("a", [verdict(points=0.0, cases=[])])])[0].mistakes
    assert kind.message == "no reason given"


def test_columns_keep_the_lab_order():
    assert [column.label for column in columns(everyone())] == list(EXERCISES)


def test_order_ignores_case():
    assert [r.student for r in ordered([perfect("bob"), perfect("Cy"), perfect("Ada")])] == [
        "Ada",
        "bob",
        "Cy",
    ]


def test_rows_of_one_name_say_where_they_lie():
    first, second, other = perfect("ann"), perfect("ann"), perfect("bob")
    first.path, second.path = "a/ann/cells/cells.ipynb", "b/ann/cells/cells.ipynb"
    names = [result.student for result in told_apart([first, second, other])]
    assert names == ["ann (a/ann/cells/cells.ipynb)", "ann (b/ann/cells/cells.ipynb)", "bob"]
    assert first.student == "ann", "the results themselves stay"
