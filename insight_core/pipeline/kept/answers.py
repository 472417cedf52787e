"""Answers about the whole base, added up from shares; what is missing is counted and kept first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from heapq import merge
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from insight_core import quality
from insight_core.catalogue import purpose
from insight_core.errors import NotBuilt
from insight_core.pipeline.kept.count import count_moved, count_settled
from insight_core.pipeline.kept.history import remember
from insight_core.pipeline.kept.narrow import narrowed, narrowed_to
from insight_core.pipeline.kept.parts import Part, Share, place, split, together
from insight_core.pipeline.kept.prints import Files, listed, moved_keys, prints_of_parts
from insight_core.pipeline.kept.rows import QUESTIONS, Asked, Kept, keep, kept
from insight_core.quality import Problem, utc_date, wanted_problems
from insight_core.quality.overview import added, told
from insight_core.records.clock import epoch
from insight_core.store import Store
from insight_core.store.buckets import BUCKETS

# Cells of each kind that a bucket keeps at first; where ties pile up in one, it is counted again, deeper.
_DEPTH = 256
_DEEPER = 8

Cell = list[Any]


def overview(store: Store, why: str, now: datetime) -> dict[str, Any]:
    """The whole base in figures; see `quality.overview.told`."""
    found = base(store, why, now)
    kinds = _tally(found, "kinds")
    answer = {
        "purpose": why,
        "customers": sum(kinds.values()),
        "kinds": kinds,
        "stages": _tally(found, "stages"),
        **told(added(one["sums"] for one in found)),
        "withheld": _tally(found, "withheld"),
    }
    remember(store, why, epoch(now), utc_date(now), answer["scores"]["overall"], answer["customers"])
    return answer


def base(store: Store, why: str, now: datetime) -> list[Share]:
    """The shares of the overview."""
    return list(_shares(store, why, now, "base", {}).values())


class Wanted(NamedTuple):
    """Which cells worth fixing: their states, facet and field, and the source of their value; None and () for any."""

    states: Sequence[str] = ()
    facet: str | None = None
    field: str | None = None
    source: str | None = None


def best(store: Store, why: str, now: datetime, limit: int, wanted: Wanted) -> list[Problem]:
    """The cells that a fix wins back most for, most valuable first; raises NotFound for what is not known."""
    kinds, names = wanted_problems(wanted.states), narrowed_to(why, wanted.facet, wanted.field)
    found = _shares(store, why, now, "problems", {})
    cells = _first(found, kinds, names, limit)
    shallow = _shallow(found, kinds, cells, limit)
    if wanted.source is not None or (shallow and (wanted.facet or wanted.field)):
        # going deeper might bring other fields only
        return [Problem(*cell) for cell in narrowed(store, why, now, limit, kinds, names, wanted.source)]
    while shallow:
        found = _shares(store, why, now, "problems", shallow)
        cells = _first(found, kinds, names, limit)
        shallow = _shallow(found, kinds, cells, limit)
    return [Problem(*cell) for cell in cells]


def scored(store: Store, why: str, now: datetime) -> pa.Table:
    """customer_id and the four overall scores in 1e-6 of everybody that the purpose may see."""
    found = _shares(store, why, now, "scores", {})
    tables = [table for one in found.values() for table in one["tables"]]
    schema = pa.schema([("customer_id", pa.string()), *((name, pa.int32()) for name in quality.SCORES)])
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _shares(store: Store, why: str, now: datetime, question: str, depths: Mapping[int, int]) -> dict[int, Share]:
    """Every bucket's share of one question; `depths` says which buckets have to go deeper than usual."""
    try:
        return _filled(store, why, now, question, depths)
    except duckdb.IOException:
        # a build has put other files in the place of those that were listed a moment ago
        return _filled(store, why, now, question, depths)


def _filled(store: Store, why: str, now: datetime, question: str, depths: Mapping[int, int]) -> dict[int, Share]:
    files = listed(store)
    if not files["snapshot"]:
        raise NotBuilt
    asked, now_is = Asked(store, why, utc_date(now).isoformat()), prints_of_parts(store, files)
    found = kept(asked, question, now_is)
    lacking: dict[bool, dict[int, int]] = {False: {}, True: {}}
    for part, bucket in map(split, now_is):
        if not _holds(found.get(place(part, bucket)), part, epoch(now), depths.get(bucket, 0)):
            lacking[part is not Part.SETTLED][bucket] = depths.get(bucket, _DEPTH)
    for counting, some in ((count_settled, lacking[False]), (count_moved, lacking[True])):
        for counted in counting(store, purpose(why), now, files, some):
            rows = {
                number: {name: Kept(now_is[number], share[name]) for name in QUESTIONS}
                for number, share in counted.items()
            }
            keep(asked, rows)
            found |= {number: one[question] for number, one in rows.items()}
    return _together(asked, question, files, {number: one.share for number, one in found.items()})


# The shares put together last, and the parts they are of: most stay the same from one question to the next.
_Name = tuple[str, str, int]
_made: dict[_Name, tuple[list[Share], Share]] = {}
_MOST_MADE = 12 * BUCKETS
_one_at_a_time = Lock()


def _together(asked: Asked, question: str, files: Files, found: Mapping[int, Share]) -> dict[int, Share]:
    moved = moved_keys(asked.store, files)
    shares = {}
    for bucket in range(BUCKETS):
        parts = {part: found[place(part, bucket)] for part in Part if place(part, bucket) in found}
        name = (question, asked.purpose, bucket)
        of, made = _taken(name)
        if len(of) != len(parts) or any(one is not other for one, other in zip(of, parts.values(), strict=True)):
            made = together(question, parts, moved)
        _put(name, list(parts.values()), made)
        shares[bucket] = made
    return shares


def _taken(name: _Name) -> tuple[list[Share], Share]:
    with _one_at_a_time:
        return _made.pop(name, ([], {}))


def _put(name: _Name, of: list[Share], made: Share) -> None:
    """Keep it as the newest, and let go of the oldest beyond what is kept."""
    with _one_at_a_time:
        _made[name] = (of, made)
        while len(_made) > _MOST_MADE:
            del _made[next(iter(_made))]


def _holds(known: Kept | None, part: Part, now: int, depth: int) -> bool:
    """Whether a part of a share holds at this instant of its day, and goes deep enough."""
    if known is None:
        return False
    share, depth = known.share, 0 if part is Part.LEFT else depth
    begin, end = share["from"], share["until"]
    stands = (begin is None or begin <= now) and (end is None or now < end)
    return stands and (depth == 0 or not share["cut"] or share["depth"] >= depth)


def _first(found: Mapping[int, Share], wanted: Sequence[int], names: Sequence[str], limit: int) -> list[Cell]:
    """The first cells of all buckets together: no two agree in loss, customer and field."""
    parts = ((cell for cell in one["rows"] if cell[3] in wanted and cell[2] in names) for one in found.values())
    return list(islice(merge(*parts), limit))


def _shallow(found: Mapping[int, Share], wanted: Sequence[int], cells: Sequence[Cell], limit: int) -> dict[int, int]:
    """How deep to go into the buckets whose list ends before the answer does: what they left out may belong into it."""
    return {
        bucket: min(_DEEPER * one["depth"], limit)
        for bucket, one in found.items()
        if one["depth"] < limit
        and any(int(kind) in wanted and (len(cells) < limit or last < cells[-1]) for kind, last in one["cut"].items())
    }


def _tally(found: Sequence[Share], name: str) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in found:
        for value, rows in one[name].items():
            total[value] = total.get(value, 0) + rows
    return dict(sorted(total.items()))
