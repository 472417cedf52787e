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
_KILO = 1024

DASH = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"
# A hyphen before a figure, which neither joins two of them nor ends a word.
_BELOW_NOUGHT = re.compile(r"(?<![\w.-])-(?=\d)")

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
    return " ".join(_SPELT.get(one, one) for one in str(name).split("_"))


def sentence(name: object) -> str:
    """The same as the start of a sentence."""
    told = words(name)
    return told[:1].upper() + told[1:]


def lowered(told: str) -> str:
    """A sentence as the end of another one."""
    return told[:1].lower() + told[1:]


def number(value: float | None, digits: int = 0) -> str:
    """A number with its thousands apart; a dash for what is not known."""
    # Adding zero takes the sign from a nought.
    return DASH if value is None else minus(f"{round(value, digits) + 0:,.{digits}f}")


def percent(share: float | None, digits: int = 0) -> str:
    """A share as percent; a dash for what is not known."""
    return DASH if share is None else minus(f"{share:z.{digits}%}")


def gain(share: float) -> str:
    """How much more or less, as percent with its sign: `+4%`."""
    return minus(f"{share:+z.0%}")


def apart(before: float | None, after: float | None) -> tuple[str, str]:
    """Two shares as percent, by tenths where they would read the same and are not."""
    told = percent(before), percent(after)
    return told if told[0] != told[1] else _tenths(before, after) or told


def _tenths(before: float | None, after: float | None) -> tuple[str, str] | None:
    was, is_ = percent(before, 1), percent(after, 1)
    return None if was == is_ else (was, is_)


def minus(told: str) -> str:
    """A sentence or a figure with the minus sign that belongs before what is below nought, where it has a hyphen."""
    return _BELOW_NOUGHT.sub(_MINUS, told)


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


def size(count: int) -> str:
    """A number of bytes as `900 bytes`, `1.4 KB`, `2.0 MB`."""
    if count < _KILO:
        return plural(count, "byte")
    return f"{count / _KILO:.1f} KB" if count < _KILO**2 else f"{count / _KILO**2:,.1f} MB"


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
    """How long ago, by the calendar day: `12 days ago`, `3 months ago`; a dash for what is not known."""
    read = moment(value)
    if read is None:
        return DASH
    days = (now.astimezone(UTC).date() - read.astimezone(UTC).date()).days
    return f"on {day(read)}" if days < 0 else days_ago(days)


def days_ago(days: int) -> str:
    """The same for a number of days."""
    return "today" if days == 0 else "yesterday" if days == 1 else f"{span(days)} ago"


def span(days: int) -> str:
    """How long so many days are, no finer than anybody needs it: `12 days`, `14 months`, `5½ years`."""
    if days < 60:
        return plural(days, "day")
    if days < 730:
        return plural(round(days / 30.44), "month")
    years, half = divmod(round(days / 182.625), 2)
    return f"{years}½ years" if half and years < 10 else plural(years, "year")


def joined(values: list[Any]) -> str:
    """A list in one line; what was counted with its count."""
    return ", ".join(_counted(one) for one in values) or DASH


def _counted(one: Any) -> str:
    if isinstance(one, dict):
        what, *count = one.values()
        return f"{words(what)} ({count[0]:,})" if count and isinstance(count[0], int) else joined(list(one.values()))
    return words(one)
