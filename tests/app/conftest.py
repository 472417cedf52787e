"""A small base of two sources that disagree, with names that bite, and the app on it."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Browser, Page
from streamlit.testing.v1 import AppTest

import insight_core as ic
from insight_core.records.clock import parse_instant
from tests.app.driven import OWN, WIDE, chromium, opened
from tests.app.served import MAIN, NOW, serving

# name: what a browser would make of it if it were ever taken for markup
BITING = {
    "html": "<img src=x onerror=document.title='bitten'>",
    "markdown": "[Ann](javascript:alert(1)) **bold** `code`",
    "mathematics": "$x^2$ :red[Bea] :material/home: :smile:",
    "rightward": "\u202e\u05de\u05e8\u05d9\u05dd\u202c \u0643\u0631\u064a\u0645",
    "long": "Wolfeschlegelsteinhausenbergerdorff" * 9,
    "emoji": "\U0001f469\u200d\U0001f467 O'Neil & S\u00f8ns",
}

_CRM = """
    title = "CRM"
    dataset = "parties"
    source = "crm"
    key = "{id}"
    recognise = ["id", "first", "last", "mail"]
    observed_at = {column = "updated"}
    [constants]
    kind = "person"
    [columns]
    given_name = "first"
    family_name = "last"
    email = "mail"
    phone = "phone"
    street = "street"
    city = "city"
    postal_code = "zip"
    country = "country"
    birth_date = "born"
    annual_income = "income"
"""
_CONTACTS = """
    title = "Contacts"
    dataset = "interactions"
    source = "contacts"
    party_source = "crm"
    key = "{id}"
    recognise = ["id", "at", "channel", "outcome"]
    [columns]
    occurred_at = "at"
    channel = "channel"
    direction = "direction"
    topic = "topic"
    outcome = "outcome"
"""
_CONSENTS = """
    title = "Consents"
    dataset = "consents"
    source = "consents"
    party_source = "crm"
    key = "{id}"
    [columns]
    purpose = "purpose"
    channel = "channel"
    status = "status"
    decided_at = "decided"
"""
CRM_HEAD = ("id", "first", "last", "mail", "phone", "street", "city", "zip", "country", "born", "income", "updated")


def people() -> list[tuple[str, ...]]:
    """Thirty people of the CRM; the first ones have the names that bite."""
    names = [*BITING.values(), "Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"]
    return [
        (str(n), names[n % len(names)], f"Tester{n:02}", f"person{n}@example.com", f"+44 20 7946 0{n:03}",
         f"{n} Mill Lane", "Ashford", "AB1 2CD", "GB", f"19{50 + n}-03-04", "" if n % 3 else str(20_000 + n * 1000),
         f"202{n % 6}-02-03")
        for n in range(30)
    ]  # fmt: skip


def write_csv(path: Path, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Path:
    """Rows as a file."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([head, *rows])
    return path


def _write(folder: Path) -> None:
    write_csv(folder / "crm.csv", CRM_HEAD, people())
    shop = [
        (*row[:4], *row[4:6], "Bexley", *row[7:9], "1990-01-01", *row[10:11], "2026-05-01") for row in people()[6:9]
    ]
    write_csv(folder / "shop.csv", CRM_HEAD, shop)
    contacts = [(str(n % 30), f"2026-0{1 + n % 6}-1{n % 9}T{8 + n % 12:02}:15:00", ("email", "call", "app")[n % 3],
                 ("inbound", "outbound")[n % 2], ("billing", "order")[n % 2], ("resolved", "replied")[n % 2])
                for n in range(240)]  # fmt: skip
    write_csv(folder / "contacts.csv", ("id", "at", "channel", "direction", "topic", "outcome"), contacts)
    said = [(str(n), "marketing", "*", "withdrawn" if n % 4 == 3 else "given", "2026-01-05") for n in range(24)]
    write_csv(folder / "consents.csv", ("id", "purpose", "channel", "status", "decided"), said)
    for name, recipe in (("crm", _CRM), ("contacts", _CONTACTS), ("consents", _CONSENTS)):
        lines = (line.strip() for line in recipe.strip().splitlines())
        (folder / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the input files and, under `store`, the base that they make."""
    folder = tmp_path_factory.mktemp("app")
    _write(folder)
    ws = ic.open_store(folder / "store", now=parse_instant(NOW), door="test")
    ws.load([folder / "crm.csv"], "crm", str(folder / "crm.toml"))
    ws.load([folder / "shop.csv"], "shop", str(folder / "crm.toml"))
    ws.load([folder / "contacts.csv"], "contacts", str(folder / "contacts.toml"))
    ws.load([folder / "consents.csv"], "consents", str(folder / "consents.toml"))
    ws.build()
    ws.close()
    return folder


@pytest.fixture
def base(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ic.Workspace:
    """A copy of the base that a test may change; the app opens the same."""
    shutil.copytree(made / "store", tmp_path / "store")
    monkeypatch.setenv("INSIGHT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("INSIGHT_NOW", NOW)
    return ic.open_store(tmp_path / "store", now=parse_instant(NOW), door="test")


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with nothing in it."""
    monkeypatch.setenv("INSIGHT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("INSIGHT_NOW", NOW)
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def _no_cache_survives() -> Iterator[None]:
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture
def show() -> Callable[..., AppTest]:
    """A view as it is first drawn, with query parameters: show("profile", customer="...")."""

    def shown(view: str, **params: str) -> AppTest:
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        for name, value in params.items():
            app.query_params[name] = value
        return app.switch_page(f"views/{view}.py").run()

    return shown


@pytest.fixture
def served(base: ic.Workspace) -> Iterator[str]:
    """The address of the app, served for a real browser."""
    with serving(base.root) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; every page of it begins with nothing seen before."""
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page on the app over the test's own base."""
    one = opened(browser, served, viewport=WIDE)
    yield one
    one.context.close()


@pytest.fixture
def asked(page: Page) -> list[str]:
    """Addresses outside this machine that the page asks for."""
    found: list[str] = []
    page.on("request", lambda one: None if one.url.startswith(OWN) else found.append(one.url))
    return found
