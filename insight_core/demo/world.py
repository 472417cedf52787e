"""The made-up world: lives, what the company recorded of them, and the truth."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from insight_core.demo.circles import calls, circles
from insight_core.demo.consents import consents
from insight_core.demo.contacts import contacts
from insight_core.demo.defects import Asserted, told
from insight_core.demo.extracts import Doings, event_extracts, party_extracts, product_extract, spoiled
from insight_core.demo.lives import live
from insight_core.demo.market import area_extract, industry_extract
from insight_core.demo.orders import orders
from insight_core.demo.params import Params
from insight_core.demo.rates import true_rates
from insight_core.demo.recorded import records
from insight_core.demo.tastes import tastes
from insight_core.demo.truth import Truth, story_keys, truth, write_truth
from insight_core.demo.values import tracks
from insight_core.demo.write import FORMATS, write_extracts
from insight_core.errors import BadInput

MIN_CUSTOMERS = 10


@dataclass(frozen=True)
class Written:
    """A world on disk: `files` (path, source, recipe, in the order to load), the truth, and the world's clock.

    `stories` says under which key of which source the customers are whose stories can be told: name, source, key.
    """

    files: list[dict[str, str]]
    truth: Path
    clock: datetime
    stories: list[dict[str, str]]


@dataclass(frozen=True)
class World:
    """A world: `frames` are its extracts by name, as they are written; `truth` is what really holds.

    `asserted` keeps what each party source says in plain text, before its dialect.
    """

    seed: int
    params: Params
    frames: dict[str, pd.DataFrame]
    asserted: dict[str, Asserted]
    truth: Truth

    @property
    def clock(self) -> datetime:
        """The moment at which the world stops: the midnight after its last day."""
        return datetime.fromisoformat(self.params.end).replace(tzinfo=UTC) + timedelta(days=1)

    def write(self, out: Path) -> Written:
        """Write the extracts and truth.zip into a directory, which is made."""
        files = write_extracts(self.frames, out)
        path = out / "truth.zip"
        write_truth(self.truth, path)
        return Written(files, path, self.clock, list(story_keys(self.truth)))


def make_world(seed: int = 1, customers: int = 2000, params: Params | None = None) -> World:
    """A world of that many customers; the same seed and rates give the same world. Raises BadInput below ten."""
    if customers < MIN_CUSTOMERS:
        raise BadInput(f"A world needs at least {MIN_CUSTOMERS} customers, not {customers}.")
    if seed < 0:
        raise BadInput(f"A seed is a whole number from 0 on, not {seed}.")
    rates = params or Params()
    lives = live(seed, customers, rates)
    known, taste, circle = tracks(lives), tastes(seed, lives), circles(seed, lives)
    asserted = {name: told(seed, lives, one, known) for name, one in records(seed, lives).items()}
    doings = Doings(
        contacts=contacts(seed, lives, taste),
        orders=orders(seed, lives),
        calls=calls(seed, lives, circle),
        consents=consents(seed, lives),
    )
    keys = {name: said.records.keys_by_customer(lives.size) for name, said in asserted.items()}
    frames = party_extracts(asserted, lives.people.size) | event_extracts(lives, doings, keys)
    frames |= {"products": product_extract()} | _market(rates)
    made = {name: _spoiled(name, frames[name], rates, seed) for name in FORMATS}
    return World(seed, rates, made, asserted, truth(lives, taste, circle, known, asserted, true_rates(rates)))


def write_world(out: Path, customers: int = 2000, seed: int = 1, params: Params | None = None) -> Written:
    """Make a world and write it."""
    return make_world(seed=seed, customers=customers, params=params).write(out)


def _market(params: Params) -> dict[str, pd.DataFrame]:
    year = int(params.end[:4]) - 1
    return {"areas": area_extract(year), "industries": industry_extract(year)}


def _spoiled(name: str, frame: pd.DataFrame, params: Params, seed: int) -> pd.DataFrame:
    spoil = SPOILS.get(name)
    return frame if spoil is None else spoiled(name, frame, params, seed, spoil)


def _set(column: str, value: Any, key: str | None = None) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Rows with one cell that cannot be read, under keys of their own."""

    def spoil(frame: pd.DataFrame) -> pd.DataFrame:
        changed: dict[str, Any] = {
            column: pd.Series([value] * len(frame), index=frame.index).astype(frame[column].dtype)
        }
        if key:
            changed[key] = [f"{one}X" for one in frame[key]]
        return frame.assign(**changed)

    return spoil


SPOILS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "crm": _set("BirthDate", "1978-31-12", "CustomerNo"),
    "billing": _set("Monatsbetrag", "12,,50", "Kontonummer"),
    "webshop": _set("changed", "last tuesday", "account"),
    "orders": _set("ordered_at", "00.00.0000 00:00", "order_no"),
    "contact_log": _set("channel", "FAX", "contact_id"),
    "app_log": _set("ts", pd.NA, "event"),
    "call_records": _set("start", pd.NA, "cdr"),
    "consents": _set("decided", "soon", "decision_no"),
}
