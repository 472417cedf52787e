"""One Spark for all these tests, set for few rows: to compile for speed costs more here than it saves."""

import pytest

PLAIN = "--conf spark.sql.codegen.wholeStage=false --conf spark.sql.codegen.factoryMode=NO_CODEGEN pyspark-shell"


@pytest.fixture(autouse=True)
def _as_in_a_large_base(monkeypatch):
    """Few rows would be chosen from in one way alone."""
    monkeypatch.setattr("insight_core.pipeline.make._MANY", 0)


@pytest.fixture(scope="session")
def session(tmp_path_factory):
    pytest.importorskip("pyspark")
    from insight_core.pipeline.spark import spark_session

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("INSIGHT_SPARK_MASTER", "local[2]")
        environment.setenv("PYSPARK_SUBMIT_ARGS", PLAIN)
        environment.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        with spark_session(tmp_path_factory.mktemp("spark")) as running:
            yield running
