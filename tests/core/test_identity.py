"""Who is who: what joins two records, what never does, and that each link says why."""

import duckdb
import pytest

from insight_core.identity import resolve

COLUMNS = (
    "record_id",
    "source",
    "kind",
    "given_name",
    "family_name",
    "organisation_name",
    "birth_date",
    "email",
    "phone",
    "street",
    "postal_code",
    "city",
)


def person(**said):
    return {"kind": "person", **said}


def links(*records):
    con = duckdb.connect()
    con.execute(f"CREATE TABLE parties ({', '.join(f'{name} VARCHAR' for name in COLUMNS)})")
    for number, record in enumerate(records):
        row = {"record_id": f"r{number}", "source": f"s{number}", **record}
        con.execute(
            f"INSERT INTO parties VALUES ({', '.join('?' * len(COLUMNS))})", [row.get(name) for name in COLUMNS]
        )
    name = resolve(con, "parties")
    return {row[0]: row[1:] for row in con.sql(f"SELECT record_id, customer_id, rule, partner FROM {name}").fetchall()}


ANN = {"given_name": "Ann", "family_name": "Lee"}


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        pytest.param(
            {**ANN, "birth_date": "1980-02-03"},
            {"given_name": "ANN ", "family_name": "lee", "birth_date": "1980-02-03"},
            "name and birth date",
            id="name and birth date, case aside",
        ),
        pytest.param(
            {**ANN, "email": "a@example.com"},
            {"given_name": "Anna", "email": "A@example.com"},
            "e-mail and first name",
            id="e-mail and start of the first name",
        ),
        pytest.param(
            {**ANN, "phone": "+44 20 7946 0001"},
            {"given_name": "Ann", "phone": "020 7946-0001", "family_name": "Ray"},
            "phone and first name",
            id="a phone with and without the code of its country",
        ),
        pytest.param(
            {**ANN, "phone": "020 7946 0001"},
            {"given_name": "Ann", "phone": "020 7946-0001"},
            "phone and first name",
            id="phone and first name",
        ),
        pytest.param(
            {**ANN, "phone": "020 7946 0001"},
            {"given_name": "Bob", "family_name": "Ray", "phone": "020 7946 0001"},
            None,
            id="a shared phone alone",
        ),
        pytest.param(
            {**ANN, "street": "1 High St", "postal_code": "BA1"},
            {**ANN, "street": "1 high st.", "postal_code": "ba1"},
            "name and address",
            id="name and address",
        ),
        pytest.param(
            {**ANN, "postal_code": "BA1"},
            {**ANN, "postal_code": "BA1"},
            None,
            id="a name and a postal code are too little",
        ),
        pytest.param(ANN, ANN, None, id="a name alone"),
        pytest.param(
            {"given_name": "José", "family_name": "Núñez", "birth_date": "1980-02-03"},
            {"given_name": "Jose", "family_name": "Nunez", "birth_date": "1980-02-03"},
            "name and birth date",
            id="accents aside",
        ),
    ],
)
def test_what_joins_two_people(one, other, rule):
    found = links(person(**one), person(**other))
    joined = found["r0"][0] == found["r1"][0]
    assert (found["r1"][1] if joined else None) == rule


def test_an_organisation_is_its_name_in_its_place():
    firm = {"kind": "organisation", "organisation_name": "Acme Ltd.", "city": "Bath"}
    found = links(firm, {**firm, "organisation_name": "ACME Ltd"}, {**firm, "city": "York"})
    assert [found[f"r{i}"][0] for i in range(3)] == ["r0", "r0", "r2"]


def test_a_phone_that_many_names_use_is_no_identifier():
    phone = "020 7946 0001"
    crowd = [person(given_name=f"Given{i}", family_name=f"Family{i}", phone=phone) for i in range(5)]
    found = links(*crowd, person(given_name="Given1", phone=phone))
    assert found["r5"][1] == "only record"


def test_a_source_that_tells_two_people_apart_is_believed():
    twins = [
        person(source="crm", given_name=name, family_name="Lee", birth_date="1980-02-03", email="lee@example.com")
        for name in ("Ann", "Bea")
    ]
    assert {one[1] for one in links(*twins).values()} == {"only record"}


def test_links_close_over_chains_and_the_smallest_record_names_the_customer():
    found = links(
        person(**ANN, email="a@example.com"),
        person(**ANN, email="a@example.com", birth_date="1980-02-03"),
        person(**ANN, birth_date="1980-02-03"),
    )
    assert {one[0] for one in found.values()} == {"r0"}
    assert found["r2"][2] is not None
