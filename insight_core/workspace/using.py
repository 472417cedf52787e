"""Using: cards, outcomes, evaluation, exports."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from insight_core.errors import BadInput
from insight_core.pipeline import card_pages, chronicle, effect, evaluate, export, one_card, outcomes, used_cards
from insight_core.records.progress import Progress, silent
from insight_core.records.results import Card, Effect, ExportReport
from insight_core.workspace.desk import Desk, existing


class Using(Desk):
    """What is made of it."""

    def recommend(
        self, customer: str | None = None, purpose: str = "marketing", limit: int | None = None
    ) -> list[Card]:
        """Interaction cards for one customer or for all that the purpose may see."""
        found = self._gate.resolve(customer, purpose) if customer else None
        return card_pages.give_out(self._store, self._gate, self._con().con, purpose, self.now, found, limit)

    def prepare_cards(self, purpose: str = "marketing") -> None:
        """Learn from everybody what a first card would wait for; where few are known nobody would notice."""
        one_card.get_ready(self._store, purpose, self.now)

    def make_cards(self, purpose: str = "marketing", progress: Progress = silent) -> dict[str, int]:
        """Make everybody's cards and keep them: how many advise and how many abstain."""
        return card_pages.make(self._store, self._gate, purpose, self.now, progress)

    def cards_made(self, purpose: str = "marketing") -> dict[str, Any] | None:
        """Everybody's cards in figures, or None while they are not made: see `pipeline.card_pages.overview`."""
        return card_pages.overview(self._store, self._gate, purpose, self.now)

    def cards(self, purpose: str = "marketing", **query: Any) -> dict[str, Any]:
        """A page of everybody's cards: see `pipeline.card_pages.page` for its filters."""
        return card_pages.page(self._store, self._gate, purpose, self.now, **query)

    def use_cards(self, customers: Sequence[str], purpose: str = "marketing") -> int:
        """Note that the cards of these customers are acted on; gives how many advise."""
        found = [self._gate.resolve(one, purpose) for one in customers]
        return used_cards.use(self._store, self._gate, self._con().con, purpose, self.now, found)

    def unuse_cards(self, cards: Sequence[str]) -> int:
        """Note that these cards are not acted on after all; gives how many were."""
        return used_cards.unuse(self._store, cards)

    def used_cards(self, cards: Sequence[str]) -> dict[str, str]:
        """Since when those of the cards that are acted on are."""
        return used_cards.used(self._store, cards)

    def effect(self, changes: Sequence[Mapping[str, Any]], purpose: str = "marketing") -> list[Effect]:
        """What changes would do to scores and cards; nothing is written."""
        return effect.effect(self._store, self._gate, self._con().con, changes, purpose, self.now)

    def outcome(self, file: str | Path) -> dict[str, Any]:
        """Record what came of cards: a file with card, time, result and value."""
        return outcomes.load(self._store, existing([file])[0], self.now)

    def outcomes(
        self, customer: str | None = None, limit: int | None = 100, purpose: str = "customer_care", **query: Any
    ) -> list[dict[str, Any]]:
        """What came of cards, newest first: see `pipeline.chronicle.outcomes` for since and until."""
        found = self._gate.resolve(customer, purpose) if customer else None
        return chronicle.outcomes(self._store, self._gate, purpose, found, limit, **query)

    def evaluate(self, truth: str | Path | None = None) -> dict[str, Any]:
        """Accuracy against a world's truth (its file, or the world's folder), and the value of the policy."""
        path = _truth(Path(truth)) if truth else None
        return evaluate.evaluate(self._store, self._gate, self._con(), path, self.now)

    def export(self, what: str, purpose: str, to: str | Path, progress: Progress = silent) -> ExportReport:
        """Write profiles, recommendations or an audience as csv, parquet, json or xlsx."""
        return export.export(self._store, self._gate, self._con(), what, purpose, Path(to), self.now, progress)


def _truth(named: Path) -> Path:
    """The file with a world's truth; raises BadInput where there is none."""
    if not named.is_dir():
        return existing([named])[0]
    if not (named / "truth.zip").is_file():
        raise BadInput(f"The folder {named} has no truth.zip.")
    return named / "truth.zip"
