"""Texts: a small file of any supported form as plain texts, for tables that are no dataset of the lake."""

from pathlib import Path

import pyarrow as pa

from insight_core.intake import values as v
from insight_core.intake.open import open_tables
from insight_core.intake.scan import connected, scan


def texts(path: Path, staging: Path) -> pa.Table:
    """Every column as text under its header, and `line`; ragged rows have only a line. Raises BadInput."""
    table = open_tables(path, None, staging)[0]
    cells = ", ".join(
        f"CAST({cell} AS VARCHAR) AS {v.name(name)}" for name, cell in table.cells().items() if name != "line"
    )
    with connected() as engine:
        scan(engine, table, f"CREATE OR REPLACE TABLE read AS SELECT __line AS line, {cells} FROM {table.relation}")
        return engine.sql("SELECT * FROM read ORDER BY line").to_arrow_table()
