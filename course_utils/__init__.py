"""What SeqLab's notebooks import: activations, visible checks, plots and helpers, but no solutions."""

__all__ = [
    "activations",
    "checks",
    "cllm_utils",
    "embeddings",
    "emojify",
    "explore",
    "gradcheck",
    "judging",
    "music",
    "names",
    "nn",
    "plots",
    "rnn_utils",
    "tables",
    "watch",
]
