"""Compare: what a build made beside what the last one listed."""

from typing import Any

from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.lake import BUILT
from insight_core.store.sql import rows_in

_STEP_OF = {"snapshot": "snapshot", "links": "links", "consent_states": "consents"}


def compare(con: Any, store: Store, steps: Steps) -> None:
    """Make the tables new_snapshot, changed and gone, and per built dataset the views old_, new_ and merged_.

    The table `scope` holds the customers that the build looked at, or '*' for all: what lies outside
    it stays as it was.
    """
    con.execute(f"CREATE OR REPLACE VIEW due AS SELECT * FROM {rows_in(steps.path('due'))}")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS SELECT s.*, due_at, hash(s, due_at) AS digest
        FROM {rows_in(steps.path("snapshot"))} AS s LEFT JOIN due USING (customer_id)
    """)
    for name in BUILT:
        if name != "snapshot":
            path = steps.path(_STEP_OF[name])
            con.execute(f"CREATE OR REPLACE VIEW new_{name} AS SELECT * FROM {rows_in(path)}")
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
