"""Benchmarks at a size that only shows that they measure."""

import pytest

from insight_core.bench import BENCHES
from insight_core.bench.inputs import Inputs, write_inputs
from insight_core.bench.ours import fill
from tests.cli.run import insight

FIGURE = {"name", "ours_s", "reference_s", "ratio", "limit", "processor_s", "peak_mb", "reference"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    small = Inputs(tmp_path_factory.mktemp("bench"), customers=1000, interactions=3000)
    write_inputs(small)
    fill(small)
    return small


def test_the_inputs_are_the_same_bytes_each_time(inputs, tmp_path):
    again = Inputs(tmp_path, inputs.customers, inputs.interactions)
    write_inputs(again)
    assert again.parties.read_bytes() == inputs.parties.read_bytes()
    assert again.contacts.read_bytes() == inputs.contacts.read_bytes()


@pytest.mark.parametrize("bench", BENCHES)
def test_ours_and_the_reference_both_do_the_work(bench, inputs):
    """The pairs of a benchmark build on each other: a copy needs the export before it."""
    for pair in BENCHES[bench]:
        if pair.begins_with not in (None, fill):
            pair.begins_with(inputs)
        assert pair.ours(inputs) > 0, pair.name
        assert pair.reference(inputs) > 0, pair.name


@pytest.mark.slow
def test_a_benchmark_stands_beside_its_reference():
    ran = insight("bench", "timeline", "--customers", 1000, "--interactions", 3000, "--json")
    (figure,) = ran.json["figures"]
    assert set(figure) >= FIGURE
    assert figure["ratio"] > 0
    assert ran.status == int(figure["ratio"] > figure["limit"])
