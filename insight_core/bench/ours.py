"""The same work by the workbench, through its public face; each gives its seconds."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import insight_core as ic
from insight_core.bench.inputs import NOW, SOURCE, Inputs, recipe, write_more, write_small
from insight_core.bench.timing import each, timed


def contacts(inputs: Inputs) -> float:
    """Load the interactions into an empty store."""
    return _loaded(inputs, inputs.contacts, "interactions")


def parties(inputs: Inputs) -> float:
    """Load the party records into an empty store."""
    return _loaded(inputs, inputs.parties, "parties")


def first_build(inputs: Inputs) -> float:
    """Build where nothing is built yet: everything is computed, and everything written."""
    with TemporaryDirectory(dir=inputs.folder) as folder:
        return timed(_open(shutil.copytree(inputs.unbuilt, Path(folder) / "store")).build)


def incremental(inputs: Inputs, name: str) -> float:
    """Build after a load that reaches one customer in a hundred; the load itself is not counted."""
    workspace = _open(inputs.store)
    workspace.load([write_more(inputs, name)], SOURCE, recipe=recipe(name))
    return timed(workspace.build)


def profile(inputs: Inputs) -> float:
    """The median of profiles with their evidence, by id."""
    return median(_profiles(inputs))


def slow_profile(inputs: Inputs) -> float:
    """The slowest of a hundred such profiles."""
    took = _profiles(inputs)
    return took[len(took) * 99 // 100]


def timeline(inputs: Inputs) -> float:
    """The median of timelines, by id."""
    workspace = _open(inputs.store)
    return median(each(lambda number: workspace.timeline(inputs.customer(number)), inputs.customers))


def make_cards(inputs: Inputs) -> float:
    """Make every card and keep them: an export of cards that are made is measured, whatever was measured before it."""
    workspace = _open(inputs.store)
    return timed(lambda: workspace.make_cards("customer_care"))


def export(inputs: Inputs, ending: str) -> float:
    """Write every card to a file."""
    workspace = _open(inputs.store)
    return timed(lambda: workspace.export("recommendations", "customer_care", inputs.folder / f"cards.{ending}"))


def recommend(inputs: Inputs) -> float:
    """Make every card, and write them to a file."""
    return export(inputs, "parquet")


def fill(inputs: Inputs) -> float:
    """Make the stores that the other benchmarks begin with: both files loaded, and everything built in one of two."""
    for one in (inputs.store, inputs.unbuilt):
        shutil.rmtree(one, ignore_errors=True)
    workspace = _open(inputs.unbuilt)
    workspace.load([inputs.parties], SOURCE, recipe=recipe("parties"))
    workspace.load([inputs.contacts], SOURCE, recipe=recipe("interactions"))
    workspace.close()
    shutil.copytree(inputs.unbuilt, inputs.store)
    return timed(_open(inputs.store).build)


def begin_twice(inputs: Inputs) -> float:
    """Make two stores that are not built yet, with the same rows: from one load, and from many small ones."""
    whole, parts = write_small(inputs)
    _begin(inputs, "one", [whole])
    return timed(lambda: _begin(inputs, "many", parts))


def after_many(inputs: Inputs) -> float:
    """Build everything that came in many small loads."""
    return _built(inputs, "many")


def after_one(inputs: Inputs) -> float:
    """Build the same from one load."""
    return _built(inputs, "one")


def _begin(inputs: Inputs, name: str, contacts: Sequence[Path]) -> None:
    shutil.rmtree(inputs.folder / name, ignore_errors=True)
    workspace = _open(inputs.folder / name)
    workspace.load([inputs.parties], SOURCE, recipe=recipe("parties"))
    for one in contacts:
        workspace.load([one], SOURCE, recipe=recipe("interactions"))
    workspace.close()


def _built(inputs: Inputs, name: str) -> float:
    with TemporaryDirectory(dir=inputs.folder) as folder:
        store = shutil.copytree(inputs.folder / name, Path(folder) / "store")
        workspace = _open(store)
        return timed(lambda: workspace.build(full=True))


def _profiles(inputs: Inputs) -> list[float]:
    workspace = _open(inputs.store)
    return each(lambda number: workspace.profile(inputs.customer(number)), inputs.customers)


def _loaded(inputs: Inputs, path: Path, name: str) -> float:
    with TemporaryDirectory(dir=inputs.folder) as folder:
        workspace = _open(Path(folder))
        return timed(lambda: workspace.load([path], SOURCE, recipe=recipe(name)))


def _open(store: Path) -> ic.Workspace:
    return ic.open_store(store, now=NOW, door="bench")
