import subprocess
import sys

import numpy as np
import pytest

from course_utils.plots import plot_curves, plot_gates

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
