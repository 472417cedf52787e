"""Extracts: one table per file that the company would really have, with repeated and unreadable rows."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight_core.demo.chance import Ints, Words, stream
from insight_core.demo.circles import Calls
from insight_core.demo.consents import Consents
from insight_core.demo.contacts import APP, CHANNELS, CHAT, DAY, OUTCOMES, Contacts
from insight_core.demo.defects import Asserted
from insight_core.demo.dialects import DIALECTS
from insight_core.demo.lives import Lives
from insight_core.demo.orders import Orders, products
from insight_core.demo.params import Params

CHANNEL_WORDS = np.array(["EMAIL", "SMS", "PHONE", "CHAT", "SHOP", "APP"], dtype=object)
Keys = dict[str, Words]


@dataclass(frozen=True)
class Doings:
    """Everything that happened between the customers, the company and each other."""

    contacts: Contacts
    orders: Orders
    calls: Calls
    consents: Consents


def party_extracts(asserted: dict[str, Asserted], people: int) -> dict[str, pd.DataFrame]:
    """The party extracts, each in its dialect and in the order of its keys."""
    frames = {name: DIALECTS[name](said, people) for name, said in asserted.items()}
    return {name: frame.sort_values(frame.columns[0], ignore_index=True) for name, frame in frames.items()}


def event_extracts(lives: Lives, doings: Doings, keys: Keys) -> dict[str, pd.DataFrame]:
    """The extracts about what parties did: only about parties that the writing system knows."""
    tones = np.array([*lives.params.taste_tones, None], dtype=object)
    shop, desk = _split(doings.contacts, keys)
    return {
        "orders": _orders(doings.orders, keys["billing"]),
        "contact_log": _contact_log(doings.contacts, desk, keys["crm"], tones),
        "app_log": _app_log(doings.contacts, shop, keys["webshop"], tones),
        "call_records": _calls(doings.calls, keys["billing"]),
        "consents": _consents(doings.consents, keys["crm"]),
    }


def _split(contacts: Contacts, keys: Keys) -> tuple[Ints, Ints]:
    """Which contacts the web shop logs (app, chat, and everything of people the CRM does not know), which the desk."""
    has_shop = keys["webshop"][contacts.customer] != None  # noqa: E711 (element by element)
    has_crm = keys["crm"][contacts.customer] != None  # noqa: E711
    digital = np.isin(contacts.channel, [APP, CHAT])
    shop = has_shop & (digital | ~has_crm)
    return np.flatnonzero(shop), np.flatnonzero(has_crm & ~shop)


def _contact_log(contacts: Contacts, rows: Ints, keys: Words, tones: Words) -> pd.DataFrame:
    seconds = contacts.seconds[rows]
    return pd.DataFrame(
        {
            "contact_id": _numbered("CC", len(rows)),
            "customer_no": keys[contacts.customer[rows]],
            "started": _instants(contacts.at[rows]),
            "channel": CHANNEL_WORDS[contacts.channel[rows]],
            "direction": np.where(contacts.outbound[rows], "OUT", "IN").astype(object),
            "subject": contacts.topic[rows],
            "result": OUTCOMES[contacts.outcome[rows]],
            "mood": contacts.sentiment[rows],
            "tone": tones[contacts.tone[rows]],
            "seconds": pd.Series(seconds, dtype="Int64").mask(seconds < 0),
        }
    )


def _app_log(contacts: Contacts, rows: Ints, keys: Words, tones: Words) -> pd.DataFrame:
    mood = pd.Series(contacts.sentiment[rows])
    return pd.DataFrame(
        {
            "event": _numbered("E", len(rows)),
            "account": keys[contacts.customer[rows]],
            "ts": pd.array(contacts.at[rows], dtype="Int64"),
            "via": np.array(CHANNELS, dtype=object)[contacts.channel[rows]],
            "from": np.where(contacts.outbound[rows], "company", "customer").astype(object),
            "about": contacts.topic[rows],
            "outcome": OUTCOMES[contacts.outcome[rows]],
            "mood": mood.astype(object).where(mood.notna(), None),
            "tone": tones[contacts.tone[rows]],
        }
    )


def _orders(orders: Orders, keys: Words) -> pd.DataFrame:
    rows = np.flatnonzero(keys[orders.customer] != None)  # noqa: E711 (element by element)
    cents = orders.amount[rows]
    return pd.DataFrame(
        {
            "order_no": _numbered("SO", len(rows)),
            "account": keys[orders.customer[rows]],
            "ordered_at": _german_minutes(orders.at[rows]),
            "sku": pd.Series(orders.product[rows]).map({n: f"P{n:03d}" for n in range(120)}).to_numpy(dtype=object),
            "quantity": orders.quantity[rows],
            "amount": cents // 100 + cents % 100 / 100,
            "currency": np.full(len(rows), "EUR", dtype=object),
            "kind": np.where(orders.returned[rows], "return", "order").astype(object),
        }
    )


def _calls(calls: Calls, keys: Words) -> pd.DataFrame:
    known = (keys[calls.caller] != None) & (keys[calls.called] != None)  # noqa: E711 (element by element)
    rows = np.flatnonzero(known)
    return pd.DataFrame(
        {
            "cdr": _numbered("V", len(rows)),
            "a_account": keys[calls.caller[rows]],
            "b_account": keys[calls.called[rows]],
            "start": pd.array(calls.at[rows], dtype="Int64"),
            "service": np.where(calls.is_call[rows], "voice", "text").astype(object),
            "duration": pd.Series(calls.seconds[rows], dtype="Int64").mask(calls.seconds[rows] < 0),
        }
    )


def _consents(consents: Consents, keys: Words) -> pd.DataFrame:
    rows = np.flatnonzero(keys[consents.customer] != None)  # noqa: E711 (element by element)
    return pd.DataFrame(
        {
            "decision_no": _numbered("D", len(rows)),
            "customer_no": keys[consents.customer[rows]],
            "purpose": consents.purpose[rows],
            "channel": consents.channel[rows],
            "decision": np.where(consents.given[rows], "yes", "no").astype(object),
            "decided": _iso(consents.at[rows]),
            "form": np.where(consents.given[rows], "form 3", "withdrawal desk").astype(object),
        }
    )


def product_extract() -> pd.DataFrame:
    """The product reference."""
    names, categories, prices = products()
    return pd.DataFrame(
        {
            "sku": [f"P{n:03d}" for n in range(len(names))],
            "name": names,
            "category": categories,
            "price": prices / 100,
        }
    )


def spoiled(
    name: str, frame: pd.DataFrame, params: Params, seed: int, spoil: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """The table with some rows repeated exactly, and some more that nobody can read."""
    rng = stream(seed, f"repeats {name}")
    again = frame.iloc[np.sort(rng.choice(len(frame), int(len(frame) * params.exact_duplicate_share), replace=False))]
    bad = frame.iloc[np.sort(rng.choice(len(frame), _some(len(frame), params.unreadable_share), replace=False))]
    return pd.concat([frame, again, spoil(bad.copy())], ignore_index=True)


def _some(rows: int, share: float) -> int:
    return min(max(int(rows * share), 1), int(rows * 0.005)) if share and rows else 0


def _numbered(prefix: str, count: int) -> Words:
    return np.array([f"{prefix}{n:07d}" for n in range(1, count + 1)], dtype=object)


def _instants(seconds: Ints) -> pd.Series:
    return pd.Series(seconds.astype("datetime64[s]")).dt.tz_localize("UTC")


def _iso(seconds: Ints) -> Words:
    return np.datetime_as_string(seconds.astype("datetime64[s]"), timezone="UTC").astype(object)


def _german_minutes(seconds: Ints) -> Words:
    day = pd.Series((seconds // DAY).astype("datetime64[D]").astype("datetime64[s]"))
    days, places = np.unique(day.to_numpy(), return_inverse=True)
    texts = np.array([f"{str(one)[8:10]}.{str(one)[5:7]}.{str(one)[:4]}" for one in days], dtype=object)
    minutes = np.array([f" {m // 60:02d}:{m % 60:02d}" for m in range(1440)], dtype=object)
    return texts[places] + minutes[seconds % DAY // 60]
