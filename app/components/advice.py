"""Advice: an interaction card in one line, and with why and why not."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import page, pictures, sidebar
from app.components.purpose import asked_by

# what a reason calls a dimension that the card has under another name
_COLUMNS = {"cadence": "cadence_days"}
_NOTHING = 0.005  # less than half a point is no bar that anybody sees
_DIMENSIONS = {
    "channel": "Channel",
    "window": "Time",
    "tone": "Tone",
    "cadence_days": "Rhythm",
    "solution_set": "Offer",
    "experience": "Experience",
}


def note(customer: str) -> None:
    """How to talk to one customer, in a line, with the whole card behind one click."""
    purpose = _card_purpose()
    card = cached.card(customer, purpose)
    if card is None:
        return
    why = "" if card.abstained else f"{_sure(card)}. "
    page.block(f"""<div class="iw-note"><p class="kicker">How to talk to them, for {text.words(purpose)}</p>
        <p class="say">{text.html(line(card))}</p><p class="small">{why}{text.html(_first_reason(card))}</p>
        <details class="more"><summary>Why, and why not otherwise</summary>{reasons(card)}</details></div>""")
    if not card.abstained:
        query = {"card": customer, session.PURPOSE: purpose}
        label = "Use this card" + asked_by(purpose)
        st.page_link(sidebar.page("recommend"), label=label, query_params=query)


def _card_purpose() -> str:
    """Cards are for contacting people: a purpose that is not asks for marketing's card."""
    return session.purpose() if session.purpose() in ("customer_care", "service_delivery", "research") else "marketing"


def line(card: ic.Card) -> str:
    """The card's advice in one line."""
    if card.abstained:
        return f"Do not contact for {text.words(card.purpose)}: {words.readable(card.abstained)}"
    told = f"By {text.words(card.channel)}, {_hours(card.window)}, in a {text.words(card.tone)} tone"
    told += f", every {card.cadence_days} days at most" if card.cadence_days else ""
    return f"{told}. {text.sentence(card.experience)}; {text.words(card.solution_set)}."


def _hours(window: str | None) -> str:
    first, _, last = str(window).partition("-")
    return f"{int(first)} to {int(last)} h" if first.isdigit() and last.isdigit() else text.words(window)


def _first_reason(card: ic.Card) -> str:
    first = next((one for one in card.reasons if one.get("dimension") == "channel"), None)
    return reason(first) if first else ""


def reason(one: Mapping[str, Any]) -> str:
    """One reason as a line."""
    value = "" if one.get("value") is None else f": {words.told(one['fact'], str(one['value']))}"
    age = f" ({text.plural(int(one['age_days']), 'day')} old)" if one.get("age_days") is not None else ""
    return f"{words.name_of(one['fact'])}{value}{age}"


def reasons(card: ic.Card) -> str:
    """Every reason and every refusal as HTML."""
    why = "".join(_line(_head(one), reason(one)) for one in card.reasons)
    not_so = "".join(_line(_refused(one["what"]), words.readable(str(one["why"]))) for one in card.refused)
    return (f"<h3>Why</h3>{why}" if why else "") + (f"<h3>Why not otherwise</h3>{not_so}" if not_so else "")


def _head(one: Mapping[str, Any]) -> str:
    return _DIMENSIONS.get(_COLUMNS.get(one["dimension"], one["dimension"]), text.sentence(one["dimension"]))


def _refused(what: str) -> str:
    """What was not advised, by the card's own words: `Channel e-mail`, `Time 22 to 6 h`."""
    dimension, _, value = what.partition(" ")
    if dimension not in _DIMENSIONS:
        return words.readable(text.sentence(what))
    return f"{_DIMENSIONS[dimension]} {_hours(value) if dimension == 'window' else text.words(value)}"


def _line(head: str, told: str) -> str:
    return f'<div class="iw-reason"><b>{text.html(head)}</b><span>{text.html(told)}</span></div>'


def whole(card: ic.Card) -> None:
    """The card with its dimensions, reasons, refusals and the weights as a picture."""
    rows = [{"Dimension": title, "Advice": _told(card, name)} for name, title in _DIMENSIONS.items()]
    page.block(f'<h2>{text.html(card.name)}</h2><p class="lead">{text.html(line(card))}</p>')
    left, right = st.columns(2, gap="large")
    with left:
        page.table(rows)
        page.block(f'<p class="small">{_chances(card)}</p>')
    with right:
        _weights(card)
    page.block(reasons(card))


def _told(card: ic.Card, name: str) -> str:
    value = getattr(card, name)
    if value is None:
        return text.DASH
    if name == "window":
        return _hours(value)
    return f"every {value} days at most" if name == "cadence_days" else text.words(value)


def _sure(card: ic.Card) -> str:
    """How sure the channel is; of a single one that is open there is no being sure."""
    if len(card.eligible) == 1:
        return f"{text.sentence(card.channel)} is the only channel that is open"
    return text.sentence(text.sure(card.confidence))


def _share(card: ic.Card) -> int | None:
    """How sure in percent, for a bar: nothing where only one channel is open, and never the whole of it."""
    return None if len(card.eligible) == 1 else min(round(card.confidence * 100), 99)


def _chances(card: ic.Card) -> str:
    if len(card.eligible) <= 1:
        return f"{text.html(_sure(card))}."
    could = text.html(text.joined(list(card.eligible)))
    return f"{_sure(card)}; could have been {could}; chosen with chance {card.propensity:.2f}."


def _weights(card: ic.Card) -> None:
    weighed = [one for one in card.reasons if abs(one.get("weight") or 0) >= _NOTHING]
    if weighed:
        values = {f"{_head(one)}: {text.words(one['fact'])}": float(one["weight"]) for one in weighed}
        told = {name: f"{value * 100:+.0f} points" for name, value in values.items()}
        alt = "What each reason adds to the answer rate: " + "; ".join(f"{one} {said}" for one, said in told.items())
        page.block("<h3>What each reason adds to the answer rate, in points</h3>")
        pictures.signed(values, alt, f"weights_{card.card}", told)


def advised(cards: Sequence[ic.Card]) -> list[dict[str, Any]]:
    """Cards as rows of a table; one that abstains has dashes."""
    return [
        {"Customer": card.name, "Sure": _share(card)}
        | {title: _told(card, name) for name, title in _DIMENSIONS.items()}
        for card in cards
    ]


def abstained(cards: Sequence[ic.Card]) -> list[dict[str, Any]]:
    """Cards that abstain, with the reason."""
    return [{"Customer": card.name, "Abstains because": words.readable(card.abstained or "")} for card in cards]
