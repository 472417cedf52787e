"""Recipes: found in directories, loaded by name, and recognised by the columns of a file."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from insight_core.errors import BadInput, Conflict, NotFound
from insight_core.intake.open import open_tables
from insight_core.intake.reasons import Reason, told
from insight_core.intake.recipe import Recipe, parse_recipe


def recipes(directories: Iterable[Path]) -> list[Recipe]:
    """Every recipe in the directories, by name; an earlier directory's recipe hides a later one of the same name."""
    found: dict[str, Recipe] = {}
    for directory in directories:
        for path in sorted(directory.glob("*.toml")):
            found.setdefault(path.stem, _read(path))
    return [found[name] for name in sorted(found)]


def load_recipe(name_or_path: str | Path, directories: Iterable[Path]) -> Recipe:
    """The recipe of that name or in that file; raises NotFound with the nearest name, BadInput for a wrong one."""
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        return _read(path)
    known = {one.stem: one for directory in reversed(list(directories)) for one in directory.glob("*.toml")}
    if str(name_or_path) not in known:
        raise NotFound("recipe", str(name_or_path), known)
    return _read(known[str(name_or_path)])


def recognise(path: Path, known: Iterable[Recipe]) -> Recipe | None:
    """The recipe whose `recognise` columns the file has; the one that asks for most wins, None when none fits."""
    with TemporaryDirectory() as unpacked:
        columns = [set(table.columns) for table in open_tables(path, None, Path(unpacked))]
    fitting = [one for one in known if one.recognise and any(set(one.recognise) <= have for have in columns)]
    return max(fitting, key=lambda one: (len(one.recognise), one.name), default=None)


def keep_recipe(recipe: Recipe, folder: Path, others: Iterable[Path]) -> str:
    """Write the recipe into the folder under its name, made fit for a file; gives that name.

    It takes the place of one there of that name that knows the same columns. Raises Conflict when another recipe
    has the name.
    """
    name = re.sub(r"[^a-z0-9]+", "-", recipe.name.lower()).strip("-")[:60] or "recipe"
    text = replace(recipe, name=name).text()
    for path in (one / f"{name}.toml" for one in (folder, *others)):
        if path.exists() and path.read_text(encoding="utf-8") != text and not _alike(path, recipe, folder):
            raise Conflict(f"There is a recipe called {name!r} already. Choose another name for this one.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return name


def _alike(path: Path, recipe: Recipe, folder: Path) -> bool:
    known = _read(path)
    return path.parent == folder and (known.dataset, known.recognise) == (recipe.dataset, recipe.recognise)


def _read(path: Path) -> Recipe:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The recipe {path} cannot be read: {told(problem)}.", Reason.BAD_RECIPE) from None
    return parse_recipe(text, path.stem)
