"""The changes that wait: what they will do, why some cannot be, and what came of those just applied."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from app import session, text, words
from app.components import applied, fixing, guard, page, receipts
from insight_core.records.results import Effect

_SHOWN = 20
_CARDS = 3

Row = dict[str, Any]
Later = Callable[[], None]


def draw() -> Later:
    """What was applied last with its way back, and what waits with its effect; what is given draws the cards.

    What becomes of the cards takes longest: the caller lets the rest of the page be there before it.
    """
    applied.draw()
    drafts = session.workspace().drafts()
    if not drafts:
        return lambda: None
    with st.container(border=True, key="fix_waiting"), guard.told():
        return _waiting(drafts)
    return lambda: None


def _waiting(drafts: Sequence[Row]) -> Later:
    rows = fixing.weighed(drafts, _SHOWN)
    good, bad = [one for one in rows if not one["refused"]], [one for one in rows if one["refused"]]
    head = st.empty()
    with head:
        page.block(f"<h2>{text.plural(len(rows), 'change')} waiting</h2>{_under(good, bad)}")
    shown = [*bad, *good][:_SHOWN]
    page.block(table(shown))
    if len(rows) > len(shown):
        page.under(f"and {len(rows) - len(shown):,} more")
    place = st.container()
    _mend([one for one in bad if one["moved"]][:_SHOWN], [one for one in bad if not one["moved"]][:_SHOWN])
    with st.container(horizontal=True):
        if st.button(f"Apply {text.plural(len(good), 'change')}", type="primary", key="fix_apply",
                     disabled=not good, shortcut="mod+enter"):  # fmt: skip
            with head:
                applied.under_way(good)
            apply(drafts)
        if st.button("Drop them", key="fix_drop"):
            session.workspace().drop_draft()
            fixing.renew()
            st.rerun()
    return partial(_cards, place, good)


def _cards(place: Any, good: Sequence[Row]) -> None:
    """What becomes of the interaction cards of the first few customers."""
    first = list(dict.fromkeys(one["customer"] for one in good))[:_CARDS]
    changes = [fixing.plain(one) for one in good if one["customer"] in first]
    with place, guard.told():
        lines = [_card(one, good) for one in (fixing.effect(changes) if changes else [])]
        if lines:
            page.block("".join(lines))


def _card(one: Effect, good: Sequence[Row]) -> str:
    name = next(row["name"] for row in good if row["customer"] == one.customer)
    scores = tuple(title for title, _ in words.SCORES.values())
    moves = [words.readable(told) for told in one.differences if not told.startswith(scores)]
    told = "; ".join(moves) if moves else "stays as it is"
    return f'<p class="small">The card of {text.html(name)}: {text.html(told)}</p>'


def _under(good: Sequence[Row], bad: Sequence[Row]) -> str:
    people = len({one["customer"] for one in good})
    told = (
        f"What this will do: {text.plural(len(good), 'field')} of {text.plural(people, 'customer')}, as one change set."
    )
    if bad:
        told += f" {text.plural(len(bad), 'change')} cannot be applied and will stay here."
    return f'<p class="under">{text.html(told)} Nothing is changed yet.</p>'


def table(rows: Sequence[Row]) -> str:
    """Changes as rows: before, after, and what they do to the scores."""
    titles = [title for name, (title, _) in words.SCORES.items() if name != "lawful"]
    heads = "".join(f"<th scope='col'>{one}</th>" for one in ("Customer", "Field", "Change", *titles))
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(_row(one) for one in rows)}</tbody></table>"


def _row(one: Row) -> str:
    who = f"<td>{text.html(one['name'])}</td><td>{text.html(words.name_of(one['field']))}</td>"
    if one["refused"]:
        state = receipts.state("conflicting" if one["moved"] else "invalid")
        return f'<tr>{who}<td colspan="4">{state} {text.html(words.readable(one["refused"]))}</td></tr>'
    before, after = (text.html(words.shown(one["field"], one[side])) for side in ("before", "after"))
    did = f"<del>{before}</del> <ins>{after}</ins>" if before != after else f"{before}, settled"
    did = f"{before}, confirmed" if one["action"] == "confirm" else did
    if one["action"] == "choose":
        did += f' <span class="small">as {text.html(text.words(one["source"]))} says</span>'
    moves = "".join(f"<td>{_moves(one, name)}</td>" for name in words.SCORES if name != "lawful")
    return f"<tr>{who}<td>{did}</td>{moves}</tr>"


def _moves(one: Row, score: str) -> str:
    before, after = one["scores_before"].get(score), one["scores_after"].get(score)
    if before is None and after is None:
        return text.DASH
    was, is_ = text.apart(before, after)
    return f'<span class="small">{is_}, as before</span>' if was == is_ else f"{was} to <strong>{is_}</strong>"


def _mend(moved: Sequence[Row], wrong: Sequence[Row]) -> None:
    """For changes that somebody overtook: keep mine, or drop; for those that cannot be: drop."""
    for one in [*moved, *wrong]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(text.markdown(f"{one['name']}: {words.name_of(one['field'])}"), width="content")
            place = (one["customer"], one["field"])
            key = "_".join(place)
            if one in moved and st.button("Keep mine all the same", key=f"fix_keep_{key}"):
                session.workspace().draft([fixing.plain(one)])
                st.rerun()
            if st.button("Drop it", key=f"fix_drop_{key}"):
                session.workspace().drop_draft(place)
                fixing.renew()
                st.rerun()


def apply(drafts: Sequence[Row]) -> None:
    """Apply the drafts that can be, and remember the set for its way back."""
    before = applied.scores_of(sorted(drafts, key=lambda one: one["customer"]))
    with guard.told():
        done = session.workspace().apply()
        applied.finish(done, before)
