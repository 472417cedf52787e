"""What an evaluation looks at: the workbench's own tables, handed in."""

from typing import NamedTuple

import pandas as pd

# The fields of a party record by which records are compared.
COMPARED = (
    "kind", "given_name", "family_name", "organisation_name", "birth_date", "email", "phone", "street", "city",
    "postal_code",
)  # fmt: skip


class Base(NamedTuple):
    """Tables of the workbench, as pandas frames; instants are epoch seconds, money and ratios integers of 1e-6.

    links: record_id, customer_id, source, key, one row per party record.
    records: record_id, observed_at and the fields in COMPARED, newest version of each party record.
    snapshot: customer_id, kind, every catalogue field `f`, and for asserted fields `f__at` and `f__source`.
    states: customer_id, field, state, confidence (0 to 1), one row per known cell of an asserted field.
    interactions: customer_id, occurred_at, channel, direction, outcome; contacts with the company only.
    usage: customer_id, occurred_at, kind.
    """

    links: pd.DataFrame
    records: pd.DataFrame
    snapshot: pd.DataFrame
    states: pd.DataFrame
    interactions: pd.DataFrame
    usage: pd.DataFrame
