"""The fields of a facet: value, state and receipt in a row; behind it who spoke, why one won, and its past."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app import text, words
from app.components import clicks, others, page, receipts
from insight_core.records.results import Facet, FieldState, ValueHistory

Histories = Mapping[str, ValueHistory]
_SPOKE = ("Says", "Source", "Key", "Known by", "Observed", "Learnt", "Rank", "Why")
_NOTHING = "nothing is known"  # what the core says of a field that nobody tells
_TAG = re.compile(r"<[^>]*>")
_STEPS = ("From", "Until", "Value", "Because", "Learnt")


# What happens to few: where it did not, nothing is missing.
_EVENTS = ("email_bounced_at", "phone_bounced_at", "street_bounced_at")
SEEN = "iw-seen"  # the class of the row that stands open


def rows(one: Facet, histories: Histories, now: datetime, fixable: bool, wanted: str | None = None) -> str:
    """Every field that is known as a row that opens, the wanted one open, and the missing ones in a line."""
    known = {name: state for name, state in one.fields.items() if state.value is not None}
    missing = {name: state for name, state in one.fields.items() if state.value is None and name not in _EVENTS}
    body = "".join(
        _row(name, state, histories.get(name), now, fixable, name == wanted) for name, state in known.items()
    )
    return body + (_missing(missing, fixable) if missing else "")


def withheld(redacted: Sequence[Mapping[str, str]], purpose: str) -> str:
    """What the purpose may not see, by reason: never mistaken for missing."""
    return "".join(
        f'<div class="iw-missing">{receipts.state("withheld", why)}<span>{text.html(", ".join(names))}'
        f'<br><span class="small">{text.html(_why(purpose, why))}</span></span></div>'
        for why, names in receipts.grouped(redacted).items()
    )


def _why(purpose: str, reason: str) -> str:
    return f"Withheld from {text.words(purpose)}: {words.readable(reason)}"


def _row(name: str, one: FieldState, history: ValueHistory | None, now: datetime, fixable: bool, is_open: bool) -> str:
    title = words.name_of(name)
    act = clicks.button("Fix", ["fix", name], f"Fix {title}") if fixable and _asserted(name) else ""
    return f"""<div class="iw-row{f" {SEEN}" if is_open else ""}"><details class="iw-field"{" open" * is_open}><summary>
        <span class="name" title="{text.attribute(words.field(name).meaning)}">{text.html(title)}</span>
        <span class="value">{text.html(_value(name, one.value))}</span>
        {receipts.state(one.state, one.reason)}
        <span class="receipt">{receipts.receipt(one, now)}{_sure(name, one)}</span></summary>
        <div class="iw-evidence">{_behind(name, one, history, now)}</div></details>{act}
        {others.links(one.value) if name in others.FIELDS else ""}</div>"""


def _value(name: str, value: Any) -> str:
    return text.plural(len(value), "customer") if name in others.FIELDS else words.shown(name, value)


def _asserted(name: str) -> bool:
    return words.field(name).origin == "asserted"


def _sure(name: str, one: FieldState) -> str:
    """How sure it is; of what was computed and has no age of its own that says how sure it was when it was seen."""
    if one.confidence is None:
        return ""
    then = words.field(name).origin == "derived" and words.field(name).half_life_days is None
    return f", {text.sure(one.confidence)}{' then' * then}"


def _missing(fields: Mapping[str, FieldState], fixable: bool) -> str:
    told = [
        clicks.button(f"{_gap(name, state)} +", ["fix", name], f"Add {words.name_of(name)}")
        if fixable and _asserted(name)
        else f"<span>{text.html(_gap(name, state))}</span>"
        for name, state in fields.items()
    ]
    return f'<div class="iw-missing">{receipts.state("unknown")}<span class="iw-gaps">{"".join(told)}</span></div>'


def _gap(name: str, one: FieldState) -> str:
    """The name of a missing field; where somebody tells it all the same, with why that does not count."""
    title = words.name_of(name)
    return title if one.reason == _NOTHING else f"{title} ({words.readable(one.reason)})"


def _behind(name: str, one: FieldState, history: ValueHistory | None, now: datetime) -> str:
    told = (
        f'<p class="small">{text.html(words.field(name).meaning)}. State: {text.html(words.readable(one.reason))}.</p>'
    )
    if history is None:
        return f'{told}<p class="small">{_computed(name, one)}</p>'
    return told + _spoke(name, history, now) + _steps(name, history, now)


def _computed(name: str, one: FieldState) -> str:
    if one.method == "derived" and words.field(name).origin == "asserted":
        return "Counted from the day since when this is a customer: no source tells the months."
    if words.field(name).origin == "asserted":
        return "The records that spoke are not shown here."
    if words.field(name).origin == "market":
        return "A market figure: of the area or the industry, and not the customer's own."
    return f"Computed from the contacts and orders of {text.plural(len(one.evidence), 'record')}, listed at the end."


def _spoke(name: str, history: ValueHistory, now: datetime) -> str:
    body = "".join(
        _cells([
            f"<strong>{shown}</strong>" if one["won"] else shown,
            text.html(one["source"]), text.html(one["key"] or text.DASH), text.html(one["method"]),
            text.day(one["observed_at"]), receipts.when(one["recorded_at"], now), str(one["rank"]),
            ("<strong>chosen</strong>: " if one["won"] else "") + text.html(one["why"]),
        ])
        for one in history.spoke
        for shown in [text.html(words.shown(name, one["value"]))]
    )  # fmt: skip
    return _table(_SPOKE, body, f"{text.plural(len(history.spoke), 'record speaks', 'records speak')} of it")


def _steps(name: str, history: ValueHistory, now: datetime) -> str:
    body = "".join(
        _cells([
            text.day(one["from"]), text.day(one["until"]) if one["until"] else "now",
            text.html(words.shown(name, one["value"])), text.html(one["how"]), receipts.when(one["learnt"], now),
        ])
        for one in history.steps
    )  # fmt: skip
    return _table(_STEPS, body, "What it was, by the clocks of its evidence")


def _cells(cells: Sequence[str]) -> str:
    told = "".join(f"<td{' class=whole' * page.whole(_TAG.sub('', one))}>{one}</td>" for one in cells)
    return f"<tr>{told}</tr>"


def _table(heads: Sequence[str], body: str, caption: str) -> str:
    told = "".join(f"<th scope='col'>{one}</th>" for one in heads)
    return f"<table><caption>{caption}</caption><thead><tr>{told}</tr></thead><tbody>{body}</tbody></table>"


def counted(one: Facet) -> dict[str, int]:
    """How many fields are known, and how many of them want looking at, by state."""
    states = [state.state for name, state in one.fields.items() if state.value is not None or name not in _EVENTS]
    found: dict[str, Any] = {"known": sum(state != "unknown" for state in states), "of": len(states)}
    return found | {name: states.count(name) for name in ("stale", "conflicting", "invalid") if name in states}
