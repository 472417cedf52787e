"""The strong rules: what two records must share to be one customer.

A phone alone joins nobody, and a phone that many names use is no identifier at all.
"""

from dataclasses import dataclass

# A phone or an e-mail that more names than this use belongs to a switchboard or a gap filler.
MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: SQL over the normalised records that gives the shared key, or null when the rule is silent."""

    name: str
    key: str
    reason: str


def _joined(*parts: str) -> str:
    # `||` is null when a part is null: the rule is silent when something is unknown
    return " || chr(31) || ".join(parts)


_INITIAL = "left(given, 1)"

RULES: tuple[Rule, ...] = (
    Rule("name and birth date", _joined("given", "family", "born"), "same first name, family name and birth date"),
    Rule("e-mail and first name", _joined("email", "left(given, 3)"), "same e-mail address and start of first name"),
    Rule("e-mail and family name", _joined("email", "family"), "same e-mail address and family name"),
    Rule("e-mail and birth date", _joined("email", "born"), "same e-mail address and birth date"),
    Rule("phone and first name", _joined("phone", "given"), "same phone, which few people use, and first name"),
    Rule("phone and short name", _joined("phone", "family", _INITIAL), "same phone, family name and initial"),
    Rule("phone and birth date", _joined("phone", "born"), "same phone, which few people use, and birth date"),
    Rule("name and address", _joined("given", "family", "street", "place"), "same name at the same address"),
    Rule("first name and birth date", _joined("given", "born", "place"), "same first name, birth date and place"),
    Rule("family name and birth date", _joined("family", "born", "place"), "same family name, birth date and place"),
    Rule("organisation and place", _joined("organisation", "place"), "same organisation name in the same place"),
    Rule("organisation and phone", _joined("organisation", "phone"), "same organisation name and phone"),
    Rule("organisation and e-mail", _joined("organisation", "email"), "same organisation name and e-mail address"),
)
