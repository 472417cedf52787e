"""Rules: a typed view of the two readable tables, `actions.csv` and `channels.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from insight_core.catalogue import purpose
from insight_core.recommend.conditions import Condition, conditions


@dataclass(frozen=True, slots=True)
class Unless:
    """A condition that takes a fitting action away, and the reason given then."""

    parts: tuple[Condition, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Action:
    """A solution set, an experience action, or a rule that forbids any contact.

    The fitting action with the smallest `priority` wins.
    """

    dimension: str
    name: str
    priority: int
    purposes: tuple[str, ...]
    when: tuple[Condition, ...]
    unless: tuple[Unless, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach a customer.

    `needs` lists the fields that hold the contact point; empty means that the customer must have used the channel.
    """

    name: str
    needs: tuple[str, ...]
    pattern: str
    unless: tuple[Unless, ...]
    meaning: str


@cache
def channels() -> tuple[Channel, ...]:
    """Every channel, in the order that breaks ties."""
    return tuple(
        Channel(
            name=row["channel"],
            needs=() if row["contact_point"] == "used" else tuple(row["contact_point"].split("+")),
            pattern=row["pattern"],
            unless=_unless(row["unless"]),
            meaning=row["meaning"],
        )
        for row in _rows("channels.csv")
    )


@cache
def actions(dimension: str, purpose_name: str) -> tuple[Action, ...]:
    """The actions of a dimension (contact, solution_set, experience) for a purpose, best first."""
    purpose(purpose_name)
    fitting = (one for one in all_actions() if one.dimension == dimension and purpose_name in one.purposes)
    return tuple(sorted(fitting, key=lambda one: one.priority))


@cache
def all_actions() -> tuple[Action, ...]:
    """Every row of the table, in its order."""
    return tuple(
        Action(
            dimension=row["dimension"],
            name=row["name"],
            priority=int(row["priority"]),
            purposes=tuple(purpose(one).name for one in row["purposes"].split("|")),
            when=conditions(row["when"]),
            unless=_unless(row["unless"]),
            meaning=row["meaning"],
        )
        for row in _rows("actions.csv")
    )


@cache
def cited() -> tuple[str, ...]:
    """The catalogue fields that the rules read, sorted."""
    parts = [one for action in all_actions() for one in (*action.when, *_parts(action.unless))]
    parts += [one for channel in channels() for one in _parts(channel.unless)]
    return tuple(sorted({one.cites for one in parts} | {need for one in channels() for need in one.needs}))


@cache
def rules_version() -> str:
    """The first eight hexadecimal digits of the SHA-256 of both tables."""
    return sha256("".join(_text(one) for one in ("actions.csv", "channels.csv")).encode()).hexdigest()[:8]


def _parts(unless: tuple[Unless, ...]) -> list[Condition]:
    return [part for one in unless for part in one.parts]


def _unless(text: str) -> tuple[Unless, ...]:
    pairs = [one.split(":", 1) for one in text.split(";") if one.strip()]
    return tuple(Unless(conditions(condition), why.strip()) for condition, why in pairs)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files("insight_core.recommend").joinpath(name).read_text(encoding="utf-8")
