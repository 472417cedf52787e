"""Intake: files become rows of a dataset, by a recipe; what cannot be read is quarantined."""

from insight_core.intake.parse import Parsed, parse
from insight_core.intake.recipe import Recipe
from insight_core.intake.recipe_text import recipe_text
from insight_core.intake.recipes import load_recipe, recipes, recognise
from insight_core.intake.suggest import suggest

__all__ = ["Parsed", "Recipe", "load_recipe", "parse", "recipe_text", "recipes", "recognise", "suggest"]
