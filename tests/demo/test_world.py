import json
import re
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from insight_core.demo import Params, make_world
from insight_core.demo.lives import live
from insight_core.demo.mistakes import RESTYLED
from insight_core.errors import BadInput


@pytest.mark.parametrize(("state", "floor"), [("missing", 0.25), ("wrong", 0.08), ("outdated", 0.20)])
def test_what_the_company_recorded_is_as_bad_as_promised(usual, state, floor):
    assert (usual.truth.cells["state"] == state).mean() >= floor


def test_the_preferred_channel_has_at_most_half_of_any_customers_contacts(usual):
    contacts, known = _contacts(usual), usual.truth.records
    entity = dict(zip(known["source"].astype(str) + known["key"], known["entity_id"], strict=True))
    liked = usual.truth.entities.set_index("entity_id")["preferred_channel"]
    who = contacts["key"].map(entity)
    assert who.notna().all()
    assert (contacts["channel"] == who.map(liked)).groupby(who).mean().max() <= 0.5


def test_a_twentieth_of_the_customers_are_organisations(usual):
    assert usual.truth.entities["kind"].value_counts().to_dict() == {"person": 1900, "organisation": 100}


def test_nobody_is_outside_every_source(usual):
    assert set(usual.truth.records["entity_id"]) == set(usual.truth.entities["entity_id"])


def test_some_people_stand_twice_in_one_source_under_two_keys(usual):
    people = usual.truth.records.groupby(["source", "entity_id"]).size()
    assert (people == 2).sum() > 50


def test_extracts_repeat_rows_and_hold_few_that_nobody_can_read(usual):
    for name in ("crm", "billing", "webshop", "orders", "contact_log", "app_log", "call_records", "consents"):
        frame = usual.frames[name].astype(str)
        assert frame.duplicated().sum() > 0, name
    unreadable = (usual.frames["contact_log"]["channel"] == "FAX").mean()
    assert 0 < unreadable < 0.005


def test_every_address_of_electronic_mail_is_reserved_for_examples(usual):
    for name, column in (("crm", "Email"), ("billing", "EMail"), ("webshop", "mail"), ("sales", "Contact mail")):
        mails = usual.frames[name][column].dropna().astype(str)
        mails = mails[mails.str.contains("@")]
        assert mails.str.fullmatch(r"[^@\s]+@example\.(com|org|net)").all(), name


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    again = make_world(seed=5, customers=400).write(tmp_path)
    for one, other in zip(written.files, again.files, strict=True):
        assert _bytes(one["path"]) == _bytes(other["path"]), one["recipe"]
    assert written.truth.read_bytes() == again.truth.read_bytes()


def test_another_seed_gives_another_world(small, insight_world):
    assert not small.frames["crm"].equals(insight_world(seed=6, customers=400).frames["crm"])


def test_what_a_cell_is_called_is_what_it_is(small):
    """Right, wrong, outdated and missing, told again by comparing what was said with what is true."""
    values = small.truth.values.astype(str).set_index(["entity_id", "field"])["value"]
    for name, said in small.asserted.items():
        cells = small.truth.cells[small.truth.cells["source"] == name].astype(str)
        owner = small.truth.records.set_index(["source", "key"])["entity_id"].loc[name]
        text = pd.DataFrame(said.said, index=said.records.key)
        for field in set(said.said) - set(RESTYLED):
            own = cells[cells["field"] == field]
            told = text[field].loc[own["key"]].to_numpy(dtype=object)
            true = values.loc[list(zip(owner.loc[own["key"]], [field] * len(own), strict=True))].to_numpy(dtype=object)
            empty = pd.isna(told)
            assert (empty == (own["state"] == "missing").to_numpy()).all(), (name, field)
            assert ((told == true)[~empty] == (own["state"] == "right").to_numpy()[~empty]).all(), (name, field)


def test_nothing_happens_after_the_end(usual):
    assert usual.clock.isoformat() == "2026-07-01T00:00:00+00:00"
    assert usual.frames["contact_log"]["started"].max() < usual.clock
    assert usual.frames["crm"]["Updated"].max() <= "2026-06-30"


@pytest.mark.parametrize("end", ["2025-06-30", "2030-06-30"])
def test_the_end_is_a_rate_like_any_other(end):
    world = make_world(seed=1, customers=60, params=Params(end=end))
    assert world.clock.year == datetime.fromisoformat(end).year
    assert world.truth.entities["stage_since"].dropna().max() <= end


@pytest.mark.parametrize("customers", [10, 11, 37])
def test_small_worlds_are_worlds(customers):
    world = make_world(seed=2, customers=customers)
    assert len(world.truth.entities) == customers
    assert len(world.truth.stories) == 5


@pytest.mark.parametrize(("seed", "customers"), [(1, 9), (-1, 100)])
def test_a_world_that_cannot_be_is_refused(seed, customers):
    with pytest.raises(BadInput):
        make_world(seed=seed, customers=customers)


def test_people_live_lives():
    lives = live(4, 1500, Params())
    changed = {name: (past[0] != past[-1]).mean() for name, past in lives.past.items()}
    for name in ("address", "marital", "employment", "employer", "children_total", "surname", "household"):
        assert changed[name] > 0, name


def test_couples_share_a_home_and_their_children():
    people = live(4, 1500, Params()).people
    paired = np.flatnonzero(people.partner >= 0)
    other = people.partner[paired]
    assert (people.partner[other] == paired).all()
    assert (people.household[other] == people.household[paired]).all()
    assert (people.address[other] == people.address[paired]).all()


def test_orders_follow_where_a_company_goes(usual):
    entities = usual.truth.entities.set_index("entity_id")
    orders = usual.frames["orders"]
    owner = usual.truth.records.query("source == 'billing'").set_index("key")["entity_id"]
    firm = orders["account"].map(owner)
    direction = firm.map(entities["direction"].dropna())
    year = orders["ordered_at"].str[6:10]
    counts = orders.assign(direction=direction, year=year).groupby(["direction", "year"]).size()
    assert counts["growing", "2025"] > 1.1 * counts["growing", "2024"]
    assert counts["shrinking", "2025"] < 0.9 * counts["shrinking", "2024"]


def test_the_stories_are_where_they_should_be(usual):
    stories = usual.truth.stories.set_index("name")
    assert stories["entity_id"].tolist() == ["E000000", "E000001", "E000002", "E001900", "E000004"]
    keys = stories["keys"].map(json.loads)
    crm = usual.frames["crm"].set_index("CustomerNo")
    billing = usual.frames["billing"].set_index("Kontonummer")
    two = keys["two_sources_disagree"]
    day, month, year = billing.loc[two["billing"], "Geburtsdatum"].split(".")
    assert crm.loc[two["crm"], "BirthDate"] != f"{year}-{month}-{day}"
    stale = keys["stale_email_wrong_tone"]["crm"]
    values = usual.truth.values.astype(str).set_index(["entity_id", "field"])["value"]
    assert crm.loc[stale, "Email"] != values["E000001", "email"]
    log = usual.frames["contact_log"]
    late = log[(log["customer_no"] == stale) & (log["direction"] == "OUT") & (log["started"] > "2025-06-01")]
    assert set(late["tone"]) <= {"formal"}
    moved = keys["family_just_moved"]
    shop = usual.frames["webshop"].set_index("account")
    assert shop.loc[moved["webshop"], "address"].lower() != crm.loc[moved["crm"], "Street"].lower()
    consents = usual.frames["consents"]
    own = consents[consents["customer_no"] == keys["consent_withdrawn"]["crm"]].query("purpose == 'marketing'")
    assert own["decision"].tolist() == ["yes", "no"]
    assert usual.truth.entities.set_index("entity_id").loc["E001900", "direction"] == "shrinking"


def test_the_truth_lies_beside_the_extracts_and_is_not_one(written):
    assert written.truth.name == "truth.zip"
    assert str(written.truth) not in [file["path"] for file in written.files]
    assert all(re.fullmatch(r"demo-[a-z-]+", file["recipe"]) for file in written.files)


def _contacts(world) -> pd.DataFrame:
    desk = world.frames["contact_log"].query("channel != 'FAX'")
    words = {"EMAIL": "email", "SMS": "sms", "PHONE": "call", "CHAT": "chat", "SHOP": "store", "APP": "app"}
    shop = world.frames["app_log"].dropna(subset=["ts"])
    key = pd.concat(["crm" + desk["customer_no"], "webshop" + shop["account"]])
    parts = pd.concat([desk["channel"].map(words), shop["via"]])
    number = pd.concat([desk["contact_id"], shop["event"]])
    return pd.DataFrame({"key": key, "channel": parts, "number": number}).drop_duplicates("number")


def _bytes(path) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 (paths travel as text)
        return file.read()
