"""The catalogue's version: a digest of its table, part of every state hash."""

from functools import cache
from hashlib import sha256
from importlib.resources import files


@cache
def catalogue_version() -> str:
    """The first twelve hexadecimal digits of the table's SHA-256."""
    return sha256(files("insight_core.catalogue").joinpath("fields.csv").read_bytes()).hexdigest()[:12]
