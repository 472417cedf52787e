"""Known keys: what every record shares with whoever is one with it, so that nobody's words are made plain twice.

They are listed in the lake as the last build left them, and told to be whole beside what that saw: where a file of
theirs is gone, or an older release has built since, they count no more, and everybody is linked anew. What came is
added; of what went they tell the next build whom it may have joined to others or told apart, and then they are
written anew without it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlmodel import Session, select

from insight_core.identity import MADE_BY, keys_of, rules_version, words
from insight_core.pipeline.steps import Steps
from insight_core.records.ids import digest
from insight_core.store import Store
from insight_core.store.tables import LakeFile, Note

KEYS = "keys"
_NOTE = "keys_of"
_MOST_FILES = 8


class Listing(NamedTuple):
    """Files to list and to unlist when everything else is built."""

    new: Sequence[LakeFile] = ()
    old: Sequence[LakeFile] = ()


def whole(store: Store, seen: str) -> bool:
    """Whether they are the keys of all party records of the last build, which saw this."""
    with store.read() as session:
        note = session.get(Note, _NOTE)
        return note is not None and note.value == _print(session, seen)


def told_whole(session: Session, seen: str) -> None:
    """Within the caller's transaction: from here on they are, of what this build saw."""
    session.flush()
    session.merge(Note(name=_NOTE, value=_print(session, seen)))


def _print(session: Session, seen: str) -> str:
    paths = session.exec(select(LakeFile.path).where(LakeFile.dataset == KEYS)).all()
    return digest(MADE_BY, rules_version(), keys_of(""), seen, *sorted(paths))


def all_anew(store: Store, steps: Steps) -> Listing:
    """The keys of everybody, as a build of everybody has written the relation of that name."""
    return Listing([store.lake.adopt(steps.path(KEYS), KEYS)], store.lake.listed(KEYS))


def brought_up_to_date(store: Store, steps: Steps, came: str, *, went: bool) -> Listing:
    """Those of the party rows that came beside the others; where some went, all, without what went.

    The relation `touched_people` are the records of which a row came or went. Keys that are there twice do no harm.
    """
    listed = store.lake.listed(KEYS)
    if not went and len(listed) < _MOST_FILES:
        return Listing(_put(store, steps.con, keys_of(words(came))))
    others = f"{steps.dataset(KEYS)} ANTI JOIN touched_people USING (record_id)"
    theirs = keys_of(words("(FROM parties SEMI JOIN touched_people USING (record_id))"))
    return Listing(_put(store, steps.con, f"({others}) UNION ALL ({theirs})"), listed)


def every(steps: Steps) -> str:
    """The relation of the keys as they were, and of those that were just brought up to date."""
    return f"({steps.dataset(KEYS)} UNION ALL FROM keys_to_keep)"


def _put(store: Store, con: Any, query: str) -> list[LakeFile]:
    con.execute(f"CREATE OR REPLACE TEMP TABLE keys_to_keep AS {query}")
    rows = con.execute("SELECT count(*) FROM keys_to_keep").fetchall()[0][0]
    return store.lake.put(con, "FROM keys_to_keep", KEYS, int(rows))
