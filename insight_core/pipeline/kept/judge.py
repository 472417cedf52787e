"""Judge: everybody of whom rows are looked at, as a purpose may see them, every field as small numbers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ibis import Table

from insight_core import quality
from insight_core.catalogue import Purpose
from insight_core.compliance import answers, explicit
from insight_core.pipeline.kept.looked import Looked
from insight_core.pipeline.plans import plan
from insight_core.quality import shares, wide
from insight_core.quality.counted import weighed
from insight_core.records.clock import epoch
from insight_core.records.ids import digest
from insight_core.settings import cache_folder


def everyone(
    con: Any, aim: Purpose, now: datetime, looked: Looked, places: Collection[int], *, few: bool = False
) -> None:
    """The relation `everyone` with `why` they are withheld, and the relation `judged` of those who are not.

    Where only a `few` of their fields are asked for, no more is worked out; what asks for many would work everything
    out for each of them.
    """
    inside = ", ".join(str(one) for one in places)
    # a judged table is no temporary one: other cursors see it too
    made, judged = ("TEMP VIEW", "TEMP VIEW") if few else ("TEMP TABLE", "TABLE")
    for name in ("snapshot", "consent_states"):
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {looked.rows(name)}")
    asked(con, aim, now)
    query = sql(con, f"kept-aged-{aim.name}", partial(_aged, aim), "snapshot", "consent_states", "asked")
    con.execute(f"""
        CREATE OR REPLACE {made} everyone AS
        SELECT * FROM (SELECT {looked.place} AS bucket, * FROM ({query})) WHERE bucket IN ({inside})
    """)
    con.execute("CREATE OR REPLACE TEMP VIEW aged AS SELECT * FROM everyone WHERE why IS NULL")
    con.execute(f"CREATE OR REPLACE {judged} judged AS {sql(con, 'kept-judged', wide.judged, 'aged')}")


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
