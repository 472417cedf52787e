"""Processes of tests: forked from one server for each worker that has imported everything and started no thread."""

from multiprocessing import get_context

# One list for all: a second one would take the place of the first.
_FIRST = [
    "ibis", "insight_core", "insight_core.workspace", "plotly.graph_objects", "sqlmodel", "streamlit.web.bootstrap",
    "tests.faults.conftest",
]  # fmt: skip
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload(_FIRST)
