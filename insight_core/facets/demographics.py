"""Demographics: who the person is, and the area figures beside it.

The area figures are market data about the place, not about the person. The most specific
matching key wins, then the newest figure (see `insight_core.market`).
"""

from datetime import date, datetime

from ibis import _
from ibis.expr.types import Table

from insight_core.facets.expr import day_number, shaped
from insight_core.facets.rule import Evidence, Values
from insight_core.facets.words import amount, as_sentence
from insight_core.market import figures_of
from insight_core.records.clock import DAY
from insight_core.records.datasets import MICRO

READS = ("kind", "postal_code", "city", "region")
_AREA_KINDS = ("urban", "suburban", "rural")


def derive(e: Evidence) -> Table:
    """Area income, population and kind of every person whose area has figures."""
    figures = figures_of(e.folded.filter(_.kind == "person"), e.market, "area")
    kind = figures.label.lower()
    told = figures.mutate(label=kind.isin(_AREA_KINDS).ifelse(kind, None))
    used = told.filter(
        (_.figure.isin(("median_income", "population")) & _.value.notnull())
        | ((_.figure == "area_kind") & _.label.notnull())
    )
    table = used.group_by("customer_id").agg(
        area_income=_.value.max(where=_.figure == "median_income"),
        area_population=_.value.max(where=_.figure == "population") // MICRO,
        area_kind=_.label.max(where=_.figure == "area_kind"),
        newest=_.as_of.max(),
        evidence_count=_.count(),
    )
    return shaped(table.mutate(derived_at=day_number(_.newest) * DAY), "demographics")


def sentence(values: Values, now: datetime) -> str:
    """Age, gender, home and work, and the area."""
    parts = [_person(values, now), _work(values), _education(values), _home(values), _area(values)]
    return as_sentence(parts, "Nothing known about the person yet.")


def _person(values: Values, now: datetime) -> str:
    words = []
    if born := values.get("birth_date"):
        words.append(f"{_age(born, now)} years old")
    gender = values.get("gender")
    if gender in ("female", "male"):
        words.append(gender)
    if gender == "non_binary":
        words.append("non-binary")
    return ", ".join([*words, *([values["marital_status"]] if values.get("marital_status") else [])])


def _age(born: date, now: datetime) -> int:
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def _work(values: Values) -> str:
    work = values.get("occupation")
    text = f"works as {work}" if work else ""
    if values.get("employer"):
        text = f"{text or 'works'} at {values['employer']}"
    if values.get("annual_income") is not None:
        text = f"{text}, income {amount(values['annual_income'])} a year".removeprefix(", ")
    return text


def _education(values: Values) -> str:
    return f"education: {values['education']}" if values.get("education") else ""


def _home(values: Values) -> str:
    owner = values.get("home_owner")
    return "" if owner is None else "owns the home" if owner else "rents the home"


def _area(values: Values) -> str:
    kind, income = values.get("area_kind"), values.get("area_income")
    place = f"in {'an' if kind == 'urban' else 'a'} {kind} area" if kind else "in an area" if income is not None else ""
    if not place:
        return ""
    return f"lives {place}" + (f" with a median income of {amount(income)}" if income is not None else "")
