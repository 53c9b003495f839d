"""Two labs for tests: `scale` and `both`, which calls it; and a chain of functions with effects."""

from pathlib import Path

from autograder.lab.course import LabFolder
from tests.autograder.referee.referee_play import write_lab

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
            Mistake("half", (("k * x", "k * x / 2"),), "`big` is half as large as it should be.", credit=0.6),
            Mistake("mean", (("np.sum(", "np.mean("),), "`total` is a mean, not a sum."),
            Mistake("adds-x", (("big = k * x", "big = k * x + x"),), "`big` has `x` added to it."),
            Mistake("axis", (("axis=0", "axis=1"),), "`total` runs along the wrong axis."),
        ]
    }
"""
PUBLISHED = {"scale": {"inputs": ["x = np.arange(6.0).reshape(2, 3)", "k = np.ones((1, 3))", "scale(x, k)"]}}


def toy_lab(folder: Path) -> LabFolder:
    """Write the lab; returns its folder."""
    return write_lab(folder / "toy", {"scale": SCALE, "both": BOTH}, EXERCISES, MISTAKES, PUBLISHED)


CHAIN = {
    "clip": """def clip(gradients, limit):
    for gradient in gradients.values():
        np.clip(gradient, -limit, limit, out=gradient)
    return gradients
""",
    "pick": """def pick(weights, seed):
    picked = []
    for n in range(6):
        np.random.seed(seed + n)
        picked.append(np.random.choice(len(weights), p=weights / np.sum(weights)))
    return picked
""",
    "step": """def step(x, parameters, rate=0.1):
    gradients = clip({"w": 2 * (parameters["w"] - x), "b": 0 * x}, 1.5)
    parameters["w"] -= rate * gradients["w"]
    parameters["steps"].append(float(len(x)))
    return np.sum((parameters["w"] - x) ** 2), gradients
""",
    "train": """def train(names, count):
    np.random.seed(3)
    parameters = {"w": np.random.randn(3), "steps": []}
    text = ""
    for n in range(count):
        loss, gradients = step(np.full(3, float(len(names[n % len(names)]))), parameters)
        text += "abc"[pick(np.abs(parameters["w"]), n)[0]]
    text += "abc"[np.random.randint(3)]
    return parameters, text
""",
}
"""clip changes a dictionary's arrays, pick seeds, step changes parameters by clip, train calls them all."""
CHAIN_EXERCISES = """
    clip = Exercise(
        "clip", outputs={"w": 3, "b": 1}, returns=dict, loose=("b",),
        may_mutate=("gradients",), may_alias=("w", "b"),
    )
    pick = Exercise("pick", outputs={"picked": 1}, seeds=True)
    step = Exercise("step", outputs={"loss": 1, "gradients": 1}, effects={"parameters": 2}, calls=("clip",))
    train = Exercise("train", outputs={"parameters": 1, "text": 1}, seeds=True, calls=("pick", "step"))

    @clip.case
    def both_signs(rng):
        "both signs"
        gradients = {"w": 9 * rng.standard_normal(5), "b": 9 * rng.standard_normal((1, 1))}
        return {"gradients": gradients, "limit": 5}

    @pick.case(compare={"picked": 4})
    def four_letters(rng):
        "four letters"
        return {"weights": rng.random(27), "seed": int(rng.integers(100))}

    @step.case
    def one_step(rng):
        "one step"
        return {"x": rng.standard_normal(4), "parameters": {"w": rng.standard_normal(4), "steps": [1.0]}}

    @train.case
    def three_names(rng):
        "three names"
        return {"names": ["a", "bb", "ccc"], "count": 5}

    lab = Lab(exercises=(clip, pick, step, train), modules=())
"""
CHAIN_MISTAKES = """
    mistakes = {
        "clip": [Mistake("upper-only", (("-limit, limit", "None, limit"),), "`w` is clipped on one side.")],
        "pick": [
            Mistake("one-seed", (("seed + n", "seed"),), "`seed` is the same for each number."),
            Mistake("seed-last", (("return", "np.random.seed(5); return"),), "`seed` has no say in the end."),
        ],
    }
"""


def chain_lab(folder: Path) -> LabFolder:
    """Write the lab of the chain clip <- step <- train, pick <- train; returns its folder."""
    return write_lab(folder / "chain", CHAIN, CHAIN_EXERCISES, CHAIN_MISTAKES)
