"""The truth: what a judge may know and the company does not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from insight_core.demo.chance import Ints, Words, words
from insight_core.demo.contacts import CHANNELS
from insight_core.demo.defects import Asserted
from insight_core.demo.lives import Lives
from insight_core.demo.pools import INTERESTS
from insight_core.demo.recorded import Records
from insight_core.demo.stages import STAGES
from insight_core.demo.stories import STORIES
from insight_core.demo.tastes import Tastes
from insight_core.demo.values import Track
from insight_core.demo.write import parquet_bytes, zip_bytes

DIRECTIONS = words(["growing", "flat", "shrinking"])


@dataclass(frozen=True)
class Truth:
    """What is true at the end of the world.

    entities: one row per customer; values: entity_id, field, value (plain text); records: source,
    key, entity_id; cells: source, key, field, state (right, wrong, outdated, missing); stories:
    name, entity_id, tells, keys; rates: the true rates.
    """

    entities: pd.DataFrame
    values: pd.DataFrame
    records: pd.DataFrame
    cells: pd.DataFrame
    stories: pd.DataFrame
    rates: dict[str, Any]


def entity_ids(count: int) -> Words:
    """E000000, E000001 and so on: people first, then organisations."""
    return np.array([f"E{n:06d}" for n in range(count)], dtype=object)


def truth(
    lives: Lives,
    taste: Tastes,
    circle: Ints,
    known: dict[str, Track],
    asserted: dict[str, Asserted],
    rates: dict[str, Any],
) -> Truth:
    """The truth of a world."""
    records = {name: said.records for name, said in asserted.items()}
    return Truth(
        entities=_entities(lives, taste, circle),
        values=_values(lives, known),
        records=_records(lives, records),
        cells=pd.concat([said.cells() for said in asserted.values()], ignore_index=True),
        stories=_stories(lives, records),
        rates=rates,
    )


def write_truth(made: Truth, path: Path) -> None:
    """The truth as a zip of Parquet tables and rates.json."""
    tables = ("entities", "values", "records", "cells", "stories")
    files = {f"{name}.parquet": parquet_bytes(getattr(made, name)) for name in tables}
    files["rates.json"] = (json.dumps(made.rates, indent=1) + "\n").encode("utf-8")
    path.write_bytes(zip_bytes(files))


def story_keys(made: Truth) -> Iterator[dict[str, str]]:
    """Name, source and key of every story's customer, by the first source that knows them."""
    for name, keys in zip(made.stories["name"], made.stories["keys"], strict=True):
        for source, key in list(json.loads(keys).items())[:1]:
            yield {"name": name, "source": source, "key": key}


def _entities(lives: Lives, taste: Tastes, circle: Ints) -> pd.DataFrame:
    people, firms = lives.people.size, lives.size - lives.people.size
    none = np.full(firms, None, dtype=object)
    nobody = np.full(people, None, dtype=object)
    past, params = lives.past, lives.params
    household = words([f"H{one:07d}" for one in past["household"][-1].tolist()])
    interests = [
        json.dumps(sorted({INTERESTS[a], INTERESTS[b]}))
        for a, b in zip(past["first_interest"][-1].tolist(), past["second_interest"][-1].tolist(), strict=True)
    ]
    return pd.DataFrame(
        {
            "entity_id": entity_ids(lives.size),
            "kind": np.repeat(np.array(["person", "organisation"], dtype=object), [people, firms]),
            "life_stage": np.concatenate([words(STAGES)[past["stage"][-1]], none]),
            "stage_since": np.concatenate([_stage_since(lives), none]),
            "household_id": np.concatenate([household, none]),
            "circle_id": np.concatenate([words([f"R{one:06d}" for one in circle.tolist()]), none]),
            "preferred_channel": words(CHANNELS)[taste.channel],
            "preferred_daypart": words(list(params.taste_dayparts))[taste.daypart],
            "preferred_tone": words(list(params.taste_tones))[taste.tone],
            "cadence_days": taste.cadence,
            "direction": np.concatenate([nobody, DIRECTIONS[past["direction"][-1]]]),
            "interests": words(interests),
        }
    )


def _stage_since(lives: Lives) -> Words:
    """The first day of the month in which the present stage began; the world's start when it always held."""
    stage = lives.past["stage"]
    other = stage != stage[-1]
    began = np.where(other.any(axis=0), len(stage) - np.argmax(other[::-1], axis=0), 0)
    days = lives.month_start(began).astype("datetime64[D]")
    return np.datetime_as_string(days).astype(object)


def _values(lives: Lives, known: dict[str, Track]) -> pd.DataFrame:
    parts = []
    everybody = np.arange(lives.size)
    names = pd.CategoricalDtype(list(known))
    ids = pd.CategoricalDtype(entity_ids(lives.size).tolist())
    for name, track in known.items():
        who = everybody[track.applies(everybody < lives.people.size).astype(bool)]
        codes = track.at(np.full(len(who), lives.months), who)
        columns = {
            "entity_id": pd.Categorical.from_codes(who, dtype=ids),
            "field": pd.Categorical.from_codes(np.full(len(who), list(known).index(name)), dtype=names),
            "value": track.read(codes),
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _records(lives: Lives, records: dict[str, Records]) -> pd.DataFrame:
    ids = entity_ids(lives.size)
    parts = [
        pd.DataFrame({"source": name, "key": one.key, "entity_id": ids[one.customer]}) for name, one in records.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _stories(lives: Lives, records: dict[str, Records]) -> pd.DataFrame:
    rows = []
    for story in STORIES:
        customer = story.position + (lives.people.size if story.kind == "organisation" else 0)
        keys = {name: one.keys_by_customer(lives.size)[customer] for name, one in records.items()}
        told = {name: key for name, key in keys.items() if key is not None}
        rows.append(
            {"name": story.name, "entity_id": f"E{customer:06d}", "tells": story.tells, "keys": json.dumps(told)}
        )
    return pd.DataFrame(rows)
