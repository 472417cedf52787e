"""The mapping of a file: recognised, or proposed and confirmed column by column."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from app import session, text, words
from app.components import always, begun, kind, page, proposal
from insight_core.errors import BadInput

_UNDATED = (
    "No column says when these rows were true. What has no date is shown, but nobody is contacted on it: "
    "let the column of the last change become *{0}*, or say one day for all rows under *{0}*."
)
# With dots between them the day comes first, everywhere.
_DOTTED = "%d.%m.%Y"
_EXAMPLE = date(2026, 12, 31)
_ROW_PX, _TALLEST_PX = 35, 600


def drawn(path: Path, recipe: Any, key: str, stamp: str) -> Any:
    """Draw the mapping; gives the recipe, of a proposed one as it was confirmed."""
    if not proposed(recipe):
        page.section(f"Recognised: {recipe.title or recipe.name}", f"Each row is {kind.ROWS[recipe.dataset]}.")
        page.twin(_readable(recipe.mapping), f"The mapping, {text.plural(len(recipe.mapping), 'line')}")
        return always.renewed(recipe, path, key)
    found = session.workspace().columns(path, recipe)
    becomes = proposal.becomes(recipe.dataset, found, key)
    page.section("Proposed for this file: confirm or change it", _sentence(found, becomes))
    kind.ask(recipe.dataset, stamp)
    return _edited(path, recipe, found, becomes, key)


def remembered(usual: Any, source: str, key: str) -> str:
    """Ask under which name the confirmed mapping is kept; nothing when it is meant for once."""
    name = f"{source}-{usual.dataset}" if proposed(usual) else _own(usual.name)
    return st.text_input("Remember this mapping as", value=name, key=f"recipe_{key}", help=_REMEMBER).strip()


def _own(name: str) -> str:
    """The name of a mapping that was kept here, to be renewed; of a shipped one a name beside it."""
    return name if (session.workspace().root / "recipes" / f"{name}.toml").is_file() else f"{name}-here"


_REMEMBER = "The next file with these columns is recognised under this name. Leave it empty to use the mapping once."


def proposed(recipe: Any) -> bool:
    """Whether the mapping is a guess that a person has to confirm."""
    return bool(recipe.notes)


def _sentence(found: Sequence[proposal.Column], becomes: Sequence[str]) -> str:
    return f"{text.plural(len(found), 'line')} below: {proposal.counted(found, becomes)}."


def _readable(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    return [{"Field": text.sentence(one["field"]), "From": one["from"], "How": one["how"] or text.DASH} for one in rows]


def _edited(path: Path, recipe: Any, found: Sequence[proposal.Column], becomes: Sequence[str], key: str) -> Any:
    names = {proposal.UNUSED: proposal.UNUSED, proposal.KEY: f"Key of the {kind.KEYED.get(recipe.dataset, 'record')}"}
    names |= {name: words.name_of(name) for name in sorted(words.targets(recipe.dataset), key=words.name_of)}
    first = {line: name for line, name in begun.grid(key).items() if name in names}
    rows = [
        {
            "column": one["column"],
            "samples": ", ".join(one["samples"]),
            "field": first.get(proposal.line(one), proposal.usual(one)),
            "sure": proposal.how(one, name).replace(proposal.UNUSED, text.DASH),
            "why": one["reason"] if name == proposal.usual(one) else proposal.instead(one, names),
        }
        for one, name in zip(found, becomes, strict=True)
    ]
    edited = st.data_editor(
        pd.DataFrame(rows),
        column_config={
            "column": st.column_config.TextColumn("Column of the file", disabled=True),
            "samples": st.column_config.TextColumn("For example", disabled=True),
            "field": st.column_config.SelectboxColumn("Becomes", options=list(names), required=True, width="medium",
                                                      format_func=lambda one: names[str(one)]),
            "sure": st.column_config.TextColumn("How sure", disabled=True, width="small"),
            "why": st.column_config.TextColumn("Why", disabled=True, width="large"),
        },
        hide_index=True, num_rows="fixed", height=min(_ROW_PX * (len(rows) + 1) + 3, _TALLEST_PX),
        key=proposal.grid(key), alt="The proposed mapping, a row for each column",
    )  # fmt: skip
    usual = {proposal.line(one): proposal.usual(one) for one in found}
    begun.chose(key, {at: name for at, name in zip(usual, edited["field"], strict=True) if name != usual[at]})
    after = [None if one == proposal.UNUSED else str(one) for one in edited["field"]]
    choices = [
        {"column": one["column"], "target": target, "proposed": one["target"], "format": _format(one, target, key)}
        for one, target in zip(found, after, strict=True)
    ]
    told = always.told(recipe, {one for one in after if one}, path, key)
    _dated(recipe.dataset, told)
    return session.workspace().confirmed(path, recipe, choices, told)


def _dated(dataset: str, told: Mapping[str, str]) -> None:
    """What has no date is not recommended on: say so before it is loaded."""
    if dataset == "parties" and told.get("observed_at") == "":
        st.warning(_UNDATED.format(text.markdown(words.name_of("observed_at"))))


def _format(one: proposal.Column, target: str | None, key: str) -> str | None:
    """How the column's dates are written, where only a person can tell."""
    if not one["formats"] or target != one["target"]:
        return None
    example = one["samples"][0]
    usual = one["formats"].index(_DOTTED) if _DOTTED in one["formats"] else None
    chosen: str | None = st.selectbox(
        f"Dates in {text.markdown(one['column'])}: {text.markdown(example)} is", one["formats"], index=usual,
        format_func=lambda form: _read(example, form), key=f"format_{one['column']}_{key}", width=320,
        placeholder="Say which",
    )  # fmt: skip
    if chosen is None:
        raise BadInput(f"Say how the dates in {one['column']} are written: {example} can be read in two ways.")
    return chosen


def _read(example: str, form: str) -> str:
    try:
        return text.day(datetime.strptime(example, form).date())  # noqa: DTZ007 a day has no zone
    except ValueError:
        return _EXAMPLE.strftime(form)
