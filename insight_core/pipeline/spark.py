"""Spark: a session for one build, made here and ended with it, or beside one that this process has already."""

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from insight_core.errors import Refused
from insight_core.pipeline.steps import most_memory
from insight_core.settings import read_settings

_INSTALL = "install it with `pip install 'insight-workbench[spark]'`"
_JAVA = "install Java 17 or newer (Debian's package is openjdk-17-jre-headless), or set JAVA_HOME"

# What results depend on, whatever a cluster is set to.
_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    # Dates before 1582 are what they are: no calendar is changed under them.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.compression.codec": "zstd",
}


def check_spark() -> None:
    """Raises Refused when PySpark or Java is missing, with what to install."""
    if find_spec("pyspark") is None:
        raise Refused(f"The engine spark needs PySpark: {_INSTALL}.")
    home = os.environ.get("JAVA_HOME")
    if shutil.which(f"{home}/bin/java" if home else "java") is None:
        raise Refused(f"The engine spark needs Java: {_JAVA}.")


@contextmanager
def spark_session(folder: Path) -> Iterator[Any]:
    """A session in UTC, without a screen; its own files lie in `folder`, and what goes wrong is told on stderr.

    Raises Refused when PySpark, Java or the cluster is not there.
    """
    check_spark()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PySpark 4 is wary of pandas 3, which is not used here
        import ibis
        from pyspark.sql import SparkSession

        _ = ibis.pyspark  # loads what turns expressions into Spark's SQL
        running = SparkSession.getActiveSession()
        session = running.newSession() if running else _started(folder)
    for name, value in _SESSION.items():
        session.conf.set(name, value)
    try:
        yield session
    finally:
        if running is None:
            session.stop()


def _started(folder: Path) -> Any:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    master = read_settings().spark_master
    builder = SparkSession.builder.appName("insight build").master(master)
    for name, value in _settings(folder, master).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as fault:
        raise Refused(f"The engine spark could not start Java: {_JAVA}.") from fault
    except Py4JError as fault:
        raise Refused(f"Spark could not be started on {master} (INSIGHT_SPARK_MASTER).") from fault
    session.sparkContext.setLogLevel("ERROR")
    return session


def _settings(folder: Path, master: str) -> dict[str, str]:
    """What a session starts with; how large a cluster is and how it shares its work is the cluster's own to say."""
    log = folder / "log4j2.properties"
    log.write_text(_LOG, encoding="utf-8")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dlog4j2.configurationFile={log}",
    }
    if not master.startswith("local"):
        return settings
    return settings | {
        "spark.local.dir": str(folder),
        "spark.driver.memory": f"{most_memory() >> 20}m",
        "spark.sql.shuffle.partitions": str(4 * (os.cpu_count() or 1)),
    }


_LOG = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %m%n
"""
