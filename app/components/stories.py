"""Stories: the five customers of a demonstration that are worth meeting, each one sentence and one click."""

from typing import NamedTuple

import streamlit as st

from app import cached, session, text
from app.components import facet, page, purpose, sidebar


class Story(NamedTuple):
    """What is told of a customer, and for which purpose one should look."""

    title: str
    sentence: str
    link: str
    purpose: str
    see: str | None = None  # the field, the facet or the timeline to open the profile at


STORIES = {
    "two_sources_disagree": Story(
        "Two sources disagree",
        "The CRM and billing tell different birth dates and telephone numbers: which of them is right?",
        "Compare the two",
        "customer_care",
        "birth_date",
    ),
    "stale_email_wrong_tone": Story(
        "A stale e-mail, the wrong tone",
        "Formal mails have come back for a year; the old address is all we hold, and friendly words once worked.",
        "See the mails",
        "marketing",
        facet.TIMELINE,
    ),
    "family_just_moved": Story(
        "A family that just moved",
        "Parents and two children live in another town since last month; only the web shop knows.",
        "Meet the family",
        "customer_care",
        "city",
    ),
    "shrinking_firm": Story(
        "A firm that is shrinking",
        "It orders less every year, while its industry does not: time to ask before it leaves.",
        "Meet the firm",
        "customer_care",
        "business_direction",
    ),
    "consent_withdrawn": Story(
        "A consent withdrawn",
        "Consent to marketing was taken back this month: see what marketing still sees.",
        "See the refusal",
        "marketing",
    ),
}


_WIDTH = 172


def draw() -> None:
    """The five as small cards; nothing in a store that is no demonstration's."""
    found = cached.stories()
    known = {name: customer for name, customer in found.items() if name in STORIES}
    if not known:
        return
    page.section("Five customers worth meeting", "The demonstration in five minutes: one click each.")
    with st.container(horizontal=True, gap="small", key="stories"):
        for name, customer in known.items():
            with st.container(border=True, width=_WIDTH, height="stretch", key=f"story_{name}"):
                _card(STORIES[name], customer)


def _card(one: Story, customer: str) -> None:
    page.block(f'<h3>{text.html(one.title)}</h3><p class="small">{text.html(one.sentence)}</p>')
    query = session.open_customer(customer, {session.PURPOSE: one.purpose} | ({facet.SEE: one.see} if one.see else {}))
    st.page_link(sidebar.page("profile"), label=one.link + purpose.asked_by(one.purpose), query_params=query)
