"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Customer = Annotated[str, typer.Argument(metavar="CUSTOMER", help="A customer's id (see: insight find).")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="P", help="Why you look; the gate and the receipt ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
InputFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]
