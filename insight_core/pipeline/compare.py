"""Compare: what a build made beside what the last one listed."""

from typing import Any

from insight_core.store import Store
from insight_core.store.lake import BUILT
from insight_core.store.sql import rows_in


def compare(con: Any, store: Store) -> None:
    """Make new_snapshot, changed and gone, and for each dataset that a build makes old_, new_ and merged_.

    The relation `scope` holds the customers that the build looked at, or '*' for all: what lies
    outside it stays as it was.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS
        SELECT s.*, due_at, hash(s, due_at) AS digest FROM snapshot AS s LEFT JOIN due USING (customer_id)
    """)
    con.execute("CREATE OR REPLACE VIEW new_links AS SELECT * FROM links")
    con.execute("CREATE OR REPLACE VIEW new_consent_states AS SELECT * FROM consents")
    for name in BUILT:
        _old_and_merged(con, store, name)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT customer_id FROM new_snapshot ANTI JOIN old_snapshot USING (customer_id, digest)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE gone AS
        SELECT customer_id FROM old_snapshot ANTI JOIN new_snapshot USING (customer_id)
    """)


def _old_and_merged(con: Any, store: Store, name: str) -> None:
    paths = store.lake.paths(name)
    listed = rows_in(paths) if paths else f"(FROM new_{name} WHERE false)"
    inside = "(customer_id IN (FROM scope) OR '*' IN (FROM scope))"
    outside = f"SELECT * FROM {listed} WHERE NOT {inside}"
    con.execute(f"CREATE OR REPLACE VIEW old_{name} AS SELECT * FROM {listed} WHERE {inside}")
    con.execute(f"CREATE OR REPLACE VIEW merged_{name} AS FROM new_{name} UNION ALL BY NAME {outside}")
