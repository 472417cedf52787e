"""Defects: what a source's records say, cell by cell, and whether each cell is right, wrong, outdated or missing."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from insight_core.demo.chance import Bools, Ints, Rng, Words, stream
from insight_core.demo.lives import Lives
from insight_core.demo.mistakes import mistaken, restyled
from insight_core.demo.recorded import Records
from insight_core.demo.stories import DISAGREEMENT
from insight_core.demo.values import Track

STATES = ("right", "wrong", "outdated", "missing")
CELL_STATES = pd.CategoricalDtype(list(STATES))
RIGHT, WRONG, OUTDATED, MISSING = range(4)

# What each source has a column for.
FIELDS: dict[str, tuple[str, ...]] = {
    "crm": (
        "given_name", "family_name", "organisation_name", "email", "phone", "street", "city", "region", "postal_code",
        "country", "birth_date", "gender", "marital_status", "employment_status", "occupation", "employer",
        "annual_income", "children_total", "children_at_home", "home_owner", "cars_owned", "commute_distance",
        "services", "customer_since", "account_status",
    ),
    "billing": (
        "given_name", "family_name", "organisation_name", "phone", "email", "street", "postal_code", "city",
        "birth_date", "contract_type", "payment_method", "paperless_billing", "services", "monthly_charges",
        "account_status",
    ),
    "webshop": (
        "given_name", "family_name", "email", "phone", "street", "postal_code", "city", "language", "gender",
        "children_at_home", "occupation", "payment_method", "stated_interests",
    ),
    "sales": (
        "organisation_name", "email", "phone", "street", "city", "postal_code", "country", "industry", "industry_code",
        "business_type", "employees", "annual_sales", "founded_year", "product_line", "order_frequency",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Asserted:
    """What a source says: one column of plain text per field (None where it says nothing), and the cells' states.

    `states[field]` holds positions in STATES, -1 where the field cannot apply to the customer.
    """

    records: Records
    said: dict[str, Words]
    states: dict[str, Ints]

    def cells(self) -> pd.DataFrame:
        """One row per cell: source, key, field, state."""
        parts = [_cells(self.records, name, states) for name, states in self.states.items()]
        return pd.concat(parts, ignore_index=True)


def told(seed: int, lives: Lives, records: Records, known: dict[str, Track]) -> Asserted:
    """What the source says of its records, with its mistakes and gaps."""
    said: dict[str, Words] = {}
    states: dict[str, Ints] = {}
    is_person = records.customer < lives.people.size
    for name in FIELDS[records.source]:
        rng = stream(seed, f"defects {records.source} {name}")
        track = known[name]
        here = np.flatnonzero(track.applies(is_person))
        said[name] = np.full(records.size, None, dtype=object)
        states[name] = np.full(records.size, -1, dtype=np.int8)
        said[name][here], states[name][here] = _column(rng, lives, records, track, here)
    return Asserted(records, said, states)


def _column(rng: Rng, lives: Lives, records: Records, track: Track, here: Ints) -> tuple[Words, Ints]:
    customers, months = records.customer[here], records.month[here]
    codes = track.at(months, customers)
    today = track.read(track.at(np.full(len(here), lives.months), customers))
    wrong, missing = _shares(rng, lives, records, track.field, here)
    texts, hit = mistaken(rng, track, track.read(codes), codes, np.flatnonzero(wrong))
    # A mistake that happens to be today's truth is none.
    states = np.select([missing, texts == today, hit], [MISSING, RIGHT, WRONG], OUTDATED)
    spelt = restyled(rng, track.field, texts, lives.params.restyled_share)
    # What the stories' people are called is read aloud: their records spell it as it is.
    texts = np.where(records.told[here], texts, spelt)
    texts[missing] = None
    return texts, states


def _shares(rng: Rng, lives: Lives, records: Records, field: str, here: Ints) -> tuple[Bools, Bools]:
    """Which cells are to be wrong, and which empty."""
    params, source = lives.params, records.source
    wrong = rng.random(len(here)) < params.wrong[source] * params.wrong_by_field.get(field, 1.0)
    missing = rng.random(len(here)) < min(params.missing[source] * params.missing_by_field.get(field, 1.0), 1.0)
    told_of = records.told[here]
    disagrees = (records.customer[here] == DISAGREEMENT) & (source == "billing") & (field in ("birth_date", "phone"))
    return np.where(told_of, disagrees, wrong), missing & ~told_of


def _cells(records: Records, name: str, states: Ints) -> pd.DataFrame:
    here = states >= 0
    return pd.DataFrame(
        {
            "source": pd.Categorical([records.source] * int(here.sum())),
            "key": records.key[here],
            "field": pd.Categorical([name] * int(here.sum())),
            "state": pd.Categorical.from_codes(states[here], dtype=CELL_STATES),
        }
    )
