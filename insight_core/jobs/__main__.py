"""The worker's own program: `python -m insight_core.jobs STORE ID`."""

import sys
from pathlib import Path

from insight_core.jobs.worker import work

if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
