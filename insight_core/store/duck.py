"""DuckDB in memory, as every part of the workbench wants it."""

import duckdb

# Optimizers that do no good here.
WITHOUT = "in_clause"


def connect(**settings: str | int | bool) -> duckdb.DuckDBPyConnection:
    """A fresh engine, in UTC and without a progress bar; `settings` are DuckDB's own.

    It reads files in the threads that compute. The reading threads that DuckDB 2.0 has beside them now
    and then stand still for ever when a statement fails (its issue 23885): a damaged file must end in
    words, not in silence. A list of choices stays a list: as a join, which it would become, it has every text
    made plain before it is looked up, and takes longer to plan.
    """
    con = duckdb.connect(config={"async_threads": 0, "disabled_optimizers": WITHOUT, **settings})
    con.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    return con
