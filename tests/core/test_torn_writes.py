"""A write that is cut off between the tables and the files beside them is mended by the next one."""

import pytest

from insight_core.pipeline import write_profiles


class CutOff(Exception):
    """Stands for the end of the process."""


@pytest.mark.databases
@pytest.mark.parametrize("mend", ["build", "undo"])
def test_a_fix_that_is_cut_off_is_mended(two_people, monkeypatch, mend):
    workspace = two_people()
    before = workspace.verify(explain=True)["parts"]

    def cut_off(*_):
        raise CutOff

    with monkeypatch.context() as patched:
        patched.setattr(write_profiles, "_list", cut_off)
        with pytest.raises(CutOff):
            workspace.fix([{"customer": "1", "field": "email", "action": "correct", "value": "new@example.com"}])
    if mend == "undo":
        workspace.undo(workspace.history("1")[0]["change"])
    workspace.build()
    mended = workspace.verify(explain=True)["parts"]
    workspace.build(full=True)
    assert workspace.verify(explain=True)["parts"] == mended
    assert (mended == before) is (mend == "undo")
