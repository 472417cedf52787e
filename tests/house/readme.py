"""The README's examples: run as a reader would, in one shell, in an empty folder.

`make readme` writes what they print into the README; the test beside this file compares.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HOUSE = Path(__file__).parent.parent.parent
README = HOUSE / "README.md"
CONSOLE = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"(?<=^```python\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
BETWEEN = "\x1e"
RUN = f'insight() {{ "{sys.executable}" -c "from insight_core.cli import main; main()" "$@"; }}\nexec 2>&1\n'


def printed(text: str, folder: Path) -> str:
    """The text with every console block's output as it is printed now."""
    blocks = [_commands(block) for block in CONSOLE.findall(text)]
    script = RUN + "\n".join(f"{line}\nprintf '{BETWEEN}'" for block in blocks for line in block)
    outputs = iter(_shell(script, folder).split(BETWEEN))
    fresh = iter("".join(f"$ {line}\n{_plain(next(outputs))}" for line in block) for block in blocks)
    return CONSOLE.sub(lambda _: next(fresh), text)


def timeless(text: str) -> str:
    """The text without what differs from run to run (how long it took) or with every change of a rule (the hash)."""
    return re.sub(r"\b(\d+(\.\d+)?(?= s\b)|[0-9a-f]{64}\b)", "…", text)


def _commands(block: str) -> list[str]:
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def _plain(output: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in output.splitlines())


def _shell(script: str, folder: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("INSIGHT_")}
    said = clean | {"PYTHONPATH": str(HOUSE), "PYTHONWARNINGS": "ignore"}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=said, capture_output=True, text=True, check=True
    ).stdout


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        README.write_text(printed(README.read_text(encoding="utf-8"), Path(scratch)), encoding="utf-8")
