"""A workbench that knows everything, to hold the figures against."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from insight_core.catalogue import asserted, field
from insight_core.recommend.evaluation import Base
from insight_core.records.datasets import MICRO


@pytest.fixture(scope="session")
def world(insight_world):
    return insight_world(seed=5, customers=400)


@pytest.fixture(scope="session")
def truth_file(world, tmp_path_factory):
    return world.write(tmp_path_factory.mktemp("judged")).truth


@pytest.fixture(scope="session")
def all_knowing(world):
    """Tables in which every value, link and conclusion is the true one."""
    entities = world.truth.entities.rename(columns={"entity_id": "customer_id", "life_stage": "stage"})
    links = world.truth.records.astype(str).rename(columns={"entity_id": "customer_id"})
    links["record_id"] = links["source"] + links["key"]
    values = world.truth.values.astype(str).pivot(index="entity_id", columns="field", values="value")
    now = int(world.clock.timestamp())
    snapshot = entities[["customer_id", "kind", "stage", "household_id", "preferred_channel", "direction"]]
    for one in asserted():
        told = (
            snapshot["customer_id"].map(values[one.name]) if one.name in values else pd.Series([None] * len(snapshot))
        )
        extra = {one.name: _stored(one.name, told), f"{one.name}__at": now, f"{one.name}__source": "crm"}
        snapshot = pd.concat([snapshot, pd.DataFrame(extra)], axis=1) if one.name != "kind" else snapshot
    states = snapshot.melt("customer_id", list(values.columns)).dropna()
    states = states.rename(columns={"variable": "field"}).assign(state="fresh", confidence=1.0)
    records = links[["record_id", "customer_id"]].merge(snapshot, on="customer_id").assign(observed_at=now)
    return Base(
        links=links,
        records=records.drop(columns="customer_id"),
        snapshot=snapshot,
        states=states[["customer_id", "field", "state", "confidence"]],
        interactions=_contacts(world, links),
        usage=_orders(world, links),
    )


def _stored(name, told) -> Any:
    if field(name).type in ("money", "ratio"):
        return [None if pd.isna(one) else round(float(one) * MICRO) for one in told]
    if field(name).type == "integer":
        return pd.array([None if pd.isna(one) else int(one) for one in told], dtype="Int64")
    return [None if pd.isna(one) else one for one in told]


def _contacts(world, links) -> pd.DataFrame:
    log = world.frames["contact_log"].query("channel != 'FAX'").drop_duplicates("contact_id")
    owner = links[links["source"] == "crm"].set_index("key")["customer_id"]
    words = {"EMAIL": "email", "SMS": "sms", "PHONE": "call", "CHAT": "chat", "SHOP": "store", "APP": "app"}
    return pd.DataFrame(
        {
            "customer_id": log["customer_no"].map(owner),
            "occurred_at": log["started"].map(lambda one: int(one.timestamp())),
            "channel": log["channel"].map(words),
            "direction": np.where(log["direction"] == "IN", "inbound", "outbound"),
            "outcome": log["result"],
        }
    )


def _orders(world, links) -> pd.DataFrame:
    orders = world.frames["orders"].query("not ordered_at.str.startswith('00')").drop_duplicates("order_no")
    owner = links[links["source"] == "billing"].set_index("key")["customer_id"]
    at = pd.to_datetime(orders["ordered_at"], format="%d.%m.%Y %H:%M", utc=True)
    seconds = at.map(lambda one: int(one.timestamp()))
    return pd.DataFrame({"customer_id": orders["account"].map(owner), "occurred_at": seconds, "kind": orders["kind"]})
