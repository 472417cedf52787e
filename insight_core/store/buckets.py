"""Buckets: where in the lake a record's rows lie, and in which order."""

from collections.abc import Iterable

BUCKETS = 64
# What a build makes, by the column that names its bucket.
BUILT = {"snapshot": "customer_id", "links": "record_id", "consent_states": "customer_id", "places": "customer_id"}

# What is counted from these and kept until they change, by the same.
KEPT = {"contact_counts": "customer_id"}

# By what the rows of a file lie, where it is not record and evidence.
ORDER = {
    "interactions": "record_id, occurred_at, evidence",
    "usage": "record_id, occurred_at, evidence",
    "consents": "record_id, decided_at, evidence",
    "quarantine": "batch, file, line",
    "dirty": "record_id",
    "keys": "record_id",
    "snapshot": "customer_id",
    "links": "record_id",
    "consent_states": "customer_id, purpose, channel",
    "places": "customer_id, place",
    "contact_counts": "customer_id, channel, hour, tone, direction, outcome",
}


def bucket_of(record_id: str) -> int:
    """The bucket of a record: from the first two digits of its id, which is a hash already."""
    return int(record_id[:2], 16) % BUCKETS


def bucket_sql(name: str) -> str:
    """The same in SQL."""
    return f"('0x' || left({name}, 2))::INTEGER % {BUCKETS}"


def within(name: str, buckets: Iterable[int]) -> str:
    """In SQL, whether the record's bucket is one of these."""
    return f"{bucket_sql(name)} IN ({', '.join(str(one) for one in buckets)})"


def lying_in(buckets: Iterable[int]) -> str:
    """The same of a row that carries its bucket."""
    return f"bucket IN ({', '.join(str(one) for one in buckets)})"


def key_of(dataset: str) -> str:
    """By what the rows of a dataset lie in buckets."""
    return (BUILT | KEPT).get(dataset, "record_id")


def order_of(dataset: str) -> str:
    """By what they are put in order within a file."""
    return ORDER.get(dataset, "record_id, evidence")
