"""The benchmarks by name: ours beside its bare reference, in one run over the same files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from insight_core.bench import ours, reference
from insight_core.bench.inputs import Inputs, write_inputs
from insight_core.bench.reference import STATEMENTS
from insight_core.bench.timing import Taken, in_child
from insight_core.errors import NotFound, NotYet
from insight_core.records.progress import Progress as Report

PEAK_LIMIT_MB = 6 * 1024

Work = Callable[[Inputs], float]
_FILLED: Work = ours.fill


@dataclass(frozen=True, slots=True)
class Pair:
    """One piece of work in two ways; `limit` is the ratio to stay under, None where it is only reported.

    `begins_with` makes the store in which both find their work; None where they begin with the files. `readied_by` is
    done there just before, and not counted.
    """

    name: str
    ours: Work
    reference: Work
    statement: str
    limit: float | None
    begins_with: Work | None = _FILLED
    readied_by: Work | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured pair: ours the median of its runs, the reference the best of them.

    `processor_s` and `peak_mb` are ours, opening the store included.
    """

    name: str
    ours_s: float
    reference_s: float
    ratio: float
    limit: float | None
    processor_s: float
    peak_mb: int
    reference: str

    @property
    def over(self) -> bool:
        """Whether it is slower or larger than it may be."""
        return (self.limit is not None and self.ratio > self.limit) or self.peak_mb > PEAK_LIMIT_MB


def twenty_milliseconds(_: Inputs) -> float:
    """What the slowest of a hundred profiles may take."""
    return 0.020


def _incremental(name: str, after: str) -> Pair:
    mine = partial(ours.incremental, name=name)
    return Pair(f"incremental build, {after}", mine, ours.first_build, STATEMENTS["incremental"], 0.05)


def _export(ending: str) -> Pair:
    mine, bare = partial(ours.export, ending=ending), partial(reference.copy, ending=ending)
    return Pair(f"export {ending}", mine, bare, STATEMENTS["copy"], 3, readied_by=ours.make_cards)


BENCHES: dict[str, tuple[Pair, ...]] = {
    "load": (
        Pair("load interactions", ours.contacts, reference.contacts, STATEMENTS["contacts"], 3.5, begins_with=None),
        Pair("load parties", ours.parties, reference.parties, STATEMENTS["parties"], 3, begins_with=None),
    ),
    "build": (Pair("build", ours.first_build, reference.build, STATEMENTS["build"], 4),),
    "many": (
        Pair("build after many loads", ours.after_many, ours.after_one, STATEMENTS["many"], 1.5, ours.begin_twice),
    ),
    "incremental": (
        _incremental("interactions", "1% spoken to"),
        _incremental("parties", "1% moved"),
    ),
    "profile": (
        Pair("profile", ours.profile, reference.profile, STATEMENTS["profile"], 5),
        Pair("profile, 99th of 100", ours.slow_profile, twenty_milliseconds, "20 milliseconds", 1),
    ),
    "timeline": (Pair("timeline", ours.timeline, reference.timeline, STATEMENTS["timeline"], 2),),
    "export": (_export("parquet"), _export("csv")),
    "recommend": (Pair("recommend", ours.recommend, reference.recommend, STATEMENTS["recommend"], None),),
}

LATER = ("identity", "api")


def run(
    names: Sequence[str], customers: int, interactions: int, runs: int, folder: Path, report: Report
) -> list[Figure]:
    """Measure benchmarks on the same inputs in the folder; raises NotFound, and NotYet for one that is to come."""
    pairs = [pair for name in names for pair in _pairs(name)]
    inputs = Inputs(folder, customers, interactions)
    report("write the inputs", 0, None)
    write_inputs(inputs)
    for work in dict.fromkeys(pair.begins_with for pair in pairs if pair.begins_with):
        report("load and build", 0, None)
        in_child(work, inputs)
    stopwatch = _Stopwatch(inputs, runs, report, {})
    return [_measured(pair, stopwatch) for pair in pairs]


def _pairs(name: str) -> tuple[Pair, ...]:
    if name in LATER:
        raise NotYet(f"bench {name}")
    if name not in BENCHES:
        raise NotFound("benchmark", name, BENCHES)
    return BENCHES[name]


@dataclass(frozen=True, slots=True)
class _Stopwatch:
    """Runs works so many times each; what two pairs have in common is measured once."""

    inputs: Inputs
    runs: int
    report: Report
    taken: dict[Work, list[Taken]]

    def __call__(self, work: Work, name: str) -> list[Taken]:
        if work not in self.taken:
            self.taken[work] = [self._run(work, name, number) for number in range(self.runs)]
        return self.taken[work]

    def ready(self, work: Work | None) -> None:
        """Do once what is not counted."""
        if work is not None and work not in self.taken:
            self.taken[work] = [self._run(work, "make ready", 0)]

    def _run(self, work: Work, name: str, number: int) -> Taken:
        self.report(name, number, self.runs)
        return in_child(work, self.inputs)


def _measured(pair: Pair, stopwatch: _Stopwatch) -> Figure:
    stopwatch.ready(pair.readied_by)
    mine, bare = stopwatch(pair.ours, pair.name), stopwatch(pair.reference, "bare reference")
    ours_s, reference_s = median(one.seconds for one in mine), min(one.seconds for one in bare)
    return Figure(
        name=pair.name,
        ours_s=round(ours_s, 6),
        reference_s=round(reference_s, 6),
        ratio=round(ours_s / reference_s, 2),
        limit=pair.limit,
        processor_s=round(median(one.processor_s for one in mine), 2),
        peak_mb=round(max(one.peak_mb for one in mine)),
        reference=pair.statement,
    )
