"""The gate: the only door through which a reader gets anything out of the store.

Every answer states a purpose, holds only what that purpose may see, says what it held back
and why, and leaves a receipt.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ibis import Table
from sqlmodel import func, select

from insight_core.catalogue import Purpose, fields, purpose
from insight_core.compliance.opened import Cells, Opened, OpenedBase, opened, opened_cells
from insight_core.compliance.reading import (
    KEY,
    cells_of,
    consent_rows_of,
    events_of,
    party_rows_of,
    records_keyed,
    search,
)
from insight_core.compliance.receipts import lately, leave
from insight_core.compliance.ruling import Ruling, ruling, ruling_over
from insight_core.compliance.seen import seen_sql
from insight_core.compliance.tables import masked
from insight_core.compliance.whole import Record, Whole, behind, consents_of, owner, records_of, whole_of
from insight_core.errors import NotBuilt, NotFound, Refused
from insight_core.records.consent import Consent
from insight_core.store import Store
from insight_core.store.sql import table_of
from insight_core.store.tables import Customer

# what a reader may search in, beside any source's key
_SEARCHED = ("email", "phone", "name", "family_name", "given_name", "organisation_name", "city", "postal_code")

# a purpose that may not see the field may not see the events behind it; what came of a card tells of a contact
OUTCOMES = "outcomes"
_EVENT_FIELD = {"interactions": "last_interaction_at", "usage": "last_order_date", OUTCOMES: "last_interaction_at"}


class Gate:
    """Answers for one door (cli, app, sdk, notebook, ...) at one instant."""

    def __init__(self, store: Store, now: int, door: str) -> None:
        self._store, self._now, self._door = store, now, door
        self._duck: Any = None

    def resolve(self, name: str, why: str = "customer_care") -> str:
        """The customer that an id, a former id or a source's key stands for, or what the purpose may see of somebody.

        Raises NotFound when there is none and Refused when there are several.
        """
        if mine := owner(self._store, name):
            return mine
        found = self._search(name, None, 5, why)
        if not found:
            raise NotFound("customer", name)
        if len(found) > 1:
            raise Refused(f"{name!r} may mean {len(found)} customers: {', '.join(one for one, _ in found)}.")
        return found[0][0]

    def find(self, text: str, limit: int, why: str = "customer_care") -> list[dict[str, Any]]:
        """Customers by id, key, contact point or name; `key=value` looks in one field only.

        What the purpose may not see is neither shown nor looked in.
        """
        field, value = text.split("=", 1) if "=" in text else (None, text)
        if field not in (None, KEY, *_SEARCHED):
            raise NotFound("search field", str(field), (KEY, *_SEARCHED))
        return self._heads(dict(self._search(value.strip(), field, limit, why)), why)

    def _search(self, text: str, field: str | None, limit: int, why: str) -> list[tuple[str, str]]:
        within = (purpose(why), self._now)
        return search(self._store, self._looking(), text, field, records_keyed(self._store, text), limit, within)

    def recent(self, limit: int, why: str = "customer_care") -> list[dict[str, Any]]:
        """The customers that this door looked at last, newest first, as `find` tells them."""
        with self._store.read() as session:
            looked = lately(session, self._door, limit)
            known = [one for one in looked if session.get(Customer, one)]
        return self._heads(dict.fromkeys(known, "recent"), why)

    def _looking(self) -> Any:
        """A connection to look for people with, made when it is first needed."""
        if self._duck is None:
            self._duck = self._store.duck()
            self._duck.execute("SET parquet_metadata_cache = true")
        return self._duck.cursor()

    def _heads(self, found: Mapping[str, str], why: str) -> list[dict[str, Any]]:
        """Customers in a line each, as far as the purpose may see them; `found` says what of them matched."""
        judged = self.judge(list(found), why, "name,kind,city")
        heads, values = self._seen([(one, "city") for one in found], judged)
        told = []
        for customer, matched in found.items():
            name, kind = heads.get(customer, (None, None))
            city = values.get((customer, "city"))
            told.append({"customer": customer, "name": name, "kind": kind, "city": city, "matched": matched})
        return told

    def _seen(self, cells: Sequence[tuple[str, str]], judged: Mapping[str, Mapping[str, str]]) -> Cells:
        trades = [(customer, "organisation_name") for customer in judged]
        return opened_cells(cells_of(self._store, [*cells, *trades]), judged)

    def records(self, customer_id: str) -> list[Record]:
        """Which records make up the customer, and by which rule."""
        return records_of(self._store, [customer_id]).get(customer_id, [])

    def timeline(self, con: Any, customer_id: str, why: str, limit: int) -> tuple[list[dict[str, Any]], frozenset[str]]:
        """The newest contacts and uses, as far as the purpose may see them, and of which kinds of event it may know."""
        said, records = behind(self._store, customer_id)
        held_back = self._ruling(purpose(why), said).held_back
        allowed = [name for name, field in _EVENT_FIELD.items() if field not in held_back]
        self._receipt(why, 1, customer_id, ",".join(allowed), ",".join(sorted(set(_EVENT_FIELD) - set(allowed))))
        rows = events_of(
            self._store, con, [one.record_id for one in records], [one for one in allowed if one != OUTCOMES], limit
        )
        return rows, frozenset(allowed)

    def evidence(self, con: Any, customer_id: str, why: str) -> list[dict[str, Any]]:
        """Every party row that speaks of the customer, as far as the purpose may see it."""
        said, records = behind(self._store, customer_id)
        judged = self._ruling(purpose(why), said)
        # a row without any field would still tell a source's keys and clocks
        rows = party_rows_of(self._store, con, [one.record_id for one in records]) if judged.served else []
        self._receipt(why, 1, customer_id, "evidence", judged.withheld)
        return [{name: value for name, value in row.items() if name not in judged.held_back} for row in rows]

    def open(self, name: str, why: str) -> Opened:
        """One customer for a purpose, by id or by whatever else `resolve` knows.

        Raises NotFound for an unknown customer or purpose, and Refused where several are meant.
        """
        aim = purpose(why)
        found = whole_of(self._store, [name]) or whole_of(self._store, [self.resolve(name, why)])
        if not found:
            raise NotFound("customer", name)
        return self.let_out(found[0], aim)

    def open_many(self, customers: Sequence[str], why: str) -> dict[str, Opened]:
        """Several customers for a purpose, on one receipt; whoever is not there is left out."""
        aim = purpose(why)
        found = whole_of(self._store, customers)
        if len(customers) == 1 or not found:
            return {one.customer.customer_id: self.let_out(one, aim) for one in found}
        judged = [self._ruling(aim, one.consents) for one in found]
        hidden = sorted({name for one in judged for name in one.held_back})
        served = ",".join(one.name for one in fields() if aim.name in one.weights)
        receipt = self._receipt(aim.name, len(found), None, served, ",".join(hidden))
        return {one.customer.customer_id: opened(one, mine, receipt) for one, mine in zip(found, judged, strict=True)}

    def judge(self, customers: Sequence[str], why: str, told: str) -> dict[str, Mapping[str, str]]:
        """By customer and field, why the purpose may not see it; `told` goes into the receipt as what was asked for."""
        judged = self._judged(customers, why)
        self._receipt(why, len(customers), customers[0] if len(customers) == 1 else None, told, "")
        return judged

    def _judged(self, customers: Sequence[str], why: str) -> dict[str, Mapping[str, str]]:
        aim, said = purpose(why), consents_of(self._store, customers)
        return {name: self._ruling(aim, said.get(name, [])).held_back for name in customers}

    def cells(self, cells: Sequence[tuple[str, str]], why: str) -> Cells:
        """Name and kind by customer, and the value by customer and field, as far as the purpose may see them."""
        customers = sorted({customer for customer, _ in cells})
        self.note(why, len(customers))
        return self._seen(cells, self._judged(customers, why))

    def names(self, customers: Sequence[str], why: str) -> dict[str, str]:
        """What the customers that are there are called, the id where the purpose may not see it."""
        heads, _ = self._seen([], self.judge(customers, why, "name"))
        return {customer: name or customer for customer, (name, _) in heads.items()}

    def evidence_many(self, con: Any, customers: Sequence[str], why: str) -> dict[str, list[dict[str, Any]]]:
        """Every party row that speaks of each of several customers, newest first, on one receipt."""
        aim, records = purpose(why), records_of(self._store, customers)
        owners = {one.record_id: customer for customer, mine in records.items() for one in mine}
        found: dict[str, list[dict[str, Any]]] = {customer: [] for customer in customers}
        hidden = {one.name for one in fields() if aim.name not in one.weights or one.category == "special"}
        for row in party_rows_of(self._store, con, list(owners)):
            told = {name: value for name, value in row.items() if name not in hidden}
            found[owners[row["record_id"]]].append(told)
        self._receipt(why, len(customers), None, "evidence", ",".join(sorted(hidden)))
        return found

    def let_out(self, whole: Whole, aim: Purpose, beside: Sequence[list[Consent]] = ()) -> Opened:
        """Take out of a customer what the purpose may not see, and leave the receipt.

        `beside` is what others have said who were one with this customer: each of them has to let the purpose see it.
        """
        judged = ruling_over(self._ruling(aim, whole.consents), [self._ruling(aim, one) for one in beside])
        receipt = self._receipt(aim.name, 1, whole.customer.customer_id, judged.served, judged.withheld)
        return opened(whole, judged, receipt)

    def told_of(self, customers: Sequence[str], why: str, kind: str) -> frozenset[str]:
        """Those of the customers of whom the purpose may know that kind of event."""
        judged = self.judge(customers, why, kind) if customers else {}
        return frozenset(one for one, held_back in judged.items() if _EVENT_FIELD[kind] not in held_back)

    def consents(self, customer_id: str) -> list[Consent]:
        """What the customer has said, for an answer that leaves the receipt."""
        return consents_of(self._store, [customer_id]).get(customer_id, [])

    def consent_words(self, con: Any, customer_id: str, why: str) -> tuple[list[Consent], list[dict[str, Any]]]:
        """What the customer has said, and every word on it that the records brought, newest first.

        Every purpose may know both: whoever asks about a customer has to know what the customer allows.
        """
        said, records = behind(self._store, customer_id)
        words = consent_rows_of(self._store, con, [one.record_id for one in records])
        self._receipt(purpose(why).name, 1, customer_id, "consents", "")
        return said, words

    def base(self, con: Any, why: str) -> OpenedBase:
        """Everybody that the purpose may see, as a table over the snapshot with withheld fields empty."""
        aim = purpose(why)
        table, withheld = masked(con, *self._built(), aim, self._now)
        with self._store.read() as session:
            everybody = session.exec(select(func.count()).select_from(Customer)).one()
        return OpenedBase(table, withheld, self.note(aim.name, everybody - sum(withheld.values())))

    def columns(self, con: Any, why: str, names: Sequence[str]) -> Table:
        """The same people with these fields alone, each with its clock: planned in a tenth of the time."""
        table = table_of(con, f"({seen_sql(*self._built(), purpose(why), self._now, names)})")
        self.note(why, table.count().execute())
        return table

    def _built(self) -> tuple[str, str]:
        """The relations of the snapshot and the consent states; raises Refused before the first build."""
        lake = self._store.lake
        if not lake.listed("snapshot"):
            raise NotBuilt
        return lake.rows("snapshot"), lake.rows("consent_states")

    def note(self, why: str, subjects: int) -> str:
        """The receipt of an answer about many customers, each shown as far as the purpose may see them."""
        aim = purpose(why)
        served = ",".join(one.name for one in fields() if aim.name in one.weights)
        hidden = ",".join(one.name for one in fields() if aim.name not in one.weights)
        return self._receipt(aim.name, subjects, None, served, hidden)

    def _ruling(self, aim: Purpose, consents: list[Consent]) -> Ruling:
        return ruling(aim, consents, self._now)

    def _receipt(self, why: str, subjects: int, subject: str | None, served: str, withheld: str) -> str:
        with self._store.append() as adding:
            return leave(adding, self._now, why, self._door, subjects, subject, served, withheld)
