"""Receipts: the state of a field, where its value comes from, and every record that spoke of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app import text, words
from insight_core.records.results import FieldState

_HEADS = ("Says", "Source", "Key", "Known by", "Observed", "Learnt", "")


def state(name: str, why: str = "") -> str:
    """A state told by shape, word and colour; `why` is its tooltip."""
    told, kind, tip = text.html(words.STATES.get(name, name)), text.html_name(name), text.attribute(why)
    return f'<span class="iw-state {kind}" title="{tip}"><i aria-hidden="true"></i>{told}</span>'


def receipt(one: FieldState, now: datetime) -> str:
    """Source and clocks in small type: `crm, observed 3 May 2013, verified 12 days ago`."""
    if one.value is None:
        return ""
    parts = [text.html(text.words(one.source or one.method or "source unknown"))]
    if one.source == one.method and one.method in ("derived", "market"):
        return f"{one.method}, newest evidence {_when(one.observed_at, now)}"
    for verb, at in (("observed", one.observed_at), ("verified", one.verified_at)):
        if at:
            parts.append(f"{verb} {_when(at, now)}")
    return ", ".join(parts)


def _when(at: str | None, now: datetime) -> str:
    return f'<span title="{text.day(at)}">{text.ago(at, now)}</span>'


def spoke(field: str, rows: Sequence[Mapping[str, Any]], winner: Iterable[str], now: datetime) -> str:
    """A table of every record that says something about the field, the one that won marked."""
    said = [row for row in rows if row.get(field) is not None]
    if not said:
        return ""
    won = set(winner)
    body = "".join(_row(field, row, row["evidence"] in won, now) for row in said)
    heads = "".join(f"<th scope='col'>{one}</th>" for one in _HEADS)
    caption = f"{text.plural(len(said), 'record speaks', 'records speak')} of it"
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _row(field: str, row: Mapping[str, Any], won: bool, now: datetime) -> str:
    said = words.shown_stored(field, row[field])
    cells = [said, row["source"], row.get("key") or text.DASH, row.get("method") or text.DASH]
    cells += [text.day(row.get("observed_at")), text.ago(row.get("recorded_at"), now)]
    mark = "<strong>chosen</strong>" if won else ""
    return "<tr>" + "".join(f"<td>{text.html(one)}</td>" for one in cells) + f"<td>{mark}</td></tr>"


def grouped(redacted: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """What was withheld, by reason, the reason that holds most first."""
    found: dict[str, list[str]] = {}
    for one in redacted:
        reason = one["reason"].replace(f"{one['field']} is", "it is")
        found.setdefault(reason, []).append(words.name_of(one["field"]))
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))
