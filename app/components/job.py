"""Jobs on the page: started, watched over reloads, stopped, tried again.

The address line names the job that a page watches: `?job=...`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

import insight_core as ic
from app import session, steps, text
from app.components import guard, into_view, page

PARAMETER = "job"
_SHOWN = "job_shown"  # the job that this drawing of the page has told of

_LOOKS_EVERY_S = 1.0

# kind: the view that watches it; the rest are watched where evidence comes in
_VIEWS = {"demo": "home", "reset": "home", "notebook": "notebooks", "recommend": "recommend", "export": "recommend",
          "outcome": "recommend"}  # fmt: skip
_USUAL_VIEW = "load"

After = Callable[[ic.jobs.JobState], None]


def start(kind: str, **arguments: Any) -> None:
    """Start a job and draw the page anew, which watches it."""
    _follow(ic.jobs.start(session.workspace(), kind, **arguments))


def named() -> str | None:
    """The job that the address line names."""
    return st.query_params.get(PARAMETER)


def close() -> None:
    """Watch it no longer; it goes on if it has not ended."""
    st.query_params.pop(PARAMETER, None)


def watched(after: After | None = None, of: Sequence[str] = ()) -> ic.jobs.JobState | None:
    """Draw the job that the address line names, if it is one of the kinds `of` (of any without), and give it."""
    return watch(job, after, of) if (job := named()) else None


def watch(job: str, after: After | None = None, of: Sequence[str] = ()) -> ic.jobs.JobState | None:
    """Draw how far a job is, or how it ended; `after` draws what one may do next when all went well."""
    try:
        seen = ic.jobs.get(session.workspace(), job)
    except ic.UserError:
        close()
        return None
    if of and seen.kind not in of:
        return None
    with st.container(border=True, key=_box(job)):
        if seen.live:
            st.session_state[_SHOWN] = job
            _running(job)
        else:
            _ended(seen, after)
    return seen


def _box(job: str) -> str:
    return f"job_{job}"


def line(link: Callable[[str], Any]) -> None:
    """What runs, for the sidebar, with how far it is unless the page tells that; `link` gives the page of a view."""
    shown = st.session_state.pop(_SHOWN, None)
    if _at_work():
        _line(link, shown)


def _at_work() -> list[ic.jobs.JobState]:
    """What runs and was not told to stop."""
    return [one for one in ic.jobs.running(session.workspace()) if not one.stopping]


@st.fragment(run_every=_LOOKS_EVERY_S)
def _line(link: Callable[[str], Any], shown: str | None) -> None:
    for one in _at_work():
        view = link(_VIEWS.get(one.kind, _USUAL_VIEW))
        # Two who look a moment apart see two steps: where the page tells it, it tells it alone.
        told = "under way" if one.id == shown and one.state == "running" else _step(one)
        st.page_link(view, label=f"{one.title}: {told}", query_params={PARAMETER: one.id})
        if one.share is not None and one.id != shown:
            st.progress(one.share)


@st.fragment(run_every=_LOOKS_EVERY_S)
def _running(job: str) -> None:
    ws = session.workspace()
    with guard.told():
        seen = ic.jobs.get(ws, job)
        if not seen.live:
            _arrived(seen)
            # What is drawn now that it has ended pushes it off a page that was scrolled.
            into_view.ask(into_view.container(_box(job)), block="nearest")
            st.rerun()
        st.progress(seen.share or 0.0, text=f"{seen.title}: {_step(seen)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            label = "Stopping at the next step" if seen.stopping else "Stop"
            if st.button(label, key=f"stop_{job}", disabled=seen.stopping):
                ic.jobs.stop(ws, job)
                # The whole page: the sidebar tells of it no longer.
                st.rerun()
            st.caption(f"{_span(seen.seconds)} so far. It goes on when this page is left.")


def _arrived(seen: ic.jobs.JobState) -> None:
    """A made-up world is looked at from its own last day."""
    if seen.state == "done" and (now := text.moment(seen.result.get("now"))) and now != session.workspace().now:
        session.move_clock(now)
        session.say("Today is now the last day of the sample's world.")


def _ended(seen: ic.jobs.JobState, after: After | None) -> None:
    span = _span(seen.seconds)
    if seen.state == "done":
        page.block(f'<h2>{text.html(seen.title)}: done <span class="small">in {span}</span></h2>')
    else:
        page.block(f'<h2>{text.html(seen.title)}: {seen.state} <span class="small">after {span}</span></h2>')
        tell = st.error if seen.state == "failed" else st.info
        tell(text.markdown(seen.message))
    if seen.told:
        page.under(seen.told)
    with st.container(horizontal=True, vertical_alignment="center"):
        if seen.state != "done" and st.button("Try again", type="primary", key=f"again_{seen.id}"):
            _follow(ic.jobs.again(session.workspace(), seen.id))
        if after is not None and seen.state == "done":
            after(seen)
        st.button("Close", key=f"close_{seen.id}", type="tertiary", on_click=close)


def _follow(job: str) -> None:
    st.query_params[PARAMETER] = job
    into_view.ask(into_view.container(_box(job)), block="nearest")
    st.rerun()


def _step(seen: ic.jobs.JobState) -> str:
    """Where it is, in words, as text inside markdown."""
    if seen.state == "waiting" and not seen.step:
        return "starting"
    told = text.markdown(steps.told(seen.step))
    if seen.total:
        return f"{told}, {seen.share or 0:.0%}"
    return f"{told}, {seen.done:,} rows so far" if seen.done else told


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
