"""The frame of every explorer: controls above a picture, and what is shown where no widget can be moved."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from typing import Any

import numpy as np

from course_utils.plots import COLOURS
from course_utils.tables import display, in_ipython
from course_utils.watch import being_graded

__all__ = ["Choice", "Control", "Explorer", "Slider", "Steps", "TextBox", "attended", "sliders"]


@dataclass(frozen=True)
class Slider:
    """A number between ``low`` and ``high``, in steps; ``value`` is the one it begins with."""

    low: float
    high: float
    step: float
    value: float


@dataclass(frozen=True)
class Steps:
    """A time step, counted from 1, with a button that plays them all; ``length`` gives their number."""

    length: Callable[[Mapping[str, Any]], int]
    value: int = 1


@dataclass(frozen=True)
class TextBox:
    """A line of text; ``allowed`` says why a text cannot be used, or returns an empty string."""

    value: str
    allowed: Callable[[str], str] = lambda text: ""


@dataclass(frozen=True)
class Choice:
    """One of several options, the first at the beginning."""

    options: Sequence[str]

    @property
    def value(self) -> str:
        """The option chosen at the beginning."""
        return self.options[0]


Control = Slider | Steps | TextBox | Choice


@dataclass(frozen=True)
class Explorer:
    """What an explorer is made of: its controls by name, and what it shows for their values.

    ``picture`` returns HTML, ``words`` a description that holds the main numbers; ``figure`` displays the
    picture where no widget runs. All three take the values of the controls, a dictionary.
    """

    controls: Mapping[str, Control]
    picture: Callable[[Mapping[str, Any]], str]
    words: Callable[[Mapping[str, Any]], str]
    figure: Callable[[Mapping[str, Any]], None]

    def show(self) -> None:
        """Show the explorer. What the student's function raises at the first values is raised here."""
        first = {name: control.value for name, control in self.controls.items()}
        if being_graded() or not in_ipython() or os.environ.get("SEQLAB_FIGURES") == "off":
            print(_quietly(self.words, first))
        elif not attended():
            _quietly(self.figure, first)
        else:
            self._show_widget(first)

    def _show_widget(self, first: Mapping[str, Any]) -> None:
        import ipywidgets
        from IPython.utils.capture import capture_output

        screen = ipywidgets.HTML(_quietly(self.picture, first))
        boxes, values = _widgets(self.controls)

        def redraw(change: Any = None) -> None:
            now = values()
            if problem := self._problem(now):
                screen.value = f"<p>{escape(problem)}</p>"
                return
            try:
                screen.value = _quietly(self.picture, now)
            except Exception as error:  # a callback's traceback would be shown nowhere
                screen.value = f"<p>{escape(type(error).__name__)}: {escape(str(error))}</p>"

        for box in boxes:
            for moved in getattr(box, "children", [box]):
                if not isinstance(moved, ipywidgets.Play):
                    moved.observe(redraw, "value")
        with capture_output() as seen:
            _quietly(self.figure, first)
        still = [output.data.get("text/html", "") for output in seen.outputs]
        if seen.stdout:
            still.append(f"<pre>{escape(seen.stdout)}</pre>")
        panel = ipywidgets.VBox([*boxes, screen])
        display(
            {
                **panel._repr_mimebundle_(),
                "text/html": "".join(still),
                "text/plain": _quietly(self.words, first),
            }
        )

    def _problem(self, values: Mapping[str, Any]) -> str:
        """Say why a text cannot be used, if one cannot."""
        texts = (
            control.allowed(values[name])
            for name, control in self.controls.items()
            if isinstance(control, TextBox)
        )
        return next((problem for problem in texts if problem), "")


def attended() -> bool:
    """Return whether somebody can move a widget: there is ipywidgets, and a front end that answers `input()`.

    Programs that run a notebook, such as nbclient and nbgrader, say that they answer no `input()`.
    """
    if find_spec("ipywidgets") is None or "NBGRADER_EXECUTION" in os.environ:
        return False
    from IPython.core.getipython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    request = kernel.get_parent("shell") if kernel is not None else {}
    return bool(request.get("content", {}).get("allow_stdin", False))


def sliders(ranges: Mapping[str, Sequence[float]]) -> dict[str, Control]:
    """Make sliders from tuples (low, high, step, first value). Raises ValueError for anything else."""
    made: dict[str, Control] = {}
    for name, numbers in ranges.items():
        if len(numbers) != 4 or not numbers[0] <= numbers[3] <= numbers[1] or numbers[2] <= 0:
            raise ValueError(
                f"the slider {name} needs (low, high, step, first value), for instance (0, 2, 0.1, 1); "
                f"it got {tuple(numbers)}"
            )
        made[name] = Slider(*map(float, numbers))
    return made


def _quietly(function: Callable[[Mapping[str, Any]], Any], values: Mapping[str, Any]) -> Any:
    """Call a function; NumPy's random state is afterwards what it was before."""
    state = np.random.get_state()
    try:
        return function(values)
    finally:
        np.random.set_state(state)


def _widgets(controls: Mapping[str, Control]) -> tuple[list[Any], Callable[[], dict[str, Any]]]:
    """Return the widgets of some controls, and a function that reads their values."""
    import ipywidgets

    wide = ipywidgets.Layout(width="420px", max_width="100%")
    style = {"description_width": "110px"}
    handle = {**style, "handle_color": COLOURS[0]}  # JupyterLab's own can hardly be seen on the page
    boxes: list[Any] = []
    read: dict[str, Any] = {}
    for name, control in controls.items():
        common = {"description": name, "layout": wide}
        match control:
            case Slider(low, high, step, value):
                digits = 0 if step >= 1 and float(step).is_integer() else 2
                read[name] = ipywidgets.FloatSlider(
                    value,
                    min=low,
                    max=high,
                    step=step,
                    readout_format=f".{digits}f",
                    style=handle,
                    **common,
                )
                boxes.append(read[name])
            case TextBox(value):
                read[name] = ipywidgets.Text(value, style=style, **common)
                boxes.append(read[name])
            case Choice(options):
                read[name] = ipywidgets.RadioButtons(options=list(options), style=style, **common)
                boxes.append(read[name])
            case Steps(_, value):
                read[name] = ipywidgets.IntSlider(value, min=1, max=max(1, value), style=handle, **common)
                play = ipywidgets.Play(min=1, max=max(1, value), interval=700, show_repeat=False)
                ipywidgets.jslink((play, "value"), (read[name], "value"))
                boxes.append(ipywidgets.HBox([read[name], play], layout={"flex_flow": "row wrap"}))
                read[f"play {name}"] = play

    def values() -> dict[str, Any]:
        now = {name: read[name].value for name in controls}
        for name, control in controls.items():
            if isinstance(control, Steps):
                last = max(1, control.length(now))
                read[name].max = read[f"play {name}"].max = last
                now[name] = min(now[name], last)
        return now

    values()
    return boxes, values
