"""How to talk to each customer: recommend, outcome, evaluate, export."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import RenderableType

from insight_core.catalogue import CARE
from insight_core.commands.call import Call, command
from insight_core.commands.show import Answer, cell, progress, table
from insight_core.commands.words import InputFile, Purpose
from insight_core.records.results import Card, as_json

app = typer.Typer()

DIMENSIONS = ("channel", "window", "tone", "cadence_days", "solution_set", "experience")


@command(app)
def recommend(
    call: Call,
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help="One customer; all when left out.")
    ] = None,
    purpose: Purpose = CARE,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1)] = None,
) -> Answer:
    """Interaction cards: channel, time, tone, cadence, solution set and experience, with reasons."""
    workspace = call.workspace()
    if customer:
        card = workspace.recommend(customer, purpose=purpose)[0]
        return Answer({"cards": as_json([card])}, tuple(_card(card)))
    made, cards = workspace.make_cards(purpose), workspace.recommend(purpose=purpose, limit=limit)
    return Answer({"cards": as_json(cards), "made": made}, tuple(_cards(cards, made)))


def _cards(cards: list[Card], made: dict[str, int]) -> Iterator[RenderableType]:
    """The cards that were asked for, and how many there are of all customers."""
    given = [one for one in as_json(cards) if not one["abstained"]]
    some = f"{len(given):,} of " if len(given) < made["cards"] else ""
    yield f"{some}{made['cards']:,} cards; {made['abstained']:,} customers for whom nothing is recommended"
    yield table(given, "customer", "name", *DIMENSIONS, "confidence")
    silent = [one for one in as_json(cards) if one["abstained"]]
    if silent:
        yield table(silent, "customer", "name", "abstained", title="Nothing recommended")


def _card(card: Card) -> Iterator[RenderableType]:
    # Without leave to use the name the card carries the id alone.
    name = "" if card.name == card.customer else f"[bold]{cell(card.name)}[/] "
    yield f"{name}{card.customer}, for {card.purpose}"
    if card.abstained:
        yield f"nothing recommended: {cell(card.abstained)}"
        return
    said = as_json(card)
    yield table([{"what": name, "card": said[name]} for name in (*DIMENSIONS, "confidence")], "what", "card")
    yield table(card.reasons, "dimension", "fact", "value", "weight", title="Because")
    yield table(card.refused, "what", "why", title="Refused")


@command(app)
def outcome(call: Call, file: InputFile) -> Answer:
    """Record what came of cards: rows of card, time, result, value."""
    done = as_json(call.workspace().outcome(file))
    return Answer(done, (", ".join(f"{name}: {cell(value)}" for name, value in done.items()),))


@command(app)
def evaluate(
    call: Call,
    truth: Annotated[
        Path | None, typer.Option("--truth", metavar="FILE|DIR", help="A world's truth.zip, or its folder.")
    ] = None,
) -> Answer:
    """How good the recommendations are, and the profiles beside a world's truth."""
    found = as_json(call.workspace().evaluate(truth=truth))
    rows = [{"measure": name, **score} for name, score in (found.get("truth") or {}).items() if isinstance(score, dict)]
    return Answer(
        found, (f"policies: {cell(found.get('policies'))}", table(rows, "measure", "naive", "ours", "oracle"))
    )


@command(app)
def export(
    call: Call,
    what: Annotated[Literal["profiles", "recommendations", "audience"], typer.Argument()],
    purpose: Purpose = CARE,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="csv, parquet, json or xlsx by ending.")
    ] = None,
) -> Answer:
    """Write what the purpose allows to a file; without --to into exports/ in the store."""
    workspace = call.workspace()
    with progress() as report:
        report(f"export {what}", 0, None)
        done = workspace.export(what, purpose, to or workspace.exports / f"{what}-{purpose}.csv")
    line = f"{done.told}; {done.withheld:,} customers withheld, receipt {done.receipt}"
    return Answer(as_json(done), (line, *(f"  {count:,} {why}" for why, count in done.reasons.items())))
