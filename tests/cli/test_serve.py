"""The front door: it answers on this machine only, and its address is printed once it does."""

import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest

from insight_core.commands.serve import free_port
from insight_core.errors import Refused

INSIGHT = [sys.executable, "-c", "from insight_core.cli import main; main()"]


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match="choose another"):
            free_port(taken.getsockname()[1])


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_app_answers_where_the_command_says(stop, tmp_path):
    port = free_port(None)
    words = [*INSIGHT, "serve", "app", "--port", str(port), "--store", str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as door:
        try:
            assert door.stderr is not None
            assert f"http://127.0.0.1:{port}" in door.stderr.readline()
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30) as answer:
                assert answer.status == 200
        finally:
            door.send_signal(stop)
        assert door.wait(20) == 128 + stop
    assert free_port(port) == port, "the server is gone with its command"
