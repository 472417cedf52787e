"""Jobs of the demonstration: the made-up world, and the same world anew."""

from insight_core.errors import Refused
from insight_core.jobs.evidence import built
from insight_core.jobs.kinds import Result, Task, kind
from insight_core.records.results import as_json
from insight_core.workspace import open_store


def _settled(result: Result) -> str:
    return f"The sample is in, from {result['files']} files. {built(result)}".strip()


@kind("demo", "The sample", _settled, writes=True)
def demo(task: Task, customers: int = 2000, seed: int = 1) -> Result:
    """Make a world, load and build it, at the world's own clock."""
    from insight_core.demo import write_world
    from insight_core.demo.settle import claim, load_world

    claim(task.ws, customers, seed)
    task.report("make a world", 0, None)
    made = write_world(task.ws.root.resolve().parent / "world", customers=customers, seed=seed)
    # Made-up lives stop at the world's end: seen from any later day everything in it looks stale.
    ws = open_store(task.ws.root, now=made.clock, door="job")
    try:
        done: Result = {"files": load_world(ws, made, task.report), "now": made.clock.isoformat()}
        task.keep(done)
        return done | {"built": as_json(ws.build(progress=task.report))}
    finally:
        ws.close()


@kind("reset", "The sample anew", _settled, writes=True)
def reset(task: Task, others: bool = False) -> Result:
    """Empty a demonstration's store and make its world anew; with `others` its other loads go as well."""
    from insight_core.demo.settle import strangers, world_of

    world = world_of(task.ws)
    if world is None:
        raise Refused(f"The store {task.ws.root} is no demonstration's: nothing here is wiped.")
    if not others and (found := strangers(task.ws)):
        named = ", ".join(f"batch {one['id']} from {one['source']}" for one in found[:5])
        raise Refused(f"The store holds other loads as well: {named}. Take them back first, or say that they may go.")
    task.report("empty the store", 0, None)
    task.ws.wipe(task.report)
    return demo(task, **world)
