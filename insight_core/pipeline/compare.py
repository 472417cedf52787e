"""Compare: what a build made beside what the last one listed."""

from collections.abc import Sequence

from insight_core.pipeline.ageing import turns_sql
from insight_core.pipeline.scope import buckets
from insight_core.pipeline.snapshot import telling
from insight_core.pipeline.steps import Steps
from insight_core.store.buckets import BUILT, within
from insight_core.store.sql import listed


def compare(steps: Steps, torn: bool, now: int) -> None:
    """Make for each dataset that a build makes new_, more_ and fewer_, and the relations changed and gone.

    `more_` and `fewer_` are what `new_` has and has not beside `old_`, the listed rows of whom the build
    looked at (the relation `scope`, unless it looked at all); `changed` and `gone` are customers. After a
    write that was `torn` nothing is taken for known.
    """
    due_at = f"least(due_at, {turns_sql('s', now)}) AS due_at"
    with_due = f"SELECT s.*, {due_at} FROM snapshot AS s LEFT JOIN due USING (customer_id)"
    digest = f"hash({listed(telling(steps.columns('snapshot')))}, due_at)"
    steps.table("new_snapshot", f"SELECT *, {digest} AS digest FROM ({with_due})")
    steps.view("new_links", "FROM links")
    steps.view("new_consent_states", "FROM consents")
    if "places" not in steps.untouched:
        steps.view("new_places", "FROM places")
    for name in BUILT:
        if name in steps.untouched:
            steps.view(f"new_{name}", f"{steps.dataset(name)} WHERE false")
        whole = "customer_id, digest" if name == "snapshot" else "*"
        if name in steps.untouched or torn or not steps.known(name):  # there is nothing to look for it in
            steps.view(f"more_{name}", f"SELECT {whole} FROM new_{name}")
            steps.view(f"fewer_{name}", f"SELECT {whole} FROM new_{name} WHERE false")
            continue
        _old(steps, name)
        for what, left, right in (("more", "new", "old"), ("fewer", "old", "new")):
            steps.table(
                f"{what}_{name}", f"SELECT {whole} FROM {left}_{name} EXCEPT SELECT {whole} FROM {right}_{name}"
            )
    steps.view("changed", "SELECT customer_id FROM more_snapshot")
    steps.view("gone", "SELECT customer_id FROM fewer_snapshot ANTI JOIN new_snapshot USING (customer_id)")


def differing(name: str) -> str:
    """SQL for the keys of a dataset of which something is another than before."""
    by = BUILT[name]
    return f"SELECT {by} FROM more_{name} UNION SELECT {by} FROM fewer_{name}"


def merged(steps: Steps, name: str, only: Sequence[int] | None = None) -> str:
    """SQL for everybody's rows: those that the build made, and the listed ones of whom it did not look at.

    Or for the rows of `only` some buckets.
    """
    every = f"FROM new_{name}"
    if steps.few and steps.known(name):
        every += f" UNION ALL BY NAME {steps.dataset(name, only)} WHERE customer_id NOT IN (FROM scope)"
    if only is None:
        return every
    return f"SELECT * FROM ({every}) WHERE {within(BUILT[name], only)}"


def _old(steps: Steps, name: str) -> None:
    """The relation old_ of the dataset; of a few customers as a table, for it is read twice."""
    if not steps.few:
        steps.view(f"old_{name}", steps.dataset(name))
    elif name == "snapshot":
        steps.view("old_snapshot", "FROM last_snapshot")
    else:
        ids = "FROM scope" if name != "links" else "SELECT record_id FROM links UNION FROM changed_hands"
        near = steps.dataset(name, buckets(row[0] for row in steps.rows(ids)))
        steps.keep(f"old_{name}", f"{near} WHERE customer_id IN (FROM scope)")
