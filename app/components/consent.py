"""Consent: what a customer allows per purpose and channel, with its evidence, and one click to give or withdraw."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app import session, text, words
from app.components import clicks, guard, page

_CHANNELS = ("*", "email", "sms", "call", "chat", "store", "app", "web", "post", "social", "survey")
# answer: (the shape that tells it, the word for it)
_ANSWERS = {
    "given": ("fresh", "given"),
    "withdrawn": ("stale", "withdrawn"),
    "expired": ("stale", "expired"),
    "ahead": ("stale", "counts later"),
    "never": ("unknown", "never asked"),
    "silent": ("fresh", "no objection"),
    "needless": ("fresh", "needs no word"),
}
_GROUNDS = {"contract": "contract", "legitimate_interest": "legitimate interest", "consent": "consent"}
_HERE = "Recorded in the workbench"
_BACK = "consent_back"
_OTHER = {"given": "withdrawn", "withdrawn": "given"}


def draw(customer: str, changeable: bool) -> None:
    """A line per purpose, a line beneath it for each channel with a word of its own."""
    page.section("Consents", "What this customer allows, for which purpose and on which channel.")
    said = session.workspace().consents(customer, session.purpose())
    body = "".join(_purpose(name, said, changeable) for name in words.PURPOSES)
    heads = ("Purpose", "Channel", "Answer", "Since", "Said where", *(["Record"] if changeable else []))
    told = "".join(f'<th scope="col">{one}</th>' for one in heads)
    page.block(f'{_way_back()}<table class="iw-consents"><thead><tr>{told}</tr></thead><tbody>{body}</tbody></table>')
    if changeable:
        with st.popover("Record with evidence", key="consent_new"):
            _form(customer)


def _purpose(name: str, said: Sequence[Mapping[str, Any]], changeable: bool) -> str:
    mine = sorted((one for one in said if one["purpose"] == name), key=lambda one: one["channel"] != "*")
    if not mine or mine[0]["channel"] != "*":
        mine = [_unsaid(name), *mine]
    return "".join(_line(name, one, changeable, first=at == 0) for at, one in enumerate(mine))


def _unsaid(name: str) -> dict[str, Any]:
    state = {"contract": "needless", "legitimate_interest": "silent"}.get(words.PURPOSES[name].ground, "never")
    return {"channel": "*", "state": state, "since": None, "expires_at": None, "source": None, "evidence": None}


def _where(one: Mapping[str, Any]) -> str:
    """Who brought the word, and what was said."""
    told = text.html(text.words(one["source"])) if one["source"] else text.DASH
    return told + (f'<br><span class="small">{text.html(one["evidence"])}</span>' if one["evidence"] else "")


def _line(name: str, one: Mapping[str, Any], changeable: bool, *, first: bool) -> str:
    purpose, channel, now = words.PURPOSES[name], str(one["channel"]), session.workspace().now
    shape, told = _ANSWERS[one["state"]]
    since = (
        "" if one["since"] is None else f'<span title="{text.day(one["since"])}">{text.ago(one["since"], now)}</span>'
    )
    until = f", until {text.day(one['expires_at'])}" if one["expires_at"] else ""
    head = f'{text.html(text.sentence(name))}<br><span class="small">{_GROUNDS[purpose.ground]}</span>' if first else ""
    cells = [
        f'<span title="{text.attribute(f"To {purpose.meaning}")}">{head}</span>',
        "every channel" if channel == "*" else text.html(channel),
        f'<span class="iw-state {shape}"><i aria-hidden="true"></i>{told}</span>',
        (since + until) or text.DASH,
        _where(one),
        *([_buttons(name, channel, one["state"], purpose.ground)] if changeable else []),
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _buttons(name: str, channel: str, state: str, ground: str) -> str:
    if ground == "contract":
        return ""
    where = "" if channel == "*" else f" by {channel}"
    acts = {"given": "Give", "withdrawn": "Object" if ground == "legitimate_interest" else "Withdraw"}
    return "".join(
        clicks.button(title, ["consent", name, channel, new], f"{title}: {text.words(name)}{where}")
        for new, title in acts.items()
        if new != state
    )


def _way_back() -> str:
    """After a click: what was recorded, and the word that takes it back."""
    done = st.session_state.pop(_BACK, None)
    if not done:
        return ""
    name, channel, state, before = done
    told = f"Recorded: {text.words(name)}{'' if channel == '*' else f' by {channel}'} {state}. "
    if before:
        back = clicks.button(f"Undo: record it as {before}", ["consent", name, channel, before])
    else:
        # what was said cannot be unsaid: there is no way back to never having been asked
        told += "Nothing was said of it before. "
        other = _OTHER[state]
        back = clicks.button(f"Record it as {other} instead", ["consent", name, channel, other])
    return f'<p class="iw-banner" role="status">{text.html(told)}{back}</p>'


def heard(customer: str, act: Sequence[str]) -> None:
    """Record the answer of the button that was pressed."""
    name, channel, state = act
    said = session.workspace().consents(customer, session.purpose())
    before = next((str(one["state"]) for one in said if (one["purpose"], one["channel"]) == (name, channel)), "")
    record(customer, name, channel, state, _HERE)
    st.session_state[_BACK] = (name, channel, state, before if before in _OTHER else "")


def record(customer: str, name: str, channel: str, state: str, wording: str) -> None:
    """Record an answer; what was answered before no longer holds."""
    session.workspace().consent(customer, name, state, channel, wording)
    session.say(f"Consent for {text.words(name)} recorded as {state}")


def _form(customer: str) -> None:
    with st.form("consent_form", border=False):
        asked = [name for name, one in words.PURPOSES.items() if one.ground != "contract"]
        purpose = st.selectbox("Purpose", asked, index=asked.index("marketing"), format_func=text.sentence)
        channel = st.selectbox("Channel", _CHANNELS, format_func=lambda one: "Every channel" if one == "*" else one)
        state = st.segmented_control("Answer", ["given", "withdrawn"], default="given", required=True)
        wording = st.text_input("Evidence", placeholder="What was said, where and how")
        if st.form_submit_button("Record", type="primary"):
            with guard.told():
                record(customer, purpose, str(channel), str(state), wording)
                st.rerun()
