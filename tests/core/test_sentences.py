"""The sentence of a facet tells as true only what breaks no rule; the field itself keeps its value and its reason."""

import pytest

from tests.core.conftest import ANN, Desk


@pytest.mark.parametrize(
    ("field", "column", "wrong", "facet", "told", "right"),
    [
        ("birth_date", "born", "2031-02-03", "demographics", "years old", "1980-02-03"),
        ("phone", "phone", "12", "identity", "telephone", "+44 20 7946 0123"),
        ("email", "email", "nobody", "identity", "e-mail", "ann@example.com"),
        ("annual_income", "income", "-20000", "demographics", "income", "20000"),
    ],
)
def test_a_value_that_breaks_a_rule_is_not_told_in_the_sentence(
    desk: Desk, field: str, column: str, wrong: str, facet: str, told: str, right: str
) -> None:
    workspace = desk.store()
    workspace.load(**desk.people("two", [{**ANN, column: wrong}, {**ANN, "id": 2, "given": "Eve", column: right}]))
    workspace.build()
    one, other = (workspace.profile(workspace.find(f"key={key}")[0]["customer"]).facets[facet] for key in (1, 2))
    assert (one.fields[field].state, other.fields[field].state == "invalid") == ("invalid", False)
    assert one.fields[field].value is not None
    assert told not in one.summary.lower()
    assert told in other.summary.lower()
