"""Compare: what a build made beside what the last one listed."""

from insight_core.pipeline.scope import buckets
from insight_core.pipeline.steps import Steps
from insight_core.store import Store
from insight_core.store.lake import BUILT
from insight_core.store.sql import rows_in
from insight_core.store.tables import LakeFile


def compare(store: Store, steps: Steps, torn: bool) -> dict[str, list[LakeFile]]:
    """Make for each dataset that a build makes old_, new_, more_, fewer_ and merged_, and changed and gone.

    `old_` are the listed rows of whom the build looked at (the relation `scope`, unless it looked at
    all), `more_` and `fewer_` what `new_` has and has not beside it; `changed` and `gone` are
    customers. `merged_` is what may be listed in place of the files given back, by dataset. After a
    write that was `torn` nothing is taken for known.
    """
    steps.con.execute("""
        CREATE OR REPLACE TEMP TABLE new_snapshot AS
        SELECT s.*, due_at, hash(s, due_at) AS digest FROM snapshot AS s LEFT JOIN due USING (customer_id)
    """)
    steps.view("new_links", "FROM links")
    steps.view("new_consent_states", "FROM consents")
    steps.view("new_places", "FROM places")
    touched = {name: _touched(store, steps, name) for name in BUILT}
    for name, files in touched.items():
        _old_and_merged(store, steps, name, [] if torn else files)
        whole = "customer_id, digest" if name == "snapshot" else "*"
        for what, left, right in (("more", "new", "old"), ("fewer", "old", "new")):
            query = f"SELECT {whole} FROM {left}_{name} EXCEPT SELECT {whole} FROM {right}_{name}"
            steps.con.execute(f"CREATE OR REPLACE TEMP TABLE {what}_{name} AS {query}")
    steps.view("changed", "SELECT customer_id FROM more_snapshot")
    steps.view("gone", "SELECT customer_id FROM fewer_snapshot ANTI JOIN new_snapshot USING (customer_id)")
    return touched


def differing(steps: Steps, name: str) -> set[int]:
    """The buckets of a dataset in which something is another than before."""
    by = BUILT[name]
    return buckets(row[0] for row in steps.rows(f"SELECT {by} FROM more_{name} UNION SELECT {by} FROM fewer_{name}"))


def _touched(store: Store, steps: Steps, name: str) -> list[LakeFile]:
    """The listed files in which rows may change: those of the scope's buckets, or all."""
    listed = store.lake.listed(name)
    if not steps.few or any(one.bucket is None for one in listed):
        return listed
    ids = "FROM scope" if name != "links" else "SELECT record_id FROM links UNION FROM changed_hands"
    hit = buckets(row[0] for row in steps.rows(ids))
    return [one for one in listed if one.bucket in hit]


def _old_and_merged(store: Store, steps: Steps, name: str, files: list[LakeFile]) -> None:
    paths = [store.lake.root / one.path for one in files]
    listed = rows_in(paths) if paths else f"(FROM new_{name} WHERE false)"
    inside = "customer_id IN (FROM scope)" if steps.few else "true"
    steps.view(f"old_{name}", f"SELECT * FROM {listed} WHERE {inside}")
    merged = f"FROM new_{name}"
    if steps.few:
        merged += f" UNION ALL BY NAME SELECT * FROM {listed} WHERE NOT {inside}"
    steps.view(f"merged_{name}", merged)
