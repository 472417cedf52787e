"""Text from data, shown as text: escaped for HTML, markdown and plotly, and told as people read it."""

import re
from datetime import UTC, date, datetime
from html import escape
from typing import Any

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Emoji codes, icons and bare addresses are found after the marks were read: a joiner keeps them apart.
_FOUND_LATER = re.compile(r"(:(?=[\w/])|@|www(?=\.))")
_JOINER = "\u2060"
_LONGEST_LABEL = 48

_SURE = 0.995

DASH = "\N{EN DASH}"

# What a date field offers: nobody whose profile is kept was born before the first, no clock is set beyond the last.
EARLIEST, LATEST = date(1850, 1, 1), date(2199, 12, 31)


def html(value: object) -> str:
    """The value inside HTML: never markup, and its direction of writing stays its own."""
    return f"<bdi>{escape(str(value))}</bdi>"


def attribute(value: object) -> str:
    """The value inside an HTML attribute in double quotes."""
    return escape(" ".join(str(value).split()), quote=True)


def html_name(value: object) -> str:
    """The value as a class name: letters, digits, - and _ only."""
    return re.sub(r"[^\w-]", "", str(value))


def markdown(value: object) -> str:
    """The value inside markdown, where a label or a message must be markdown."""
    line = " ".join(str(value).split())
    return _MARKS.sub(r"\\\1", _FOUND_LATER.sub(rf"\1{_JOINER}", line))


def label(value: object) -> str:
    """The value inside a plotly figure, which reads a little HTML; cut where a picture has no room."""
    line = " ".join(str(value).split())
    return escape(line if len(line) <= _LONGEST_LABEL else line[: _LONGEST_LABEL - 1] + "…")


# Codes that are spelt in a way of their own.
_SPELT = {"sms": "SMS", "email": "e-mail"}


def words(name: object) -> str:
    """A name from the catalogue or a code from the data as words."""
    return _SPELT.get(str(name)) or str(name).replace("_", " ")


def sentence(name: object) -> str:
    """The same as the start of a sentence."""
    told = words(name)
    return told[:1].upper() + told[1:]


def number(value: float | None, digits: int = 0) -> str:
    """A number with its thousands apart; a dash for what is not known."""
    # Adding zero takes the sign from a nought.
    return DASH if value is None else f"{round(value, digits) + 0:,.{digits}f}"


def percent(share: float | None) -> str:
    """A share as percent; a dash for what is not known."""
    return DASH if share is None else f"{share:.0%}"


def sure(confidence: float) -> str:
    """How sure something is, as percent: nothing is wholly sure, and nothing that is said is wholly unsure."""
    return (
        "over 99% sure"
        if confidence >= _SURE
        else "under 1% sure"
        if confidence < 1 - _SURE
        else f"{confidence:.0%} sure"
    )


def plural(count: int, noun: str, several: str | None = None) -> str:
    """`1 row`, `2 rows`, `3 households`."""
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def moment(text: str | int | None) -> datetime | None:
    """An ISO date or instant, or epoch seconds, as an aware datetime; None stays None."""
    if text is None or text == "":
        return None
    if isinstance(text, int):
        return datetime.fromtimestamp(text, tz=UTC)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(value: str | int | date | None) -> str:
    """A date as `6 Oct 1971`; a dash for what is not known."""
    read = value if isinstance(value, date) else moment(value)
    return DASH if read is None else f"{read.day} {read:%b %Y}"


def hour(value: str | int | None) -> str:
    """An instant as `6 Oct 1971, 14:05 UTC`; a dash for what is not known."""
    read = moment(value)
    return DASH if read is None else f"{day(read.date())}, {read:%H:%M} UTC"


def ago(value: str | int | None, now: datetime) -> str:
    """How long ago: `12 days ago`, `3 months ago`; a dash for what is not known."""
    read = moment(value)
    if read is None:
        return DASH
    days = (now - read).days
    if days < 0:
        return f"on {day(read)}"
    return "today" if days == 0 else "yesterday" if days == 1 else f"{_span(days)} ago"


def _span(days: int) -> str:
    if days < 60:
        return plural(days, "day")
    return plural(round(days / 30.44), "month") if days < 730 else plural(round(days / 365.25), "year")


def joined(values: list[Any]) -> str:
    """A list in one line; what was counted with its count."""
    return ", ".join(_counted(one) for one in values) or DASH


def _counted(one: Any) -> str:
    if isinstance(one, dict):
        what, *count = one.values()
        return f"{words(what)} ({count[0]:,})" if count and isinstance(count[0], int) else joined(list(one.values()))
    return words(one)
