"""Rates in and out as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from insight_core.demo.params import Params
from insight_core.errors import BadInput, NotFound


def params_json(params: Params | None = None) -> str:
    """The rates as the JSON that `read_params` takes."""
    return json.dumps(asdict(params or Params()), indent=2) + "\n"


def read_params(path: Path) -> Params:
    """Rates from a JSON file that names those that differ; raises NotFound for unknown names and BadInput."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise BadInput(f"{path} is not a readable JSON file of rates: {cause}") from None
    if not isinstance(given, dict):
        raise BadInput(f"{path} holds no JSON object of rates.")
    return params_from(given)


def params_from(given: Mapping[str, Any]) -> Params:
    """Rates from a dictionary that names those that differ; a table may name some of its entries."""
    known = {one.name: one for one in fields(Params)}
    base = asdict(Params())
    for name, value in given.items():
        if name not in known:
            raise NotFound("rate", name, known)
        base[name] = _merged(name, base[name], value)
    return Params(**base)


def _merged(name: str, before: Any, value: Any) -> Any:
    if not isinstance(before, dict):
        return value
    if not isinstance(value, dict):
        raise BadInput(f"{name} takes an object such as {json.dumps(before)}.")
    for entry in value:
        if entry not in before:
            raise NotFound(f"entry of {name}", entry, before)
    return before | value
