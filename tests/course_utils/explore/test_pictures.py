"""The pictures of the explorers are well-formed, and their marks stand where the values are."""

import re
from xml.dom.minidom import parseString

import numpy as np
import pytest

from course_utils.explore.picture import bars, curves, tracks


def test_a_curve_passes_through_its_values_and_breaks_at_gaps():
    drawn = curves({"it": np.array([0.0, 1.0, np.nan, 0.5])}, "It", limits=(0, 1))
    path = re.findall(r'<path d="(M[^"HV]*)" fill="none" stroke="#0072b2"', drawn)[0]
    points = [tuple(map(float, point.split())) for point in re.findall(r"[ML]([\d.]+ [\d.]+)", path)]
    assert path.count("M") == 2
    (_, low), (_, high), (_, half) = points
    assert half == pytest.approx((low + high) / 2, abs=0.1)
    assert high < low


def test_a_logarithmic_axis_has_powers_and_holds_zero():
    drawn = curves({"it": np.array([1.0, 1e-3, 0.0])}, "It", limits=(-6, 0), log=True)
    path = re.findall(r'<path d="(M[^"HV]*)" fill="none" stroke="#0072b2"', drawn)[0]
    one, thousandth, zero = (float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path))
    assert thousandth == pytest.approx((one + zero) / 2, abs=0.1)


def test_bars_have_their_numbers():
    drawn = bars({"a": 0.5, "b": 0.25}, "Bars")
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', drawn)]
    assert widths[0] == 2 * widths[1]
    assert ">0.500<" in drawn
    assert ">0.250<" in drawn


def test_steps_to_come_have_no_bars():
    drawn = tracks({"gate": np.ones((2, 5))}, list("abcde"), ["one", "two"], 2, "Gates")
    assert drawn.count('fill="#0072b2"') == 2 * 3


def test_the_frames_of_a_step_leave_headings_alone():
    groups = {"gate": np.ones((2, 5)), "memory": np.ones((2, 5))}
    drawn = parseString(tracks(groups, list("abcde"), ["one", "two"], 1, "Gates"))
    frames = [box for box in drawn.getElementsByTagName("rect") if box.getAttribute("stroke-width") == "2"]
    framed = [(float(box.getAttribute("y")), float(box.getAttribute("height"))) for box in frames]
    written = {text.firstChild.data: text for text in drawn.getElementsByTagName("text")}
    assert len(framed) == len(groups) + 1
    for word, count in (("gate", 0), ("memory", 0), ("b", 1)):
        y = float(written[word].getAttribute("y"))
        assert sum(top < y < top + height for top, height in framed) == count, word


@pytest.mark.parametrize(
    "drawn",
    [
        curves({"<&>": np.array([1.0, 2.0])}, 'a "<b>"', "<x>", "&y", "<t>"),
        curves({"long": np.sin(np.arange(20_000.0)), "point": np.ones(1), "none": np.zeros(0)}, "Lines"),
        curves({"nothing": np.full(3, np.nan)}, "Nothing"),
        bars({"<": 1.5, "&": np.nan}, "Bars"),
        tracks({"<g>": np.array([[-1.0, np.nan, 3.0]])}, list("<&>"), ["&"], 2, "Tracks"),
    ],
)
def test_pictures_are_well_formed_and_described(drawn):
    picture = parseString(drawn).documentElement
    assert picture.getAttribute("role") == "img"
    assert picture.getAttribute("aria-label")
    assert len(drawn) < 60_000
