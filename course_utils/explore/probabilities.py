"""Probabilities of the next character as bars, with a temperature to move and a beginning to type."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from course_utils.explore.panel import Explorer, TextBox, sliders
from course_utils.explore.picture import bars

__all__ = ["explore_probabilities"]

MOST = 12
"""How many bars are drawn, those of the largest probabilities."""


def explore_probabilities(
    function: Callable[[str, float], Mapping[str, float]],
    beginning: str,
    examples: Callable[[float], Sequence[str]],
    *,
    alphabet: str = "",
    temperature: Sequence[float] = (0.2, 2.0, 0.1, 1.0),
    label: str = "Whole names",
) -> None:
    """Draw the probabilities of what comes after a text, and show examples, at a temperature.

    ``function`` takes a text and a temperature, and returns a dictionary that gives each character its
    probability. ``examples`` takes a temperature and returns texts, which ``label`` names. ``alphabet`` holds
    the characters that may be typed. Raises ValueError for a wrong ``temperature``, (low, high, step, first
    value).
    """

    def allowed(text: str) -> str:
        wrong = [ch for ch in text if alphabet and ch not in alphabet]
        return f"{wrong[0]!r} is not in the alphabet of the network: {alphabet}" if wrong else ""

    def likeliest(values: Mapping[str, Any]) -> dict[str, float]:
        shares = function(values["beginning"], values["temperature"])
        return dict(sorted(shares.items(), key=lambda pair: -pair[1])[:MOST])

    def title(values: Mapping[str, Any]) -> str:
        return f"After {values['beginning']!r}, at temperature {values['temperature']:.1f}"

    def described(shares: Mapping[str, float], values: Mapping[str, Any]) -> str:
        listed = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        return f"{title(values)}, the likeliest characters: {listed}."

    def names(values: Mapping[str, Any]) -> str:
        return ", ".join(examples(values["temperature"]))

    def words(values: Mapping[str, Any]) -> str:
        return f"{described(likeliest(values), values)}\n{label}: {names(values)}"

    def picture(values: Mapping[str, Any]) -> str:
        shares = likeliest(values)
        drawn = bars(shares, described(shares, values), title(values))
        return f'{drawn}<div style="line-height:1.4">{escape(label)}: {escape(names(values))}</div>'

    def figure(values: Mapping[str, Any]) -> None:
        print(title(values))
        for name, share in likeliest(values).items():
            print(f"{name:>4}  {share:.3f}  {'#' * round(40 * share)}")
        print(f"{label}: {names(values)}")

    controls = {"beginning": TextBox(beginning, allowed), **sliders({"temperature": temperature})}
    Explorer(controls, picture, words, figure).show()
