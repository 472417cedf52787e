"""What a steward may write, how it is stored, and what is said when it cannot be."""

from datetime import date

import pytest

from insight_core.catalogue import fields
from insight_core.errors import BadInput, NotFound, Refused
from insight_core.quality import Cell, validate_change
from insight_core.quality.changes import instead


@pytest.mark.parametrize(
    ("field", "written", "stored"),
    [
        ("given_name", "  Ada ", "Ada"),
        ("birth_date", "1971-10-06", date(1971, 10, 6)),
        ("birth_date", date(1971, 10, 6), date(1971, 10, 6)),
        ("marital_status", "Married", "married"),
        ("gender", "Non-binary", "non_binary"),
        ("annual_income", "90000", 90_000_000_000),
        ("annual_income", "90,000", 90_000_000_000),
        ("annual_income", "$90,000.50", 90_000_500_000),
        ("annual_income", "90.000,50 €", 90_000_500_000),
        ("annual_income", "1.234.567", 1_234_567_000_000),
        ("annual_income", "1'234.5", 1_234_500_000),
        ("annual_income", "90 000", 90_000_000_000),
        ("annual_income", "12,5", 12_500_000),
        ("annual_income", "0.125", 125_000),
        ("annual_income", 90000.125, 90_000_125_000),
        ("annual_income", 1.125, 1_125_000),
        ("children_total", "2", 2),
        ("children_total", 2, 2),
        ("children_total", "2.0", 2),
        ("employees", "1,200", 1200),
        ("employees", "1.200", 1200),
        ("home_owner", "Yes", True),
        ("home_owner", False, False),
        ("stated_interests", "cycling; jazz, chess", '["cycling","jazz","chess"]'),
        ("stated_interests", '["cycling","café"]', '["cycling","café"]'),
        ("stated_interests", ["cycling"], '["cycling"]'),
    ],
)
def test_what_is_written_is_stored_as_the_catalogue_types_it(field, written, stored):
    found = validate_change(field, "correct", written, None)
    assert found == stored
    assert type(found) is type(stored)


@pytest.mark.parametrize(
    ("field", "written", "error", "says"),
    [
        ("birth_date", "06/10/1971", BadInput, "'06/10/1971' is not a date such as 2026-01-31"),
        ("birth_date", "", BadInput, "birth_date needs a value"),
        ("birth_date", None, BadInput, "birth_date needs a value"),
        ("marital_status", "maried", NotFound, "Did you mean 'married'"),
        ("annual_income", "a lot", BadInput, "'a lot' is not a number"),
        ("annual_income", "90.000", BadInput, "'90.000' may mean 90 or thousands"),
        ("annual_income", "1,23,4", BadInput, "is not a number"),
        ("annual_income", "1e400", BadInput, "is not a number"),
        ("annual_income", float("nan"), BadInput, "is not a number"),
        ("annual_income", "9" * 13, BadInput, "below 1,000,000,000,000"),
        ("children_total", "2.5", BadInput, "'2.5' is not a whole number"),
        ("home_owner", "perhaps", BadInput, "neither yes nor no"),
        ("stated_interests", "[cycling", BadInput, "is not a list"),
        ("stated_interests", " ; ", BadInput, "needs at least one item"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(field, written, error, says):
    with pytest.raises(error) as caught:
        validate_change(field, "correct", written, "person")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("field", "action", "kind", "error", "says"),
    [
        (
            "stage",
            "correct",
            "person",
            Refused,
            "stage is derived: correct birth_date, marital_status, employment_status",
        ),
        ("area_income", "correct", "person", Refused, "area_income is a market figure: load newer market figures"),
        ("order_count", "confirm", "person", Refused, "order_count is derived: load the orders it is counted from"),
        ("usage_trend", "correct", "person", Refused, "load the orders it is counted from"),
        ("preferred_channel", "choose", "person", Refused, "load the contacts it is counted from"),
        ("birth_date", "correct", "organisation", Refused, "birth_date does not apply to an organisation"),
        ("industry", "correct", "person", Refused, "industry does not apply to a person"),
        ("birthdate", "correct", "person", NotFound, "Did you mean 'birth_date'"),
        ("email", "corect", "person", NotFound, "Did you mean 'correct'"),
    ],
)
def test_what_may_not_be_changed_says_what_to_do_instead(field, action, kind, error, says):
    with pytest.raises(error) as caught:
        validate_change(field, action, "1", kind)
    assert says in str(caught.value)


def test_confirm_needs_no_value_and_choose_may_name_a_source_only():
    assert validate_change("email", "confirm", None, "person") is None
    assert validate_change("email", "choose", None, "person") is None
    assert validate_change("email", "choose", "ada@example.com", "person") == "ada@example.com"


@pytest.mark.parametrize(
    ("field", "written", "beside", "says"),
    [
        ("email", "ada", {}, "email: 'ada' is not shaped like an e-mail address"),
        ("birth_date", "2031-01-01", {}, "birth_date: '2031-01-01' lies in the future"),
        ("children_at_home", "3", {"children_total": Cell(2)}, "'3' is more than the number of children in all"),
    ],
)
def test_a_fix_must_itself_be_valid(field, written, beside, says, now):
    with pytest.raises(BadInput) as caught:
        validate_change(field, "correct", written, "person", now, beside)
    assert says in str(caught.value)


def test_every_field_that_is_worked_out_says_what_to_change_instead():
    assert all(instead(one) for one in fields() if one.origin != "asserted")
