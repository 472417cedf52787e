"""Which results of a contact of ours count as an answer."""

from insight_core.records.datasets import CHOICES

RESULTS: tuple[str, ...] = CHOICES["interactions", "outcome"]

# What is not here (a bounce, a mere delivery, a talk left open) says nothing about the customer's answer.
ANSWERED: dict[str, bool] = {
    "opened": True,
    "clicked": True,
    "replied": True,
    "accepted": True,
    "completed": True,
    "resolved": True,
    "declined": False,
    "ignored": False,
    "opted_out": False,
    "abandoned": False,
}
