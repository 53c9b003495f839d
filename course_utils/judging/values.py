"""Holds what stands for a value that the judging cannot take."""

__all__ = ["Other"]


class Other:
    """Stands for a value that cannot be sent or judged; ``kind`` is its type's name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
