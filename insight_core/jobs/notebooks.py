"""Jobs that run a notebook."""

from typing import Any

from insight_core.errors import Refused
from insight_core.jobs.kinds import Result, Task, kind


def _ran(result: Result) -> str:
    return f"The notebook took {result['seconds']:.0f} s." if result.get("seconds") else ""


@kind("notebook", "Notebook", _ran)
def notebook(task: Task, notebook: str, values: dict[str, Any]) -> Result:
    """Run a notebook; a cell that fails is the job's failure, and what was shown by then stays."""
    head = task.ws.notebooks.run(notebook, values, task.report)
    done: Result = {"run": head.run, "notebook": notebook, "seconds": head.seconds}
    task.keep(done)
    if head.state != "done":
        raise Refused(head.message)
    return done
