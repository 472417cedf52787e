"""Values: what a cell's text means, and what is refused with which reason."""

from datetime import date

import pytest

from insight_core.errors import BadInput, NotFound
from insight_core.intake.reasons import Reason
from insight_core.intake.scan import connected
from insight_core.intake.values import choice

PARTY = 'dataset = "parties"\nkey = "{id}"\n[columns]\n'


def column(*values: str) -> str:
    return "id;v\n" + "".join(f"{number};{value}\n" for number, value in enumerate(values))


READINGS = [
    ("birth_date", "v", "1971-10-06", date(1971, 10, 6)),
    ("birth_date", "v", "19711006", date(1971, 10, 6)),
    ("birth_date", "v", "1971-10-06 00:00:00", date(1971, 10, 6)),
    ("birth_date", "v", "2021-02-30", Reason.BAD_DATE),
    ("birth_date", "v", "0019-02-03", Reason.BAD_DATE),
    ("birth_date", "v", "epoch", Reason.BAD_DATE),
    ("birth_date", '{column="v", format="%m/%d/%Y"}', "4/08/1966", date(1966, 4, 8)),
    ("birth_date", '{column="v", format=["%d.%m.%Y", "%Y"]}', "1966", date(1966, 1, 1)),
    ("birth_date", '{column="v", format="%d.%m.%Y"}', "31.02.1966", Reason.BAD_DATE),
    ("observed_at", "v", "2020-01-01T10:00:00+02:00", 1_577_865_600),
    ("observed_at", '{column="v", format="epoch"}', "1577865600", 1_577_865_600),
    ("observed_at", '{column="v", format="epoch_ms"}', "1577865600123", 1_577_865_600),
    ("annual_income", "v", "90000.5", 90_000_500_000),
    ("annual_income", "v", "1e5", 100_000_000_000),
    ("annual_income", "v", "1.234,56", Reason.BAD_NUMBER),
    ("annual_income", "v", "1_000", Reason.BAD_NUMBER),
    ("annual_income", '{column="v", number="1.234,56"}', "1.234,56", 1_234_560_000),
    ("annual_income", '{column="v", number="1.234,56"}', "1234,5", 1_234_500_000),
    ("annual_income", '{column="v", number="1.234,56"}', "1.23", Reason.BAD_NUMBER),
    ("annual_income", '{column="v", number="$1,234.56"}', "$90,000 ", 90_000_000_000),
    ("annual_income", '{column="v", number="1,234.56"}', "(1,234.50)", -1_234_500_000),
    ("annual_income", '{column="v", number="1 234,56"}', "1 234,56 €", 1_234_560_000),
    ("annual_income", "v", "9" * 30, Reason.BAD_NUMBER),
    ("children_total", "v", "2.0", 2),
    ("children_total", "v", "2.5", Reason.BAD_NUMBER),
    ("home_owner", "v", "Ja", True),
    ("home_owner", "v", "0", False),
    ("home_owner", "v", "perhaps", Reason.BAD_BOOLEAN),
    ("gender", "v", "Non-Binary", "non_binary"),
    ("gender", "v", "M", Reason.UNKNOWN_VALUE),
    ("gender", '{column="v", map={M="male"}}', "m", "male"),
    ("education", '{column="v", map={B="Bachelors"}}', "Masters", "Masters"),
    ("postal_code", '{column="v", pattern="(\\\\d{5})"}', "D-01234 Town", "01234"),
    ("stated_interests", "v", "golf, chess", '["golf","chess"]'),
    ("phone", "v", "007", "007"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "spec", "text", "meaning"), READINGS)
def test_a_cell_is_read_or_refused_with_a_reason(read, field, spec, text, meaning):
    recipe = f"{PARTY}{field} = {spec if spec.startswith('{') else repr(spec)}\n"
    if field == "observed_at":
        recipe = f'dataset = "parties"\nkey = "{{id}}"\nobserved_at = {spec if spec.startswith("{") else "{column=" + repr(spec) + "}"}\n'
    outcome = read(column(text), recipe)
    got = outcome.quarantine[0]["code"] if outcome.quarantine else outcome.rows[0][field]
    assert got == meaning


SETTLED = [
    (["25/12/2004", "02/03/2004"], [date(2004, 12, 25), date(2004, 3, 2)]),
    (["12/25/2004", "02/03/2004"], [date(2004, 12, 25), date(2004, 2, 3)]),
    (["25.12.98", "01.02.98"], [date(1998, 12, 25), date(1998, 2, 1)]),
    (["3 Feb 2004", "14 March 2004"], [date(2004, 2, 3), date(2004, 3, 14)]),
    (["2004-02-03", "14.03.2004"], [date(2004, 2, 3), date(2004, 3, 14)]),
    (["05/05/2004"], [date(2004, 5, 5)]),
]


@pytest.mark.parametrize(("texts", "dates"), SETTLED)
def test_other_values_of_the_column_settle_how_dates_are_read(read, texts, dates):
    outcome = read(column(*texts), f"{PARTY}birth_date = 'v'\n")
    assert [row["birth_date"] for row in outcome.rows] == dates


def test_a_value_far_down_settles_it_too(read):
    outcome = read(column(*["02/03/2004"] * 2_000, "25/12/2004"), f"{PARTY}birth_date = 'v'\n")
    assert outcome.rows[0]["birth_date"] == date(2004, 3, 2)


@pytest.mark.parametrize("texts", [["02/03/04"], ["02/03/2004"], ["25/12/2004", "12/25/2004", "02/03/2004"]])
def test_a_column_of_ambiguous_dates_is_refused_and_the_way_out_named(read, texts):
    with pytest.raises(BadInput, match=r"State which in the recipe: .*format = '%") as refused:
        read(column(*texts), f"{PARTY}birth_date = 'v'\n")
    assert refused.value.code == Reason.AMBIGUOUS_DATE


def test_every_fault_of_a_row_is_told_and_the_row_counted_once(read):
    outcome = read("id,b,c\n,x,y\n2,1970-01-01,1\n", f"{PARTY}birth_date = 'b'\nchildren_total = 'c'\n")
    assert outcome.parsed.reasons == {"bad_date": 1, "bad_number": 1, "missing_required": 1}
    assert outcome.parsed.quarantined == 1
    told = {row["column"]: (row["value"], row["raw"]) for row in outcome.quarantine}
    assert told["b"][0] == "x"
    assert '"c":"y"' in told["b"][1]


EVENTS = """
dataset = "usage"
key = "{who}"
row_key = "{order}-{item}"
party_source = "crm"
[constants]
kind = "order"
[columns]
usage_id = "order"
occurred_at = "at"
amount = "sum"
"""


def test_events_carry_the_key_of_their_party_and_their_own(read):
    outcome = read("who,order,item,at,sum\n0042,SO1,2,2020-01-01,9.99\n,SO2,1,2020-01-01,1\n", EVENTS)
    row = outcome.rows[0]
    assert (row["party_source"], row["party_key"], row["row_key"], row["amount"]) == ("crm", "0042", "SO1-2", 9_990_000)
    assert outcome.refused == [(3, Reason.MISSING_REQUIRED)]


def test_flags_become_a_list_and_no_answer_is_unknown(read):
    recipe = PARTY + 'services = {flags={phone="p", internet="i"}, when=["Yes", "DSL"]}\n'
    rows = read("id,p,i\n1,Yes,DSL\n2,No,No\n3,,\n", recipe).rows
    assert [row["services"] for row in rows] == ['["phone","internet"]', "[]", None]


def test_a_template_leaves_out_what_is_unknown(read):
    rows = read("id,n,s\n1,12,Main St\n2,,Main St\n3,,\n", PARTY + 'street = "{n} {s}"\n').rows
    assert [row["street"] for row in rows] == ["12 Main St", "Main St", None]


WRONG_RECIPES = [
    ('dataset = "party"', NotFound, "Did you mean 'parties'"),
    ('dataset = "parties"\n[columns]\nemail = "e"', BadInput, "does not fill 'key'"),
    ('dataset = "parties"\nkey = "{id}"\n[columns]\nemial = "e"', NotFound, "Did you mean 'email'"),
    ('dataset = "parties"\nkey = "{id}"\nbasis = "consnt"', NotFound, "Did you mean 'consent'"),
    ('dataset = "parties"\nkey = "{id}"\ncolour = "red"', BadInput, "'colour'"),
    ('dataset = "parties"\nkey = "{id"', BadInput, "brace"),
    ('dataset = "interactions"\nkey = "{id}"\n[columns]\nchannel = "c"', BadInput, "'occurred_at'"),
    (PARTY + 'annual_income = {column="v", number="1.234.56"}', BadInput, "must show each mark once"),
    (PARTY + 'accessibility_need = "v"', BadInput, 'needs basis = "explicit_consent"'),
    ("dataset = ", BadInput, "is not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("recipe", "error", "said"), WRONG_RECIPES)
def test_a_wrong_recipe_is_refused_before_the_file_is_read(read, recipe, error, said):
    with pytest.raises(error) as refused:
        read("id,v\n1,2\n", recipe)
    assert said in str(refused.value)


def test_special_categories_are_read_on_explicit_consent(read):
    recipe = 'dataset="parties"\nkey="{id}"\nbasis="explicit_consent"\n[columns]\naccessibility_need="v"\n'
    assert read("id,v\n1,ramp\n", recipe).rows[0]["accessibility_need"] == "ramp"


def test_special_categories_need_the_consent_of_their_own_row(read):
    recipe = PARTY + 'accessibility_need = "v"\nbasis = "b"\n'
    outcome = read("id,v,b\n1,ramp,explicit_consent\n2,ramp,contract\n3,,contract\n", recipe)
    assert outcome.lines == [2, 4]
    assert outcome.refused == [(3, Reason.SPECIAL_WITHOUT_CONSENT)]


def test_a_choice_of_many_is_looked_up_where_it_stands_and_not_by_a_join():
    spelled = choice("x", ("a", "b", "c", "d", "e", "f", "g", "h"))
    with connected() as engine:
        rows = "(SELECT range::VARCHAR AS x FROM range(9))"
        assert "JOIN" not in str(engine.execute(f"EXPLAIN SELECT {spelled} FROM {rows}").fetchall()).upper()


CONSENTS = """
dataset = "consents"
key = "{id}"
[columns]
purpose = "p"
channel = "c"
status = "s"
decided_at = "at"
"""


@pytest.mark.parametrize(
    ("purpose", "channel", "taken"),
    [
        ("Marketing", "", ("marketing", None)),
        ("third-party sharing", "E-Mail", None),
        ("Third-Party Sharing", "Email", ("third_party_sharing", "email")),
        ("marketing", "*", ("marketing", "*")),
        ("e-mail marketing", "", None),
        ("marketing", "pigeon", None),
    ],
)
def test_a_word_on_a_purpose_or_channel_that_nobody_knows_is_refused_and_not_lost(read, purpose, channel, taken):
    outcome = read(f"id,p,c,s,at\n7,{purpose},{channel},withdrawn,2026-01-01\n", CONSENTS)
    assert [(row["purpose"], row["channel"]) for row in outcome.rows] == ([taken] if taken else [])
    assert outcome.refused == ([] if taken else [(2, "unknown_value")])
