"""Running a notebook's cells inside the child process: see `limits`, which starts it, and `run`, which waits for it.

One JSON line tells each thing that happens. Nothing that a notebook prints can be taken for such a line:
the notebook never holds the pipe.
"""

import ast
import json
import traceback
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from time import perf_counter
from typing import Any, TextIO

from insight_core.notebooks.shown import TEXT, bundle, cut

_TOO_MUCH = {"error": {"name": "TooMuch", "message": "the notebook shows more than it may", "line": None}}


def work(cells: Sequence[tuple[int, str]], pipe: TextIO, text_bytes: int, shown_bytes: int) -> None:
    """Run numbered cells in one namespace until one fails, or all show more than `shown_bytes`."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for number, source in cells:
        say(pipe, begun=number)
        outputs, failed, seconds = _run(source, names, text_bytes)
        shown_bytes -= len(json.dumps(outputs, default=str))
        failed = failed or shown_bytes < 0
        say(pipe, done=number, outputs=outputs if shown_bytes >= 0 else [_TOO_MUCH], seconds=round(seconds, 3))
        if failed:
            break


def say(pipe: TextIO, **told: Any) -> None:
    """One line of the protocol."""
    pipe.write(json.dumps(told, default=str) + "\n")
    pipe.flush()


def _run(source: str, names: dict[str, Any], text_bytes: int) -> tuple[list[dict[str, Any]], bool, float]:
    printed, shown, began = StringIO(), [], perf_counter()
    error: dict[str, Any] | None = None
    try:
        with redirect_stdout(printed), redirect_stderr(printed):
            value = _value(source, names)
            shown = [] if value is None else [bundle(value, text_bytes)]
    except BaseException as fault:  # noqa: BLE001 whatever a cell does becomes one line of its run
        error = _told(fault)
    texts = [{TEXT: cut(printed.getvalue().rstrip(), text_bytes)}] if printed.getvalue().strip() else []
    return [*texts, *shown, *([{"error": error}] if error else [])], error is not None, perf_counter() - began


def _value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; gives the value of its last line when that is an expression."""
    tree = ast.parse(source, "<cell>")
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 registered text only: see `registry`
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307 the same
    return None


def _told(fault: BaseException) -> dict[str, Any]:
    """An error as a name, one line, and the line of the cell."""
    here = [at.lineno for at in traceback.extract_tb(fault.__traceback__) if at.filename == "<cell>"]
    line = fault.lineno if isinstance(fault, SyntaxError) else here[-1] if here else None
    said = "it needs more memory than it may use" if isinstance(fault, MemoryError) else str(fault)
    return {"name": type(fault).__name__, "message": " ".join(said.split())[:500], "line": line}
