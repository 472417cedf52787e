"""What stands behind a profile: how complete and fresh it is, its records, and what was changed."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import cached, session, text, words
from app.components import age_pictures, facet, page, pictures
from app.components.seen import Seen


@st.fragment
def quality(seen: Seen) -> None:
    """How complete each facet is, and how old every dated field."""
    page.section("How complete and how fresh")
    with st.expander("Every facet and every dated field", key="quality", bind="query-params") as more:
        if more.open:
            pictures.completeness(facet.shares(seen.profile), "profile_states")
            age_pictures.draw(seen, words.FACETS, "profile_ages")


@st.fragment
def records(seen: Seen) -> None:
    """The records that are taken for one customer, by which rule; and what was changed here."""
    count = text.plural(len(seen.profile.records), "record")
    page.section(
        "Records and changes", f"{count} taken for this customer. Receipt of this look: {seen.profile.receipt}."
    )
    with st.expander("By which rule, and what stewards changed", key="records", bind="query-params") as more:
        if more.open:
            keys = {one["record_id"]: one["key"] for one in cached.evidence(seen.profile.customer)}
            page.table([_record(one, keys) for one in seen.profile.records], f"{count} taken for this customer")
            made = [
                _change(one) for one in session.workspace().history(seen.profile.customer, purpose=seen.profile.purpose)
            ]
            if made:
                page.table(made, "Changes by stewards")
            else:
                page.under("Nothing was changed here: a fix would stand in this place, with the way to undo it.")


def _record(one: dict[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    return {"Source": one["source"], "Key": keys.get(one["record"]) or text.DASH, "Record": one["record"],
            "Joined by": text.words(one["rule"]), "With": one["partner"] or text.DASH}  # fmt: skip


def _change(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "When": text.ago(one["at"], session.workspace().now),
        "Field": words.name_of(one["field"]),
        "Did": one["action"] + (", undone" if one["undone_at"] else ""),
        "Before": _said(one, "before"),
        "After": _said(one, "after"),
    }


def _said(one: dict[str, Any], side: str) -> str:
    return words.STATES["withheld"] if one["withheld"] else words.shown(one["field"], one[side])
