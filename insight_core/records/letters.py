"""Letters: small ones, the same on every engine."""

from ibis.expr.types import StringValue


def lowered(text: StringValue) -> StringValue:
    """The text in small letters, each by itself."""
    # Java writes a sigma otherwise at a word's end, and two signs for the capital I with a dot.
    return text.replace("Σ", "\u03c3").replace("İ", "i").lower()
