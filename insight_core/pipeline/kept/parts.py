"""Parts: of what a bucket's share is put together, so that a change costs what it changed.

Rows that changed lie beside the buckets (`store.beside`). So a share has three parts: everybody as
they stand in the bucket's files, whoever of them moved as they stood there, and the same as they
stand now. The first is the large one, and stays until the bucket is written anew; the share is the
first without the second and with the third.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from operator import add, sub
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from insight_core.pipeline.kept.codec import unpacked
from insight_core.store.buckets import BUCKETS

Share = dict[str, Any]
_TALLIES = ("kinds", "stages", "withheld")


class Part(IntEnum):
    """Which rows: all in the bucket's files, those of them that are old, and the newest in their place."""

    SETTLED = 0
    LEFT = 1
    CAME = 2


def place(part: Part, bucket: int) -> int:
    """The number under which a part of a bucket is kept."""
    return part * BUCKETS + bucket


def split(number: int) -> tuple[Part, int]:
    """And back."""
    part, bucket = divmod(number, BUCKETS)
    return Part(part), bucket


def together(question: str, parts: Mapping[Part, Share], moved: frozenset[str]) -> Share:
    """The share of a bucket from its parts."""
    kept = {part: one for part, one in parts.items() if part is not Part.LEFT}
    return _WAYS[question](parts, moved) | _stands(kept.values())


def _bases(parts: Mapping[Part, Share], _: frozenset[str]) -> Share:
    share = parts[Part.SETTLED]
    for part, change in ((Part.LEFT, sub), (Part.CAME, add)):
        if part in parts:
            share = {name: _changed(share[name], parts[part][name], change) for name in (*_TALLIES, "sums", "fading")}
    return share | {name: {value: rows for value, rows in share[name].items() if rows} for name in _TALLIES}


def _changed(one: Mapping[str, Any], other: Mapping[str, Any], change: Callable[[int, int], int]) -> dict[str, Any]:
    return {
        name: _changed(one.get(name, {}), other.get(name, {}), change)
        if isinstance(one.get(name, other.get(name)), dict)
        else change(one.get(name, 0), other.get(name, 0))
        for name in {**one, **other}
    }


def _problems(parts: Mapping[Part, Share], moved: frozenset[str]) -> Share:
    """The cells of both, and for each kind the place from which on one of them leaves cells out."""
    settled, came = parts[Part.SETTLED], parts.get(Part.CAME)
    if came is None:
        return settled
    rows = [cell for cell in settled["rows"] if cell[1] not in moved]
    cuts = {kind: [one["cut"][kind] for one in (settled, came) if kind in one["cut"]] for kind in
            {**settled["cut"], **came["cut"]}}  # fmt: skip
    return {
        "depth": min(settled["depth"], came["depth"]),
        "cut": {kind: min(cut) for kind, cut in cuts.items()},
        "rows": sorted(rows + came["rows"]),
    }


def _scores(parts: Mapping[Part, Share], moved: frozenset[str]) -> Share:
    tables = [unpacked(one["packed"]) for part, one in parts.items() if part is Part.SETTLED and one["packed"]]
    if Part.CAME in parts:
        gone = pa.array(sorted(moved), pa.string())
        tables = [one.filter(pc.invert(pc.is_in(one["customer_id"], gone))) for one in tables]
        tables += [unpacked(parts[Part.CAME]["packed"])] if parts[Part.CAME]["packed"] else []
    return {"tables": tables}


_WAYS = {"base": _bases, "problems": _problems, "scores": _scores}


def _stands(parts: Iterable[Share]) -> Share:
    every = list(parts)
    begins, ends = ([one[name] for one in every if one[name] is not None] for name in ("from", "until"))
    return {"from": max(begins, default=None), "until": min(ends, default=None)}
