"""The strong rules: what two records must share to be one customer.

A phone alone joins nobody, and a phone that many names use is no identifier at all.
"""

from dataclasses import dataclass

# A phone or an e-mail that more names than this use belongs to a switchboard or a gap filler.
MOST_NAMES = 4
# What many names may use.
POINTS = ("phone", "email")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what of the normalised records, as SQL, has to be shared; it is silent where one of it is unknown."""

    name: str
    parts: tuple[str, ...]
    reason: str

    @property
    def key(self) -> str:
        """SQL over the normalised records that gives the shared key, or null when the rule is silent."""
        # `||` is null when a part is null
        return " || chr(31) || ".join(self.parts)


_INITIAL = "left(given, 1)"

RULES: tuple[Rule, ...] = (
    Rule("name and birth date", ("given", "family", "born"), "same first name, family name and birth date"),
    Rule("e-mail and first name", ("email", "left(given, 3)"), "same e-mail address and start of first name"),
    Rule("e-mail and family name", ("email", "family"), "same e-mail address and family name"),
    Rule("e-mail and birth date", ("email", "born"), "same e-mail address and birth date"),
    Rule("phone and first name", ("phone", "given"), "same phone, which few people use, and first name"),
    Rule("phone and short name", ("phone", "family", _INITIAL), "same phone, family name and initial"),
    Rule("phone and birth date", ("phone", "born"), "same phone, which few people use, and birth date"),
    Rule("name and address", ("given", "family", "street", "place"), "same name at the same address"),
    Rule("first name and birth date", ("given", "born", "place"), "same first name, birth date and place"),
    Rule("family name and birth date", ("family", "born", "place"), "same family name, birth date and place"),
    Rule("organisation and place", ("organisation", "place"), "same organisation name in the same place"),
    Rule("organisation and phone", ("organisation", "phone"), "same organisation name and phone"),
    Rule("organisation and e-mail", ("organisation", "email"), "same organisation name and e-mail address"),
)
