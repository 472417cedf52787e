"""What has happened cannot be dated after the load: such a row is refused, unless it says no."""

import pytest

from tests.intake.conftest import NOW

RECIPES = {
    "parties": 'dataset = "parties"\nkey = "{id}"\nobserved_at = {column = "at"}\n[constants]\nkind = "person"\n',
    "confirmed": 'dataset = "parties"\nkey = "{id}"\nverified_at = {column = "at"}\n[constants]\nkind = "person"\n',
    "interactions": 'dataset = "interactions"\nkey = "{id}"\n[columns]\noccurred_at = "at"\nchannel = "c"\noutcome = "said"\n',
    "usage": 'dataset = "usage"\nkey = "{id}"\n[columns]\noccurred_at = "at"\n',
    "consents": 'dataset = "consents"\nkey = "{id}"\n[columns]\npurpose = "c"\nstatus = "said"\ndecided_at = "at"\n',
    "market": 'dataset = "market"\n[columns]\nscope = "c"\nkey = "id"\nfigure = "said"\nas_of = "at"\n',
}


@pytest.mark.parametrize(
    ("dataset", "said", "at", "taken"),
    [
        ("parties", "", "2026-06-01", True),
        ("parties", "", "2026-06-02T00:00:00Z", True),
        ("parties", "", "2026-06-02T00:00:01Z", False),
        ("confirmed", "", "2031-01-01", False),
        ("interactions", "replied", "2026-06-03", False),
        ("interactions", "", "2026-06-03", False),
        ("interactions", "opted_out", "2026-06-03", True),
        ("usage", "", "2026-06-03", False),
        ("consents", "given", "2026-06-02", True),
        ("consents", "given", "2026-06-03", False),
        ("consents", "withdrawn", "2026-06-03", True),
        ("market", "population", "2030-01-01", True),
    ],
)
def test_a_date_of_the_past_lies_at_most_a_day_ahead(read, dataset, said, at, taken):
    channel = {"interactions": "email", "market": "area"}.get(dataset, "analytics")
    outcome = read(f"id,at,c,said\n7,{at},{channel},{said}\n", RECIPES[dataset])
    assert outcome.refused == ([] if taken else [(2, "bad_date")])


def test_a_refused_row_says_where_and_what_to_do(read):
    outcome = read("id,at,c,said\n7,2030-01-01,analytics,given\n", RECIPES["consents"])
    (fault,) = outcome.quarantine
    assert (fault["line"], fault["column"], fault["value"]) == (2, "at", "2030-01-01")
    assert fault["message"] == (
        "decided_at lies ahead of the clock of this load, 2026-06-01T00:00:00Z: "
        "correct the date, or load the row when that day has come."
    )
    assert NOW.isoformat() == "2026-06-01T00:00:00+00:00"
