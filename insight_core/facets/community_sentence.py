"""The community of interest in one sentence."""

from datetime import datetime

from insight_core.facets.rule import Values
from insight_core.facets.words import as_sentence, count, items, listed, percent


def sentence(values: Values, _now: datetime) -> str:
    """The strongest interests and the size of the circle."""
    return as_sentence([_interests(values), _circle(values)], "No interests or contacts with other customers seen yet.")


def _interests(values: Values) -> str:
    shown = [str(one) for one in items(values.get("interests"))[:3]]
    stated = [str(one) for one in items(values.get("stated_interests"))[:3]]
    top, share = values.get("top_interest"), values.get("interest_share")
    if shown or top:
        main = f" ({percent(share).lstrip('+')} of what the customer does is about {top})" if top and share else ""
        return f"mostly interested in {listed(shown or [str(top)])}{main}"
    return f"says to be interested in {listed(stated)}" if stated else ""


def _circle(values: Values) -> str:
    size, contacts = values.get("circle_size"), values.get("circle_contacts")
    if not size:
        return ""
    often = f" ({count(contacts, 'contact')})" if contacts else ""
    return f"in contact with {count(size, 'other customer')}{often}"
