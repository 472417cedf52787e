"""The only reader of the environment."""

from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from insight_core.errors import BadInput


class Settings(BaseSettings):
    """What the environment says; a command's own option always wins.

    `INSIGHT_STORE` is the store's directory, `INSIGHT_STORE_URL` the PostgreSQL database that
    holds its tables instead of a file in it (postgresql://user@host/database), `INSIGHT_CACHE` a
    folder for what can be made again, `INSIGHT_PATIENCE` how many seconds a load or a build waits
    for another one, `INSIGHT_SPARK_MASTER` the cluster that `--engine spark` builds on (this
    machine by default), `INSIGHT_SPARK_ROOT` how that cluster names the store's directory
    (`file://` and its path), `INSIGHT_RESERVE_MB` how much disk a store keeps back for the day on
    which it is full, `INSIGHT_NOW` an ISO date or instant that stands in for the clock, and
    `INSIGHT_REAL_DATA` the folder with real sets for the tests.
    """

    model_config = SettingsConfigDict(env_prefix="INSIGHT_", extra="ignore")

    store: Path = Path("data/store")
    store_url: str | None = None
    cache: Path = Path("~/.cache/insight-workbench")
    now: datetime | None = None
    patience: float = 600
    reserve_mb: int = 32
    spark_master: str = "local[*]"
    spark_root: str | None = None
    real_data: Path = Path("../shared/data")
    strict: bool = False


def read_settings() -> Settings:
    """Read the environment once; raises BadInput for a setting that cannot be read."""
    try:
        return Settings()
    except ValidationError as fault:
        first = fault.errors()[0]
        name = f"INSIGHT_{str(first['loc'][0]).upper()}"
        raise BadInput(f"{name} is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}.") from fault


def recipe_folders() -> list[Path]:
    """Where recipes lie: inside an installed package, or in `data/recipes` of a checkout."""
    package = Path(__file__).parent
    return [folder for folder in (package / "_recipes", package.parent / "data" / "recipes") if folder.is_dir()]


def cache_folder() -> Path:
    """Where things lie that can be made again and depend on the code alone."""
    return read_settings().cache.expanduser()
