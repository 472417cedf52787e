"""Instants: whole seconds since 1970 in UTC; the clock is always an argument."""

from datetime import UTC, date, datetime
from functools import lru_cache

from insight_core.errors import BadInput

DAY = 86_400


def parse_instant(text: str) -> datetime:
    """An ISO date or instant as an aware UTC datetime; a naive one is taken for UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a date or an instant such as 2026-01-31 or 2026-01-31T12:00:00Z.") from None
    return utc(moment)


def utc(moment: datetime) -> datetime:
    """The same instant in UTC; a naive one is taken for UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def epoch(moment: datetime | date) -> int:
    """Whole seconds since 1970."""
    if isinstance(moment, datetime):
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    return int(datetime(moment.year, moment.month, moment.day, tzinfo=UTC).timestamp())


def instant(seconds: int) -> datetime:
    """The UTC datetime of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, tz=UTC)


@lru_cache(maxsize=4096)  # the values of a profile share a few clocks
def iso(seconds: int | None) -> str | None:
    """ISO text with a Z; None stays None."""
    return None if seconds is None else instant(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")
