"""The three shipped notebooks and the five that views open as, run for real; what they show carried away."""

import json
import re
from pathlib import Path

import pytest

from insight_core.errors import NotFound, Stopped, UserError
from insight_core.notebooks.kept import MOST_KEPT, Runs
from insight_core.notebooks.page import html, markdown
from insight_core.notebooks.results import RunHead, RunShown
from insight_core.notebooks.shown import FIGURE, TABLE
from tests.app.conftest import BITING

VIEWS: dict[str, dict[str, object]] = {
    "home": {"purpose": "analytics"},
    "customers": {"purpose": "customer_care", "text": "Tester", "sort": "city", "descending": True},
    "profile": {"purpose": "customer_care", "as_of": "2026-07-01"},
    "fix": {"purpose": "customer_care", "states": ["missing", "stale"]},
    "recommend": {"purpose": "marketing", "show": "advised"},
}


def shown(read_only, name, said=None):
    head = read_only.notebooks.run(name, said)
    assert (head.state, head.message) == ("done", "")
    return read_only.notebooks.shown(head.run)


def kinds(run):
    return {kind for cell in run.cells for one in cell["outputs"] for kind in one}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("state_of_the_base", {"first": 5}),
        ("one_customer_in_depth", {"customer": "person7@example.com"}),
        ("one_customer_in_depth", {"purpose": "analytics"}),
        ("seed_your_own_world", {"customers": 60}),
    ],
)
def test_a_shipped_notebook_answers(read_only, name, said):
    before = len(read_only.batches())
    run = shown(read_only, name, said)
    assert {FIGURE, TABLE, "text/plain"} <= kinds(run)
    assert all(cell["seconds"] is not None for cell in run.cells if cell["kind"] == "code")
    assert len(read_only.batches()) == before


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_opened_as_a_notebook_rebuilds_what_it_shows(read_only, view):
    said = VIEWS[view]
    if view == "profile":
        said = said | {"customer": read_only.find("person7@example.com")[0]["customer"]}
    run = shown(read_only, read_only.notebooks.open_as(view, said))
    assert TABLE in kinds(run)
    told = json.dumps(run.cells)
    if view == "customers":
        page = read_only.customers("customer_care", text="Tester", sort="city", descending=True)
        assert f"{page['total']:,} customers match" in told
        first = next(one[TABLE] for cell in run.cells for one in cell["outputs"] if TABLE in one)
        assert [row[0] for row in first["rows"]][:50] == [one["customer"] for one in page["rows"]]
    if view == "profile":
        assert "Ben Tester07" in told
    if view == "fix":
        assert f"{len(read_only.stale('customer_care', 100, ['missing', 'stale'])):,} fields worth fixing" in told


@pytest.mark.slow
def test_what_was_fixed_last_says_when_of_whom_and_what_was_undone(base):
    people = {name: base.find(f"{name}@example.com")[0]["customer"] for name in ("person7", "person8")}
    made = [base.fix([{"customer": one, "field": "city", "value": "Dover"}])[0].change for one in people.values()]
    base.undo(made[1])
    run = shown(base, base.notebooks.open_as("fix", {}))
    table = [one[TABLE] for cell in run.cells for one in cell["outputs"] if TABLE in one][-1]
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    assert [(one["when"], one["id"], one["did"], one["after"]) for one in rows] == [
        ("2026-07-01", people["person8"], "correct, undone", "Dover"),
        ("2026-07-01", people["person7"], "correct", "Dover"),
    ]
    assert [one["customer"] for one in rows] == [base.profile(one["id"]).name for one in rows]


@pytest.mark.slow
def test_a_run_leaves_receipts_that_say_it_was_a_notebook(read_only):
    from sqlmodel import select

    from insight_core.store.tables import Receipt

    shown(read_only, read_only.notebooks.open_as("home", {"purpose": "research"}))
    with read_only._store.read() as session:
        doors = set(session.exec(select(Receipt.door).where(Receipt.purpose == "research")).all())
    assert doors == {"notebook"}


def test_progress_counts_cells_and_a_stop_is_kept_as_one(empty):
    said = []

    def report(step, done, total):
        said.append((step, done, total))
        if step == "cell 3 of 14":
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        empty.notebooks.run("state_of_the_base", {}, report)
    assert ("cell 2 of 14", 1, 14) in said
    assert [(one.state, one.message) for one in empty.notebooks.runs()] == [("stopped", "It was stopped.")]


def test_over_an_empty_store_it_says_in_one_line_what_is_missing(empty):
    head = empty.notebooks.run("state_of_the_base")
    assert head.state == "failed"
    assert re.fullmatch(r"Cell 3, line \d+: \w+: .*no profiles.*", head.message, re.IGNORECASE)


def a_run(*outputs, markdown="# A title\n\nWhat for."):
    cells = [
        {"kind": "markdown", "source": markdown, "tags": [], "outputs": [], "seconds": None},
        {"kind": "code", "source": "purpose: str = '</script>'", "tags": ["parameters"], "outputs": [], "seconds": 0.0},
        {"kind": "code", "source": "show()", "tags": [], "outputs": list(outputs), "seconds": 0.1},
    ]
    head = RunHead("abc123", "mine", "A <title>", "0" * 64, {"purpose": "analytics"}, "done", "", "namespace",
                   "2026-07-01T00:00:00+00:00", "2026-07-01T12:00:00+00:00", 1.0)  # fmt: skip
    return RunShown(**{name: getattr(head, name) for name in head.__slots__}, cells=tuple(cells))


def figure(label):
    return {
        FIGURE: {"data": [{"type": "bar", "x": [label], "y": [1]}], "layout": {"title": {"text": label}}},
        "text/plain": "",
    }


@pytest.mark.parametrize("name", BITING)
def test_a_name_that_bites_is_text_in_the_page(name):
    bite = BITING[name] + "</script><script>alert(1)</script>"
    table = {TABLE: {"columns": [bite], "rows": [[bite]], "total": 1}, "text/plain": ""}
    error = {"error": {"name": "ValueError", "message": bite, "line": 1}}
    told = html(
        a_run(table, figure(bite), {"text/plain": bite}, error, markdown=f"# {bite}\n\n[x](javascript:alert(1)) {bite}")
    )
    assert "<img" not in told.replace("\\u003cimg", "").split("<main>")[1].split("</main>")[0]
    assert "<script>alert" not in told
    assert 'href="javascript' not in told


def test_markdown_knows_no_html_and_no_picture():
    told = markdown("<b>x</b> ![x](http://example.com/x.png) [y](javascript:1) [z](https://example.com)")
    assert "<b>" not in told
    assert "<img" not in told
    assert re.findall(r'href="([^"]*)"', told) == ["http://example.com/x.png", "https://example.com"]


def test_the_notebook_file_is_one_that_others_read(empty):
    nbformat = pytest.importorskip("nbformat")
    run = a_run({TABLE: {"columns": ["a"], "rows": [["<b>"]], "total": 1}, "text/plain": "a table"}, figure("x"),
                {"text/plain": "said"}, {"error": {"name": "E", "message": "m", "line": None}})  # fmt: skip
    from insight_core.notebooks.carry import carried

    read = nbformat.reads(carried(run, "ipynb").decode(), as_version=4)
    nbformat.validate(read)
    assert [one.cell_type for one in read.cells] == ["markdown", "code", "code"]
    assert read.cells[1].metadata.tags == ["parameters"]
    assert "<bdi>&lt;b&gt;</bdi>" in read.cells[2].outputs[0].data["text/html"]
    assert carried(run, "py").decode().startswith("# %% [markdown]\n# # A title\n")
    with pytest.raises(UserError, match="html, ipynb, py"):
        carried(run, "pdf")


def test_old_runs_go(tmp_path: Path):
    runs = Runs(tmp_path)
    old, new = "2020-01-01T00:00:00+00:00", "2199-01-01T00:00:00+00:00"
    for number in range(MOST_KEPT + 3):
        runs.keep(
            RunHead(f"r{number:03}", "n", "t", "", {}, "done", "", "", "", f"2198-01-01T00:{number % 60:02}:00", 1.0),
            [],
        )
    assert len(runs.heads()) == MOST_KEPT
    runs.keep(RunHead("old", "n", "t", "", {}, "done", "", "", "", old, 1.0), [])
    runs.keep(RunHead("new", "n", "t", "", {}, "done", "", "", "", new, 1.0), [])
    assert runs.heads()[0].run == "new"
    with pytest.raises(NotFound):
        runs.shown("old")
    with pytest.raises(NotFound):
        runs.shown("../kept")
