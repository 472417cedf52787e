"""The usage pattern in one sentence."""

from datetime import datetime
from typing import Any

from insight_core.facets.rule import Values
from insight_core.facets.words import ago, amount, as_sentence, count, items, listed, month, percent

_YEAR = 365
_DAYPARTS = {
    "06-09": "early mornings",
    "09-12": "mornings",
    "12-14": "middays",
    "14-18": "afternoons",
    "18-22": "evenings",
    "22-06": "nights",
}
_CHANNELS = {
    "email": "by e-mail",
    "sms": "by text message",
    "call": "by telephone",
    "chat": "in the chat",
    "store": "in the store",
    "app": "in the app",
    "web": "on the web site",
    "post": "by post",
    "social": "on social media",
    "survey": "in surveys",
}


def sentence(values: Values, now: datetime) -> str:
    """Orders or contacts, when and through what, the trend, and what the customer has."""
    parts = [_activity(values, now), _habit(values), _trend(values, now), _contract(values)]
    return as_sentence(parts, "No contacts or orders seen yet.")


def _activity(values: Values, now: datetime) -> str:
    return _orders(values, now) or _contacts(values, now)


def _orders(values: Values, now: datetime) -> str:
    number, gap, last = (values.get(name) for name in ("order_count", "order_gap_days", "last_order_date"))
    if not number:
        return ""
    worth = f" worth {amount(values['order_value'])}" if values.get("order_value") is not None else ""
    orders = f"{count(number, 'order')}{worth}"
    newest = f"{', the last' if number > 1 else ''} {ago(last, now)}" if last else ""
    if gap is not None and number > 2:
        return f"orders every {count(max(round(gap), 1), 'day')}{_mean_of(values)} ({orders}{newest})"
    return f"{orders}{newest}"


def _mean_of(values: Values) -> str:
    """Over what the rhythm is a mean: where the pace changes it is neither the old one nor the new."""
    first, trend = values.get("first_order_date"), values.get("usage_trend")
    return f" on average since {month(first)}" if first and trend in ("growing", "falling") else ""


def _contacts(values: Values, now: datetime) -> str:
    number, last = values.get("interaction_count"), values.get("last_interaction_at")
    if not number:
        return ""
    newest = f", the last {ago(last, now)}" if last else ""
    return f"{count(number, 'contact')}{newest}"


def _habit(values: Values) -> str:
    when = _DAYPARTS.get(values.get("preferred_hours") or "", "")
    days = {"weekdays": "weekday", "weekend": "weekend"}.get(values.get("preferred_weekdays") or "", "")
    where = _CHANNELS.get(values.get("preferred_channel") or "", "")
    time = _time(days, when)
    if where:
        return f"best reached {time} {where}".replace("  ", " ")
    return f"mostly {time}" if time else ""


def _time(days: str, when: str) -> str:
    if days and when:
        return f"on {days} {when}"
    if days:
        return "on weekdays" if days == "weekday" else "at the weekend"
    return {"": "", "nights": "at night", "middays": "at midday"}.get(when, f"in the {when}")


def _trend(values: Values, now: datetime) -> str:
    trend, change, last = (values.get(name) for name in ("usage_trend", "usage_change", "last_order_date"))
    if trend is None:
        return ""
    # Whoever has not been seen for a year has no newest year: it is that up to the last order.
    until = month(last) if last and (now.date() - last).days > _YEAR else ""
    if trend == "steady":
        return f"no clear change in the year up to {until}" if until else "no clear change from the year before"
    figure = f" ({percent(change)})" if change is not None else ""
    year = f"in the year up to {until}" if until else "in the newest year"
    return f"{'more' if trend == 'growing' else 'less'} active {year} than in the one before{figure}"


def _contract(values: Values) -> str:
    services: list[Any] = items(values.get("services"))
    has = [f"has {listed([str(one) for one in services])}"] if services else []
    if values.get("monthly_charges") is not None:
        has.append(f"pays {amount(values['monthly_charges'])} a month")
    if values.get("contract_type"):
        has.append(f"{values['contract_type']} contract")
    return ", ".join(has)
