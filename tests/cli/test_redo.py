"""A change is taken back, made again, and handed on as a file that can be replayed."""

import json


def test_a_change_is_undone_redone_and_handed_on(own, customer, tmp_path):
    file, told = tmp_path / "fix.json", tmp_path / "told.json"
    file.write_text(json.dumps([{"customer": customer, "field": "city", "action": "correct", "value": "Utopia"}]))
    change = own("fix", file, "--json").json["changes"][0]["change"]
    assert own("undo", change, "--json").json["changes"][0]["before"] == "Utopia"
    assert own("redo", change, "--json").json["changes"][0]["after"] == "Utopia"
    assert own("redo", change).status == 2
    assert own("fixes", "export", "--to", told, "--json").json["path"] == str(told)
    assert json.loads(told.read_text())["changes"][0]["value"] == "Utopia"
    assert own("fix", told, "--dry-run", "--json").json["changes"][0]["field"] == "city"
