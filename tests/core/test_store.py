"""The store: safe on every connection, migrated to what the code says, shared by writers, and honest about damage."""

import os

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from insight_core.catalogue import FACETS
from insight_core.errors import Damaged, Fault, NotBuilt
from insight_core.store import Prepared, Store
from insight_core.store.facet_tables import FACET_TABLES
from insight_core.store.sql import rows_in
from insight_core.store.tables import Customer, LakeFile, Link, Note
from tests.core.conftest import ANN, BOB
from tests.databases import assert_sound
from tests.processes import SERVER


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("synchronous", 2), ("busy_timeout", 10_000)],
)
def test_every_connection_is_safe(tmp_path, pragma, value):
    with Store(tmp_path).engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@pytest.mark.databases
def test_the_migrations_make_what_the_code_says(tmp_path):
    with Store(tmp_path).engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


@pytest.mark.databases
def test_a_newer_store_is_refused(tmp_path):
    store = Store(tmp_path)
    with store.engine.begin() as tables:
        tables.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Fault, match="newer than this release"):
        Store(tmp_path)


def test_a_file_that_is_no_store_is_told_in_one_line(tmp_path):
    (tmp_path / "profile.db").write_text("not a database, but long enough to look like one" * 50)
    with pytest.raises(Damaged, match="cannot be opened"):
        Store(tmp_path)


@pytest.mark.databases
def test_a_consent_event_is_never_changed(two_people):
    workspace = two_people()
    workspace.consent("1", "marketing", "given")
    for act in ("UPDATE consent_event SET status = 'withdrawn'", "DELETE FROM consent_event"):
        with pytest.raises(DBAPIError, match="never changed"), workspace._store.engine.begin() as tables:
            tables.execute(text(act))


@pytest.mark.databases
@pytest.mark.parametrize(
    "table", [FACET_TABLES["demographics"], FACET_TABLES["usage_pattern"], Customer, Link, LakeFile]
)
def test_a_prepared_statement_gives_rows_as_any_other_does(two_people, table):
    store = two_people()._store
    query = select(table.__table__).where(table.__table__.c[0] != bindparam("other")).limit(1)
    with store.engine.connect() as connection:
        usual = [tuple(row) for row in connection.execute(query, {"other": "nobody"})]
    with store.rows() as asking:
        assert usual == [tuple(row) for row in asking.run(Prepared(query), {"other": "nobody"})] != []


@pytest.mark.databases
def test_what_a_prepared_statement_fails_with_is_told_as_of_any_other(two_people):
    missing = Prepared(select(text("1")).select_from(text("no_such_table")))
    with pytest.raises(DBAPIError, match="no_such_table"), two_people()._store.rows() as asking:
        asking.run(missing, {})


@pytest.mark.databases
def test_a_store_under_an_awkward_name_works(desk):
    workspace = desk.store('o\'brien "store"')
    workspace.load(**desk.people("people", [ANN]))
    assert workspace.build().customers == 1
    assert workspace.profile("1").name == "Ann Lee"
    assert rows_in("it's") == "read_parquet(['it''s'], hive_partitioning = false)"


@pytest.mark.parametrize("part", [*FACETS, "customer", "link", "consent_state"])
def test_a_changed_cell_in_any_part_changes_the_state_hash(two_people, part):
    workspace = two_people()
    before = workspace.verify()["state_hash"]
    column = {"customer": "name", "link": "rule", "consent_state": "state", "identity": "city", "usage_pattern": "services",
              "demographics": "occupation", "life_stage": "stage", "household": "dwelling", "community_of_interest": "interests",
              "business_direction": "industry"}[part]  # fmt: skip
    with workspace._store.engine.begin() as tables:
        tables.execute(text(f"UPDATE {part} SET {column} = 'changed'"))
    assert workspace.verify()["state_hash"] != before


def test_a_file_of_the_lake_that_was_changed_or_lost_is_named(two_people):
    workspace = two_people()
    path = next((workspace.root / "lake" / "parties").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    assert [problem.endswith("is not what was written") for problem in workspace.verify()["problems"]] == [True]
    path.unlink()
    assert [problem.endswith("is listed but missing") for problem in workspace.verify()["problems"]] == [True]


@pytest.mark.databases
def test_a_file_that_is_not_listed_does_not_count_and_repair_removes_it(two_people):
    workspace = two_people()
    before = workspace.verify()
    stray = workspace.root / "lake" / "parties" / "stray.parquet"
    stray.write_bytes(b"whatever")
    os.utime(stray, (0, 0))  # a young one may be about to be listed
    found = workspace.verify()
    assert (found["ok"], found["state_hash"]) == (True, before["state_hash"])
    assert found["notes"] == ["parties/stray.parquet: not listed"]
    workspace.verify(repair=True)
    assert not stray.exists()


def _write_notes(root, name, count):
    store = Store(root)
    for number in range(count):
        with store.write() as session:
            session.merge(Note(name=f"{name}-{number}", value="kept"))
    store.close()


@pytest.mark.databases
def test_writers_in_other_processes_lose_nothing_while_a_build_runs(desk):
    workspace = desk.store()
    rows = [
        {**(ANN, BOB)[i % 2], "id": i, "email": f"p{i}@example.com", "born": f"19{i % 80 + 10}-01-01"}
        for i in range(3000)
    ]
    workspace.load(**desk.people("many", rows))
    writers = [SERVER.Process(target=_write_notes, args=(workspace.root, name, 100)) for name in "ab"]
    for one in writers:
        one.start()
    workspace.build()
    for one in writers:
        one.join(timeout=120)
    with workspace._store.engine.connect() as tables:
        assert_sound(tables)
        assert tables.execute(text("SELECT count(*) FROM note WHERE value = 'kept'")).scalar() == 200
        assert tables.execute(text("SELECT count(*) FROM customer")).scalar() == workspace.build().customers


def test_nothing_is_judged_before_it_is_built(desk):
    (desk.folder / "truth.zip").write_bytes(b"")
    with pytest.raises(NotBuilt):
        desk.store().evaluate(desk.folder / "truth.zip")
