"""Card list: everybody's cards in pictures, narrowed by filters in the address line, a page at a time."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import insight_core as ic
from app import cached, text, words
from app.components import advice, coded, into_view, page, pictures, twin

ROWS = 25
LIST = "cards_list"  # the container of the table and of the card that is open
_IN_SIGHT = 8  # rows: so that the card under them is in sight too
# So that the table fits a page of 1024: a wider one gives each its share of the rest.
_HELP = {"Rhythm": "At most one contact in so long.", "How": "Channel, time and tone."}
_WIDTHS = {"Customer": 138, "How": 160, "Rhythm": 74, "Offer": 134, "Experience": 122}
CHOSEN = "card"  # the customer whose card is open, in the address line

# what the address line calls it: (what the core calls it, what it is called here)
_FILTERS = {"channel": ("channel", "Channel"), "tone": ("tone", "Tone"), "offer": ("solution_set", "Offer")}
_ANY = "any"
_SHOWN = ("advised", "abstained", "all")
_TONES = {"formal": "", "friendly": "/", "brief": ".", "detailed": "x"}
_COLOURS = (pictures.ACCENT, pictures.GOOD, pictures.WARN, pictures.SOFT)


def state(made: Mapping[str, Any], purpose: str) -> None:
    """How many cards advise by which channel and in which tone, and why the others abstain."""
    left, right = st.columns(2, gap="large")
    with left:
        page.block(f"<h2>{text.plural(made['cards'], 'card advises', 'cards advise')}</h2>")
        if made["mix"]:
            _mix(made["mix"])
    with right:
        page.block(f"<h2>{text.plural(made['abstained'], 'customer')} not to contact now</h2>")
        if made["why"]:
            why = {words.readable(text.sentence(one["why"])): one["cards"] for one in made["why"]}
            told = "; ".join(f"{reason}: {count:,}" for reason, count in why.items())
            pictures.bars(why, f"Why cards abstain: {told}", "cards_why", "Reason")
    _unasked(purpose)


def _unasked(purpose: str) -> None:
    """Those of whom there is no card at all, because the purpose may not see them."""
    one = next(one for one in cached.allowed() if one["purpose"] == purpose)
    about = text.words(purpose)
    withdrew = f"{text.plural(one['withdrawn'], 'customer has', 'customers have')} taken consent to {about} back"
    never = f"{one['never']:,} were never asked about it"
    if one["ground"] == "consent":
        st.caption(f"Beside these, {withdrew}, and {never}: the purpose does not see them.")


def _mix(mix: list[dict[str, Any]]) -> None:
    channels = sorted({one["channel"] for one in mix}, key=lambda name: -_sum(mix, name))
    figure, rows = go.Figure(), []
    for colour, (tone, pattern) in zip(_COLOURS, _TONES.items(), strict=True):
        counts = [
            sum(one["cards"] for one in mix if (one["channel"], one["tone"]) == (name, tone)) for name in channels
        ]
        if sum(counts):
            # A tone of few cards is a bar that nobody sees: the legend tells how many.
            figure.add_bar(
                y=[text.label(text.sentence(name)) for name in channels], x=counts,
                name=f"{tone} {sum(counts):,}", orientation="h",
                marker=dict(color=colour, pattern=dict(shape=pattern, fgcolor="white", fillmode="overlay", size=6)),
                hovertemplate="%{y}, " + tone + ": %{x:,.0f}<extra></extra>",
            )  # fmt: skip
    for name in channels:
        tones = {text.sentence(one["tone"]): f"{one['cards']:,}" for one in mix if one["channel"] == name}
        rows.append(
            {"Channel": text.sentence(name)}
            | {text.sentence(tone): tones.get(text.sentence(tone), "0") for tone in _TONES}
        )
    figure.update_layout(barmode="stack", bargap=0.42, legend_traceorder="normal")
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False)
    figure.update_xaxes(tickformat=",d", showgrid=False, zeroline=False)
    told = "; ".join(f"{text.words(name)} {_sum(mix, name):,}" for name in channels)
    pictures.draw(figure, f"Cards by channel, in parts by tone: {told}", rows, "cards_mix", 80 + 34 * len(channels))


def _sum(mix: list[dict[str, Any]], channel: str) -> int:
    return sum(int(one["cards"]) for one in mix if one["channel"] == channel)


def filters(made: Mapping[str, Any]) -> dict[str, Any]:
    """What the filters ask for, in the core's words; each is in the address line."""
    # In parts of the page: they stay in one row where it is narrow.
    show, name_in, *places = st.columns([3, *[4] * (1 + len(_FILTERS))], gap="small", vertical_alignment="bottom")
    with show:
        shown = coded.select("Show", _SHOWN, "show")
    named = name_in.text_input("Name contains", key="name", type="search", icon="", bind="query-params")
    found: dict[str, Any] = {"abstained": None if shown == "all" else shown == "abstained", "name": named or None}
    if shown == "advised":
        for place, (key, (name, title)) in zip(places, _FILTERS.items(), strict=True):
            with place:
                wanted = coded.select(title, [_ANY, *made[name]], key)
            found[name] = None if wanted == _ANY else wanted
    return found


def rows(query: Mapping[str, Any]) -> None:
    """A page of the cards; the one that is chosen goes into the address line."""
    held = (str(query), st.session_state.get("cards_query"))
    if held[0] != held[1]:
        if held[1] is not None:
            st.session_state["cards_page"] = 1
        st.session_state["cards_query"] = held[0]
    at = max(int(st.session_state.get("cards_page", st.query_params.get("cards_page", 1))), 1)
    found = cached.cards_page(limit=ROWS, offset=(at - 1) * ROWS, **query)
    cards, total = found["rows"], found["total"]
    if not cards:
        page.under("No card is like that. Loosen a filter.")
        return
    start = (at - 1) * ROWS
    st.caption(
        f"{text.plural(total, 'card')}, shown {start + 1:,} to {start + len(cards):,}, the surest first; at the end, "
        "without a bar, those with only one channel open. Choose one to see why."
    )
    _table(cards, found["used"], bool(query["abstained"]), f"{at}_{abs(hash(held[0]))}")
    if total > ROWS:
        st.pagination(-(-total // ROWS), key="cards_page", bind="query-params")
    twin.part("Cards", [ic.as_json(one) for one in cards], total)


def _table(cards: list[ic.Card], used: Mapping[str, str], abstained: bool, key: str) -> None:
    told = advice.abstained(cards) if abstained else advice.advised(cards)
    if used:
        told = [row | {"Used": text.day(used.get(card.card))} for row, card in zip(told, cards, strict=True)]
    widths = (
        {}
        if abstained
        else {title: st.column_config.TextColumn(width=px, help=_HELP.get(title)) for title, px in _WIDTHS.items()}
    )
    sure = st.column_config.ProgressColumn("Sure", format="%d%%", min_value=0, max_value=100, width=82)
    key = f"cards_table_{key}"
    st.dataframe(
        pd.DataFrame(told),
        column_config={"Sure": sure, **widths},
        hide_index=True, height=38 + 35 * min(len(cards), _IN_SIGHT), selection_mode="single-cell",
        on_select=partial(_choose, key, [one.customer for one in cards]),
        placeholder=text.DASH, key=key, alt="Interaction cards, a row for each customer",
    )  # fmt: skip


def _choose(key: str, customers: Sequence[str]) -> None:
    for row, _ in st.session_state[key]["selection"]["cells"][:1]:
        st.query_params[CHOSEN] = customers[row]
        into_view.ask(into_view.container(LIST))


def opened() -> ic.Card | None:
    """The card that the address line names."""
    customer = st.query_params.get(CHOSEN)
    if customer is None:
        return None
    return next(iter(cached.cards_page(customer=customer, limit=1)["rows"]), None)
