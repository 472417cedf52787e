"""The household in one sentence."""

from datetime import datetime

from insight_core.facets.rule import Values
from insight_core.facets.words import as_sentence, count, listed, month


def sentence(values: Values, _now: datetime) -> str:
    """How many live together, since when, and why they are taken for one household."""
    return as_sentence([_size(values) or _stated(values)], "Household not known yet.")


def _size(values: Values) -> str:
    size = values.get("household_size")
    if size is None:
        return ""
    since = f" since {month(values['household_since'])}" if values.get("household_since") else ""
    if size == 1:
        return f"the only customer known at the address{since}"
    people = [
        count(number, one, many)
        for number, one, many in (
            (values.get("household_adults"), "adult", "adults"),
            (values.get("household_children"), "child", "children"),
        )
        if number
    ]
    who = f" ({listed(people)})" if people else ""
    basis = f": {values['household_basis']}" if values.get("household_basis") else ""
    return f"{count(size, 'customer')} in one household{who}{since}{basis}"


def _stated(values: Values) -> str:
    said = [str(values[name]).lower() for name in ("household_role", "dwelling") if values.get(name)]
    return f"household not known yet, but states {listed(said)}" if said else ""
