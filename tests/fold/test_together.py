"""An address is chosen as one thing: no part of it comes from a record that speaks of another address."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight_core.catalogue import field, fields, wholes
from insight_core.pipeline.value_history import histories
from tests.fold.conftest import HEAD, STEWARD

PARTS = {part.name: whole for whole, parts in wholes().items() for part in parts}
ADDRESS = ("street", "postal_code", "city", "region", "country", "address_since")

LONDON = {"street": "12 High Street", "city": "London", "postal_code": "W1A 1AA", "country": "GB"}
PARIS = {"city": "Paris", "country": "FR"}
RUE = {"street": "5 Rue X", "city": "PARIS ", "postal_code": "75001"}
ULM = {"street": "A 1", "city": "Ulm"}


def told(*addresses, of="r"):
    """Records of one customer, the first the newest."""
    return [
        {"record_id": f"{of}{number}", "observed_at": 1_000_000 - number, **said}
        for number, said in enumerate(addresses)
    ]


def address(folded):
    return {name: folded[name] for name in ADDRESS if folded[name] is not None}


@pytest.mark.parametrize(
    ("newest_first", "chosen"),
    [
        pytest.param([PARIS, LONDON], PARIS, id="the newer place has no street of the older one"),
        pytest.param([LONDON, PARIS], LONDON, id="a whole address stays as it is"),
        pytest.param([PARIS, LONDON, RUE], PARIS | RUE | {"city": "Paris"}, id="an older record of the same place fills it"),
        pytest.param([PARIS, RUE, LONDON], PARIS | RUE | {"city": "Paris"}, id="whoever speaks of it first"),
        pytest.param(
            [{"country": "DE"}, {"region": "BY"}, ULM | {"country": "DE"}],
            ULM | {"region": "BY", "country": "DE"},
            id="three that agree give one address",
        ),
        pytest.param(
            [{"city": "Ulm"}, {"street": "A 1"}, {"street": "B 1", "postal_code": "9"}, {"city": "ulm", "country": "DE"}],
            ULM | {"country": "DE"},
            id="of two that could fill and contradict each other the stronger does",
        ),
        pytest.param(
            [{"street": "A 1", "address_since": date(2024, 5, 1)}, {"address_since": date(2010, 1, 1), "city": "Bonn"}],
            {"street": "A 1", "address_since": date(2024, 5, 1)},
            id="whoever lives there since another day lives elsewhere",
        ),
        pytest.param(
            [ULM, {"street": "B 1", "city": "Bonn", "region": "NW", "country": "DE"}],
            ULM | {"country": "DE"},
            id="the country stands alone, for sources that serve one leave it out",
        ),
        pytest.param([{"phone": "1"}, LONDON], LONDON, id="who tells no part of it has no say"),
        pytest.param([LONDON], LONDON, id="a single record has nobody to agree with"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("each", [False, True], ids=["as in a small base", "as in a large base"])
def test_an_address_is_that_of_the_strongest_record_and_of_those_that_agree(fold, newest_first, chosen, each):
    for rows in (told(*newest_first), told(*newest_first)[::-1]):
        assert address(fold({"c": rows}, each=each)["c"]) == chosen


def test_two_versions_of_one_record_are_two_addresses(fold):
    rows = [{**row, "record_id": "r", "evidence": number} for number, row in enumerate(told(PARIS, LONDON))]
    assert address(fold({"c": rows})["c"]) == PARIS


@pytest.mark.parametrize(
    ("newer", "older", "unknown"),
    [
        ({"occupation": "nurse"}, {"occupation": "teacher", "employer": "School"}, "employer"),
        ({"industry": "Toys"}, {"industry": "Banks", "industry_code": "5221"}, "industry_code"),
    ],
)
def test_so_is_everything_that_the_catalogue_names(fold, newer, older, unknown):
    folded = fold({"c": told(newer, older)})["c"]
    assert (folded[unknown], folded[f"{unknown}__conflict"]) == (None, True)


def test_what_is_told_only_of_another_address_is_marked(fold):
    folded = fold({"c": told(PARIS, LONDON), "d": told(PARIS, {"region": "IDF"}, of="d")})
    marked = {
        name: [one for one in ADDRESS if folded[name][one] is None and folded[name][f"{one}__conflict"]]
        for name in folded
    }
    assert marked == {"c": ["street", "postal_code"], "d": []}


def fix(name, value):
    return {"record_id": f"fix.{name}", "observed_at": 2_000_000, name: value, **STEWARD}


def test_a_steward_who_corrects_a_part_is_asked_to_look_at_those_that_do_not_go_with_it(fold):
    rows = [*told(LONDON | {"region": "England"}), fix("city", "Bath")]
    folded = fold({"c": rows})["c"]
    assert address(folded) == LONDON | {"region": "England", "city": "Bath"}
    assert [one for one in ADDRESS if folded[f"{one}__conflict"]] == ["street", "postal_code", "region"]
    looked = fold({"c": [*rows, fix("street", "12 High Street")]})["c"]
    assert [one for one in ADDRESS if looked[f"{one}__conflict"]] == ["postal_code", "region"]


def test_a_steward_who_says_what_the_record_says_has_nothing_to_look_at(fold):
    folded = fold({"c": [*told(LONDON), fix("city", "london"), fix("region", "England")]})["c"]
    assert not any(folded[f"{one}__conflict"] for one in ADDRESS)


def said(name):
    values: dict[str, list[object]] = {
        "text": ["Ulm", "ULM ", "Bonn", "Ost"],
        "date": [date(2020, 1, 1), date(2021, 1, 1)],
    }
    return st.none() | st.sampled_from(values[field(name).type])


row = st.fixed_dictionaries(
    {name: said(name) for name in PARTS}
    | {
        "record_id": st.sampled_from("abc"),
        "observed_at": st.none() | st.integers(0, 3),
        "method": st.sampled_from(["declared", "observed"]),
        "rank": st.integers(0, 1),
        "key": st.none(), "verified_at": st.none(),
    }
)  # fmt: skip
customers = st.lists(st.lists(row, min_size=1, max_size=6), min_size=1, max_size=8)


def numbered(rows, name):
    """Records of their own to each customer, and each row its own evidence."""
    return [
        HEAD | one | {"record_id": f"{name}-{one['record_id']}", "evidence": number} for number, one in enumerate(rows)
    ]


def alike(one, other):
    return one == other or (
        isinstance(one, str) and isinstance(other, str) and one.strip().lower() == other.strip().lower()
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(drawn=customers, data=st.data())
def test_nothing_chosen_contradicts_a_record_that_a_part_was_taken_from(fold, drawn, data):
    some = {f"c{n}": numbered(rows, n) for n, rows in enumerate(drawn)}
    folded = fold(some)
    assert fold({name: data.draw(st.permutations(rows)) for name, rows in some.items()}, each=True) == folded
    for name, rows in some.items():
        by_evidence = {f"{one['record_id']}.{one['evidence']}": one for one in rows}
        strongest_first = [by_evidence[one] for one in reversed(folded[name]["evidence_ids"])]
        for parts in wholes().values():
            coherent(folded[name], strongest_first, [one.name for one in parts])
        history = histories(rows, [], 10)
        assert {part: _won(history.get(part)) for part in PARTS} == {part: _plain(folded[name][part]) for part in PARTS}


def coherent(chosen, strongest_first, parts):
    tellers = [one for one in strongest_first if any(one[part] is not None for part in parts)]
    givers = [strongest_first[::-1][chosen[f"{part}__pos"]] for part in parts if chosen[part] is not None]
    clash = [
        (part, one) for one in givers for part in parts if one[part] is not None and not alike(one[part], chosen[part])
    ]
    assert not clash
    assert all(chosen[part] == tellers[0][part] for part in parts if tellers and tellers[0][part] is not None)
    if all(
        alike(one[part], other[part])
        for part in parts
        for one in tellers
        for other in tellers
        if None not in (one[part], other[part])
    ):
        first = {part: next((one[part] for one in tellers if one[part] is not None), None) for part in parts}
        assert {part: chosen[part] for part in parts} == first


def _won(history):
    return next((one["value"] for one in history.spoke if one["won"]), None) if history else None


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def test_every_part_of_a_whole_is_compared_as_text_or_as_a_date():
    assert {one.name for one in fields() if one.part_of} == set(PARTS)
    assert {field(name).type for name in PARTS} <= {"text", "date"}
    assert "phone" not in PARTS
