"""A cell: one field of one profile, as the scores need it."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Cell(NamedTuple):
    """The winning value of a field with its clocks and its method.

    `value` is typed as stored: dates are dates, instants whole seconds, money and ratios
    integers of 1e-6, lists JSON text; None is unknown. `at` is the best clock: the later of
    `observed_at` and `verified_at`, in whole seconds since 1970, None when neither is known.
    `conflict` says that another source tells it differently; of a part that is unknown, that it is
    told only of another whole.
    """

    value: str | int | bool | date | None = None
    at: int | None = None
    conflict: bool = False
    method: str | None = None
    source: str | None = None
    observed_at: int | None = None
    verified_at: int | None = None


Cells = Mapping[str, Cell]

UNKNOWN = Cell()


def value_of(cells: Cells, name: str) -> str | int | bool | date | None:
    """The value of a field; None when the profile has no such cell."""
    return cells.get(name, UNKNOWN).value
