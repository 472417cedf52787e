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
        with pytest.raises(Refused, match="choose another"):
            free_port(taken.getsockname()[1])


@pytest.mark.slow
def test_the_app_answers_where_the_command_says(tmp_path):
    port = free_port(None)
    words = [*INSIGHT, "serve", "app", "--port", str(port), "--store", str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as door:
        try:
            assert any(f"http://127.0.0.1:{port}" in line for line in door.stderr)
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
                assert answer.status == 200
        finally:
            door.send_signal(signal.SIGINT)
        assert door.wait(20) == 130
