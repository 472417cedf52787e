"""Recommend: how to talk to everybody, why, and the files that carry it on."""

import pandas as pd
import streamlit as st

import insight_core as ic
from app import cached, session, text
from app.components import advice, empty, guard, page, sidebar
from insight_core.errors import Refused

_SHOWN = 500
_EXPORTS = {"recommendations": "Cards", "audience": "Audience", "profiles": "Profiles"}


def main() -> None:
    """The cards of the purpose, one of them in full, and exports."""
    purpose = session.purpose()
    page.head(
        "Recommend",
        f"A card says how to talk to a customer for {text.words(purpose)}: channel, time, tone, rhythm, offer and "
        "experience. Without consent, or on stale evidence, it abstains and says why.",
    )
    try:
        cards = cached.cards(purpose, _SHOWN)
    except Refused as why:
        empty.instead() if "no profiles yet" in str(why) else st.error(text.markdown(why))
        return
    if not cards:
        empty.nobody("The purpose may not see anybody. Choose another in the sidebar.")
        return
    _table(cards)
    _export(purpose)


def _table(cards: list[ic.Card]) -> None:
    only = st.segmented_control("Show", ["all", "advised", "abstained"], default="all", required=True, key="cards",
                                bind="query-params", format_func=text.sentence)  # fmt: skip
    wanted = [one for one in cards if only == "all" or (one.abstained is not None) == (only == "abstained")]
    given = sum(one.abstained is None for one in cards)
    first = f"{given:,} of the first {text.plural(len(cards), 'card')} advise, {len(cards) - given:,} abstain."
    st.caption(f"{first} Choose one to see why.")
    chosen = st.dataframe(
        pd.DataFrame(advice.abstained(wanted) if only == "abstained" else advice.advised(wanted)),
        column_config={"Sure": st.column_config.ProgressColumn("Sure", format="%d%%", min_value=0, max_value=100)},
        hide_index=True, height=380, on_select="rerun", selection_mode="single-cell", key=f"cards_table_{only}",
        alt="Interaction cards, a row for each customer",
    )  # fmt: skip
    for row, _ in chosen["selection"]["cells"][:1]:
        if row < len(wanted):
            _whole(wanted[row])


def _whole(card: ic.Card) -> None:
    with st.container(border=True):
        advice.whole(card)
        query = session.open_customer(card.customer)
        st.page_link(sidebar.page("profile"), label="Open the profile", query_params=query)


def _export(purpose: str) -> None:
    folder = session.workspace().exports
    page.section("Hand it on", f"Files hold only what {text.words(purpose)} may see, and lie in {folder}.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = st.selectbox("What", list(_EXPORTS), format_func=lambda one: _EXPORTS[one], key="export_what", width=200)
        ending = st.selectbox("As", ["csv", "xlsx", "parquet", "json"], key="export_as", width=140)
        pressed = st.button("Export", type="primary", key="export_go")
    if pressed:
        with guard.told(), st.spinner("Writing"):
            ws = session.workspace()
            _report(ws.export(what, purpose, ws.exports / f"{what}-{purpose}.{ending}"))


def _report(done: ic.ExportReport) -> None:
    st.success(f"{text.plural(done.rows, 'row')} written to {text.markdown(done.path)}")
    for why, count in done.reasons.items():
        st.caption(f"{text.plural(count, 'customer')} withheld: {text.markdown(why)}")
    st.caption(f"Receipt {text.markdown(done.receipt)}")


main()
