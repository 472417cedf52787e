"""Engine: one DuckDB in memory, the macros that make the steps readable, and named steps run in order."""

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb

from insight_core.recommend.conditions import quoted
from insight_core.recommend.parameters import Parameters, model_version
from insight_core.records.clock import DAY, epoch
from insight_core.store.buckets import BUCKETS

Step = tuple[str, str]


def connect(macros: Iterable[Step]) -> duckdb.DuckDBPyConnection:
    """A database in memory that can read nothing but what is registered, with the given macros."""
    connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
    connection.execute("SET enable_progress_bar = false")
    for signature, body in macros:
        connection.execute(f"CREATE MACRO {signature} AS {body}")
    return connection


def run(connection: duckdb.DuckDBPyConnection, steps: Iterable[Step]) -> None:
    """Make one temporary table per step, in order; each keeps its name, so that it can be looked at."""
    for name, query in steps:
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}")


def forget(connection: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Drop tables that no later step reads: with a million customers they are gigabytes."""
    for name in names:
        connection.execute(f"DROP TABLE {name}")


def run_macros(purpose: str, now: datetime, seed: int, parameters: Parameters) -> list[Step]:
    """The run's constants and the formulas that depend on them."""
    moment = epoch(now)
    day = (now if now.tzinfo else now.replace(tzinfo=UTC)).astimezone(UTC).date()
    cap = parameters.caps.get(purpose)
    return [
        ("now_at()", f"{moment}::BIGINT"),
        ("today()", f"DATE '{day.isoformat()}'"),
        ("purpose_name()", quoted(purpose)),
        # the bucket in which the lake keeps the customer; ids that are no hashes share the first
        ("share_of(id)", f"coalesce(try_cast('0x' || left(id, 2) AS INTEGER), 0) % {BUCKETS}"),
        ("age_days(t)", f"CASE WHEN t <= {moment} THEN ({moment} - t) // {DAY} WHEN t > {moment} THEN 0 END"),
        ("day_of(t)", "strftime(make_timestamp(t * 1000000), '%Y-%m-%d')"),
        ("model()", quoted(model_version(parameters))),
        ("seed()", f"{seed}::BIGINT"),
        ("dated(t)", "CASE WHEN t > 0 THEN ' on ' || day_of(t) ELSE '' END"),
        ("complaint_open_days()", str(parameters.complaint_open_days)),
        ("cap()", "NULL::BIGINT" if cap is None else f"{cap}::BIGINT"),
        ("fatigue_from()", f"{moment - parameters.fatigue_days * DAY}::BIGINT"),
        ("stale_after()", str(parameters.stale_after_days)),
        ("min_freshness()", f"{parameters.min_freshness}::DOUBLE"),
        ("half_life()", str(parameters.evidence_half_life_days)),
        ("z()", f"{parameters.z}::DOUBLE"),
        ("min_trials()", str(parameters.min_trials)),
        ("first_guess(wins, trials)", f"(wins + {parameters.prior_wins}) / (trials + {parameters.prior_trials})"),
        (
            "shrunk(wins, trials, towards)",
            f"(wins + {parameters.segment_strength} * towards) / (trials + {parameters.segment_strength})",
        ),
        # Thirteen hexadecimal digits fit a whole number; a remainder of them is even enough for a draw.
        ("draw(label, id, below)", f"('0x' || left(sha256(concat_ws('|', {seed}, label, id)), 13))::BIGINT % below"),
        ("variance_of(arm)", "arm.mean * (1 - arm.mean) / (arm.mass + 1)"),
        ("exploration()", f"{round(parameters.exploration * 1_000_000)}::BIGINT"),
        ("error_of(one, other)", "sqrt(variance_of(one) + variance_of(other))"),
        ("freshness(age, half_life)", "pow(0.5::DOUBLE, age / half_life)"),
    ]
