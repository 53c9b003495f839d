from autograder import Mistake

mistakes = {
    "scale": [
        Mistake("adds", (("y = x * w", "y = x + w"),), "`w` is added to `x`: it should stretch it."),
        Mistake("mean", (("np.sum(y)", "np.mean(y)"),), "`total` is an average: it should grow with `x`."),
    ],
    "repeat": [
        Mistake(
            "starts-anew",
            (("x, _ = scale(x, w)", "y, _ = scale(x, w)"), ("steps[..., t] = x", "steps[..., t] = y")),
            "Every step starts from the first `x`: what a step gives is not handed on.",
        ),
        Mistake("stops-early", (("in range(n)", "in range(n - 1)"),), "The last step is missing."),
    ],
}
