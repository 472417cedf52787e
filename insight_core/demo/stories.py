"""Five customers at fixed places whose stories can be told: the first people of every world and its first firm."""

from dataclasses import dataclass

import numpy as np

from insight_core.demo.accounts import Accounts, new_email
from insight_core.demo.family import Month, resettle
from insight_core.demo.people import STORY_PEOPLE

DISAGREEMENT, STALE_EMAIL, FAMILY, SPOUSE, WITHDRAWAL = range(STORY_PEOPLE)
EMAIL_MONTHS_AGO = 14
MOVED_MONTHS_AGO = 2
WITHDRAWN_DAYS_AGO = 20


@dataclass(frozen=True)
class Story:
    """A story: whose it is (position among people, or among organisations) and what it shows."""

    name: str
    kind: str
    position: int
    tells: str


STORIES = (
    Story("two_sources_disagree", "person", DISAGREEMENT, "the CRM and billing tell different birth dates and numbers"),
    Story(
        "stale_email_wrong_tone", "person", STALE_EMAIL, "a new e-mail address for a year, and mails in the wrong tone"
    ),
    Story("family_just_moved", "person", FAMILY, "parents and two children moved; only the web shop knows"),
    Story("shrinking_firm", "organisation", 0, "orders fall year after year"),
    Story("consent_withdrawn", "person", WITHDRAWAL, "consent to marketing, taken back in the last month"),
)


def happens_in_the_stories(month: Month, accounts: Accounts, months: int) -> None:
    """The events that the stories need, in their months."""
    if month.people.size < STORY_PEOPLE:
        return
    if month.number == months - EMAIL_MONTHS_AGO:
        new_email(accounts, np.array([STALE_EMAIL]))
    if month.number == months - MOVED_MONTHS_AGO:
        family = np.array([FAMILY])
        resettle(month, month.people.household[family], family, away=True)
