"""Meanings: what the single values of a column stand for, counted, and settled value by value before a load."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from app import cached, session, text, words
from app.components import page

_NOTHING = ""
_TOLD = {"true": "yes", "false": "no", _NOTHING: "nothing is known"}
_UNDER = "A value that means nothing here is refused, with its row, until you say what it means."


def settle(paths: Sequence[Path], recipe: Any, stamp: str) -> Any:
    """Draw what the values of fields of a few values mean; gives the recipe with what was said of them."""
    found = cached.meanings(paths, stamp, recipe)
    if not found:
        return recipe
    page.section("What the values mean", _UNDER)
    said = {one["field"]: _field(one, stamp) for one in found}
    if all(said[one["field"]] == _read(one) for one in found):
        return recipe
    return session.workspace().translated(recipe, said)


def _read(one: Mapping[str, Any]) -> dict[str, str]:
    """What the values are read as without a word of anybody."""
    return {value["value"]: value["means"] for value in one["values"] if value["means"] is not None}


def unknown(paths: Sequence[Path], recipe: Any, stamp: str) -> bool:
    """Whether a value is there that the recipe cannot read."""
    return any(_open(one) for one in cached.meanings(paths, stamp, recipe))


def _open(one: Mapping[str, Any]) -> int:
    return sum(value["means"] is None for value in one["values"])


def _field(one: Mapping[str, Any], stamp: str) -> dict[str, str]:
    """The values of one field, each with what it means; what means nothing is left out."""
    title, left = words.name_of(one["field"]), _open(one)
    counted = text.plural(len(one["values"]), "value")
    label = f"{title}: {counted} in {one['column']}" + (f", {left} not known" if left else "")
    options = [*one["allowed"], _NOTHING]
    with (
        st.expander(text.markdown(label), expanded=bool(left), key=f"means_{one['field']}_{stamp}"),
        st.container(horizontal=True, gap="small"),
    ):
        told = {
            each["value"]: _value(each, options, f"{one['field']}_{one['column']}_{stamp}") for each in one["values"]
        }
    return {value: to for value, to in told.items() if to is not None}


def _value(each: Mapping[str, Any], options: Sequence[str], key: str) -> str | None:
    """What one value means; None leaves its rows refused."""
    at = options.index(each["means"]) if each["means"] in options else None
    chosen: str | None = st.selectbox(
        f"{text.markdown(each['value'])} ({text.plural(each['rows'], 'row')})", options, index=at, format_func=_shown,
        key=f"value_{each['value']}_{key}", placeholder="refused", width=200,
    )  # fmt: skip
    return chosen


def _shown(code: Any) -> str:
    return _TOLD.get(str(code), text.words(code))
