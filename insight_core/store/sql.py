"""Pieces of SQL: names of files and texts, quoted in one place."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from ibis import Table


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def texts(values: Iterable[str]) -> str:
    """Text literals with commas between them; NULL for none, which equals nothing."""
    return ", ".join(text(one) for one in values) or "NULL"


def listed(names: Iterable[str]) -> str:
    """Names of columns, as they stand in a selection."""
    return ", ".join(f'"{name}"' for name in names)


def folded(value: str) -> str:
    """The text as it is looked for: without accents, in small letters."""
    plain = f"strip_accents(lower({value}))"
    for letter, letters in (("ß", "ss"), ("ø", "o"), ("æ", "ae"), ("œ", "oe"), ("ł", "l"), ("đ", "d")):
        plain = f"replace({plain}, '{letter}', '{letters}')"
    return plain


def folded_column(name: str) -> str:
    """The same of a column: most of its texts have plain letters alone, which need only be small."""
    return f"CASE WHEN strlen({name}) = length({name}) THEN lower({name}) ELSE {folded(name)} END"


def rows_in(files: str | Path | Iterable[str | Path], options: str = "") -> str:
    """The relation of all rows in one or several Parquet files."""
    listed = [files] if isinstance(files, str | Path) else list(files)
    # a folder named bucket=07 is no column
    return f"read_parquet([{texts(str(one) for one in listed)}], hive_partitioning = false{options})"


def untold(con: Any, query: str) -> dict[str, str]:
    """The columns of a relation in which no row has a value, with their types."""
    types = {row[0]: row[1] for row in con.execute(f"DESCRIBE {query}").fetchall()}
    counts = ", ".join(f'count("{name}")' for name in types)
    told = con.execute(f"SELECT {counts} FROM ({query})").fetchall()[0]
    return {name: kind for (name, kind), count in zip(types.items(), told, strict=True) if not count}


def dicts(con: Any, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query, few of them, by column; it is planned once, where a relation is planned twice."""
    rows = con.execute(query, list(values)).fetchall()
    names = [column[0] for column in con.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def table_of(con: Any, relation: str) -> Table:
    """A relation as an Ibis table."""
    name = f"relation_{uuid4().hex}"
    con.con.execute(f"CREATE TEMP VIEW {name} AS FROM {relation}")
    table: Table = con.table(name)
    return table
