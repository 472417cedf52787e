"""Empty states: what would be here, and the button that brings it."""

import streamlit as st

from app import session, text
from app.components import guard, job, page, places, sidebar
from insight_core.demo.settle import strangers, world_of


def instead() -> None:
    """What a view shows that needs profiles, where there are none."""
    if (watched := job.watched()) is not None and watched.live:
        page.under("Profiles appear here as soon as it is done.")
        return
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
                _start("demo")
            if st.button("Load a file", key="home_load"):
                places.go(sidebar.page("load"))
        st.caption("The sample is a made-up company with 2,000 customers: it takes about a minute.")


def unbuilt() -> None:
    """Something is loaded but no profile is made of it."""
    st.html("""<div class="iw"><h1>Loaded, but not built</h1><p class="under">The evidence is in; profiles are made
        of it by a build.</p></div>""")
    if st.button("Build the profiles", type="primary", key="build_now"):
        _start("build")


def nobody(what: str) -> None:
    """A search or filter that finds nothing."""
    st.html(f'<div class="iw"><div class="iw-empty"><h2>{text.html(what)}</h2></div></div>')


def reset() -> None:
    """A demonstration's way back to its beginning, in one click; nothing where the store is none."""
    if world_of(session.workspace()) is None:
        return
    if st.button("Start the demonstration anew", key="demo_reset", help=_RESET):
        if strangers(session.workspace()):
            _other_loads()
        else:
            _start("reset")


_RESET = (
    "Empties this store and makes its made-up world again: fixes, consents, cards and saved views go. About a minute."
)


@st.dialog("Start the demonstration anew")
def _other_loads() -> None:
    found = strangers(session.workspace())
    rows = sum(one["accepted"] for one in found)
    st.text(f"{text.plural(len(found), 'load')} with {text.plural(rows, 'row')} came beside the sample and would go:")
    for one in found[:10]:
        st.text(f"Batch {one['id']} from {one['source']}: {', '.join(str(file['file']) for file in one['files'])}")
    with st.container(horizontal=True):
        if st.button("Empty it all the same", type="primary", key="demo_reset_all"):
            _start("reset", others=True)
        if st.button("Cancel", key="demo_reset_not"):
            st.rerun()


def _start(kind: str, **arguments: bool) -> None:
    with guard.told():
        job.start(kind, **arguments)
