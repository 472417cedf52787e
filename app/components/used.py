"""Used: a card is taken up where it is read, and given back there too."""

import streamlit as st

import insight_core as ic
from app import session, text
from app.components import guard


def draw(card: ic.Card) -> None:
    """Since when the card is used, with the way back; else the button that notes it as used."""
    since = session.workspace().used_cards([card.card]).get(card.card)
    if since:
        st.caption(f"Used since {text.day(since)}", width="content")
        st.button("Give it back", key="card_unuse", on_click=_unuse, args=(card,))
    else:
        st.button("Use this card", type="primary", key="card_use", on_click=_use, args=(card,), help=_HELP)


_HELP = "Noted as used in what is handed on, so that what comes of it can be loaded back."


def _use(card: ic.Card) -> None:
    with guard.told():
        session.workspace().use_cards([card.customer], card.purpose)
        session.say("Noted as used. Take it along as a file; in Recommend you load what came of it.")


def _unuse(card: ic.Card) -> None:
    with guard.told():
        session.workspace().unuse_cards([card.card])
        session.say("No longer noted as used")
