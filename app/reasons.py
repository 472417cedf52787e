"""Reasons: what a card argues with, as sentences of the trade."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from app import text, words

Reason = Mapping[str, Any]

# kind of customer and its life stage or direction: who is compared with whom
_SEGMENTS = {
    "young_single": "young singles",
    "young_couple": "young couples",
    "family_young_children": "families with young children",
    "family_older_children": "families with older children",
    "single_parent": "single parents",
    "empty_nest": "parents whose children have left home",
    "established": "people of middle age without children at home",
    "retired": "retired people",
    "growing": "growing firms",
    "shrinking": "shrinking firms",
    "flat": "firms that stay as they are",
}
_REST = {"person": "people whose life stage is not known", "organisation": "firms whose direction is not known"}

# Facts counted in days, whose age is what they say: each as a sentence around the span of time.
_DAYS = {
    "contact_gap_days": "in contact about every {}",
    "order_gap_days": "orders about every {}",
    "email_days": "the e-mail address was told {} ago",
    "customer_days": "a customer for {}",
    "anniversary_days": "the anniversary was {} ago",
    "event_days": "that was {} ago",
    "quiet_days": "no contact for {}",
}
# dimension: what the customer did, and did not do, with some of the contacts
_OWN = {
    "channel": ("answered {} this way", "did not answer {} this way"),
    "window": ("began {} at this time", "did not begin {} at this time"),
    "tone": ("answered or was pleased by {} in this tone", "neither answered nor was pleased by {} in this tone"),
}
_COUNTED = re.compile(r"(\d+) of (\d+) [^;]+; (\d+%) is usual for (\S+)")
_USUAL = re.compile(r"(\S+) is usual for (\S+)")
_LEVEL = re.compile(r"(\S+): (\d+) more of the .+ would put it level")
_FITS_TOO = re.compile(r"(\w+): it fits too and comes first where (\w+) does not fit")
LITTLE = re.compile(r"(\S+): better by what is known, but that is too little to be sure")
MAY = re.compile(r"(\S+) may be better, but the gain is not sure")
_NEXT = "next best"
DOUBTED = "default, not enough evidence"


def told(one: Reason) -> str:
    """One reason as a sentence."""
    say = _SAY.get(one["fact"], _fact)
    said = say(one)
    return said[:1].upper() + said[1:]


def name(fact: str) -> str:
    """What a reason is called beside its weight."""
    return _NEXT if fact == "runner-up" else text.words(fact)


def _fact(one: Reason) -> str:
    fact, value, days = one["fact"], one.get("value"), one.get("age_days")
    if fact in _DAYS and value is not None:
        return _DAYS[fact].format(text.span(max(round(float(value)), 0)))
    name = words.name_of(fact)
    if value is None:
        return f"{name} is not known"
    return f"{name}: {words.told(fact, str(value))}{_newest(days)}"


def _newest(days: int | None) -> str:
    return "" if days is None else f" (newest evidence {text.days_ago(int(days))})"


def _own(one: Reason) -> str:
    found = _COUNTED.fullmatch(str(one["value"]))
    if found is None:
        return _fact(one)
    did, did_not = _OWN[one["dimension"]]
    hits, tries = int(found[1]), int(found[2])
    usual = f"; {found[3]} is usual for {segment(found[4])}"
    return (did if hits else did_not).format(_some(hits, tries)) + usual + _newest(one.get("age_days"))


def _some(hits: int, tries: int) -> str:
    if tries == 1:
        return "the only contact"
    some = f"all {tries:,}" if hits == tries else f"any of {tries:,}" if hits == 0 else f"{hits:,} of {tries:,}"
    return f"{some} contacts"


def segment(code: str) -> str:
    """Who is compared with whom: `person/young_single` as `young singles`."""
    kind, _, part = code.partition("/")
    return _SEGMENTS.get(part) or _REST.get(kind, "customers of whom little is known")


def arm(dimension: str, code: str) -> str:
    """What could have been advised, as words: a time as hours of the day."""
    first, _, last = code.partition("-")
    hours = dimension == "window" and first.isdigit() and last.isdigit()
    return f"{int(first)} to {int(last)} h" if hours else text.words(code)


def _arms(pattern: re.Pattern[str], say: str) -> Callable[[Reason], str]:
    """A sentence around what the value names: what could have been advised, and the second part of it."""

    def sentence(one: Reason) -> str:
        found = pattern.fullmatch(str(one["value"]))
        if found is None:
            return f"{words.readable(one['fact'])}: {words.readable(str(one['value']))}"
        first, second = found[1], found[2] if found.re.groups > 1 else ""
        rest = segment(second) if "/" in second else text.words(second)
        return say.format(arm(one["dimension"], first), rest)

    return sentence


def _default(one: Reason) -> str:
    value = str(one["value"])
    if value.startswith("best among "):
        return f"does best among {segment(value.removeprefix('best among '))}"
    return words.readable(value)


def _runner_up(one: Reason) -> str:
    value = str(one["value"])
    if found := _LEVEL.fullmatch(value):
        contacts = text.plural(int(found[2]), "better contact")
        return f"{_NEXT}: {arm(one['dimension'], found[1])}, level after {contacts}"
    for pattern, say in _RUNNERS.items():
        if pattern.fullmatch(value):
            return _arms(pattern, say)(one)
    return f"{_NEXT}: {words.readable(value)}"


def _only(one: Reason) -> str:
    return f"{arm(one['dimension'], str(one['value']))} is the only one that is open"


def _hours(one: Reason) -> str:
    return f"is reached best from {arm('window', str(one['value']))}{_newest(one.get('age_days'))}"


def _preferred(one: Reason) -> str:
    return f"uses and answers {text.words(one['value'])} most{_newest(one.get('age_days'))}"


def _more_special(one: Reason) -> str:
    return f"nothing more special fits: {words.readable(text.lowered(str(one['value'])))}"


def _complaint(one: Reason) -> str:
    return f"a complaint is open{_newest(one.get('age_days'))}"


_RUNNERS = {
    _FITS_TOO: _NEXT + ": {}, where {} does not fit",
    LITTLE: _NEXT + ": {}, which may be better, but too little is known to be sure",
}
_SAY: dict[str, Callable[[Reason], str]] = {
    "own contacts": _own,
    "preferred_channel": _preferred,
    "preferred_hours": _hours,
    "the only eligible one": _only,
    "better than the default": _arms(_USUAL, "clearly better than {}, which is usual for {}"),
    DOUBTED: _arms(MAY, "the usual one; {} may be better, but that is not sure yet"),
    "default": _default,
    "tried on purpose": lambda one: f"tried on purpose: {one['value']}",
    "runner-up": _runner_up,
    "nothing more special fits": _more_special,
    "open_complaint": _complaint,
}
