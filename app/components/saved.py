"""Saved views: the filters of a page under a name, to come back to from the palette or from the page itself."""

import streamlit as st

from app import session, text
from app.components import guard, sidebar


def menu(view: str, *parameters: str) -> None:
    """Save what the address line says of these parameters under a name, and open or forget what was saved before."""
    with st.popover("Saved views", key=f"saved_{view}"), guard.told():
        _save(view, parameters)
        _list(view)


def _save(view: str, parameters: tuple[str, ...]) -> None:
    query = {name: st.query_params[name] for name in parameters if name in st.query_params}
    with st.form(f"saved_{view}_form", border=False, clear_on_submit=True):
        name = st.text_input("Name for these filters", key=f"saved_{view}_name", max_chars=60)
        if st.form_submit_button("Save this view", disabled=not query) and name:
            session.workspace().save_view(name, view, query)
            session.say("Saved. Ctrl+K finds it from every page.")
            st.rerun()
    if not query:
        st.caption("Choose a filter first: everybody, by name, needs no saving.")


def _list(view: str) -> None:
    for at, one in enumerate(one for one in session.workspace().views() if one["view"] == view):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.page_link(sidebar.page(view), label=text.markdown(one["name"]), query_params=one["query"])
            if st.button("Forget", key=f"saved_{view}_drop_{at}", type="tertiary"):
                session.workspace().drop_view(one["name"])
                st.rerun()
