"""One typed table per facet, made from the catalogue: a field that is not in it cannot be stored.

They are asked by customer alone. Whoever looks for people by a value looks into the snapshot: an index of a million
names takes longer to write than all else in its table.
"""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from insight_core.catalogue import FACETS, by_facet
from insight_core.catalogue import Field as CatalogueField

_PYTHON: dict[str, Any] = {
    "text": str, "choice": str, "list": str, "integer": int, "money": int,
    "ratio": int, "instant": int, "date": date, "boolean": bool,
}  # fmt: skip


def _column(field: CatalogueField) -> Any:
    if field.type == "list":
        return Field(default=None, sa_column=Column(field.name, Text))
    if _PYTHON[field.type] is int:
        return Field(default=None, sa_type=BigInteger)
    return Field(default=None)


def _facet_table(facet: str) -> type[SQLModel]:
    fields = by_facet(facet)
    body: dict[str, Any] = {
        "__tablename__": facet,
        "__module__": __name__,
        "__annotations__": {"customer_id": str, **{one.name: _PYTHON[one.type] | None for one in fields}}
        | {"won": str | None, "opposed": str | None, "derived_at": int | None, "evidence_count": int | None},
        "customer_id": Field(primary_key=True),
        **{one.name: _column(one) for one in fields},
        "won": Field(default=None),
        "opposed": Field(default=None),
        "derived_at": Field(default=None, sa_type=BigInteger),
        "evidence_count": Field(default=None, sa_type=BigInteger),
        "__doc__": f"The facet {facet}: one row per customer; `won` says which evidence gave each asserted field.",
    }
    name = "".join(part.title() for part in facet.split("_"))
    make: Any = type(SQLModel)
    made: type[SQLModel] = make(name, (SQLModel,), body, table=True)
    return made


FACET_TABLES: dict[str, type[SQLModel]] = {facet: _facet_table(facet) for facet in FACETS}
