"""Validity: every case is judged as one value and as a column, and both must say the same."""

from datetime import date

import pytest
from email_validator import EmailNotValidError, validate_email

from insight_core.catalogue import fields
from insight_core.quality import Cell
from insight_core.quality.clock import clock_at
from insight_core.quality.rules import broken_expr, fault, rules
from insight_core.quality.validity import utc_date, years_before

SHAPE, LENGTH = "is not shaped like an e-mail address", "is longer than an e-mail address may be"
NOT_A_PHONE, NOT_POSTAL = (
    "is not a telephone number of 7 to 15 digits",
    "is not shaped like a postal code of its country",
)

Case = tuple[str, str | int | date, dict[str, str | int], str | None]

E_MAILS = [
    ("ada@example.com", None),
    ("ada.b+news@mail.example.co.uk", None),
    ("o'hara_1@example-shop.org", None),
    ("jörg@exämple.org", None),
    ("a@b.c", None),
    ("ada", SHAPE),
    ("ada@", SHAPE),
    ("ada@example", SHAPE),
    ("@example.com", SHAPE),
    ("ada@@example.com", SHAPE),
    ("ada@example..com", SHAPE),
    ("ada..b@example.com", SHAPE),
    (".ada@example.com", SHAPE),
    ("ada b@example.com", SHAPE),
    ("ada@-example.com", SHAPE),
    ("ada@example-.com", SHAPE),
    ("ada@exam_ple.com", SHAPE),
    ("ada@example.123", SHAPE),
    ("ada@example.com ", SHAPE),
    ("ada@example.com\n", SHAPE),
    ("ada@example.com, bob@example.com", SHAPE),
    ("a" * 65 + "@example.com", LENGTH),
]

OTHERS: list[Case] = [
    ("phone", "+1 (555) 010-0199", {}, None),
    ("phone", "1 (11) 500 555-0162", {}, None),
    ("phone", "555.010.0199 x123", {}, None),
    ("phone", "0101990", {}, None),
    ("phone", "010199", {}, NOT_A_PHONE),
    ("phone", "1234567890123456", {}, NOT_A_PHONE),
    ("phone", "call me 0101990", {}, NOT_A_PHONE),
    ("phone", "0101990\n", {}, NOT_A_PHONE),
    ("birth_date", date(2026, 6, 1), {}, None),
    ("birth_date", date(2026, 6, 2), {}, "lies in the future"),
    ("birth_date", date(1906, 6, 1), {}, None),
    ("birth_date", date(1906, 5, 31), {}, "lies more than 120 years back"),
    ("customer_since", date(2030, 1, 1), {}, "lies in the future"),
    ("children_at_home", 2, {}, None),
    ("children_at_home", 2, {"children_total": 2}, None),
    ("children_at_home", 3, {"children_total": 2}, "is more than the number of children in all"),
    ("children_at_home", -1, {"children_total": 2}, "is negative"),
    ("annual_income", 0, {}, None),
    ("annual_income", -1, {}, "is negative"),
    ("founded_year", 2026, {}, None),
    ("founded_year", 2027, {}, "lies in the future"),
    ("postal_code", "anything", {}, None),
    ("postal_code", "anything", {"country": "Atlantis"}, None),
    ("postal_code", "02134", {"country": "US"}, None),
    ("postal_code", "02134-1000", {"country": "United States"}, None),
    ("postal_code", "2134", {"country": "us"}, NOT_POSTAL),
    ("postal_code", "w1y 3ra", {"country": "United Kingdom"}, None),
    ("postal_code", "10115", {"country": "GB"}, NOT_POSTAL),
    ("postal_code", "10115", {"country": "Germany"}, None),
    ("postal_code", "V8V 3W4", {"country": "Canada"}, None),
    ("postal_code", "V8V", {"country": "Canada"}, None),
    ("postal_code", "R3", {"country": "CA"}, NOT_POSTAL),
    ("postal_code", "GL50", {"country": "United Kingdom"}, None),
    ("postal_code", "SW6 SBY", {"country": "United Kingdom"}, NOT_POSTAL),
    ("postal_code", "2060", {"country": "Australia"}, None),
    ("gender", "undisclosed", {}, None),
    ("gender", "f", {}, "is none of female, male, non_binary, undisclosed"),
    ("stage", "not a stage", {}, None),  # derived: valid by the way it is made
]

CASES: list[Case] = [("email", text, {}, reason) for text, reason in E_MAILS] + OTHERS


def broken(table, now):
    clock = clock_at(now)
    return table.select(**{one.name: broken_expr(table, one.name, clock) for one in fields()}).to_pyarrow().to_pylist()


def test_one_value_and_a_column_are_judged_alike(snapshot_of, now):
    profiles = [
        {name: Cell(value)} | {other: Cell(known) for other, known in rest.items()} for name, value, rest, _ in CASES
    ]
    table = snapshot_of(profiles)
    judged = broken(table, now)
    for (name, value, _, reason), profile, row in zip(CASES, profiles, judged, strict=True):
        assert (name, value, fault(name, value, profile, utc_date(now))) == (name, value, reason)
        number = row[name]
        assert (name, value, None if number is None else rules(name)[number].reason) == (name, value, reason)


@pytest.mark.parametrize(("text", "reason"), E_MAILS)
def test_e_mail_shapes_agree_with_the_validator_by_name(text, reason):
    try:
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        assert reason is not None
    else:
        assert reason is None


def test_the_unknown_is_never_invalid(snapshot_of, now):
    table = snapshot_of([{}])
    row = broken(table, now)[0]
    assert all(fault(one.name, None, {}, utc_date(now)) is None and row[one.name] is None for one in fields())


def test_reasons_are_one_line_and_derived_fields_have_no_rule():
    assert all("\n" not in rule.reason and len(rule.reason) < 120 for one in fields() for rule in rules(one.name))
    assert not [one.name for one in fields() if one.origin != "asserted" and rules(one.name)]


def test_a_leap_day_goes_back_to_the_28th():
    assert years_before(date(2024, 2, 29), 120) == date(1904, 2, 28)
