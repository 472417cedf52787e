"""Peers: the organisations whose comparison changes because others of their industry have changed."""

from insight_core.facets.business_direction import industry_medians, peer_keys
from insight_core.pipeline.steps import Steps

GROWN = "SELECT customer_id, industry, growth FROM ({}) WHERE kind = 'organisation'"


def compared_then(steps: Steps) -> list[str]:
    """Who was ever told to be in an industry that somebody in scope was: those are compared for a past moment."""
    linked = f"({steps.dataset('parties')}) JOIN ({steps.dataset('links')}) USING (record_id)"
    steps.view("told_industries", f"SELECT customer_id, industry FROM {linked} WHERE industry IS NOT NULL")
    steps.run("industry_keys", peer_keys, "told_industries")
    mine = "SELECT peer_key FROM industry_keys WHERE customer_id IN (FROM scope)"
    return [row[0] for row in steps.rows(f"SELECT DISTINCT customer_id FROM industry_keys WHERE peer_key IN ({mine})")]


def compared_anew(steps: Steps) -> list[str]:
    """Organisations outside the scope whose industry's growth is another one now than at the last build."""
    if not steps.rows("SELECT count(*) FROM peers")[0][0]:
        return []
    before = GROWN.format(steps.dataset("snapshot"))
    steps.keep("grown_before", f"SELECT * FROM ({before}) WHERE customer_id IN (FROM scope) UNION ALL FROM peers")
    steps.keep("grown_after", f"{GROWN.format('FROM snapshot')} UNION ALL FROM peers")
    for when in ("before", "after"):
        steps.run(f"medians_{when}", industry_medians, f"grown_{when}")
    steps.run("peer_keys", peer_keys, "peers")
    return [row[0] for row in steps.rows(_SHIFTED)]


_SHIFTED = """
    SELECT DISTINCT customer_id FROM peer_keys SEMI JOIN (
        (FROM medians_before EXCEPT FROM medians_after) UNION (FROM medians_after EXCEPT FROM medians_before)
    ) USING (peer_key) ORDER BY 1
"""
