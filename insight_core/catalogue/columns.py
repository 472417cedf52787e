"""Columns: a typed view of `columns.csv`, what rows of each kind hold beside the catalogue's fields."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from insight_core.catalogue.fields import FieldType, check
from insight_core.catalogue.purposes import PURPOSES

_PURPOSES = "purposes"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset. A row without a `needed` one means nothing; `values` lists what a choice may be."""

    dataset: str
    name: str
    type: FieldType
    needed: bool
    values: tuple[str, ...]
    meaning: str


@cache
def columns() -> tuple[Column, ...]:
    """Every column, dataset by dataset, in the order of the table."""
    text = files("insight_core.catalogue").joinpath("columns.csv").read_text(encoding="utf-8")
    return tuple(_column(row) for row in csv.DictReader(text.splitlines()))


def _column(row: dict[str, str]) -> Column:
    check(row["name"], kind := row["type"], get_args(FieldType))
    values = tuple(PURPOSES) if row["values"] == _PURPOSES else tuple(filter(None, row["values"].split("|")))
    return Column(row["dataset"], row["name"], kind, row["needed"] == "yes", values, row["meaning"])  # type: ignore[arg-type]
