"""Suggest: a mapping for a file that no recipe knows, from its headers and its values; a person only confirms it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from insight_core.errors import BadInput
from insight_core.intake.guess import guesses
from insight_core.intake.names import whole_names
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe, Spec
from insight_core.intake.synonyms import REGISTERED, TABLES, folded
from insight_core.intake.table import Table
from insight_core.records.datasets import ABOUT_A_PARTY, REQUIRED

_CHANNELS = re.compile(r"email|sms|call|chat|survey|store|social")
# caller, called, call_start, calling_party
_CALLS = re.compile(r"(?<![a-z])call")


def suggest(path: Path, dataset: str | None = None, whole: bool = True) -> Recipe:
    """A recipe ready to be confirmed, every column of it with a reason and a confidence; raises BadInput.

    Of a dataset that somebody names, and where it need not be `whole`, it may lack what a row needs: a person adds it.
    """
    with TemporaryDirectory() as unpacked:
        tables = open_tables(Path(path), None, Path(unpacked))
    made = [_recipe(table, Path(path), name) for table in tables for name in ([dataset] if dataset else TABLES)]
    found = made if dataset else [one for one in made if _enough(one)]
    found = found or [one for one in made if not whole and one.key and one.columns]
    if not found:
        table = tables[0]
        message = f"{table.name}: nothing in {', '.join(table.columns[:8])} looks like contact or market data."
        raise BadInput(message + " Write a recipe for it.", Reason.MISSING_COLUMN)
    return max(found, key=_worth)


def _recipe(table: Table, path: Path, dataset: str) -> Recipe:
    found = guesses(table, dataset)
    keys: dict[str, Spec] = {name: found.pop(name) for name in ("key", "counterpart") if name in found}
    columns = whole_names(table, found) if dataset == "parties" else found
    keys |= {} if "key" in keys else _any_key(table, dataset, columns)
    recipe = Recipe(
        name=re.sub(r"[^a-z0-9]+", "-", path.name.split(".")[0].lower()).strip("-") or "proposed",
        title=f"Proposed for {path.name}",
        dataset=dataset,
        key=_template(keys["key"]) if "key" in keys else None,
        counterpart=_template(keys["counterpart"]) if "counterpart" in keys else None,
        row_key=_row_key(table, found, dataset),
        header=tuple(table.columns) if table.headerless else (),
        constants=_constants(table, dataset, columns),
        observed_at=columns.pop("observed_at", None),
        verified_at=columns.pop("verified_at", None),
        columns=columns,
    )
    recognise = () if table.headerless else recipe.inputs
    return replace(recipe, recognise=recognise, notes=_notes(table, recipe, keys))


def _template(spec: Spec) -> str:
    return "{" + (spec.column or "") + "}"


def _worth(recipe: Recipe) -> float:
    """How much of the file the recipe explains; a table of events is told by its time and its party."""
    known = sum(spec.confidence or 0.0 for spec in (*recipe.columns.values(), *recipe.clocks.values()))
    return known / 2 + (1.5 if recipe.dataset in ABOUT_A_PARTY else 0.0)


def _enough(recipe: Recipe) -> bool:
    """Whether a row would mean something by it."""
    told = recipe.columns or recipe.clocks or (recipe.header and recipe.dataset == "parties")
    needed = [name for name in REQUIRED[recipe.dataset] if name != "key"]
    return bool(recipe.key and told) and all(name in {**recipe.columns, **recipe.constants} for name in needed)


def _any_key(table: Table, dataset: str, found: dict[str, Spec]) -> dict[str, Spec]:
    """A key for parties without a column called one: the first column that differs in every row."""
    if dataset in ABOUT_A_PARTY:
        return {}
    heads = [folded(name) for name in table.columns]
    named = [n for n, name in enumerate(heads) if name.endswith(("id", "key", "no", "nr", "number"))]
    # A person's tax number is nobody's key; an organisation's is printed on every invoice.
    public = [n for n, name in enumerate(heads) if name in REGISTERED and "organisation_name" in found]
    for number in [*public, *named, *range(len(heads))]:
        values = table.column(number)
        if len(values) == len(table.samples) == len(set(values)):
            reason = "no column is called a key, but this one differs in every row"
            return {"key": Spec(column=table.columns[number], reason=reason, confidence=0.5)}
    return {"key": found["email"]} if "email" in found else {}


def _row_key(table: Table, found: dict[str, Spec], dataset: str) -> str | None:
    """The row's own key: its identifier, where that differs in every row seen."""
    own = found.get({"interactions": "interaction_id", "usage": "usage_id"}.get(dataset, ""))
    if own is None or own.column is None:
        return None
    values = table.column(table.columns.index(own.column))
    return _template(own) if len(values) == len(table.samples) == len(set(values)) else None


def _constants(table: Table, dataset: str, columns: Mapping[str, Spec]) -> dict[str, str]:
    if dataset == "parties" and "kind" not in columns:
        person = {"given_name", "family_name", "birth_date", "gender"} & set(columns)
        return {"kind": "organisation" if "organisation_name" in columns and not person else "person"}
    if dataset == "usage" and "kind" not in columns and "amount" in columns:
        return {"kind": "order"}
    if dataset == "interactions" and "channel" not in columns:
        told = _CHANNELS.search(table.name.lower()) or _CALLS.search(" ".join(table.columns).lower())
        return {"channel": told.group()} if told else {}
    return {}


def _notes(table: Table, recipe: Recipe, keys: dict[str, Spec]) -> tuple[str, ...]:
    notes = ["Proposed from headers and values: look at every line, then save it."]
    notes += [f"key = {_template(key)}: {key.reason}" for name, key in keys.items() if name == "key"]
    notes += [f"{name} = {text} for every row: no column says it" for name, text in recipe.constants.items()]
    unused = [name for name in table.columns if name not in recipe.inputs]
    notes += [f"not used: {', '.join(unused[:40])}"] if unused else []
    identifiers = [name for name in table.dated if "{" + name + "}" in (recipe.key, recipe.row_key)]
    for name in identifiers:
        notes.append(f"column {name!r} holds dates that a spreadsheet made out of numbers: they are turned back")
    return tuple(notes + table.notes)
