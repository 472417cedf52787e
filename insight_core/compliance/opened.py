"""Opened: what the gate lets out of one customer, or of all of them, and what it holds back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ibis import Table

from insight_core.catalogue import FACETS
from insight_core.compliance.names import hides_name
from insight_core.compliance.ruling import Ruling
from insight_core.compliance.whole import Head, Record, Values, Whole
from insight_core.records.consent import Consent

# name and kind by customer, and the value by customer and field
Cells = tuple[dict[str, tuple[str | None, str | None]], dict[tuple[str, str], Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """One customer as the purpose may see it.

    `withheld` says by field what is held back and why. `unfiltered` is there for the scores, which count what is
    withheld without showing it; it is never served.
    """

    customer: Head
    unfiltered: Values
    withheld: Mapping[str, str]
    consents: list[Consent]
    records: list[Record]
    receipt: str

    @property
    def name(self) -> str | None:
        """What the customer is called; None where nobody knows, or where it is withheld."""
        head, trading = self.customer, self.unfiltered["identity"].get("organisation_name")
        return None if hides_name(self.withheld, head.kind, trading) else head.name

    @property
    def facets(self) -> Values:
        """Per facet the stored row without the withheld fields."""
        return {
            facet: {name: one for name, one in self.unfiltered[facet].items() if name not in self.withheld}
            for facet in FACETS
        }


@dataclass(frozen=True, slots=True)
class OpenedBase:
    """All customers that the purpose may see, as one table; `withheld` counts the others by reason."""

    table: Table
    withheld: dict[str, int]
    receipt: str


def opened(whole: Whole, judged: Ruling, receipt: str) -> Opened:
    """One customer without what the ruling holds back."""
    return Opened(whole.customer, whole.values, judged.held_back, whole.consents, whole.records, receipt)


def opened_cells(found: Cells, judged: Mapping[str, Mapping[str, str]]) -> Cells:
    """Some customers' cells, the trading names among them, with None for what is withheld; in order of their ids."""
    heads, values = found
    shown = {
        one: (
            None if hides_name(judged[one], kind, values.get((one, "organisation_name"))) else name,
            None if "kind" in judged[one] else kind,
        )
        for one, (name, kind) in sorted(heads.items())
    }
    return shown, {(one, name): None if name in judged[one] else value for (one, name), value in values.items()}
