"""Every cache of the app: answers by store, state of the data, clock, purpose and session.

The session is part of the key so that everybody's first look leaves a receipt of its own.
Every write moves the store's version on, which is part of the key: what a write has replaced is not shown again.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from uuid import uuid4

import streamlit as st

import insight_core as ic
from app import session


class Key(NamedTuple):
    """What an answer depends on beside its arguments."""

    store: str
    version: int
    now: str
    purpose: str
    reader: str


def key(purpose: str | None = None) -> Key:
    """The key for what is asked now."""
    ws = session.workspace()
    return Key(str(ws.root), ws.version, ws.now.isoformat(), purpose or session.purpose(), _reader())


def _reader() -> str:
    return str(st.session_state.setdefault("reader", uuid4().hex))


def overview(purpose: str | None = None) -> dict[str, Any]:
    """The state of the base."""
    return _overview(key(purpose), session.workspace())


@st.cache_data(max_entries=16, show_spinner="Counting the base")
def _overview(key: Key, _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.overview(key.purpose)


def trend() -> dict[str, Any]:
    """Which way the base moves."""
    return _trend(key(), session.workspace())


@st.cache_data(max_entries=16, show_spinner=False)
def _trend(key: Key, _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.trend(key.purpose)


def allowed() -> list[dict[str, Any]]:
    """What the base's people allow, by purpose."""
    return _allowed(key(), session.workspace())


@st.cache_data(max_entries=16, show_spinner=False)
def _allowed(key: Key, _ws: ic.Workspace) -> list[dict[str, Any]]:  # noqa: ARG001 the key is what it is kept by
    return _ws.allowed()


def ages() -> list[dict[str, Any]]:
    """How old what is known of the base is, by field."""
    return _ages(key(), session.workspace())


@st.cache_data(max_entries=16, show_spinner=False)
def _ages(key: Key, _ws: ic.Workspace) -> list[dict[str, Any]]:
    return _ws.ages(key.purpose)


def stories() -> dict[str, str]:
    """The customers of a demonstration whose stories can be told, by story."""
    return _stories(key(), session.workspace())


@st.cache_data(max_entries=16, show_spinner=False)
def _stories(key: Key, _ws: ic.Workspace) -> dict[str, str]:  # noqa: ARG001 the key is what it is kept by
    from insight_core.demo.stories_kept import stories_of

    return stories_of(_ws)


LOOKED_THROUGH = 2000


def worklist(*states: str, **narrowed: str | None) -> list[ic.WorkItem]:
    """Fields worth fixing, most valuable first, as many as a person looks through; narrowed by facet, field, source."""
    return _worklist(key(), tuple(sorted(states)), tuple(sorted(narrowed.items())), session.workspace())


@st.cache_data(max_entries=16, show_spinner="Looking for what is worth fixing")
def _worklist(
    key: Key, states: tuple[str, ...], narrowed: tuple[tuple[str, str | None], ...], _ws: ic.Workspace
) -> list[ic.WorkItem]:
    return _ws.stale(key.purpose, LOOKED_THROUGH, states, **dict(narrowed))


def customers(**query: Any) -> dict[str, Any]:
    """A page of customers."""
    return _customers(key(), tuple(sorted(query.items())), session.workspace())


@st.cache_data(max_entries=128, show_spinner=False)
def _customers(key: Key, query: tuple[tuple[str, Any], ...], _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.customers(key.purpose, **dict(query))


def profile(customer: str, as_of: datetime | None = None) -> ic.Profile:
    """One customer for the purpose, now or as of a past moment."""
    return _profile(key(), customer, as_of, session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _profile(key: Key, customer: str, as_of: datetime | None, _ws: ic.Workspace) -> ic.Profile:
    return _ws.profile(customer, key.purpose, as_of)


def names(customers: Sequence[str]) -> dict[str, str]:
    """What customers are called, by id, as far as the purpose may see it."""
    return _names(key(), tuple(sorted(customers)), session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _names(key: Key, customers: tuple[str, ...], _ws: ic.Workspace) -> dict[str, str]:
    return _ws.names(customers, key.purpose)


def evidence(customer: str) -> list[dict[str, Any]]:
    """Every record that speaks of the customer."""
    return _evidence(key(), customer, session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _evidence(key: Key, customer: str, _ws: ic.Workspace) -> list[dict[str, Any]]:
    return _ws.evidence(customer, key.purpose)


def value_history(customer: str, as_of: datetime | None = None) -> dict[str, Any]:
    """Who spoke of every field, why one won, and what it was."""
    return _value_history(key(), customer, as_of, session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _value_history(key: Key, customer: str, as_of: datetime | None, _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.value_history(customer, key.purpose, as_of)


def standing() -> dict[str, Any]:
    """How the figures of the base are spread."""
    return _standing(key(), session.workspace())


@st.cache_data(max_entries=8, show_spinner="Comparing with the others")
def _standing(key: Key, _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.standing(key.purpose)


def timeline(customer: str, limit: int = 400) -> list[dict[str, Any]]:
    """Contacts, uses and outcomes, newest first."""
    return _timeline(key(), customer, limit, session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _timeline(key: Key, customer: str, limit: int, _ws: ic.Workspace) -> list[dict[str, Any]]:
    return _ws.timeline(customer, key.purpose, limit)


def prepared_cards(purpose: str) -> Thread:
    """What cards of a purpose go by, learnt in the background, once for each state of the data."""
    ws = session.workspace()
    return _prepared_cards(str(ws.root), ws.version, ws.now.date().isoformat(), purpose, ws)


@st.cache_resource(max_entries=16, show_spinner=False)
def _prepared_cards(store: str, version: int, day: str, purpose: str, _ws: ic.Workspace) -> Thread:  # noqa: ARG001 the key is what it is kept by
    thread = Thread(target=_prepare_cards, args=(_ws, purpose), daemon=True)
    thread.start()
    return thread


def _prepare_cards(ws: ic.Workspace, purpose: str) -> None:
    # whoever asks for a card meets the same mistake, and is told
    with suppress(ic.InsightError):
        ws.prepare_cards(purpose)


def card(customer: str, purpose: str) -> ic.Card | None:
    """The interaction card of one customer."""
    return next(iter(_cards(key(purpose), customer, None, session.workspace())), None)


@st.cache_data(max_entries=32, show_spinner="Choosing how to talk to them")
def _cards(key: Key, customer: str | None, limit: int | None, _ws: ic.Workspace) -> list[ic.Card]:
    return _ws.recommend(customer, key.purpose, limit)


class _UnmadeError(Exception):
    """Cards are made without moving the store's version on, so that they are not made must not be kept."""


def cards_made() -> dict[str, Any] | None:
    """Everybody's cards in figures; None while they are not made."""
    try:
        return _cards_made(key(), session.workspace())
    except _UnmadeError:
        return None


@st.cache_data(max_entries=16, show_spinner="Choosing how to talk to them")
def _cards_made(key: Key, _ws: ic.Workspace) -> dict[str, Any]:
    made = _ws.cards_made(key.purpose)
    if made is None:
        raise _UnmadeError
    return made


def cards_page(**query: Any) -> dict[str, Any]:
    """A page of everybody's cards."""
    return _cards_page(key(), tuple(sorted(query.items())), session.workspace())


@st.cache_data(max_entries=64, show_spinner=False)
def _cards_page(key: Key, query: tuple[tuple[str, Any], ...], _ws: ic.Workspace) -> dict[str, Any]:
    return _ws.cards(key.purpose, **dict(query))


def policies() -> dict[str, Any]:
    """What the policy is worth by its outcomes, or why nobody can say yet."""
    return _policies(key(), session.workspace())


@st.cache_data(max_entries=4, show_spinner=False)
def _policies(key: Key, _ws: ic.Workspace) -> dict[str, Any]:  # noqa: ARG001 the key of the cache
    told: dict[str, Any] = _ws.evaluate()["policies"]
    return told


def found(words: str, limit: int = 8) -> list[dict[str, Any]]:
    """Customers by any identifier or name that the purpose may see."""
    return session.workspace().find(words, limit, session.purpose())


def suggested(file: Path, stamp: str, dataset: str | None = None) -> Any:
    """The recipe that knows the file, or a proposed one; of a kind of row that a person names a proposed one."""
    ws = session.workspace()
    return _suggested((key(), stamp, len(ws.recipes()), dataset), lambda: ws.suggest(file, dataset, whole=False))


@st.cache_data(max_entries=32, show_spinner=False)
def _suggested(asked: tuple[Any, ...], _look: Callable[[], Any]) -> Any:  # noqa: ARG001 the key
    return _look()


def meanings(files: Sequence[Path], stamp: str, recipe: Any) -> list[dict[str, Any]]:
    """What single values of the files are read as by the recipe."""
    ws = session.workspace()
    return _meanings((str(ws.root), stamp, recipe.text()), lambda: ws.meanings(files, recipe))


@st.cache_data(max_entries=16, show_spinner="Counting the values")
def _meanings(asked: tuple[str, ...], _count: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:  # noqa: ARG001 the key
    return _count()


def preview(files: Sequence[Path], stamp: str, recipe: Any, source: str) -> ic.LoadPreview:
    """What a load would do; `stamp` tells the files as they are now from any others."""
    ws = session.workspace()
    return _preview((key(), stamp, recipe.text(), source), lambda: ws.preview(files, source, recipe))


@st.cache_data(max_entries=8, show_spinner="Looking at every row")
def _preview(asked: tuple[Any, ...], _look: Callable[[], ic.LoadPreview]) -> ic.LoadPreview:  # noqa: ARG001 the key
    return _look()
