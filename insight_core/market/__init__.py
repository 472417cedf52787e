"""Market figures: what is published about areas and industries, matched to customers."""

from insight_core.market.figures import figures_of
from insight_core.market.matching import first_rows, plain

__all__ = ["figures_of", "first_rows", "plain"]
