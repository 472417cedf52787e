"""Profile: one customer as a dossier."""

from datetime import date, datetime, time
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import advice, behind, facet, listing, pictures, scores, sidebar, timeline
from insight_core.records.results import FieldState

_AS_OF = "The profile as it stood at the end of a past day; empty means now."


def main() -> None:
    """The dossier of the customer in the address line."""
    customer = session.customer()
    if customer is None:
        _nobody_chosen()
        return
    as_of = _way_round()
    profile = cached.profile(customer, as_of)
    _head(profile, as_of)
    _notes(profile)
    rows = cached.evidence(customer) if as_of is None else []
    events = cached.timeline(customer)
    for name in words.FACETS:
        if facet.says_something(profile, name):
            facet.draw(profile, name, rows, events)
    timeline.draw(events, session.workspace().now)
    behind.withheld(profile)
    behind.consents(customer)
    behind.records(profile)


def _nobody_chosen() -> None:
    st.html("""<div class="iw"><h1>Profile</h1><p class="lead under">Choose somebody: here you would read who they are,
        how far that can be trusted, and how to talk to them.</p></div>""")
    st.page_link(sidebar.page("customers"), label="Choose from the customers")


def _way_round() -> datetime | None:
    """Back to the list, previous and next, and the moment that the profile is seen from."""
    before, after = listing.neighbours()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
            for title, address, keys in (("Previous", before, "Alt+Left"), ("Next", after, "Alt+Right")):
                if st.button(title, key=f"profile_{title}", shortcut=keys, disabled=address is None) and address:
                    st.switch_page(sidebar.page("profile"), query_params=address)
        seen: Any = st.date_input("As of", value=None, key="as_of", bind="query-params", format="YYYY-MM-DD", width=170,
                                  min_value=text.EARLIEST,
            max_value=session.workspace().now.date(), help=_AS_OF)  # fmt: skip
    zone = session.workspace().now.tzinfo
    return datetime.combine(seen, time(23, 59, 59), zone) if isinstance(seen, date) else None


def _head(profile: ic.Profile, as_of: datetime | None) -> None:
    when = f" As of {text.day(as_of)}, from what was recorded by then." if as_of else ""
    st.html(f"""<div class="iw"><h1>{text.html(profile.name)}</h1>
        <p class="under">{text.html(_who(profile))}{when}</p></div>""")
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


def _notes(profile: ic.Profile) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        asked = profile.next_question
        say = text.html(asked["question"]) if asked else "Nothing is left to ask for this purpose."
        why = f'<p class="small">{text.html(words.readable(asked["why"]))}</p>' if asked else ""
        st.html(f"""<div class="iw"><div class="iw-note"><p class="kicker">The next question worth asking</p>
            <p class="say">{say}</p>{why}</div></div>""")
    with right:
        advice.note(profile.customer)
    shares = facet.shares(profile)
    with st.expander("How complete each facet is", key="profile_complete", on_change="rerun") as opened:
        if opened.open:
            pictures.completeness(shares, "profile_states")


main()
