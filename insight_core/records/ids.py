"""Ids: opaque, and the same whenever they are made from the same thing."""

from hashlib import sha256

RECORD_DIGITS = 20


def record_id(source: str, key: str) -> str:
    """The id of the record that a source keeps under a key; `pipeline.assertions` has the same in SQL."""
    return digest(source, key)[:RECORD_DIGITS]


def digest(*parts: object) -> str:
    """SHA-256 over the parts in hexadecimal."""
    return sha256("\x1f".join(str(one) for one in parts).encode()).hexdigest()
