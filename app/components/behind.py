"""What stands behind a profile: what was withheld and why, consents, and the records that make up the customer."""

from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import guard, page, receipts

_CHANNELS = ("*", "email", "sms", "call", "chat", "store", "app", "web", "post", "social", "survey")


def withheld(profile: ic.Profile) -> None:
    """What the purpose may not see: never mistaken for missing."""
    if not profile.redacted:
        return
    reasons = receipts.grouped(profile.redacted)
    held = text.plural(len(profile.redacted), "field")
    page.section(f"Withheld from {text.words(profile.purpose)}", f"{held} may exist but not be shown for this purpose.")
    page.block("".join(_held(why, names) for why, names in reasons.items()))


def _held(why: str, names: list[str]) -> str:
    told = (
        f'<strong>{text.html(words.readable(why))}</strong><br><span class="small">{text.html(", ".join(names))}</span>'
    )
    return f'<div class="iw-reason"><span>{receipts.state("withheld")}</span><span>{told}</span></div>'


def consents(customer: str) -> None:
    """What the customer allows, and the way to record a new answer."""
    page.section("Consents")
    told, now = session.workspace().consents(customer), session.workspace().now
    rows = [
        {
            "Purpose": text.words(one["purpose"]),
            "Channel": "every channel" if one["channel"] == "*" else one["channel"],
            "Answer": one["state"],
            "Since": f"{text.day(one['since'])} ({text.ago(one['since'], now)})",
            "Until": text.day(one["expires_at"]),
        }
        for one in told
    ]
    if rows:
        page.table(rows)
    else:
        page.under("The customer was never asked.")
    with st.popover("Record a consent", key="consent_new"):
        _record(customer)


def _record(customer: str) -> None:
    with st.form("consent_form", border=False):
        asked = [name for name, one in words.PURPOSES.items() if one.ground != "contract"]
        purpose = st.selectbox("Purpose", asked, index=asked.index("marketing"), format_func=text.sentence)
        channel = st.selectbox("Channel", _CHANNELS, format_func=lambda one: "Every channel" if one == "*" else one)
        state = st.segmented_control("Answer", ["given", "withdrawn"], default="given", required=True)
        wording = st.text_input("Evidence", placeholder="What was said, where and how")
        if st.form_submit_button("Record", type="primary"):
            with guard.told():
                session.workspace().consent(customer, purpose, str(state), channel, wording)
                cached.forget()
                session.say(f"Consent for {text.words(purpose)} recorded as {state}")
                st.rerun()


def records(profile: ic.Profile) -> None:
    """The records that are taken for one customer, by which rule; and what was changed here."""
    page.section("Records and changes")
    rows: list[dict[str, Any]] = [
        {"Record": one["record"], "Source": one["source"], "Joined by": text.words(one["rule"]),
         "With": one["partner"] or text.DASH}
        for one in profile.records
    ]  # fmt: skip
    changes = session.workspace().history(profile.customer)
    made = [
        {
            "When": text.ago(one["at"], session.workspace().now),
            "Field": words.name_of(one["field"]),
            "Did": one["action"] + (", undone" if one["undone_at"] else ""),
            "Before": words.shown(one["field"], one["before"]),
            "After": words.shown(one["field"], one["after"]),
        }
        for one in changes
    ]
    page.table(rows, f"{text.plural(len(rows), 'record')} taken for this customer")
    if made:
        page.table(made, "Changes by stewards")
    page.block(f'<p class="small">Receipt of this look: {text.html(profile.receipt)}</p>')
