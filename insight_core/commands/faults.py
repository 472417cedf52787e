"""What goes wrong, as one line on stderr and an exit status; never a traceback."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from traceback import extract_tb

import typer

from insight_core.errors import Fault, InsightError, UserError

STOPPED = 130


def guarded(work: Callable[[], int | None]) -> int:  # noqa: PLR0911 a table of what may happen
    """Run it; gives the exit status: 0, 2 for the caller's mistake, 1 for a fault of ours."""
    try:
        return work() or 0
    except UserError as mistake:
        return _say(str(mistake), 2)
    except typer.TyperException as mistake:
        return _say(f"{mistake.format_message()} ({_command(mistake)} --help says more)", 2)
    except Fault as fault:
        return _say(str(fault), 1)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped", STOPPED)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stderr.close()
        return 0
    except Exception as unexpected:  # noqa: BLE001 whatever it was, a person at a terminal gets one line
        return _say(f"unexpected: {type(unexpected).__name__}: {unexpected}", 1)


@contextmanager
def nothing_unexpected(store: Path) -> Iterator[None]:
    """Turn what nobody foresaw into a Fault of one line that says where its details lie."""
    try:
        yield
    except (InsightError, typer.TyperException, typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as unexpected:
        what = f"unexpected: {type(unexpected).__name__}: {unexpected}"
        raise Fault(f"{what} (details in {_written(unexpected, store)})") from unexpected


def _say(line: str, status: int) -> int:
    print(" ".join(line.split()), file=sys.stderr)  # noqa: T201 stderr is the contract
    return status


def _command(mistake: typer.TyperException) -> str:
    context = getattr(mistake, "ctx", None)
    return context.command_path if context is not None else "insight"


def _written(unexpected: Exception, store: Path) -> Path:
    """The way to the fault, in a file: places in the code only, for a log must hold no customer's data."""
    way = "\n".join(f"{at.filename}:{at.lineno} {at.name}" for at in extract_tb(unexpected.__traceback__))
    path = store / "logs" / f"{type(unexpected).__name__}-{sha256(way.encode()).hexdigest()[:8]}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{type(unexpected).__name__}\n{way}\n", encoding="utf-8")
    return path
