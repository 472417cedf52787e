"""Cards: the steps in order, for one customer or for all of them with the same code."""

import json
from collections.abc import Sequence
from datetime import datetime

import duckdb
import pyarrow as pa

from insight_core.catalogue import purpose as known_purpose
from insight_core.recommend.arms import arm_macros, arms_step
from insight_core.recommend.assemble import CARDS
from insight_core.recommend.choices import choice_steps
from insight_core.recommend.eligibility import eligibility_steps
from insight_core.recommend.engine import connect, forget, run, run_macros
from insight_core.recommend.facts import fact_steps
from insight_core.recommend.inputs import CardInputs, register
from insight_core.recommend.parameters import Parameters
from insight_core.recommend.policy import policy_steps
from insight_core.recommend.reasons import reason_macros, reason_steps
from insight_core.recommend.value import RATES, SHARES, observed_steps, pooled_steps
from insight_core.records.clock import iso
from insight_core.records.results import Card

_DEFAULTS = Parameters()


def make_cards(
    inputs: CardInputs, purpose: str, now: datetime, seed: int, parameters: Parameters = _DEFAULTS
) -> pa.Table:
    """One card per customer of the snapshot, in the order of customer ids.

    Columns are those of `Card`, with `reasons`, `refused`, `eligible` and `context` as JSON text, `confidence`,
    `propensity` and `expected` (answer rate) as integers of 1e-6 and `made_at` in epoch seconds. Raises NotFound
    for a purpose that is not known and BadInput for a table without a column that is needed.
    """
    connection = _prepared(inputs, purpose, now, seed, parameters)
    if inputs.rates is None:
        run(connection, [("shares", SHARES), ("rates", RATES)])
    else:
        run(connection, [("rates", "SELECT * FROM raw_rates")])
    run(connection, eligibility_steps(purpose))
    forget(connection, "contacts", "touched", "recent", "consent_now", "known")
    run(connection, pooled_steps() + policy_steps())
    forget(connection, "observed", "preferred", "eligibility", "candidates", "ranked")
    run(connection, choice_steps(purpose, parameters) + reason_steps())
    forget(connection, "decided")
    return connection.sql(CARDS).to_arrow_table()


def learn(inputs: CardInputs, purpose: str, now: datetime, parameters: Parameters = _DEFAULTS) -> pa.Table:
    """The answer rates over all customers of the snapshot, as counts; hand them to `make_cards` for one customer."""
    return total([learn_shares(inputs, purpose, now, parameters)])


def learn_shares(inputs: CardInputs, purpose: str, now: datetime, parameters: Parameters = _DEFAULTS) -> pa.Table:
    """The same by `share`, the bucket of the customer: what `total` adds up."""
    return _prepared(inputs, purpose, now, 0, parameters).sql(SHARES).to_arrow_table()


def total(shares: Sequence[pa.Table]) -> pa.Table:
    """The answer rates over all the shares, in whatever order and however they were cut."""
    connection = connect([])
    connection.register("shares", pa.concat_tables(shares))
    return connection.sql(RATES).to_arrow_table()


def to_cards(table: pa.Table) -> list[Card]:
    """The rows of `make_cards` as records, for screens and JSON."""
    return [_card(row) for row in table.to_pylist()]


def _card(row: dict[str, object]) -> Card:
    values = {name: row[name] for name in Card.__dataclass_fields__}
    for name in ("reasons", "refused", "eligible"):
        values[name] = json.loads(str(row[name]))
    for name in ("confidence", "propensity"):
        values[name] = int(str(row[name])) / 1_000_000
    values["made_at"] = iso(int(str(row["made_at"])))
    return Card(**values)  # type: ignore[arg-type]


def _prepared(
    inputs: CardInputs, purpose: str, now: datetime, seed: int, parameters: Parameters
) -> duckdb.DuckDBPyConnection:
    known_purpose(purpose)
    connection = connect([*run_macros(purpose, now, seed, parameters), *arm_macros(), *reason_macros()])
    present = register(connection, inputs)
    run(connection, [arms_step(), *fact_steps(present, purpose), *observed_steps()])
    return connection
