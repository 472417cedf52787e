"""Preferred channel: ours beside the most frequent one and beside the likelihood under the true rates."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from insight_core.recommend.evaluation.base import Base
from insight_core.recommend.evaluation.figure import Figure, figure
from insight_core.recommend.evaluation.world_truth import WorldTruth

Array = NDArray[Any]
ANSWERED = ("opened", "clicked", "replied", "accepted", "completed")


def preferred_channel_top1(truth: WorldTruth, base: Base) -> Figure:
    """Share of the customers with a contact whose preferred channel is told right; each counts once, silence is wrong.

    naive: the channel of most of their contacts. ours: the field `preferred_channel`. oracle: the likeliest one given
    every contact, by the true chances of a channel chosen and of an answer given (naive Bayes over contacts).
    """
    about = base.interactions["customer_id"]
    who = pd.concat([truth.once(base, kind, among=about) for kind in ("person", "organisation")])
    judged = who[["customer_id", "preferred_channel"]].rename(columns={"preferred_channel": "right"})
    judged = judged.sort_values("customer_id", ignore_index=True)
    if judged.empty:
        return figure(None, None, None)
    ours = judged.merge(base.snapshot[["customer_id", "preferred_channel"]], on="customer_id", how="left")
    guesses = (ours["preferred_channel"], _most_frequent(base, judged), _likeliest(truth, base, judged))
    right = judged["right"].to_numpy(dtype=object)
    return figure(*(float((guess.to_numpy(dtype=object) == right).mean()) for guess in guesses))


def _most_frequent(base: Base, judged: pd.DataFrame) -> pd.Series:
    counts = base.interactions.groupby(["customer_id", "channel"], as_index=False).size()
    best = counts.sort_values(["customer_id", "size", "channel"], ascending=[True, False, True])
    return judged.merge(best.drop_duplicates("customer_id"), on="customer_id", how="left")["channel"]


def _likeliest(truth: WorldTruth, base: Base, judged: pd.DataFrame) -> pd.Series:
    rates = truth.rates["channels"]
    names = list(rates["prior"])
    seen = base.interactions[base.interactions["channel"].isin(names)].merge(judged, on="customer_id")
    place = np.searchsorted(judged["customer_id"].to_numpy(dtype=str), seen["customer_id"].to_numpy(dtype=str))
    score = np.tile(np.log([rates["prior"][one] + 1e-9 for one in names]), (len(judged), 1))
    inbound = (seen["direction"] == "inbound").to_numpy()
    answered = seen["outcome"].isin(ANSWERED).to_numpy()
    channel = pd.Categorical(seen["channel"], categories=names).codes
    chosen = _logs(rates["inbound"], names)
    answer = _table(rates["answered"], names)
    told = np.where(answered[:, None], np.log(answer + 1e-9).T[channel], np.log(1 - answer + 1e-9).T[channel])
    np.add.at(score, place, np.where(inbound[:, None], chosen.T[channel], told))
    return pd.Series(np.array(names, dtype=object)[score.argmax(axis=1)])


def _table(chances: dict[str, dict[str, float]], names: list[str]) -> Array:
    """Rows by preferred channel, columns by the channel of the contact."""
    return np.array([[chances[liked][one] for one in names] for liked in names])


def _logs(chances: dict[str, dict[str, float]], names: list[str]) -> Array:
    return np.log(_table(chances, names) + 1e-9)
