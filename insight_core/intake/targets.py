"""Targets: what a recipe fills, column by column, with the type that the catalogue gives it."""

from dataclasses import dataclass

from insight_core.catalogue import columns, field
from insight_core.intake.recipe import Recipe, Spec
from insight_core.records.datasets import ABOUT_A_PARTY, CHOICES, REQUIRED, column_type, payload

PARTY_HEAD = tuple(one.name for one in columns() if one.dataset == "parties")


@dataclass(frozen=True, slots=True)
class Target:
    """One column of the outcome: its type as the catalogue names it, what a choice may hold, where it comes from."""

    name: str
    type: str
    values: tuple[str, ...]
    spec: Spec
    required: bool = False
    special: bool = False  # stored on explicit consent only, and the basis differs from row to row
    strict: bool = False  # a template of a key is missing as soon as one of its parts is


def targets(recipe: Recipe) -> list[Target]:
    """Every column that the recipe fills, keys first."""
    about = recipe.dataset in ABOUT_A_PARTY
    made = []
    for what, template in recipe.templates.items():
        name = {"key": "party_key" if about else "key", "counterpart": "counterpart_key"}.get(what, what)
        made.append(Target(name, "text", (), Spec(template=template), required=what == "key", strict=True))
    required = REQUIRED[recipe.dataset]
    clocks = {name: spec for name, spec in recipe.clocks.items() if name in payload(recipe.dataset)}
    specs = clocks | {name: Spec(value=text) for name, text in recipe.constants.items()} | dict(recipe.columns)
    for name, spec in specs.items():
        kind, allowed = kind_of(recipe.dataset, name)
        special = "basis" in specs and is_special(recipe.dataset, name)
        made.append(Target(name, kind, allowed, spec, required=name in required, special=special))
    return made


def is_special(dataset: str, name: str) -> bool:
    """Whether the catalogue calls the field a special category of personal data."""
    return dataset == "parties" and name not in PARTY_HEAD and field(name).category == "special"


def kind_of(dataset: str, name: str) -> tuple[str, tuple[str, ...]]:
    """The catalogue's type of a dataset's column, and what a choice may hold."""
    if dataset == "parties" and name not in PARTY_HEAD:
        known = field(name)
        return known.type, known.values
    return column_type(dataset, name), CHOICES.get((dataset, name), ())
