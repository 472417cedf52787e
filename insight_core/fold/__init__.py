"""The fold: which evidence gives each field its value, and what speaks against it."""

from insight_core.fold.choose import choose, choose_each
from insight_core.fold.consents import consent_states
from insight_core.fold.oppose import oppose
from insight_core.fold.versions import attach_interactions, attach_usage, party_versions

__all__ = ["attach_interactions", "attach_usage", "choose", "choose_each", "consent_states", "oppose", "party_versions"]
