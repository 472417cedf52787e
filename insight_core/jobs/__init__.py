"""Long work as durable jobs: a job outlives the page and the process that asked for it, and can be stopped."""

from insight_core.jobs import evidence, notebooks, sample, uses
from insight_core.jobs.desk import JobState, again, get, recent, running, start, stop
from insight_core.jobs.kinds import KINDS, Kind, Task, kind

# These rooms fill the registry of kinds; another one joins by its name here.
ROOMS = (evidence, uses, sample, notebooks)

__all__ = ["KINDS", "JobState", "Kind", "Task", "again", "get", "kind", "recent", "running", "start", "stop"]
