"""The truth of a world, read from its file, and joined to the customers it is about."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from insight_core.errors import BadInput
from insight_core.recommend.evaluation.base import Base

TABLES = ("entities", "values", "records")


@dataclass(frozen=True)
class WorldTruth:
    """entities: a row each; values: entity_id, field, value; records: source, key, entity_id; the true rates."""

    entities: pd.DataFrame
    values: pd.DataFrame
    records: pd.DataFrame
    rates: dict[str, Any]

    @property
    def now(self) -> int:
        """The end of the world, in epoch seconds."""
        end = datetime.fromisoformat(self.rates["end"]).replace(tzinfo=UTC) + timedelta(days=1)
        return int(end.timestamp())

    def customers(self, base: Base) -> pd.DataFrame:
        """customer_id with the columns of its entity: the one that most of its records are about (the first by id)."""
        owned = base.links.merge(self.records, on=["source", "key"])
        counts = owned.groupby(["customer_id", "entity_id"], as_index=False).size()
        best = counts.sort_values(["customer_id", "size", "entity_id"], ascending=[True, False, True])
        return best.drop_duplicates("customer_id").merge(self.entities, on="entity_id")

    def once(self, base: Base, kind: str, among: pd.Series | None = None) -> pd.DataFrame:
        """The same for entities of a kind, each once: by the customer that holds most of its records (the first by id).

        `among` (customer ids, one for each thing that a customer did) puts the customer first that did most, and
        leaves out those that did nothing.
        """
        found = self.customers(base)
        found = found[found["kind"] == kind]
        if among is not None:
            found = found.assign(size=found["customer_id"].map(among.value_counts()).fillna(0))
            found = found[found["size"] > 0]
        best = found.sort_values(["entity_id", "size", "customer_id"], ascending=[True, False, True])
        return best.drop_duplicates("entity_id").sort_values("customer_id", ignore_index=True)


def read_truth(path: Path) -> WorldTruth:
    """Read truth.zip; raises BadInput when it is not the truth of a world."""
    try:
        with zipfile.ZipFile(path) as packed:
            tables = {name: pd.read_parquet(io.BytesIO(packed.read(f"{name}.parquet"))) for name in TABLES}
            rates = json.loads(packed.read("rates.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as cause:
        raise BadInput(
            f"{path} is not the truth of a world (the truth.zip that `insight world` writes): {cause}"
        ) from None
    tables["values"] = tables["values"].astype({"entity_id": "str", "field": "str"})
    return WorldTruth(rates=rates, **tables)
