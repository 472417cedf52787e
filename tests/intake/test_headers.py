"""Headers as strangers' files have them: contact logs, call records, whole names, organisations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from insight_core.intake import Recipe, suggest
from insight_core.intake.check import check_recipe

Put = Callable[..., Path]

# header, a row, what is proposed: the kind of row, its key, and what fills what
_CONTACTS = "C1,2026-05-01 10:00,Phone,Bob,called about a bill"
_EVENTS = [
    ("CustID,When,Channel,Agent,Notes", _CONTACTS, "interactions {CustID} occurred_at=When channel=Channel"),
    ("Cust_ID,When,Channel,Handled by,Comments", _CONTACTS, "interactions {Cust_ID} occurred_at=When channel=Channel"),
    ("Customer,Contacted at,Via,Agent,Summary", _CONTACTS, "interactions {Customer} occurred_at=Contacted at channel=Via"),
    ("Client ID,Call Date,Contact Method,Rep,Remarks", _CONTACTS,
     "interactions {Client ID} occurred_at=Call Date channel=Contact Method"),
    ("Kunde,Wann,Kontaktart,Bearbeiter,Notiz", _CONTACTS, "interactions {Kunde} occurred_at=Wann channel=Kontaktart"),
    ("Cust_ID,When,SKU,Price", "C1,2026-05-01,tv,10.5", "usage {Cust_ID} occurred_at=When product_key=SKU amount=Price"),
]  # fmt: skip
_CALL = "+44 20 7946 0001,+44 20 7946 0002,2026-05-01 10:00:00,65"
_CALLS = [
    "caller,callee,start_time,duration",
    "Caller,Called,Call Start,Call Duration",
    "a_number,b_number,call_start,duration_sec",
    "calling_party,called_party,start,billsec",
    "from_number,to_number,call_time,talk_time",
]


def filled(recipe: Recipe) -> dict[str, str]:
    return {name: spec.column or "" for name, spec in recipe.columns.items()}


@pytest.mark.parametrize(("header", "row", "proposed"), _EVENTS, ids=[one[0] for one in _EVENTS])
def test_what_happened_to_whom_and_when_is_proposed(put: Put, header: str, row: str, proposed: str) -> None:
    recipe = suggest(put(f"{header}\n{row}\n", "export.csv"))
    told = [f"{name}={column}" for name, column in filled(recipe).items()]
    assert " ".join([recipe.dataset, recipe.key or "", *told]) == proposed
    check_recipe(recipe)


@pytest.mark.parametrize("header", [one[0] for one in _EVENTS[:5]])
def test_what_somebody_wrote_about_a_customer_is_never_proposed(put: Put, header: str) -> None:
    recipe = suggest(put(f"{header}\n{_CONTACTS}\n", "export.csv"))
    assert not {"Agent", "Notes", "Handled by", "Comments", "Summary", "Remarks", "Rep", "Notiz"} & set(recipe.inputs)


@pytest.mark.parametrize("header", _CALLS)
def test_call_records_say_who_called_whom_when_and_how_long(put: Put, read: Callable[..., object], header: str) -> None:
    text = f"{header}\n{_CALL}\n"
    recipe = suggest(put(text, "records.csv"))
    caller, callee, start, duration = header.split(",")
    assert (recipe.dataset, recipe.key, recipe.counterpart) == ("interactions", f"{{{caller}}}", f"{{{callee}}}")
    assert filled(recipe) == {"occurred_at": start, "duration_s": duration}
    assert recipe.constants == {"channel": "call"}
    assert any(note.startswith("channel = call for every row") for note in recipe.notes), "a guess says that it is one"
    assert read(text, recipe, "records.csv").rows[0]["duration_s"] == 65  # type: ignore[attr-defined]


# header of the column, what stands in it, given and family names that are read
_NAMES = [
    ("Name", ("Smith, John", "Doe, Jane"), [("John", "Smith"), ("Jane", "Doe")]),
    ("Customer", ("Smith, John", "van der Berg, Anna Maria"), [("John", "Smith"), ("Anna Maria", "van der Berg")]),
    ("Contact Person", ("Smith,John", "Doe, Jane"), [("John", "Smith"), ("Jane", "Doe")]),
    ("Member Name", ("John Smith", "Jane Doe"), [("John", "Smith"), ("Jane", "Doe")]),
    ("Name, Vorname", ("Muster, Erika", "Probe, Max"), [("Erika", "Muster"), ("Max", "Probe")]),
]


@pytest.mark.parametrize(("header", "names", "parts"), _NAMES, ids=[one[0] for one in _NAMES])
def test_a_whole_name_is_taken_apart_in_the_order_in_which_it_is_written(
    put: Put, read: Callable[..., object], header: str, names: tuple[str, ...], parts: list[tuple[str, str]]
) -> None:
    rows = "\n".join(f'{n},"{name}"' for n, name in enumerate(names))
    text = f'Cust_ID,"{header}"\n{rows}\n'
    recipe = suggest(put(text))
    assert recipe.constants == {"kind": "person"}
    told = [(row["given_name"], row["family_name"]) for row in read(text, recipe).rows]  # type: ignore[attr-defined]
    assert told == parts


def test_whom_one_speaks_to_at_an_organisation_is_not_who_it_is(put: Put) -> None:
    recipe = suggest(put("Account No,Company,Contact Person,City\n1,Acme Ltd,Ada Quill,Bonn\n"))
    assert filled(recipe) == {"organisation_name": "Company", "city": "City"}
    assert recipe.constants == {"kind": "organisation"}


def test_of_two_columns_of_names_the_one_that_can_be_taken_apart_is_read(put: Put) -> None:
    recipe = suggest(put("Member No,Member,Full Name\n1,x,Ada Quill\n2,y,Ben Rose\n"))
    assert filled(recipe) == {"given_name": "Full Name", "family_name": "Full Name"}


def test_names_of_which_some_are_written_otherwise_are_to_be_checked(put: Put) -> None:
    recipe = suggest(put('id,name\n1,"Smith, John"\n2,"Doe, Jane"\n3,Ann Bell\n'))
    spec = recipe.columns["family_name"]
    assert "Ann Bell" in spec.reason
    assert (spec.confidence or 1) < 0.5


# header, rows, the key, and what fills what
_COMPANIES = [
    ("Company,VAT,Industry,Website,Employees", ("Acme Ltd,GB123456789,Retail,www.acme.example,12",
                                                "Bolt AG,DE123456788,Steel,https://bolt.example.com,1200"),
     "{VAT}", {"organisation_name": "Company", "industry": "Industry", "employees": "Employees"}),
    ("Company Name,VAT No.,Sector,URL,Headcount,Turnover", ("Acme Ltd,GB1,Retail,a.example,12,100000",
                                                            "Bolt AG,DE1,Steel,b.example,1200,2000000"),
     "{VAT No.}", {"organisation_name": "Company Name", "industry": "Sector", "employees": "Headcount",
                   "annual_sales": "Turnover"}),
    ("Firma,USt-IdNr.,Branche,Mitarbeiterzahl,Gründungsjahr", ("Muster GmbH,DE1,Handel,12,1999",
                                                               "Probe AG,DE2,Stahl,70,1950"),
     "{USt-IdNr.}", {"organisation_name": "Firma", "industry": "Branche", "employees": "Mitarbeiterzahl",
                     "founded_year": "Gründungsjahr"}),
    ("Name,Tax ID,No. of Employees", ("Acme Ltd,77,12", "Bolt Inc.,78,70", "Rust & Sons LLC,79,3"),
     "{Tax ID}", {"organisation_name": "Name", "employees": "No. of Employees"}),
    ("CustID,Name,City", ('1,"Acme, Inc.",Bonn', "2,Probe GmbH & Co. KG,Ulm"),
     "{CustID}", {"organisation_name": "Name", "city": "City"}),
    ("VAT,CustID,Company", ("GB1,1,Acme Ltd", "DE1,2,Bolt AG"), "{CustID}", {"organisation_name": "Company"}),
]  # fmt: skip


@pytest.mark.parametrize(("header", "rows", "key", "columns"), _COMPANIES, ids=[one[0] for one in _COMPANIES])
def test_organisations_are_known_by_their_name_and_their_number(
    put: Put, header: str, rows: tuple[str, ...], key: str, columns: dict[str, str]
) -> None:
    recipe = suggest(put("\n".join([header, *rows]) + "\n"))
    assert (recipe.dataset, recipe.constants, recipe.key) == ("parties", {"kind": "organisation"}, key)
    assert filled(recipe) == columns


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\n1,Ada Quill\n", "kind = person for every row: no column says it"),
        ("customer_id,date,total\n1,2026-05-01,9.5\n", "kind = order for every row: no column says it"),
    ],
)
def test_what_is_proposed_for_every_row_is_noted(put: Put, text: str, said: str) -> None:
    assert said in suggest(put(text)).notes
