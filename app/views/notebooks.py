"""Notebooks: what each answers, a form of its parameters, its run, and what was run before."""

from datetime import UTC, datetime

import streamlit as st

import insight_core as ic
from app import session, text
from app.components import empty, guard, job, notebook_form, notebook_shown, page, sidebar, twin
from insight_core.notebooks import Listed, RunHead, RunShown

_RUN = "run"
_CARRIED = "notebook_carried"
_UNDER = (
    "Questions with their answers, as text that can be run again. A notebook states its purpose, reads through the "
    "gate, and runs in a process of its own without network."
)
# ending: what its button says, and the media type
_FILES = {
    "html": ("HTML", "text/html"),
    "ipynb": ("Notebook", "application/x-ipynb+json"),
    "py": ("Text", "text/x-python"),
}
_CHANGED = "Its text was changed since it was registered: it is not run."


def main() -> None:
    """One notebook, or the list of them."""
    name = st.query_params.get(session.NOTEBOOK)
    with guard.told():
        if name:
            _one(session.workspace().notebooks.get(name))
        else:
            _all()


def _all() -> None:
    page.head("Notebooks", _UNDER)
    job.watched(_see)
    found = session.workspace().notebooks.listed()
    places = st.columns(3, gap="medium")
    for place, one in zip(places, (each for each in found if each.origin == "shipped"), strict=False):
        with place.container(border=True, height="stretch"):
            page.block(f'<h2>{text.html(one.title)}</h2><p class="under">{text.html(one.answers)}</p>')
            _link(one, "Open")
    _made([one for one in found if one.origin == "made"])
    _runs(session.workspace().notebooks.runs(), "What was run before")


def _link(one: Listed, label: str) -> None:
    if not one.trusted:
        st.caption(_CHANGED)
    st.page_link(sidebar.page("notebooks"), label=label, query_params={session.NOTEBOOK: one.name})


def _made(found: list[Listed]) -> None:
    page.section("Made from views", "Open a view as a notebook, and it is kept here with the filters it had.")
    if not found:
        page.under("None yet. Home, Customers, Profile, Fix and Recommend each offer it.")
    for one in found:
        with st.container(key=f"made_{one.name}"):
            what, told, when, act = st.columns([3, 6, 2, 1.4], vertical_alignment="center")
            with what:
                _link(one, text.markdown(one.title))
            told.html(_small(_values({each.name: each.default for each in one.parameters})))
            when.html(_small(text.ago(one.made_at, datetime.now(UTC))))
            if act.button("Let go", key=f"drop_{one.name}", help="The notebook and its runs go."):
                session.workspace().notebooks.drop(one.name)
                st.rerun()


def _values(values: dict[str, object]) -> str:
    known = {name: value for name, value in values.items() if value not in (None, "", False, [])}
    told = {name: text.joined(value) if isinstance(value, list) else text.words(value) for name, value in known.items()}
    return ", ".join(f"{text.words(name)}: {value}" for name, value in told.items()) or "no parameters"


def _one(one: Listed) -> None:
    run = _run_of(one)
    st.page_link(sidebar.page("notebooks"), label="All notebooks")
    page.head(one.title, one.answers)
    if not one.trusted:
        empty.nobody(_CHANGED)
        return
    given, key = (run.parameters, run.run) if run else ({}, one.name)
    said = notebook_form.draw(one, given, f"notebook_{key}")
    if said is not None:
        job.start("notebook", notebook=one.name, values=said)
    watched = job.watched(_see)
    if watched is not None and watched.live:
        return
    if run is not None:
        _shown(run)
    with st.expander("The notebook as text"):
        st.code(session.workspace().notebooks.text(one.name), language="python")
    _runs(session.workspace().notebooks.runs(one.name), "Earlier runs of it")


def _run_of(one: Listed) -> RunShown | None:
    """The run of the address line, or what the watched job ended in."""
    run, at = st.query_params.get(_RUN), job.named()
    if at and (seen := ic.jobs.get(session.workspace(), at)).arguments.get("notebook") == one.name:
        # What was asked for last counts.
        st.query_params.pop(_RUN, None)
        run = None if seen.live else seen.result.get("run")
    found = session.workspace().notebooks.shown(run) if run else None
    return found if found and found.notebook == one.name else None


def _see(seen: ic.jobs.JobState) -> None:
    result = seen.result
    if result.get("run") and st.query_params.get(session.NOTEBOOK) != result["notebook"]:
        st.page_link(sidebar.page("notebooks"), label="See what it shows",
                     query_params={session.NOTEBOOK: result["notebook"], _RUN: result["run"]})  # fmt: skip


def _shown(run: RunShown) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            f"Run {text.ago(run.began_at, datetime.now(UTC))} in {run.seconds:.0f} s, "
            f"over the data as of {text.day(run.now)}: {text.markdown(_values(run.parameters))}"
        )
        code = st.toggle("Show the code", key="notebook_code", bind="query-params")
    _carry(run)
    notebook_shown.draw(run, code)


def _carry(run: RunShown) -> None:
    """The run as files, made only when somebody wants them: a page with its figures weighs five megabytes."""
    if st.session_state.get(_CARRIED) == run.run:
        twin.carry(f"{run.title}, run {run.run}", [_file(run, ending) for ending in _FILES])
    else:
        why = "As a page that needs nothing else, or a notebook."
        st.button("Download", key=f"carry_{run.run}", help=why, on_click=_wanted, args=(run.run,))


def _wanted(run: str) -> None:
    st.session_state[_CARRIED] = run


def _file(run: RunShown, ending: str) -> twin.Made:
    label, media = _FILES[ending]
    text_of = session.workspace().notebooks.carried(run.run, ending).decode()
    return twin.Made(label, f"{run.notebook}.{ending}", media, text_of)


def _small(told: str) -> str:
    return f'<div class="iw small">{text.html(told)}</div>'


def _runs(runs: list[RunHead], title: str) -> None:
    if not runs:
        return
    page.section(title, "What a run showed is kept for 30 days at most.")
    for one in runs[:20]:
        with st.container(key=f"run_{one.run}"):
            what, told, state, when = st.columns([3, 5, 3, 2], vertical_alignment="center")
            with what:
                query = {session.NOTEBOOK: one.notebook, _RUN: one.run}
                st.page_link(sidebar.page("notebooks"), label=text.markdown(one.title), query_params=query)
            told.html(_small(_values(one.parameters)))
            end = f"{one.state}: {one.message}" if one.message else f"{one.state} in {one.seconds:.0f} s"
            state.html(_small(end))
            when.html(_small(text.ago(one.began_at, datetime.now(UTC))))


main()
