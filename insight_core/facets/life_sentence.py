"""The life stage in one sentence."""

from datetime import datetime

from insight_core.facets.rule import Values
from insight_core.facets.words import ago, as_sentence, count, month

_STAGES = {
    "young_single": "young and single",
    "young_couple": "a young couple",
    "family_young_children": "a family with young children",
    "family_older_children": "a family with older children",
    "single_parent": "a single parent",
    "established": "established, without children at home",
    "empty_nest": "an empty nest: the children have left home",
    "retired": "retired",
}
_EVENTS = {
    "moved": "moved",
    "married": "married",
    "separated": "separated",
    "child_born": "had a child",
    "new_job": "took a new job",
    "retired": "retired",
}


def sentence(values: Values, now: datetime) -> str:
    """The stage with its reason and start, and the newest event."""
    known = [_stage(values) or _facts(values), _event(values, now)]
    return as_sentence(known, "Life stage not known yet.")


def _stage(values: Values) -> str:
    stage = _STAGES.get(values.get("stage") or "", "")
    if not stage:
        return ""
    since = f", seen since {month(values['stage_since'])}" if values.get("stage_since") else ""
    reason = f" ({values['stage_reason']})" if values.get("stage_reason") else ""
    return f"{stage}{reason}{since}"


def _facts(values: Values) -> str:
    facts = []
    if values.get("children_total") is not None:
        facts.append(count(values["children_total"], "child", "children"))
    if values.get("children_at_home") is not None:
        facts.append(f"{count(values['children_at_home'], 'child', 'children')} at home")
    if values.get("employment_status"):
        facts.append(values["employment_status"].replace("_", "-"))
    return f"stage not known yet, but {', '.join(facts)}" if facts else ""


def _event(values: Values, now: datetime) -> str:
    event = _EVENTS.get(values.get("last_life_event") or "", "")
    day = values.get("last_life_event_on")
    return f"{event} {ago(day, now)}" if event and day else event
