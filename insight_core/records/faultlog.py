"""The fault log: the way to what nobody foresaw, in a file beside the data."""

from hashlib import sha256
from pathlib import Path
from traceback import extract_tb


def logged(unexpected: BaseException, store: Path) -> Path:
    """The way to the fault, in a file: places in the code only, for a log must hold no customer's data."""
    way = "\n".join(f"{at.filename}:{at.lineno} {at.name}" for at in extract_tb(unexpected.__traceback__))
    path = store / "logs" / f"{type(unexpected).__name__}-{sha256(way.encode()).hexdigest()[:8]}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{type(unexpected).__name__}\n{way}\n", encoding="utf-8")
    return path
