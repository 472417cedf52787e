"""Front doors on 127.0.0.1: serve app, and later api and mcp."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import Annotated
from urllib.request import urlopen

import typer

import insight_core
from insight_core.commands.call import Call, command
from insight_core.commands.later import later
from insight_core.commands.show import Answer
from insight_core.errors import Fault, Refused
from insight_core.settings import cache_folder

app = typer.Typer()
doors = typer.Typer(help="Start a front door on 127.0.0.1 and print its address.")
app.add_typer(doors, name="serve")

HOST = "127.0.0.1"
USUAL_PORT = 8501
PATIENCE_S = 60
GRACE_S = 5

Port = Annotated[int | None, typer.Option("--port", metavar="PORT", help="8501 when free, else any that is.")]


@command(doors, "app")
def serve_app(call: Call, port: Port = None) -> Answer:
    """The app in the browser."""
    chosen = free_port(port)
    return Answer({"address": address(chosen)}, (), then=lambda: serve(call, chosen))


later(doors, "api", "The HTTP interface", "serve api")
later(doors, "mcp", "The interface for assistants", "serve mcp")


def address(port: int) -> str:
    """Where the app is found."""
    return f"http://{HOST}:{port}"


def free_port(wanted: int | None) -> int:
    """The wanted port, or the usual one, or any; raises Refused when the wanted one is taken."""
    for port in (wanted,) if wanted else (USUAL_PORT, 0):
        with socket.socket() as probe:
            # What a server that has just stopped leaves behind does not take the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Refused(f"Port {wanted} is taken: choose another with --port, or leave --port out.")


def serve(call: Call, port: int) -> None:
    """Run the app until it is stopped; says on stderr when it answers."""
    main = Path(insight_core.__file__).parent.parent / "app" / "main.py"
    words = [sys.executable, "-m", "streamlit", "run", str(main), "--server.address", HOST, "--server.port", str(port)]
    said = {"INSIGHT_STORE": str(call.store.resolve()), "INSIGHT_CACHE": str(cache_folder().resolve())}
    said |= {"INSIGHT_NOW": call.now.isoformat()} if call.now else {}
    quiet = ["--logger.level", "warning", "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    # A polite kill must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    # It has its settings, such as its colours, from the folder that it is started in.
    home = main.parent.parent
    with subprocess.Popen([*words, *quiet], cwd=home, env=os.environ | said, stdout=subprocess.DEVNULL) as server:  # noqa: S603 our own words
        try:
            _wait_until_it_answers(server, port)
            typer.echo(f"Insight Workbench is at {address(port)} (Ctrl+C stops it)", err=True)
            server.wait()
        finally:
            _stop(server)


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Politely, and where that is not heard, for good: Ctrl+C never waits for ever."""
    server.terminate()
    try:
        server.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        server.kill()


def _wait_until_it_answers(server: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(PATIENCE_S * 5):
        if server.poll() is not None:
            raise Fault(f"The app stopped with status {server.returncode} before it answered.")
        try:
            with urlopen(f"{address(port)}/_stcore/health", timeout=1):  # noqa: S310 our own address
                return
        except OSError:
            sleep(0.2)
    raise Fault(f"The app did not answer within {PATIENCE_S} seconds.")
