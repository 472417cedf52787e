"""What a load would bring, before anything is kept: counts, and the first lines of each fate."""

from collections.abc import Mapping
from typing import Any

import insight_core as ic
from app import text, words
from app.components import page
from insight_core.records.datasets import MICRO

# fate: (what it is called, what its lines are called, whether they are open at first)
_FATES = {
    "new": ("new records", "The first new rows", False),
    "changed": ("known, say something new", "The first changes, from what is known to what the file says", True),
    "conflicting": ("contradict another source", "Where it contradicts another source", True),
    "duplicate": ("asserted before", "The first rows that were asserted before", False),
    "quarantined": ("refused, kept for a look", "The first cells that cannot be read", True),
}
_INSTANTS = ("occurred_at", "decided_at", "expires_at", "observed_at", "verified_at")
_MILLIONTHS = ("amount", "sentiment", "value")


def draw(found: ic.LoadPreview, dataset: str, source: str) -> None:
    """Counts and lines."""
    counts = "".join(
        f"<div><dt>{what}</dt><dd>{text.number(getattr(found, name))}</dd></div>" for name, (what, *_) in _FATES.items()
    )
    page.section(f"{text.plural(found.read, 'row')} read, nothing kept yet")
    page.block(f'<dl class="iw-figures" style="grid-template-columns:repeat(5,minmax(0,1fr))">{counts}</dl>')
    if found.new and dataset == "parties":
        page.under(f"{text.plural(found.new, 'record')} that {source} has not told before. {_who(found)}")
    if found.duplicate and not found.new + found.changed:
        page.under("Every row that can be read is known already: a load would change nothing.")
    if found.reasons:
        told = ", ".join(f"{text.words(why)} ({count:,})" for why, count in found.reasons.items())
        page.under(f"Rows are refused for: {told}.")
    if found.invalid:
        page.under("Taken in, but wrong: a profile shows them as invalid until they are fixed.")
        page.table([_broken(one) for one in found.invalid])
    lines = dict(found.samples) | {"conflicting": found.conflicts[:5]}
    for name, (_, title, opened) in _FATES.items():
        rows = [_row(name, dataset, one) for one in lines.get(name, ())]
        if rows:
            at_first = " open" if opened else ""
            body = f"<summary>{text.html(title)}</summary>{page.rows_html(rows)}"
            page.block(f'<details class="twin"{at_first}>{body}</details>')


def _who(found: ic.LoadPreview) -> str:
    if found.alike is None:
        return "Who they are is found when they are loaded."
    if not found.alike:
        return "None of them looks like a customer already known."
    who = "customers already known, by name, birth date, e-mail, phone or address"
    if found.alike == 1:
        return f"About 1 of them looks like one of the {who}, and will be linked to them."
    return f"About {found.alike:,} of them look like {who}, and will be linked to them."


def _broken(fault: Mapping[str, Any]) -> dict[str, object]:
    shown = words.shown_stored(fault["field"], fault["example"])
    told: dict[str, object] = {"Field": words.name_of(fault["field"]), "Values": text.number(fault["count"])}
    return told | {"Why": text.sentence(fault["reason"]), "For example": shown}


def _row(fate: str, dataset: str, one: Mapping[str, Any]) -> dict[str, object]:
    if fate == "conflicting":
        field = one["field"]
        known = {"Field": words.name_of(field), "Known": one["known"], "From": one["source"]}
        return known | {"This file says": one["says"]}
    at: dict[str, object] = {"Line": one["line"]}
    if fate == "quarantined":
        return at | words.refused(one)
    if fate == "changed":
        field = one["field"]
        said = {"Known": _shown(dataset, field, one["known"]), "This file says": _shown(dataset, field, one["says"])}
        return at | {"Field": words.name_of(field)} | said
    says = [f"{words.name_of(name)}: {_shown(dataset, name, value)}" for name, value in one["says"].items()]
    return at | {"Says": "; ".join(says)}


def _shown(dataset: str, name: str, value: Any) -> str:
    """A value as a record holds it, as people read it."""
    if value is None:
        return text.DASH
    if name in _INSTANTS:
        return text.day(value)
    if dataset == "parties":
        return words.shown_stored(name, value)
    return text.number(value / MICRO, 2) if name in _MILLIONTHS else text.words(value)
