"""Draws a Keras model as a figure, without Graphviz, which `keras.utils.plot_model` would need."""

from collections import Counter
from itertools import cycle
from typing import TYPE_CHECKING, Any

from course_utils.plots import COLOURS, INK, show_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_calls", "draw_model"]

WIDTH, HEIGHT, GAP = 4.2, 0.36, 0.22
"""Of a layer's box, and of the arrow below it, in inches."""
BOX, COLUMN, ROW = 1.15, 1.55, 0.8
"""The width of a call's box, and how far the calls are apart, in inches."""


def draw_model(model: Any) -> None:
    """Draw the layers of a model from its input down, each with the shape of what it gives and its weights.

    The model must be a chain: each layer reads the one before it. Raises ValueError for any other.
    """
    rows = []
    for number, layer in enumerate(model.layers):
        if number and layer.input is not model.layers[number - 1].output:
            raise ValueError(f"draw_model: {layer.name} does not read the layer before it alone")
        shape = ", ".join("m" if size is None else str(size) for size in layer.output.shape)
        rows.append((type(layer).__name__, f"({shape})", layer.count_params()))
    description = "The layers of the model, from its input: " + "; ".join(
        f"{kind} {shape}" + (f" with {weights:,} weights" if weights else "") for kind, shape, weights in rows
    )

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        axis = figure.add_axes((0, 0, 1, 1))
        axis.set(xlim=(0, WIDTH), ylim=(-len(rows) * (HEIGHT + GAP), 0))
        axis.set_axis_off()
        for number, (kind, shape, weights) in enumerate(rows):
            top = -number * (HEIGHT + GAP)
            axis.add_patch(Rectangle((0.02, top - HEIGHT), WIDTH - 0.04, HEIGHT, fill=False, edgecolor=INK))
            middle = top - HEIGHT / 2
            axis.text(0.12, middle, kind, va="center", weight="bold")
            axis.text(1.45, middle, shape, va="center")
            if weights:
                axis.text(WIDTH - 0.12, middle, f"{weights:,} weights", va="center", ha="right")
            if number:
                arrow = {"arrowstyle": "->", "color": INK}
                axis.annotate("", (WIDTH / 2, top), (WIDTH / 2, top + GAP), arrowprops=arrow)

    show_figure(draw, (WIDTH, len(rows) * (HEIGHT + GAP)), description + ".")


def draw_calls(model: Any) -> None:
    """Draw each call of a layer as a box: one kind of layer to a row, one call after the other.

    Boxes of one colour are calls of one layer, with the same weights; what has no weights is grey. It is
    meant for models of few calls: a network that is unrolled over three steps, not thirty.
    """
    calls = _calls(model)
    kinds = list(dict.fromkeys(kind for _, kind, _ in calls.values() if kind != "InputLayer"))
    places: dict[Any, tuple[float, float]] = {}
    count = Counter[str]()
    for key, (_, kind, _) in calls.items():
        if kind != "InputLayer":
            places[key] = (count[kind], 1 + kinds.index(kind))
            count[kind] += 1
    aside = Counter[tuple[float, float]]()
    for key, (_, kind, _) in calls.items():
        if kind == "InputLayer":  # below the first that reads it, or where that is not free, on its left
            column, row = next(places[other] for other, (_, _, read) in calls.items() if key in read)
            free = row == 1 and (column, 0) not in places.values()
            places[key] = (column, 0) if free else (column - 1, row - 0.24 + 0.48 * aside[column, row])
            aside[column, row] += not free
    layers = list(dict.fromkeys(layer for layer, _, _ in calls.values() if getattr(layer, "weights", ())))
    colours = {layer: colour for layer, colour in zip(layers, cycle(COLOURS), strict=False)}
    times = Counter(layer for layer, _, _ in calls.values())
    said = "; ".join(
        f"{type(layer).__name__} with {layer.count_params():,} weights, "
        f"called {times[layer]} time{'s' * (times[layer] > 1)}"
        for layer in layers
    )

    def draw(figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        axis = figure.add_axes((0, 0, 1, 1))
        axis.set_axis_off()
        middles = {key: (column * COLUMN, row * ROW) for key, (column, row) in places.items()}
        boxes = {}
        for key, (layer, kind, _) in calls.items():
            x, y = middles[key]
            colour = colours.get(layer, INK)
            width = 2.2 if layer in colours else 0.8
            boxes[key] = Rectangle(
                (x - BOX / 2, y - HEIGHT / 2), BOX, HEIGHT, fill=False, edgecolor=colour, linewidth=width
            )
            axis.add_patch(boxes[key])
            name = layer.name if kind == "InputLayer" and not layer.name.startswith("input_layer") else kind
            axis.text(x, y, name.replace("InputLayer", "Input"), ha="center", va="center", color=colour)
        for key, (_, _, read) in calls.items():
            for other in read:
                arrow = {"arrowstyle": "->", "color": INK, "shrinkA": 0, "shrinkB": 0}
                (x, y), (start, height) = middles[key], middles[other]
                if height > y:  # down between two columns
                    y, gap = y + HEIGHT / 4, start + COLUMN / 2
                    axis.plot([start + BOX / 2, gap, gap], [height, height, y], color=INK, linewidth=1)
                    axis.annotate("", (x - BOX / 2, y), (gap, y), arrowprops=arrow)
                else:
                    ends = {"patchA": boxes[other], "patchB": boxes[key]}
                    axis.annotate("", (x, y), (start, height), arrowprops={**arrow, **ends})
        columns, rows = zip(*places.values(), strict=True)
        axis.set(
            xlim=(min(columns) * COLUMN - BOX, max(columns) * COLUMN + BOX),
            ylim=(min(rows) * ROW - HEIGHT, max(rows) * ROW + HEIGHT),
        )

    across = [column for column, _ in places.values()]
    size = ((max(across) - min(across)) * COLUMN + 2 * BOX, len(kinds) * ROW + 2 * HEIGHT)
    show_figure(draw, size, f"{len(calls)} calls of the layers of the model. Those with weights: {said}.")


def _calls(model: Any) -> dict[tuple[int, int], tuple[Any, str, list[tuple[int, int]]]]:
    """Return the calls that a model consists of, each after those that it reads.

    Each has the layer, its kind, and the keys of the calls that it reads. A key is the identity of the layer
    and the number of the call.
    """
    found: dict[tuple[int, int], tuple[Any, str, list[tuple[int, int]]]] = {}

    def visit(tensor: Any) -> tuple[int, int]:
        layer, number, _ = tensor._keras_history
        key = (id(layer), number)
        if key not in found:
            read = [visit(one) for one in layer._inbound_nodes[number].input_tensors]
            found[key] = (layer, type(layer).__name__, list(dict.fromkeys(read)))
        return key

    for tensor in model.outputs:
        visit(tensor)
    return found
