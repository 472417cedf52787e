"""A real Chromium for tests, figures and pictures: how it is started, and when a page is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
STILL = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE_MS = 120_000
WIDE = {"width": 1440, "height": 1000}
OWN = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "file:")
expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def opened(browser: Browser, address: str, **more: Any) -> Page:
    """A page of a browser that has seen nothing yet."""
    page = browser.new_context(base_url=address, **more).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def go(page: Page, title: str) -> None:
    """To another view by the sidebar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    still(page)


def press(page: Page, name: str) -> None:
    """A button, and a look at what came of it."""
    page.get_by_role("button", name=name, exact=True).click()
    still(page)


def still(page: Page) -> None:
    """Wait until the page has drawn what was asked of it."""
    for pause in (400, 200):
        page.wait_for_timeout(pause)
        page.wait_for_selector(STILL, timeout=PATIENCE_MS)
