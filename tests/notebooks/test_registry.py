"""Only text that is what was registered is run, and names lead nowhere else."""

import shutil

import pytest

from insight_core.errors import NotFound, Refused
from insight_core.notebooks.desk import Notebooks
from insight_core.notebooks.registry import Folder
from insight_core.records.clock import parse_instant
from insight_core.store import Store
from tests.app.served import NOW
from tests.conftest import HOUSE

SHIPPED = HOUSE / "app" / "notebooks"
VIEWS = {"home", "customers", "profile", "fix", "recommend"}


@pytest.fixture
def desk(tmp_path):
    """Notebooks over an empty store, from a copy of the shipped ones."""
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    return Notebooks(Store(tmp_path / "store"), parse_instant(NOW), tmp_path / "shipped")


@pytest.mark.parametrize("folder", [SHIPPED, SHIPPED / "views"])
def test_the_register_says_what_the_texts_are(folder):
    registered = Folder(folder)
    assert set(registered.entries()) == {path.stem for path in folder.glob("*.py")}
    for name, entry in registered.entries().items():
        notebook = registered.trusted(name)  # else: make register
        assert (entry.title, entry.answers, entry.sha256) == (notebook.title, notebook.answers, notebook.digest)
        assert [one.name for one in notebook.parameters if one.kind == "purpose"] == ["purpose"]


def test_the_three_and_the_five_are_there(desk):
    assert [one.name for one in desk.listed()] == ["state_of_the_base", "one_customer_in_depth", "seed_your_own_world"]
    assert set(desk.views()) == VIEWS


def test_a_notebook_changed_since_it_was_registered_is_shown_and_not_run(desk, tmp_path):
    path = tmp_path / "shipped" / "state_of_the_base.py"
    path.write_text(path.read_text() + "\n# %%\n1 + 1\n")
    assert {one.name: one.trusted for one in desk.listed()}["state_of_the_base"] is False
    for attempt in (desk.run, desk.text, lambda name: desk.open_as(name, {})):
        with pytest.raises(Refused, match="changed since it was registered"):
            attempt("state_of_the_base")
    assert desk.runs() == []


def test_a_made_notebook_changed_on_the_disk_is_not_run(desk, tmp_path):
    name = desk.open_as("customers", {"text": "Ann"})
    assert desk.get(name).trusted
    (tmp_path / "store" / "notebooks" / f"{name}.py").write_text("import os")
    assert not desk.get(name).trusted
    with pytest.raises(Refused, match="changed since it was registered"):
        desk.run(name)


def test_a_changed_template_makes_no_notebook(desk, tmp_path):
    path = tmp_path / "shipped" / "views" / "home.py"
    path.write_text(path.read_text().replace("ws.overview", "ws.wipe"))
    with pytest.raises(Refused):
        desk.open_as("home", {})


def test_a_file_laid_into_the_folder_is_no_notebook(desk, tmp_path):
    folder = tmp_path / "store" / "notebooks"
    folder.mkdir(exist_ok=True)
    shutil.copy(SHIPPED / "state_of_the_base.py", folder / "uploaded.py")
    assert "uploaded" not in {one.name for one in desk.listed()}
    with pytest.raises(NotFound):
        desk.run("uploaded")


@pytest.mark.parametrize(
    "name",
    ["../shipped/state_of_the_base", "/etc/passwd", "..%2f..%2fetc", "views/home", "\\\\host\\share", "state_of_the_base.py",
     "con", "a\0b", "x" * 5000, "", ".", "State_of_the_base"],
)  # fmt: skip
def test_a_name_leads_nowhere_but_to_a_notebook(desk, name):
    for attempt in (desk.run, desk.text, desk.drop, desk.get, desk.shown, lambda one: desk.open_as(one, {})):
        with pytest.raises(NotFound):
            attempt(name)


def test_the_same_view_with_the_same_filters_is_the_same_notebook(desk):
    first = desk.open_as("customers", {"text": "'; import os #", "kind": "person"})
    assert desk.open_as("customers", {"kind": "person", "text": "'; import os #"}) == first
    assert desk.open_as("customers", {"text": "Ann"}) != first
    assert {one.name: one.default for one in desk.get(first).parameters}["text"] == "'; import os #"
    assert [one.view for one in desk.listed() if one.origin == "made"] == ["customers", "customers"]


def test_a_made_notebook_can_be_let_go_and_a_shipped_one_stays(desk, tmp_path):
    name = desk.open_as("home", {})
    desk.drop(name)
    assert [one for one in desk.listed() if one.origin == "made"] == []
    assert list((tmp_path / "store" / "notebooks").glob("*.py")) == []
    with pytest.raises(Refused):
        desk.drop("state_of_the_base")


def test_an_erasure_leaves_nothing_that_names_anybody(desk, tmp_path):
    desk.open_as("customers", {"text": "Ann Canary"})
    desk.forget()
    left = [path for path in (tmp_path / "store").rglob("*") if path.is_file() and b"Ann Canary" in path.read_bytes()]
    assert [path.name for path in left if path.name != "profile.db-wal"] == []
