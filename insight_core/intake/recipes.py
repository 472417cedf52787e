"""Recipes: found in directories, loaded by name, and recognised by the columns of a file."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from insight_core.errors import BadInput, NotFound
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


def _read(path: Path) -> Recipe:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"The recipe {path} cannot be read: {told(problem)}.", Reason.BAD_RECIPE) from None
    return parse_recipe(text, path.stem)
