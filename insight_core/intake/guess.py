"""Guess: which column fills which field, how, why, and how sure."""

import re
from dataclasses import replace

from insight_core.intake.codes import value_map
from insight_core.intake.dates import iso, likely_formats
from insight_core.intake.examples import by_example
from insight_core.intake.recipe import Spec
from insight_core.intake.scan import connected
from insight_core.intake.shapes import number_example, share
from insight_core.intake.synonyms import WHOLE_NAMES, folded, synonyms
from insight_core.intake.table import Table
from insight_core.intake.targets import is_special, kind_of
from insight_core.intake.values import DEFAULT_NULLS

# The one way of writing a day with figures that nobody reads otherwise.
_YEAR_FIRST = "%Y-%m-%d"
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
# A part of a header that alone does not say what the column holds: "Last Login" is no family name.
_SAYS_LITTLE = ("name", "number", "last", "first")
# The shape that a type or a field asks for, and the share of the values that must have it.
_SHAPES = {
    "money": ("number", 0.9),
    "ratio": ("number", 0.9),
    "integer": ("number", 0.9),
    "boolean": ("yes/no", 0.9),
    "email": ("e-mail", 0.5),
    "phone": ("phone", 0.5),
}


def guesses(table: Table, dataset: str) -> dict[str, Spec]:
    """The best guess for each target, keys among them, in the order of the file's columns."""
    best: dict[str, Spec] = {}
    for number, column in enumerate(table.columns):
        values = [one.strip() for one in table.column(number) if one.strip() not in DEFAULT_NULLS]
        found = _guess(dataset, column, values)
        if found is not None:
            target, made = found
            held = best.get(target)
            if held is None or (held.confidence or 0) < (made.confidence or 0):
                best[target] = made
    return best


def fitting(dataset: str, target: str, column: str, values: list[str]) -> Spec:
    """How a column is read that a person says fills the target; as it stands where its values do not look like it."""
    plain = Spec(column=column, reason="chosen", confidence=0.95)
    return _read(dataset, target, plain, values) or plain


def _guess(dataset: str, column: str, values: list[str]) -> tuple[str, Spec] | None:
    named = _by_name(dataset, column)
    if named is None and dataset == "parties" and values and share(values, "e-mail") > 0.8:
        named = ("email", 0.75, "most values are e-mail addresses")
    if named is None or (named[0] not in ("key", "counterpart") and is_special(dataset, named[0])):
        return None
    target, confidence, reason = named
    spec = Spec(column=column, reason=reason, confidence=confidence)
    if target in ("key", "counterpart"):
        return target, spec
    read = _read(dataset, target, spec, values)
    return None if read is None else (target, read)


def _by_name(dataset: str, column: str) -> tuple[str, float, str] | None:
    known, name = synonyms(dataset), folded(column)
    if name in known:
        return known[name], 0.95, f"the header {column!r} is a name for it"
    if dataset == "parties" and name in WHOLE_NAMES:
        return None  # it is taken apart as a whole: "Name, Vorname" is no first name
    words = _WORD.findall(column)
    for size in range(len(words) - 1, 0, -1):
        for part in ("".join(words[-size:]).lower(), "".join(words[:size]).lower()):
            if len(part) > 3 and part in known and part not in _SAYS_LITTLE:
                return known[part], 0.6 + 0.05 * size, f"the header {column!r} holds a name for it"
    return None


def _read(dataset: str, target: str, spec: Spec, values: list[str]) -> Spec | None:
    """The spec with what its type needs; None when the values cannot be that type."""
    if not values:
        return replace(spec, confidence=0.4, reason=spec.reason + "; no value was seen")
    kind, _ = kind_of(dataset, target)
    if kind in ("date", "instant"):
        return _dated(spec, values, kind)
    if kind == "choice":
        return _chosen(dataset, target, spec, values)
    if kind in ("money", "ratio", "integer"):
        spec = replace(spec, number=number_example(values))
    shape, least = _SHAPES.get(kind) or _SHAPES.get(target) or ("", 0.0)
    return _shaped(spec, values, shape, least) if shape else spec


def _shaped(spec: Spec, values: list[str], shape: str, least: float) -> Spec | None:
    fits = share(values, shape)
    return _sure(spec, fits, f"{fits:.0%} of the values look like {shape}") if fits >= least else None


def _sure(spec: Spec, fits: float, reason: str) -> Spec:
    confidence = min(0.99, (spec.confidence or 0.5) * (0.4 + 0.6 * fits) + 0.04)
    return replace(spec, confidence=round(confidence, 2), reason=f"{spec.reason}; {reason}")


def _dated(spec: Spec, values: list[str], kind: str) -> Spec | None:
    if all(iso(one) for one in values):
        return _sure(spec, 1.0, "all values are ISO dates")
    if kind == "instant" and all(re.fullmatch(r"1?\d{9}(\d{3})?", one) for one in values):
        form = "epoch_ms" if len(values[0]) > 10 else "epoch"
        return _sure(replace(spec, format=(form,)), 1.0, "the values count seconds since 1970")
    with connected() as engine:
        counts = likely_formats(engine, values)
    # A year that comes first is read in one way only, beside whatever the others are written in.
    beside = (_YEAR_FIRST,) if counts.pop(_YEAR_FIRST, 0) else ()
    whole = [one for one, count in counts.items() if count == max(counts.values())]
    if not whole:
        return None
    if len(whole) == 1:
        formats = (*whole, *beside)
        known = (counts[whole[0]] + sum(map(iso, values)) * len(beside)) / len(values)
        return _sure(replace(spec, format=formats), known, f"written as {by_example(formats)}")
    reason = f"written as {by_example(whole[:3])}: all of the column is looked at, or state a format"
    return replace(spec, confidence=0.5, reason=f"{spec.reason}; {reason}")


def _chosen(dataset: str, target: str, spec: Spec, values: list[str]) -> Spec | None:
    made, unknown = value_map(dataset, target, values)
    if len(unknown) > 20:
        return None
    if unknown:
        reason = f"{spec.reason}; map these yourself: {', '.join(unknown[:5])}"
        return replace(spec, map=made, confidence=0.3, reason=reason)
    return _sure(replace(spec, map=made), 1.0, "every value seen is known")
