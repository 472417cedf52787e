"""Confirm: a proposed mapping as a person looks at it, column by column, and as they leave it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insight_core.errors import BadInput
from insight_core.intake.always import always
from insight_core.intake.dates import iso, likely_formats
from insight_core.intake.guess import fitting
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe, Spec, template_columns
from insight_core.intake.scan import connected
from insight_core.intake.targets import kind_of
from insight_core.intake.values import DEFAULT_NULLS
from insight_core.records.datasets import ABOUT_A_PARTY, REQUIRED

KEY = "key"
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """What one column becomes: `target` is a field, `key`, or None where it is not used; `format` is of its dates."""

    column: str
    target: str | None
    proposed: str | None = None
    format: str | None = None


def columns(path: Path, recipe: Recipe) -> list[dict[str, Any]]:
    """The file's columns in order, with what each becomes: column, target, samples, reason, confidence, formats.

    A column that fills two fields comes twice. `formats` lists how its dates may be read where that is not clear.
    """
    made = []
    for name, values in _values(path, recipe).items():
        used: list[tuple[str | None, Spec]] = [*_targets(recipe, name)] or [(None, Spec())]
        shown = list(dict.fromkeys(values))[:_SAMPLES]
        for target, spec in used:
            about = {"samples": shown, "reason": spec.reason, "confidence": spec.confidence}
            unclear = _unclear(recipe.dataset, target, spec, values)
            made.append({"column": name, "target": target, **about, "formats": unclear})
    return made


def confirmed(path: Path, recipe: Recipe, choices: Iterable[Choice], told: Mapping[str, str]) -> Recipe:
    """The recipe as the person left it, with what was `told` of all rows; raises BadInput for what cannot be."""
    chosen = list(choices)
    _once(chosen)
    values = _values(path, recipe)
    old = dict(recipe.columns) | recipe.clocks
    specs: dict[str, Spec] = {}
    for one in (one for one in chosen if one.target and one.target != KEY):
        target = str(one.target)
        known = old[target] if target == one.proposed and target in old else None
        spec = known or fitting(recipe.dataset, target, one.column, values[one.column])
        specs[target] = replace(spec, format=(one.format,)) if one.format else spec
    keys = [one.column for one in chosen if one.target == KEY]
    key = "{" + keys[0] + "}" if keys else recipe.key
    made = replace(recipe, key=key, columns=specs)
    if recipe.dataset not in ABOUT_A_PARTY:
        fixed = recipe.observed_at if recipe.observed_at and recipe.observed_at.value else None
        observed, verified = specs.pop("observed_at", fixed), specs.pop("verified_at", None)
        made = replace(made, observed_at=observed, verified_at=verified)
    made = always(made, told)
    _whole(made)
    return replace(made, recognise=() if recipe.header else made.inputs, notes=())


def _values(path: Path, recipe: Recipe) -> dict[str, list[str]]:
    """The values seen in each column of the table that the recipe reads."""
    with TemporaryDirectory() as unpacked:
        tables = open_tables(path, None, Path(unpacked))
    table = max(tables, key=lambda one: len(set(one.columns) & set(recipe.inputs)))
    return {
        name: [one.strip() for one in table.column(number) if one.strip() not in DEFAULT_NULLS]
        for number, name in enumerate(table.columns)
    }


def _targets(recipe: Recipe, column: str) -> Iterable[tuple[str, Spec]]:
    if recipe.key and template_columns(recipe.key) == [column]:
        yield KEY, Spec(reason="names the record", confidence=0.9)
    for name, spec in (recipe.clocks | dict(recipe.columns)).items():
        if column in spec.columns:
            yield name, spec


def _unclear(dataset: str, target: str | None, spec: Spec, values: list[str]) -> list[str]:
    if target in (None, KEY) or spec.format or kind_of(dataset, str(target))[0] not in ("date", "instant"):
        return []
    if all(iso(one) for one in values):
        return []
    with connected() as engine:
        counts = likely_formats(engine, values)
    most = max(counts.values(), default=0)
    fitting_all = [one for one, count in counts.items() if count == most]
    return fitting_all if len(fitting_all) > 1 else []


def _once(chosen: list[Choice]) -> None:
    taken: dict[str, str] = {}
    for one in chosen:
        if one.target and (other := taken.setdefault(one.target, one.column)) != one.column:
            what = one.target.replace("_", " ")
            message = f"Two columns cannot both become {what}: {other} and {one.column}. Leave one of them out."
            raise BadInput(message, Reason.BAD_RECIPE)


def _whole(recipe: Recipe) -> None:
    if not recipe.key:
        who = "the customer" if recipe.dataset in ABOUT_A_PARTY else "the record"
        raise BadInput(f"No column becomes the key: choose the one that names {who}.", Reason.MISSING_COLUMN)
    filled = {KEY, *recipe.constants, *recipe.columns}
    missing = [one.replace("_", " ") for one in REQUIRED[recipe.dataset] if one not in filled]
    if missing:
        message = f"No column becomes {' and '.join(missing)}: choose one that does, or say it for all rows."
        raise BadInput(message, Reason.MISSING_COLUMN)
    if not recipe.columns:
        raise BadInput("No column becomes anything: choose one that does.", Reason.MISSING_COLUMN)
