"""Life stage: where in life a person stands, since when, why, and what changed last.

The stages follow the family life cycle (Wells and Gubar, "Life Cycle Concept in Marketing
Research", Journal of Marketing Research 3, 1966), with the single parents and childless
couples that Murphy and Staples added (Journal of Consumer Research 6, 1979). Rules are tried
in the order of `_rules`; the first that applies decides; if none does, the stage is unknown.
The age is that of the build's day: people grow older whether somebody tells or not, and
whoever reaches one of `TURNS` is looked at again. The ages of children are not known:
below 45 the parent's age stands for young children, from 45 on for older ones. From 66 on, a
usual pension age, a person is taken for retired unless work was stated after that birthday.
"""

from typing import NamedTuple

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, DateValue, IntegerValue, StringValue, Table

from insight_core.facets.expr import date_of, day_number, day_of, shaped, years_between
from insight_core.facets.life_events import OWN, facts_of, last_events
from insight_core.facets.life_sentence import sentence
from insight_core.facets.rule import Evidence

__all__ = ["TURNS", "derive", "sentence"]

_ALONE = ("single", "separated", "divorced", "widowed")
_PARTNERED = ("married", "partnered")
TURNS = _SETTLED, _NEST, _OLDER_CHILDREN, _CHILDREN_GONE, _RETIRED = 35, 40, 45, 50, 66

# What the rules and events read: every column more is repeated in each of the many steps.
_NEEDED = (
    "customer_id", "birth_date", "known_at", "marital_status", "children_at_home", "children_total",
    "employment_status", "employment_status__at", "occupation", "postal_code", "city",
)  # fmt: skip


READS = ("kind", *(name for name in _NEEDED if name != "customer_id" and "__" not in name), *OWN)


class _Rule(NamedTuple):
    """A stage, when it applies, the facts it rests on, and the age from which it can hold."""

    stage: str
    when: BooleanValue
    facts: tuple[str, ...]
    age: int = 0


def derive(e: Evidence) -> Table:
    """Stage, since, reason and newest life event of every person with one of them."""
    people = e.folded.filter(_.kind == "person").select(*_NEEDED)
    facts = facts_of(e.versions, people)
    today = people.cross_join(e.clock)
    aged = today.mutate(age=years_between(today.birth_date, today.today)).drop("today")
    dated = aged.left_join(facts.across, "customer_id").drop("customer_id_right")
    # The number of the rule is a column of its own, before the next join, so that it is computed once.
    ruled = dated.mutate(rule=ibis.cases(*((rule.when, number) for number, rule in enumerate(_rules(dated)))))
    told = ruled.left_join(last_events(facts), "customer_id").drop("customer_id_right")
    known = told.filter(told.rule.notnull() | told.last_life_event.notnull())
    return shaped(_staged(known), "life_stage")


def _staged(t: Table) -> Table:
    rules = _rules(t)
    return t.mutate(
        stage=t.rule.cases(*((number, rule.stage) for number, rule in enumerate(rules))),
        stage_since=date_of(t.rule.cases(*((number, _supported_from(t, rule)) for number, rule in enumerate(rules)))),
        stage_reason=t.rule.notnull().ifelse(_reason(t), None),
        derived_at=t.known_at,
        evidence_count=t.rule.cases(*((number, len(rule.facts) + 1) for number, rule in enumerate(rules)), else_=1),
    )


def _rules(t: Table) -> list[_Rule]:
    alone, paired = t.marital_status.isin(_ALONE), t.marital_status.isin(_PARTNERED)
    home, total, age = t.children_at_home, t.children_total, t.age
    at_home = (home >= 1) | (home.isnull() & (total >= 1) & (age < _OLDER_CHILDREN))
    childless = (home == 0) | (total == 0)
    # An occupation is no proof: many state the one they had.
    works = (_told_at(t, "employment_status") >= _RETIRED).fill_null(False)
    kids, pair = ("children_at_home", "children_total"), ("marital_status",)
    found = [
        _Rule("retired", t.employment_status == "retired", ("employment_status",)),
        _Rule("retired", t.occupation.lower().contains("retired"), ()),
        _Rule("retired", (age >= _RETIRED) & ~works, (), _RETIRED),
        _Rule("single_parent", at_home & alone, (*pair, *kids)),
        _Rule("family_young_children", at_home & (age < _OLDER_CHILDREN), kids),
        _Rule("family_older_children", at_home & (age >= _OLDER_CHILDREN), kids, _OLDER_CHILDREN),
        _Rule("empty_nest", (total >= 1) & (home == 0) & (age >= _NEST), kids, _NEST),
        _Rule("empty_nest", (total >= 1) & home.isnull() & (age >= _CHILDREN_GONE), kids[1:], _CHILDREN_GONE),
        _Rule("young_single", alone & (age < _SETTLED), pair),
        _Rule("young_couple", paired & childless & (age < _SETTLED), (*pair, *kids)),
        _Rule("established", childless & (age >= _SETTLED), kids, _SETTLED),
    ]
    return [rule._replace(when=rule.when.fill_null(False)) for rule in found]


def _told_at(t: Table, fact: str) -> IntegerValue:
    """The age at which the present value of a fact was told or confirmed; null when nobody tells it."""
    told = date_of(day_of(ibis.coalesce(t[f"{fact}__at"], t.known_at)))
    return t[fact].notnull().ifelse(years_between(t.birth_date, told), ibis.null("int64"))


def _supported_from(t: Table, rule: _Rule) -> IntegerValue:
    """The day from which all known facts of the rule hold and the age is reached; null when one is undated."""
    # Day 0 keeps unknown facts, which the rule did not need, out of the way.
    days = [t[fact].notnull().ifelse(day_of(t[f"{fact}__since"]), 0) for fact in rule.facts]
    if rule.age:
        days.append(_birthday(t.birth_date, rule.age))
    if not days:
        return ibis.null("int64")
    undated = ibis.or_(*(day.isnull() for day in days))
    return undated.ifelse(ibis.null("int64"), ibis.greatest(0, *days).nullif(0))


def _birthday(birth: DateValue, age: int) -> IntegerValue:
    """The day on which that age is reached; whoever was born on 29 February reaches it on 1 March in other years."""
    month = ibis.date((birth.year() + age).cast("int32"), birth.month(), 1)
    return day_number(month) + birth.day() - 1


def _reason(t: Table) -> StringValue:
    parts = [
        ibis.literal("born ") + t.birth_date.year().cast("string"),
        t.marital_status,
        _children(t.children_total),
        ibis.cases(
            (t.children_total == 0, ibis.null("string")),
            (t.children_total.isnull(), _children(t.children_at_home) + ibis.literal(" at home")),
            (t.children_at_home == 0, ibis.literal("none at home")),
            else_=_number(t.children_at_home) + ibis.literal(" at home"),
        ),
        t.employment_status.replace("_", "-"),
    ]
    return ibis.array(parts).filter(lambda part: part.notnull()).join(", ").fill_null("")


def _children(number: IntegerValue) -> StringValue:
    return _number(number) + (number == 1).ifelse(" child", " children")


def _number(value: IntegerValue) -> StringValue:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return ibis.cases(*((value == number, word) for number, word in enumerate(words)), else_=value.cast("string"))
