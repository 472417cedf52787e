"""Evaluate: the workbench beside the truth of a world, and the policy by its outcomes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from insight_core import quality
from insight_core.compliance import Gate
from insight_core.errors import NotBuilt, Refused
from insight_core.fold import attach_interactions
from insight_core.pipeline.cards import outcomes_table
from insight_core.recommend import ANSWERED
from insight_core.recommend.evaluation import Base, accuracy, policy_value
from insight_core.recommend.evaluation.base import COMPARED
from insight_core.store import Store
from insight_core.store.sql import rows_in, table_of


def evaluate(store: Store, gate: Gate, con: Any, truth: Path | None, now: datetime) -> dict[str, Any]:
    """`policies`, or why there is no value yet; and with a truth, the figures of the workbench beside it."""
    told: dict[str, Any] = {"policies": _policies(store)}
    if truth is not None:
        if not store.lake.listed("links"):
            raise NotBuilt
        opened = gate.base(con, "customer_care")
        told["truth"] = accuracy(truth, _base(store, con, opened.table, now))
        told["receipt"] = opened.receipt
    return told


def _policies(store: Store) -> dict[str, Any]:
    """By channel: what an answer is worth under the policy, a simple rule, and the best single channel."""
    rows = outcomes_table(store).to_pandas()
    default = [json.loads(text or "{}").get("default") for text in rows["context"]]
    logged = pd.DataFrame(
        {
            "action": rows["channel"],
            "propensity": rows["propensity"] / 1_000_000,
            "reward": rows["result"].map(ANSWERED).astype("float64"),
            "naive": default,
        }
    )
    try:
        return policy_value(logged)
    except Refused as reason:
        return {"refused": str(reason)}


def _base(store: Store, con: Any, snapshot: Any, now: datetime) -> Base:
    return Base(
        links=_links(store, con),
        records=_records(store, con),
        snapshot=snapshot.to_pandas(),
        states=quality.confidences(snapshot, now).to_pandas(),
        interactions=_contacts(store, con),
        usage=_usage(store, con),
    )


def _links(store: Store, con: Any) -> pd.DataFrame:
    links, parties = store.lake.rows("links"), rows_in(store.lake.paths("parties"))
    names = "l.record_id, l.customer_id, l.source, p.key"
    query = f"SELECT DISTINCT {names} FROM {links} AS l JOIN {parties} AS p USING (record_id) ORDER BY 1"
    return con.con.sql(query).df()


def _records(store: Store, con: Any) -> pd.DataFrame:
    names = ", ".join(COMPARED)
    newest = "row_number() OVER (PARTITION BY record_id ORDER BY observed_at DESC NULLS LAST, evidence DESC) = 1"
    query = f"SELECT record_id, observed_at, {names} FROM {rows_in(store.lake.paths('parties'))} QUALIFY {newest}"
    return con.con.sql(f"{query} ORDER BY record_id").df()


def _contacts(store: Store, con: Any) -> pd.DataFrame:
    table = attach_interactions(table_of(con, store.lake.rows("interactions")), table_of(con, store.lake.rows("links")))
    own = table.filter(table.counterpart_id.isnull())
    return own.select("customer_id", "occurred_at", "channel", "direction", "outcome").to_pandas()


def _usage(store: Store, con: Any) -> pd.DataFrame:
    links, usage = store.lake.rows("links"), rows_in(store.lake.paths("usage"))
    query = f"SELECT customer_id, occurred_at, kind FROM {usage} JOIN {links} USING (record_id)"
    return con.con.sql(query).df()
