"""Rates: how often customers answer, learnt from everybody that a purpose may see, and kept as shares that add up.

The rule: the rates hang on the profiles, consents and contacts as they are and on the clock's day, and on nothing
else. They are counted for each bucket of customers and kept with a print of what they were counted from; a bucket
whose print is another is counted again. So after a fix one bucket is counted, and the sum is what counting everybody
would give. A consent counts for the whole of its day: one that ends or is withdrawn today teaches nothing today.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

import pyarrow as pa
from sqlmodel import col, delete, func, select

from insight_core.catalogue import purpose as known_purpose
from insight_core.compliance.seen import seen_sql
from insight_core.pipeline.contact_counts import counts_sql, up_to_date
from insight_core.pipeline.due import count_customers
from insight_core.pipeline.kept.prints import listed, prints
from insight_core.pipeline.linked import owned, owner
from insight_core.recommend import CardInputs, learn_shares, model_version, total
from insight_core.recommend.value import SHARES
from insight_core.records.clock import DAY, epoch
from insight_core.records.ids import digest
from insight_core.store import Store
from insight_core.store.buckets import BUCKETS, bucket_of, bucket_sql
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.tables import Outcome

AT_ONCE = 65_000  # customers worked on together: memory hangs on it, results do not
_QUESTION = "rates"
_WHOLE = -1  # the share of a base that lies in no buckets
_FIELDS = ("kind", "stage", "direction", "preferred_channel", "preferred_hours")
_SCHEMA = pa.schema([
    *((name, pa.string() if name == "segment" else pa.int64()) for name in ("share", "segment", "arm_id")),
    ("preferred", pa.bool_()),
    *((name, pa.int64()) for name in ("trials", "wins", "trial_pairs", "win_pairs")),
])  # fmt: skip

_known: dict[tuple[str, str, str], tuple[str, pa.Table]] = {}
_one_learns = Lock()


def learnt(store: Store, purpose: str, now: datetime) -> tuple[str, pa.Table]:
    """The rates of a purpose at an instant, and a print of them; what has changed since they were kept is counted."""
    place = (str(store.root), purpose, day_of(now))
    with _one_learns:
        prints = _prints(store, up_to_date(store))
        name = digest(*sorted(prints.items()))
        if _known.get(place, ("",))[0] != name:
            kept = _kept(store, purpose, day_of(now))
            old = [one for one, seen in prints.items() if kept.get(one, ("",))[0] != seen]
            if old:
                _count(store, purpose, now, {one: prints[one] for one in old})
                kept = _kept(store, purpose, day_of(now))
            _known[place] = (name, _same(place, total([_table(one, kept[one][1]) for one in sorted(prints)])))
    return _known[place]


def _same(place: tuple[str, str, str], rates: pa.Table) -> pa.Table:
    """The very table that was known before when it says the same: what was prepared with it still holds."""
    before = _known.get(place, ("", None))[1]
    return before if before is not None and before.equals(rates) else rates


def day_of(now: datetime) -> str:
    """The clock's day, which is all that rates know of the time."""
    return now.date().isoformat()


def inputs_of(store: Store, con: Any, purpose: str, moment: int, where: str, buckets: Sequence[int] | None,
              fields: Sequence[str]) -> CardInputs:  # fmt: skip
    """Snapshot and contacts of the customers that the purpose may see and the condition holds for."""
    seen = _seen(store, purpose, moment, where, buckets, fields)
    counts = f"SELECT * FROM {counts_sql(store, buckets)} WHERE {where}"
    return CardInputs(
        snapshot=con.sql(seen).to_arrow_table(),
        contacts=con.sql(counts).to_arrow_table(),
        outcomes=con.sql(f"SELECT * FROM outcomes WHERE {where}").to_arrow_table(),
    )


def _seen(store: Store, purpose: str, moment: int, where: str, buckets: Sequence[int] | None,
          fields: Sequence[str]) -> str:  # fmt: skip
    snapshot, consents = (
        f"(SELECT * FROM {store.lake.rows(name, buckets)} WHERE {where})" for name in ("snapshot", "consent_states")
    )
    return seen_sql(snapshot, consents, known_purpose(purpose), moment, fields)


def _prints(store: Store, counts: str) -> dict[int, str]:
    """By bucket, what its share hangs on."""
    files = listed(store)
    with store.read() as session:
        prefix = func.substr(owner(Outcome.customer_id), 1, 2)
        query = owned(select(prefix, func.count(), func.max(Outcome.id)), Outcome.customer_id)
        said = session.exec(query.group_by(prefix).order_by(prefix)).all()
    bucketed = all(one.bucket is not None for one in files["snapshot"])
    base = prints(store, files)
    code = digest(SHARES, model_version(), counts)
    return {
        one: digest(
            code,
            *(base[bucket] for bucket in sorted(base) if one in (_WHOLE, bucket)),
            *(tuple(row) for row in said if one in (_WHOLE, bucket_of(row[0]))),
        )
        for one in (range(BUCKETS) if bucketed else [_WHOLE])
    }


def _kept(store: Store, purpose: str, day: str) -> dict[int, tuple[str, str]]:
    with store.read() as session:
        query = select(KeptAnswer.bucket, KeptAnswer.print, KeptAnswer.body).where(
            KeptAnswer.question == _QUESTION, KeptAnswer.purpose == purpose, KeptAnswer.day == day
        )
        return {bucket: (seen, body) for bucket, seen, body in session.exec(query).all()}


def _count(store: Store, purpose: str, now: datetime, prints: dict[int, str]) -> None:
    found: dict[int, list[list[Any]]] = {one: [] for one in prints}
    for row in _shares(store, purpose, now, sorted(prints)):
        found[row["share"] if row["share"] in found else _WHOLE].append([*row.values()][1:])
    day = day_of(now)
    with store.write(quiet=True) as session:
        session.execute(delete(KeptAnswer).where(
            col(KeptAnswer.question) == _QUESTION, col(KeptAnswer.purpose) == purpose,
            (col(KeptAnswer.day) == day) & col(KeptAnswer.bucket).in_([*prints, *_others(prints)])
            | (col(KeptAnswer.day) < _long_ago(now)),
        ))  # fmt: skip
        session.add_all(
            KeptAnswer(
                question=_QUESTION, purpose=purpose, day=day, bucket=one, print=seen, body=json.dumps(found[one])
            )
            for one, seen in prints.items()
        )


def _others(prints: dict[int, str]) -> list[int]:
    """Shares of a base that was cut otherwise."""
    return list(range(BUCKETS)) if _WHOLE in prints else [_WHOLE]


def _long_ago(now: datetime) -> str:
    return datetime.fromtimestamp(epoch(now) - 30 * DAY, tz=now.tzinfo).date().isoformat()


def _shares(store: Store, purpose: str, now: datetime, buckets: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The shares, some buckets at a time."""
    con = store.duck()
    con.register("outcomes", outcomes_for_rates(store))
    evening = (epoch(now) // DAY + 1) * DAY - 1
    if list(buckets) == [_WHOLE]:
        yield from learn_shares(
            inputs_of(store, con, purpose, evening, "TRUE", None, _FIELDS), purpose, now
        ).to_pylist()
        return
    most = max(1, BUCKETS * AT_ONCE // max(count_customers(store), 1))
    for start in range(0, len(buckets), most):
        some = buckets[start : start + most]
        where = f"{bucket_sql('customer_id')} IN ({', '.join(map(str, some))})"
        yield from learn_shares(inputs_of(store, con, purpose, evening, where, some, _FIELDS), purpose, now).to_pylist()


def outcomes_for_rates(store: Store) -> pa.Table:
    """Every outcome, as far as it teaches."""
    names = ("customer_id", "channel", "window", "tone", "result", "at")
    asked = (owner(Outcome.customer_id), *(getattr(Outcome, name) for name in names[1:]))
    with store.read() as session:
        rows = session.exec(owned(select(*asked), Outcome.customer_id).order_by(Outcome.id)).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    types = (pa.int64() if name == "at" else pa.string() for name in names)
    return pa.table({name: pa.array(list(one), kind) for name, one, kind in zip(names, columns, types, strict=True)})


def _table(share: int, body: str) -> pa.Table:
    rows = json.loads(body)
    columns = [[share] * len(rows), *([row[i] for row in rows] for i in range(len(_SCHEMA) - 1))]
    return pa.table([pa.array(one, kind.type) for one, kind in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA)
