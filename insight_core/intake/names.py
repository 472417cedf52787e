"""Names: columns that hold the names of people or organisations as a whole, by how they are written."""

from insight_core.intake.recipe import Spec
from insight_core.intake.shapes import share
from insight_core.intake.synonyms import SPOKEN_TO, WHOLE_NAMES, folded
from insight_core.intake.table import Table

_FAMILY = ("name", "nom", "nome")
# given and family name: of "Smith, John", of "John Smith"
_TURNED = (r",\s*(.+)$", r"^([^,]+),")
_STRAIGHT = (r"^(\S+)\s", r"\s(\S+)$")


def whole_names(table: Table, found: dict[str, Spec]) -> dict[str, Spec]:
    """What was found for parties, with the names that stand in one column or under a header for either kind."""
    if "family_name" in found:
        return found
    if "given_name" in found:
        return _beside_given(table, found)
    company = "organisation_name" in found
    heads = WHOLE_NAMES - SPOKEN_TO if company else WHOLE_NAMES
    held = [(name, table.column(number)) for number, name in enumerate(table.columns) if folded(name) in heads]
    read = [one for name, values in held if (one := _whole(name, values, company))]
    return found | max(read, key=lambda one: max(spec.confidence or 0.0 for spec in one.values()), default={})


def _beside_given(table: Table, found: dict[str, Spec]) -> dict[str, Spec]:
    """Beside a first name, a column of names, or for "family name or company", holds family names."""
    if "organisation_name" in found:
        return {"family_name" if name == "organisation_name" else name: spec for name, spec in found.items()}
    beside = next((one for one in table.columns if folded(one) in _FAMILY), None)
    spec = Spec(column=beside, reason="beside first names it holds family names", confidence=0.85)
    return found | {"family_name": spec} if beside else found


def _whole(column: str, values: list[str], company: bool) -> dict[str, Spec]:
    """A column of whole names: an organisation's, or a person's taken apart; nothing where none can be."""
    if share(values, "organisation") > 0.5:
        spec = Spec(column=column, reason="most values end as organisations' names do", confidence=0.8)
        return {} if company else {"organisation_name": spec}
    turned = [one for one in values if "," in one]
    straight = [one for one in values if "," not in one and " " in one.strip()]
    usual, patterns = (turned, _TURNED) if len(turned) > len(straight) else (straight, _STRAIGHT)
    other = next((one for one in values if one not in set(usual)), None)
    reason = "one column holds the whole name" + (f"; it cannot take apart {other!r}" if other else "")
    sure = round(0.7 * len(usual) / len(values), 2) if values else 0.4
    given, family = (Spec(column=column, pattern=one, reason=reason, confidence=sure) for one in patterns)
    return {"given_name": given, "family_name": family} if sure else {}
