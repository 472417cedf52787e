"""Long work with its progress on the page."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

import streamlit as st

import insight_core as ic
from app import cached, session, text

Report = Callable[[str, int, int | None], None]
Done = TypeVar("Done")

# One at a time. Work never runs in a page's own thread: a page stops where it stands when it is left.
_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
_LOOKS_EVERY_S = 0.15


class _Progress:
    """How far the work is: written by the work, read by the page."""

    def __init__(self) -> None:
        self.step, self.share = "waiting for its turn", 0.0

    def report(self, step: str, done: int, total: int | None) -> None:
        self.step, self.share = step, min(done / total, 1.0) if total else 0.0


def run(title: str, task: Callable[[Report], Done]) -> Done:
    """Do the work beside the page and show how far it is; leaving the page does not stop it."""
    progress = _Progress()
    future = _WORKER.submit(task, progress.report)
    future.add_done_callback(lambda _: cached.forget())
    bar = st.progress(0.0, text=title)
    while not wait([future], timeout=_LOOKS_EVERY_S).done:
        bar.progress(progress.share, text=f"{title}: {text.markdown(progress.step)}")
    bar.empty()
    return future.result()


def build() -> ic.BuildReport:
    """Bring every profile up to date."""
    ws = session.workspace()
    done = run("Building the profiles", lambda report: ws.build(progress=report))
    session.say(f"{text.plural(done.changed, 'profile')} of {done.customers:,} changed in {done.seconds:.0f} s")
    return done
