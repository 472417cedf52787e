"""What a customer can be asked, in words one would use, and which question is worth most."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from insight_core.quality.counted import OVERALL, Counted, Known, Weighed, part, points
from insight_core.quality.loss import loss
from insight_core.quality.state import NOTHING_KNOWN, State
from insight_core.records.datasets import MICRO

# field: (what it is called in a sentence, how to ask for it). What is not here is not asked for.
QUESTIONS: dict[str, tuple[str, str]] = {
    "kind": ("whether this is a person or an organisation", "Are you a private customer or do you act for a company?"),
    "given_name": ("the first name", "What is your first name?"),
    "family_name": ("the family name", "What is your family name?"),
    "organisation_name": ("the trading name", "Under which name does your company trade?"),
    "email": ("the e-mail address", "Which e-mail address reaches you best?"),
    "phone": ("the telephone number", "On which telephone number may we call you?"),
    "street": ("the street and number", "What are the street and number of your address?"),
    "city": ("the city", "In which city is your address?"),
    "region": ("the state or province", "In which state or province is your address?"),
    "postal_code": ("the postal code", "What is your postal code?"),
    "country": ("the country", "In which country is your address?"),
    "address_since": ("the date of the move", "Since when have you been at this address?"),
    "language": ("the preferred language", "In which language shall we write to you?"),
    "birth_date": ("the date of birth", "When were you born?"),
    "gender": ("the gender", "How do you describe your gender, if you wish to say?"),
    "marital_status": ("the marital status", "Are you single, married or living with a partner?"),
    "nationality": ("the nationality", "What is your nationality?"),
    "education": ("the education", "What is your highest education?"),
    "occupation": ("the occupation", "What kind of work do you do?"),
    "employer": ("the employer", "Who is your employer?"),
    "annual_income": ("the yearly income", "In which range is your yearly income?"),
    "home_owner": ("home ownership", "Do you own your home?"),
    "cars_owned": ("the number of cars", "How many cars does your household have?"),
    "commute_distance": ("the distance to work", "How far do you travel to work?"),
    "employment_status": ("the employment status", "Are you employed, self-employed, studying or retired?"),
    "children_total": ("the number of children", "How many children do you have?"),
    "children_at_home": ("the number of children at home", "How many of your children live at home?"),
    "household_role": ("the role in the household", "What is your role in the household?"),
    "dwelling": ("the kind of dwelling", "Do you live in a house or in a flat?"),
    "services": ("the services in use", "Which of our services do you use?"),
    "contract_type": ("the kind of contract", "What kind of contract do you have with us?"),
    "payment_method": ("the way of paying", "How would you like to pay?"),
    "paperless_billing": ("the choice of bills without paper", "Would you like your bills without paper?"),
    "stated_interests": ("the interests", "Which subjects interest you?"),
    "industry": ("the industry", "In which industry is your company?"),
    "business_type": ("the kind of organisation", "What kind of organisation is it?"),
    "employees": ("the number of employees", "How many people does your company employ?"),
    "annual_sales": ("the yearly sales", "How much does your company sell in a year?"),
    "annual_revenue": ("the yearly revenue", "What is the yearly revenue of your company?"),
    "founded_year": ("the year of foundation", "In which year was your company founded?"),
    "product_line": ("the line of products", "Which line of products does your company trade in?"),
    "order_frequency": ("the rhythm of ordering", "How often does your company order?"),
}

_VERBS = {"unknown": "Ask for", "invalid": "Correct", "conflicting": "Settle", "stale": "Confirm"}


def next_question(
    everything: Mapping[str, Counted], kind: str | None, purpose: str, withheld: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """The question that wins back most points for the purpose: field, question, why, points, of, state.

    `everything` is what `counted` gives for that kind and purpose.
    A missing or invalid field, or one that bounced, is worth its whole weight, a conflicting or stale one what it lost;
    ties go to the field that comes first in the catalogue. What the gate withholds is not asked
    for. None when there is nothing to ask.
    """
    best = max(_askable(everything[OVERALL], withheld or {}), key=_worth, default=None)
    if best is None:
        return None
    (one, state), total = best, points(purpose, kind)
    what, question = QUESTIONS[one.field.name]
    carries = f"it is {part(one.weight, total)} of what {purpose} needs"
    return {
        "field": one.field.name,
        "question": question,
        "why": f"{_VERBS['invalid' if state.bounced else state.name]} {what}: {carries}{_because(state)}.",
        "points": one.weight * loss(state) / MICRO,
        "of": total,
        "state": state.name,
    }


def _askable(overall: Counted, withheld: Mapping[str, str]) -> Iterator[Known]:
    """What can be asked for: every known field that lost something, and the first gap, for none is worth more."""
    for one, state in overall.known:
        if one.expected and loss(state) > 0 and _asked_for(one, withheld):
            yield one, state
    yield from islice(((one, NOTHING_KNOWN) for one in overall.gaps if _asked_for(one, withheld)), 1)


def _asked_for(one: Weighed, withheld: Mapping[str, str]) -> bool:
    return one.field.name in QUESTIONS and one.field.name not in withheld


def _worth(pair: Known) -> tuple[int, int]:
    one, state = pair
    return one.weight * loss(state), -one.place


def _because(state: State) -> str:
    return "" if state.name == "unknown" else f" ({state.reason})"
