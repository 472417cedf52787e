"""What is measured: two CSV files, the same bytes for the same sizes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from pathlib import Path

from insight_core.bench.timing import bare_duckdb

SOURCE = "bench"
SMALL, MOST_SMALL = 100, 1_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)

# A whole number below `below` that depends on the row and on what it is drawn for.
_DRAW = "CREATE TEMP MACRO draw(i, what, below) AS (hash(i, what) % below)::BIGINT"

_PARTIES = """
    SELECT 'C' || i AS key,
           ['Ada','Ben','Cleo','Dan','Eva','Finn','Gia','Hal'][draw(i, 1, 8) + 1] AS given_name,
           'Family' || draw(i, 2, 50000) AS family_name,
           'c' || i || '@example.com' AS email,
           '+4930' || lpad(i::VARCHAR, 8, '0') AS phone,
           draw(i, 3, 200) + 1 || ' Road ' || draw(i, 4, 20000) AS street,
           'Town ' || draw(i, 5, 500) AS city,
           lpad(draw(i, 5, 90000)::VARCHAR, 5, '0') AS postal_code,
           'DE' AS country,
           DATE '1940-01-01' + draw(i, 6, 24000)::INTEGER AS birth_date,
           ['single','married','divorced','widowed'][draw(i, 7, 4) + 1] AS marital_status,
           DATE '2024-01-01' + draw(i, 8, 800)::INTEGER AS updated
    FROM range({customers}) AS t(i)
"""

# One contact in a thousand came by pigeon: a channel that nobody knows goes to quarantine.
_INTERACTIONS = """
    SELECT 'I' || i AS id,
           'C' || draw(i, 1, {customers}) AS party,
           strftime(TIMESTAMP '2020-07-01' + to_seconds(draw(i, 2, 189000000)), '%Y-%m-%dT%H:%M:%SZ') AS at,
           CASE WHEN draw(i, 3, 1000) = 0 THEN 'pigeon'
                ELSE ['email','sms','call','chat','store','app'][draw(i, 4, 6) + 1] END AS channel,
           ['inbound','outbound'][draw(i, 5, 2) + 1] AS direction,
           ['billing','delivery','offer','fault'][draw(i, 6, 4) + 1] AS topic,
           ['resolved','unresolved','opened','ignored'][draw(i, 7, 4) + 1] AS outcome,
           draw(i, 8, 900) AS seconds
    FROM range({interactions}) AS t(i)
"""


# What arrives later: one customer in a hundred has moved, or was spoken to as often again.
_MORE = {
    "parties": f"SELECT * REPLACE (street || ' a' AS street, DATE '2026-06-01' AS updated) FROM ({_PARTIES}) "
    "WHERE substr(key, 2)::BIGINT % 100 = {nth}",
    "interactions": f"SELECT * REPLACE ('M{{nth}}-' || id AS id) FROM ({_INTERACTIONS}) "
    "WHERE substr(party, 2)::BIGINT % 100 = {nth}",
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the files of a benchmark lie, and how large they are."""

    folder: Path
    customers: int
    interactions: int

    @property
    def parties(self) -> Path:
        """One row per customer."""
        return self.folder / "parties.csv"

    @property
    def contacts(self) -> Path:
        """One row per interaction."""
        return self.folder / "interactions.csv"

    @property
    def store(self) -> Path:
        """A store with everything in it, for benchmarks that begin there."""
        return self.folder / "store"

    @property
    def unbuilt(self) -> Path:
        """The same before it was built."""
        return self.folder / "unbuilt"

    def customer(self, number: int) -> str:
        """The id of the customer with that number: every one has a single record."""
        return sha256(f"{SOURCE}\x1fC{number}".encode()).hexdigest()[:20]


def write_inputs(inputs: Inputs) -> None:
    """Write both files."""
    for query, path in ((_PARTIES, inputs.parties), (_INTERACTIONS, inputs.contacts)):
        _write(inputs, query, path)


def write_more(inputs: Inputs, name: str) -> Path:
    """A further file of parties or interactions about a hundredth of the customers, about others each time."""
    nth = len(list(inputs.folder.glob("more-*.csv")))
    path = inputs.folder / f"more-{nth}.csv"
    _write(inputs, _MORE[name], path, nth=nth)
    return path


def write_small(inputs: Inputs) -> tuple[Path, list[Path]]:
    """The first interactions as one file, and again as files of a hundred rows, at most a thousand of them."""
    small = inputs.folder / "small"
    small.mkdir(exist_ok=True)
    with inputs.contacts.open(encoding="utf-8") as lines:
        head, rows = next(lines), list(islice(lines, SMALL * MOST_SMALL))
    whole, parts = small / "whole.csv", []
    whole.write_text(head + "".join(rows), encoding="utf-8")
    for start in range(0, len(rows), SMALL):
        parts.append(small / f"{start // SMALL:04}.csv")
        parts[-1].write_text(head + "".join(rows[start : start + SMALL]), encoding="utf-8")
    return whole, parts


def _write(inputs: Inputs, query: str, path: Path, **words: int) -> None:
    sizes = {"customers": inputs.customers, "interactions": inputs.interactions}
    # One thread keeps the rows in their order, and so the bytes the same.
    with bare_duckdb(threads=1) as con:
        con.execute(_DRAW)
        con.execute(f"COPY ({query.format(**sizes, **words)}) TO '{path}' (HEADER)")


def recipe(name: str) -> str:
    """The recipe that reads parties or interactions."""
    return str(files("insight_core.bench").joinpath(f"{name}.toml"))
