"""Profile: one customer as a dossier."""

from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import (
    advice,
    applied,
    behind,
    clicks,
    consent,
    facet,
    fixing,
    guard,
    listing,
    notebook,
    others,
    page,
    scores,
    sidebar,
    timeline,
    waiting,
)
from app.components.seen import Seen, valid

_AS_OF = "The profile as it stood at the end of a past day; empty means now."
_NOBODY = "Choose somebody: here you would read who they are, how far that can be trusted, and how to talk to them."


def main() -> None:
    """The dossier of the customer in the address line."""
    customer = session.customer()
    if customer is None:
        page.head("Profile", _NOBODY)
        st.page_link(sidebar.page("customers"), label="Choose from the customers")
        return
    clicks.listen(lambda act: _heard(customer, act))
    as_of = _way_round()
    if as_of and not _banner(customer, as_of):
        return
    applied.draw(customer)
    waiting.draw(customer)
    seen = Seen(cached.profile(customer, as_of), as_of)
    card = _head(seen)
    first = facet.open_first(seen)
    for name in seen.shown:
        facet.draw(seen, name, expanded=name == first)
    if seen.withheld:
        facet.held(seen, seen.withheld)
    timeline.draw(seen)
    behind.quality(seen)
    consent.draw(customer, changeable=as_of is None)
    behind.records(seen)
    notebook.open_as("profile", customer=customer, as_of=as_of.date() if as_of else None)
    _fix(seen)
    # Learning from everybody takes longest: the page is there before the advice.
    with card:
        if as_of is None:
            advice.note(customer)
        else:
            page.under("Advice on how to talk to them is given for now only.")


def _heard(customer: str, act: list[str]) -> None:
    with guard.told():
        if act[0] == "fix":
            st.query_params[fixing.ASKED] = act[1]
        elif act[0] == others.OPEN:
            # Who is opened next need not be in the list that the profile was opened from.
            st.query_params.from_dict(listing.rest() | session.open_customer(act[1]))
        elif act[0] == "consent":
            consent.heard(customer, act[1:])


def _way_round() -> datetime | None:
    """Previous and next in the list that the profile was opened from, and the moment that it is seen from."""
    before, after = listing.neighbours()
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        with st.container(horizontal=True, width="content", vertical_alignment="bottom"):
            if before or after:
                _step("Previous", before, "K")
                _step("Next", after, "J")
            back = listing.address()
            st.page_link(sidebar.page("customers"), label="The list" if back else "All customers", query_params=back)
        seen: Any = st.date_input("As of", value=None, key="as_of", bind="query-params", format="YYYY-MM-DD",
                                  min_value=text.EARLIEST, max_value=session.workspace().now.date(),
                                  width=170, help=_AS_OF)  # fmt: skip
    return datetime.combine(seen, time(23, 59, 59), UTC) if isinstance(seen, date) else None


def _step(title: str, address: dict[str, str] | None, shortcut: str) -> None:
    # The page stays: what is open stays open, so that whoever goes through a list compares the same thing.
    st.button(title, key=f"profile_{title}", shortcut=shortcut, disabled=address is None,
              on_click=st.query_params.update, args=(address or {},))  # fmt: skip


def _banner(customer: str, as_of: datetime) -> bool:
    """That the past is shown, and the way back to now; False when nothing was recorded by then."""
    spoke = (one["recorded_at"] for field in cached.value_history(customer).values() for one in field.spoke)
    first = min(spoke, default=None)
    known = first is None or (text.moment(first) or as_of) <= as_of
    told = f"As of {text.day(as_of)}, from what was recorded by then. The past cannot be changed."
    if not known:
        page.head(_name(cached.profile(customer, None)))
        told = f"Nothing was recorded by {text.day(as_of)}: the first record came on {text.day(first)}."
    with st.container(horizontal=True, vertical_alignment="center", key="iw_as_of"):
        page.block(f'<p class="iw-banner" role="status">{text.html(told)}</p>')
        st.button("Back to now", key="as_of_back", on_click=_to_now)
    return known


def _to_now() -> None:
    st.session_state["as_of"] = None


def _head(seen: Seen) -> Any:
    """Who it is, the four scores, the next question; gives the place for the card's advice."""
    page.head(_name(seen.profile), _who(seen.profile))
    scores.draw(seen.profile.scores)
    left, right = st.columns(2, gap="medium")
    with left:
        _question(seen.profile)
    return right.container()


def _name(profile: ic.Profile) -> str:
    held = {one["field"] for one in profile.redacted}
    nameless = profile.name == profile.customer
    return "Name withheld" if nameless and held & {"family_name", "organisation_name"} else profile.name


def _who(profile: ic.Profile) -> str:
    identity = profile.facets["identity"]
    since, place = valid(identity, "customer_since"), [valid(identity, one) for one in ("city", "region", "country")]
    kind = "withheld" if "kind" in {one["field"] for one in profile.redacted} else profile.kind
    parts = [words.KINDS.get(kind, kind)]
    parts += [f"customer since {text.day(since)}"] if since else []
    parts += [", ".join(str(one) for one in place if one)] if any(place) else []
    return "  ·  ".join([*parts, f"id {profile.customer}"])


def _question(profile: ic.Profile) -> None:
    asked = profile.next_question
    none = "Nothing is left to ask" if profile.scores["lawful"].value else "Nothing but consent may be asked"
    say = text.html(asked["question"]) if asked else f"{none} for {text.html(text.words(profile.purpose))}."
    why = f'<p class="small">{text.html(words.readable(asked["why"]))}</p>' if asked else ""
    kicker = '<p class="kicker">The next question worth asking</p>'
    page.block(f'<div class="iw-note">{kicker}<p class="say">{say}</p>{why}</div>')


def _fix(seen: Seen) -> None:
    """The field that the address line asks to be put right, as its button does."""
    name = st.query_params.get(fixing.ASKED)
    fields = {one: state for shown in seen.profile.facets.values() for one, state in shown.fields.items()}
    if name is None or name not in fields or words.field(name).origin != "asserted" or seen.as_of:
        return

    @st.dialog(f"Fix: {words.name_of(name)}", width="large", on_dismiss=fixing.close)
    def asked() -> None:
        rows = cached.evidence(seen.profile.customer)
        fixing.one_field(seen.profile.customer, seen.profile.name, name, fields[name], rows, "profile", applied.save)

    asked()


main()
