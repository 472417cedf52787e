"""Intake: files become rows of a dataset, by a recipe; what cannot be read is quarantined."""

from insight_core.intake.always import always, unsaid
from insight_core.intake.confirm import Choice, columns, confirmed
from insight_core.intake.meanings import meanings, translated
from insight_core.intake.parse import Also, Parsed, parse
from insight_core.intake.recipe import Recipe, parse_recipe
from insight_core.intake.recipe_text import recipe_text
from insight_core.intake.recipes import keep_recipe, load_recipe, recipes, recognise
from insight_core.intake.suggest import suggest

__all__ = [
    "Also",
    "Choice",
    "Parsed",
    "Recipe",
    "always",
    "columns",
    "confirmed",
    "keep_recipe",
    "load_recipe",
    "meanings",
    "parse",
    "parse_recipe",
    "recipe_text",
    "recipes",
    "recognise",
    "suggest",
    "translated",
    "unsaid",
]
