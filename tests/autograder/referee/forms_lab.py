"""A lab for tests whose `gate` has another right form, and whose `deep` and `tower` call it."""

import textwrap
from pathlib import Path

from autograder.lab.course import LabFolder
from tests.autograder.referee.referee_play import edited, write_lab

GATE = """def gate(x, h, w):
    r = np.tanh(x)
    made = r * (h @ w)
    new = np.tanh(made + 1.5 * x)
    out = 0.3 * new + 0.7 * h
    return out
"""
DEEP = """def deep(x, h, w):
    state = gate(x, h, w)
    top = gate(state, h, w)
    return top + 1.0
"""
TOWER = """def tower(x, h, w):
    first = deep(x, h, w)
    last = deep(first, h, w)
    return last * 2.0
"""
PAPER = ("r * (h @ w)", "(r * h) @ w")
"""The edit that makes the other form of `gate`."""
SAYS = "You wrote the form of the paper: `r` multiplies `h` before the product."
USED = "Judged with `gate` in the form “paper”."
EXERCISES = """
    from autograder import Alternative

    gate = Exercise(
        "gate",
        outputs={"out": 1},
        alternatives=(Alternative("paper", (("r * (h @ w)", "(r * h) @ w"),), "SAYS"),),
    )
    deep = Exercise("deep", outputs={"top": 1}, calls=("gate",))
    tower = Exercise("tower", outputs={"last": 1}, calls=("deep",))

    def drawn(rng, m):
        sizes = {"x": (m, 4), "h": (m, 4), "w": (4, 4)}
        return {name: 2 * rng.standard_normal(size) for name, size in sizes.items()}

    for one in (gate, deep, tower):
        for m in (3, 5):
            draw = lambda rng, m=m: drawn(rng, m)
            draw.__doc__ = f"{m} rows"
            one.case(draw)
        single = lambda rng: drawn(rng, 1)
        single.__doc__ = "one row"
        one.case(single, group="edges", share=0.2)

    lab = Lab(exercises=(gate, deep, tower), modules=())
""".replace("SAYS", SAYS)
MISTAKES = """
    mistakes = {
        "gate": [
            Mistake("no-mix", (("0.3 * new + 0.7 * h", "new"),), "`out` lacks the old state."),
            Mistake("no-gate", (("r * (h @ w)", "h @ w"),), "`r` is not used in `made`."),
            Mistake("swapped", (("0.3 * new + 0.7 * h", "0.7 * new + 0.3 * h"),), "The shares are swapped."),
        ],
        "deep": [Mistake("one-more", (("top + 1.0", "top + 2.0"),), "One is added twice.")],
    }
"""
ANSWERS = {
    "gate": {
        "einsum": """
def gate(x, h, w):
    return 0.3 * np.tanh(np.tanh(x) * np.einsum("ij,jk->ik", h, w) + 1.5 * x) + 0.7 * h
""",
        "the other form": """
def gate(x, h, w):
    made = (np.tanh(x) * h).dot(w)
    return 0.7 * h + 0.3 * np.tanh(made + 1.5 * x)
""",
        "a loop over rows": """
def gate(x, h, w):
    out = np.zeros_like(h)
    for n in range(len(h)):
        out[n] = 0.3 * np.tanh(np.tanh(x[n]) * (h[n] @ w) + 1.5 * x[n]) + 0.7 * h[n]
    return out
""",
    }
}
PUBLISHED = {
    name: {
        "inputs": [
            "x = np.arange(6.0).reshape(2, 3) / 10",
            "h = x - 0.25",
            "w = np.array([[0.5, -1.0, 0.25], [1.0, 0.75, -0.5], [0.1, 0.2, 0.3]])",
            f"{output} = {name}(x, h, w)",
        ],
        "outputs": [output],
        "values": [],
    }
    for name, output in {"gate": "out", "deep": "top", "tower": "last"}.items()
}


def paper(source: str = GATE) -> str:
    """Return the other form of `gate`."""
    return edited(source, PAPER)


def forms_lab(folder: Path, **changes: str) -> LabFolder:
    """Write the lab; ``changes`` replaces the text of one of the parts ``exercises`` and ``mistakes``."""
    parts = {"exercises": EXERCISES, "mistakes": MISTAKES, **changes}
    functions = {"gate": GATE, "deep": DEEP, "tower": TOWER}
    text = f"answers = {ANSWERS!r}\n"
    lab = write_lab(folder / "forms", functions, parts["exercises"], parts["mistakes"], _published())
    (lab.folder / "answers.py").write_text(text, "utf-8")
    path = lab.folder / "forms.py"
    said = "\n# %% [markdown]\n# `r`, `made`, `new` and `out`; `state` and `top`; `first` and `last`.\n"
    path.write_text(path.read_text("utf-8") + said, "utf-8")
    return LabFolder(lab.folder)


def _published() -> dict[str, object]:
    """Return the published example with values of the reference."""
    import numpy as np

    names: dict[str, object] = {"np": np}
    exec("\n".join(map(textwrap.dedent, (GATE, DEEP, TOWER))), names)
    found: dict[str, object] = {}
    for name, entry in PUBLISHED.items():
        local = dict(names)
        exec("\n".join(entry["inputs"]), local)  # type: ignore[arg-type]
        output = entry["outputs"][0]  # type: ignore[index]
        values = [
            {"expression": f"{output}.shape", "value": list(local[output].shape)},  # type: ignore[attr-defined]
            {"expression": f"{output}[1]", "value": local[output][1].tolist()},  # type: ignore[index]
        ]
        found[name] = {**entry, "values": values}
    return found
