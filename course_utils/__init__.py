"""What the notebooks of SeqLab import: activations, visible checks and plots. No solution is in here."""

__all__ = [
    "activations",
    "checks",
    "cllm_utils",
    "embeddings",
    "emojify",
    "gradcheck",
    "music",
    "names",
    "nn",
    "plots",
    "rnn_utils",
    "tables",
    "watch",
]
