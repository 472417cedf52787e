"""Small evidence that reads as a table: parties, contacts, orders and consents of a handful of customers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import insight_core as ic
from tests.databases import Kept

NOW = datetime(2026, 1, 31, tzinfo=UTC)

PARTIES = """
name = "{source}-parties"
title = "People of {source}"
dataset = "parties"
source = "{source}"
key = "{{id}}"
method = "declared"
rank = {rank}
basis = "contract"
observed_at = {{column = "seen"}}
[constants]
kind = "person"
[columns]
given_name = "given"
family_name = "family"
birth_date = "born"
email = "email"
phone = "phone"
street = "street"
city = "city"
marital_status = "marital"
annual_income = "income"
"""
HEADER = ("id", "given", "family", "born", "email", "phone", "street", "city", "marital", "income", "seen")

ORDERS = """
name = "orders"
title = "Orders"
dataset = "usage"
source = "crm"
key = "{who}"
[constants]
kind = "order"
[columns]
usage_id = "number"
occurred_at = "at"
amount = "amount"
category = "what"
"""

CALLS = """
name = "calls"
title = "Calls"
dataset = "interactions"
source = "crm"
key = "{who}"
counterpart = "{whom}"
[columns]
interaction_id = "number"
occurred_at = "at"
channel = "channel"
direction = "direction"
"""

CONSENTS = """
name = "consents"
title = "Consents"
dataset = "consents"
source = "crm"
key = "{who}"
[columns]
purpose = "purpose"
channel = "channel"
status = "status"
decided_at = "at"
"""


class Desk:
    """Writes small files with their recipes, and opens stores beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[ic.Workspace] = []

    def store(self, name: str = "store", now: datetime = NOW) -> ic.Workspace:
        self.opened.append(ic.open_store(self.folder / name, now=now))
        return self.opened[-1]

    def recipe(self, text: str, name: str) -> str:
        path = self.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def people(self, name: str, rows: list[dict[str, object]], source: str = "crm", rank: int = 50) -> dict[str, Any]:
        """The arguments of a load: people of a source, columns that are not named left empty."""
        lines = [",".join(HEADER), *(",".join(str(row.get(one, "")) for one in HEADER) for row in rows)]
        return self._load(name, lines, source, PARTIES.format(source=source, rank=rank))

    def orders(self, name: str, rows: list[tuple[object, ...]]) -> dict[str, Any]:
        """Rows of who, number, at, amount, what."""
        return self._load(name, ["who,number,at,amount,what", *_lines(rows)], "crm", ORDERS)

    def calls(self, name: str, rows: list[tuple[object, ...]]) -> dict[str, Any]:
        """Rows of who, whom (empty: us), number, at, channel, direction."""
        return self._load(name, ["who,whom,number,at,channel,direction", *_lines(rows)], "crm", CALLS)

    def consents(self, name: str, rows: list[tuple[object, ...]]) -> dict[str, Any]:
        """Rows of who, purpose, channel, status, at."""
        return self._load(name, ["who,purpose,channel,status,at", *_lines(rows)], "crm", CONSENTS)

    def _load(self, name: str, lines: list[str], source: str, recipe: str) -> dict[str, Any]:
        path = self.folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return {"files": [path], "source": source, "recipe": self.recipe(recipe, name)}


def _lines(rows: list[tuple[object, ...]]) -> list[str]:
    return [",".join(str(one) for one in row) for row in rows]


@pytest.fixture
def desk(tmp_path: Path, database: Kept) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    for one in desk.opened:
        one.close()


ANN = {"id": 1, "given": "Ann", "family": "Lee", "born": "1980-02-03", "email": "ann@example.com", "seen": "2025-12-01"}
BOB = {"id": 2, "given": "Bob", "family": "Ray", "born": "1990-05-06", "email": "bob@example.com", "seen": "2025-12-01"}


@pytest.fixture(scope="session")
def built_pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built store with Ann and Bob in it, made once."""
    desk = Desk(tmp_path_factory.mktemp("pair"))
    workspace = desk.store()
    workspace.load(**desk.people("two", [ANN, BOB]))
    workspace.load(**desk.consents("said", [(2, "marketing", "*", "given", "2025-01-01")]))
    workspace.build()
    workspace.close()
    return workspace.root


@pytest.fixture
def two_people(desk: Desk, built_pair: Path, database: Kept) -> Callable[[], ic.Workspace]:
    """A store of one's own with Ann and Bob in it, built; Bob has consented to marketing."""

    def made() -> ic.Workspace:
        database.copy(built_pair, desk.folder / "store")
        return desk.store()

    return made
