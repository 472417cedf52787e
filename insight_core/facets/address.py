"""Addresses as keys: spellings of one address meet, different addresses do not."""

from ibis.expr.types import StringValue

from insight_core.market import plain
from insight_core.records.letters import lowered

_ACCENTED = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿšžčćđłńśźż"
_BARE = "aaaaaaceeeeiiiinoooooouuuuyyszccdlnszz"

# What the last words of a street are shortened to; read after lower case, without full stops.
_SHORT = {
    "street": "st",
    "avenue": "ave",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "place": "pl",
    "square": "sq",
    "boulevard": "blvd",
    "terrace": "ter",
    "parkway": "pkwy",
    "highway": "hwy",
    "circle": "cir",
    "apartment": "apt",
    "suite": "ste",
    "strasse": "str",
    "straße": "str",
}


def street_key(street: StringValue) -> StringValue:
    """A street with number and unit as a key: case, accents, punctuation and usual abbreviations do not matter."""
    text = _unaccented(lowered(street))
    for word, short in _SHORT.items():
        text = text.replace(word, short)
    return plain(text)


def town_key(city: StringValue) -> StringValue:
    """A town as a key."""
    return plain(_unaccented(lowered(city)))


def _unaccented(text: StringValue) -> StringValue:
    # Most texts have nothing to translate, and looking takes a tenth of translating.
    return text.re_search(f"[{_ACCENTED}]").ifelse(text.translate(_ACCENTED, _BARE), text)
