"""What a load promises: no row is lost, nothing counts twice, and what one batch takes back another keeps."""

from hashlib import md5, sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight_core.errors import NotFound, UserError
from insight_core.records.datasets import columns
from insight_core.store.lake import MOST_WAITING
from tests.core.conftest import ANN, BOB


def hashed(workspace):
    workspace.build()
    return workspace.verify()["state_hash"]


@pytest.mark.parametrize(
    ("rows", "accepted", "duplicate", "quarantined"),
    [
        pytest.param([ANN, BOB], 2, 0, 0, id="two people"),
        pytest.param([ANN, ANN], 1, 1, 0, id="the same row twice"),
        pytest.param([ANN, {**ANN, "city": "Bath"}], 2, 0, 0, id="the same key with other content"),
        pytest.param([ANN, {**BOB, "born": "1990-13-45"}], 1, 0, 1, id="a date that is none"),
        pytest.param([ANN, {**BOB, "id": ""}], 1, 0, 1, id="no key"),
        pytest.param([ANN, {**BOB, "income": "much"}], 1, 0, 1, id="a number that is none"),
    ],
)
def test_every_row_read_is_accepted_or_duplicate_or_quarantined(desk, rows, accepted, duplicate, quarantined):
    report = desk.store().load(**desk.people("people", rows))
    assert (report.accepted, report.duplicate, report.quarantined) == (accepted, duplicate, quarantined)
    assert report.read == len(rows)


def test_quarantine_says_where_and_why(desk):
    workspace = desk.store()
    workspace.load(**desk.people("people", [ANN, {**BOB, "born": "1990-13-45"}]))
    (row,) = workspace.quarantine()
    assert (row["file"], row["line"], row["column"], row["value"]) == ("people.csv", 3, "born", "1990-13-45")
    assert row["code"] == "bad_date"


def test_the_same_file_twice_changes_nothing(desk):
    workspace = desk.store()
    loads = [desk.people("people", [ANN, BOB]), desk.orders("orders", [(1, "o1", "2025-06-01", 10, "tea")])]
    for one in loads:
        workspace.load(**one)
    before = hashed(workspace)
    again = [workspace.load(**one) for one in loads]
    assert [one.accepted for one in again] == [0, 0]
    assert hashed(workspace) == before


def test_equal_sales_without_a_number_are_two_sales_and_stay_two_when_loaded_again(desk):
    workspace = desk.store()
    workspace.load(**desk.people("people", [ANN]))
    sales = desk.orders("orders", [(1, "", "2025-06-01", 10, "tea"), (1, "", "2025-06-01", 10, "tea")])
    assert [workspace.load(**sales).accepted, workspace.load(**sales).accepted] == [2, 0]
    workspace.build()
    assert workspace.profile("1").facets["usage_pattern"].fields["order_value"].value == 20


def test_the_same_row_has_the_same_ids_in_every_release(desk):
    """Ids are kept, in stores and in what was exported: a formula that changes would make all evidence new."""
    workspace = desk.store()
    workspace.load(**desk.calls("calls", [(7, "", "n1", "2025-06-01T08:00:00Z", "email", "inbound")]))
    (row,) = pq.ParquetFile(workspace._store.lake.paths("interactions")[0]).read().to_pylist()
    said = ["crm", "interactions", "\x1e", "\x1e", "n1", "1748764800", "email", "inbound", *"\x1e" * 5]
    number = int.from_bytes(md5("\x1f".join(said).encode()).digest(), "little")
    assert row["record_id"] == sha256(b"crm\x1f7").hexdigest()[:20]
    assert row["evidence"] == number >> 65


def test_a_load_looked_at_in_parts_has_the_same_fates_as_one_at_once(desk, monkeypatch):
    crowd = [{**ANN, "id": number, "email": f"p{number}@example.com"} for number in range(80)]
    first = desk.people("first", [*crowd[:50], crowd[3], crowd[4]])
    second = desk.people("second", [*crowd[20:], crowd[70]])
    told = []
    for cells, few in ((10**9, 10**9), (100, 10**9), (100, 1)):
        monkeypatch.setattr("insight_core.store.sorted_in._CELLS_AT_ONCE", cells)
        monkeypatch.setattr("insight_core.intake.stacks._FEW", few)
        workspace = desk.store(f"cells-{cells}-{few}")
        loads = [workspace.load(**one) for one in (first, second)]
        said = [(one.read, one.accepted, one.duplicate) for one in loads]
        told.append((said, hashed(workspace), workspace.unload(1)["rows"]["parties"], hashed(workspace)))
    assert told[0] == told[1] == told[2]
    assert told[0][0] == [(52, 50, 2), (61, 30, 31)]


def test_rows_in_buckets_are_those_of_one_file_column_by_column(desk, monkeypatch):
    crowd = [{**ANN, "id": number, "email": f"p{number}@example.com"} for number in range(80)]
    kept = []
    for small, cells, few in ((50_000, 10**9, 10**9), (1, 10**9, 10**9), (1, 100, 10**9), (1, 100, 1)):
        monkeypatch.setattr("insight_core.store.sorted_in.SMALL", small)
        monkeypatch.setattr("insight_core.store.sorted_in._CELLS_AT_ONCE", cells)
        monkeypatch.setattr("insight_core.intake.stacks._FEW", few)
        lake = desk.store(f"{small}-{cells}-{few}")
        lake.load(**desk.people("crowd", [*crowd, crowd[7]]))
        files = lake._store.lake.paths("parties")
        assert (len(files) > 1) == (small == 1)
        assert all(pq.read_schema(path).names == list(columns("parties")) for path in files)
        rows = pa.concat_tables(pq.ParquetFile(path).read() for path in files)
        kept.append(rows.sort_by("record_id").to_pylist())
    assert all(one == kept[0] for one in kept[1:])


def test_what_a_batch_asserted_again_stays_when_the_first_is_taken_back(desk):
    both, alone = desk.store("both"), desk.store("alone")
    first, second = desk.people("a", [ANN, BOB]), desk.people("b", [ANN])
    taken = both.load(**first).batch
    both.load(**second)
    both.build()
    both.unload(taken)
    alone.load(**second)
    assert hashed(both) == hashed(alone)


def test_a_dry_run_of_an_unload_says_what_would_go_and_takes_nothing(two_people):
    workspace = two_people()
    before = hashed(workspace)
    told = workspace.unload(1, dry_run=True)
    assert told["rows"]["parties"] == 2
    assert hashed(workspace) == before


def test_dropping_a_source_drops_all_derived_from_it(desk, two_people):
    workspace = two_people()
    workspace.load(**desk.people("other", [{**ANN, "phone": "020 7946 0001"}], source="shop"))
    workspace.build()
    assert workspace.profile("1").facets["identity"].fields["phone"].source == "shop"
    workspace.drop_source("shop")
    assert workspace.profile("1").facets["identity"].fields["phone"].value is None


def test_many_small_loads_wait_in_few_files(desk):
    workspace, alone = desk.store("many"), desk.store("one")
    rows = [(1, f"o{number}", "2025-06-01", 10 + number, "tea") for number in range(MOST_WAITING + 3)]
    for store in (workspace, alone):
        store.load(**desk.people("people", [ANN]))
    for number, row in enumerate(rows):
        assert workspace.load(**desk.orders(f"orders-{number}", [row])).accepted == 1
    alone.load(**desk.orders("orders", rows))
    assert len(workspace._store.lake.listed("usage")) < 5
    assert workspace.load(**desk.orders("again", rows[:3])).duplicate == 3
    assert hashed(workspace) == hashed(alone)


def test_events_wait_for_the_record_of_their_customer(desk):
    workspace = desk.store()
    workspace.load(**desk.orders("orders", [(1, "o1", "2025-06-01", 10, "tea")]))
    assert workspace.build().unattached == 1
    workspace.load(**desk.people("people", [ANN]))
    assert workspace.build().unattached == 0
    assert workspace.profile("1").facets["usage_pattern"].fields["order_count"].value == 1
    workspace.load(**desk.orders("others", [(1, "o2", "2025-07-01", 10, "tea"), (8, "o3", "2025-07-01", 10, "tea")]))
    assert workspace.build().unattached == 1
    assert workspace.build().unattached == 0
    assert workspace.build(full=True).unattached == 1


def test_a_failed_load_leaves_nothing(desk, tmp_path):
    workspace = desk.store()
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(UserError):
        workspace.load([empty], "crm", recipe=desk.people("people", [ANN])["recipe"])
    assert workspace.batches() == []
    assert workspace.verify()["notes"] == []


@pytest.mark.parametrize("act", [lambda ws: ws.unload(7), lambda ws: ws.drop_source("crn")], ids=["batch", "source"])
def test_what_is_not_there_cannot_be_taken_back(two_people, act):
    with pytest.raises(NotFound):
        act(two_people())


def test_a_preview_tells_new_changed_and_conflicting_and_keeps_nothing(desk, two_people):
    workspace = two_people()
    rows = [{**ANN, "born": "1981-02-03"}, {"id": 9, "given": "Cy", "family": "Orr", "seen": "2025-12-01"}]
    seen = workspace.preview(**desk.people("other", rows, source="shop"))
    assert (seen.read, seen.new, seen.changed, seen.conflicting) == (2, 2, 0, 1)
    assert [(one["field"], one["known"], one["says"]) for one in seen.conflicts] == [
        ("birth_date", "1980-02-03", "1981-02-03")
    ]
    changed = workspace.preview(**desk.people("same", [{**ANN, "city": "Bath"}, BOB]))
    assert (changed.new, changed.changed, changed.duplicate) == (0, 1, 1)
    assert len(workspace.batches()) == 2
    assert (seen.alike, changed.alike) == (1, 0)


def test_a_preview_tells_what_would_be_taken_in_although_it_breaks_a_rule(desk, two_people):
    rows = [
        {
            "id": 7,
            "given": "Di",
            "born": "2031-01-01",
            "email": "di(at)example.com",
            "phone": "abc",
            "seen": "2025-12-01",
        },
        {"id": 8, "given": "Ed", "born": "2032-01-01", "email": "ed@example.com", "income": -5, "seen": "2025-12-01"},
    ]
    seen = two_people().preview(**desk.people("wrong", rows))
    assert seen.quarantined == 0
    assert [(one["field"], one["reason"], one["count"], str(one["example"])) for one in seen.invalid] == [
        ("birth_date", "lies in the future", 2, "2031-01-01"),
        ("email", "is not shaped like an e-mail address", 1, "di(at)example.com"),
        ("phone", "is not a telephone number of 7 to 15 digits", 1, "abc"),
        ("annual_income", "is negative", 1, "-5000000"),
    ]


@pytest.mark.parametrize(
    ("said", "known"),
    [("crm", None), ("CRM", "crm"), ("crmm", "crm"), ("crm_export_2026", "crm"), ("webshop", None)],
)
def test_a_source_that_is_none_may_mean_a_known_one(two_people, said, known):
    assert two_people().resembling(said) == known
