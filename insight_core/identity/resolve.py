"""The safe union: records that a strong rule joins, closed over chains.

A group that one source itself tells apart (two of its records with different birth dates
or first names) is not joined: the source knows its own customers better than a rule does.
"""

from typing import Any

from insight_core.identity.keys import keys_of
from insight_core.identity.rules import MOST_NAMES, POINTS, RULES
from insight_core.records.ids import digest

# Most words are plain once they are small: to see that takes less time than to put others in the place of their signs.
_LOW = "lower(strip_accents({0}))"
_PLAIN = f"""nullif(trim(CASE WHEN regexp_matches({_LOW}, '[^a-z0-9 ]|  ')
    THEN regexp_replace({_LOW}, '[^a-z0-9]+', ' ', 'g') ELSE {_LOW} END), '')"""
_DIGITS = "nullif(right(regexp_replace(replace({0}, '+', ''), '[^0-9]', '', 'g'), 10), '')"

_WORDS = f"""
    SELECT record_id, source, kind,
        {_PLAIN.format("given_name")} AS given,
        {_PLAIN.format("family_name")} AS family,
        {_PLAIN.format("organisation_name")} AS organisation,
        birth_date::VARCHAR AS born,
        nullif(lower(trim(email)), '') AS email,
        CASE WHEN length({_DIGITS.format("phone")}) >= 7 THEN {_DIGITS.format("phone")} END AS phone,
        {_PLAIN.format("street")} AS street,
        coalesce({_PLAIN.format("postal_code")}, {_PLAIN.format("city")}) AS place
    FROM {{parties}}
"""


# Every rule asks for one of these, written alike but for its letters.
_SHARED = (
    "birth_date::VARCHAR",
    "lower(trim(email))",
    "right(phone, 4)",
    "lower(family_name)",
    "lower(organisation_name)",
)


def words(parties: str) -> str:
    """SQL for party rows in the plain words that rules compare."""
    return _WORDS.format(parties=parties)


def resolve(con: Any, parties: str) -> str:
    """Link records into customers.

    `con` is a DuckDB connection and `parties` a relation of party rows, areas filled in.
    Gives the name of a table: record_id, customer_id, source, rule, partner; one row per
    record, `partner` the record it was joined to, null for a record that stands alone.
    """
    return linked(con, words(parties))


def resolve_all(con: Any, parties: str) -> tuple[str, str]:
    """The same, and the name of a table with the keys of all records."""
    _put_down(con, words(parties))
    con.execute(f"CREATE OR REPLACE TEMP TABLE resolved_keys AS {keys_of('FROM normalised')}")
    return _link(con), "resolved_keys"


def linked(con: Any, people: str) -> str:
    """Link a query of party rows in plain words."""
    _put_down(con, people)
    return _link(con)


def _put_down(con: Any, people: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE normalised AS SELECT DISTINCT * FROM ({people})")


def _link(con: Any) -> str:
    for point in POINTS:
        con.execute(_silence_crowded(point))
    con.execute(f"CREATE OR REPLACE TEMP TABLE edges AS {' UNION ALL '.join(_edges(i) for i in range(len(RULES)))}")
    _close(con)
    con.execute(_LINKS)
    return "resolved"


def rules_version() -> str:
    """A digest of what decides who is one: links that other rules made are others."""
    return digest(_WORDS, MOST_NAMES, *RULES)[:12]


def alike(con: Any, new: str, known: str) -> int:
    """About how many records of a relation would be linked: those that share a rule's key with one of another.

    Both relations have the columns of parties. What a chain, a crowded phone or a source's own word would change is
    left out: that takes all records.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE new_people AS {words(new)}")
    # Most of a large base shares nothing with a file: it is left out before words are put into plain ones.
    near = " OR ".join(f"{one} IN (SELECT {one} FROM {new})" for one in _SHARED)
    con.execute(f"CREATE OR REPLACE TEMP TABLE near_people AS SELECT * FROM {known} WHERE {near}")
    con.execute(f"CREATE OR REPLACE TEMP TABLE known_people AS {words('near_people')}")
    shared = " UNION ".join(
        f"SELECT record_id FROM new_people WHERE {rule.key} IN (SELECT {rule.key} FROM known_people)" for rule in RULES
    )
    return int(con.execute(f"SELECT count(*) FROM ({shared})").fetchone()[0])


def _silence_crowded(point: str) -> str:
    names = "count(DISTINCT coalesce(given, '') || ' ' || coalesce(family, organisation, ''))"
    shared = f"SELECT {point} FROM normalised WHERE {point} IS NOT NULL GROUP BY {point} HAVING count(*) > {MOST_NAMES}"
    return f"""
        UPDATE normalised SET {point} = NULL WHERE {point} IN (
            SELECT {point} FROM normalised WHERE {point} IN ({shared}) GROUP BY {point} HAVING {names} > {MOST_NAMES})
    """


def _edges(number: int) -> str:
    """Every record of a group joined to the group's smallest record.

    Most keys belong to one record alone: they are left out, by a number in place of each, before anything else is
    asked of them. What differs within a group shows by its smallest and largest.
    """
    key, several = RULES[number].key, "min(record_id) <> max(record_id)"
    alike = f"SELECT hash({key}) AS number FROM normalised WHERE {key} IS NOT NULL GROUP BY number HAVING count(*) > 1"
    return f"""(
        WITH keyed AS (SELECT record_id, source, born, given, {key} AS shared FROM normalised
                       WHERE {key} IS NOT NULL AND hash({key}) IN ({alike})),
        many AS (SELECT shared, min(record_id) AS hub FROM keyed GROUP BY shared HAVING {several}),
        met AS (SELECT keyed.*, hub FROM keyed JOIN many USING (shared)),
        told_apart AS (
            SELECT shared FROM met GROUP BY shared, source
            HAVING {several} AND (min(born) <> max(born) OR min(given) <> max(given)))
        SELECT DISTINCT record_id, hub, {number} AS rule FROM met ANTI JOIN told_apart USING (shared)
        WHERE record_id <> hub
    )"""


def _close(con: Any) -> None:
    """Smallest reachable record per record: labels flow along edges until nothing changes."""
    con.execute("CREATE OR REPLACE TEMP TABLE labels AS SELECT DISTINCT record_id, record_id AS label FROM normalised")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE both_ways AS
        SELECT DISTINCT record_id AS a, hub AS b FROM edges UNION SELECT hub, record_id FROM edges
    """)
    while _flow(con):
        pass


def _flow(con: Any) -> int:
    con.execute("""
        CREATE OR REPLACE TEMP TABLE lower_labels AS
        SELECT a AS record_id, min(there.label) AS label
        FROM both_ways JOIN labels AS there ON there.record_id = b JOIN labels AS here ON here.record_id = a
        WHERE there.label < here.label GROUP BY a
    """)
    con.execute("UPDATE labels SET label = n.label FROM lower_labels AS n WHERE labels.record_id = n.record_id")
    return int(con.sql("SELECT count(*) FROM lower_labels").fetchall()[0][0])


_NAMES = "CASE best[1] " + " ".join(f"WHEN {i} THEN '{rule.name}'" for i, rule in enumerate(RULES)) + " END"

_LINKS = f"""
    CREATE OR REPLACE TEMP TABLE resolved AS
    WITH strongest AS (SELECT record_id, min((rule, hub)) AS best FROM edges GROUP BY record_id)
    SELECT labels.record_id, label AS customer_id, of.source,
           CASE WHEN best IS NOT NULL THEN {_NAMES} WHEN members > 1 THEN 'first record' ELSE 'only record' END AS rule,
           best[2] AS partner
    FROM labels
    JOIN (SELECT record_id, min(source) AS source FROM normalised GROUP BY record_id) AS of USING (record_id)
    JOIN (SELECT label, count(*) AS members FROM labels GROUP BY label) USING (label)
    LEFT JOIN strongest USING (record_id)
"""
