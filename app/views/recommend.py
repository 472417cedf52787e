"""Recommend: how to talk to everybody, why, the files that carry it on, and what came of it."""

import streamlit as st

from app import cached, session, text
from app.components import advice, came_back, card_list, empty, guard, job, notebook, page, sidebar, twin
from insight_core.errors import Refused

_EXPORTS = {"recommendations": "Cards", "audience": "Audience", "profiles": "Profiles"}


def main() -> None:
    """The cards of the purpose in pictures and pages, one of them in full, exports and outcomes."""
    purpose = session.purpose()
    page.head(
        "Recommend",
        f"A card says how to talk to a customer for {text.words(purpose)}: channel, time, tone, rhythm, offer and "
        "experience. Without consent, or on stale evidence, it abstains and says why.",
    )
    try:
        made = cached.cards_made()
    except Refused:
        empty.instead()
        return
    job.watched()
    if made is None:
        _unmade(purpose)
    elif made["cards"] + made["abstained"] == 0:
        empty.nobody("The purpose may not see anybody. Choose another in the sidebar.")
        return
    else:
        card_list.state(made, purpose)
        page.section("Cards")
        query = card_list.filters(made)
        card_list.rows(query)
        _chosen(purpose)
        show = {None: "all", True: "abstained", False: "advised"}[query["abstained"]]
        notebook.open_as("recommend", show=show, **{name: one for name, one in query.items() if name != "abstained"})
    _export(purpose)
    came_back.draw()


def _unmade(purpose: str) -> None:
    """Where the cards of a large base are to be made, or made anew."""
    page.block(
        '<div class="iw-empty"><h2>The cards are to be made</h2><p class="under">Here you would see whom to talk to, '
        "by which channel and why. Making them for everybody takes a while and goes on when this page is left; they "
        "are made anew when profiles, consents or the day have changed.</p></div>"
    )
    if st.button("Make the cards", type="primary", key="cards_make"):
        with guard.told():
            job.start("recommend", purpose=purpose)


def _chosen(purpose: str) -> None:
    found = card_list.opened()
    if found is None:
        return
    card, used = found
    with st.container(border=True, key="card_whole"):
        advice.whole(card)
        with st.container(horizontal=True, vertical_alignment="center"):
            query = session.open_customer(card.customer)
            st.page_link(sidebar.page("profile"), label="Open the profile", query_params=query)
            if used:
                st.caption(f"Used since {text.day(used)}")
            elif card.abstained is None and st.button("Use this card", type="primary", key="card_use"):
                with guard.told():
                    session.workspace().use_cards([card.customer], purpose)
                    session.say("Noted as used. Take it along as a file, and load here what came of it.")
                    st.rerun()
            st.button("Close", key="card_close", type="tertiary", on_click=_close)
        twin.offer(f"Card of {card.customer}", data=card)


def _close() -> None:
    st.query_params.pop(card_list.CHOSEN, None)


def _export(purpose: str) -> None:
    folder = session.workspace().exports
    page.section("Hand it on", f"Files hold only what {text.words(purpose)} may see, and lie in {folder}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox("What", list(_EXPORTS), format_func=lambda one: _EXPORTS[one], key="export_what", width=200)
        ending = st.selectbox("As", ["csv", "xlsx", "parquet", "json"], key="export_as", width=140)
        pressed = st.button("Export", key="export_go")
    if pressed:
        with guard.told():
            job.start("export", what=what, purpose=purpose, to=str(folder / f"{what}-{purpose}.{ending}"))


main()
