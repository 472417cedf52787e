"""Compare: what a build made beside what the last one listed."""

from insight_core.pipeline.scope import buckets
from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.lake import BUILT
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile


def compare(store: Store, steps: Steps) -> dict[str, list[LakeFile]]:
    """Make new_snapshot, changed and gone, and for each dataset that a build makes old_, new_ and merged_.

    `old_` are the listed rows of whom the build looked at (the relation `scope`, unless it looked at
    all), `merged_` is what is to be listed in place of the files given back, by dataset.
    """
    con = steps.con
    con.execute("""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS
        SELECT s.*, due_at, hash(s, due_at) AS digest FROM snapshot AS s LEFT JOIN due USING (customer_id)
    """)
    steps.view("new_links", "FROM links")
    steps.view("new_consent_states", "FROM consents")
    steps.view("new_places", "FROM places")
    touched = {name: _touched(store, steps, name) for name in BUILT}
    for name, files in touched.items():
        _old_and_merged(store, steps, name, files)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed AS
        SELECT customer_id FROM new_snapshot ANTI JOIN old_snapshot USING (customer_id, digest)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE gone AS
        SELECT customer_id FROM old_snapshot ANTI JOIN new_snapshot USING (customer_id)
    """)
    return touched


def _touched(store: Store, steps: Steps, name: str) -> list[LakeFile]:
    """The listed files in which rows may change: those of the scope's buckets, or all."""
    listed = store.lake.listed(name)
    if not steps.few or any(one.bucket is None for one in listed):
        return listed
    ids = "FROM scope" if name != "links" else f"SELECT record_id FROM links UNION {_old_records(steps)}"
    hit = buckets(row[0] for row in steps.rows(ids))
    return [one for one in listed if one.bucket in hit]


def _old_records(steps: Steps) -> str:
    return f"SELECT record_id FROM ({steps.dataset('links')}) WHERE customer_id IN (FROM scope)"


def _old_and_merged(store: Store, steps: Steps, name: str, files: list[LakeFile]) -> None:
    paths = [store.lake.root / one.path for one in files]
    listed = rows_in(paths) if paths else f"(FROM new_{name} WHERE false)"
    inside = "customer_id IN (FROM scope)" if steps.few else "true"
    steps.view(f"old_{name}", f"SELECT * FROM {listed} WHERE {inside}")
    merged = f"FROM new_{name}"
    if steps.few:
        merged += f" UNION ALL BY NAME SELECT * FROM {listed} WHERE NOT {inside}"
    steps.view(f"merged_{name}", merged)
