"""insight notebook: list, run, open."""

import json
import re

import pytest

from tests.cli.run import insight


def test_the_list_tells_names_and_parameters(ask):
    listed = ask("notebook", "list", "--json").json["notebooks"]
    assert [one["name"] for one in listed] == ["state_of_the_base", "one_customer_in_depth", "seed_your_own_world"]
    assert [one["name"] for one in listed[0]["parameters"]] == ["purpose", "first"]
    assert "How complete" in ask("notebook", "list").out


@pytest.mark.slow
def test_a_run_writes_a_file_by_its_ending(own, tmp_path):
    ran = own("notebook", "run", "state_of_the_base", "-p", "first=3", "--output", tmp_path / "out.ipynb", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["output"] == str(tmp_path / "out.ipynb")
    assert (ran.json["state"], ran.json["parameters"]["first"]) == ("done", 3)
    told = json.loads((tmp_path / "out.ipynb").read_text())
    assert told["metadata"]["insight"]["run"] == ran.json["run"]


@pytest.mark.slow
def test_a_view_is_opened_and_run(own, tmp_path):
    made = own("notebook", "open", "customers", "-p", "kind=organisation", "-p", "limit=5", "--json").json
    assert re.search(r"^kind: Literal\[.*\] \| None = 'organisation'", made["text"], re.MULTILINE)
    ran = own("notebook", "run", made["name"])
    assert ran.status == 0, ran.err
    assert [path.suffix for path in (tmp_path / "store" / "exports").glob("customers-*")] == [".html"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("run", "state_of_the_bas"), "No notebook called 'state_of_the_bas'. Did you mean 'state_of_the_base'?\n"),
        (("run", "state_of_the_base", "-p", "first"), "A parameter is name=value, not 'first'.\n"),
        (("run", "state_of_the_base", "-p", "first=x"), "first is a whole number, not 'x'.\n"),
        (("run", "state_of_the_base", "-p", "second=1"), "No parameter called 'second'. Known: first, purpose.\n"),
        (
            ("run", "state_of_the_base", "--output", "x.pdf"),
            "A notebook is written as html, ipynb, py, not as x.pdf.\n",
        ),
        (("open", "custmers"), "No notebook or view called 'custmers'. Did you mean 'customers'?\n"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, words, line):
    ran = insight("notebook", *words, "--store", tmp_path / "store")
    assert (ran.status, ran.out, ran.err) == (2, "", line)
