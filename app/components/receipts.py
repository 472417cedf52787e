"""Receipts: the state of a field, where its value comes from, and every record that spoke of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from app import text, words
from insight_core.records.results import FieldState


def state(name: str, why: str = "") -> str:
    """A state told by shape, word and colour; `why` is its tooltip."""
    told, kind, tip = text.html(words.STATES.get(name, name)), text.html_name(name), text.attribute(words.readable(why))
    return f'<span class="iw-state {kind}" title="{tip}"><i aria-hidden="true"></i>{told}</span>'


def receipt(one: FieldState, now: datetime) -> str:
    """Source and clocks in small type: `crm, observed 3 May 2013, verified 12 days ago`."""
    if one.value is None:
        return ""
    parts = [text.html(text.words(one.source or one.method or "source unknown"))]
    if one.source == one.method and one.method in ("derived", "market"):
        return f"{one.method}, newest evidence {when(one.observed_at, now)}"
    for verb, at in (("observed", one.observed_at), ("verified", one.verified_at)):
        if at:
            parts.append(f"{verb} {when(at, now)}")
    return ", ".join(parts)


def when(at: str | None, now: datetime) -> str:
    """How long ago, with the day itself on hover."""
    return f'<span title="{text.day(at)}">{text.ago(at, now)}</span>'


def grouped(redacted: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """What was withheld, by reason, the reason that holds most first."""
    found: dict[str, list[str]] = {}
    for one in redacted:
        reason = one["reason"].replace(f"{one['field']} is", "it is")
        found.setdefault(reason, []).append(words.name_of(one["field"]))
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))
