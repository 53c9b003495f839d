"""Draws a Keras model as a figure, without Graphviz, which `keras.utils.plot_model` would need."""

from typing import TYPE_CHECKING, Any

from course_utils.plots import INK, show_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_model"]

WIDTH, HEIGHT, GAP = 4.2, 0.36, 0.22
"""Of a layer's box, and of the arrow below it, in inches."""


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
