import base64
import io
import re
import subprocess
import sys
from itertools import pairwise

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from course_utils import plots
from course_utils.plots import COLOURS, INK, plot_bands, plot_curves, plot_gates

GATES = {"forget gate": np.array([[0.0, 1.0, 0.5], [0.25, 0.5, 0.75]]), "update gate": np.zeros((2, 3))}


def test_outside_a_notebook_the_figure_is_described(capsys):
    assert plot_gates(GATES, title="Gates") is None
    assert plot_curves({"one": [1, 0.5, 0.25], "two": [0, 0, 2]}, ylabel="memory", title="Lines") is None
    assert capsys.readouterr().out.splitlines() == [
        "Heat maps of 2 units over 3 steps. Gates: "
        "forget gate, between 0.00 and 1.00; update gate, between 0.00 and 0.00.",
        "Line plot of memory over time step. Lines: one goes from 1.00 to 0.25; two goes from 0.00 to 2.00.",
    ]


def test_without_figures_they_are_described_in_a_notebook_too(figures, monkeypatch, capsys):
    monkeypatch.setenv("SEQLAB_FIGURES", "off")
    plot_curves({"one": [1, 2]}, ylabel="memory", title="Line")
    assert (
        capsys.readouterr().out == "Line plot of memory over time step. Line: one goes from 1.00 to 2.00.\n"
    )
    assert figures == []


@pytest.mark.parametrize("gates", [{}, {"a": np.zeros((2, 3)), "b": np.zeros((3, 2))}, {"a": np.zeros(3)}])
def test_gates_of_different_shapes_are_rejected(gates):
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
    assert 300 < int(picture.getAttribute("width")) < 1000
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
def test_a_curve_is_inside_its_axes(curve, figures):
    plot_curves({"it": curve})
    (axis,) = figures[0].axes
    (line,) = axis.lines
    (left, right), (low, high) = axis.get_xlim(), axis.get_ylim()
    steps, values = line.get_data()
    assert left < steps[0] == 1
    assert steps[-1] == len(curve) < right
    assert len(steps) > 1 or line.get_marker() != "None", "a line of one point is not seen"
    shown = values[np.isfinite(values)]
    assert len(shown)
    assert low <= shown.min() <= shown.max() <= high


def test_where_a_value_is_not_finite_there_is_a_gap(figures):
    plot_curves({"broken": [2, 2, np.nan, 2, 1.7e308], "nothing": [np.inf, np.nan]})
    broken, nothing = (np.isnan(line.get_ydata()).tolist() for line in figures[0].axes[0].lines)
    assert broken == [False, False, True, False, True]
    assert nothing[1]


def test_five_curves_have_five_colours_five_dashes_and_their_names(figures):
    plot_curves({f"curve {k}": [k, k + 1] for k in range(5)}, xlabel="step", ylabel="size", title="Five")
    (axis,) = figures[0].axes
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [f"curve {k}" for k in range(5)]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_title()) == ("step", "size", "Five")
    figures[0].savefig(svg := io.StringIO(), format="svg")
    styles = re.findall(
        r'style="fill: none;(?: stroke-dasharray: ([^;]+);)?[^"]*stroke: ([^;"]+)', svg.getvalue()
    )
    dashes = {colour: dash for dash, colour in styles if colour in COLOURS}
    assert len(dashes) == len(set(dashes.values())) == 5


@pytest.mark.parametrize("steps", [1, 2, 30])
def test_ticks_are_at_whole_steps(steps, figures):
    plot_curves({"it": range(steps)})
    ticks = [tick for tick in figures[0].axes[0].get_xticks() if 1 <= tick <= steps]
    assert ticks
    assert all(tick == round(tick) for tick in ticks)


def test_a_cell_has_the_value_of_its_unit_and_step(figures):
    values = np.array([[0, 0.25, 1], [-1, np.nan, 2]])
    plot_gates({"first": np.ones((2, 3)), "second": values}, units=["a", "b"], steps=["x", "y", "z"])
    axis = figures[0].axes[0]
    cells = axis.images[0].get_array().filled(np.nan)
    rows = {text.get_text(): [] for text in axis.texts}
    assert list(rows) == ["first", "second"]
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert labels == ["a", "b", "a", "b"]
    np.testing.assert_array_equal(cells[axis.get_yticks().astype(int)], [*np.ones((2, 3)), *values])
    assert [label.get_text() for label in axis.get_xticklabels()] == ["x", "y", "z"]
    assert axis.images[0].get_clim() == (0, 1)


def test_the_labels_of_many_steps_do_not_overlap(figures):
    plot_gates({"it": np.ones((1, 2000))})
    labels = [label.get_window_extent() for label in figures[0].axes[0].get_xticklabels()]
    assert len(labels) > 5
    assert all(one.x1 < two.x0 for one, two in pairwise(labels))


BANDS = {"RNN": ([0.5, 1.0, 0.25], [0.1, 0.0, 0.05]), "LSTM": ([2.0, 2.0, 2.0], [0.5, 0.25, 0.125])}


def test_a_band_reaches_as_far_as_its_interval(figures):
    plot_bands(BANDS, [10, 20, 40], xlabel="T", ylabel="accuracy", title="Recall")
    (axis,) = figures[0].axes
    for line, band, (mean, half) in zip(axis.lines, axis.collections, BANDS.values(), strict=True):
        np.testing.assert_array_equal(line.get_data(), [[10, 20, 40], mean])
        edge = band.get_paths()[0].vertices
        for step, middle, reach in zip((10, 20, 40), mean, half, strict=True):
            heights = edge[edge[:, 0] == step, 1]
            np.testing.assert_allclose([heights.min(), heights.max()], [middle - reach, middle + reach])
        assert to_rgb(band.get_facecolor()[0][:3]) == to_rgb(line.get_color())
    assert [text.get_text() for text in axis.get_legend().get_texts()] == list(BANDS)
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_title()) == ("T", "accuracy", "Recall")


def test_doubled_steps_are_equally_far_apart_and_labelled(figures):
    plot_bands(BANDS, [10, 20, 40], doubling=True)
    axis = figures[0].axes[0]
    places = axis.transData.transform([(step, 1) for step in (10, 20, 40)])[:, 0]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1])
    assert [label.get_text() for label in axis.get_xticklabels()] == ["10", "20", "40"]
    assert not axis.get_xticks(minor=True).size


def test_bands_are_described_and_must_fit_the_steps(capsys):
    plot_bands(BANDS, [10, 20, 40], xlabel="T", ylabel="accuracy", title="Recall")
    assert capsys.readouterr().out == (
        "Line plot of accuracy over T, 10 to 40. Recall: RNN goes from 0.50 ± 0.10 to 0.25 ± 0.05; "
        "LSTM goes from 2.00 ± 0.50 to 2.00 ± 0.12.\n"
    )
    with pytest.raises(ValueError, match=r"plot_bands: RNN has shape \(2, 3\), expected \(2, 2\)"):
        plot_bands(BANDS, [10, 20])


def contrast(one, two):
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lights = []
    for colour in (one, two):
        rgb = np.array(to_rgb(colour))
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        lights.append(linear @ [0.2126, 0.7152, 0.0722] + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize("page", ["white", "#111111"])
def test_text_and_curves_are_seen_on_both_themes(page, figures):
    plot_curves({f"curve {k}": [k, k + 1] for k in range(6)}, ylabel="size", title="Curves")
    plot_gates(GATES, title="Gates")
    for figure in figures:
        texts = [text for text in figure.findobj(Text) if text.get_text()]
        assert len(texts) > 8
        assert all(contrast(text.get_color(), page) > 4 for text in texts)
    assert all(contrast(colour, page) > 3 for colour in (INK, *COLOURS))


@pytest.fixture
def shown(figures, monkeypatch):
    """The forms of each figure that was displayed, by MIME type."""
    outputs = []
    monkeypatch.setattr(plots, "display", outputs.append)
    return outputs


def pixels(output):
    """Return the picture in an output, an array of shape (height, width, 4)."""
    data = output["text/html"].partition("base64,")[2].partition('"')[0]
    return matplotlib.image.imread(io.BytesIO(base64.b64decode(data)))


def test_the_page_shows_through(shown):
    plot_curves({"it": [1, 2]}, title="It")
    plot_gates(GATES)
    for output in shown:
        opaque = pixels(output)[:, :, 3]
        assert opaque[0, 0] == opaque[-1, -1] == 0
        assert opaque.max() == 1


def test_figures_have_fewer_pixels_while_a_class_is_graded(shown, monkeypatch):
    for mode in ("validate", "autograde"):
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
        plot_curves({"it": [1, 2]}, ylabel="lines\nof text", title="a title too long " * 9)
    full, small = (pixels(output) for output in shown)
    assert small.size < full.size / 2


def test_the_settings_of_matplotlib_are_restored(shown):
    with matplotlib.rc_context({"text.color": "red"}):
        plot_curves({"it": [1, 2]})
        assert matplotlib.rcParams["text.color"] == "red"
    assert len(shown) == 1
