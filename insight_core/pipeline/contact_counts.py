"""Contact counts: every customer's contacts as far as cards ask for them, counted once and kept in the lake.

They hang on the interactions and on who is who, and on nothing else: a fix leaves them as they are.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import col, delete, select

from insight_core.compliance.reading import rows_of
from insight_core.pipeline.load import staging
from insight_core.recommend.contacts import counted_query
from insight_core.records.ids import digest
from insight_core.store import Store
from insight_core.store.desk_tables import KeptAnswer
from insight_core.store.sql import rows_in, text, texts
from insight_core.store.tables import LakeFile

_QUESTION = "contact_counts"
_EMPTY = """(SELECT NULL::VARCHAR AS record_id, NULL::VARCHAR AS channel, NULL::VARCHAR AS direction,
    NULL::VARCHAR AS tone, NULL::VARCHAR AS outcome, NULL::BIGINT AS sentiment, NULL::BIGINT AS occurred_at
    WHERE FALSE)"""


def up_to_date(store: Store) -> str:
    """Counts anew when interactions or links are not those that were counted; gives a print of the counts."""
    seen = digest(counted_query("", ""), shas(store, "interactions"), shas(store, "links"))
    with store.read() as session:
        kept = session.exec(select(KeptAnswer.print).where(KeptAnswer.question == _QUESTION)).first()
    if kept != seen:
        _count(store, seen)
    return seen


def contacts_sql(store: Store) -> str:
    """The relation of all interactions."""
    paths = store.lake.paths("interactions")
    return rows_in(paths) if paths else _EMPTY


def outbound_sql(store: Store, since: int) -> str:
    """SQL for the table `outbound` of `CardInputs`: contacts of ours after an instant."""
    links = store.lake.rows("links")
    return f"""SELECT customer_id, channel, occurred_at AS "at" FROM {contacts_sql(store)}
        JOIN {links} USING (record_id) WHERE direction = 'outbound' AND occurred_at > {since}"""


def of_one(store: Store, con: Any, customer: str, records: Sequence[str], since: int) -> tuple[Any, Any]:
    """One customer's `contacts` and `outbound`, from the buckets of the customer's records alone."""
    rows = rows_of(store, "interactions", records) or f"SELECT * FROM {_EMPTY}"
    mine = f"SELECT unnest([{texts(records)}])::VARCHAR AS record_id, {text(customer)} AS customer_id"
    con.execute(f"CREATE OR REPLACE TEMP TABLE own_contacts AS {rows}")
    counted = con.sql(counted_query("FROM own_contacts", mine)).to_arrow_table()
    recent = f"""SELECT {text(customer)} AS customer_id, channel, occurred_at AS "at" FROM own_contacts
        WHERE direction = 'outbound' AND occurred_at > {since}"""
    return counted, con.sql(recent).to_arrow_table()


def shas(store: Store, dataset: str) -> list[str]:
    """The digests of a dataset's files: they name its content."""
    with store.read() as session:
        query = select(LakeFile.sha256).where(LakeFile.dataset == dataset).order_by(col(LakeFile.path))
        return list(session.exec(query).all())


def _count(store: Store, seen: str) -> None:
    con = store.duck()
    with staging(store) as folder:
        path, links = folder / "counts.parquet", f"FROM {store.lake.rows('links')}"
        query = counted_query(f"FROM {contacts_sql(store)}", links)
        rows = con.execute(f"COPY ({query}) TO {text(str(path))} (FORMAT parquet)").fetchall()[0][0]
        new = store.lake.put(con, f"SELECT * FROM {rows_in(path)}", _QUESTION, rows)
    con.close()
    old = store.lake.listed(_QUESTION)
    with store.write(quiet=True) as session:
        store.lake.relist(session, new, old)
        session.execute(delete(KeptAnswer).where(col(KeptAnswer.question) == _QUESTION))
        session.add(KeptAnswer(question=_QUESTION, purpose="*", day="*", bucket=-1, print=seen, body=""))
    store.lake.unlink(old)


def counts_sql(store: Store, buckets: Sequence[int] | None = None) -> str:
    """The relation of the counts as they were last kept, at least those of the buckets."""
    paths = store.lake.paths(_QUESTION, buckets)
    empty = counted_query(f"FROM {_EMPTY}", "SELECT NULL::VARCHAR AS record_id, NULL::VARCHAR AS customer_id")
    return rows_in(paths) if paths else f"({empty})"
