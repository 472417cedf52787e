"""Empty states: what would be here, and the button that brings it."""

from datetime import datetime
from pathlib import Path

import streamlit as st

from app import session, text
from app.components import sidebar, work


def instead() -> None:
    """What a view shows that needs profiles, where there are none."""
    if any(one["unloaded_at"] is None for one in session.workspace().batches()):
        unbuilt()
    else:
        base()


def base() -> None:
    """Nothing is loaded yet."""
    st.html("""<div class="iw"><h1>Insight Workbench</h1>
        <p class="lead under">Load what your contacts with customers show, and see who each of them is, how far the
        picture can be trusted, and how to talk to them.</p></div>""")
    with st.container(border=True):
        st.html("""<div class="iw"><h2>The base is empty</h2><p class="under">Here you would see how complete, fresh,
            accurate and lawful the base is, and what needs attention first.</p></div>""")
        with st.container(horizontal=True):
            if st.button("Load the sample", type="primary", key="home_sample"):
                load_sample()
            if st.button("Load a file", key="home_load"):
                st.switch_page(sidebar.page("load"))
        st.caption("The sample is a made-up company with 2,000 customers: it takes about a minute.")


def unbuilt() -> None:
    """Something is loaded but no profile is made of it."""
    st.html("""<div class="iw"><h2>Loaded, but not built</h2><p class="under">The evidence is in; profiles are made
        of it by a build.</p></div>""")
    if st.button("Build the profiles", type="primary", key="build_now"):
        work.build()
        st.rerun()


def nobody(what: str) -> None:
    """A search or filter that finds nothing."""
    st.html(f'<div class="iw"><div class="iw-empty"><h2>{text.html(what)}</h2></div></div>')


def load_sample() -> None:
    """Make a world beside the store, load and build it, and put the clock to the world's end."""
    beside = session.workspace().root.resolve().parent / "world"
    clock = work.run("Making the sample", lambda report: _sample(beside, report))
    session.move_clock(clock)
    session.say("The sample is loaded. Today is the last day of its world.")
    st.rerun()


def _sample(folder: Path, report: work.Report) -> datetime:
    from insight_core.demo import write_world

    report("make a world", 0, None)
    made = write_world(folder, customers=2000, seed=1)
    # A made-up life stops at the world's end: seen from any later day everything in it looks stale.
    ws = session.opened(made.clock)
    for file in made.files:
        ws.load([file["path"]], file["source"], recipe=file["recipe"], progress=report)
    ws.build(progress=report)
    ws.close()
    return made.clock
