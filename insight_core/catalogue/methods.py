"""Methods: how a value is known, strongest first; the order is the first part of every precedence rule."""

from dataclasses import dataclass

from insight_core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Method:
    """How a value is known. `rank` orders evidence; `confidence` (0 to 1) is where a fresh, unopposed value starts."""

    name: str
    rank: int
    confidence: float


METHODS: dict[str, Method] = {
    one.name: one
    for one in (
        Method("corrected", 6, 0.99),
        Method("declared", 5, 0.9),
        Method("observed", 4, 0.85),
        Method("derived", 3, 0.75),
        Method("inferred", 2, 0.6),
        Method("market", 1, 0.4),
    )
}


def method(name: str) -> Method:
    """The method of that name; raises NotFound with the nearest one."""
    try:
        return METHODS[name]
    except KeyError:
        raise NotFound("method", name, METHODS) from None
