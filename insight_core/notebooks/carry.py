"""A run as a file to carry away."""

import json
from collections.abc import Mapping
from typing import Any

from insight_core.errors import UserError
from insight_core.notebooks.page import html
from insight_core.notebooks.percent import Cell, written
from insight_core.notebooks.results import RunShown
from insight_core.notebooks.shown import FIGURE, TABLE, TEXT, table_html

ENDINGS = ("html", "ipynb", "py")


def carried(run: RunShown, ending: str) -> bytes:
    """The file's bytes; raises UserError for another ending."""
    if ending == "html":
        return html(run).encode()
    if ending == "ipynb":
        return (json.dumps(_ipynb(run), indent=1, ensure_ascii=False) + "\n").encode()
    if ending == "py":
        return _percent(run).encode()
    raise UserError(f"A notebook is written as {', '.join(ENDINGS)}, not as {ending}.")


def _percent(run: RunShown) -> str:
    return written(Cell(one["kind"], one["source"], tuple(one["tags"])) for one in run.cells)


def _ipynb(run: RunShown) -> dict[str, Any]:
    return {
        "cells": [_ipynb_cell(cell, number) for number, cell in enumerate(run.cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "insight": {"run": run.run, "notebook": run.notebook, "sha256": run.sha256, "began_at": run.began_at},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _ipynb_cell(cell: Mapping[str, Any], number: int) -> dict[str, Any]:
    told: dict[str, Any] = {"id": f"cell-{number + 1}", "metadata": {}, "source": cell["source"]}
    if cell["kind"] == "markdown":
        return {"cell_type": "markdown", **told}
    tags = {"tags": list(cell["tags"])} if cell["tags"] else {}
    outputs = [_ipynb_output(one) for one in cell["outputs"]]
    return {"cell_type": "code", **told, "metadata": tags, "execution_count": None, "outputs": outputs}


def _ipynb_output(one: Mapping[str, Any]) -> dict[str, Any]:
    if "error" in one:
        error = one["error"]
        return {"output_type": "error", "ename": error["name"], "evalue": error["message"], "traceback": []}
    if TABLE in one:
        data = {"text/html": table_html(one[TABLE]), TEXT: one[TEXT]}
    elif FIGURE in one:
        data = {FIGURE: one[FIGURE], TEXT: one[TEXT]}
    else:
        return {"output_type": "stream", "name": "stdout", "text": one[TEXT] + "\n"}
    return {"output_type": "display_data", "data": data, "metadata": {}}
