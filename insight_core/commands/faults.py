"""What goes wrong, as one line on stderr and an exit status; never a traceback."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

import insight_core as ic
from insight_core.errors import Fault, InsightError, UserError
from insight_core.records.faultlog import logged

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
        if ours := ic.in_our_words(unexpected, store):
            raise ours from unexpected
        what = f"unexpected: {type(unexpected).__name__}: {unexpected}"
        raise Fault(f"{what} (details in {logged(unexpected, store)})") from unexpected


def _say(line: str, status: int) -> int:
    print(" ".join(line.split()), file=sys.stderr)  # noqa: T201 stderr is the contract
    return status


def _command(mistake: typer.TyperException) -> str:
    context = getattr(mistake, "ctx", None)
    return context.command_path if context is not None else "insight"
