"""The grid of Fix under hands that do not wait: a double click, and typing on while the page is still at work."""

import pytest
from playwright.sync_api import Page

import insight_core as ic
from tests.app.driven import still
from tests.app.test_fixing_browser import _HEAD, _ROW, go_to, open_fix, type_right

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_OK = 293  # the middle of the column OK, which is pinned


def double_click(page: Page, row: int, x: float) -> None:
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + x, box["y"] + _HEAD + _ROW * row + _ROW / 2)


def values(base: ic.Workspace) -> list[object]:
    return sorted(one.get("value") or one["action"] for one in base.drafts())


@pytest.mark.parametrize("pause", [250, 1500])
def test_a_double_click_on_ok_leaves_what_was_typed(page: Page, base: ic.Workspace, pause: int) -> None:
    open_fix(page)
    type_right(page, 0, "right@example.com")
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    for _ in range(2):
        page.mouse.click(box["x"] + _OK, box["y"] + _HEAD + _ROW / 2)
        page.wait_for_timeout(pause)
    still(page)
    page.wait_for_timeout(1500)
    assert values(base) == ["right@example.com"]


# Now and then the first value goes when the second is confirmed, by milliseconds that are not understood yet.
@pytest.mark.long
@pytest.mark.parametrize("pause", [0, 400])
def test_what_is_typed_while_the_page_is_at_work_is_kept(page: Page, base: ic.Workspace, pause: int) -> None:
    open_fix(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    more = (box["width"] - 322 - 164 - 106 - 120) / 3
    right = 322 + 164 + more + (106 + more) / 2
    go_to(page, 0, "Right value")
    page.keyboard.press("Enter")
    page.wait_for_timeout(350)
    page.keyboard.type("one@example.com", delay=10)
    page.keyboard.press("Enter")
    page.wait_for_timeout(pause)
    double_click(page, 2, right)
    page.wait_for_timeout(250)
    page.keyboard.type("two@example.com", delay=60)
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    still(page)
    page.wait_for_timeout(1500)
    assert values(base) == ["one@example.com", "two@example.com"]
