"""A lab of two small exercises, for tests of points: `scale` and `both`, which calls it."""

from pathlib import Path

from autograder.course import LabFolder
from tests.autograder.judge.referee_play import write_lab

SCALE = """def scale(x, k):
    big = k * x
    total = np.sum(big, axis=0)
    kept = (x, k)
    return big, total, kept
"""
BOTH = """def both(x, k):
    big, total, kept = scale(x, k)
    return big + total
"""
EXERCISES = """
    scale = Exercise("scale", outputs={"big": 5, "total": 3, "kept": 2}, may_alias=("kept",))

    @scale.case
    def ordinary(rng):
        "ordinary"
        return {"x": rng.standard_normal((4, 3)), "k": rng.standard_normal((1, 3))}

    @scale.case
    def longer(rng):
        "longer"
        return {"x": rng.standard_normal((7, 2)), "k": rng.standard_normal((1, 2))}

    @scale.case(group="edges", share=0.2)
    def one(rng):
        "one row"
        return {"x": rng.standard_normal((1, 5)), "k": rng.standard_normal((1, 5))}

    @scale.case(group="huge", share=0.1)
    def huge(rng):
        "huge values"
        return {"x": 1e9 * rng.standard_normal((3, 5)), "k": rng.standard_normal((1, 5))}

    both = Exercise("both", outputs={"sum": 1}, calls=("scale",))

    @both.case
    def plain(rng):
        "plain"
        return {"x": rng.standard_normal((4, 3)), "k": rng.standard_normal((1, 3))}

    lab = Lab(exercises=(scale, both), modules=())
"""
MISTAKES = """
    mistakes = {
        "scale": [
            Mistake("half", (("k * x", "k * x / 2"),), "`big` is half as large as it should be.", credit=0.5),
            Mistake("mean", (("np.sum(", "np.mean("),), "`total` is a mean, not a sum."),
            Mistake("axis", (("axis=0", "axis=1"),), "`total` runs along the wrong axis."),
        ]
    }
"""
PUBLISHED = {"scale": {"inputs": ["x = np.arange(6.0).reshape(2, 3)", "k = np.ones((1, 3))", "scale(x, k)"]}}


def toy_lab(folder: Path) -> LabFolder:
    """Write the lab; returns its folder."""
    return write_lab(folder / "toy", {"scale": SCALE, "both": BOTH}, EXERCISES, MISTAKES, PUBLISHED)
