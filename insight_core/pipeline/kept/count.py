"""Count: the shares of some places of the base, anew, in one pass over their customers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

from ibis import Table

from insight_core import quality
from insight_core.catalogue import Purpose
from insight_core.compliance import answers, explicit
from insight_core.pipeline.kept.codec import packed
from insight_core.pipeline.kept.looked import Looked, moved, settled
from insight_core.pipeline.kept.parts import Part, Share, place
from insight_core.pipeline.kept.prints import Files, is_beside
from insight_core.pipeline.plans import plan
from insight_core.quality import shares, wide
from insight_core.quality.counted import weighed
from insight_core.records.clock import epoch
from insight_core.records.ids import digest
from insight_core.settings import cache_folder
from insight_core.store import Store
from insight_core.store.buckets import BUCKETS
from insight_core.store.sql import dicts

# Customers that are looked at together: a gigabyte of their cells. Fewer would spend their time on planning.
_AT_ONCE = 250_000
_SIDE_BY_SIDE = 2

Shares = dict[str, Share]


def count_settled(
    store: Store, aim: Purpose, now: datetime, files: Files, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """The shares of the buckets' own files; `depths` says how many cells worth fixing of each kind each one keeps."""

    def looked(some: Sequence[int]) -> tuple[Looked, dict[int, int]]:
        return settled(store, files, some), {bucket: depths[bucket] for bucket in some}

    rows = sum(one.rows for one in files["snapshot"] if not is_beside(one))
    yield from _counted(store, aim, now, map(looked, batches(rows, sorted(depths))))


def count_moved(
    store: Store, aim: Purpose, now: datetime, files: Files, depths: Mapping[int, int]
) -> Iterator[dict[int, Shares]]:
    """The shares, by place, of whoever moved out of these buckets: as they stood there, and as they stand now."""

    def looked(some: Sequence[int]) -> tuple[Looked, dict[int, int]]:
        # nobody asks which of the old cells were worth fixing
        places = {place(Part.LEFT, bucket): 0 for bucket in some}
        return moved(store, files, some), places | {place(Part.CAME, bucket): depths[bucket] for bucket in some}

    rows = 2 * sum(one.rows for one in files["snapshot"] if is_beside(one))
    yield from _counted(store, aim, now, map(looked, batches(rows, sorted(depths))))


def _counted(
    store: Store, aim: Purpose, now: datetime, parts: Iterable[tuple[Looked, Mapping[int, int]]]
) -> Iterator[dict[int, Shares]]:
    """Each part's shares; of several two at a time, each by one thread, for half of the work is one thread's anyway."""
    every = list(parts)
    counted = partial(_of_part, store, aim, now, threads=1 if len(every) > 1 else None)
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        yield from pool.map(lambda part: counted(*part), every)


def _of_part(
    store: Store, aim: Purpose, now: datetime, looked: Looked, depths: Mapping[int, int], threads: int | None
) -> dict[int, Shares]:
    con = store.duck()
    try:
        if threads:
            con.execute(f"SET threads = {threads}")
        everyone(con, aim, now, looked, depths)
        return _shares(con, aim, now, looked.place, depths)
    finally:
        con.close()


def batches(rows: int, buckets: Sequence[int]) -> Iterator[list[int]]:
    """The buckets in parts that are looked at together; `rows` are those of all buckets."""
    step = max(1, int(_AT_ONCE / max(rows / BUCKETS, 1)))
    return (list(buckets[start : start + step]) for start in range(0, len(buckets), step))


def everyone(
    con: Any, aim: Purpose, now: datetime, looked: Looked, places: Collection[int], *, few: bool = False
) -> None:
    """The relation `everyone` with `why` they are withheld, and the relation `judged` of those who are not.

    Where only a `few` of their fields are asked for, no more is worked out; what asks for many would work everything
    out for each of them.
    """
    inside, made = ", ".join(str(one) for one in places), "VIEW" if few else "TABLE"
    for name in ("snapshot", "consent_states"):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {looked.rows(name)}")
    asked(con, aim, now)
    query = sql(con, f"kept-aged-{aim.name}", partial(_aged, aim), "snapshot", "consent_states", "asked")
    con.execute(f"""
        CREATE OR REPLACE TEMP {made} everyone AS
        SELECT * FROM (SELECT {looked.place} AS bucket, * FROM ({query})) WHERE bucket IN ({inside})
    """)
    con.execute("CREATE OR REPLACE TEMP VIEW aged AS SELECT * FROM everyone WHERE why IS NULL")
    con.execute(f"CREATE OR REPLACE TEMP {made} judged AS {sql(con, 'kept-judged', wide.judged, 'aged')}")


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


def _shares(con: Any, aim: Purpose, now: datetime, where: str, depths: Mapping[int, int]) -> dict[int, Shares]:
    pointed = sql(con, f"kept-points-{aim.name}", partial(shares.points, purpose=aim.name), "judged")
    con.execute(f"CREATE OR REPLACE TEMP TABLE pointed AS {pointed}")
    stands, bases = _stands(con, aim, now, where), _bases(con, aim)
    best, scores = _best(con, aim, depths), _scores(con)
    return {
        bucket: {
            "base": bases[bucket] | stands[bucket],
            "problems": best[bucket] | stands[bucket],
            "scores": {"packed": scores[bucket]} | stands[bucket],
        }
        for bucket in depths
    }


def _stands(con: Any, aim: Purpose, now: datetime, where: str) -> dict[int, Share]:
    """Between which instants nobody's consent begins or ends: within them a share holds."""
    found: dict[int, Share] = defaultdict(lambda: {"from": None, "until": None})
    query = f"""
        SELECT {where}, max(moment) FILTER (moment <= ?), min(moment) FILTER (moment > ?)
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
    asked_for = {bucket: depth for bucket, depth in depths.items() if depth}
    con.execute("CREATE OR REPLACE TEMP TABLE deep AS SELECT unnest(?::INT[]) AS bucket, unnest(?::INT[]) AS depth",
                [list(asked_for), list(asked_for.values())])  # fmt: skip
    worth = worth_sql(con, aim.name, shares.fixable(aim.name))
    con.execute(f"CREATE OR REPLACE TEMP TABLE worth AS FROM ({worth}) SEMI JOIN deep USING (bucket)")
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
    """Everybody's scores, packed by bucket, where somebody asks for cells too."""
    figures = ", ".join(f"{one}::INT AS {one}" for one in quality.SCORES)
    each = f"({sql(con, 'kept-each', shares.each, 'pointed')}) SEMI JOIN deep USING (bucket)"
    return packed(con.sql(f"SELECT bucket, customer_id, {figures} FROM {each} ORDER BY 1, 2").to_arrow_table())


def _nested(row: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Columns named `<group>__<what>` by group."""
    nested: dict[str, dict[str, int]] = {}
    for name, figure in row.items():
        group, _, what = name.partition("__")
        nested.setdefault(group, {})[what] = figure
    return nested
