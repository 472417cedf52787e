"""Recommend: how to talk to everybody, why, the files that carry it on, and what came of it."""

from pathlib import Path

import streamlit as st

import insight_core as ic
from app import cached, session, text
from app.components import advice, came_back, card_list, empty, guard, job, notebook, page, sidebar, twin, used
from insight_core.errors import Refused

# What a page's own connection brings along; a larger file is fetched from where it lies.
_CARRIED_BYTES = 20_000_000
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
    job.watched(of=("recommend",))
    if made is None:
        _unmade(purpose)
    elif made["cards"] + made["abstained"] == 0:
        empty.nobody("The purpose may not see anybody. Choose another in the sidebar.")
        return
    else:
        card_list.state(made, purpose)
        page.section("Cards")
        query = card_list.filters(made)
        with st.container(key=card_list.LIST):
            card_list.rows(query)
            _chosen()
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


def _chosen() -> None:
    card = card_list.opened()
    if card is None:
        return
    with st.container(border=True, key="card_whole"):
        advice.head(card)
        with st.container(horizontal=True, vertical_alignment="center"):
            if card.abstained is None:
                used.draw(card)
            query = session.open_customer(card.customer)
            st.page_link(sidebar.page("profile"), label="Open the profile", query_params=query)
            st.button("Close", key="card_close", type="tertiary", on_click=_close)
        advice.whole(card)
        twin.offer(f"Card of {card.customer}", data=card)


def _close() -> None:
    st.query_params.pop(card_list.CHOSEN, None)


def _export(purpose: str) -> None:
    folder = session.workspace().exports
    page.section(
        "Hand it on",
        f"A file of everybody, however the cards above are narrowed: it holds only what {text.words(purpose)} may see, "
        f"and lies in {folder}.",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox("What", list(_EXPORTS), format_func=lambda one: _EXPORTS[one], key="export_what", width=200)
        ending = st.selectbox("As", ["csv", "xlsx", "parquet", "json"], key="export_as", width=140)
        pressed = st.button("Export", key="export_go")
    if pressed:
        with guard.told():
            job.start("export", what=what, purpose=purpose, to=str(folder / f"{what}-{purpose}.{ending}"))
    job.watched(_carry, of=("export",))


def _carry(done: ic.jobs.JobState) -> None:
    """The file that was written, to be taken along."""
    file = Path(done.result["path"])
    if done.arguments["purpose"] == session.purpose() and file.is_file() and file.stat().st_size <= _CARRIED_BYTES:
        twin.carry(f"{file.name}, as it was written", [twin.made_of(file)])


main()
