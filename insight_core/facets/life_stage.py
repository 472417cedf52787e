"""Life stage: where in life a person stands, since when, why, and what changed last.

The stages follow the family life cycle (Wells and Gubar, "Life Cycle Concept in Marketing
Research", Journal of Marketing Research 3, 1966), with the single parents and childless
couples that Murphy and Staples added (Journal of Consumer Research 6, 1979). Rules are tried
in the order of `_rules`; the first that applies decides; if none does, the stage is unknown.
The age is the one on the day of the customer's newest evidence (`known_at`), never today's,
so the same evidence gives the same stage at any time. The ages of children are not known:
below 42 the parent's age stands for young children, from 42 on for older ones.
"""

from typing import NamedTuple

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

from insight_core.facets.expr import date_of, day_number, day_of, shaped, years_between
from insight_core.facets.life_events import last_events
from insight_core.facets.life_sentence import sentence
from insight_core.facets.rule import Evidence

__all__ = ["derive", "sentence"]

_ALONE = ("single", "separated", "divorced", "widowed")
_PARTNERED = ("married", "partnered")
_SETTLED, _OLDER_CHILDREN, _CHILDREN_GONE, _RETIRED = 35, 42, 60, 70
_FACTS = ("marital_status", "children_at_home", "children_total", "employment_status", "occupation")


class _Rule(NamedTuple):
    """A stage, when it applies, the facts it rests on, and the age from which it can hold."""

    stage: str
    when: BooleanValue
    facts: tuple[str, ...]
    age: int = 0


def derive(e: Evidence) -> Table:
    """Stage, since, reason and newest life event of every person with one of them."""
    people = e.folded.filter(_.kind == "person")
    aged = people.mutate(age=years_between(people.birth_date, date_of(day_of(people.known_at))))
    staged = _staged(aged.left_join(_since(e.versions, people), "customer_id").drop("customer_id_right"))
    told = staged.left_join(last_events(e.versions, people), "customer_id").drop("customer_id_right")
    known = told.filter(told.stage.notnull() | told.last_life_event.notnull())
    return shaped(known.mutate(derived_at=_.known_at), "life_stage")


def _staged(people: Table) -> Table:
    rules = _rules(people)
    stage = ibis.cases(*((rule.when, rule.stage) for rule in rules))
    since = ibis.cases(*((rule.when, _supported_from(people, rule)) for rule in rules))
    facts = ibis.cases(*((rule.when, len(rule.facts) + 1) for rule in rules), else_=0)
    return people.mutate(
        stage=stage,
        stage_since=date_of(since),
        stage_reason=stage.notnull().ifelse(_reason(people), None),
        evidence_count=facts,
    )


def _rules(t: Table) -> list[_Rule]:
    alone, paired = t.marital_status.isin(_ALONE), t.marital_status.isin(_PARTNERED)
    home, total, age = t.children_at_home, t.children_total, t.age
    at_home = (home >= 1) | (home.isnull() & (total >= 1) & (age < _OLDER_CHILDREN))
    childless = (home == 0) | (total == 0)
    idle = t.employment_status.isnull() & t.occupation.isnull()
    kids, pair = ("children_at_home", "children_total"), ("marital_status",)
    found = [
        _Rule("retired", t.employment_status == "retired", ("employment_status",)),
        _Rule("retired", t.occupation.lower().contains("retired"), ("occupation",)),
        _Rule("retired", (age >= _RETIRED) & idle, (), _RETIRED),
        _Rule("single_parent", at_home & alone, (*pair, *kids)),
        _Rule("family_young_children", at_home & (age < _OLDER_CHILDREN), kids),
        _Rule("family_older_children", at_home & (age >= _OLDER_CHILDREN), kids, _OLDER_CHILDREN),
        _Rule("empty_nest", (total >= 1) & (home == 0) & (age >= _OLDER_CHILDREN), kids, _OLDER_CHILDREN),
        _Rule("empty_nest", (total >= 1) & home.isnull() & (age >= _CHILDREN_GONE), kids[1:], _CHILDREN_GONE),
        _Rule("young_single", alone & (age < _SETTLED), pair),
        _Rule("young_couple", paired & childless & (age < _SETTLED), (*pair, *kids)),
        _Rule("established", childless & (age >= _SETTLED), kids, _SETTLED),
    ]
    return [rule._replace(when=rule.when.fill_null(False)) for rule in found]


def _supported_from(t: Table, rule: _Rule) -> IntegerValue:
    """The day from which all known facts of the rule hold and the age is reached; null when one is undated."""
    days = [t[fact].notnull().ifelse(day_of(t[f"{fact}__since"]), 0) for fact in rule.facts]
    if rule.age:
        # Twelve months in the year of the birthday is exact enough for a stage and needs no 29 February.
        days.append(day_number(t.birth_date) + rule.age * 365 + rule.age // 4)
    undated = ibis.or_(*(day.isnull() for day in days))
    latest = ibis.greatest(*days) if len(days) > 1 else days[0]
    return undated.ifelse(None, latest)


def _since(versions: Table, people: Table) -> Table:
    """Since when each deciding fact has had its present value: `<fact>__since`, epoch seconds.

    The present run begins after the newest dated version that said otherwise.
    """
    now = people.select("customer_id", **{f"{fact}__now": people[fact] for fact in _FACTS})
    dated = versions.filter(_.observed_at.notnull()).select("customer_id", "observed_at", *_FACTS)
    beside = dated.join(now, "customer_id")
    other = {f"{fact}__other": _.observed_at.max(where=beside[fact] != beside[f"{fact}__now"]) for fact in _FACTS}
    runs = beside.join(beside.group_by("customer_id").agg(**other), "customer_id")
    return runs.group_by("customer_id").agg(**{f"{fact}__since": _run_start(runs, fact) for fact in _FACTS})


def _run_start(runs: Table, fact: str) -> IntegerValue:
    same = runs[fact] == runs[f"{fact}__now"]
    last_other = runs[f"{fact}__other"]
    unopposed = same & (last_other.isnull() | (runs.observed_at > last_other))
    return ibis.coalesce(runs.observed_at.min(where=unopposed), runs.observed_at.min(where=same))


def _reason(t: Table) -> StringValue:
    home, total = t.children_at_home, t.children_total
    some_at_home = ibis.cases((home.isnull(), ""), (home == 0, "none at home, "), else_=_number(home) + " at home, ")
    at_home = (total == 0).fill_null(False).ifelse("", some_at_home)
    parts = [
        _part(ibis.literal("born ") + t.birth_date.year().cast("string")),
        _part(t.marital_status),
        _part(
            ibis.cases(
                (total == 0, "no children"), (total == 1, "one child"), (total > 1, _number(total) + " children")
            )
        ),
        total.isnull().ifelse(at_home.replace(" at home", " children at home").replace("none", "no"), at_home),
        _part(t.employment_status.replace("_", "-")),
    ]
    text = parts[0]
    for part in parts[1:]:
        text = text + part
    return text.re_replace(", $", "").nullif("")


def _part(text: StringValue) -> StringValue:
    return (text + ibis.literal(", ")).fill_null("")


def _number(value: IntegerValue) -> StringValue:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return ibis.cases(*((value == number, word) for number, word in enumerate(words)), else_=value.cast("string"))
