"""What goes wrong ends in one line: status 2 for a mistake, 1 for a fault, and never a traceback."""

import pytest

from insight_core.commands import faults
from insight_core.errors import BadInput, Damaged, Fault, NotFound
from tests.cli.run import insight

MISTAKES = {
    "fly": "No such command 'fly'",
    "profile nobody": "No customer called 'nobody'",
    "profile": "Missing argument 'CUSTOMER'",
    "profile CUSTOMER --purpose markting": "Did you mean 'marketing'?",
    "profile CUSTOMER --as-of yesterday": "'yesterday' is not a date",
    "find shoesize=47": "No search field called 'shoesize'",
    "load nothing.csv --source crm": "There is no file nothing.csv",
    "load": "Missing argument 'FILE...'",
    "quarantine --batch 99": "No batch called '99'. Did you mean '9'?",
    "unload 99": "No loaded batch called '99'",
    "drop-source crn": "Did you mean 'crm'?",
    "undo nothing": "nothing",
    "fix nothing.json": "There is no file nothing.json",
    "export shoes": "'shoes' is not one of 'profiles', 'recommendations', 'audience'",
    "export profiles --to profiles.doc": "doc",
    "consent CUSTOMER --purpose marketing --set maybe": "'maybe' is not one of 'given', 'withdrawn'",
    "consent CUSTOMER --purpose service_delivery --set withdrawn": "service_delivery rests on contract: this customer gave no",
    "build --engine sprak": "Did you mean 'spark'?",
    "bench identity": "bench identity is not part of this release yet",
    "bench sleep": "No benchmark called 'sleep'",
    "evaluate --truth .": "The folder . has no truth.zip.",
    "evaluate --truth truth.zip": "There is no file truth.zip.",
    "world": "--out DIR",
    "world --out somewhere --customers 3": "customers",
    "stale --limit 0": "--limit",
    "verify --shout": "--shout",
}


@pytest.mark.parametrize(("words", "says"), MISTAKES.items())
def test_a_mistake_is_one_clear_line_and_status_2(words, says, ask, customer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = ask(*words.replace("CUSTOMER", customer).split())
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1


def test_known_numbers_stand_in_the_order_in_which_they_count():
    assert "Known: 1, 2, 10, b." in str(NotFound("loaded batch", "99", ["10", "b", "2", "1"]))


def test_a_store_that_is_none_is_no_new_one(demo, tmp_path):
    missing, beside = tmp_path / "store", demo[0] / "stor"
    for words in ("find Anna", "stale", "verify", "build"):
        ran = insight(*words.split(), "--store", missing)
        assert (ran.status, ran.out) == (2, "")
        assert f"No store called '{missing}'. `insight demo` makes one" in ran.err
    assert not missing.exists()
    assert f"Did you mean '{demo[0] / 'store'}'?" in insight("find", "Anna", "--store", beside).err


def test_a_damaged_store_is_one_line_and_status_1(tmp_path):
    (tmp_path / "profile.db").write_bytes(b"This was a database once." * 100)
    ran = insight("stale", "--store", tmp_path)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert "Traceback" not in ran.err


def test_the_log_of_the_unexpected_says_where_and_holds_no_value(tmp_path):
    with pytest.raises(Fault, match="unexpected: ValueError: Ada Byron"), faults.nothing_unexpected(tmp_path):
        raise ValueError("Ada Byron")
    (log,) = (tmp_path / "logs").iterdir()
    assert "test_mistakes.py" in log.read_text()
    assert "Ada" not in log.read_text()


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (BadInput("x"), 2),
        (NotFound("field", "x"), 2),
        (Damaged("x", "is gone"), 1),
        (RuntimeError("x"), 1),
        (KeyboardInterrupt(), 130),
    ],
    ids=repr,
)
def test_every_error_has_its_status(raised, status, capsys):
    def fail():
        raise raised

    assert faults.guarded(fail) == status
    assert capsys.readouterr().err.count("\n") == 1
