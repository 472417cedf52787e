"""Steps: what long work is at, in words for people; the core names them by what they make."""

from app import text, words

_SAY = {
    "chosen": "choosing what to believe",
    "compare with what is known": "comparing with what is known",
    "consents": "reading consents",
    "contested": "choosing between sources",
    "gather": "gathering records",
    "gather events": "gathering contacts and orders",
    "industry_keys": "comparing firms with their industry",
    "interactions": "joining contacts to customers",
    "opposed": "finding where sources disagree",
    "peer_keys": "comparing firms with each other",
    "places": "finding who lives where",
    "resolve": "finding who is who",
    "snapshot": "putting profiles together",
    "sort in": "putting new rows in order",
    "told_places": "finding who lives where",
    "usage": "joining orders to customers",
    "versions": "putting records in order",
    "what came and went": "finding whom it concerns",
    "write": "writing profiles",
}
_MEDIANS = "medians_"


def told(step: str) -> str:
    """A step of a job as people say it; one that is told in words already stays as it is."""
    if step in words.FACET_TITLES:
        return f"working out the {text.lowered(words.FACET_TITLES[step])}"
    return _SAY["industry_keys"] if step.startswith(_MEDIANS) else _SAY.get(step, text.words(step))
