"""The form of a notebook's typed parameters."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from app import session, text
from insight_core.notebooks import Listed, Parameter

_COLUMNS = 3


def draw(one: Listed, given: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """The form, filled with what was given, else with the defaults; what it says once Run is pressed."""
    with st.form(f"form_{key}", border=True):
        places = st.columns(_COLUMNS, gap="medium", vertical_alignment="bottom")
        said = {
            each.name: _field(
                each, given.get(each.name, _usual(one, each)), f"{key}_{each.name}", places[at % _COLUMNS]
            )
            for at, each in enumerate(one.parameters)
        }
        pressed = st.form_submit_button("Run", type="primary", key=f"run_{key}")
    return said if pressed else None


def _usual(one: Listed, each: Parameter) -> Any:
    """A shipped notebook asks for the purpose of the sidebar; a made one knows its own."""
    return session.purpose() if each.kind == "purpose" and one.origin == "shipped" else each.default


def _field(one: Parameter, value: Any, key: str, place: Any) -> Any:
    label = text.markdown(one.asks or text.sentence(one.name))
    if one.kind in ("purpose", "choice"):
        chosen = list(one.choices).index(value) if value in one.choices else 0
        return place.selectbox(label, one.choices, index=chosen, format_func=text.sentence, key=key)
    if one.kind == "whole":
        return place.number_input(label, value=int(value), step=1, key=key)
    if one.kind == "number":
        return place.number_input(label, value=float(value), format="%.3g", key=key)
    return _OTHERS[one.kind](place, label, value, key)


def _yes_no(place: Any, label: str, value: Any, key: str) -> Any:
    return place.toggle(label, value=bool(value), key=key)


def _day(place: Any, label: str, value: Any, key: str) -> Any:
    read = text.moment(str(value)) if value else None
    chosen = place.date_input(label, value=read.date() if read else None, format="YYYY-MM-DD", key=key,
                              min_value=text.EARLIEST, max_value=text.LATEST)  # fmt: skip
    return chosen.isoformat() if chosen else None


def _text(place: Any, label: str, value: Any, key: str) -> Any:
    return place.text_input(label, value="" if value is None else str(value), key=key)


_OTHERS: dict[str, Callable[[Any, str, Any, str], Any]] = {
    "yes_no": _yes_no, "day": _day, "text": _text, "customer": _text,
}  # fmt: skip
