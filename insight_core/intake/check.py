"""Check: a recipe against the catalogue, and against the table that it is to read."""

import re
from difflib import get_close_matches

from insight_core.catalogue import LISTED, METHODS
from insight_core.errors import BadInput, NotFound
from insight_core.intake import values as v
from insight_core.intake.reasons import Reason, told
from insight_core.intake.recipe import Recipe, Spec
from insight_core.intake.synonyms import folded, synonyms
from insight_core.intake.table import Table
from insight_core.intake.targets import is_special, targets
from insight_core.records.datasets import ABOUT_A_PARTY, DATASETS, REQUIRED, payload

BASES = (
    "contract",
    "consent",
    "explicit_consent",
    "legitimate_interest",
    "legal_obligation",
    "vital_interest",
    "public_task",
)


def check_recipe(recipe: Recipe) -> None:
    """Raise NotFound or BadInput for a recipe that cannot fill its dataset lawfully."""
    if recipe.dataset not in DATASETS:
        raise NotFound("dataset", recipe.dataset, DATASETS)
    for name in (*recipe.columns, *recipe.constants):
        if name not in payload(recipe.dataset):
            raise _no_column(recipe.dataset, name)
    _check_terms(recipe)
    _check_required(recipe)
    for spec in recipe.columns.values():
        _check_spec(spec)


def _no_column(dataset: str, name: str) -> NotFound:
    """What people call a column counts before what is spelt like it."""
    known, means = payload(dataset), synonyms(dataset).get(folded(name))
    return NotFound(f"column of {dataset}", name, known, likely=means if means in known else None, listed=LISTED)


def _check_terms(recipe: Recipe) -> None:
    if recipe.method not in METHODS:
        raise NotFound("method", recipe.method, METHODS)
    if recipe.basis not in BASES:
        raise NotFound("lawful basis", recipe.basis, BASES)
    named = {**recipe.columns, **recipe.constants}
    special = [name for name in named if is_special(recipe.dataset, name)]
    if special and recipe.basis != "explicit_consent" and "basis" not in named:
        message = (
            f"The recipe {recipe.name!r} fills {special[0]!r}, a special category of personal data, "
            f'on the basis {recipe.basis!r}: it needs basis = "explicit_consent".'
        )
        raise BadInput(message, Reason.SPECIAL_WITHOUT_CONSENT)


def _check_required(recipe: Recipe) -> None:
    about = recipe.dataset in ABOUT_A_PARTY
    filled = {one.name for one in targets(recipe)}
    needed = [name for name in REQUIRED[recipe.dataset] if name not in filled]
    if about and "party_key" not in filled:
        needed.append("key")
    if needed:
        message = f"The recipe {recipe.name!r} does not fill {needed[0]!r}, which every row of {recipe.dataset} needs."
        raise BadInput(message, Reason.BAD_RECIPE)


def _check_spec(spec: Spec) -> None:
    if spec.number:
        v.number_marks(spec.number)
    if spec.pattern:
        try:
            groups = re.compile(spec.pattern).groups
        except re.error as problem:
            raise BadInput(f"The pattern {spec.pattern!r} is wrong: {told(problem)}.", Reason.BAD_RECIPE) from None
        if groups != 1:
            message = f"The pattern {spec.pattern!r} must have one group, the part to take."
            raise BadInput(message, Reason.BAD_RECIPE)


def fitted(recipe: Recipe, table: Table) -> None:
    """Raise BadInput, naming the nearest column, when the table lacks one that the recipe reads."""
    for name in recipe.inputs:
        if name not in table.columns:
            raise BadInput(f"{table.name} {_lacking(name, table)}", Reason.MISSING_COLUMN)


def _lacking(name: str, table: Table) -> str:
    twice = [one for one in table.columns if re.fullmatch(re.escape(name) + r" \(\d+\)", one)]
    if twice:
        named = " and ".join(repr(one) for one in twice)
        return f"has the column {name!r} {len(twice)} times; they are read as {named}: name the one you mean."
    near = get_close_matches(name, table.columns, n=1)
    shown = ", ".join(table.columns[:12]) + (", …" if len(table.columns) > 12 else "")
    hint = f"Did you mean {near[0]!r}?" if near else f"It has: {shown}."
    return f"has no column {name!r}, which the recipe reads. {hint}"
