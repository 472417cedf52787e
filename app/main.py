"""The router: page settings, the sidebar, flat navigation, and one place where a mistake becomes one line."""

from pathlib import Path

import streamlit as st

from app import session, text
from app.components import guard, into_view, places, purpose, sidebar

HERE = Path(__file__).parent

st.set_page_config(page_title="Insight Workbench", layout="wide", initial_sidebar_state=244)
st.html(HERE / "style.css")
# A dialog lies outside the element to which the theme gives its scheme: the whole document takes it.
st.html(f"<style>:root {{ color-scheme: {st.context.theme.type or 'light dark'}; }}</style>")

page = st.navigation(sidebar.pages(), position="sidebar", expanded=True)
session.arrive(page.url_path)
sidebar.draw()
with guard.told():
    if waiting := session.said():
        st.toast(waiting)
    for loss in session.workspace().losses():
        st.error(text.markdown(loss))
    purpose.told(page)
    page.run()
into_view.draw()
places.watch()
sidebar.runs()
