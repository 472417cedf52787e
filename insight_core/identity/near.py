"""Near: linking anew only those whom new records may have joined to others, or told apart.

Who shares a key is joined or not by what all who share it say; so a group differs only where somebody came who has its
key. The customers of whoever shares a key with a new record are put together anew, with all their records. No link
leads out of them: it would be of a group that stands, and so within one customer, or of one that differs, all of whom
are among them. Whoever else shares a key with them is looked at too, for a source's own word and a crowded phone
count wherever they are.
"""

from collections.abc import Sequence
from typing import Any

from insight_core.identity.resolve import linked, words
from insight_core.identity.rules import POINTS, RULES

# All who have a phone count, whatever else they share: many names make it none.
_KEYS = (*((point,) for point in POINTS), *(rule.parts for rule in RULES if not {*POINTS} & {*rule.parts}))


def resolve_near(con: Any, parties: str, came: str, links: str) -> str:
    """Link anew whom the party rows `came` reach: they are among `parties`, and `links` are of all others.

    Gives the name of a table like that of `resolve`, with every record of the customers that may be
    others now; all other links stand.
    """
    _table(con, "everybody", words(parties))
    _table(con, "newcomers", words(came))
    _table(con, "reached", _sharing("FROM newcomers"))
    _table(con, "anew", _WHOLE_CUSTOMERS.format(links=links))
    _table(con, "around", _sharing("FROM everybody SEMI JOIN anew USING (record_id)"))
    table = linked(con, "FROM everybody SEMI JOIN around USING (record_id)")
    con.execute(f"DELETE FROM {table} WHERE record_id NOT IN (FROM anew)")
    con.execute("DROP TABLE everybody")
    return table


_WHOLE_CUSTOMERS = """
    SELECT record_id FROM {links}
    WHERE customer_id IN (SELECT customer_id FROM {links} SEMI JOIN reached USING (record_id))
    UNION SELECT record_id FROM newcomers
"""


def _table(con: Any, name: str, query: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")


def _sharing(people: str) -> str:
    """SQL for the records that share a key with some people, those themselves included."""
    return " UNION ".join([f"SELECT record_id FROM ({people})", *(_alike(people, parts) for parts in _KEYS)])


def _alike(people: str, parts: Sequence[str]) -> str:
    names = [f"part_{number}" for number in range(len(parts))]
    key = ", ".join(f"{part} AS {name}" for part, name in zip(parts, names, strict=True))
    return f"""SELECT record_id FROM (SELECT record_id, {key} FROM everybody)
        SEMI JOIN (SELECT {key} FROM ({people})) AS theirs USING ({", ".join(names)})"""
