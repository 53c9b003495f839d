"""What wrong answers earn in part: the examples of docs/grading.md, each with its points."""

import re
from pathlib import Path

import pytest

from autograder.audit.play import judged
from tests.autograder.referee.referee_play import edited

GUIDE = Path(__file__).parents[2] / "docs" / "grading.md"
CELL, LSTM = "np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)", "ft * c_prev + it * cct"
EXAMPLES = {
    "`a_next` without `ba`": ("cells", "rnn_cell_forward", (" + ba)", ")")),
    "`a_next` with twice `ba`": ("cells", "rnn_cell_forward", (" + ba)", " + 2 * ba)")),
    "`a_next` is a copy of `a_prev`": ("cells", "rnn_cell_forward", (CELL, "a_prev.copy()")),
    "`a_next` is `Wax` times `xt`": ("cells", "rnn_cell_forward", (CELL, "np.dot(Wax, xt)")),
    "`a_next` is noise": (
        "cells",
        "rnn_cell_forward",
        (CELL, "np.random.RandomState(0).randn(*a_prev.shape)"),
    ),
    "`yt_pred` holds raw scores": ("cells", "rnn_cell_forward", ("softmax(np", "(np")),
    "`a_next` went through a sigmoid": (
        "cells",
        "rnn_cell_forward",
        ("np.tanh(", "(lambda z: 1 / (1 + np.exp(-z)))("),
    ),
    "`cache` begins with `a_prev`": (
        "cells",
        "rnn_cell_forward",
        ("cache = (a_next, a_prev,", "cache = (a_prev, a_next,"),
    ),
    "`c_next` is half of `c_prev`": ("cells", "lstm_cell_forward", (LSTM, "0.5 * c_prev")),
    "`dba` is a mean": ("backprop", "rnn_cell_backward", ("np.sum(dz,", "np.mean(dz,")),
}


@pytest.mark.parametrize(
    ("lab", "kind"), [(lab, kind) for kind, (lab, *_) in EXAMPLES.items()], indirect=["lab"]
)
def test_the_guide_says_what_an_example_earns(referees, lab, right, kind):
    _, name, edit = EXAMPLES[kind]
    ((points, most),) = re.findall(
        rf"^\| `{name}` \| {re.escape(kind)} \| ([\d.]+) of (\d+) \|", GUIDE.read_text("utf-8"), re.M
    )
    for referee in referees:
        found = judged(referee, name, edited(right[name], edit))
        assert (found.points, found.max_points) == (float(points), float(most)), found.message


def test_the_guide_has_no_other_examples():
    rows = re.findall(r"^\| `\w+` \| (.+?) \| [\d.]+ of \d+ \|", GUIDE.read_text("utf-8"), re.M)
    assert rows == list(EXAMPLES)
