"""Register the notebooks of folders anew: `python -m insight_core.notebooks FOLDER...`."""

import sys
from pathlib import Path

from insight_core.notebooks.registry import Folder

for name in sys.argv[1:]:
    Folder(Path(name)).register()
