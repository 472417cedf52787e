"""Loading in a real browser: seen before it is kept, done as a job that survives a reload, and taken back."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import insight_core as ic
from insight_core.jobs import life
from tests.app.conftest import write_csv
from tests.app.driven import go, press, still

pytestmark = [pytest.mark.browser, pytest.mark.slow]


_HEAD = ("Kd.-Nr.", "Vorname", "Nachname", "Geb. Datum", "Ort", "E-Mail")


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Three customers of an office that abbreviates; one was born on a day that never was."""
    rows = [(str(n), f"Erika{n}", "Muster", f"{day}.03.1970", "Berlin", f"erika{n}@example.org")
            for n, day in ((1, 13), (2, 14), (3, 32))]  # fmt: skip
    return write_csv(tmp_path / "kunden.csv", _HEAD, rows)


@pytest.fixture
def turn(base: ic.Workspace) -> Iterator[None]:
    """Somebody else has the turn to write evidence."""
    lock = life.hold(life.folder(base.root) / "turn.lock")
    assert lock is not None
    yield
    os.close(lock)


def choose(page: Page, *files: Path) -> None:
    page.goto("/load")
    still(page)
    page.locator("input[type=file]").set_input_files(list(files))


def test_a_file_is_loaded_in_one_click_and_its_kind_is_known_the_next_time(
    page: Page, base: ic.Workspace, customers: Path
) -> None:
    choose(page, customers)
    expect(page.get_by_text("Proposed for this file: confirm or change it")).to_be_visible()
    expect(page.get_by_text("The first cells that cannot be read")).to_be_visible()
    press(page, "Load 2 rows")
    expect(page.get_by_text("3 rows read: 2 accepted, 0 known already, 1 quarantined.")).to_be_in_viewport(ratio=1)
    press(page, "See what was refused")
    expect(page.get_by_test_id("stDataFrame")).to_be_in_viewport(ratio=1)
    assert base.batches()[-1]["recipe"] == "kunden-parties"
    assert list((base.root / "uploads").iterdir()) == []
    assert base.find("erika1@example.org")[0]["name"] == "Erika1 Muster"
    press(page, "Open what is most worth fixing")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Load")
    worst = base.stale(source="kunden")
    assert f"customer={(worst or base.stale(states=['stale']))[0].customer}" in page.url
    choose(page, customers)
    expect(page.get_by_text("Recognised: kunden-parties")).to_be_visible()
    expect(page.get_by_text("a load would change nothing")).to_be_visible()


def test_after_a_load_the_worst_that_comes_from_its_source_is_opened(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    rows = [("1", "Erika", "Muster", "13.03.1970", "Berlin", "erika.example.org"),
            ("2", "Ute", "Muster", "14.03.1970", "Berlin", "ute@example.org")]  # fmt: skip
    old = write_csv(tmp_path / "kunden.csv", (*_HEAD, "Stand"), [(*row, "2019-01-01") for row in rows])
    choose(page, old)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.get_by_role("button", name="Load 2 rows").scroll_into_view_if_needed()
    press(page, "Load 2 rows")
    expect(page.get_by_role("heading", name="Load: done")).to_be_in_viewport(ratio=1)
    worst = base.stale(source="kunden")[0]
    assert worst.customer != base.stale(states=["stale"])[0].customer
    press(page, "Open what is most worth fixing")
    expect(page.get_by_role("heading", level=1)).to_have_text(worst.name)


def test_a_reload_finds_the_job_again_and_it_can_be_stopped_and_tried_again(
    page: Page, base: ic.Workspace, customers: Path, turn: None
) -> None:
    choose(page, customers)
    press(page, "Load 2 rows")
    expect(page.get_by_text("Load: waiting").first).to_be_visible()
    address = page.url
    assert "job=" in address
    page.reload()
    expect(page.get_by_text("Load: waiting").first).to_be_visible()
    assert page.url == address
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Load: waiting")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_test_id("stSidebar")).not_to_contain_text("Load: waiting")
    expect(page.get_by_role("heading", name="Load: stopped")).to_be_visible()
    batches = len(base.batches())
    press(page, "Try again")
    expect(page.get_by_text("Load: waiting").first).to_be_visible()
    assert page.url != address
    assert len(base.batches()) == batches


def test_a_load_is_taken_back_after_its_numbers_were_told(page: Page, base: ic.Workspace) -> None:
    newest = base.batches()[-1]
    page.goto("/load")
    still(page)
    page.locator(f".st-key-unload_{newest['id']} button").click()
    expect(page.get_by_text(f"Batch {newest['id']} from consents: 24 rows of consents go")).to_be_visible()
    press(page, "Cancel")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert base.batches()[-1]["unloaded_at"] is None
    page.locator(f".st-key-unload_{newest['id']} button").click()
    press(page, "Take it back")
    expect(page.get_by_role("heading", name="Taking back a load: done")).to_be_visible()
    expect(page.get_by_text("choose it again to have its rows back")).to_be_visible()
    assert base.batches()[-1]["unloaded_at"]


def test_files_of_several_kinds_are_loaded_one_after_the_other_whatever_their_order(
    page: Page, base: ic.Workspace, customers: Path, tmp_path: Path
) -> None:
    orders = write_csv(tmp_path / "orders.csv", ("order_id", "customer_id", "order_date", "amount"),
                       [("o1", "1", "2026-05-13", "10")])  # fmt: skip
    choose(page, orders, customers)
    expect(
        page.get_by_text("2 kinds of files, one after the other: first kunden.csv, then orders.csv.")
    ).to_be_visible()
    press(page, "Load 2 rows")
    expect(page.get_by_role("heading", name="Load: done")).to_be_visible()
    press(page, "Load 1 row")
    expect(page.get_by_text("1 row read: 1 accepted")).to_be_visible()
    assert [one["dataset"] for one in base.batches()[-2:]] == ["parties", "usage"]


def test_what_single_values_mean_is_said_before_a_load_and_remembered(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    rows = [(str(n), f"Erika{n}", "Muster", "V" if n % 3 else "L") for n in range(9)]
    file = write_csv(tmp_path / "kunden.csv", ("Kd.-Nr.", "Vorname", "Nachname", "Familienstand"), rows)
    choose(page, file)
    expect(page.get_by_text("Marital status: 2 values in Familienstand, 2 not known")).to_be_visible()
    expect(page.get_by_text("The first cells that cannot be read")).to_be_visible()
    for value, meaning in (("V (6 rows)", "married"), ("L (3 rows)", "single")):
        pick(page, value, meaning)
    expect(page.get_by_role("button", name="Load 9 rows")).to_be_visible()
    press(page, "Load 9 rows")
    expect(page.get_by_role("heading", name="Load: done")).to_be_visible()
    kept = next(one for one in base.recipes() if one.name == "kunden-parties")
    assert kept.columns["marital_status"].map == {"V": "married", "L": "single"}


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n not a table", b""], ids=["a picture", "nothing"])
def test_what_is_no_table_is_one_line_whatever_its_name(page: Page, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "..innocent.csv"
    file.write_bytes(content)
    choose(page, file)
    expect(page.get_by_test_id("stAlert")).to_contain_text("innocent.csv is")


def test_a_column_of_whole_names_becomes_two_fields_in_a_line_each(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    choose(page, write_csv(tmp_path / "names.csv", ("id", "name", "email"), [("1", "Ada Quill", "ada@example.org")]))
    press(page, "Load 1 row")
    expect(page.get_by_role("button", name="Open what is most worth fixing")).to_be_visible()
    assert base.find("ada@example.org")[0]["name"] == "Ada Quill"


def test_a_reload_finds_the_upload_and_the_mapping_as_it_was_and_both_can_be_dropped(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    rows = [(str(n), f"Erika{n}", "Muster", "V" if n % 3 else "L", f"erika{n}@example.org") for n in range(9)]
    name = "kun&den <b>x.csv"
    file = write_csv(tmp_path / name, ("Kd.-Nr.", "Vorname", "Nachname", "Familienstand", "E-Mail"), rows)
    choose(page, file)
    assert "you chose" not in page.get_by_text("5 lines below").inner_text()
    becomes(page, 2, "not used")
    expect(page.get_by_text("5 lines below")).to_contain_text("1 you chose")
    cells = page.locator("[data-testid=stDataFrame] [role=gridcell]").all_inner_texts()
    assert cells[cells.index("Nachname") + 2 :][:3] == ["not used", "you chose", "in the place of Family name"]
    page.get_by_label("Source", exact=True).fill("shop")
    page.get_by_label("Source", exact=True).press("Enter")
    still(page)
    pick(page, "V (6 rows)", "married")
    told = page.get_by_text("9 rows read, nothing kept yet")
    page.reload()
    expect(told).to_be_visible()
    still(page)
    expect(page.get_by_text("Uploaded and not loaded yet: kun_den _b_x.csv")).to_be_visible()
    expect(page.get_by_label("Source", exact=True)).to_have_value("shop")
    expect(page.get_by_role("combobox", name="V (6 rows)")).to_have_value("married")
    expect(page.locator("[data-testid=stDataFrame] [role=gridcell]", has_text="Nachname").first).to_be_attached()
    cells = page.locator("[data-testid=stDataFrame] [role=gridcell]").all_inner_texts()
    assert cells[cells.index("Nachname") + 2] == "not used"
    (place,) = (base.root / "uploads").iterdir()
    assert {stat.S_IMODE(one.stat().st_mode) & 0o077 for one in (place, *place.iterdir())} == {0}
    go(page, "Home")
    go(page, "Load")
    expect(page.get_by_label("Source", exact=True)).to_have_value("shop")
    press(page, "Drop it")
    expect(told).to_have_count(0)
    assert "upload=" not in page.url
    assert list((base.root / "uploads").iterdir()) == []


def pick(page: Page, name: str, option: str) -> None:
    """Choose from a list, which closes when the page is scrolled: so that comes first."""
    box = page.get_by_role("combobox", name=name)
    box.scroll_into_view_if_needed()
    still(page)
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    still(page)


def becomes(page: Page, row: int, field: str) -> None:
    """Choose what a column of the file becomes, in the grid of the mapping."""
    page.wait_for_selector("[role=gridcell]", state="attached")
    page.wait_for_timeout(500)
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 30, box["y"] + 35 * (row + 1.5))
    page.wait_for_timeout(250)
    for key in ("ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    page.wait_for_timeout(350)
    page.keyboard.type(field, delay=20)
    page.keyboard.press("Enter")
    still(page)


def test_a_file_without_dates_gets_its_day_and_its_kind_which_a_reload_finds_and_the_mapping_keeps(
    page: Page, base: ic.Workspace, tmp_path: Path
) -> None:
    choose(page, write_csv(tmp_path / "till.csv", ("customer_id", "sku", "amount"), [("1", "tv", "10.5")]))
    expect(page.get_by_text("No column becomes occurred at")).to_be_visible()
    press(page, "It is 1 Jul 2026")
    pick(page, "Kind", "subscription")
    page.reload()
    expect(page.get_by_role("button", name="Load 1 row")).to_be_visible()
    expect(page.get_by_role("combobox", name="Kind")).to_have_value("subscription")
    press(page, "Load 1 row")
    expect(page.get_by_role("heading", name="Load: done")).to_be_visible()
    kept = next(one for one in base.recipes() if one.name == "till-usage")
    assert dict(kept.constants) == {"occurred_at": "2026-07-01", "kind": "subscription"}
    assert base.batches()[-1]["accepted"] == 1
