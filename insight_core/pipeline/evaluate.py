"""Evaluate: the workbench beside the truth of a world, and the policy by its outcomes."""

from datetime import datetime
from pathlib import Path
from typing import Any

from insight_core.compliance import Gate
from insight_core.store import Store


def evaluate(store: Store, gate: Gate, con: Any, truth: Path | None, now: datetime) -> dict[str, Any]:
    """`policies`, and `truth` when there is one to compare with."""
    return {}
