"""The true life stage, by the world's own rule."""

import numpy as np

from insight_core.catalogue import field
from insight_core.demo.chance import Ints
from insight_core.demo.params import Params
from insight_core.demo.people import MARRIED, NEVER, PARTNERED, RETIRED, People

STAGES = field("stage").values


def stages(people: People, month: int, params: Params) -> Ints:
    """The position in STAGES of everybody's stage in a month.

    Retired people are retired. With children at home: a single parent without a partner, otherwise
    by the age of the youngest child at home. Without: an empty nest from `nest_from` on for those
    who have children elsewhere, young up to `young_until`, established after that.
    """
    total, at_home = people.children(month)
    age = people.age + month / 12
    coupled = np.isin(people.marital, [MARRIED, PARTNERED])
    youngest = (month - np.where(people.kids <= month, people.kids, -NEVER)).min(axis=1) / 12
    rules = [
        (people.employment == RETIRED, "retired"),
        ((at_home > 0) & ~coupled, "single_parent"),
        ((at_home > 0) & (youngest <= params.young_child_until), "family_young_children"),
        (at_home > 0, "family_older_children"),
        ((total > 0) & (age >= params.nest_from), "empty_nest"),
        ((age < params.young_until) & coupled, "young_couple"),
        (age < params.young_until, "young_single"),
    ]
    codes = [STAGES.index(name) for _, name in rules]
    return np.select([rule for rule, _ in rules], codes, STAGES.index("established")).astype(np.int8)
