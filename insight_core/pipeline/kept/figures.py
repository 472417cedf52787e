"""Figures: what is kept of those who are judged, by bucket: sums, the cells most worth fixing, everybody's scores."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any

from insight_core import quality
from insight_core.catalogue import Purpose
from insight_core.pipeline.kept.codec import packed
from insight_core.pipeline.kept.judge import sql, worth_sql
from insight_core.pipeline.kept.parts import Share
from insight_core.quality import shares
from insight_core.records.clock import epoch
from insight_core.records.consent import TURNS
from insight_core.store.sql import dicts

Shares = dict[str, Share]


def figures(con: Any, aim: Purpose, now: datetime, where: str, depths: Mapping[int, int]) -> dict[int, Shares]:
    """The shares of those in the relations everyone and judged; `where` is SQL for the place a customer is counted in.

    Most of what few take is the planning of wide statements: those that rest on cells are planned beside those that
    rest on points.
    """
    with closing(con.cursor()) as cells, ThreadPoolExecutor(1) as pool:
        worst = pool.submit(_best, cells, aim, depths)
        lost = pool.submit(_fading, cells, aim)
        pointed = sql(con, f"kept-points-{aim.name}", partial(shares.points, purpose=aim.name), "judged")
        con.execute(f"CREATE OR REPLACE TEMP TABLE pointed AS {pointed}")
        stands, bases = _stands(con, aim, now, where), _bases(con)
        scores = _scores(con, [bucket for bucket, depth in depths.items() if depth])
        best, fading = worst.result(), lost.result()
    return {
        bucket: {
            "base": bases[bucket] | {"fading": fading[bucket]} | stands[bucket],
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
        FROM (SELECT customer_id, unnest([{", ".join(TURNS)}]) AS moment FROM consent_states WHERE purpose = ?)
        GROUP BY 1
    """
    for bucket, begin, end in con.execute(query, [epoch(now), epoch(now), aim.name]).fetchall():
        found[bucket] = {"from": begin, "until": end}
    return found


def _bases(con: Any) -> dict[int, Share]:
    found: dict[int, Share] = defaultdict(lambda: {"kinds": {}, "stages": {}, "withheld": {}, "sums": {}})
    for name, where in (("kind", "aged"), ("stage", "aged"), ("why", "everyone WHERE why IS NOT NULL")):
        into = "withheld" if name == "why" else f"{name}s"
        query = f"SELECT bucket, coalesce({name}, 'unknown'), count(*) FROM {where} GROUP BY 1, 2 ORDER BY 1, 2"
        for bucket, value, rows in con.execute(query).fetchall():
            found[bucket][into][value] = rows
    for bucket, row in _by_bucket(con, sql(con, "kept-sums", shares.sums, "pointed")).items():
        found[bucket]["sums"] = row
    return found


def _fading(con: Any, aim: Purpose) -> dict[int, Share]:
    return _by_bucket(con, sql(con, f"kept-fading-{aim.name}", partial(shares.fading, purpose=aim.name), "judged"))


def _by_bucket(con: Any, query: str) -> defaultdict[int, Share]:
    found: defaultdict[int, Share] = defaultdict(dict)
    for row in dicts(con, query):
        bucket = row.pop("bucket")
        found[bucket] = _nested(row)
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
           loss, customer_id, field, problem, broken, days, bounced
    FROM candidates QUALIFY place <= depth ORDER BY loss, customer_id, field
"""


def _scores(con: Any, buckets: Collection[int]) -> dict[int, str]:
    """Everybody's scores in these buckets, packed."""
    scores = ", ".join(f"{one}::INT AS {one}" for one in quality.SCORES)
    each = f"({sql(con, 'kept-each', shares.each, 'pointed')})"
    inside = ", ".join(str(one) for one in buckets)
    rows = f"SELECT bucket, customer_id, {scores} FROM {each} WHERE bucket IN ({inside}) ORDER BY 1, 2"
    return packed(con.sql(rows).to_arrow_table())


def _nested(row: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Columns named `<group>__<what>` by group."""
    nested: dict[str, dict[str, int]] = {}
    for name, figure in row.items():
        group, _, what = name.partition("__")
        nested.setdefault(group, {})[what] = figure
    return nested
