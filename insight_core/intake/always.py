"""Always: what a recipe says of every row alike, because no column does: the day it was true, a kind, a channel."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from insight_core.intake.recipe import Recipe, Spec
from insight_core.intake.targets import kind_of
from insight_core.records.datasets import REQUIRED, payload

# What says when a row was true.
WHEN = {
    "parties": "observed_at",
    "interactions": "occurred_at",
    "usage": "occurred_at",
    "consents": "decided_at",
    "references": "observed_at",
    "market": "as_of",
}
_CLOCK = "observed_at"
# Either says how old a record is.
_CLOCKS = {_CLOCK, "verified_at"}


def unsaid(recipe: Recipe, filled: Collection[str]) -> list[dict[str, Any]]:
    """What may be said of all rows since no column fills it: field, type, allowed, required, and what is said now."""
    needed, when = REQUIRED[recipe.dataset], WHEN[recipe.dataset]
    names = dict.fromkeys([when, *(name for name in ("kind",) if name in payload(recipe.dataset)), *needed])
    known = _said(recipe)
    made = []
    for name in names:
        dated = name == _CLOCK and _CLOCKS & set(filled)
        if name != "key" and name not in filled and not dated:
            kind, allowed = kind_of(recipe.dataset, name)
            about = {"field": name, "type": kind, "allowed": list(allowed), "required": name in needed}
            made.append(about | {"says": known.get(name, "")})
    return made


def always(recipe: Recipe, told: Mapping[str, str]) -> Recipe:
    """The recipe with what a person says of all rows, by field; "" takes a word back, and a column has the last one."""
    said = {name: text for name, text in (_said(recipe) | dict(told)).items() if text and name not in recipe.columns}
    if WHEN[recipe.dataset] != _CLOCK:
        return replace(recipe, constants=said)
    day, column = said.pop(_CLOCK, None), recipe.observed_at
    fixed = Spec(value=day) if day else None
    return replace(recipe, constants=said, observed_at=column if column and column.columns else fixed)


def _said(recipe: Recipe) -> dict[str, str]:
    """What the recipe says of all rows, by field."""
    fixed = {name: spec.value for name, spec in recipe.clocks.items() if spec.value and name == _CLOCK}
    return fixed | dict(recipe.constants)
