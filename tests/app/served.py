"""The app as a server of its own for a test: forked from one process that has imported everything, once a worker."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from types import ModuleType
from unittest.mock import patch
from urllib.request import urlopen

import pytest

from tests.processes import SERVER

HOUSE = Path(__file__).parent.parent.parent
MAIN = HOUSE / "app" / "main.py"
NOW = "2026-07-01"


@contextmanager
def serving(store: Path, **settings: str) -> Iterator[str]:
    """The address of the app over a store, for as long as it is needed; `settings` are of the environment."""
    port = _any_port()
    server = SERVER.Process(target=_serve, args=(port, {"INSIGHT_STORE": str(store), **settings}), daemon=True)
    # A test without a browser leaves the app's script behind as the main module: it must not be run before it is served.
    with patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        server.start()
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.join()


def _serve(port: int, settings: dict[str, str]) -> None:
    """What `streamlit run app/main.py` does, in a process that has its imports behind it."""
    os.chdir(HOUSE)
    os.environ |= {"INSIGHT_NOW": NOW, "PYTHONPATH": str(HOUSE), **settings}
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    from streamlit.web import bootstrap

    said = {"server_port": port, "server_headless": True}
    bootstrap.load_config_options(said)
    bootstrap.run(str(MAIN), False, [], said)


def _any_port() -> int:
    """One that nobody has: two workers that both begin at the usual one would share it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            sleep(0.1)
    pytest.fail("the app did not answer within 30 seconds")
