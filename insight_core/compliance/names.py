"""Names: what somebody is called is made of fields, and may be told to a purpose that may see those."""

from collections.abc import Container

from insight_core.catalogue import Purpose, field

_PERSON, _ORGANISATION = ("given_name", "family_name"), ("organisation_name",)


def hides_name(withheld: Container[str], kind: str | None, trading: str | None) -> bool:
    """Whether a field that the name is made of is withheld; `trading` is the organisation's own name."""
    return any(part in withheld for part in _parts(kind, trading))


def _parts(kind: str | None, trading: str | None) -> tuple[str, ...]:
    # An organisation without a name of its own is called by the person's who speaks for it.
    if kind == "organisation" and trading is not None:
        return _ORGANISATION
    return _PERSON if kind == "person" else (*_PERSON, *_ORGANISATION)


def name_sql(aim: Purpose) -> str:
    """The same over rows of the snapshot: the name as far as the purpose may see it, else null."""
    person, organisation = (all(aim.name in field(one).weights for one in parts) for parts in (_PERSON, _ORGANISATION))
    if person and organisation:
        return "name"
    trades = "kind = 'organisation' AND organisation_name IS NOT NULL"
    told = "kind = 'person'" if person else trades if organisation else "FALSE"
    return f"CASE WHEN {told} THEN name END"
