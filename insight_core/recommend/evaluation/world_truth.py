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
        return best.drop_duplicates("customer_id").drop(columns="size").merge(self.entities, on="entity_id")


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
