"""Near: linking anew only those whom records that came or went may have joined to others, or told apart.

Who shares a key is joined or not by what all who share it say; so a group differs only where somebody came or went who
has its key. The customers of whoever shares a key with such a record are put together anew, with all their records. No
link leads out of them: it would be of a group that stands, and so within one customer, or of one that differs, all of
whom are among them. Whoever else shares a key with them is looked at too, for a source's own word and a crowded phone
count wherever they are.
"""

from typing import Any

from insight_core.identity.keys import KEYS
from insight_core.identity.resolve import linked, words


def resolve_near(con: Any, parties: str, keys: str, touched: str, links: str) -> str:
    """Link anew whom the records `touched` reach, of which party rows came or went; `links` are of before that.

    `keys` are those of all `parties`, and of the rows that went; more of them reach further than they need. Gives
    the name of a table like that of `resolve`, with every record of the customers that may be others now; all other
    links stand. The table `anew` names those records, and those that are no more.
    """
    _table(con, "known", f"FROM {keys}")
    _table(con, "reached", _sharing(con, touched))
    _table(con, "anew", _WHOLE_CUSTOMERS.format(links=links, touched=touched))
    _table(con, "around", _sharing(con, "anew"))
    table = linked(con, words(f"(FROM {parties} SEMI JOIN around USING (record_id))"))
    con.execute(f"DELETE FROM {table} WHERE record_id NOT IN (FROM anew)")
    con.execute("DROP TABLE known")
    return table


_WHOLE_CUSTOMERS = """
    SELECT record_id FROM {links}
    WHERE customer_id IN (SELECT customer_id FROM {links} SEMI JOIN reached USING (record_id))
    UNION SELECT record_id FROM {touched}
"""


def _table(con: Any, name: str, query: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")


def _sharing(con: Any, records: str) -> str:
    """SQL for the records that share a key with some, those themselves included."""
    _table(con, "theirs", f"FROM known SEMI JOIN {records} USING (record_id)")
    alike = (f"SELECT record_id FROM known SEMI JOIN theirs USING (key_{one})" for one in range(len(KEYS)))
    return " UNION ".join(["SELECT record_id FROM theirs", *alike])
