"""Rows: shares in the store, and in memory once read."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from sqlmodel import col, delete, select

from insight_core.errors import Fault
from insight_core.pipeline.kept.parts import Share
from insight_core.store import Store
from insight_core.store.desk_tables import KeptAnswer

QUESTIONS = ("base", "problems", "scores")


class Asked(NamedTuple):
    """Which shares: of a store, for a purpose, on a day."""

    store: Store
    purpose: str
    day: str


class Kept(NamedTuple):
    """One bucket's share of the answer to one question, and what it was counted from."""

    print: str
    share: Share


_Key = tuple[str, str, str, str]
_read: dict[_Key, dict[int, Kept]] = {}
_MOST_READ = 24


def kept(asked: Asked, question: str, prints: Mapping[int, str]) -> dict[int, Kept]:
    """The shares that hold for these prints, by bucket."""
    key = (str(asked.store.root), question, asked.purpose, asked.day)
    known = _read.get(key, {})
    lacking = [bucket for bucket, one in prints.items() if bucket not in known or known[bucket].print != one]
    if lacking:
        known = {**known, **_stored(asked, question, lacking)}
        _remember(key, known)
    return {bucket: known[bucket] for bucket, one in prints.items() if bucket in known and known[bucket].print == one}


def keep(asked: Asked, counted: Mapping[int, Mapping[str, Kept]]) -> None:
    """Keep the shares of some buckets, by question, in the place of those of earlier days."""
    for question in QUESTIONS:
        key = (str(asked.store.root), question, asked.purpose, asked.day)
        _remember(key, {**_read.get(key, {}), **{bucket: some[question] for bucket, some in counted.items()}})
    # a store that cannot be written still answers
    with suppress(Fault), asked.store.write(quiet=True) as session:
        old = delete(KeptAnswer).where(
            col(KeptAnswer.question).in_(QUESTIONS),
            col(KeptAnswer.purpose) == asked.purpose,
            col(KeptAnswer.bucket).in_(list(counted)),
            col(KeptAnswer.day) <= asked.day,
        )
        session.exec(old)
        session.add_all(
            _row(asked, question, bucket, one) for bucket, some in counted.items() for question, one in some.items()
        )


def _row(asked: Asked, question: str, bucket: int, one: Kept) -> KeptAnswer:
    return KeptAnswer(
        question=question,
        purpose=asked.purpose,
        day=asked.day,
        bucket=bucket,
        print=one.print,
        body=json.dumps(one.share, separators=(",", ":")),
    )


def _stored(asked: Asked, question: str, buckets: Iterable[int]) -> dict[int, Kept]:
    query = select(KeptAnswer.bucket, KeptAnswer.print, KeptAnswer.body).where(
        col(KeptAnswer.question) == question,
        col(KeptAnswer.purpose) == asked.purpose,
        col(KeptAnswer.day) == asked.day,
        col(KeptAnswer.bucket).in_(list(buckets)),
    )
    with asked.store.read() as session:
        return {bucket: Kept(seen, json.loads(body)) for bucket, seen, body in session.exec(query).all()}


def _remember(key: _Key, known: dict[int, Kept]) -> None:
    _read.pop(key, None)
    _read[key] = known
    while len(_read) > _MOST_READ:
        _read.pop(next(iter(_read)), None)
