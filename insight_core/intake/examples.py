"""Examples: how dates are written, shown by a day that tells which of its figures is which."""

from collections.abc import Iterable
from datetime import datetime

_DAY = datetime(2026, 12, 31, 23, 59, 58)  # noqa: DTZ001 it is only written out
_COUNTED = {
    "epoch": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
    "epoch_us": "microseconds since 1970",
}


def by_example(formats: Iterable[str]) -> str:
    """Formats as people read them: `31/12/2026 or 2026-12-31`."""
    return " or ".join(_COUNTED.get(one) or _DAY.strftime(one) for one in formats)
