"""Dialects: how each system writes what it knows of its parties."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from insight_core.demo.chance import Ints, Words, stream, words
from insight_core.demo.defects import Asserted

CRM_CODES = {
    "gender": {"female": "F", "male": "M", "non_binary": "X", "undisclosed": "U"},
    "marital_status": {
        "single": "S", "married": "M", "partnered": "P", "separated": "X", "divorced": "D", "widowed": "W",
    },
    "account_status": {"active": "A", "closed": "C", "prospect": "P"},
    "home_owner": {"true": "Y", "false": "N"},
}  # fmt: skip
BILLING_CODES = {
    "contract_type": {"monthly": "monatlich", "one year": "1 Jahr", "two years": "2 Jahre"},
    "payment_method": {
        "direct debit": "Lastschrift", "invoice": "Rechnung", "credit card": "Kreditkarte", "online wallet": "Online",
    },
    "paperless_billing": {"true": "ja", "false": "nein"},
    "account_status": {"active": "aktiv", "closed": "geschlossen", "prospect": "Interessent"},
}  # fmt: skip
NOTHING = words(["", "", "", "N/A", "NULL"])


def crm(said: Asserted, people: int) -> pd.DataFrame:
    """The CRM: codes, ISO dates, amounts as 1,234.00, and nothing spelled in several ways."""
    get, records = said.said, said.records
    frame = pd.DataFrame(
        {"CustomerNo": records.key, "Type": np.where(records.customer < people, "P", "O").astype(object)}
    )
    plain = {
        "FirstName": "given_name", "LastName": "family_name", "Company": "organisation_name", "Email": "email",
        "Street": "street", "City": "city", "State": "region", "PostCode": "postal_code",
        "Country": "country", "BirthDate": "birth_date", "Employment": "employment_status",
        "Occupation": "occupation", "Employer": "employer", "Children": "children_total",
        "ChildrenAtHome": "children_at_home", "Cars": "cars_owned", "Commute": "commute_distance",
        "CustomerSince": "customer_since",
    }  # fmt: skip
    for column, name in plain.items():
        frame[column] = get[name]
    for column, name in (
        ("Gender", "gender"),
        ("MaritalStatus", "marital_status"),
        ("Status", "account_status"),
        ("HomeOwner", "home_owner"),
    ):
        frame[column] = _coded(get[name], CRM_CODES[name])
    frame["Phone"] = _each(get["phone"], lambda text: f"{text[:3]} {text[3:6]} {text[6:]}")
    frame["AnnualIncome"] = _each(get["annual_income"], lambda text: f"{int(text):,}.00")
    frame["Services"] = _each(get["services"], lambda text: ", ".join(json.loads(text)))
    frame["Updated"] = days_as_text(records.observed)
    frame["Verified"] = np.where(records.verified >= 0, days_as_text(records.verified), "")
    return _nothing_in_many_ways(frame)


def billing(said: Asserted, people: int) -> pd.DataFrame:
    """Billing: German words, dates as 31.12.2025, amounts as 1.234,56."""
    get, records = said.said, said.records
    frame = pd.DataFrame(
        {"Kontonummer": records.key, "Art": np.where(records.customer < people, "Privat", "Firma").astype(object)}
    )
    plain = {
        "Vorname": "given_name", "Nachname": "family_name", "Firma": "organisation_name", "EMail": "email",
        "Straße": "street", "PLZ": "postal_code", "Ort": "city",
    }  # fmt: skip
    for column, name in plain.items():
        frame[column] = get[name]
    frame["Telefon"] = _each(get["phone"], lambda text: f"{text[:3]} {text[3:6]}/{text[6:]}")
    frame["Geburtsdatum"] = _each(get["birth_date"], german_day)
    for column, name in (
        ("Vertrag", "contract_type"),
        ("Zahlungsart", "payment_method"),
        ("Papierlos", "paperless_billing"),
        ("Status", "account_status"),
    ):
        frame[column] = _coded(get[name], BILLING_CODES[name])
    frame["Leistungen"] = _each(get["services"], lambda text: " | ".join(json.loads(text)))
    frame["Monatsbetrag"] = _each(get["monthly_charges"], german_amount)
    frame["Stand"] = words([german_day(one) for one in days_as_text(records.observed)])
    return frame


def webshop(said: Asserted, people: int) -> pd.DataFrame:
    """The web shop: one JSON object per account, lists as lists, instants with a Z."""
    del people
    get, records = said.said, said.records
    frame = pd.DataFrame({"account": records.key})
    plain = {
        "first": "given_name", "last": "family_name", "mail": "email", "mobile": "phone", "address": "street",
        "zip": "postal_code", "town": "city", "lang": "language", "gender": "gender", "job": "occupation",
        "payment": "payment_method",
    }  # fmt: skip
    for column, name in plain.items():
        frame[column] = get[name]
    frame["first"] = _each(get["given_name"], str.lower)
    frame["kids_at_home"] = pd.array(
        [None if one is None else int(one) for one in get["children_at_home"]], dtype="Int64"
    )
    frame["likes"] = _each(get["stated_interests"], json.loads)
    frame["changed"] = words(
        [
            f"{one}T{second // 60 % 24:02d}:{second % 60:02d}:00Z"
            for one, second in zip(days_as_text(records.observed), records.observed.tolist(), strict=True)
        ]
    )
    return frame


def sales(said: Asserted, people: int) -> pd.DataFrame:
    """The sales team's sheet: numbers and days as a spreadsheet holds them."""
    del people
    get, records = said.said, said.records
    frame = pd.DataFrame({"Account": records.key})
    plain = {
        "Company": "organisation_name", "Contact mail": "email", "Phone": "phone", "Street": "street", "City": "city",
        "ZIP": "postal_code", "Country": "country", "Industry": "industry", "NAICS": "industry_code",
        "Type": "business_type", "Product line": "product_line", "Orders": "order_frequency",
    }  # fmt: skip
    for column, name in plain.items():
        frame[column] = get[name]
    for column, name in (("Employees", "employees"), ("Annual sales", "annual_sales"), ("Founded", "founded_year")):
        frame[column] = pd.array([None if one is None else int(one) for one in get[name]], dtype="Int64")
    frame["Reviewed"] = records.observed.astype("datetime64[D]").astype("datetime64[s]")
    return frame


DIALECTS: dict[str, Callable[[Asserted, int], pd.DataFrame]] = {
    "crm": crm, "billing": billing, "webshop": webshop, "sales": sales,
}  # fmt: skip


def days_as_text(days: Ints) -> Words:
    """Days since 1970 as ISO dates."""
    return np.datetime_as_string(np.asarray(days).astype("datetime64[D]")).astype(object)


def german_day(text: str) -> str:
    """2025-12-31 as 31.12.2025."""
    return f"{text[8:10]}.{text[5:7]}.{text[:4]}"


def german_amount(text: str) -> str:
    """1234.56 as 1.234,56."""
    whole, _, rest = text.partition(".")
    return f"{int(whole):,}".replace(",", ".") + "," + (rest or "00")


def _each(texts: Words, made: Callable[[str], object]) -> Words:
    known = np.array([one is not None for one in texts], dtype=bool)
    result = np.full(len(texts), None, dtype=object)
    result[known] = words([made(one) for one in texts[known]])
    return result


def _coded(texts: Words, codes: dict[str, str]) -> Words:
    return _each(texts, codes.__getitem__)


def _nothing_in_many_ways(frame: pd.DataFrame) -> pd.DataFrame:
    """Gaps as people leave them: empty, or with a word for nothing."""
    rng = stream(len(frame), "ways to say nothing")
    for column in frame.columns:
        empty = frame[column].isna().to_numpy()
        frame[column] = np.where(
            empty, NOTHING[rng.integers(0, len(NOTHING), len(frame))], frame[column].to_numpy(dtype=object)
        )
    return frame
