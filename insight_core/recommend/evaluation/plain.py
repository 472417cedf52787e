"""Plain text of values, so that one value spelled in two ways counts as the same."""

import json
import unicodedata
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.catalogue import field
from insight_core.records.datasets import MICRO

_SHORT = (("straße", "str."), ("strasse", "str."), ("street", "st"), ("road", "rd"), ("avenue", "av."))


def plain_values(name: str, values: pd.Series) -> NDArray[Any]:
    """The stored values of a field as plain text; None where nothing is known."""
    made = np.full(len(values), None, dtype=object)
    known = values.notna().to_numpy()
    shape = field(name).type
    made[known] = [_plain(name, shape, one) for one in values[known].tolist()]
    return made


def plain_truth(name: str, values: pd.Series) -> NDArray[Any]:
    """The true values of a field, which the truth file holds as text, in the same plain text."""
    shape = field(name).type
    if shape in ("money", "ratio"):
        return np.array([str(round(float(one) * MICRO)) for one in values], dtype=object)
    return np.array([_plain(name, shape, one) for one in values], dtype=object)


def _plain(name: str, shape: str, value: Any) -> str:
    if shape in ("money", "ratio", "integer"):
        return str(int(value))
    if shape == "date":
        return str(value)[:10]
    if shape == "boolean":
        return str(value).lower()
    if shape == "list":
        return json.dumps(sorted(json.loads(value) if isinstance(value, str) else value))
    if name == "phone":
        return "".join(one for one in str(value) if one.isdigit()).removeprefix("00")
    return plain_text(str(value))


@cache
def plain_text(text: str) -> str:
    """Small letters without accents, long forms shortened, blanks and marks dropped."""
    # The sharp s has its own small form that folding would lose: shorten first.
    small = text.lower()
    for long, short in _SHORT:
        small = small.replace(long, short)
    bare = unicodedata.normalize("NFKD", small.casefold())
    return "".join(one for one in bare if one.isalnum() or one == "@")


def one_slip(one: str, other: str) -> bool:
    """Whether the texts differ by one letter changed, lost, added or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[2:] == b[2:] and a[:2] == b[1::-1])
