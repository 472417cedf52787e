"""Home: the state of the base, and what needs attention."""

from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text, words
from app.components import (
    advice,
    base_pictures,
    coded,
    empty,
    guard,
    job,
    notebook,
    page,
    pictures,
    scores,
    sidebar,
    stories,
    twin,
    worklist,
)
from insight_core.errors import Refused

Base = dict[str, Any]


def main() -> None:
    """The base at one glance, or the way to one."""
    try:
        base = cached.overview()
    except Refused:
        empty.instead()
        return
    job.watched()
    _head(base)
    stories.draw()
    _thin(base)
    attention = st.container()
    _pictures()
    _recent()
    empty.reset()
    twin.offer("State of the base", rows=_facet_rows(base), data=base)
    notebook.open_as("home")
    # The worklist looks at every field of everybody: the rest of the page is there before it.
    with attention:
        _attention()
    advice.prepare()


def _head(base: Base) -> None:
    overall = base["scores"]["overall"]
    page.head("State of the base", _sentence(base))
    scores.means(overall)


def _sentence(base: Base) -> str:
    kinds = [text.plural(count, *_NOUNS[kind]) for kind, count in base["kinds"].items() if count]
    overall = base["scores"]["overall"]
    known, purpose = text.percent(overall["completeness"]), text.words(base["purpose"])
    told = f"{' and '.join(kinds)}: {known} of what {purpose} needs is known"
    weakest = _weakest(base)
    told += f"; the weakest facet is {words.FACET_TITLES[weakest].lower()}." if weakest else "."
    held = sum(base["withheld"].values())
    return told + (f" {text.plural(held, 'customer')} withheld from this purpose." if held else "")


_NOUNS = {"person": ("person", "people"), "organisation": ("organisation",), "unknown": ("customer of unknown kind",)}


def _weakest(base: Base) -> str | None:
    known = {name: one["completeness"] for name, one in base["scores"].items() if name in words.FACET_TITLES}
    known = {name: value for name, value in known.items() if value is not None}
    return min(known, key=lambda name: known[name]) if known else None


_COMPLETE = """Of the fields that the purpose needs, the share that is in order, stale or missing. The bars count all
    fields alike; the table weighs them by the purpose's need."""


def _thin(base: Base) -> None:
    page.section("How complete", _COMPLETE)
    row = st.container(horizontal=True, gap="medium", key="home_thin")
    with row.container(width=530):
        pictures.completeness({title: base["states"][one] for one, title in words.FACET_TITLES.items()}, "home_states")
    with row.container(width=400):
        page.table(_facet_rows(base))
        if base["withheld"]:
            reasons = [{"Withheld because": why, "Customers": f"{count:,}"} for why, count in base["withheld"].items()]
            page.table(reasons)


def _facet_rows(base: Base) -> list[dict[str, str]]:
    return [_facet_row(name, base["scores"][name]) for name in words.FACET_TITLES]


def _facet_row(name: str, four: dict[str, float | None]) -> dict[str, str]:
    return {"Facet": words.FACET_TITLES[name]} | {words.SCORES[one][0]: text.percent(four[one]) for one in words.SCORES}


# The first is drawn at once: it is answered from what is kept.
_LOOKS = {"moving": "Which way it moves", "fresh": "How fresh", "lawful": "How lawful"}


@st.fragment
def _pictures() -> None:
    """One more picture at a time: each costs a look over the whole base."""
    page.section("More about the base")
    chosen = coded.segments("Question", list(_LOOKS), "look", lambda one: _LOOKS[one])
    with guard.told():
        if chosen == "fresh":
            base_pictures.ages(cached.ages())
        elif chosen == "lawful":
            base_pictures.consents(cached.allowed())
        else:
            base_pictures.trend(cached.trend())


def _attention() -> None:
    page.section("What needs attention", "The fixes that win back most for the purpose.")
    worklist.short(cached.worklist()[:6], "home")
    st.page_link(sidebar.page("fix"), label="Open the whole worklist")


def _called(one: ic.jobs.JobState) -> str:
    """What ran: a notebook by its own name."""
    return f"{one.title}: {text.words(one.arguments['notebook'])}" if one.kind == "notebook" else one.title


def _recent() -> None:
    page.section("Recent runs")
    ws = session.workspace()
    loaded = [one for one in ws.batches() if one["unloaded_at"] is None]
    rows = [
        {
            "Batch": one["id"],
            "Source": one["source"],
            "What": text.words(one["dataset"]),
            "Read": f"{one['read']:,}",
            "Accepted": f"{one['accepted']:,}",
            "Quarantined": f"{one['quarantined']:,}",
            "Loaded": text.ago(one["recorded_at"], ws.now),
        }
        for one in reversed(loaded[-5:])
    ]
    runs = [
        {"Run": _called(one), "How it ended": one.state, "What came of it": one.told or one.message or text.DASH}
        for one in ic.jobs.recent(ws, 5)
    ]
    if runs:
        page.table(runs)
    page.table(rows)


main()
