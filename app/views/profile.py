"""Profile: one customer as a dossier."""

from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import advice, behind, facet, listing, page, pictures, scores, sidebar, timeline
from insight_core.records.results import FieldState

_AS_OF = "The profile as it stood at the end of a past day; empty means now."
_NOBODY = "Choose somebody: here you would read who they are, how far that can be trusted, and how to talk to them."
_DEPTHS = {"fields": "Sentences and fields", "sentences": "Sentences only"}


def main() -> None:
    """The dossier of the customer in the address line."""
    customer = session.customer()
    if customer is None:
        page.head("Profile", _NOBODY)
        st.page_link(sidebar.page("customers"), label="Choose from the customers")
        return
    as_of = _way_round()
    profile = cached.profile(customer, as_of)
    _head(profile, as_of)
    card = _notes(profile)
    events = _until(cached.timeline(customer), as_of)
    _facets(profile, events, as_of)
    timeline.draw(events, text.moment(profile.as_of) or session.workspace().now)
    behind.withheld(profile)
    behind.consents(customer)
    behind.records(profile)
    # Learning from everybody takes longest: the page is there before the advice.
    with card:
        advice.note(customer)


def _way_round() -> datetime | None:
    """Previous and next in the list that the profile was opened from, and the moment that it is seen from."""
    before, after = listing.neighbours()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
            if before or after:
                _step("Previous", before, "K")
                _step("Next", after, "J")
        seen: Any = st.date_input("As of", value=None, key="as_of", bind="query-params", format="YYYY-MM-DD",
                                  min_value=text.EARLIEST, max_value=session.workspace().now.date(),
                                  width=170, help=_AS_OF)  # fmt: skip
    return datetime.combine(seen, time(23, 59, 59), UTC) if isinstance(seen, date) else None


def _step(title: str, address: dict[str, str] | None, shortcut: str) -> None:
    if st.button(title, key=f"profile_{title}", shortcut=shortcut, disabled=address is None) and address:
        st.switch_page(sidebar.page("profile"), query_params=address)


def _head(profile: ic.Profile, as_of: datetime | None) -> None:
    when = f" As of {text.day(as_of)}, from what was recorded by then." if as_of else ""
    page.head(profile.name, _who(profile) + when)
    scores.draw(profile.scores)


def _who(profile: ic.Profile) -> str:
    identity = profile.facets["identity"].fields
    since, place = _value(identity, "customer_since"), [_value(identity, one) for one in ("city", "region", "country")]
    parts = [words.KINDS.get(profile.kind, profile.kind)]
    parts += [f"customer since {text.day(since)}"] if since else []
    parts += [", ".join(str(one) for one in place if one)] if any(place) else []
    return "  ·  ".join([*parts, f"id {profile.customer}"])


def _value(fields: dict[str, FieldState], name: str) -> Any:
    return fields[name].value if name in fields else None


def _notes(profile: ic.Profile) -> Any:
    """The next question, and a place for the card's advice."""
    left, right = st.columns(2, gap="medium")
    asked = profile.next_question
    say = text.html(asked["question"]) if asked else "Nothing is left to ask for this purpose."
    why = f'<p class="small">{text.html(words.readable(asked["why"]))}</p>' if asked else ""
    with left:
        kicker = '<p class="kicker">The next question worth asking</p>'
        page.block(f'<div class="iw-note">{kicker}<p class="say">{say}</p>{why}</div>')
    return right.container()


def _until(events: list[dict[str, Any]], as_of: datetime | None) -> list[dict[str, Any]]:
    return events if as_of is None else [one for one in events if (text.moment(one["at"]) or as_of) <= as_of]


def _facets(profile: ic.Profile, events: list[dict[str, Any]], as_of: datetime | None) -> None:
    depth = st.segmented_control("Read", list(_DEPTHS), default="fields", required=True, key="read",
                                 bind="query-params", format_func=lambda one: _DEPTHS[one],
                                 label_visibility="collapsed")  # fmt: skip
    pictures.completeness(facet.shares(profile), "profile_states")
    rows = cached.evidence(profile.customer) if as_of is None and depth == "fields" else []
    for name in words.FACETS:
        if facet.says_something(profile, name):
            facet.draw(profile, name, rows, events, depth == "fields")


main()
