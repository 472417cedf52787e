"""Fields: a typed view of `fields.csv`, the table that everything else reads."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

from insight_core.catalogue.purposes import PURPOSES
from insight_core.errors import NotFound

FieldType = Literal["text", "choice", "integer", "date", "instant", "money", "ratio", "boolean", "list"]
Category = Literal["personal", "special", "cpni", "business", "market"]
Origin = Literal["asserted", "derived", "market"]

# Where people find every field and column.
LISTED = "data/DICTIONARY.md"

FACETS = (
    "usage_pattern",
    "demographics",
    "life_stage",
    "household",
    "community_of_interest",
    "business_direction",
    "identity",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the catalogue.

    `weights` holds one entry for every purpose that may see the field; a purpose that is
    absent may not. `half_life_days` is None when the value does not age. `values` lists
    what a choice may be. `money` and `ratio` are stored as integers of 1e-6. `part_of` names
    the one thing that the field is a part of, empty for a field that says something by itself.
    """

    name: str
    facet: str
    type: FieldType
    unit: str
    category: Category
    half_life_days: int | None
    retention_days: int
    weights: Mapping[str, int]
    rule: str
    part_of: str
    origin: Origin
    values: tuple[str, ...]
    tmf: str
    meaning: str

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that may see the field."""
        return tuple(self.weights)


@cache
def fields() -> tuple[Field, ...]:
    """Every field, in the order of the table."""
    text = files("insight_core.catalogue").joinpath("fields.csv").read_text(encoding="utf-8")
    return tuple(_field(row) for row in csv.DictReader(text.splitlines()))


@cache
def _index() -> dict[str, Field]:
    return {one.name: one for one in fields()}


def field(name: str) -> Field:
    """The field of that name; raises NotFound with the nearest one."""
    try:
        return _index()[name]
    except KeyError:
        raise NotFound("field", name, _index(), listed=LISTED) from None


@cache
def by_facet(facet: str) -> tuple[Field, ...]:
    """The fields of a facet, in the order of the table."""
    if facet not in FACETS:
        raise NotFound("facet", facet, FACETS)
    return tuple(one for one in fields() if one.facet == facet)


@cache
def asserted() -> tuple[Field, ...]:
    """The fields that a source may assert: the columns of a party record."""
    return tuple(one for one in fields() if one.origin == "asserted")


@cache
def wholes() -> Mapping[str, tuple[Field, ...]]:
    """The things that are told in several fields, each with its parts in the order of the table."""
    names = dict.fromkeys(one.part_of for one in asserted() if one.part_of)
    return {name: tuple(one for one in asserted() if one.part_of == name) for name in names}


def _field(row: dict[str, str]) -> Field:
    kind, category, origin = row["type"], row["category"], row["origin"]
    check(row["name"], kind, get_args(FieldType))
    check(row["name"], category, get_args(Category))
    check(row["name"], origin, get_args(Origin))
    return Field(
        name=row["name"],
        facet=row["facet"],
        type=kind,  # type: ignore[arg-type]
        unit=row["unit"],
        category=category,  # type: ignore[arg-type]
        half_life_days=int(row["half_life_days"]) if row["half_life_days"] else None,
        retention_days=int(row["retention_days"]),
        weights={name: int(row[name]) for name in PURPOSES if row[name] != ""},
        rule=row["rule"],
        part_of=row["part_of"],
        origin=origin,  # type: ignore[arg-type]
        values=tuple(row["values"].split("|")) if row["values"] else (),
        tmf=row["tmf"],
        meaning=row["meaning"],
    )


def check(name: str, value: str, known: tuple[str, ...]) -> None:
    """Raise NotFound for a word of the catalogue's tables that is none of those known."""
    if value not in known:
        raise NotFound(f"value for the catalogue's field {name!r}", value, known)
