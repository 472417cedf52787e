"""Page: headings and blocks in the dossier's own look."""

from collections.abc import Mapping, Sequence

import streamlit as st

from app import text


def head(title: str, under: str = "") -> None:
    """The page's heading and one line under it; both are plain text."""
    block(f"<h1>{text.html(title)}</h1>" + (f'<p class="under">{text.html(under)}</p>' if under else ""))


def section(title: str, under: str = "") -> None:
    """A heading with a line above it; both are plain text."""
    told = f'<p class="under">{text.html(under)}</p>' if under else ""
    st.html(f'<div class="iw iw-section"><h2>{text.html(title)}</h2>{told}</div>')


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
    """Rows as an HTML table, every cell as text."""
    heads = "".join(f"<th scope='col'>{text.html(one)}</th>" for one in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{text.html(cell)}</td>" for cell in row.values()) + "</tr>" for row in rows)
    told = f"<caption>{text.html(caption)}</caption>" if caption else ""
    return f"<table>{told}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def twin(rows: Sequence[Mapping[str, object]], title: str = "The same as a table") -> None:
    """A table behind one click."""
    if rows:
        block(f'<details class="twin"><summary>{text.html(title)}</summary>{rows_html(rows)}</details>')
