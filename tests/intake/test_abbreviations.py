"""Headers as offices write them, in four languages: the proposal knows them."""

import pytest

from insight_core.intake import suggest

_VALUES = {
    "key": ("9001", "9002"),
    "given_name": ("Erika", "Max"),
    "family_name": ("Muster", "Probe"),
    "organisation_name": ("Muster AG", "Probe GmbH"),
    "birth_date": ("30.04.1970", "25.06.1971"),
    "street": ("Hauptstr. 1", "Hauptstr. 2"),
    "postal_code": ("10115", "10117"),
    "city": ("Berlin", "Bonn"),
    "phone": ("+49 30 1234567", "+49 30 1234568"),
    "email": ("a@example.com", "b@example.com"),
}
_LISTED = [
    "Kd.-Nr.;Vorname;Nachname;Geb. Datum;Str.;PLZ;Ort;Tel.;E-Mail => key given_name family_name birth_date street postal_code city phone email",
    "KdNr;Vorname;Name;geb. am;Straße;Postleitzahl;Ort;Mobilnr. => key given_name family_name birth_date street postal_code city phone",
    "Kundennr.;Firma;Strasse;PLZ;Ort;Tel.-Nr. => key organisation_name street postal_code city phone",
    "N° client;Prénom;Nom;Né(e) le;Adr.;CP;Ville;Tél. => key given_name family_name birth_date street postal_code city phone",
    "Nº cliente;Nombre;Apellidos;Fecha nac.;Dir.;C.P.;Población;Tlf. => key given_name family_name birth_date street postal_code city phone",
    "Cust. No.;First name;Surname;DOB;Street;Zip;City;Tel. => key given_name family_name birth_date street postal_code city phone",
]


@pytest.mark.parametrize("listed", _LISTED)
def test_abbreviated_headers_are_proposed(tmp_path, listed):
    heads, targets = (part.strip() for part in listed.split("=>"))
    file = tmp_path / "kunden.csv"
    rows = [";".join(_VALUES[name][n] for name in targets.split()) for n in range(2)]
    file.write_text("\n".join([heads, *rows]) + "\n", encoding="utf-8")
    recipe = suggest(file)
    found = {spec.column: name for name, spec in recipe.columns.items()} | {(recipe.key or "")[1:-1]: "key"}
    assert found == dict(zip(heads.split(";"), targets.split(), strict=True))


@pytest.mark.parametrize(
    "header", ["Last Update", "last_update", "LastModified", "updated_at", "Letzte Änderung", "Date de modification"]
)
def test_the_day_of_the_last_change_says_when_a_row_was_true(tmp_path, header):
    file = tmp_path / "kunden.csv"
    head = f"id,first name,surname,e-mail,{header}"
    file.write_text(f"{head}\n1,Ann,Bell,ann@example.com,31/12/2025\n", encoding="utf-8")
    recipe = suggest(file)
    assert recipe.observed_at is not None
    assert (recipe.observed_at.column, recipe.observed_at.format) == (header, ("%d/%m/%Y",))
    assert "31/12/2026" in recipe.observed_at.reason, "a person is shown an example, not a format"
    assert "%" not in recipe.observed_at.reason


@pytest.mark.parametrize("header", ["Last Login", "First Purchase"])
def test_first_and_last_alone_are_no_names(tmp_path, header):
    file = tmp_path / "kunden.csv"
    file.write_text(f"id,city,e-mail,{header}\n1,Bonn,ann@example.com,yes\n", encoding="utf-8")
    assert header not in suggest(file).inputs


def test_dates_written_in_two_ways_are_both_read(tmp_path):
    file = tmp_path / "kunden.csv"
    head = "Kd.-Nr.;Vorname;Nachname;Ort;Geb. Datum;Letzte Änd."
    file.write_text(
        f"{head}\n1;Erika;Muster;Bonn;30.04.1970;03.01.2026\n2;Max;Probe;Ulm;1971-06-25;2026-02-04\n", encoding="utf-8"
    )
    recipe = suggest(file)
    assert recipe.columns["birth_date"].format == ("%d.%m.%Y", "%Y-%m-%d")
    assert recipe.observed_at is not None
    assert recipe.observed_at.column == "Letzte Änd."
