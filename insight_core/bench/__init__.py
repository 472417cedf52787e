"""Benchmarks: each measures the workbench beside a bare reference in the same run.

inputs.py      the files that are measured, the same bytes for the same sizes
ours.py        the work by the workbench
reference.py   the same work with nothing that a workbench adds
figures.py     the benchmarks by name, with their limits
"""

from insight_core.bench.figures import BENCHES, Figure, run

__all__ = ["BENCHES", "Figure", "run"]
