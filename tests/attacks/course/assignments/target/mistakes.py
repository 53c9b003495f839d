"""The known mistakes of the lab `target`."""

from autograder import Mistake

mistakes = {
    "mix": [
        Mistake(
            "planted-mistake",
            (("np.sum(y", "np.mean(y"),),
            "planted help: `total` is an average; it should grow.",
        ),
        Mistake("transposed", (("w @ x", "w.T @ x"),), "`w` is transposed: its rows belong to the outputs."),
    ],
    "walk": [
        Mistake(
            "starts-anew", (("x, _ = mix(x, w)", "y, _ = mix(x, w)"), ("= x", "= y")), "`x` is not handed on."
        )
    ],
}
