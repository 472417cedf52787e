import pytest

from insight_core.errors import BadInput
from insight_core.recommend.evaluation import accuracy

FIGURES = {
    "life_stage_accuracy", "staleness_f1", "preferred_channel_top1", "household_f1", "identity_f1",
    "business_direction_accuracy", "calibration_error",
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(truth_file, all_knowing):
    return accuracy(truth_file, all_knowing)


def test_there_are_seven_figures_each_beside_a_simple_rule_and_an_oracle(figures):
    assert set(figures) == FIGURES
    assert all(set(one) == {"ours", "naive", "oracle"} for one in figures.values())


@pytest.mark.parametrize("name", sorted(FIGURES - {"staleness_f1", "calibration_error"}))
def test_a_workbench_that_knows_everything_is_perfect(figures, name):
    assert figures[name]["ours"] == 1


def test_a_workbench_without_false_values_has_nothing_to_doubt_and_no_error(figures):
    assert figures["staleness_f1"] == {"ours": None, "naive": None, "oracle": 0}
    assert figures["calibration_error"]["ours"] == figures["calibration_error"]["naive"] == 0


@pytest.mark.parametrize("name", ["preferred_channel_top1", "business_direction_accuracy", "life_stage_accuracy"])
def test_the_oracle_beats_the_simple_rule(figures, name):
    oracle, naive = figures[name]["oracle"], figures[name]["naive"]
    assert oracle is not None
    assert naive is not None
    assert oracle > naive


def test_one_value_made_false_is_found_by_whoever_doubts_it(truth_file, all_knowing):
    customer = all_knowing.snapshot["customer_id"].iloc[0]
    snapshot, states = all_knowing.snapshot.copy(), all_knowing.states.copy()
    snapshot.loc[snapshot["customer_id"] == customer, "email"] = "somebody.else@example.com"
    here = (states["customer_id"] == customer) & (states["field"] == "email")
    blind = accuracy(truth_file, all_knowing._replace(snapshot=snapshot))
    assert blind["staleness_f1"]["ours"] == 0
    states.loc[here, "state"] = "stale"
    assert accuracy(truth_file, all_knowing._replace(snapshot=snapshot, states=states))["staleness_f1"]["ours"] == 1


def test_saying_nothing_is_wrong(truth_file, all_knowing):
    silent = all_knowing.snapshot.assign(stage=None, direction=None, preferred_channel=None)
    figures = accuracy(truth_file, all_knowing._replace(snapshot=silent))
    for name in ("life_stage_accuracy", "business_direction_accuracy", "preferred_channel_top1"):
        assert figures[name]["ours"] == 0


def test_everybody_in_one_customer_is_a_poor_identity(truth_file, all_knowing):
    links = all_knowing.links.assign(customer_id=all_knowing.links["customer_id"].min())
    ours = accuracy(truth_file, all_knowing._replace(links=links))["identity_f1"]["ours"]
    assert ours is not None
    assert ours < 0.05


def test_an_empty_workbench_has_no_figures(truth_file, all_knowing):
    empty = all_knowing._replace(**{name: getattr(all_knowing, name).head(0) for name in all_knowing._fields})
    figures = accuracy(truth_file, empty)
    assert {value for one in figures.values() for value in one.values()} == {None}


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_a_file_that_is_no_truth_is_refused(tmp_path, all_knowing, content):
    file = tmp_path / "truth.zip"
    file.write_bytes(content)
    with pytest.raises(BadInput, match="truth"):
        accuracy(file, all_knowing)


def test_a_truth_that_is_not_there_is_refused(tmp_path, all_knowing):
    with pytest.raises(BadInput, match="nowhere"):
        accuracy(tmp_path / "nowhere.zip", all_knowing)
