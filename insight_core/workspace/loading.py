"""Loading: recipes, loads, taking back, and building from what is in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from insight_core.errors import BadInput, NotFound
from insight_core.intake import (
    Choice,
    Recipe,
    always,
    columns,
    confirmed,
    keep_recipe,
    load_recipe,
    meanings,
    recognise,
    suggest,
    translated,
    unsaid,
)
from insight_core.intake import recipes as all_recipes
from insight_core.pipeline import build as building
from insight_core.pipeline import kept, load, preview, unload
from insight_core.records.clock import epoch
from insight_core.records.progress import Progress, silent
from insight_core.records.results import BuildReport, LoadPreview, LoadReport
from insight_core.settings import recipe_folders
from insight_core.workspace.desk import Desk, existing


def _unnamed(first: Path, made: Iterable[Recipe]) -> Recipe | None:
    """Of files that do not name their columns: the one with as many columns that was proposed for a file so called."""
    unnamed = [one for one in made if one.header]
    new = suggest(first) if unnamed else None
    return next((one for one in unnamed if new and (one.name, len(one.header)) == (new.name, len(new.header))), None)


def _waits(progress: Progress, told: str) -> None:
    progress(told, 0, None)


class Loading(Desk):
    """Evidence in and out."""

    def recipes(self) -> list[Recipe]:
        """Every recipe that is known."""
        return all_recipes(self._recipe_folders())

    def keep_recipe(self, recipe: Recipe) -> str:
        """Keep a confirmed recipe in the store under its name, so that the next file of its kind is recognised."""
        return keep_recipe(recipe, self.root / "recipes", recipe_folders())

    def recognised(self, file: str | Path) -> Recipe | None:
        """The recipe that recognises the file by its columns."""
        return recognise(existing([file])[0], self.recipes())

    def suggest(self, file: str | Path, dataset: str | None = None, whole: bool = True) -> Recipe:
        """The recipe that recognises the file, or a proposed mapping that a person confirms.

        With a dataset it is proposed what the file's columns become there. What is not `whole`, and what is of a
        dataset that was named, may lack what a row needs.
        """
        known = None if dataset else self.recognised(file)
        return known or suggest(Path(file), dataset, whole)

    def proposed(self, file: str | Path) -> tuple[Path, Recipe] | None:
        """The mapping that was proposed before for files of this layout, as a person has left it since, and where."""
        first = existing([file])[0]
        made = {path: load_recipe(path, ()) for path in sorted(self.proposals.glob("*.toml"))}
        found = recognise(first, made.values()) or _unnamed(first, made.values())
        return next(((path, one) for path, one in made.items() if one is found), None)

    @property
    def proposals(self) -> Path:
        """Where proposed mappings wait for a person who reads and mends them."""
        return self.root / "proposed"

    def columns(self, file: str | Path, recipe: Recipe) -> list[dict[str, Any]]:
        """The file's columns with samples, and what each becomes by the recipe, why and how sure."""
        return columns(Path(file), recipe)

    def confirmed(
        self,
        file: str | Path,
        recipe: Recipe,
        choices: Sequence[Mapping[str, Any]],
        told: Mapping[str, str] | None = None,
    ) -> Recipe:
        """A proposed recipe as a person leaves it: for each column its target, and the one that was proposed.

        `told` is what was said of all rows, by field: see `unsaid`.
        """
        return confirmed(Path(file), recipe, [Choice(**one) for one in choices], told or {})

    def unsaid(self, recipe: Recipe, filled: Collection[str]) -> list[dict[str, Any]]:
        """What may be said of all rows since no column fills it: field, type, allowed, required, what is said now."""
        return unsaid(recipe, filled)

    def always(self, recipe: Recipe, told: Mapping[str, str]) -> Recipe:
        """The recipe with what a person says of all rows, by field; "" takes a word back."""
        return always(recipe, told)

    def meanings(self, files: Sequence[str | Path], recipe: Recipe) -> list[dict[str, Any]]:
        """What the values of columns stand for that fill a field of a few values: see `intake.meanings`."""
        return meanings(existing(files), recipe)

    def translated(self, recipe: Recipe, told: Mapping[str, Mapping[str, str]]) -> Recipe:
        """The recipe with what a person says that values mean, by field and value; "" means nothing known."""
        return translated(recipe, told)

    def load(
        self, files: Sequence[str | Path], source: str, recipe: str | Recipe | None = None, progress: Progress = silent
    ) -> LoadReport:
        """Load files as one batch; without a recipe one must recognise the first file."""
        paths = existing(files)
        return load.load(self._store, paths, self._recipe(recipe, paths[0]), source, epoch(self.now), progress)

    def preview(
        self, files: Sequence[str | Path], source: str, recipe: str | Recipe | None = None, progress: Progress = silent
    ) -> LoadPreview:
        """What `load` would do."""
        paths = existing(files)
        return preview.preview(self._store, paths, self._recipe(recipe, paths[0]), source, epoch(self.now), progress)

    def unload(self, batch: int, dry_run: bool = False, progress: Progress = silent) -> dict[str, Any]:
        """Take one batch back and bring the profiles up to date."""
        return self._take_back({batch}, dry_run, progress)

    def drop_source(self, name: str, dry_run: bool = False, progress: Progress = silent) -> dict[str, Any]:
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

    def resembling(self, source: str) -> str | None:
        """The known source that a name which is none may mean; None for a known one, and for one like no other."""
        return load.resembling(self._store, source)

    def quarantine(self, batch: int | None = None, limit: int = 1000) -> list[dict[str, Any]]:
        """Rows that were refused: file, line, column, value, code, message, batch."""
        return load.quarantined(self._store, self._con().con, batch, limit)

    def build(self, full: bool = False, engine: str = "duckdb", progress: Progress = silent) -> BuildReport:
        """Bring every profile up to date with evidence and clock; the engine is duckdb, or spark for a cluster."""
        wait = partial(_waits, progress)
        with self._store.turn("a build", wait):
            report = building.build(self._store, epoch(self.now), full, progress, engine)
        kept.warm(self._store, self.now, report.customers)
        return report

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
        changes = unload.unload(self._store, batches, epoch(self.now), dry_run, partial(_waits, progress))
        told: dict[str, Any] = {"batches": sorted(batches), "dry_run": dry_run, "rows": changes}
        if not dry_run and self._store.lake.listed("snapshot"):
            report = self.build(progress=progress)
            told |= {"customers": report.customers, "changed": report.changed}
        return told
