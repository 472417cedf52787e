"""The business direction in one sentence."""

from datetime import datetime

from insight_core.facets.rule import Values
from insight_core.facets.words import amount, as_sentence, count, percent


def sentence(values: Values, _now: datetime) -> str:
    """What the organisation is, where it goes, and beside what."""
    parts = [_what(values), _direction(values), _industry(values)]
    return as_sentence(parts, "Nothing known about the business yet.")


def _what(values: Values) -> str:
    kind = values.get("business_type") or "organisation"
    sized = f"{values['company_size']} {kind}" if values.get("company_size") else str(values.get("business_type") or "")
    trade = f"in {values['industry']}" if values.get("industry") else ""
    head = " ".join(part for part in (sized, trade) if part)
    if values.get("employees") is not None:
        head = f"{head} with {count(values['employees'], 'employee')}".strip()
    sales = values.get("annual_sales")
    sales = values.get("annual_revenue") if sales is None else sales
    return head if sales is None else f"{head}, sales of {amount(sales)} a year".removeprefix(", ")


def _direction(values: Values) -> str:
    direction, reason = values.get("direction"), values.get("direction_reason")
    if not direction:
        return ""
    if reason:
        return f"{direction}: {reason}"
    growth = values.get("growth")
    return direction if growth is None else f"{direction} ({percent(growth)} with us)"


def _industry(values: Values) -> str:
    growth = values.get("industry_growth")
    if growth is None or values.get("direction_reason"):
        return ""
    return f"the industry {percent(growth)} a year"
