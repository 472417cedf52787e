"""Count: the shares of some buckets of the base, anew, in one pass over their customers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ibis import Table

from insight_core import quality
from insight_core.catalogue import Purpose
from insight_core.compliance import answers, explicit
from insight_core.pipeline.kept.codec import packed
from insight_core.pipeline.kept.prints import Files
from insight_core.pipeline.kept.rows import Share
from insight_core.pipeline.plans import plan
from insight_core.quality import shares
from insight_core.records.clock import epoch
from insight_core.settings import cache_folder
from insight_core.store import Store
from insight_core.store.lake import bucket_sql
from insight_core.store.sql import rows_in

# Customers that are looked at together: a few hundred megabytes of their cells.
_AT_ONCE = 50_000

Shares = dict[str, Share]


def count(
    store: Store, aim: Purpose, now: datetime, files: Files, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """The shares of the buckets in `depths`, which says how many cells worth fixing of each kind each one keeps."""
    for some in _batches(files, sorted(depths)):
        con = store.duck()
        try:
            _everyone(con, store, aim, now, files, some)
            yield _shares(con, aim, now, {bucket: depths[bucket] for bucket in some})
        finally:
            con.close()


def _batches(files: Files, buckets: Sequence[int]) -> Iterator[list[int]]:
    size = sum(one.rows for one in files["snapshot"]) / 64
    step = max(1, int(_AT_ONCE / max(size, 1)))
    return (list(buckets[start : start + step]) for start in range(0, len(buckets), step))


def _everyone(con: Any, store: Store, aim: Purpose, now: datetime, files: Files, buckets: Sequence[int]) -> None:
    """The table `everyone` with `why` they are withheld, and the view `seen` of those who are not."""
    for name in ("snapshot", "consent_states"):
        paths = [store.lake.root / one.path for one in files[name] if one.bucket is None or one.bucket in buckets]
        inside = ", ".join(str(one) for one in buckets)
        con.execute(f"""
            CREATE OR REPLACE TEMP VIEW {name} AS
            SELECT * FROM {rows_in(paths)} WHERE {bucket_sql("customer_id")} IN ({inside})
        """)
    asked(con, aim, now)
    query = sql(con, f"seen-{aim.name}", partial(_judged, aim), "snapshot", "consent_states", "asked")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE everyone AS
        SELECT row_number() OVER () AS row, {bucket_sql("customer_id")} AS bucket, * FROM ({query})
    """)
    con.execute("CREATE OR REPLACE TEMP VIEW seen AS SELECT * EXCLUDE (why) FROM everyone WHERE why IS NULL")
    con.register("by_field", quality.field_rows({"weight": quality.weights(aim.name)}))


def asked(con: Any, aim: Purpose, now: datetime) -> None:
    """The relation `asked`: one row with the purpose and the clock."""
    told = {"asked_purpose": aim.name, "asked_now": epoch(now), **quality.clock_row(now)}
    types = ("VARCHAR", "BIGINT", "BIGINT", "DATE", "DATE")
    columns = ", ".join(f"?::{kind} AS {name}" for name, kind in zip(told, types, strict=True))
    con.execute(f"CREATE OR REPLACE TEMP TABLE asked AS SELECT {columns}", list(told.values()))


def sql(con: Any, name: str, expression: Any, *inputs: str) -> str:
    """An expression over relations of the connection as SQL, worked out once."""
    columns = {one: _columns(con, one) for one in inputs}
    return plan(cache_folder() / "plans", name, expression, columns)


def _columns(con: Any, name: str) -> dict[str, str]:
    every = {row[0]: row[1] for row in con.execute(f'DESCRIBE "{name}"').fetchall()}
    return {one: kind for one, kind in every.items() if name != "snapshot" or one in quality.READ}


def _judged(aim: Purpose, snapshot: Table, states: Table, asked: Table) -> Table:
    """Everybody with `why`, what quality reads of them, and the clock."""
    said = states.cross_join(asked.select("asked_purpose", "asked_now"))
    every = explicit(answers(snapshot, said, aim)).drop("word_given")
    return every.cross_join(asked.drop("asked_purpose", "asked_now"))


def _shares(con: Any, aim: Purpose, now: datetime, depths: Mapping[int, int]) -> dict[int, Shares]:
    con.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS {sql(con, 'kept-groups', shares.groups, 'seen', 'by_field')}")
    stands = _stands(con, aim, now)
    bases, best, scores = _bases(con), _best(con, depths), _scores(con)
    return {
        bucket: {
            "base": bases[bucket] | stands[bucket],
            "problems": best[bucket] | stands[bucket],
            "scores": {"packed": scores[bucket]} | stands[bucket],
        }
        for bucket in depths
    }


def _stands(con: Any, aim: Purpose, now: datetime) -> dict[int, Share]:
    """Between which instants nobody's consent begins or ends: within them a share holds."""
    found: dict[int, Share] = defaultdict(lambda: {"from": None, "until": None})
    query = f"""
        SELECT {bucket_sql("customer_id")}, max(moment) FILTER (moment <= ?), min(moment) FILTER (moment > ?)
        FROM (SELECT customer_id, unnest([since, expires_at]) AS moment FROM consent_states WHERE purpose = ?)
        GROUP BY 1
    """
    for bucket, begin, end in con.execute(query, [epoch(now), epoch(now), aim.name]).fetchall():
        found[bucket] = {"from": begin, "until": end}
    return found


def _bases(con: Any) -> dict[int, Share]:
    found: dict[int, Share] = defaultdict(lambda: {"kinds": {}, "stages": {}, "withheld": {}, "sums": {}, "fading": {}})
    for name, where in (("kind", "seen"), ("stage", "seen"), ("why", "everyone WHERE why IS NOT NULL")):
        into = "withheld" if name == "why" else f"{name}s"
        query = f"SELECT bucket, coalesce({name}, 'unknown'), count(*) FROM {where} GROUP BY 1, 2 ORDER BY 1, 2"
        for bucket, value, rows in con.execute(query).fetchall():
            found[bucket][into][value] = rows
    for name, key, expression, inputs in (
        ("sums", "group", shares.sums, ("grouped",)),
        ("fading", "field", shares.fading, ("seen", "by_field")),
    ):
        for row in _dicts(con.sql(sql(con, f"kept-{name}", expression, *inputs))):
            found[row.pop("bucket")][name][row.pop(key)] = row
    return found


def _best(con: Any, depths: Mapping[int, int]) -> dict[int, Share]:
    """Per bucket and kind of problem the most valuable cells, and whether there are more."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE worth AS {sql(con, 'kept-worth', shares.worth, 'seen', 'by_field')}")
    con.execute("CREATE OR REPLACE TEMP TABLE deep AS SELECT unnest(?::INT[]) AS bucket, unnest(?::INT[]) AS depth",
                [list(depths), list(depths.values())])  # fmt: skip
    found: dict[int, Share] = {bucket: {"depth": depth, "cut": [], "rows": []} for bucket, depth in depths.items()}
    for row in con.execute(_BEST).fetchall():
        bucket, total, place, *cell = row
        found[bucket]["rows"].append(cell)
        if place == 1 and total > depths[bucket]:
            found[bucket]["cut"].append(cell[3])
    return found


# Only cells that may be among the first are put in order: those down to the loss at which there are enough.
_BEST = """
    WITH levels AS (
        SELECT bucket, problem, loss, count(*) AS cells FROM worth GROUP BY ALL
    ), upto AS (
        SELECT *, sum(cells) OVER (PARTITION BY bucket, problem ORDER BY loss) AS so_far FROM levels
    ), enough AS (
        SELECT bucket, problem, any_value(depth) AS depth, sum(cells) AS total,
               coalesce(min(loss) FILTER (so_far >= depth), max(loss)) AS last
        FROM upto JOIN deep USING (bucket) GROUP BY ALL
    ), candidates AS (
        SELECT worth.*, enough.depth, enough.total FROM worth JOIN enough USING (bucket, problem) WHERE loss <= last
    )
    SELECT bucket, total,
           row_number() OVER (PARTITION BY bucket, problem ORDER BY loss, everyone.customer_id, field) AS place,
           loss, everyone.customer_id, field, problem, broken, days
    FROM candidates JOIN (SELECT row, customer_id FROM everyone) AS everyone ON candidates.customer_id = everyone.row
    QUALIFY place <= depth ORDER BY loss, everyone.customer_id, field
"""


def _scores(con: Any) -> dict[int, str]:
    """Everybody's scores, packed by bucket."""
    query = f"""
        SELECT everyone.bucket, everyone.customer_id, {", ".join(f"{one}::INT AS {one}" for one in quality.SCORES)}
        FROM everyone JOIN ({sql(con, "kept-each", shares.each, "grouped")}) AS each ON each.customer_id = everyone.row
        ORDER BY 1, 2
    """
    return packed(con.sql(query).to_arrow_table())


def _dicts(relation: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
    return rows
