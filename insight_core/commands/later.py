"""Words that are promised and not there yet: each says so in one line and exits with status 2."""

import typer

from insight_core.errors import NotYet

app = typer.Typer()

_ANY = {"allow_extra_args": True, "ignore_unknown_options": True}


def later(app: typer.Typer, name: str, does: str, full_name: str | None = None) -> None:
    """Give the app a command that says that it is not part of this release."""

    @app.command(name, help=f"{does} (not in this release yet).", context_settings=_ANY)
    def refuse() -> None:
        raise NotYet(full_name or name)


later(app, "train", "Train the identity model")
later(app, "proposals", "Records that may be one customer")
later(app, "merge", "Decide that two customers are one")
later(app, "unmerge", "Take a link apart")
later(app, "request", "Answer a subject request")
