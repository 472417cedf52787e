"""Long work with its progress on the page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

import insight_core as ic
from app import cached, session, text

Report = Callable[[str, int, int | None], None]


@contextmanager
def shown(title: str) -> Iterator[Report]:
    """A bar that the work moves: it takes (step, done, total)."""
    bar = st.progress(0.0, text=title)

    def report(step: str, done: int, total: int | None) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=f"{title}: {text.markdown(step)}")

    try:
        yield report
    finally:
        bar.empty()


def build() -> ic.BuildReport:
    """Bring every profile up to date."""
    with shown("Building the profiles") as report:
        done = session.workspace().build(progress=report)
    cached.forget()
    session.say(f"{text.plural(done.changed, 'profile')} of {done.customers:,} changed in {done.seconds:.0f} s")
    return done
