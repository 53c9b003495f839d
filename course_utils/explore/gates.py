"""A walk through a sequence, step by step, beside the gates and the memory of an LSTM."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from course_utils.checks import check_shape
from course_utils.explore.panel import Control, Explorer, Steps, TextBox
from course_utils.explore.picture import Array, tracks
from course_utils.plots import plot_gates

__all__ = ["explore_gates"]

MOST = 40
"""How many steps fit into the picture."""
GATES = {"forget gate": 4, "update gate": 5, "candidate": 6, "output gate": 7}
"""The place of each in the cache of a step."""
HEAD = ("unit", "forget × c before + update × candidate = c", "output × tanh(c) = a")


def explore_gates(
    forward: Callable[..., Any],
    parameters: Mapping[str, Array],
    encode: Callable[[str], Array],
    text: str,
    units: Sequence[str] | None = None,
) -> None:
    """Show what an LSTM does at each step of a text that can be edited.

    ``forward`` is called as ``forward(x, a0, parameters)`` and returns a, y, c and caches, as `lstm_forward`
    of the lab `cells` does; ``encode`` turns a text of T_x characters into x, of shape (n_x, 1, T_x). Gates
    and candidate come out of the caches. Raises `CheckFailed` if an output has not the right shape.
    """
    n_a = np.shape(parameters["Wy"])[1]
    rows = list(units) if units is not None else [f"unit {k + 1}" for k in range(n_a)]

    def run(text: str) -> dict[str, Array]:
        a, _, c, caches = forward(encode(text), np.zeros((n_a, 1)), parameters)
        check_shape("a", a, (n_a, 1, len(text)))
        check_shape("c", c, (n_a, 1, len(text)))
        found = {
            name: np.column_stack([np.ravel(cache[place]) for cache in caches[0]])
            for name, place in GATES.items()
        }
        return {**found, "memory c": c[:, 0], "state a": a[:, 0]}

    def allowed(text: str) -> str:
        return "" if 0 < len(text) <= MOST else f"Type between 1 and {MOST} characters."

    def chosen(values: Mapping[str, Any]) -> tuple[str, int]:
        return values["text"], values["step"] - 1

    def sums(found: Mapping[str, Array], t: int) -> list[list[str]]:
        """Return a line for each unit: its name, and equations (6) and (7) in numbers."""
        before = found["memory c"][:, t - 1] if t else np.zeros(n_a)
        f, i, cct, o, c, a = (found[name][:, t] for name in (*GATES, "memory c", "state a"))
        return [
            [
                rows[k],
                f"{f[k]:.3f} × {before[k]:.3f} + {i[k]:.3f} × {cct[k]:.3f} = {c[k]:.3f}",
                f"{o[k]:.3f} × tanh({c[k]:.3f}) = {a[k]:.3f}",
            ]
            for k in range(n_a)
        ]

    def words(values: Mapping[str, Any]) -> str:
        return described(run(values["text"]), values)

    def described(found: Mapping[str, Array], values: Mapping[str, Any]) -> str:
        text, t = chosen(values)
        lines = "; ".join(f"{unit}: c = {c}, a = {a}" for unit, c, a in sums(found, t))
        return f"Step {t + 1} of {len(text)}, {text[t]!r} in {text!r}. {lines}."

    def picture(values: Mapping[str, Any]) -> str:
        text, t = chosen(values)
        found = run(text)
        cell = "padding:1px 18px 1px 0;text-align:left;font-family:var(--jp-code-font-family,monospace)"

        def row(tag: str, parts: Sequence[str]) -> str:
            filled = (f'<{tag} style="{cell}">{escape(part)}</{tag}>' for part in parts)
            return f"<tr>{''.join(filled)}</tr>"

        drawn = tracks(found, list(text), rows, t, described(found, values))
        return (
            f'{drawn}<table style="font-size:12px;line-height:1.4;border-collapse:collapse">'
            f"{row('th', HEAD)}{''.join(row('td', line) for line in sums(found, t))}</table>"
        )

    def figure(values: Mapping[str, Any]) -> None:
        text = values["text"]
        found = run(text)
        plot_gates(found, steps=list(text), units=rows, title="An LSTM, step by step")
        print(described(found, values))

    controls: dict[str, Control] = {
        "text": TextBox(text, allowed),
        "step": Steps(lambda values: len(values["text"])),
    }
    Explorer(controls, picture, words, figure).show()
