"""The page that a run is carried away as, in a real browser: figures drawn, nothing asked of the network."""

import pytest

from insight_core.notebooks.page import html
from tests.app.conftest import BITING
from tests.app.driven import chromium
from tests.notebooks.test_runs import a_run, figure

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_draws_its_figures_and_asks_nobody(tmp_path, scheme):
    bites = (
        "".join(BITING.values())
        + "<a href='https://example.com'>x</a></script><script>document.title='bitten'</script>"
    )
    run = a_run(figure("one"), figure(bites), {"text/plain": bites})
    (tmp_path / "run.html").write_text(html(run), encoding="utf-8")
    asked, faults, refused = [], [], []
    with chromium() as browser:
        page = browser.new_page(color_scheme=scheme)
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto((tmp_path / "run.html").as_uri())
        page.wait_for_selector("html[data-drawn='2']", timeout=60_000)
        assert page.locator(".figure .main-svg").count() >= 2
        assert page.locator(".figure .bars path").count() == 2
        assert page.title() == "A <title>"
        ink = page.locator(".figure .gtitle").first.evaluate("one => getComputedStyle(one).fill")
        assert ink == {"light": "rgb(20, 22, 26)", "dark": "rgb(236, 239, 244)"}[scheme]
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
        # The policy holds even for what would get in: an element made by a script may fetch nothing.
        page.on("requestfailed", lambda request: refused.append(request.failure))
        page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/x.png'}))")
        page.wait_for_timeout(200)
    assert refused == ["csp"]
    assert [one for one in faults if "Content Security Policy" not in one] == []
