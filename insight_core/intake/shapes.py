"""Shapes: what a column's values look like, whatever its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from insight_core.intake.values import DEFAULT_NULLS, NO, YES


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape and the share (0 to 1) of the values that have it."""

    name: str
    share: float


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?"
    r"|\d{1,2}[-. ]+[A-Za-z]{3,9}[-. ]+\d{2,4}|[A-Za-z]{3,9} \d{1,2}, \d{4}"
)
_NUMBER = re.compile(r"[-+(]?[$€£]?\s?\d+([.,' ]\d{3})*([.,]\d+)?\s?[$€£]?\)?-?")
_PHONE = re.compile(r"\+?[\d(][\d\s()./-]{6,18}\d")
# How names of organisations end, in the countries whose headers are known.
_LEGAL_FORM = re.compile(
    r".*[\s,&](inc|llc|llp|ltd|limited|plc|corp|corporation|company|co|gmbh|mbh|ag|kg|ohg|ug|se|e\.?\s?v"
    r"|s\.?a|s\.?a\.?s|sarl|s\.?l|s\.?r\.?l|s\.?p\.?a|b\.?v|n\.?v|ab|oy|a/s|aps|pty)\.?",
    re.IGNORECASE,
)


def shapes(values: list[str]) -> list[Shape]:
    """The shapes that at least one value has, most common first."""
    known = [one.strip() for one in values if one.strip() not in DEFAULT_NULLS]
    if not known:
        return []
    found = [Shape(name, sum(map(test, known)) / len(known)) for name, test in _TESTS.items()]
    return sorted((one for one in found if one.share > 0), key=lambda one: -one.share)


def share(values: list[str], shape: str) -> float:
    """The share of the values that have the shape."""
    return next((one.share for one in shapes(values) if one.name == shape), 0.0)


def number_example(values: list[str]) -> str | None:
    """An example of the style in which the numbers are written; None when it is plain, or nobody can tell.

    A comma followed by three digits may part thousands or decimals: another value settles it, or nothing does.
    """
    figures = [re.sub(r"[^\d.,]", "", one) for one in values]
    signs = any(re.search(r"[^\d.+\s-]", one.replace(",", "")) for one in values)
    marks = {mark for one in figures for mark in re.findall(r"[.,]", one)}
    if not marks:
        return "1234" if signs else None
    for thousands, decimal in ((",", "."), (".", ",")):
        grouped = re.compile(rf"\d{{1,3}}({re.escape(thousands)}\d{{3}})*({re.escape(decimal)}\d+)?")
        free = re.compile(rf"\d+({re.escape(decimal)}\d+)?")
        if all(grouped.fullmatch(one) or free.fullmatch(one) for one in figures if one):
            if marks == {decimal} and decimal == "." and not signs:
                return None
            return f"1{thousands}234{decimal}56" if thousands in marks else f"1234{decimal}56"
    return None


def _is_word(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: text.lower() in words


_TESTS: dict[str, Callable[[str], bool]] = {
    "e-mail": lambda text: bool(_EMAIL.fullmatch(text)),
    "date": lambda text: bool(_DATE.fullmatch(text)),
    "yes/no": _is_word(YES + NO),
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "organisation": lambda text: bool(_LEGAL_FORM.fullmatch(text)),
    "phone": lambda text: bool(_PHONE.fullmatch(text)) and sum(map(str.isdigit, text)) >= 7,
}
