"""Mistakes: how a value that is written down wrongly differs from the true one, and how a right one is restyled."""

import numpy as np

from insight_core.demo.chance import Bools, Ints, Rng, Words, words
from insight_core.demo.pools import plain_letters
from insight_core.demo.values import Track

# Texts that people type; any other value that is wrong is the one of somebody else.
TYPED = ("given_name", "family_name", "organisation_name", "email", "phone", "street", "city", "postal_code")
RESTYLED = ("given_name", "family_name", "organisation_name", "street", "city", "occupation", "employer")
LETTERS = "etaoinsrhldcum"


def mistaken(rng: Rng, track: Track, right: Words, codes: Ints, who: Ints) -> tuple[Words, Bools]:
    """The texts with those of `who` made wrong, and which really came out different."""
    made, hit = right.copy(), np.zeros(len(right), dtype=bool)
    if track.field in TYPED:
        made[who] = [_typo(rng, track.field, one) for one in right[who]]
    elif track.field == "birth_date":
        made[who] = [_other_day(rng, one) for one in right[who]]
    else:
        made[who] = track.read(codes[rng.integers(0, len(codes), len(who))])
    hit[who] = made[who] != right[who]
    return made, hit


def _typo(rng: Rng, field: str, text: str) -> str:
    if field == "phone" or (field in ("street", "postal_code") and rng.random() < 0.6):
        return _other_digit(rng, text)
    end = text.index("@") if field == "email" else len(text)
    # The first letter is nearly always right, and a slip at the very end of a name looks like another name.
    at = int(rng.integers(1, max(end - 1, 2)))
    kind = rng.integers(0, 3)
    if kind == 0:
        made = text[:at] + text[at + 1 :]
    elif kind == 1:
        made = text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]
    else:
        made = text[:at] + LETTERS[int(rng.integers(0, len(LETTERS)))] + text[at + 1 :]
    return made if " @" not in made else text


def _other_digit(rng: Rng, text: str) -> str:
    places = [place for place, one in enumerate(text) if one.isdigit()][-7:]
    if not places:
        return text
    at = places[int(rng.integers(0, len(places)))]
    digit = (int(text[at]) + int(rng.integers(1, 10))) % 10
    return text[:at] + str(digit) + text[at + 1 :]


def _other_day(rng: Rng, text: str) -> str:
    """Day and month swapped where that gives a date, else a year beside."""
    year, month, day = text.split("-")
    if int(day) <= 12 and day != month and rng.random() < 0.7:
        return f"{year}-{day}-{month}"
    beside = int(year) + (1 if rng.random() < 0.5 else -1)
    return f"{beside}-{month}-{'28' if (month, day) == ('02', '29') else day}"


def restyled(rng: Rng, field: str, texts: Words, share: float) -> Words:
    """Some of the texts in capitals, abbreviated or without accents: another spelling of the same value."""
    if field not in RESTYLED:
        return texts
    made, who = texts.copy(), np.flatnonzero(rng.random(len(texts)) < share)
    made[who] = words(
        [_restyle(int(kind), one) for kind, one in zip(rng.integers(0, 3, len(who)), texts[who], strict=True)]
    )
    return made


def _restyle(kind: int, text: str | None) -> str | None:
    if text is None or kind == 0:
        return text and text.upper()
    if kind == 1:
        return "".join(f"{plain_letters(one)}" if one.islower() else plain_letters(one).upper() for one in text)
    for long, short in (("straße", "str."), ("Straße", "Str."), ("Street", "St"), ("Road", "Rd"), ("avenue", "av.")):
        text = text.replace(long, short)
    return text
