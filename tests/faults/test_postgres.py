"""A team's PostgreSQL that goes away in the midst of things, or that is not the one that was meant (F12)."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

import insight_core as ic
from insight_core.errors import BadInput, Conflict, Fault, Unreachable
from insight_core.store import Store, home, postgres_rows
from insight_core.store.tables import Note
from tests.databases import InPostgres, Server
from tests.faults.conftest import opened, people

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]


def _there(store: Store, name: str) -> bool:
    with store.read() as session:
        return session.get(Note, name) is not None


@pytest.mark.parametrize("blow", [Server.drop_connections, Server.crash])
def test_a_write_that_loses_its_connection_says_so_and_leaves_nothing(built, postgres, blow: Callable[[Server], None]):
    store = built._store

    def write() -> None:
        with store.write() as session:
            session.add(Note(name="half", value="1"))
            session.flush()
            blow(postgres)

    with pytest.raises(Fault, match=r"cannot be reached: .*What was acknowledged is kept"):
        write()
    assert not _there(store, "half")
    with store.write() as session:
        session.add(Note(name="whole", value="1"))
    assert _there(store, "whole")


@pytest.mark.parametrize("blow", [Server.drop_connections, Server.crash])
def test_a_build_that_loses_its_server_is_put_right_by_the_next(
    built, recipe, tmp_path, postgres, monkeypatch, blow: Callable[[Server], None]
):
    built.load([people(tmp_path / "more.csv", 100, 20)], "crm", recipe)
    copied = postgres_rows._Tables.add

    def struck(tables, table, rows):
        if table == "household":
            blow(postgres)
        copied(tables, table, rows)

    with monkeypatch.context() as patched:
        patched.setattr(postgres_rows._Tables, "add", struck)
        with pytest.raises(Fault, match="cannot be reached"):
            built.build()
    assert built.customers("customer_care", limit=1)["total"] == 40
    assert built.build().customers == 60
    found = built.verify()
    assert found["ok"]
    built.build(full=True)
    assert built.verify()["state_hash"] == found["state_hash"]


@contextmanager
def lost_at(store: Store, number: int, blow: Callable[[], None], what: str = "before_cursor_execute") -> Iterator[list]:
    """The connections are gone when that statement, or commit, is about to be sent; gives what was sent."""
    sent: list[object] = []

    def send(*said: object) -> None:
        sent.append(said[2] if len(said) > 2 else said)
        if len(sent) == number:
            blow()

    event.listen(store.engine, what, send)
    yield sent
    event.remove(store.engine, what, send)


def test_a_read_that_loses_its_connection_anywhere_is_done_once_more(built, postgres):
    customer = built.find("Given3")[0]["customer"]
    with lost_at(built._store, 0, postgres.drop_connections) as sent:
        whole = built.profile(customer)
    for number in range(1, len(sent) + 1):
        with lost_at(built._store, number, postgres.drop_connections):
            assert replace(built.profile(customer), receipt="") == replace(whole, receipt=""), sent[number - 1]
    assert built.verify()["ok"]


def test_a_read_waits_for_a_server_that_is_being_started_again(built, postgres):
    with lost_at(built._store, 2, postgres.crash):
        assert built.customers("customer_care", limit=1)["total"] == 40


def test_a_word_is_kept_once_wherever_the_connection_is_lost(built, postgres, dice):
    customer = built.find("Given3")[0]["customer"]
    with lost_at(built._store, 0, postgres.drop_connections) as sent:
        built.consent(customer, "research", "given")
    before_it_is_kept = next(n for n, said in enumerate(sent, 1) if "INSERT INTO consent_event" in str(said))
    for number in (*range(1, before_it_is_kept + 1), before_it_is_kept + dice.randint(2, 9)):
        told, count = "", len(built.consent_events(customer, None))
        with lost_at(built._store, number, postgres.drop_connections):
            try:
                built.consent(customer, "research", "withdrawn")
            except Unreachable as fault:
                told = str(fault)
        assert len(built.consent_events(customer, None)) == count + 1
        assert (number > before_it_is_kept) == ("What was acknowledged is kept" in told), sent[number - 1]
    built.build()
    assert built.verify()["ok"]


def test_what_is_lost_while_it_is_kept_is_told_and_not_done_again(built, postgres):
    customer = built.find("Given3")[0]["customer"]
    with (
        lost_at(built._store, 1, postgres.drop_connections, "commit"),
        pytest.raises(Unreachable, match="What was acknowledged is kept"),
    ):
        built.consent(customer, "research", "given")
    assert len(built.consent_events(customer, None)) <= 2


def test_whoever_lost_the_turn_with_its_connection_writes_nothing_more(built, postgres):
    store = built._store
    with store.turn("a load", lambda _told: None):
        postgres.drop_connections()
        with pytest.raises(Fault, match="was lost: begin this anew"), store.write() as session:
            session.add(Note(name="late", value="1"))
        with Store(built.root).turn("another", lambda _told: None):
            pass
    assert not _there(store, "late")


def test_a_server_that_is_away_is_told_in_one_line(built, monkeypatch):
    monkeypatch.setattr(home, "address", lambda *_: "postgresql:///insight?host=/nowhere")
    with pytest.raises(Fault, match=r"^The database of the store at .* cannot be reached: [^\n]*/nowhere[^\n]*$"):
        opened(built.root)


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("mysql://team@host/insight", BadInput, "only postgresql://user@host/database is known"),
        ("postgresql://host:port/insight", BadInput, "no address such as"),
    ],
)
def test_an_address_of_another_kind_is_refused(tmp_path, monkeypatch, address, error, words):
    monkeypatch.setattr(home, "address", lambda *_: address)
    with pytest.raises(error, match=words):
        Store(tmp_path)


def test_a_database_serves_one_store_only(built, tmp_path, monkeypatch):
    address = home._told(built.root)["url"]
    monkeypatch.setattr(home, "address", lambda *_: address)
    with pytest.raises(Conflict, match="holds the tables of a store in another folder"):
        Store(tmp_path / "other")
    opened(built.root).close()


def test_a_database_with_other_tables_is_left_alone(tmp_path, database: InPostgres):
    engine = database.bare(tmp_path / "store")
    with engine.begin() as tables:
        tables.exec_driver_sql("CREATE TABLE customer (name text)")
    engine.dispose()
    with pytest.raises(Conflict, match="holds tables of something else"):
        Store(tmp_path / "store")


def test_a_folder_keeps_the_tables_that_it_has(tmp_path, built, database: InPostgres, monkeypatch):
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "profile.db").touch()
    with pytest.raises(Conflict, match="has its tables in SQLite"):
        Store(tmp_path / "file")
    monkeypatch.setattr(home, "address", lambda *_: database.new())
    with pytest.raises(Conflict, match="its tables are elsewhere"):
        Store(built.root)


def test_a_folder_remembers_its_database_but_no_password(tmp_path, database: InPostgres, monkeypatch):
    monkeypatch.undo()  # this is about the setting itself
    address = database.new().replace("postgres:@", "postgres:secret@")
    monkeypatch.setenv("INSIGHT_STORE_URL", address)
    Store(tmp_path / "store").close()
    assert "secret" not in (tmp_path / "store" / "database.json").read_text()
    monkeypatch.delenv("INSIGHT_STORE_URL")
    with closing(Store(tmp_path / "store")) as store:
        assert store.engine.dialect.name == "postgresql"
    assert not (tmp_path / "store" / "profile.db").exists()


def test_two_schemas_of_one_database_are_two_stores(tmp_path, recipe, database: InPostgres, monkeypatch):
    address = database.new("template0")
    places = {name: f"{address}&options=-csearch_path%3D{name}" for name in ("one", "two")}
    monkeypatch.setattr(home, "address", lambda root, _: home._told(root).get("url") or places[root.name])
    with pytest.raises(BadInput, match="CREATE SCHEMA"):
        Store(tmp_path / "one")
    for name, count in (("one", 5), ("two", 7)):
        database.run_in(address, f"CREATE SCHEMA {name}")
        workspace = opened(tmp_path / name)
        workspace.load([people(tmp_path / f"{name}.csv", 0, count)], "crm", recipe)
        assert workspace.build().customers == count
    assert opened(tmp_path / "one").verify()["ok"]
    assert opened(tmp_path / "one").customers("customer_care", limit=1)["total"] == 5


def test_a_backup_goes_from_one_kind_to_the_other_and_back(built, tmp_path, monkeypatch):
    built.backup(tmp_path / "first.backup")
    with monkeypatch.context() as patched:
        patched.setattr(home, "address", lambda *_: None)
        ic.restore(tmp_path / "first.backup", tmp_path / "file")
        moved = opened(tmp_path / "file")
        assert moved._store.engine.dialect.name == "sqlite"
        moved.backup(tmp_path / "second.backup")
    ic.restore(tmp_path / "second.backup", tmp_path / "back")
    back = opened(tmp_path / "back")
    assert back._store.engine.dialect.name == "postgresql"
    hashes = {one.verify()["state_hash"] for one in (built, moved, back)}
    assert len(hashes) == 1
    customer = back.find("Given3")[0]["customer"]
    back.consent(customer, "marketing", "withdrawn")  # its number comes after those that were brought along
    assert [one["state"] for one in back.consents(customer)] == ["withdrawn"]
    assert back.verify()["ok"]


def test_what_is_restored_fills_no_database_of_somebody_else(built, tmp_path, monkeypatch):
    built.backup(tmp_path / "kept.backup")
    address = home._told(built.root)["url"]
    monkeypatch.setattr(home, "address", lambda *_: address)
    with pytest.raises(Conflict, match="a store in another folder"):
        ic.restore(tmp_path / "kept.backup", tmp_path / "back")
    assert not Path(tmp_path / "back").exists()
    assert built.verify()["ok"]
