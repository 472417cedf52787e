"""The form of a notebook's typed parameters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from app import session, text, words
from insight_core.notebooks import Listed, Parameter

_COLUMNS = 3
_ASKED = "notebook_asked"
# codes that are called otherwise on the screen
_TOLD = {one.name: words.name_of(one.name) for one in words.fields()} | words.FACET_TITLES


def draw(one: Listed, given: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """The form, filled with what was given, else with the defaults; what it says once Run is pressed."""
    with st.form(f"form_{key}", border=True):
        said: dict[str, Any] = {}
        # Row by row, so that Tab and a narrow page go through them in their order.
        for start in range(0, len(one.parameters), _COLUMNS):
            places = st.columns(_COLUMNS, gap="medium", vertical_alignment="bottom")
            for each, place in zip(one.parameters[start : start + _COLUMNS], places, strict=False):
                value = given.get(each.name, _usual(one, each))
                said[each.name] = _field(each, value, f"{key}_{each.name}", place)
        st.form_submit_button("Run", type="primary", key=f"run_{key}", on_click=_ask)
    return said if st.session_state.pop(_ASKED, False) else None


def _ask() -> None:
    # A run of the page that another one interrupts must not lose the click: it is kept until it is heard.
    st.session_state[_ASKED] = True


def _usual(one: Listed, each: Parameter) -> Any:
    """A shipped notebook asks for the purpose of the sidebar; a made one knows its own."""
    return session.purpose() if each.kind == "purpose" and one.origin == "shipped" else each.default


def _field(one: Parameter, value: Any, key: str, place: Any) -> Any:
    asks, _, more = one.asks.partition(": ")
    draw_one = _FIELDS[one.kind]
    label = text.markdown(asks or text.sentence(one.name))
    return draw_one(place, one, value, dict(label=label, help=text.markdown(text.sentence(more)) or None, key=key))


def _choice(place: Any, one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    options = ([None] if one.optional else []) + list(one.choices)
    chosen = options.index(value) if value in options else 0
    return place.selectbox(options=options, index=chosen, format_func=_option, **said)


def _sources(place: Any, one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    known = sorted({str(each["source"]) for each in session.workspace().sources()} | ({value} if value else set()))
    return _choice(place, replace(one, choices=tuple(known)), value, said)


def _option(name: str | None) -> str:
    return _TOLD.get(name, text.sentence(name)) if name else "Any"


def _whole(place: Any, _one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    return place.number_input(value=int(value), step=1, **said)


def _number(place: Any, _one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    return place.number_input(value=float(value), format="%.3g", **said)


def _yes_no(place: Any, _one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    return place.toggle(value=bool(value), **said)


def _day(place: Any, _one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    read = text.moment(str(value)) if value else None
    limits = dict(min_value=text.EARLIEST, max_value=text.LATEST)
    chosen = place.date_input(value=read.date() if read else None, format="YYYY-MM-DD", **limits, **said)
    return chosen.isoformat() if chosen else None


def _several(place: Any, one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    known = list(dict.fromkeys([*one.choices, *(value or [])]))
    told = text.sentence if one.choices else str
    return place.multiselect(options=known, default=list(value or []), accept_new_options=not one.choices,
                             format_func=told, **said)  # fmt: skip


def _text(place: Any, _one: Parameter, value: Any, said: dict[str, Any]) -> Any:
    return place.text_input(value="" if value is None else str(value), **said)


_FIELDS: dict[str, Callable[[Any, Parameter, Any, dict[str, Any]], Any]] = {
    "purpose": _choice, "choice": _choice, "whole": _whole, "number": _number, "yes_no": _yes_no, "day": _day,
    "text": _text, "customer": _text, "source": _sources, "several": _several,
}  # fmt: skip
