"""Alone: the steps kept ready for one customer after another: planning them costs more than running them."""

from datetime import datetime

import pyarrow as pa

from insight_core.catalogue import field
from insight_core.catalogue import purpose as known_purpose
from insight_core.recommend.arms import arm_macros, arms_step
from insight_core.recommend.assemble import CARDS
from insight_core.recommend.choices import choice_steps
from insight_core.recommend.eligibility import eligibility_steps
from insight_core.recommend.engine import Step, connect, run_macros
from insight_core.recommend.facts import FACT_FIELDS, fact_steps
from insight_core.recommend.inputs import COLUMNS, CardInputs, Table, as_arrow
from insight_core.recommend.parameters import Parameters
from insight_core.recommend.policy import policy_steps
from insight_core.recommend.reasons import reason_macros, reason_steps
from insight_core.recommend.value import everyone_steps, observed_steps, segment_steps
from insight_core.records.datasets import sql_type

_DEFAULTS = Parameters()
_GIVEN = ("contacts", "outbound", "consents", "outcomes")


def snapshot_columns() -> dict[str, str]:
    """The columns of a snapshot that cards read, with their types."""
    columns = {"customer_id": "VARCHAR", "kind": "VARCHAR", "name": "VARCHAR"}
    for one in FACT_FIELDS:
        columns |= {one: sql_type(field(one)), f"{one}__at": "BIGINT"}
    return columns


class Alone:
    """Makes the cards of a few customers for one purpose at one instant; `rates` as `learn` gives them.

    The tables stay and are emptied, so that every prepared step keeps its plan. The optimiser is off: it would
    plan for the empty tables that it sees first.
    """

    def __init__(
        self, purpose: str, now: datetime, seed: int, rates: pa.Table, parameters: Parameters = _DEFAULTS
    ) -> None:
        known_purpose(purpose)
        macros = [*run_macros(purpose, now, seed, parameters), *arm_macros(), *reason_macros()]
        self._con = connect(macros)
        self._con.execute("SET threads = 1")
        self._con.execute("PRAGMA disable_optimizer")
        self._columns = {one: COLUMNS[one] for one in _GIVEN} | {"snapshot": snapshot_columns()}
        for name, columns in self._columns.items():
            typed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            self._con.execute(f"CREATE TABLE raw_{name} ({typed})")
        self._con.register("given_rates", rates)
        self._once("rates", "SELECT * FROM given_rates")
        for once in (arms_step(), *everyone_steps()):
            self._once(*once)
        self._steps = _steps(purpose, parameters)
        for name, query in self._steps:
            self._once(name, query)
            self._con.execute(f"PREPARE make_{name} AS INSERT INTO {name} {query}")
        self._con.execute(f"PREPARE make_cards AS {CARDS}")

    def make(self, inputs: CardInputs) -> pa.Table:
        """The cards, as `make_cards` gives them; the inputs' own rates are not looked at."""
        for name in self._columns:
            self._fill(name, getattr(inputs, name))
        for name, _ in self._steps:
            self._con.execute(f"DELETE FROM {name}")
            self._con.execute(f"EXECUTE make_{name}")
        return self._con.sql("EXECUTE make_cards").to_arrow_table()

    def _once(self, name: str, query: str) -> None:
        self._con.execute(f"CREATE TABLE {name} AS {query}")

    def _fill(self, name: str, table: Table | None) -> None:
        self._con.execute(f"DELETE FROM raw_{name}")
        if table is not None:
            self._con.register("given", table)
            names = ", ".join(f'"{one}"' for one in as_arrow(table).column_names if one in self._columns[name])
            self._con.execute(f"INSERT INTO raw_{name} ({names}) SELECT {names} FROM given")
            self._con.unregister("given")


def _steps(purpose: str, parameters: Parameters) -> list[Step]:
    present = frozenset(snapshot_columns())
    return [
        *fact_steps(present, purpose),
        *observed_steps(),
        *eligibility_steps(purpose),
        *segment_steps(),
        *policy_steps(),
        *choice_steps(purpose, parameters),
        *reason_steps(),
    ]
