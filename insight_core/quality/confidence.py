"""How sure a value is."""

from datetime import datetime
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from insight_core.catalogue import METHODS, field, fields, method
from insight_core.quality.cell import Cell
from insight_core.quality.long import cells
from insight_core.quality.state import State
from insight_core.records.datasets import MICRO
from insight_core.records.results import Score

# Ages, but nobody said when it was true: as if one half-life had passed.
_UNDATED = 0.5
# Two sources tell it differently, or a message came back: the value is a little likelier than a coin.
_OPPOSED = 0.6


def confidence(name: str, cell: Cell, state: State) -> Score:
    """How sure the value of a field is: method x freshness x agreement, 0 to 1, with each factor as a reason.

    Method is where the catalogue lets a fresh, unopposed value start. Freshness is 1 for what does
    not age and 0.5 for what ages and has no date. Agreement is 1, or 0.6 where something speaks against it.
    An invalid value has 0; an unknown one, or one whose method is unknown, None.
    """
    how = cell.method or _method_of_origin(name)
    if cell.value is None:
        return Score(None, (f"{name}: {state.reason}",))
    if how is None:
        return Score(None, (f"{name}: nobody says how it is known",))
    if state.name == "invalid":
        return Score(0.0, (f"{name}: {state.reason}",))
    against = state.reason if state.name == "conflicting" else None
    return _product(how, field(name).half_life_days is not None, state.micro, against)


@lru_cache(maxsize=4096)  # the values of a profile share a few methods and clocks
def _product(how: str, ages: bool, micro: int | None, against: str | None) -> Score:
    start, held, agreed = method(how).confidence, _held(micro) if ages else 1.0, _OPPOSED if against else 1.0
    because = [f"{how}: {start:g}", f"freshness: {held:g}"] + ([f"{against}: {_OPPOSED:g}"] if against else [])
    return Score(round(start * held * agreed * MICRO) / MICRO, tuple(because))


def _held(micro: int | None) -> float:
    return _UNDATED if micro is None else micro / MICRO


def confidences(snapshot: ir.Table, now: datetime) -> ir.Table:
    """`confidence` for every known cell of an asserted field: customer_id, field, state, confidence (0 to 1)."""
    chosen = {one.name: 1 for one in fields() if one.origin == "asserted"}
    long = cells(snapshot, {"points": chosen}, now)
    how = ibis.union(*(_methods(snapshot, name) for name in chosen))
    known = long.filter(long["known"]).inner_join(how, ["customer_id", "field"])
    held = ibis.ifelse(known["half_life"].isnull(), 1.0, known["micro"].fill_null(int(_UNDATED * MICRO)) / MICRO)
    agreed = ibis.ifelse(known["conflict"], _OPPOSED, 1.0)
    sure = ibis.ifelse(known["state"] == "invalid", 0.0, known["start"] * held * agreed)
    return known.select("customer_id", "field", "state", confidence=sure.round(6))


def _methods(snapshot: ir.Table, name: str) -> ir.Table:
    start = snapshot[f"{name}__method"].cases(*((one.name, one.confidence) for one in METHODS.values()), else_=0.0)
    return snapshot.filter(snapshot[name].notnull()).select("customer_id", field=ibis.literal(name), start=start)


def _method_of_origin(name: str) -> str | None:
    origin = field(name).origin
    return None if origin == "asserted" else origin
