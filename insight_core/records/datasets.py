"""The datasets of the lake: what a source can assert, column by column.

Every dataset carries the columns of `COMMON`; `PAYLOAD` adds its own. Instants are whole
seconds since 1970 in UTC, dates are dates, money and ratios are integers of 1e-6, lists are
JSON arrays in text. A column that is not here cannot be stored.
"""

from functools import cache

from insight_core.catalogue import FACETS, Column, Field, asserted, by_facet, fields
from insight_core.catalogue import columns as catalogue_columns
from insight_core.errors import NotFound

SQL_TYPES = {
    "text": "VARCHAR",
    "choice": "VARCHAR",
    "list": "VARCHAR",
    "integer": "BIGINT",
    "money": "BIGINT",
    "ratio": "BIGINT",
    "instant": "BIGINT",
    "date": "DATE",
    "boolean": "BOOLEAN",
}

MICRO = 1_000_000

# record_id   20 hexadecimal digits of SHA-256 over source and key
# evidence    63-bit hash of the row's content: with record_id it names one assertion
# batch       the load that asserted it
COMMON: dict[str, str] = {
    "record_id": "VARCHAR",
    "evidence": "BIGINT",
    "batch": "INTEGER",
    "source": "VARCHAR",
    "recorded_at": "BIGINT",
}

_BY_DATASET: dict[str, dict[str, Column]] = {
    dataset: {one.name: one for one in catalogue_columns() if one.dataset == dataset}
    for dataset in dict.fromkeys(one.dataset for one in catalogue_columns())
}


def _typed(dataset: str) -> dict[str, str]:
    return {name: SQL_TYPES[one.type] for name, one in _BY_DATASET[dataset].items()}


# It fits, and takes half the room.
_PARTY_HEAD = _typed("parties") | {"rank": "INTEGER"}
_PAYLOAD = {name: _typed(name) for name in _BY_DATASET if name != "parties"}

DATASETS = ("parties", *_PAYLOAD)

# What the loader keeps for itself beside the datasets: rows that a later batch asserted
# again, so that taking the first batch back leaves them, rows that were refused, and the
# records whose rows were taken out since the last build.
_LEDGER: dict[str, dict[str, str]] = {
    "again": COMMON | {"dataset": "VARCHAR"},
    "dirty": {"record_id": "VARCHAR"},
    "quarantine": {
        "batch": "INTEGER",
        "file": "VARCHAR",
        "line": "BIGINT",
        "column": "VARCHAR",
        "value": "VARCHAR",
        "code": "VARCHAR",
        "message": "VARCHAR",
        "raw": "VARCHAR",
    },
}

# What a choice column may hold; the loader quarantines the rest: a no to a purpose that nobody knows would be heard by
# nobody.
CHOICES = {(one.dataset, one.name): one.values for one in catalogue_columns() if one.type == "choice"}

# Without these a row means nothing and goes to quarantine.
REQUIRED = {dataset: tuple(name for name, one in told.items() if one.needed) for dataset, told in _BY_DATASET.items()}

# Datasets whose rows belong to a party: a recipe says how its key is made.
ABOUT_A_PARTY = ("interactions", "usage", "consents")


def column_type(dataset: str, name: str) -> str:
    """The type of a column that is no field, as the catalogue names it."""
    return _BY_DATASET[dataset][name].type


@cache
def payload(dataset: str) -> dict[str, str]:
    """The columns that a recipe can fill, with their DuckDB types; raises NotFound."""
    if dataset == "parties":
        return _PARTY_HEAD | {one.name: sql_type(one) for one in asserted()}
    if dataset not in _PAYLOAD:
        raise NotFound("dataset", dataset, DATASETS)
    return _PAYLOAD[dataset]


# What may lie in files that an older release wrote.
LASTING = (*DATASETS, *_LEDGER, "snapshot")


@cache
def columns(dataset: str) -> dict[str, str]:
    """Every column of the dataset as it lies in the lake."""
    if dataset == "snapshot":
        return _snapshot()
    return _LEDGER[dataset] if dataset in _LEDGER else COMMON | payload(dataset)


def _snapshot() -> dict[str, str]:
    """What `pipeline.snapshot` puts together, and what a build adds to compare it by."""
    told: dict[str, str] = {"customer_id": "VARCHAR", "name": "VARCHAR"}
    for one in fields():
        told |= {one.name: sql_type(one), f"{one.name}__at": "BIGINT"}
    for one in asserted():
        told |= {f"{one.name}__source": "VARCHAR", f"{one.name}__method": "VARCHAR", f"{one.name}__pos": "BIGINT",
                 f"{one.name}__conflict": "BOOLEAN"}  # fmt: skip
    for facet in FACETS:
        if any(one.origin != "asserted" for one in by_facet(facet)):
            told |= {f"{facet}__at": "BIGINT", f"{facet}__count": "BIGINT"}
    lists = dict.fromkeys(("evidence_ids", "sources", "methods"), "VARCHAR[]")
    clocks = dict.fromkeys(("observed", "verified"), "BIGINT[]")
    return told | lists | clocks | {"known_at": "BIGINT", "due_at": "BIGINT", "digest": "UBIGINT"}


def sql_type(field: Field) -> str:
    """The DuckDB type in which a field is kept."""
    return SQL_TYPES[field.type]
