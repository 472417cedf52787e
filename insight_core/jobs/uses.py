"""Jobs that use the profiles: recommend, export, and what came of cards."""

from insight_core.jobs.kinds import Result, Task, kind
from insight_core.records.results import ExportReport, as_json


def _recommended(result: Result) -> str:
    return f"{result['cards']:,} cards; for {result['abstained']:,} customers nothing is recommended."


def _exported(result: Result) -> str:
    done = ExportReport(**result)
    held = f" {done.withheld:,} customers are withheld." if done.withheld else ""
    return f"{done.told}.{held} The receipt is {done.receipt}."


def _outcomes(result: Result) -> str:
    fates = f"{result['accepted']:,} accepted, {result['duplicate']:,} known already"
    return f"{result['read']:,} outcomes read: {fates}, {result['quarantined']:,} refused."


@kind("recommend", "Recommendations", _recommended)
def recommend(task: Task, purpose: str = "marketing") -> Result:
    """Cards for everybody that the purpose may see, kept for their outcomes."""
    task.report("choose for everybody", 0, None)
    return dict(task.ws.make_cards(purpose, task.report))


@kind("export", "Export", _exported)
def export(task: Task, what: str, purpose: str, to: str) -> Result:
    """Write profiles, recommendations or an audience to a file."""
    task.report(f"write {what}", 0, None)
    done: Result = as_json(task.ws.export(what, purpose, to, task.report))
    return done


@kind("outcome", "Outcomes", _outcomes)
def outcome(task: Task, file: str) -> Result:
    """Record what came of cards."""
    task.report("read outcomes", 0, None)
    return task.ws.outcome(file)
