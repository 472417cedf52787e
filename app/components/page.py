"""Page: headings and blocks in the dossier's own look."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from app import text


def head(title: str, under: str = "") -> None:
    """The page's heading and one line under it; both are plain text."""
    block(f"<h1>{text.html(title)}</h1>" + (f'<p class="under">{text.html(under)}</p>' if under else ""))


def section(title: str, under: str = "", mark: str = "") -> None:
    """A heading with a line above it; both are plain text. `mark` is a class to find it by."""
    told = f'<p class="under">{text.html(under)}</p>' if under else ""
    st.html(f'<div class="iw iw-section {mark}"><h2>{text.html(title)}</h2>{told}</div>')


def block(body: str) -> None:
    """HTML whose values were escaped with `text.html`."""
    st.html(f'<div class="iw">{body}</div>')


def under(told: str) -> None:
    """A quiet line of plain text."""
    block(f'<p class="under">{text.html(told)}</p>')


def table(rows: Sequence[Mapping[str, object]], caption: str = "") -> None:
    """Rows as a quiet table."""
    block(rows_html(rows, caption))


def rows_html(rows: Sequence[Mapping[str, object]], caption: str = "") -> str:
    """Rows as an HTML table, every cell as text; figures stand to the right."""
    figures = {name for name in rows[0] if _all_figures([str(row.get(name)) for row in rows])}
    heads = "".join(_cell("th scope='col'", name, name in figures) for name in rows[0])
    body = "".join(
        "<tr>" + "".join(_cell("td", cell, name in figures) for name, cell in row.items()) + "</tr>" for row in rows
    )
    told = f"<caption>{text.html(caption)}</caption>" if caption else ""
    return f"<table>{told}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


_FIGURE = re.compile(r"[-+\N{MINUS SIGN}]?[\d,.]+%?")
_LONG = 22  # letters: a longer word may be broken where the page is narrow


def _all_figures(cells: Sequence[str]) -> bool:
    told = [one for one in cells if one != text.DASH]
    return bool(told) and all(_FIGURE.fullmatch(one) for one in told)


def _cell(tag: str, value: object, figure: bool) -> str:
    kinds = " ".join(["num"] * figure + ["whole"] * whole(value) + ["short"] * (len(str(value)) <= _LONG))
    return f"<{tag} class='{kinds}'>{text.html(value)}</{tag[:2]}>"


def whole(value: object) -> bool:
    """Whether no word of it is so long that a narrow page may break it."""
    return all(len(word) <= _LONG for word in str(value).split())


def twin(rows: Sequence[Mapping[str, object]], title: str = "The same as a table") -> None:
    """A table behind one click."""
    if rows:
        block(f'<details class="twin"><summary>{text.html(title)}</summary>{rows_html(rows)}</details>')
