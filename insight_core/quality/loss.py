"""What a field loses by its state, in 1e-6 of its weight; what a fix of it would win back.

unknown, invalid   1              the whole weight
bounced            1              nobody is reached there
conflicting        0.6            one of the sources is likely right, and nobody knows which
stale              1 - freshness
the others         0              nothing to do yet
"""

import ibis
import ibis.expr.types as ir

from insight_core.quality.state import State
from insight_core.records.datasets import MICRO

_WHOLE = {"unknown": MICRO, "invalid": MICRO, "conflicting": MICRO * 6 // 10}


def loss(state: State) -> int:
    """The share of its weight that a field in this state loses, in 1e-6."""
    if state.bounced:
        return MICRO
    if state.name == "stale" and state.micro is not None:
        return MICRO - state.micro
    return _WHOLE.get(state.name, 0)


def loss_expr(state: ir.StringValue, micro: ir.IntegerValue, bounced: ir.BooleanValue) -> ir.IntegerValue:
    """`loss` over columns; 0 where the field does not apply."""
    whole = [(state == name, share) for name, share in _WHOLE.items()]
    return ibis.cases((bounced, MICRO), *whole, (state == "stale", MICRO - micro), else_=0).cast("int64")
