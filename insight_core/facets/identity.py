"""Identity: the names and contact points; everything here is asserted, nothing is derived."""

from datetime import datetime

from insight_core.facets.rule import Evidence, Values
from insight_core.facets.words import as_sentence, listed, month


def derive(_e: Evidence) -> None:
    """Nothing: what a source asserts about identity is the facet."""
    return


def sentence(values: Values, _now: datetime) -> str:
    """The name, the place, the ways to reach the customer, and since when."""
    parts = [_name(values), _place(values), _reach(values), _since(values)]
    return as_sentence(parts, "Nothing known about the identity yet.")


def _name(values: Values) -> str:
    personal = [values.get(part) for part in ("name_prefix", "given_name", "middle_name", "family_name", "name_suffix")]
    return values.get("organisation_name") or " ".join(part for part in personal if part)


def _place(values: Values) -> str:
    place = [values.get(part) for part in ("city", "region", "country")]
    return " ".join(["in", ", ".join(part for part in place if part)]) if any(place) else ""


def _reach(values: Values) -> str:
    ways = (("email", "e-mail"), ("phone", "telephone"), ("street", "post"))
    known = [word for name, word in ways if values.get(name)]
    return f"can be reached by {listed(known)}" if known else ""


def _since(values: Values) -> str:
    status = values.get("account_status")
    since = f"customer since {month(values['customer_since'])}" if values.get("customer_since") else ""
    closed = {"closed": "account closed", "prospect": "not yet a customer"}.get(status or "", "")
    return ", ".join(part for part in (since, closed) if part)
