"""Bringing files in, those of one kind at a time: what they are, what their values mean, what they would bring."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

import insight_core as ic
from app import cached, session, text
from app.components import begun, foreseen, guard, incoming, job, kind, mapping, meanings, page
from insight_core.errors import BadInput

_SOURCE = "Who asserts this. The same name next time, so that new rows meet the old ones."
# From here on every row is looked at by a job, which tells how far it is.
LARGE_BYTES = 25_000_000
_LOOKS = "load_looks"

# Nothing may be known of a file but its columns.
Kind = tuple[Any | None, list[Path]]


def draw() -> None:
    """The next files, and of those chosen the first kind, until it is loaded."""
    paths = incoming.chosen()
    kinds = _kinds(paths) if paths else []
    if len(kinds) > 1:
        _order(kinds)
    if kinds:
        with guard.told():
            _one(*kinds[0])
        if (place := incoming.held()) is not None:
            begun.keep(place)


def _kinds(paths: Sequence[Path]) -> list[Kind]:
    """The files by kind, each with its recipe; one that cannot be read is told and left out."""
    found: dict[Any, Kind] = {}
    for path in paths:
        with guard.told():
            recipe = _guess(path)
            alike = (recipe.dataset, recipe.recognise) if recipe else path
            found.setdefault(alike, (recipe, []))[1].append(path)
    order = [*kind.ROWS]
    return sorted(found.values(), key=lambda one: order.index(one[0].dataset) if one[0] else len(order))


def _guess(path: Path) -> Any | None:
    """The recipe that knows the file or is proposed for it; None where nothing in its columns says what it holds."""
    try:
        return cached.suggested(path, incoming.stamp([path]))
    except BadInput as unlike:
        if unlike.code != "missing_column":
            raise
    return None


def _order(kinds: Sequence[Kind]) -> None:
    now, *later = (", ".join(path.name for path in paths) for _, paths in kinds)
    told = f"{len(kinds)} kinds of files, one after the other: first {now}, then {', then '.join(later)}."
    page.block(f'<p class="iw-banner" role="status">{text.html(told)}</p>')


def _one(guess: Any | None, paths: list[Path]) -> None:
    stamp = incoming.stamp(paths)
    usual = kind.usual(paths[0], guess, stamp)
    if usual is None:
        kind.ask_first(paths[0].name, stamp)
        return
    # What was said of the columns for one kind of row is not said for another.
    key = f"{usual.dataset}_{stamp}"
    recipe = mapping.drawn(paths[0], usual, key, stamp)
    if mapping.proposed(usual) or meanings.unknown(paths, recipe, key):
        recipe = meanings.settle(paths, recipe, key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = paths[0].name.split(".")[0].lower()
        field = f"source_{stamp}"
        source = st.text_input("Source", value=usual.source or guess, key=field, help=_SOURCE, width=260)
        name = usual.name if recipe == usual else mapping.remembered(usual, source, key)
        # The button stands here, where the eye is; what it would bring is told below it.
        act = st.empty()
    _doubt(source, guess if not usual.source else None, field)
    found = _foreseen(paths, stamp, recipe, source, act)
    if found is None:
        return
    rows = found.read - found.quarantined
    if act.button(_brings(found), type="primary", key="load_go", disabled=not rows):
        _load(paths, usual, recipe, name, source)
    foreseen.draw(found, recipe.dataset, source)


def _brings(found: ic.LoadPreview) -> str:
    """What the button will do, in the words in which the load tells what came of it."""
    fresh, known = found.read - found.quarantined - found.duplicate, found.duplicate
    if known and not fresh:
        return f"Load again: {known:,} known already"
    return f"Load {text.plural(fresh, 'row')}" + (f", {known:,} known already" if known else "")


def _doubt(source: str, guess: str | None, field: str) -> None:
    """Where the source's name comes from, and a known one that may be meant instead."""
    if (known := session.workspace().resembling(source)) is not None:
        with st.container(horizontal=True, vertical_alignment="center", key="load_doubt"):
            st.warning(f"No source is called {text.markdown(source)} yet. Rows of {text.markdown(known)} meet their "
                       "own earlier ones only under that name.")  # fmt: skip
            st.button(f"It is {text.markdown(known)}", key="source_known", on_click=_rename, args=(field, known))
    if source == guess:
        st.caption("The source is guessed from the file's name: change it to whoever asserts these rows.")


def _rename(field: str, known: str) -> None:
    st.session_state[field] = known


def _load(paths: list[Path], usual: Any, recipe: Any, name: str, source: str) -> None:
    files = incoming.hand_over(paths)
    kept = usual.name if recipe == usual else _kept(recipe, name, source, files[0].parent)
    job.start("load", files=[str(one.resolve()) for one in files], source=source, recipe=kept)


def _kept(recipe: Any, name: str, source: str, place: Path) -> str:
    """The confirmed mapping under its name in the store, or, without a name, where the load takes it away."""
    if name:
        title = recipe.title if recipe.name == name else name
        return session.workspace().keep_recipe(replace(recipe, name=name, title=title, source=source))
    folder = place if incoming.ours(place) else incoming.apart()
    path = folder / ".mapping.toml"
    path.write_text(replace(recipe, name="once").text(), encoding="utf-8")
    return str(path)


def _foreseen(paths: list[Path], stamp: str, recipe: Any, source: str, act: Any) -> ic.LoadPreview | None:
    """What the load would bring; None while a large file is being looked at, or waits for it."""
    if sum(one.stat().st_size for one in paths if one.is_file()) < LARGE_BYTES:
        return cached.preview(paths, stamp, recipe, source)
    looks = st.session_state.setdefault(_LOOKS, {})
    asked = (stamp, recipe.text(), source)
    if asked in looks:
        seen = ic.jobs.get(session.workspace(), looks[asked])
        if seen.state == "done":
            return ic.LoadPreview(**seen.result)
        if seen.live:
            job.watch(seen.id)
            return None
        st.error(text.markdown(seen.message))
    if act.button("Look at every row", type="primary", key="load_look", help=_LOOK):
        files = [str(one.resolve()) for one in paths]
        looks[asked] = ic.jobs.start(session.workspace(), "preview", files=files, source=source, recipe=recipe.text())
        st.rerun()
    return None


_LOOK = "The file is large: this takes a while, and tells how far it is. Nothing is kept."
