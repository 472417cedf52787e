"""Queries: whom of the customers somebody looks for, and in which order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sought:
    """What customers are looked for by.

    `text` are words of the name, an id, or a source's key; `place` part of a city's or region's name, or a
    country's code; `source` one that asserted something of them; `field` with `state` the state it is in (None:
    missing); `score` one of the four that lies between `at_least` and `at_most`, in percent. `sort` is a column
    that is shown, or one of the four scores.
    """

    text: str = ""
    kind: str | None = None
    stage: str | None = None
    place: str = ""
    source: str | None = None
    field: str | None = None
    state: str | None = None
    score: str | None = None
    at_least: int = 0
    at_most: int = 100
    sort: str = "name"
    descending: bool = False
