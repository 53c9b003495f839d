import subprocess
import sys

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import to_rgb

from course_utils import plots
from course_utils.plots import COLOURS, DPI, plot_curves, plot_gates

GATES = {"forget gate": np.array([[0.0, 1.0, 0.5], [0.25, 0.5, 0.75]]), "update gate": np.zeros((2, 3))}


def test_where_nothing_can_display_the_figure_is_described(capsys):
    assert plot_gates(GATES, title="Gates") is None
    assert plot_curves({"one": [1, 0.5, 0.25], "two": [0, 0, 2]}, ylabel="memory", title="Lines") is None
    assert capsys.readouterr().out.splitlines() == [
        "Heat maps of 2 units over 3 steps. Gates: "
        "forget gate, between 0.00 and 1.00; update gate, between 0.00 and 0.00.",
        "Line plot of memory over time step. Lines: one goes from 1.00 to 0.25; two goes from 0.00 to 2.00.",
    ]


@pytest.mark.parametrize("gates", [{}, {"a": np.zeros((2, 3)), "b": np.zeros((3, 2))}, {"a": np.zeros(3)}])
def test_gates_of_different_shapes_are_refused(gates):
    with pytest.raises(ValueError, match="give every gate the same shape"):
        plot_gates(gates)


def test_labels_must_fit():
    with pytest.raises(ValueError, match=r"2 units and 1 steps do not label shape \(2, 3\)"):
        plot_gates(GATES, steps=["a"])


SESSION = """
import base64, warnings
warnings.simplefilter("error")
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from IPython.utils.capture import capture_output
shell = TerminalInteractiveShell.instance(history_load_length=0)
from course_utils.plots import plot_curves, plot_gates
with capture_output() as seen:
    plot_gates({"forget gate": [[0, 1], [1, 0]]}, steps=["x", "y"], units=["one", "two"], title="T")
    plot_curves({"one": [1, 2]}, ylabel="memory")
import sys
from xml.dom.minidom import parseString
for output in seen.outputs:
    picture = parseString(output.data["text/html"].replace(">", "/>")).documentElement
    assert picture.tagName == "img", picture
    assert picture.getAttribute("alt") == output.data["text/plain"], picture.getAttribute("alt")
    assert 300 < int(picture.getAttribute("width")) < 900
    kind, data = picture.getAttribute("src").split(",")
    image = base64.b64decode(data)
    assert kind == "data:image/png;base64" and image.startswith(b"\\x89PNG"), kind
    print(sorted(output.data), len(image) < 100_000)
print(repr(seen.stdout), repr(seen.stderr), "matplotlib.pyplot" in sys.modules)
"""


def test_in_ipython_a_figure_is_one_png_with_alternative_text(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", SESSION], capture_output=True, text=True, check=True, timeout=120
    )
    picture = "['text/html', 'text/plain'] True"
    assert done.stdout.splitlines() == [picture, picture, "'' '' False"]


@pytest.fixture
def pictures(monkeypatch):
    """The pictures that were shown, arrays of shape (height, width, 3) of numbers between 0 and 1."""
    shown = []
    monkeypatch.delenv("SEQLAB_FIGURES", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(plots, "in_ipython", lambda: True)

    def keep(image, description):
        shown.append(np.asarray(image.convert("RGB")) / 255)

    monkeypatch.setattr(plots, "_display", keep)
    return shown


def places(picture, colour, right=5.5):
    """Where a colour is, in inches from the left and from above, left of the legend."""
    rows, columns = np.nonzero(np.abs(picture - to_rgb(colour)).max(axis=2) < 0.05)
    return np.array([(x / DPI, y / DPI) for x, y in zip(columns, rows) if x / DPI < right])


CURVES = {
    "two steps": [1, 2],
    "one step": [0.5],
    "constant": [3, 3, 3],
    "zeros": [0, 0],
    "huge": [-1e307, 5, 1e307],
    "beyond": [1, 2, 1.7e308, -1.7e308],
    "tiny": [0, 1e-310, 2e-310],
    "a small part of it changes": [1e6, 1e6 + 1e-3],
    "nothing of it is seen to change": [1e8, 1e8 + 1e-9],
    "partly infinite": [1, 2, np.inf, 4, -np.inf],
    "long": np.sin(np.arange(20_000) / 1000),
    "whole": [True, False],
}


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_a_curve_is_inside_its_axes(curve, pictures):
    plot_curves({"it": curve})
    seen = places(pictures[0], COLOURS[0])
    assert len(seen) > 20
    assert seen[:, 0].min() > 0.68
    assert 0.3 < seen[:, 1].min() <= seen[:, 1].max() < 2.2


def test_a_higher_value_is_higher_and_a_later_step_is_further_right(pictures):
    plot_curves({"low": [0, 1], "high": [2, 3]})
    low, high = (places(pictures[0], colour) for colour in COLOURS[:2])
    assert high[:, 1].max() < low[:, 1].min()
    assert low[low[:, 0].argmin(), 1] > low[low[:, 0].argmax(), 1]


def test_where_a_value_is_not_finite_there_is_a_gap(pictures):
    plot_curves({"whole": [1, 1, 1, 1], "broken": [2, 2, np.nan, 2], "nothing": [np.nan] * 4})
    whole, broken, nothing = (places(pictures[0], colour, right=5.1) for colour in COLOURS[:3])
    assert 0 < np.ptp(broken[:, 0]) < np.ptp(whole[:, 0]) / 2
    assert len(nothing) == 0
    plot_curves({"it": [np.inf, np.nan]})
    assert len(places(pictures[1], COLOURS[0])) == 0


def test_many_curves_have_their_names_in_the_picture(pictures):
    plot_curves({f"curve {k}": [k, k] for k in range(36)})
    legend = pictures[0][:, int(5.1 * DPI) :]
    coloured = np.ptp(legend, axis=2).max(axis=1) > 0.3
    assert np.count_nonzero(coloured[1:] > coloured[:-1]) == 36


@pytest.mark.parametrize(
    ("low", "high", "whole", "labels", "unit"),
    [
        (0.5, 31.5, True, ["10", "20", "30"], ""),
        (0.5, 1.5, True, ["1"], ""),
        (0.5, 2.5, True, ["1", "2"], ""),
        (0, 1, False, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"], ""),
        (-3e13, 6e13, False, ["−2", "0", "2", "4", "6"], "1e13"),
        (1e6, 1e6 + 5e-3, False, ["0.000", "0.002", "0.004"], "+1e6"),
    ],
)
def test_ticks_are_at_round_numbers(low, high, whole, labels, unit):
    place, ticks, its_unit = plots._scale(low, high, 3, 8, whole)
    assert ([label for _, label in ticks], its_unit) == (labels, unit)
    assert place(low) == 3
    assert place(high) == 8
    assert all(3 <= where <= 8 for where, _ in ticks)


def test_a_cell_has_the_colour_of_its_value(pictures):
    values = np.array([[0, 0.25, 1], [-1, np.nan, 2]])
    plot_gates({"first": np.ones((2, 3)), "second": values}, units=["a", "b"])
    wanted = colormaps["cividis"](values)[:, :, :3]
    wanted[1, 1] = 1  # white
    left = 0.2 + 8 / 72  # the letter is less wide than high
    for (row, column), _ in np.ndenumerate(values):
        x, y = left + (column + 0.5) * (6.4 - left) / 3, 0.25 + plots.ROW * (4.5 + row)
        assert np.abs(pictures[0][int(y * DPI), int(x * DPI)] - wanted[row, column]).max() < 0.02


def test_cells_may_be_narrower_than_a_pixel(pictures):
    plot_gates({"it": np.ones((1, 2000))})
    row = pictures[0][int((0.25 + 1.5 * plots.ROW) * DPI)]
    assert np.count_nonzero(np.abs(row - to_rgb("#fee838")).max(axis=1) < 0.05) > 5 * DPI


@pytest.mark.parametrize(("mode", "size"), [("autograde", (270, 640, 3)), ("validate", (389, 922, 3))])
def test_pictures_are_smaller_while_a_class_is_graded(mode, size, pictures, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    plot_curves({"it": [1, 2]}, ylabel="lines\nof text", title="a title too long " * 9)
    assert pictures[0].shape == size
