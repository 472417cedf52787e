"""A build on Spark ends where DuckDB's ends: the same tables, the same snapshot, the same state hash."""

import shutil

import pytest

import insight_core as ic
from insight_core.demo.settle import load_world
from insight_core.errors import NotFound, Refused
from insight_core.pipeline import spark
from tests.real.test_adventureworks import NOW, loaded

# What a path may hold and a pattern would read otherwise.
AWKWARD = "a store [of] {one,two} 100%"


def both_ways(folder, load, now):
    """The same evidence in two stores that were never built, the first built by DuckDB, the other by Spark."""
    loaded = ic.open_store(folder / "duckdb", now=now)
    load(loaded)
    loaded.close()
    shutil.copytree(folder / "duckdb", folder / AWKWARD)
    _leave_unlisted(folder / AWKWARD)
    stores = [ic.open_store(folder / name, now=now) for name in ("duckdb", AWKWARD)]
    reports = [one.build(engine=engine) for one, engine in zip(stores, ("duckdb", "spark"), strict=True)]
    return stores, reports


def _leave_unlisted(store):
    """A file in the lake that is not listed does not exist, to Spark either."""
    listed = next((store / "lake" / "parties").rglob("*.parquet"))
    shutil.copy(listed, listed.with_name("unlisted.parquet"))


def ends_alike(stores, reports):
    duckdb, other = (one.verify(explain=True) for one in stores)
    assert other["problems"] == []
    assert other["parts"] == duckdb["parts"]
    assert reports[0].changed == reports[1].changed == reports[0].customers == reports[1].customers > 0
    # Not a bit of the snapshot is another, or DuckDB would write it anew.
    assert stores[1].build(full=True).changed == 0
    for one in stores:
        one.close()


def world(insight_world, folder, customers):
    """Loads a made-up world, with its consents; and its clock."""
    made = insight_world(seed=3, customers=customers).write(folder / "world")
    return lambda store: load_world(store, made, lambda *_: None), made.clock


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_small_world_ends_alike(insight_world, session, tmp_path):
    ends_alike(*both_ways(tmp_path, *world(insight_world, tmp_path, 60)))


@pytest.mark.spark
@pytest.mark.long
def test_the_demonstration_ends_alike(insight_world, session, tmp_path):
    ends_alike(*both_ways(tmp_path, *world(insight_world, tmp_path, 2000)))


@pytest.mark.spark
@pytest.mark.real
@pytest.mark.long
def test_adventureworks_ends_alike(real_data, session, tmp_path):
    ends_alike(*both_ways(tmp_path, lambda store: loaded(real_data, store), NOW))


def test_where_nothing_is_new_spark_is_not_even_started(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: "/usr/bin/java")
    monkeypatch.setattr(spark, "find_spec", lambda _: True)
    monkeypatch.setattr("insight_core.pipeline.engines.spark_session", None)
    store = ic.open_store(tmp_path)
    assert store.build().customers == store.build(engine="spark").customers == 0
    store.close()


@pytest.mark.parametrize(
    ("engine", "error", "says"),
    [
        ("sprak", NotFound, "No engine called 'sprak'. Did you mean 'spark'?"),
        ("spark", Refused, "The engine spark needs PySpark: install it with `pip install 'insight-workbench[spark]'`."),
    ],
)
def test_an_engine_that_is_not_there_is_one_clear_line(engine, error, says, tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "find_spec", lambda _: None)
    store = ic.open_store(tmp_path)
    with pytest.raises(error) as raised:
        store.build(engine=engine)
    assert str(raised.value) == says
    store.close()


def test_java_that_is_not_there_is_named_with_its_package(tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "find_spec", lambda _: True)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(Refused, match="needs Java: install Java 17 or newer"):
        spark.check_spark()
