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
from insight_core.pipeline.kept.parts import Part, Share
from insight_core.pipeline.kept.prints import Files, is_beside, lists_of_moved, moved_keys
from insight_core.pipeline.kept.rows import QUESTIONS
from insight_core.pipeline.plans import plan
from insight_core.quality import shares, wide
from insight_core.quality.counted import weighed
from insight_core.records.clock import epoch
from insight_core.records.ids import digest
from insight_core.settings import cache_folder
from insight_core.store import Store
from insight_core.store.beside import MOVED
from insight_core.store.buckets import BUCKETS, bucket_sql
from insight_core.store.sql import dicts, rows_in

# Customers that are looked at together: some hundred megabytes of their cells. Fewer would spend their time on
# planning, and be no work for two threads: the engine hands out rows in groups of 122,880.
_AT_ONCE = 250_000

Shares = dict[str, Share]


def count(
    store: Store, aim: Purpose, now: datetime, files: Files, part: Part, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """That part of the buckets in `depths`, which says how many cells worth fixing of each kind each one keeps."""
    rows = sum(one.rows for one in files["snapshot"] if is_beside(one) == (part is not Part.SETTLED))
    for some in batches(rows, sorted(depths)):
        con = store.duck()
        try:
            everyone(con, store, aim, now, files, some, part)
            yield _shares(con, aim, now, part, {bucket: depths[bucket] for bucket in some})
        finally:
            con.close()


def batches(rows: int, buckets: Sequence[int]) -> Iterator[list[int]]:
    """The buckets in parts that are looked at together; `rows` are those of all buckets."""
    step = max(1, int(_AT_ONCE / max(rows / BUCKETS, 1)))
    return (list(buckets[start : start + step]) for start in range(0, len(buckets), step))


def everyone(
    con: Any,
    store: Store,
    aim: Purpose,
    now: datetime,
    files: Files,
    buckets: Sequence[int],
    part: Part | None = None,
    *,
    few: bool = False,
) -> None:
    """The relation `everyone` with `why` they are withheld, and the relation `judged` of those who are not.

    Without a part it is everybody as they stand now. Where only a `few` of their fields are asked for, no more is
    worked out; what asks for many would work everything out for each of them.
    """
    inside, made = ", ".join(str(one) for one in buckets), "VIEW" if few else "TABLE"
    for name in ("snapshot", "consent_states"):
        query = f"SELECT * FROM {_source(store, files, name, buckets, part)}"
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")
    asked(con, aim, now)
    query = sql(con, f"kept-aged-{aim.name}", partial(_aged, aim), "snapshot", "consent_states", "asked")
    con.execute(f"""
        CREATE OR REPLACE TEMP {made} everyone AS SELECT {bucket_sql("customer_id")} AS bucket, * FROM ({query})
        WHERE {bucket_sql("customer_id")} IN ({inside})
    """)
    con.execute("CREATE OR REPLACE TEMP VIEW aged AS SELECT * FROM everyone WHERE why IS NULL")
    con.execute(f"CREATE OR REPLACE TEMP {made} judged AS {sql(con, 'kept-judged', wide.judged, 'aged')}")


def _source(store: Store, files: Files, name: str, buckets: Sequence[int], part: Part | None) -> str:
    """SQL for the dataset's rows of that part of the buckets."""
    near = [one for one in files[name] if one.bucket is None or one.bucket < 0 or one.bucket in buckets]
    if part in (Part.SETTLED, Part.LEFT):
        near = [one for one in near if not is_beside(one)]
    elif part is Part.CAME and moved_keys(store, files) == moved_keys(store, {name: files[name]}):
        near = [one for one in near if is_beside(one)]  # all of them lie there
    nothing = not any(one.bucket != MOVED for one in near)
    source = store.lake.rows_of(files[name] if nothing else near)
    if nothing or part in (None, Part.SETTLED):
        return f"{source} {'WHERE false' if nothing else ''}"
    lists = rows_in(lists_of_moved(store, files))
    return f"{source} AS one SEMI JOIN (SELECT customer_id FROM {lists}) AS moved USING (customer_id)"


def _aged(aim: Purpose, snapshot: Table, states: Table, asked: Table) -> Table:
    """Everybody with `why` they are withheld, and what is known of every field that counts for the purpose."""
    said = states.cross_join(asked.select("asked_purpose", "asked_now"))
    every = explicit(answers(snapshot, said, aim)).cross_join(asked.drop("asked_purpose", "asked_now"))
    counting = [one for one, _ in weighed(aim.name)]
    return wide.aged(every, ("customer_id", "kind", "stage", "why"), counting)


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


def worth_sql(con: Any, why: str, names: Sequence[str]) -> str:
    """The cells worth fixing of these fields, over the relation `judged`."""
    asked_for = digest(*names)[:8]
    return sql(con, f"kept-worth-{why}-{asked_for}", partial(shares.worth, purpose=why, names=names), "judged")


def _columns(con: Any, name: str) -> dict[str, str]:
    every = {row[0]: row[1] for row in con.execute(f'DESCRIBE "{name}"').fetchall()}
    return {one: kind for one, kind in every.items() if name != "snapshot" or one in quality.READ}


def _shares(con: Any, aim: Purpose, now: datetime, part: Part, depths: Mapping[int, int]) -> dict[int, Shares]:
    pointed = sql(con, f"kept-points-{aim.name}", partial(shares.points, purpose=aim.name), "judged")
    con.execute(f"CREATE OR REPLACE TEMP TABLE pointed AS {pointed}")
    stands = _stands(con, aim, now)
    bases = _bases(con, aim)
    if part is Part.LEFT:  # nobody asks which of their cells were worth fixing
        return {
            bucket: dict.fromkeys(QUESTIONS, stands[bucket]) | {"base": bases[bucket] | stands[bucket]}
            for bucket in depths
        }
    best, scores = _best(con, aim, depths), _scores(con)
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


def _bases(con: Any, aim: Purpose) -> dict[int, Share]:
    found: dict[int, Share] = defaultdict(lambda: {"kinds": {}, "stages": {}, "withheld": {}, "sums": {}, "fading": {}})
    for name, where in (("kind", "aged"), ("stage", "aged"), ("why", "everyone WHERE why IS NOT NULL")):
        into = "withheld" if name == "why" else f"{name}s"
        query = f"SELECT bucket, coalesce({name}, 'unknown'), count(*) FROM {where} GROUP BY 1, 2 ORDER BY 1, 2"
        for bucket, value, rows in con.execute(query).fetchall():
            found[bucket][into][value] = rows
    for name, query in (
        ("sums", sql(con, "kept-sums", shares.sums, "pointed")),
        ("fading", sql(con, f"kept-fading-{aim.name}", partial(shares.fading, purpose=aim.name), "judged")),
    ):
        for row in dicts(con, query):
            bucket = row.pop("bucket")
            found[bucket][name] = _nested(row)
    return found


def _best(con: Any, aim: Purpose, depths: Mapping[int, int]) -> dict[int, Share]:
    """Per bucket the most valuable cells of each kind of problem, and the last of a kind of which there are more."""
    worth = worth_sql(con, aim.name, shares.fixable(aim.name))
    con.execute(f"CREATE OR REPLACE TEMP TABLE worth AS {worth}")
    con.execute("CREATE OR REPLACE TEMP TABLE deep AS SELECT unnest(?::INT[]) AS bucket, unnest(?::INT[]) AS depth",
                [list(depths), list(depths.values())])  # fmt: skip
    found: dict[int, Share] = {bucket: {"depth": depth, "cut": {}, "rows": []} for bucket, depth in depths.items()}
    for row in con.execute(_BEST).fetchall():
        bucket, total, place, *cell = row
        found[bucket]["rows"].append(cell)
        if place == depths[bucket] < total:
            found[bucket]["cut"][str(cell[3])] = cell
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
           row_number() OVER (PARTITION BY bucket, problem ORDER BY loss, customer_id, field) AS place,
           loss, customer_id, field, problem, broken, days
    FROM candidates QUALIFY place <= depth ORDER BY loss, customer_id, field
"""


def _scores(con: Any) -> dict[int, str]:
    """Everybody's scores, packed by bucket."""
    figures = ", ".join(f"{one}::INT AS {one}" for one in quality.SCORES)
    query = (
        f"SELECT bucket, customer_id, {figures} FROM ({sql(con, 'kept-each', shares.each, 'pointed')}) ORDER BY 1, 2"
    )
    return packed(con.sql(query).to_arrow_table())


def _nested(row: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Columns named `<group>__<what>` by group."""
    nested: dict[str, dict[str, int]] = {}
    for name, figure in row.items():
        group, _, what = name.partition("__")
        nested.setdefault(group, {})[what] = figure
    return nested
