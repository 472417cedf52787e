"""Reading: find, profile."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from insight_core.catalogue import CARE
from insight_core.commands.call import Call, command
from insight_core.commands.show import UNKNOWN, Answer, cell, table
from insight_core.commands.words import Customer, Purpose
from insight_core.records.clock import parse_instant
from insight_core.records.results import Facet, Profile, Score, as_json

app = typer.Typer()


@command(app)
def find(
    call: Call,
    text: Annotated[
        list[str], typer.Argument(metavar="TEXT|KEY=VALUE", help="A name, or an identifier such as email=…")
    ],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1)] = 20,
) -> Answer:
    """Customers by any identifier or name."""
    found = call.workspace().find(" ".join(text), limit=limit)
    shown = table(found, "customer", "name", "kind", "city", "matched") if found else "nobody found"
    return Answer({"customers": found}, (shown,))


@command(app)
def profile(
    call: Call,
    customer: Customer,
    purpose: Purpose = CARE,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="T", help="As it was known at T.")] = None,
) -> Answer:
    """One profile with its evidence, as the purpose allows."""
    moment = parse_instant(as_of) if as_of else None
    seen = call.workspace().profile(customer, purpose=purpose, as_of=moment)
    return Answer(as_json(seen), tuple(_portrait(seen)))


def _portrait(seen: Profile) -> list[RenderableType]:
    head = f"[bold]{cell(seen.name)}[/]  {seen.kind} {seen.customer}, for {seen.purpose}, {seen.as_of}"
    parts: list[RenderableType] = [head, _scores(seen.scores)]
    for name, facet in seen.facets.items():
        parts += ["", f"[bold]{name.replace('_', ' ')}[/]  {cell(facet.summary)}", *_facet(facet)]
    if seen.redacted:
        parts += ["", table(seen.redacted, "field", "reason", title="Withheld")]
    if seen.next_question:
        parts += ["", f"Ask next: {cell(seen.next_question['question'])} ({cell(seen.next_question['why'])})"]
    return parts


def _scores(scores: Mapping[str, Any]) -> str:
    known = {name: score for name, score in scores.items() if isinstance(score, Score)}
    if all(score.withheld for score in known.values()):
        return f"{', '.join(known)} {cell(known['completeness'].because[0])}"
    return ", ".join(f"{name} {_share(score.value)}" for name, score in known.items())


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}"


def _facet(facet: Facet) -> list[RenderableType]:
    known: list[dict[str, Any]] = [
        {"field": name, "value": one.value, "state": one.state, "how": one.method, "from": one.source,
         "as of": (one.observed_at or "")[:10] or None}
        for name, one in facet.fields.items()
        if one.value is not None
    ]  # fmt: skip
    return [table(known, "field", "value", "state", "how", "from", "as of")] if known else []
