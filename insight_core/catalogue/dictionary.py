"""The data dictionary: the catalogue as a page that people read, made and compared by the house's tests."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from insight_core.catalogue.columns import Column, columns
from insight_core.catalogue.fields import FACETS, Field, by_facet, fields
from insight_core.catalogue.methods import METHODS
from insight_core.catalogue.purposes import PURPOSES
from insight_core.catalogue.version import catalogue_version

_COLUMNS = (
    "field", "type", "category", "origin", "half-life", "kept", *(name.replace("_", " ") for name in PURPOSES),
    "rule", "part of", "TMF attribute", "meaning",
)  # fmt: skip

_INTRODUCTION = """\
# Data dictionary

Every field that can be stored; a field that is not here cannot be. This page is made from
`insight_core/catalogue/fields.csv` and `columns.csv` by `make dictionary`, and a test keeps them equal. What a file's
columns may become is under *Columns of each kind of row*.

* **half-life** and **kept** are in days; no half-life means that the value does not age. A half-life is about the
  time in which half of such values change: names hold for decades, habits for two years. Where a wrong value costs
  most (contact points, addresses, charges) it is on the careful side.
* A **number under a purpose** is the field's weight for it: how much an unknown or stale value costs there.
  An empty cell means that the purpose may not see the field.
* **origin**: *asserted* by a source, *derived* from evidence, or a *market* figure about the area or the industry.
* **money** and **ratio** are kept as whole numbers of a millionth; **instant** is seconds since 1970 in UTC."""

_ROWS = """\
What a recipe fills in `[columns]` or `[constants]`, for each kind of row. Without what is *needed* a row means nothing
and goes to quarantine. What a choice may hold stands in brackets; a recipe's `map` translates other words."""

_KINDS = {
    "parties": "customers, with every *asserted* field above beside these",
    "interactions": "contacts; the recipe's `key` names the customer",
    "usage": "orders and uses; the recipe's `key` names the customer",
    "consents": "what customers allow; the recipe's `key` names the customer",
    "references": "what keys stand for",
    "market": "figures about areas, industries and segments",
}

_RULES = """\
**standard**: the strongest method wins, then the newest `observed_at`, then the higher source rank, then the record id,
so no tie is left to the order of loading. A steward's correction or confirmation outranks what lies below it for one
half-life after it was verified. **computed**: derived anew from the evidence at every build.

What is **part of** one thing is chosen as one: the record that wins among those that tell any part gives all that it
tells, and what it leaves untold comes from the next records that contradict neither it nor each other. What is told of
another such thing only stays unknown. A steward's correction goes field by field: parts that do not go with it are in
conflict until somebody looks at them."""


def dictionary() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, f"{len(fields())} fields, catalogue version `{catalogue_version()}`."]
    parts += [_facet(facet) for facet in FACETS]
    parts += ["## Columns of each kind of row", _ROWS, *(_rows(kind) for kind in _KINDS)]
    parts += ["## Rules of precedence", _RULES, _methods(), "## Purposes", _purposes()]
    return "\n\n".join(parts) + "\n"


def _facet(facet: str) -> str:
    rows = (_row(one) for one in by_facet(facet))
    return f"## {facet.replace('_', ' ').capitalize()}\n\n" + _table(_COLUMNS, rows)


def _row(field: Field) -> Iterator[object]:
    allowed = f" ({', '.join(field.values)})" if field.values else ""
    unit = f", {field.unit}" if field.unit else ""
    yield from (f"`{field.name}`", f"{field.type}{unit}", field.category, field.origin)
    yield from (field.half_life_days, field.retention_days)
    yield from (field.weights.get(name) for name in PURPOSES)
    yield from (field.rule, field.part_of, field.tmf, f"{field.meaning}{allowed}")


def _rows(kind: str) -> str:
    told = (_column(one) for one in columns() if one.dataset == kind)
    return f"### {kind}: {_KINDS[kind]}\n\n" + _table(("column", "type", "needed", "meaning"), told)


def _column(one: Column) -> Iterator[object]:
    allowed = f" ({', '.join(one.values)})" if one.values else ""
    yield from (f"`{one.name}`", one.type, "yes" if one.needed else None, f"{one.meaning}{allowed}")


def _methods() -> str:
    rows = ((one.name, one.rank, one.confidence) for one in METHODS.values())
    return _table(("method", "rank", "confidence when fresh"), rows)


def _purposes() -> str:
    rows = ((one.name, one.ground.replace("_", " "), one.dpv, one.meaning) for one in PURPOSES.values())
    return _table(("purpose", "lawful ground", "Data Privacy Vocabulary", "to"), rows)


def _table(head: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join("" if cell is None else str(cell) for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dictionary(), encoding="utf-8")
