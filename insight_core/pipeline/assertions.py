"""From parsed rows to assertions: the ids, and which rows were asserted before.

`record_id` is an opaque hash of source and key. `evidence` is a hash of everything the row
says, so that the same row is the same evidence whenever and in whichever file it comes. Rows
without a key of their own also count their occurrence within the file: two equal sales are
two sales, and the same file twice is still the same sales.
"""

from collections.abc import Iterable
from typing import Any

from insight_core.intake import Also
from insight_core.records.datasets import ABOUT_A_PARTY, payload
from insight_core.store import Store
from insight_core.store.lake import bucket_sql
from insight_core.store.sql import rows_in, text

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


def assert_rows(con: Any, store: Store, rows: str, dataset: str) -> None:
    """Make the DuckDB view `asserted`: the dataset's columns but batch and recorded_at, and `fate`.

    `rows` is the relation that intake left, with what `said_by` has it say. `fate` is new, repeated (asserted within
    this load already) or again (asserted by an earlier batch).
    """
    con.execute(f"CREATE OR REPLACE TEMP VIEW evident AS {_with_occurrence(con, rows, dataset)}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE seen AS {_SEEN}")
    fate, joined = "'new'", ""
    if con.sql("SELECT count(*) FROM seen").fetchall()[0][0]:
        fate = "CASE WHEN (file, line) > seen.first THEN 'repeated' ELSE 'new' END"
        joined = "LEFT JOIN seen USING (record_id, evidence)"
    paths = store.lake.paths(dataset, _buckets(con)) if store.lake.listed(dataset) else []
    if paths:
        fate = f"CASE WHEN there.evidence IS NOT NULL AND {fate} = 'new' THEN 'again' ELSE {fate} END"
        listed = (
            f"(SELECT DISTINCT record_id, evidence FROM {rows_in(paths)} SEMI JOIN evident USING (record_id, evidence))"
        )
        joined += f" LEFT JOIN {listed} AS there USING (record_id, evidence)"
    con.execute(f"CREATE OR REPLACE TEMP VIEW asserted AS SELECT evident.*, {fate} AS fate FROM evident {joined}")


_SEEN = """
    SELECT record_id, evidence, min((file, line)) AS first FROM evident
    WHERE evidence IN (SELECT evidence FROM evident GROUP BY evidence HAVING count(*) > 1)
    GROUP BY record_id, evidence HAVING count(*) > 1
"""


def _hashed(rows: str, dataset: str, source: str) -> str:
    names = [name for name in payload(dataset) if name != "counterpart_id"]
    content = ", ".join(f"coalesce({name}::VARCHAR, chr(30))" for name in names)
    quoted = text(source)
    record = record_id_sql("party_source", "party_key")
    if dataset in _RECORD_KEY:
        record = record_id_sql(quoted, f"{text(dataset)} || chr(31) || {_RECORD_KEY[dataset]}")
    counterpart = record_id_sql("party_source", "counterpart_key")
    extra = f", {counterpart} AS counterpart_id" if "counterpart_id" in payload(dataset) else ""
    keys = "coalesce(row_key, chr(30)), coalesce(counterpart_key, chr(30))"
    said = f"concat_ws(chr(31), {quoted}, {text(dataset)}, {keys}, {content})"
    return f"""
        SELECT line, file, {record} AS record_id, {quoted} AS source, {", ".join(names)}{extra},
               row_key IS NULL AS keyless, {_number(said)} AS said, faults, raw
        FROM ({rows})
    """


def _with_occurrence(con: Any, rows: str, dataset: str) -> str:
    """Rows without a key that say the same are told apart by counting them within their file."""
    names = ", ".join(payload(dataset))
    evidence = "said"
    keyless = f"SELECT said FROM {rows} WHERE keyless GROUP BY said HAVING count(*) > 1"
    con.execute(f"CREATE OR REPLACE TEMP TABLE alike AS {keyless}")
    if dataset in ABOUT_A_PARTY and con.sql("SELECT count(*) FROM alike").fetchall()[0][0]:
        nth = "row_number() OVER (PARTITION BY file, record_id, said ORDER BY line)"
        again = f"keyless AND said IN (FROM alike) AND {nth} > 1"
        evidence = f"CASE WHEN {again} THEN {_number(f'said || chr(31) || {nth}')} ELSE said END"
    return f"SELECT line, file, record_id, source, {names}, {evidence} AS evidence FROM {rows}"


def _number(said: str) -> str:
    # The half of the digest that md5_number_lower gives, without a sign; that function takes three times as long.
    return f"(md5_number({said}) >> 65)::BIGINT"


def _buckets(con: Any) -> Iterable[int]:
    found = con.sql(f"SELECT DISTINCT {bucket_sql('record_id')} FROM evident").fetchall()
    return [row[0] for row in found]
