"""Made cards: everybody's cards, kept in the lake until profiles, consents, contacts or the clock move on.

The whole cards lie in `cards-PURPOSE` and are made anew when they are no longer what would be made. What an outcome
needs of a card lies in `given-PURPOSE-INSTANT` and stays: a card that was given out is known for good.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlmodel import col, delete, select

from insight_core.catalogue import purpose as known_purpose
from insight_core.compliance.names import name_sql
from insight_core.pipeline.cards import SEED, of_everybody
from insight_core.pipeline.load import staging
from insight_core.pipeline.rates import learnt
from insight_core.recommend.assemble import CARDS
from insight_core.recommend.outcomes import CARD_COLUMNS
from insight_core.records.ids import digest
from insight_core.records.progress import Progress, silent
from insight_core.store import Store
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.sql import rows_in, text
from insight_core.store.tables import CardRow, LakeFile

_QUESTION = "cards"


@dataclass(frozen=True, slots=True)
class Made:
    """Everybody's cards: `paths` in the order of customer ids; how many advise, and how many abstain."""

    paths: tuple[Path, ...]
    cards: int
    abstained: int

    def tables(self) -> Iterator[pa.Table]:
        """The cards, some thousands at a time."""
        return (pq.read_table(path) for path in self.paths)

    def relation(self) -> str:
        """The cards for an engine to read."""
        return rows_in(self.paths)


def kept(store: Store, purpose: str, now: datetime) -> Made | None:
    """The cards that are made already, if they are still what would be made."""
    with store.read() as session:
        found = session.get(KeptAnswer, (_QUESTION, purpose, now.isoformat(), -1))
        if found is None or found.print != _print(store, purpose, now):
            return None
    told = json.loads(found.body)
    paths = [store.lake.root / one for one in told["paths"]]
    return Made(tuple(paths), told["cards"], told["abstained"]) if all(one.exists() for one in paths) else None


def make(store: Store, purpose: str, now: datetime, progress: Progress = silent) -> Made:
    """The cards that are kept, or made now."""
    seen = _print(store, purpose, now)
    if found := kept(store, purpose, now):
        return found
    whole, given, counts = _dataset(purpose), f"given-{purpose}-{now.isoformat()}", [0, 0]
    files: list[LakeFile] = []
    with staging(store) as folder:
        drafts: list[Path] = []
        for at, table in enumerate(of_everybody(store, purpose, now, progress)):
            drafts.append(folder / f"{at:03}.parquet")
            pq.write_table(table, drafts[-1], compression="zstd", row_group_size=16_384)
            counts[1] += table.num_rows - table["abstained"].null_count
            counts[0] += table["abstained"].null_count
        slim = _slim(store, drafts, folder / "given.parquet")
        files = [store.lake.adopt(one, whole) for one in drafts]
        files.append(store.lake.adopt(slim, given))
    paths = [one.path for one in files[:-1]]
    told = {"paths": paths, "cards": counts[0], "abstained": counts[1]}
    row = KeptAnswer(
        question=_QUESTION, purpose=purpose, day=now.isoformat(), bucket=-1, print=seen, body=json.dumps(told)
    )
    _list(store, purpose, files, [whole, given], row)
    return Made(tuple(store.lake.root / one for one in paths), *counts)


def given(store: Store, cards: pa.Table) -> pa.Table:
    """What was known of these cards (a column `card`) when they were given out, alone or among all."""
    numbers = {"made_at", "propensity"}
    schema = pa.schema([(name, pa.int64() if name in numbers else pa.string()) for name in CARD_COLUMNS])
    wanted = sorted({one.strip() for one in cards["card"].cast(pa.string()).to_pylist() if one})
    rows = [row for start in range(0, len(wanted), 500) for row in _alone(store, wanted[start : start + 500])]
    con = store.duck()
    con.register("wanted", pa.table({"card": pa.array(wanted, pa.string())}))
    con.register("alone", pa.Table.from_pylist(rows, schema=schema))
    names = ", ".join(f'"{one}"' for one in CARD_COLUMNS)
    paths = _given_paths(store)
    among = f"UNION ALL SELECT {names}, 1 AS rank FROM {rows_in(paths)} SEMI JOIN wanted USING (card)" if paths else ""
    newest = "QUALIFY row_number() OVER (PARTITION BY card ORDER BY made_at DESC, rank) = 1"
    query = f"SELECT {names} FROM (SELECT {names}, 0 AS rank FROM alone {among}) {newest} ORDER BY card"
    return con.sql(query).to_arrow_table()


def _dataset(purpose: str) -> str:
    return f"cards-{purpose}"


def _print(store: Store, purpose: str, now: datetime) -> str:
    """The rates hang on all that cards hang on: profiles, consents, contacts, outcomes and rules."""
    # all but the name, which they tell where the purpose may see it
    return digest(learnt(store, purpose, now)[0], SEED, now.isoformat(), CARDS, name_sql(known_purpose(purpose)))


def _slim(store: Store, drafts: Sequence[Path], to: Path) -> Path:
    renamed = {"customer_id": "customer AS customer_id"}
    names = ", ".join(renamed.get(one, f'"{one}"') for one in CARD_COLUMNS)
    con = store.duck()
    rows = f"SELECT {names} FROM {rows_in(drafts)} WHERE abstained IS NULL"
    con.execute(f"COPY ({rows}) TO {text(str(to))} (FORMAT parquet, COMPRESSION zstd)")
    return to


def _list(store: Store, purpose: str, files: Sequence[LakeFile], datasets: Sequence[str], row: KeptAnswer) -> None:
    old = [one for dataset in datasets for one in store.lake.listed(dataset)]
    with store.write(quiet=True) as session:
        store.lake.relist(session, files, old)
        of_purpose = (col(KeptAnswer.question) == _QUESTION) & (col(KeptAnswer.purpose) == purpose)
        session.execute(delete(KeptAnswer).where(of_purpose))
        session.add(row)
    store.lake.unlink(old)


def _alone(store: Store, some: Sequence[str]) -> list[dict[str, Any]]:
    with store.read() as session:
        query = select(*(getattr(CardRow, name) for name in CARD_COLUMNS)).where(col(CardRow.card).in_(some))
        return [dict(zip(CARD_COLUMNS, row, strict=True)) for row in session.exec(query).all()]


def _given_paths(store: Store) -> list[str]:
    with store.read() as session:
        query = select(LakeFile.path).where(col(LakeFile.dataset).startswith("given-")).order_by(col(LakeFile.path))
        return [str(store.lake.root / one) for one in session.exec(query).all()]
