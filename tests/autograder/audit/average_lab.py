"""Makes a course whose one lab, `average`, has one small exercise."""

import json

from autograder.lab.course import LabFolder
from tests.autograder.referee.referee_play import write_lab

MEAN = {
    "mean": """
        def mean(x, k):
            total = np.sum(x, axis=0)
            scaled = k * total
            return scaled
    """
}
EXERCISES = """
    mean = Exercise("mean", outputs={"scaled": 1})

    @mean.case
    def ordinary(rng):
        "ordinary"
        return {"x": 10 * rng.standard_normal((4, 3)), "k": 1.0 + rng.random()}

    lab = Lab(exercises=(mean,), modules=())
"""
MISTAKES = """
    mistakes = {
        "mean": [
            Mistake("half", (("k * total", "k * total / 2"),), "`scaled` is half as large."),
            Mistake("half-again", (("k * total", "0.5 * k * total"),), "`scaled` is a half of it."),
            Mistake("sums-rows", (("axis=0", "axis=1"),), "`scaled` is a sum over the wrong axis."),
        ]
    }
"""
ANSWERS = """
answers = {
    "mean": {
        "a loop": "def mean(x, k):\\n    return k * np.array([sum(column) for column in x.T])",
        "a product": "def mean(x, k):\\n    return np.full(len(x), k) @ x",
        "einsum": "def mean(x, k):\\n    return np.einsum('ij->j', k * x)",
    }
}
"""


def lab_in(folder, *, exercises=EXERCISES, mistakes=MISTAKES, answers=ANSWERS, wrong=None, marked=None):
    """A course whose one lab is `average`."""
    (folder / "nbgrader_config.py").touch()
    lab = write_lab(folder / "assignments" / "average", MEAN, exercises, mistakes)
    (lab.folder / "answers.py").write_text(answers)
    if wrong is not None:
        (lab.folder / "wrong.py").write_text(f"wrong = {wrong!r}")
    if marked is not None:
        (lab.folder / "equivalent.json").write_text(json.dumps(marked))
    return lab


def telling(lab):
    """The lab with a text that names variables: only those may be called wrong."""
    text = lab.folder / f"{lab.name}.py"
    text.write_text(
        f"{text.read_text('utf-8')}\n# %% [markdown]\n# First `total` or `made`, then `scaled`.\n", "utf-8"
    )
    return LabFolder(lab.folder)


def marks(*changes, why="said so"):
    return {"mean": [{"why": why, "mutants": changes}]}
