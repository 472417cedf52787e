"""Compare: what a build made beside what the last one listed."""

from typing import Any

from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.lake import BUILT

_STEP_OF = {"snapshot": "snapshot", "links": "links", "consent_states": "consents"}


def compare(con: Any, store: Store, steps: Steps) -> None:
    """Make the tables new_snapshot, changed and gone, and for each built dataset the views old_, new_ and merged_.

    The table `scope` holds the customers that the build looked at, or '*' for all: what lies outside it stays as it was.
    """
    con.execute(f"CREATE OR REPLACE VIEW due AS SELECT * FROM read_parquet('{steps.path('due')}')")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS SELECT s.*, due_at, hash(s, due_at) AS digest
        FROM read_parquet('{steps.path("snapshot")}') AS s LEFT JOIN due USING (customer_id)
    """)
    for name in BUILT:
        if name != "snapshot":
            path = steps.path(_STEP_OF[name])
            con.execute(f"CREATE OR REPLACE VIEW new_{name} AS SELECT * FROM read_parquet('{path}')")
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
    old = f"SELECT * FROM read_parquet({paths})" if paths else f"SELECT * FROM new_{name} WHERE false"
    inside = "(customer_id IN (FROM scope) OR '*' IN (FROM scope))"
    con.execute(f"CREATE OR REPLACE VIEW old_{name} AS {old} WHERE {inside}" if paths else f"CREATE OR REPLACE VIEW old_{name} AS {old}")
    con.execute(f"CREATE OR REPLACE VIEW merged_{name} AS SELECT * FROM new_{name} UNION ALL BY NAME ({old} {'WHERE' if paths else 'AND'} NOT {inside})")
