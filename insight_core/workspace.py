"""The workspace: the whole story as methods, for the command line, the app, notebooks and programs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from insight_core.compliance import Gate
from insight_core.errors import BadInput, NotFound, NotYet
from insight_core.intake import Choice, Recipe, columns, confirmed, keep_recipe, load_recipe, recognise, suggest
from insight_core.intake import recipes as all_recipes
from insight_core.notebooks import Notebooks
from insight_core.pipeline import (
    backup as backups,
)
from insight_core.pipeline import (
    base_state,
    card_pages,
    chronicle,
    consents,
    customers,
    drafts,
    effect,
    evaluate,
    export,
    fixes,
    job_rows,
    kept,
    live,
    load,
    outcomes,
    pages,
    preview,
    saved_views,
    sights,
    standing,
    undoing,
    unload,
    used_cards,
    value_history,
    verify,
)
from insight_core.pipeline import build as building
from insight_core.pipeline import refresh as refreshing
from insight_core.pipeline.profile import present
from insight_core.records.clock import epoch
from insight_core.records.results import (
    BuildReport,
    Card,
    Change,
    Effect,
    ExportReport,
    LoadPreview,
    LoadReport,
    Profile,
    ValueHistory,
    WorkItem,
)
from insight_core.settings import read_settings, recipe_folders
from insight_core.store import Store
from insight_core.store.wipe import wipe

Progress = load.Progress
Histories = dict[str, ValueHistory]


def _silent(step: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def open_store(path: str | Path | None = None, now: datetime | None = None, door: str = "sdk") -> "Workspace":
    """Open the store in a directory, made when it is not there; without one, where INSIGHT_STORE says.

    `now` stands in for the clock; without it INSIGHT_NOW does, else the clock is read once, here. `door`
    goes into the receipts and says who asked.
    """
    settings = read_settings()
    moment = now or settings.now or datetime.now(UTC)
    return Workspace(Store(Path(path or settings.store)), moment if moment.tzinfo else moment.replace(tzinfo=UTC), door)


def restore(backup_file: str | Path, path: str | Path) -> dict[str, Any]:
    """Make the store in a directory anew from a backup; the directory must hold none."""
    return backups.restore(Path(backup_file), Path(path))


class Workspace:
    """One store at one instant. Every read states a purpose and leaves a receipt."""

    def __init__(self, store: Store, now: datetime, door: str) -> None:
        self.now = now.replace(microsecond=0)
        self._store = store
        self._gate = Gate(store, epoch(self.now), door)
        self._duck: Any = None

    @property
    def root(self) -> Path:
        """The store's directory."""
        return self._store.root

    @property
    def version(self) -> int:
        """A number that every write moves on, whichever process it comes from: what was answered before it is old."""
        return self._store.version()

    @property
    def exports(self) -> Path:
        """Where exports go that name no other place."""
        return self._store.exports

    @property
    def notebooks(self) -> Notebooks:
        """The registered notebooks, and running them over this store."""
        return Notebooks(self._store, self.now)

    @property
    def jobs(self) -> job_rows.JobRows:
        """The rows of long work; `insight_core.jobs` starts it and says how far it is."""
        return job_rows.JobRows(self._store)

    # loading

    def recipes(self) -> list[Recipe]:
        """Every recipe that is known."""
        return all_recipes(self._recipe_folders())

    def keep_recipe(self, recipe: Recipe) -> str:
        """Keep a confirmed recipe in the store under its name, so that the next file of its kind is recognised."""
        return keep_recipe(recipe, self.root / "recipes", recipe_folders())

    def recognised(self, file: str | Path) -> Recipe | None:
        """The recipe that recognises the file by its columns."""
        return recognise(_existing([file])[0], self.recipes())

    def suggest(self, file: str | Path) -> Recipe:
        """The recipe that recognises the file, or a proposed mapping that a person confirms."""
        return self.recognised(file) or suggest(Path(file))

    def columns(self, file: str | Path, recipe: Recipe) -> list[dict[str, Any]]:
        """The file's columns with samples, and what each becomes by the recipe, why and how sure."""
        return columns(Path(file), recipe)

    def confirmed(self, file: str | Path, recipe: Recipe, choices: Sequence[Mapping[str, Any]]) -> Recipe:
        """A proposed recipe as a person leaves it: for each column its target, and the one that was proposed."""
        return confirmed(Path(file), recipe, [Choice(**one) for one in choices])

    def load(
        self, files: Sequence[str | Path], source: str, recipe: str | Recipe | None = None, progress: Progress = _silent
    ) -> LoadReport:
        """Load files as one batch; without a recipe one must recognise the first file."""
        paths = _existing(files)
        return load.load(self._store, paths, self._recipe(recipe, paths[0]), source, epoch(self.now), progress)

    def preview(
        self, files: Sequence[str | Path], source: str, recipe: str | Recipe | None = None, progress: Progress = _silent
    ) -> LoadPreview:
        """What `load` would do."""
        paths = _existing(files)
        return preview.preview(self._store, paths, self._recipe(recipe, paths[0]), source, progress)

    def unload(self, batch: int, dry_run: bool = False, progress: Progress = _silent) -> dict[str, Any]:
        """Take one batch back and bring the profiles up to date."""
        return self._take_back({batch}, dry_run, progress)

    def drop_source(self, name: str, dry_run: bool = False, progress: Progress = _silent) -> dict[str, Any]:
        """Take everything back that a source asserted."""
        batches = {one.id for one in unload.loaded_batches(self._store, name) if one.id is not None}
        if not batches:
            raise NotFound("source", name, (one["source"] for one in self.sources()))
        return self._take_back(batches, dry_run, progress)

    def batches(self) -> list[dict[str, Any]]:
        """The loads, oldest first, taken back ones included."""
        return load.batches(self._store)

    def sources(self) -> list[dict[str, Any]]:
        """The sources with their batches and rows."""
        return load.sources(self._store)

    def quarantine(self, batch: int | None = None, limit: int = 1000) -> list[dict[str, Any]]:
        """Rows that were refused: file, line, column, value, code, message, batch."""
        return load.quarantined(self._store, self._con().con, batch, limit)

    # profiles

    def build(self, full: bool = False, engine: str = "duckdb", progress: Progress = _silent) -> BuildReport:
        """Bring every profile up to date with evidence and clock."""
        if engine != "duckdb":
            raise NotYet(f"The engine {engine!r}")
        with refreshing.alone(self._store, "a build", lambda told: progress(told, 0, None)):
            report = building.build(self._store, epoch(self.now), full, progress)
        kept.warm(self._store, self.now, report.customers)
        return report

    def recent(self, limit: int = 8) -> list[dict[str, Any]]:
        """The customers that were looked at last, newest first."""
        return self._gate.recent(limit)

    def find(self, text: str, limit: int = 20) -> list[dict[str, Any]]:
        """Customers by any identifier or name, or `key=value`."""
        return self._gate.find(text, limit)

    def customers(self, purpose: str, **query: Any) -> dict[str, Any]:
        """A page of customers: see `pipeline.pages.Query` for what they are looked for by, and in which order."""
        found = pages.page(self._store, self._con(), purpose, self.now, pages.Query(**query))
        self._gate.note(purpose, len(found["rows"]))
        return found

    def profile(self, customer: str, purpose: str = "customer_care", as_of: datetime | None = None) -> Profile:
        """One customer for one purpose, now or as of a past moment."""
        found = self._gate.resolve(customer)
        if as_of is not None:
            return live.as_of(self._store, self._gate, found, purpose, as_of)
        return present(self._gate.open(found, purpose), purpose, self.now, self._gate.records(found))

    def names(self, customers: Sequence[str], purpose: str = "customer_care") -> dict[str, str]:
        """What the customers are called, as far as the purpose may see it."""
        return self._gate.names(customers, purpose)

    def evidence(self, customer: str, purpose: str = "customer_care", field: str | None = None) -> list[dict[str, Any]]:
        """Every record that spoke of the customer; with `field`, those that say something about it."""
        rows = self._gate.evidence(self._con().con, self._gate.resolve(customer), purpose)
        return customers.told(rows, field)

    def value_history(self, customer: str, purpose: str = "customer_care", as_of: datetime | None = None) -> Histories:
        """For every field that somebody speaks of: who, why one won, and what the value was, step by step."""
        found = self._gate.resolve(customer)
        rows = self._gate.evidence(self._con().con, found, purpose)
        fixed = value_history.fixes_of(self._store, [one.record_id for one in self._gate.records(found)])
        return value_history.histories(rows, fixed, epoch(as_of or self.now))

    def timeline(self, customer: str, purpose: str = "customer_care", limit: int = 200) -> list[dict[str, Any]]:
        """Contacts, orders and outcomes of cards, newest first."""
        found = self._gate.resolve(customer)
        events = self._gate.timeline(self._con().con, found, purpose, limit)
        return customers.timeline(events, outcomes.of(self._store, found), limit)

    def overview(self, purpose: str = "analytics") -> dict[str, Any]:
        """The whole base in figures."""
        answer = kept.overview(self._store, purpose, self.now)
        self._gate.note(purpose, answer["customers"])
        return answer

    def trend(self, purpose: str = "analytics", days: int = 365) -> dict[str, Any]:
        """Which way the base moves: past days, today, and 30, 60 and 90 days on if nobody confirms anything."""
        answer = kept.trend(self._store, purpose, self.now, days)
        self._gate.note(purpose, answer["today"]["customers"])
        return answer

    def standing(self, purpose: str = "analytics") -> dict[str, Any]:
        """How the figures of the base are spread, so that one customer can be seen among the others."""
        return standing.standing(self._gate.base(self._con(), purpose).table, self.now)

    def allowed(self) -> list[dict[str, Any]]:
        """Per purpose how many customers gave consent, withdrew it, or were never asked."""
        return base_state.allowed(self._store, epoch(self.now))

    def ages(self, purpose: str = "analytics") -> list[dict[str, Any]]:
        """How old the purpose's heaviest fields are: known, median age in days, half_life, stale."""
        return base_state.ages(self._gate.base(self._con(), purpose).table, purpose, self.now)

    # fixing

    def stale(self, purpose: str = "customer_care", limit: int = 50, states: Sequence[str] = ()) -> list[WorkItem]:
        """Fields worth fixing, most valuable first; `states` narrows to missing, invalid, conflicting or stale ones."""
        cells = kept.best(self._store, purpose, self.now, limit, states)
        self._gate.note(purpose, len({one.customer for one in cells}))
        return customers.worklist(self._store, cells, purpose)

    def told_by(self, field: str, purpose: str = "customer_care") -> dict[str, str]:
        """By customer, the source that a field's value comes from."""
        return sights.told_by(self._gate.base(self._con(), purpose).table, field)

    def fix(self, changes: Sequence[Mapping[str, Any]], dry_run: bool = False) -> list[Change]:
        """Confirm, correct or choose, as one set; `expects` is what was seen. With `dry_run` only the preview."""
        scored = None if dry_run else fixes.SCORED
        weighed = fixes.all_of(fixes.weigh(self._store, self._gate, self._con().con, changes, self.now, scored))
        if dry_run:
            return [one.told for one in weighed if one.told]
        return self._fixed(fixes.record(self._store, weighed, epoch(self.now)))

    def weigh(self, changes: Sequence[Mapping[str, Any]], scored: int | None = None) -> list[dict[str, Any]]:
        """What each change would do, to the scores too for the first `scored`, or why it is refused."""
        return drafts.told(fixes.weigh(self._store, self._gate, self._con().con, changes, self.now, scored))

    def draft(self, changes: Sequence[Mapping[str, Any]]) -> int:
        """Keep changes that are not to be applied yet; each takes the place of a draft of the same field."""
        return drafts.keep(self._store, self._gate, self._con().con, changes, self.now)

    def drafts(self) -> list[dict[str, Any]]:
        """The changes that wait, oldest first, each with the value that it was made against."""
        return drafts.kept(self._store)

    def drop_draft(self, *places: tuple[str, str]) -> int:
        """Let go of the drafts of these (customer, field), or of all when none is named."""
        return drafts.drop(self._store, places or None)

    def apply(self, *places: tuple[str, str]) -> list[Change]:
        """Make one change set of these drafts, or of all; one that cannot be stays a draft."""
        return self._fixed(drafts.apply(self._store, self._gate, self._con().con, places or None, self.now))

    def undo(self, change: str) -> list[Change]:
        """Take a change back, or what stands of a whole change set."""
        return self._turned(undoing.undo(self._store, change, epoch(self.now)), "undo")

    def redo(self, change: str) -> list[Change]:
        """Make a change again that was undone, or what was undone of a whole change set."""
        return self._turned(undoing.redo(self._store, change, epoch(self.now)), "redo")

    def history(
        self, customer: str | None = None, limit: int | None = 100, purpose: str = "customer_care", **query: Any
    ) -> list[dict[str, Any]]:
        """Changes, newest first: see `pipeline.undoing.history` for name (of the field), since and until."""
        found = self._gate.resolve(customer) if customer else None
        return undoing.history(self._store, self._gate, purpose, found, limit, **query)

    def script(self) -> list[dict[str, Any]]:
        """The changes that stand as a change set that `fix` replays."""
        return undoing.script(self._store, self._gate)

    def consent(
        self, customer: str, purpose: str, state: str, channel: str = "*", evidence: str = ""
    ) -> dict[str, Any]:
        """Record that a customer gave or withdrew consent."""
        found = self._gate.resolve(customer)
        records = [one.record_id for one in self._gate.records(found)]
        event = (purpose, channel, state, epoch(self.now), evidence)
        self._store.reserve.spend_on(lambda: consents.record(self._store, records, *event))
        self._store.reserve.spend_on(lambda: self._refresh([found]))
        return {"customer": found, "purpose": purpose, "channel": channel, "state": state}

    def consents(self, customer: str) -> list[dict[str, Any]]:
        """What a customer allows."""
        return consents.told(self._gate.consents(self._gate.resolve(customer)), epoch(self.now))

    def consent_events(
        self, customer: str | None = None, limit: int | None = 100, **query: Any
    ) -> list[dict[str, Any]]:
        """Consents given and withdrawn here, newest first: see `pipeline.consents.events` for since and until."""
        return consents.events(self._store, self._gate.resolve(customer) if customer else None, limit, **query)

    # saved views

    def views(self) -> list[dict[str, Any]]:
        """The saved views by name: name, view, query, made_at."""
        return saved_views.saved(self._store)

    def save_view(self, name: str, view: str, query: Mapping[str, str]) -> None:
        """Keep a view with its filters under a name."""
        saved_views.save(self._store, name, view, query, epoch(self.now))

    def drop_view(self, name: str) -> None:
        """Forget a saved view."""
        saved_views.drop(self._store, name)

    # using

    def recommend(
        self, customer: str | None = None, purpose: str = "marketing", limit: int | None = None
    ) -> list[Card]:
        """Interaction cards for one customer or for all that the purpose may see."""
        found = self._gate.resolve(customer) if customer else None
        return card_pages.give_out(self._store, self._gate, self._con().con, purpose, self.now, found, limit)

    def make_cards(self, purpose: str = "marketing", progress: Progress = _silent) -> dict[str, int]:
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
        return used_cards.use(self._store, purpose, self.now, [self._gate.resolve(one) for one in customers])

    def effect(self, changes: Sequence[Mapping[str, Any]], purpose: str = "marketing") -> list[Effect]:
        """What changes would do to scores and cards; nothing is written."""
        return effect.effect(self._store, self._gate, self._con().con, changes, purpose, self.now)

    def outcome(self, file: str | Path) -> dict[str, Any]:
        """Record what came of cards: a file with card, time, result and value."""
        return outcomes.load(self._store, _existing([file])[0], self.now)

    def outcomes(self, customer: str | None = None, limit: int | None = 100, **query: Any) -> list[dict[str, Any]]:
        """What came of cards, newest first: see `pipeline.chronicle.outcomes` for since and until."""
        return chronicle.outcomes(self._store, self._gate.resolve(customer) if customer else None, limit, **query)

    def evaluate(self, truth: str | Path | None = None) -> dict[str, Any]:
        """Accuracy against a world's truth, and the value of the policy from outcomes."""
        path = _existing([truth])[0] if truth else None
        return evaluate.evaluate(self._store, self._gate, self._con(), path, self.now)

    def export(self, what: str, purpose: str, to: str | Path, progress: Progress = _silent) -> ExportReport:
        """Write profiles, recommendations or an audience as csv, parquet, json or xlsx."""
        return export.export(self._store, self._gate, self._con(), what, purpose, Path(to), self.now, progress)

    def verify(self, repair: bool = False, explain: bool = False) -> dict[str, Any]:
        """Whether the store is whole, and its state hash; `explain` adds the digest of each part."""
        found = verify.verify(self._store, self.now, repair)
        return found if explain else {name: value for name, value in found.items() if name != "parts"}

    def wipe(self, progress: Progress = _silent) -> None:
        """Empty the store, for a demonstration that starts anew; the receipts stay."""
        with self._store.turn("emptying the store", lambda told: progress(told, 0, None)):
            wipe(self._store)

    def backup(self, to: str | Path) -> dict[str, Any]:
        """Write store and lake as they stand at one moment to a file, also while others load and build."""
        return backups.backup(self._store, Path(to), epoch(self.now))

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def _recipe_folders(self) -> list[Path]:
        return [self.root / "recipes", *recipe_folders()]

    def _recipe(self, recipe: str | Recipe | None, first: Path) -> Recipe:
        if isinstance(recipe, Recipe):
            return recipe
        if recipe is not None:
            return load_recipe(recipe, self._recipe_folders())
        found = recognise(first, self.recipes())
        if found is None:
            raise BadInput(
                f"No recipe recognises {first.name}. Look at the proposed mapping with "
                f"`insight load {first.name} --source NAME --propose FILE.toml`, then load with `--recipe FILE.toml`."
            )
        return found

    def _take_back(self, batches: set[int], dry_run: bool, progress: Progress) -> dict[str, Any]:
        changes = unload.unload(self._store, batches, epoch(self.now), dry_run)
        told: dict[str, Any] = {"batches": sorted(batches), "dry_run": dry_run, "rows": changes}
        if not dry_run and self._store.lake.listed("snapshot"):
            report = self.build(progress=progress)
            told |= {"customers": report.customers, "changed": report.changed}
        return told

    def _fixed(self, done: list[Change]) -> list[Change]:
        self._refresh([one.customer for one in done])
        return done

    def _turned(self, rows: Sequence[Any], action: str) -> list[Change]:
        self._refresh(list(undoing.holders(self._store, rows).values()))
        return undoing.told(self._store, self._gate, rows, action, epoch(self.now))

    def _refresh(self, found: Sequence[str]) -> None:
        refreshing.refresh(self._store, epoch(self.now), sorted(set(found)))

    def _con(self) -> Any:
        if self._duck is None:
            self._duck = self._store.ibis()
        return self._duck


def _existing(files: Sequence[str | Path]) -> list[Path]:
    paths = [Path(one) for one in files]
    for path in paths:
        if not path.is_file():
            raise BadInput(f"There is no file {path}.")
    if not paths:
        raise BadInput("Name at least one file to load.")
    return paths
