"""Benchmarks at a size that only shows that they measure."""

import pytest

from tests.cli.run import insight

FIGURE = {"name", "ours_s", "reference_s", "ratio", "limit", "peak_mb", "reference"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["load", "timeline"])
def test_a_benchmark_stands_beside_its_reference(name):
    ran = insight("bench", name, "--customers", 1000, "--interactions", 2000, "--json")
    assert ran.status in (0, 1), ran.err
    for figure in ran.json["figures"]:
        assert set(figure) >= FIGURE
        assert figure["ours_s"] > 0
        assert figure["reference_s"] > 0
    over = any(one["limit"] and one["ratio"] > one["limit"] for one in ran.json["figures"])
    assert ran.status == int(over)
