"""From parsed rows to assertions: the ids, and which rows were asserted before.

`record_id` is an opaque hash of source and key. `evidence` is a hash of everything the row
says, so that the same row is the same evidence whenever and in whichever file it comes. Rows
without a key of their own also count their occurrence within the file: two equal sales are
two sales, and the same file twice is still the same sales.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from insight_core.intake import Also
from insight_core.records.datasets import ABOUT_A_PARTY, payload
from insight_core.store import Store
from insight_core.store.buckets import bucket_sql, lying_in
from insight_core.store.sorted_in import Rows
from insight_core.store.sql import rows_in, text

_NUMBERS_AT_ONCE = 10_000_000
_RECORD_KEY = {
    "references": "concat_ws(chr(31), kind, key)",
    "market": "concat_ws(chr(31), scope, key, figure)",
}


def record_id_sql(source: str, key: str) -> str:
    """SQL for a record id: the first twenty hexadecimal digits of SHA-256 over source and key."""
    return f"left(sha256({source} || chr(31) || {key}), 20)"


def said_by(dataset: str, source: str) -> Also:
    """What intake is to hand on of every row: its record, all that it says, and a number for that."""
    return lambda rows: _hashed(rows, dataset, source)


class Asserted(NamedTuple):
    """The query of rows with their fate, of all or of some buckets, and whether every one of them is new."""

    rows: Rows
    new: bool


def assert_rows(con: Any, store: Store, rows: Rows, dataset: str, source: str) -> Asserted:
    """Make the DuckDB view `asserted`: the dataset's columns but batch and recorded_at, `bucket` and `fate`.

    `rows` gives the rows that intake left, with what `said_by` has it say. `fate` is new, repeated (asserted within
    this load already) or again (asserted by an earlier batch). What is given is the view's query, for the records of
    some buckets too: tens of millions beside as many known ones are looked at in parts.
    """
    evident = _with_occurrence(con, rows, dataset, source)
    con.execute(f"CREATE OR REPLACE TEMP VIEW evident AS {evident(None)}")
    repeated = _any_twice(con)
    if repeated:
        con.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {_SEEN}")
    near = _buckets(con) if store.lake.listed(dataset) else frozenset()

    def asserted(buckets: Sequence[int] | None) -> str:
        paths = store.lake.paths(dataset, near if buckets is None else near.intersection(buckets)) if near else []
        return _asserted(evident(buckets), paths, "" if buckets is None else f"WHERE {lying_in(buckets)}", repeated)

    con.execute(f"CREATE OR REPLACE TEMP VIEW asserted AS {asserted(None)}")
    return Asserted(asserted, new=not repeated and not near)


def _asserted(evident: str, paths: Sequence[str], here: str, repeated: bool) -> str:
    """The evident rows with their fate; `paths` are the files of what is known of the buckets that lie `here`."""
    fate, joined = "'new'", ""
    if repeated:
        fate = "CASE WHEN (file, line) > seen.first THEN 'repeated' ELSE 'new' END"
        joined = f"LEFT JOIN (FROM seen {here}) AS seen USING (record_id, evidence)"
    if paths:
        fate = f"CASE WHEN there.evidence IS NOT NULL AND {fate} = 'new' THEN 'again' ELSE {fate} END"
        listed = f"""
            SELECT DISTINCT record_id, evidence FROM {rows_in(paths)}
            SEMI JOIN ({evident}) USING (record_id, evidence)
        """
        joined += f" LEFT JOIN ({listed}) AS there USING (record_id, evidence)"
    return f"SELECT evident.*, {fate} AS fate FROM ({evident}) AS evident {joined}"


def _any_twice(con: Any) -> bool:
    """Whether any evidence comes twice: most files repeat nothing, and numbers in order tell that soonest."""
    parts = 1 + con.sql("SELECT count(*) FROM evident").fetchall()[0][0] // _NUMBERS_AT_ONCE
    for part in range(parts):
        some = con.sql(f"SELECT evidence FROM evident WHERE evidence % {parts} = {part}").to_arrow_table()
        numbers = np.sort(some["evidence"].to_numpy())
        if (numbers[1:] == numbers[:-1]).any():
            return True
    return False


_SEEN = """
    SELECT bucket, record_id, evidence, min((file, line)) AS first FROM evident
    WHERE evidence IN (SELECT evidence FROM evident GROUP BY evidence HAVING count(*) > 1)
    GROUP BY bucket, record_id, evidence HAVING count(*) > 1
"""


def _hashed(rows: str, dataset: str, source: str) -> str:
    names = [name for name in payload(dataset) if name != "counterpart_id"]
    quoted = text(source)
    record = record_id_sql("party_source", "party_key")
    if dataset in _RECORD_KEY:
        record = record_id_sql(quoted, f"{text(dataset)} || chr(31) || {_RECORD_KEY[dataset]}")
    counterpart = record_id_sql("party_source", "counterpart_key")
    extra = f", {counterpart} AS counterpart_id" if "counterpart_id" in payload(dataset) else ""
    told = (f"coalesce({name}::VARCHAR, chr(30))" for name in ("row_key", "counterpart_key", *names))
    said = f"concat({text(f'{source}{chr(31)}{dataset}{chr(31)}')}, {', chr(31), '.join(told)})"
    hashed = f"""
        SELECT line, file, {record} AS record_id, {", ".join(names)}{extra},
               row_key IS NULL AS keyless, {_number(said)} AS said, faults, raw
        FROM ({rows})
    """
    # Whoever puts the rows in order asks for them by bucket, several times.
    return f"SELECT *, ({bucket_sql('record_id')})::UTINYINT AS bucket FROM ({hashed})"


def _with_occurrence(con: Any, rows: Rows, dataset: str, source: str) -> Rows:
    """Rows without a key that say the same are told apart by counting them within their file."""
    names = ", ".join(payload(dataset))
    evidence = "said"
    keyless = f"SELECT said FROM ({rows(None)}) WHERE keyless GROUP BY said HAVING count(*) > 1"
    con.execute(f"CREATE OR REPLACE TEMP TABLE alike AS {keyless}")
    if dataset in ABOUT_A_PARTY and con.sql("SELECT count(*) FROM alike").fetchall()[0][0]:
        nth = "row_number() OVER (PARTITION BY file, record_id, said ORDER BY line)"
        again = f"keyless AND said IN (FROM alike) AND {nth} > 1"
        evidence = f"CASE WHEN {again} THEN {_number(f'said || chr(31) || {nth}')} ELSE said END"
    told = f"line, file, record_id, bucket, {text(source)} AS source, {names}, {evidence} AS evidence"
    return lambda buckets: f"SELECT {told} FROM ({rows(buckets)})"


def _number(said: str) -> str:
    # The half of the digest that md5_number_lower gives, without a sign; that function takes three times as long.
    return f"(md5_number({said}) >> 65)::BIGINT"


def _buckets(con: Any) -> frozenset[int]:
    found = con.sql("SELECT DISTINCT bucket FROM evident").fetchall()
    return frozenset(row[0] for row in found)
