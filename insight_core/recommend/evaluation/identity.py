"""Identity: pairs of records that are one customer, ours beside equal e-mails and beside the true rates."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.recommend.evaluation.base import COMPARED, Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.pairs import groups, most_f1, pairs_within, pairwise_f1
from insight_core.recommend.evaluation.plain import one_slip, plain_values
from insight_core.recommend.evaluation.world_truth import WorldTruth

Array = NDArray[Any]
HALF_YEAR = 182.5 * 86_400
WEIGHED = ("given_name", "family_name", "organisation_name", "birth_date", "email", "phone", "street", "postal_code")
# Records are compared when they share one of these: nearly every true pair does.
BLOCKS = (
    ("email",), ("phone",), ("street", "postal_code"), ("given_name", "family_name"), ("family_name", "birth_date"),
    ("given_name", "birth_date"), ("organisation_name",),
)  # fmt: skip
NEVER_SAME = 1e-4


def identity_f1(truth: WorldTruth, base: Base) -> Figure:
    """Pairwise F1 of party records that are about one entity.

    naive: equal e-mail addresses. ours: equal customer ids. oracle: pairs with a shared block, weighed field by field
    after Fellegi and Sunter ("A Theory for Record Linkage", 1969) with the true rates of mistakes and of change, how
    common each value is and how many pairs the sources should have; those above the threshold with the highest
    expected F1 are joined, and joined groups stay together.
    """
    owned = base.links.merge(truth.records, on=["source", "key"]).merge(
        base.records, on="record_id", suffixes=("", "_r")
    )
    owned = owned.sort_values("record_id", ignore_index=True)
    if len(owned) < 2:
        return figure(None, None, None)
    said = {name: plain_values(name, owned[name]) for name in COMPARED}
    true, ours = pd.factorize(owned["entity_id"])[0], pd.factorize(owned["customer_id"])[0]
    naive = groups(len(owned), *pairs_within(said["email"], len(owned)))
    return figure(*(pairwise_f1(one, true) for one in (ours, naive, _likeliest(truth, owned, said))))


def _likeliest(truth: WorldTruth, owned: pd.DataFrame, said: dict[str, Array]) -> Array:
    first, second = _candidates(said)
    weight = np.full(len(first), _prior(truth, len(owned)))
    at = owned["observed_at"].astype("float64").fillna(truth.now).to_numpy()
    apart = np.abs(at[first] - at[second]) / HALF_YEAR
    for name in WEIGHED:
        weight += _weight(truth, name, said[name], first, second, apart)
    claimed = most_f1(1 / (1 + np.exp(-np.clip(weight, -30, 30))))
    return groups(len(owned), first[claimed], second[claimed])


def _candidates(said: dict[str, Array]) -> tuple[Array, Array]:
    kind = np.array([one or "" for one in said["kind"]], dtype=object)
    parts = [np.column_stack(pairs_within(_joined(said, names))) for names in BLOCKS]
    pairs = np.unique(np.concatenate(parts), axis=0)
    same = kind[pairs[:, 0]] == kind[pairs[:, 1]]
    return pairs[same, 0], pairs[same, 1]


def _joined(said: dict[str, Array], names: tuple[str, ...]) -> Array:
    made = np.empty(len(said[names[0]]), dtype=object)
    rows = zip(*(said[name] for name in names), strict=True)
    made[:] = [None if None in row else "|".join(row) for row in rows]
    return made


def _prior(truth: WorldTruth, records: int) -> float:
    """The log odds that any pair is one entity: pairs that the sources' coverage makes, over all pairs."""
    params = truth.rates["params"]
    cover = [params["coverage"][one] for one in ("crm", "billing", "webshop")]
    each = sum(cover) * (1 + params["second_record_share"])
    matched = (sum(cover) ** 2 - sum(one**2 for one in cover)) / 2 + sum(cover) * params["second_record_share"]
    chance = matched * records / each / (records * (records - 1) / 2)
    return float(np.log(chance / (1 - chance)))


def _weight(truth: WorldTruth, name: str, values: Array, first: Array, second: Array, apart: Array) -> Array:
    """The log likelihood ratio of agreeing, nearly agreeing or differing; nothing where one says nothing."""
    curve = truth.rates["changed_after_half_years"].get(name, [0.0])
    kept = 1 - np.interp(apart, np.arange(len(curve)), curve)
    rates = [by_field[name] for by_field in truth.rates["wrong"].values() if name in by_field]
    slip = float(np.mean(rates)) if rates else 0.0
    codes, known = pd.factorize(values)
    shares = np.bincount(codes[codes >= 0], minlength=len(known)) / max(int((codes >= 0).sum()), 1)
    both = (codes[first] >= 0) & (codes[second] >= 0)
    equal = both & (codes[first] == codes[second])
    near = both & ~equal
    near[near] = [one_slip(values[a], values[b]) for a, b in zip(first[near], second[near], strict=True)]
    equal_weight = np.log(kept * (1 - slip) ** 2 + NEVER_SAME) - np.log(np.maximum(shares[codes[first]], 1e-9))
    near_weight = np.log(kept * slip * (2 - slip) + NEVER_SAME) - np.log(20 * float((shares**2).sum()) + NEVER_SAME)
    other_weight = np.log(1 - kept + kept * slip * 0.05 + NEVER_SAME)
    return np.select([equal, near, both], [equal_weight, near_weight, other_weight], 0.0)
