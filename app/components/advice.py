"""Advice: an interaction card in one line, and with why and why not."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import arguments, cached, reasons, session, text, words
from app.components import page, pictures, sidebar, used

# what a reason calls a dimension that the card has under another name
_COLUMNS = {"cadence": "cadence_days"}
# where one does not say by what
_BY = {"store": "In the store", "app": "In the app", "web": "On the web", "social": "In social media"}
# purposes that contact people; the others look and hand on
_TALKS = ("customer_care", "service_delivery", "marketing", "research")
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
    purpose = session.purpose()
    if purpose not in _TALKS:
        _only_looks(customer, purpose)
        return
    card = cached.card(customer, purpose)
    if card is None:
        return
    page.block(f"""<div class="iw-note"><p class="kicker">How to talk to them, for {text.words(purpose)}</p>
        <p class="say">{text.html(line(card))}</p><p class="small">{text.html(_best(card))}</p>
        <details class="more"><summary>Why, and why not otherwise</summary>{why(card)}</details></div>""")
    if not card.abstained:
        with st.container(horizontal=True, vertical_alignment="center"):
            used.draw(card)
            query = {"card": customer, session.PURPOSE: purpose}
            st.page_link(sidebar.page("recommend"), label="Hand it on as a file", query_params=query)


def _only_looks(customer: str, purpose: str) -> None:
    """That a purpose contacts nobody, and for which ones there is advice."""
    told = f"{text.sentence(purpose)} is there to {words.PURPOSES[purpose].meaning}: it contacts nobody."
    page.block(f"""<div class="iw-note"><p class="kicker">How to talk to them</p><p class="say">{text.html(told)}</p>
        <p class="small">A card is advice for a contact. Look for one of these purposes to read it, as far as the
        customer allows that:</p></div>""")
    with st.container(horizontal=True):
        for one in _TALKS:
            query = session.open_customer(customer, {session.PURPOSE: one})
            st.page_link(sidebar.page("profile"), label=text.sentence(one), query_params=query)


def prepare() -> None:
    """Learn while the page is read what cards go by: whoever goes on to a customer finds it known."""
    if session.purpose() in _TALKS:
        cached.prepared_cards(session.purpose())


def line(card: ic.Card) -> str:
    """The card's advice in one line."""
    if card.abstained:
        return f"Do not contact for {text.words(card.purpose)}: {words.readable(card.abstained)}"
    by = _BY.get(str(card.channel), f"By {text.words(card.channel)}")
    told = f"{by}, {reasons.arm('window', str(card.window))}, in a {text.words(card.tone)} tone"
    told += f", {_rhythm(card.cadence_days)}" if card.cadence_days else ""
    return f"{told}. {text.sentence(card.experience)}; {text.words(card.solution_set)}."


def _rhythm(days: int) -> str:
    return f"every {text.span(days)} at most"


def _best(card: ic.Card) -> str:
    """How sure the channel is, and what speaks most for it."""
    if card.abstained:
        return ""
    first = arguments.carrying(_of_channel(card))
    return f"{_sure(card)}. {reasons.told(first)}" if first else f"{_sure(card)}."


def _of_channel(card: ic.Card) -> list[Mapping[str, Any]]:
    return [one for one in card.reasons if one.get("dimension") == "channel"]


def why(card: ic.Card) -> str:
    """Every reason and every refusal as HTML, but for the one that the card's line tells."""
    told = "".join(_line(_head(one), reasons.told(one)) for one in arguments.each_once(card.reasons))
    others = (one for one in card.refused if (one["what"], one["why"]) != ("contact", card.abstained))
    not_so = "".join(_line(_refused(one["what"]), words.readable(str(one["why"]))) for one in others)
    return (f"<h3>Why</h3>{told}" if told else "") + (f"<h3>Why not otherwise</h3>{not_so}" if not_so else "")


def _head(one: Mapping[str, Any]) -> str:
    return _DIMENSIONS.get(_COLUMNS.get(one["dimension"], one["dimension"]), text.sentence(one["dimension"]))


def _refused(what: str) -> str:
    """What was not advised, by the card's own words: `Channel e-mail`, `Time 22 to 6 h`."""
    dimension, _, value = what.partition(" ")
    if dimension not in _DIMENSIONS:
        return words.readable(text.sentence(what))
    return f"{_DIMENSIONS[dimension]} {reasons.arm(dimension, value)}"


def _line(head: str, told: str) -> str:
    return f'<div class="iw-reason"><b>{text.html(head)}</b><span>{text.html(told)}</span></div>'


def head(card: ic.Card) -> None:
    """Whose card it is, and its advice in one line."""
    page.block(f'<h2>{text.html(card.name)}</h2><p class="lead">{text.html(line(card))}</p>')


def whole(card: ic.Card) -> None:
    """The card with its dimensions, reasons, refusals and the weights as a picture."""
    rows = [{"Dimension": title, "Advice": _told(card, name)} for name, title in _DIMENSIONS.items()]
    left, right = st.columns(2, gap="large")
    with left:
        page.table(rows)
        page.block(f'<p class="small">{text.html(_chances(card))}</p>')
    with right:
        _weights(card)
    page.block(why(card))


def _told(card: ic.Card, name: str) -> str:
    value = getattr(card, name)
    if value is None:
        return text.DASH
    return _rhythm(value) if name == "cadence_days" else reasons.arm(name, str(value))


# at least so sure that no other open channel is better: the word for it
_SURE = ((0.95, "almost certainly"), (0.8, "very likely"), (0.6, "likely"), (0, "perhaps"))


def _sure(card: ic.Card) -> str:
    """How sure the channel is; of a single one that is open there is no being sure."""
    if len(card.eligible) == 1:
        return f"{text.sentence(card.channel)} is the only channel that is open"
    if arguments.tried(_of_channel(card)):
        return f"{text.sentence(card.channel)} is tried on purpose, as a few are, so that we learn"
    how = next(word for least, word in _SURE if card.confidence >= least)
    # It is sure of what was counted, however long ago that was: the reason beside it says when.
    return f"By what is known, {text.words(card.channel)} is {how} the best channel that is open"


def _share(card: ic.Card) -> int | None:
    """How sure in percent, for a bar: nothing where only one channel is open."""
    return None if len(card.eligible) == 1 else round(card.confidence * 100)


def _chances(card: ic.Card) -> str:
    """How sure the channel is, as a figure too, and what else was open."""
    others = [one for one in card.eligible if one != card.channel]
    if not others:
        return f"{_sure(card)}."
    figure = text.sure(card.confidence)
    sure = f": {figure} that it is the best" if arguments.tried(_of_channel(card)) else f" ({figure})"
    return f"{_sure(card)}{sure}. Also open: {text.joined(others)}. It was chosen with chance {card.propensity:.2f}."


def _weights(card: ic.Card) -> None:
    weighed = [one for one in card.reasons if abs(one.get("weight") or 0) >= _NOTHING]
    if weighed:
        values = {f"{_head(one)}: {reasons.name(one['fact'])}": float(one["weight"]) for one in weighed}
        told = {name: text.minus(f"{value * 100:+z.0f} points") for name, value in values.items()}
        alt = "What each reason adds to the answer rate: " + "; ".join(f"{one} {said}" for one, said in told.items())
        page.block("<h3>What each reason adds to the answer rate, in points</h3>")
        pictures.signed(values, alt, f"weights_{card.card}", told)


def advised(cards: Sequence[ic.Card]) -> list[dict[str, Any]]:
    """Cards as rows of a table: channel, time and tone in one cell, the rhythm as the least time between contacts."""
    return [
        {
            "Customer": card.name,
            "Sure": _share(card),
            "How": ", ".join(_told(card, name) for name in ("channel", "window", "tone")),
            "Rhythm": text.span(card.cadence_days) if card.cadence_days else text.DASH,
            "Offer": _told(card, "solution_set"),
            "Experience": _told(card, "experience"),
        }
        if card.abstained is None
        else {"Customer": card.name, "Sure": None} | dict.fromkeys(("How", "Rhythm", "Offer", "Experience"), text.DASH)
        for card in cards
    ]


def abstained(cards: Sequence[ic.Card]) -> list[dict[str, Any]]:
    """Cards that abstain, with the reason."""
    return [{"Customer": card.name, "Abstains because": words.readable(card.abstained or "")} for card in cards]
