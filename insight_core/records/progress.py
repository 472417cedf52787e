"""Progress: how long work says how far it is."""

from collections.abc import Callable

# What is done now, how much of it, and how much there is in all; None where nobody knows.
Progress = Callable[[str, int, int | None], None]


def silent(step: str, done: int, total: int | None) -> None:
    """Nobody is told."""
