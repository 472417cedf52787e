"""What each command gives: with --json one object with the promised keys, without it something to read."""

import json
from io import StringIO

import pandas as pd
import pytest

from tests.cli.run import insight

FACETS = {
    "usage_pattern", "demographics", "life_stage", "household", "community_of_interest", "business_direction", "identity",
}  # fmt: skip
FIELD = {"value", "method", "source", "observed_at", "verified_at", "confidence", "state"}

ANSWERS = {
    "find CUSTOMER": {"customers"},
    "find two words": {"customers"},
    "profile CUSTOMER": {"customer", "kind", "facets", "scores", "next_question", "redacted"},
    "stale --limit 3": {"items"},
    "quarantine": {"rows"},
    "recommend CUSTOMER --purpose marketing": {"cards"},
    "evaluate": {"policies"},
    "verify": {"ok", "problems", "state_hash"},
    "verify --explain": {"ok", "problems", "state_hash", "parts"},
    "unload 1 --dry-run": {"batches", "dry_run", "rows"},
    "drop-source crm --dry-run": {"batches", "dry_run", "rows"},
}


@pytest.mark.parametrize(("words", "keys"), ANSWERS.items())
def test_a_command_gives_one_object_or_lines_to_read(words, keys, ask, customer):
    asked = words.replace("CUSTOMER", customer).split()
    told, said = ask(*asked, "--json"), ask(*asked)
    assert (told.status, told.err) == (0, "")
    assert keys <= set(told.json)
    assert (said.status, said.err) == (0, "")
    assert said.out.strip()


def test_demo_tells_what_it_made(demo):
    folder, told = demo
    assert {"customers", "records", "interactions", "seconds", "exports"} <= set(told)
    assert all(one["rows"] >= 0 and one["path"] for one in told["exports"])
    assert (folder / "world" / "truth.zip").is_file(), "the truth lies outside the store"


def test_the_truth_of_a_world_is_found_in_its_folder(ask, demo):
    world = demo[0] / "world"
    measured = ask("evaluate", "--truth", world, "--json").json["truth"]
    assert measured
    assert measured == ask("evaluate", "--truth", world / "truth.zip", "--json").json["truth"]


def test_a_profile_has_every_facet_and_every_field_its_evidence(ask, customer):
    facets = ask("profile", customer, "--json").json["facets"]
    assert set(facets) == FACETS
    assert all(facet["summary"] for facet in facets.values())
    assert all(set(one) >= FIELD for facet in facets.values() for one in facet["fields"].values())


@pytest.mark.parametrize("ending", ["csv", "parquet", "json", "xlsx"])
def test_an_export_tells_rows_withheld_and_receipt(ending, ask, tmp_path):
    told = ask(
        "export", "recommendations", "--purpose", "marketing", "--to", tmp_path / f"cards.{ending}", "--json"
    ).json
    assert {"rows", "withheld", "receipt"} <= set(told)
    assert (tmp_path / f"cards.{ending}").stat().st_size > 0


def test_an_export_without_a_place_lies_in_the_store(own, tmp_path):
    own("export", "profiles", "--purpose", "analytics")
    assert (tmp_path / "store/exports/profiles-analytics.csv").is_file()


def test_a_fix_is_previewed_applied_and_undone(own, customer, tmp_path):
    (tmp_path / "fix.json").write_text(
        json.dumps([{"customer": customer, "field": "city", "action": "correct", "value": "Utopia"}])
    )

    def city():
        return own("profile", customer, "--json").json["facets"]["identity"]["fields"]["city"]["value"]

    before = city()
    assert own("fix", tmp_path / "fix.json", "--dry-run", "--json").json["changes"][0]["after"] == "Utopia"
    assert city() == before
    change = own("fix", tmp_path / "fix.json", "--json").json["changes"][0]
    assert {"change", "customer", "field", "before", "after"} <= set(change)
    assert city() == "Utopia"
    assert own("undo", change["change"], "--json").json["changes"][0]["field"] == "city"
    assert city() == before


def test_a_withdrawn_consent_silences_the_card(own, customer):
    told = own(
        "consent", customer, "--purpose", "marketing", "--set", "withdrawn", "--evidence", "by telephone", "--json"
    )
    assert told.json["state"] == "withdrawn"
    assert own("recommend", customer, "--purpose", "marketing", "--json").json["cards"][0]["abstained"]


def test_the_same_file_twice_changes_nothing(own, demo):
    before = own("verify", "--json").json["state_hash"]
    again = own("load", demo[0] / "world/crm_customers.csv", "--source", "crm", "--json").json
    assert again["accepted"] == 0
    assert again["read"] == again["duplicate"] + again["quarantined"]
    own("build")
    assert own("verify", "--json").json["state_hash"] == before


def test_a_load_says_where_to_see_what_it_refused(own, demo, tmp_path):
    people = pd.read_csv(demo[0] / "world/crm_customers.csv", dtype=str).head(1).assign(BirthDate="1978-31-12")
    people.to_csv(tmp_path / "late.csv", index=False)
    said = own("load", tmp_path / "late.csv", "--source", "crm").out
    hint = said.partition("insight ")[2].split()[:3]
    assert hint[:2] == ["quarantine", "--batch"]
    assert "1978-31-12" in own(*hint).out


def test_a_mapping_is_proposed_and_then_loads(own, tmp_path):
    (tmp_path / "shop.csv").write_text(
        "id,first name,surname,e-mail\n1,Ada,Byron,ada@example.com\n2,Ben,Okri,ben@example.org\n"
    )
    proposed = own("load", tmp_path / "shop.csv", "--source", "shop", "--propose", tmp_path / "shop.toml", "--json")
    assert proposed.json["dataset"] == "parties"
    words = ("load", tmp_path / "shop.csv", "--source", "shop", "--recipe", tmp_path / "shop.toml", "--json")
    assert own(*words, "--preview").json["new"] == 2
    assert own(*words).json["accepted"] == 2


@pytest.fixture
def shop(tmp_path):
    """A load of a file whose layout no recipe knows, into a store of its own."""
    file = tmp_path / "shop.csv"
    file.write_text("id,first name,surname,e-mail\n1,Ada,Byron,ada@example.com\n2,Ben,Okri,ben@example.org\n")
    return lambda *words: insight("load", file, "--source", "shop", "--store", tmp_path / "store", *words)


def test_a_mapping_is_never_written_over_a_file_that_is_there(shop, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text("# hours of work")
    ran = shop("--propose", mine)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert f"{mine} is there already: name another file, or load with --recipe {mine}" in ran.err
    assert mine.read_text() == "# hours of work"


def test_a_mapping_that_cannot_be_written_is_a_mistake_that_says_where(shop, tmp_path):
    ran = shop("--propose", tmp_path / "no" / "mine.toml")
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "mine.toml cannot be written: No such file or directory. Name a file in a folder" in ran.err


def test_a_proposed_mapping_that_was_mended_is_taken_as_it_is(shop, tmp_path, monkeypatch):
    assert shop().status == 2
    proposed = tmp_path / "store" / "proposed" / "shop.toml"
    mended = proposed.read_text().replace("Proposed for shop.csv", "Mended")
    proposed.write_text(mended)
    again = shop()
    assert again.status == 2
    assert f"Mended (parties) is in {proposed} since an earlier load, and is taken as it is there" in again.out
    assert f"--recipe {proposed}" in again.err
    terminal = StringIO("y\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert "2 accepted" in shop().out
    assert proposed.read_text() == mended


def test_a_proposed_mapping_of_a_file_without_a_header_is_found_again(shop, tmp_path):
    (tmp_path / "shop.csv").write_text("1,ada@example.com\n2,ben@example.org\n3,cy@example.net\n")
    proposed = tmp_path / "store" / "proposed"
    assert f"is in {proposed / 'shop.toml'}: read it" in shop().out
    assert f"is in {proposed / 'shop.toml'} since an earlier load" in shop().out
    assert [one.name for one in proposed.iterdir()] == ["shop.toml"]


def test_a_file_of_the_same_name_and_another_layout_has_a_mapping_of_its_own(shop, tmp_path):
    shop()
    (tmp_path / "shop.csv").write_text("number,family name,telephone\n1,Byron,+44 20 7946 0001\n")
    shop()
    assert sorted(one.name for one in (tmp_path / "store" / "proposed").iterdir()) == ["shop-2.toml", "shop.toml"]


def test_columns_that_become_nothing_are_named(own, tmp_path):
    (tmp_path / "shop.csv").write_text("id,surname,e-mail,Last Login,shoe [eu]\n1,Byron,ada@example.com,yes,38\n")
    words = ("load", tmp_path / "shop.csv", "--source", "shop")
    proposed = own(*words, "--propose", tmp_path / "shop.toml")
    loaded = own(*words, "--recipe", tmp_path / "shop.toml")
    assert "not used: Last Login, shoe [eu]\n" in proposed.out
    assert "not used: Last Login, shoe [eu]\n" in loaded.out


def test_a_few_cards_are_told_beside_how_many_there_are(own):
    every = own("recommend", "--purpose", "marketing", "--json").json
    silent = sum(bool(one["abstained"]) for one in every["cards"])
    few = own("recommend", "--purpose", "marketing", "--limit", "3").out
    advised = sum(not one["abstained"] for one in every["cards"][:3])
    told = f"{advised} of {len(every['cards']) - silent} cards; {silent} customers for whom nothing is recommended"
    assert few.startswith(told)


def test_the_rates_of_a_world_can_be_printed_changed_and_read(ask, tmp_path):
    rates = ask("world", "--print-params").json
    (tmp_path / "rates.json").write_text(json.dumps(rates | {"return_share": 0.5}))
    assert ask("world", "--params", tmp_path / "rates.json", "--print-params", "--json").json["return_share"] == 0.5
    made = ask(
        "world", "--out", tmp_path / "world", "--customers", 40, "--params", tmp_path / "rates.json", "--json"
    ).json
    assert {"path", "source", "recipe"} <= set(made["files"][0])
    assert made["truth"]
